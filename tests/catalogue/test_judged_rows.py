"""What a comparison says of services for one organisation: musts, score, verdicts, cost."""

from __future__ import annotations

import pytest

from catalogue.comparison import Row
from catalogue.judged_rows import BESIDE, MUSTS, SCORES, judged_rows
from catalogue.match import match
from catalogue.profile import parse_profile
from catalogue.questions import load_crosswalk
from catalogue.read import read_service
from catalogue.records import Answer, FrameworkRef, LotRef, Section, ServiceRecord, SupplierRef
from catalogue.rules import Verdict

PROFILE = parse_profile(
    """
    goal = "Parking permits online"
    [organisation]
    name = "Westbeck Borough Council"
    [[legacy]]
    system = "Taranto"
    intent = "connect"
    [[requirement]]
    text = "Answers the telephone"
    priority = "must"
    barrier = "skills"
    question = "Phone support"
    equals = "Yes"
    [[requirement]]
    text = "Permits are renewed without an officer"
    priority = "must"
    [[requirement]]
    text = "Runs in Welsh"
    priority = "want"
    """,
    "westbeck.toml",
)


def service(
    id: str, phone: str | None, feature: str = "Parking permits", status: str = "live"
) -> ServiceRecord:
    answers = () if phone is None else (Answer("Phone support", (phone,)),)
    return ServiceRecord(
        id=id,
        framework=FrameworkRef("g-cloud-15", "G-Cloud 15"),
        lot=LotRef("saas", "Software as a Service (SaaS)"),
        supplier=SupplierRef(name="Kerbside Ltd"),
        name=f"Permits {id}",
        features=(feature,),
        sections=(Section("User support", answers),),
        status=status,
    )


def rows(*records: ServiceRecord) -> dict[tuple[str, str], Row]:
    crosswalk = load_crosswalk()
    services = [read_service(record, crosswalk)[0] for record in records]
    live = [each for each in services if each.record.status == "live"]
    told = judged_rows(services, match(PROFILE, live), crosswalk)
    return {(row.section, row.label): row for row in told}


def texts(row: Row) -> list[str]:
    return [cell.text for cell in row.cells]


class TestMusts:
    def test_one_that_names_a_question_is_met_not_met_or_not_stated(self) -> None:
        row = rows(service("1", "Yes"), service("2", "No"), service("3", None))[
            MUSTS, "Answers the telephone"
        ]
        assert texts(row) == ["met: Yes", "not met: No", "not stated"]
        assert [cell.verdicts for cell in row.cells] == [
            (Verdict.STRONG_FOR,),
            (Verdict.STRONG_AGAINST,),
            (Verdict.SILENT,),
        ]

    def test_one_in_words_is_met_by_what_the_listing_says_and_quotes_it(self) -> None:
        said = "Permits are renewed without an officer"
        row = rows(service("1", "Yes", said), service("2", "Yes"), service("3", "No", said))[MUSTS, said]
        assert texts(row) == [f"met: “{said}”", "not stated", "another must excludes it"]

    def test_they_come_first_and_wants_are_not_among_them(self) -> None:
        told = list(rows(service("1", "Yes"), service("2", "No")))
        assert [label for section, label in told if section == MUSTS] == [
            "Answers the telephone",
            "Permits are renewed without an officer",
        ]
        assert [section for section, _ in told[:2]] == [MUSTS, MUSTS]


class TestScores:
    def test_a_score_is_told_with_its_rank_and_the_points_of_each_barrier(self) -> None:
        told = rows(service("1", "Yes", "Connector for Taranto"), service("2", "Yes"))
        assert texts(told[SCORES, "Rank"]) == ["1 of 2", "2 of 2"]
        points = [float(texts(told[SCORES, f"Points for {each}"])[0].split()[0]) for each in _BARRIERS]
        assert float(texts(told[SCORES, "Score"])[0].split()[0]) == pytest.approx(sum(points))

    def test_an_excluded_service_has_its_must_in_the_place_of_a_rank(self) -> None:
        told = rows(service("1", "Yes"), service("2", "No"))
        assert texts(told[SCORES, "Rank"])[1] == "excluded, must be 'Answers the telephone', found: No"
        assert texts(told[SCORES, "Score"])[1] == "not judged"

    def test_a_withdrawn_service_is_not_judged(self) -> None:
        told = rows(service("1", "Yes"), service("2", "Yes", status="withdrawn"))
        assert texts(told[SCORES, "Rank"])[1] == "not live, and so not judged"
        assert texts(told[MUSTS, "Answers the telephone"])[1] == "met: Yes"


class TestVerdicts:
    def test_a_need_has_its_verdict_points_and_quote_for_each_service(self) -> None:
        told = rows(service("1", "Yes", "Connector for Taranto"), service("2", "Yes"))
        row = told["For and against: legacy", "connect to Taranto"]
        assert texts(row)[0].startswith("strongly for +") and "“Connector for Taranto”" in texts(row)[0]
        assert texts(row)[1] == "silent"
        assert row.differs

    def test_the_same_verdict_on_other_words_is_no_difference(self) -> None:
        told = rows(service("1", "Yes", "Connector for Taranto"), service("2", "Yes", "Taranto connector"))
        assert not told["For and against: legacy", "connect to Taranto"].differs


def test_a_year_is_told_with_the_reason_why_it_does_not_compare() -> None:
    told = rows(service("1", "Yes"), service("2", "Yes"))
    assert texts(told[BESIDE, "A year"])[0] == "not comparable. The listing states no price: ask for it."
    assert "There is no description." in texts(told[BESIDE, "Read with care"])[0]


_BARRIERS = ("legacy", "resources", "skills", "customers")
