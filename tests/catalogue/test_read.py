from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from catalogue.price import Price
from catalogue.read import read_service
from catalogue.records import (
    Answer,
    FrameworkRef,
    LotRef,
    Section,
    ServiceRecord,
    SupplierRef,
    decode_record,
)


def record(
    *answers: Answer, price: str | None = None, framework: str = "g-cloud-15", lot: str = "saas"
) -> ServiceRecord:
    return ServiceRecord(
        id="101",
        url="https://marketplace.example/g-cloud/services/101",
        framework=FrameworkRef(framework),
        lot=LotRef(lot),
        supplier=SupplierRef(name="Example Ltd"),
        name="Example Forms",
        price=price,
        sections=(Section("Service scope", answers),),
    )


def test_answers_are_found_by_canonical_question_with_their_label_and_options() -> None:
    networks = ("Public Services Network (PSN)", "Other")
    service, issues = read_service(record(Answer("Connected networks", networks)))
    (answered,) = service.answers["connected-networks"]
    assert answered.label == "Connected networks"
    assert answered.values == networks
    assert answered.options == ("psn", "other")
    assert issues == []


def test_prose_has_no_options() -> None:
    service, issues = read_service(record(Answer("Getting started", ("With a call.",))))
    assert service.answers["getting-started"][0].options == ()
    assert issues == []


def test_both_answers_of_a_label_that_occurs_twice_are_kept_in_order() -> None:
    label = "Cyber Essentials Alternative"
    service, _ = read_service(record(Answer(label, ("First",)), Answer(label, ("Second",))))
    assert [answer.values for answer in service.answers["cyber-essentials-alternative"]] == [
        ("First",),
        ("Second",),
    ]


def test_an_unknown_question_is_an_issue_that_names_it_and_its_place() -> None:
    service, (issue,) = read_service(record(Answer("Favourite colour", ("Blue",))))
    assert issue.kind == "unknown-question"
    assert issue.place == "https://marketplace.example/g-cloud/services/101"
    assert issue.details["question"] == "Favourite colour"
    assert "'Favourite colour'" in issue.message
    assert service.answers == {}


def test_an_unknown_value_is_an_issue_and_its_answer_stays() -> None:
    service, (issue,) = read_service(record(Answer("Data export formats", ("CSV", "Clay tablets"))))
    assert issue.kind == "unknown-option"
    assert "'Clay tablets'" in issue.message
    assert "'ODF'" in issue.message
    assert service.answers["data-export-formats"][0].options == ("csv", None)


def test_what_a_lot_answers_in_its_own_words_is_no_unknown_option() -> None:
    answer = Answer("Metrics types", ("Visits and drop-off by page", "Memory"))
    _, software = read_service(record(answer))
    _, hosting = read_service(record(answer, lot="iaas-and-paas"))
    assert software == []
    assert [issue.details["value"] for issue in hosting] == ["Visits and drop-off by page"]


def test_labels_that_are_left_out_on_purpose_are_no_issue() -> None:
    service, issues = read_service(record(Answer("Price", ("£5 a unit",)), framework="g-cloud-9"))
    assert (service.answers, issues) == ({}, [])


def test_the_price_is_parsed() -> None:
    service, issues = read_service(record(price="£1.20 to £3.50 a user a month"))
    assert service.price == Price(Decimal("1.20"), Decimal("3.50"), unit="user", interval="month")
    assert issues == []


@pytest.mark.parametrize("price", [None, "", " "])
def test_a_price_that_is_not_stated_is_none_and_no_issue(price: str | None) -> None:
    service, issues = read_service(record(price=price))
    assert service.price is None
    assert issues == []


def test_a_price_that_does_not_parse_is_an_issue_and_stays_in_the_record() -> None:
    service, (issue,) = read_service(record(price="Ask our sales team"))
    assert service.price is None
    assert service.record.price == "Ask our sales team"
    assert issue.kind == "unparsed-price"
    assert "'Ask our sales team'" in issue.message


def test_a_record_without_sections_has_no_answers() -> None:
    bare = ServiceRecord(
        id="1", framework=FrameworkRef("x"), lot=LotRef("y"), supplier=SupplierRef(name="z"), name="n"
    )
    service, issues = read_service(bare)
    assert (service.answers, service.price, issues) == ({}, None, [])


def test_judged_listings_are_understood_wholly(shared: Path) -> None:
    lines = (shared / "judged" / "services.jsonl").read_text("utf-8").splitlines()
    issues = [issue for line in lines for issue in read_service(decode_record(line))[1]]
    assert len(lines) > 100
    assert issues == []


def test_of_the_newest_pages_only_a_section_that_no_list_has_is_unknown(shared: Path) -> None:
    unknown = []
    for path in sorted((shared / "marketplace-pages" / "truth-g15").glob("*.json")):
        truth = json.loads(path.read_text("utf-8"))
        _, issues = read_service(decode_record(json.dumps(truth)))
        unknown += [(issue.kind, issue.details["question"]) for issue in issues]
    assert unknown == [
        ("unknown-question", "Use of generative AI in the service"),
        ("unknown-question", "Models offered to users"),
    ]
