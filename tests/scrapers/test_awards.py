"""Releases read into awards: fictional ones for what each field means, the real ones for what occurs."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from catalogue.awards import Award
from catalogue.errors import SourceShapeError
from scrapers.awards import parse_releases, windows_of
from scrapers.charset import decode
from scrapers.feed import Feed, FeedPage, Windows, load
from scrapers.page import Page
from tests.feeds import package, release


def awards_feed() -> Feed:
    found = load("awards")
    assert isinstance(found, Feed)
    return found


FEED = awards_feed()


def parse(
    value: Any, *, scope: str = "all", publisher: int = 0, url: str = "https://x.example/a"
) -> FeedPage:
    text = value if isinstance(value, str) else json.dumps(value)
    page = Page(url, 200, text, "application/json")
    return parse_releases(page, FEED.publishers[publisher], FEED.scope(scope), FEED.bad_values)


def one(value: dict[str, Any]) -> Award:
    (award,) = parse(package([value])).records
    assert isinstance(award, Award)
    return award


def test_an_award_says_who_bought_what_from_whom_when_and_for_how_much() -> None:
    award = one(release(7, identifier=("GB-COH", "01234567"), title="Forms on G-Cloud 14", amount=48000.5))
    assert (award.buyer, award.title, award.suppliers[0].name) == (
        "Fenmoor District Council",
        "Forms on G-Cloud 14",
        "Tidewater Ltd",
    )
    assert (award.amount, award.currency) == (Decimal("48000.5"), "GBP")
    assert (award.awarded, award.starts, award.ends) == (
        date(2026, 11, 20),
        date(2026, 12, 1),
        date(2028, 11, 30),
    )
    assert award.suppliers[0].identifiers == {"GB-COH:1234567"}
    assert [reference.framework for reference in award.references] == ["g-cloud-14"]
    assert award.url == "https://www.find-tender.service.gov.uk/Notice/000007-2026"
    assert award.key == "ocds-x-000007/1"


def test_nothing_of_a_contact_point_is_kept() -> None:
    award = one(release(1, title="Forms, ask a.person@fenmoor.example or 01632 960001"))
    for contact in ("A Person", "a.person", "960001"):
        assert contact not in repr(award)


@pytest.mark.parametrize("scope", ["all", "digital"])
def test_a_scope_keeps_awards_by_code_word_or_framework(scope: str) -> None:
    found = parse(
        package(
            [
                release(1, title="Lifts", cpv="42416100"),
                release(2, title="Lifts", cpv="72000000"),
                release(3, title="Lifts, called off under RM6187", cpv="42416100"),
                release(4, title="Software for lifts", cpv="42416100"),
            ]
        ),
        scope=scope,
    )
    expected = {"all": [1, 2, 3, 4], "digital": [2, 3, 4]}[scope]
    assert [award.key for award in found.records] == [f"ocds-x-{number:06}/1" for number in expected]


def test_what_an_award_leaves_out_is_taken_from_its_contract_and_its_party() -> None:
    value = release(1, amount=0)
    value["awards"][0] |= {"value": None, "contractPeriod": None, "date": None}
    value["awards"][0]["suppliers"] = [{"id": "S1"}]
    value["contracts"] = [
        {
            "awardID": "1",
            "dateSigned": "2026-11-01",
            "value": {"amount": 5, "currency": "EUR"},
            "period": {"startDate": "2026-11-02", "endDate": "bad"},
        }
    ]
    award = one(value)
    assert (award.amount, award.currency, award.awarded) == (Decimal(5), "EUR", date(2026, 11, 1))
    assert (award.starts, award.ends) == (date(2026, 11, 2), None)
    assert award.suppliers[0].name == "Tidewater Ltd"


def test_a_register_number_may_stand_in_the_id_of_the_party() -> None:
    value = release(1)
    value["awards"][0]["suppliers"] = [{"id": "GB-COH-01234567", "name": "Tidewater Ltd"}]
    assert one(value).suppliers[0].identifiers == {"GB-COH:1234567"}


@pytest.mark.parametrize("amount", [0, -5, None, "about 9", True, [], "NaN"])
def test_an_amount_that_is_none_is_not_stated(amount: Any) -> None:
    assert one(release(1, amount=amount)).amount is None


@pytest.mark.parametrize("name", ["Not specified", "N/A", "see attached", "", None])
def test_a_known_bad_supplier_is_none_and_reported(name: Any) -> None:
    value = release(1)
    value["awards"][0]["suppliers"] = [{"id": "?", "name": name}]
    found = parse(package([value]))
    assert (found.records, [issue.kind for issue in found.issues]) == ((), ["no-supplier"])


def test_a_known_bad_date_is_not_stated() -> None:
    assert one(release(1, day="1900-01-01")).awarded is None


def test_one_odd_release_is_an_issue_and_many_are_another_shape() -> None:
    found = parse(package([release(number) for number in range(9)] + [{"ocid": "x", "awards": [{}]}]))
    assert (len(found.records), [issue.kind for issue in found.issues]) == (9, ["odd-record"])
    with pytest.raises(SourceShapeError, match="6 of 7 records"):
        parse(package([release(1), *[{"awards": [{}]}] * 6]))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<html><main><h1>Sorry</h1></main>", "the page 'Sorry'"),
        ("[]", "a JSON list"),
        ('{"records": []}', "no list among: records"),
        ("", "no JSON"),
        ("[" * 100_000, "no JSON"),
    ],
)
def test_another_answer_is_another_shape(text: str, message: str) -> None:
    with pytest.raises(SourceShapeError, match=message):
        parse(text)


def test_a_release_without_awards_says_nothing() -> None:
    assert parse(package([release(1) | {"awards": []}])).records == ()
    assert parse(package([])).records == ()


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        ({"links": {"next": "https://x.example/b"}}, "https://x.example/b"),
        ({"links": [{"rel": "next", "href": "https://x.example/b"}]}, "https://x.example/b"),
        ({"links": {}, "cursor": "a b="}, "https://x.example/a?since=1&cursor=a+b%3D"),
        ({"links": {}}, None),
        ({}, None),
    ],
)
def test_the_next_page_is_a_link_or_a_cursor(links: dict[str, Any], expected: str | None) -> None:
    url = "https://x.example/a?since=1&cursor=old"
    assert parse({"releases": [release(1)]} | links, url=url).next_url == expected


def test_an_empty_page_is_the_last_whatever_it_links() -> None:
    assert parse(package([], "https://x.example/b")).next_url is None


def test_keys_broken_over_lines_and_bytes_of_another_charset_are_read() -> None:
    text = json.dumps(package([release(1, "Caf\u00e9 Forms Ltd")]), ensure_ascii=False)
    text = text.replace('"suppliers"', '"supp\n    liers"').replace('"title": "Online', '"title": "On\tline')
    decoded, _ = decode(text.encode("iso-8859-1"), "application/json")
    (award,) = parse(decoded).records
    assert (award.suppliers[0].name, award.title) == ("Caf\u00e9 Forms Ltd", "On line forms")


def test_windows_are_of_the_publishers_length_and_the_newest_comes_first() -> None:
    now = datetime(2026, 11, 25, 13, 30, tzinfo=UTC)
    windows = list(windows_of(Windows(6, date(2026, 11, 24)), now))
    assert [f"{since:%d %H}-{until:%H}" for since, until in windows] == [
        "25 06-12",
        "25 00-06",
        "24 18-00",
        "24 12-18",
        "24 06-12",
        "24 00-06",
    ]
    just_after = datetime(2026, 11, 25, 12, 30, tzinfo=UTC)
    assert next(windows_of(Windows(6, date(2026, 11, 24)), just_after))[1].hour == 6
    ended = list(windows_of(Windows(24, date(2025, 2, 26), date(2025, 3, 1)), now))
    assert [since.day for since, _ in ended] == [28, 27, 26]
    assert list(windows_of(Windows(24, date(2027, 1, 1)), now)) == []


def test_the_real_releases_give_their_awards_and_nothing_personal(shared: Path) -> None:
    lines = (shared / "real" / "contracts-finder-releases.jsonl").read_text("utf-8").splitlines()
    releases = [json.loads(line) for line in lines]
    found = parse('{"releases": [' + ",".join(lines) + "]}", publisher=1)
    shown = sum(len(release.get("awards", ())) for release in releases)
    assert (len(releases), shown) == (380, 147)
    assert len(found.records) == 146
    assert [issue.kind for issue in found.issues] == ["no-supplier"]
    awards = [award for award in found.records if isinstance(award, Award)]
    assert len({award.key for award in awards}) == 142  # the others are newer releases of one
    assert all(award.currency == "GBP" and award.awarded for award in awards)
    assert sum(award.amount is None for award in awards) == 8  # stated as nought
    assert sum(len(award.suppliers) for award in awards) == 266
    named = {reference.agreement for award in awards for reference in award.references}
    assert named == {"RM1557.14", "RM6187", "RM6194", "RM6292", "RM6020", "RM6263"}
    assert not any("@" in repr(award) for award in awards)
    registered = [supplier for award in awards for supplier in award.suppliers if supplier.identifiers]
    assert len(registered) == 77
