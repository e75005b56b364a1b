"""Agreements, their suppliers and organisations, read from their JSON."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from catalogue.agreements import Agreement, AgreementLot, AgreementSupplier
from catalogue.bodies import PublicBody
from catalogue.errors import SourceShapeError
from scrapers.agreements import parse_agreements, parse_suppliers
from scrapers.feed import Feed, load
from scrapers.organisations import parse_organisations
from scrapers.page import Page
from tests.feeds import CCS, agreement, agreement_supplier, organisation


def page(
    value: Any, url: str = f"https://x.example{CCS}/frameworks?limit=20&page=1", status: int = 200
) -> Page:
    return Page(url, status, json.dumps(value), "application/json")


def agreements_feed() -> Feed:
    found = load("agreements")
    assert isinstance(found, Feed)
    return found


FEED = agreements_feed()


def listed(*rows: Any, total: int | None = None, **meta: Any) -> dict[str, Any]:
    about = {
        "total_results": len(rows) if total is None else total,
        "limit": 20,
        "results": len(rows),
        "page": 1,
    }
    return {"meta": about | meta, "results": list(rows)}


class TestAgreements:
    def test_an_agreement_is_read_with_its_lots_and_dates_and_without_markup(self) -> None:
        found = parse_agreements(
            page(listed(agreement("rm1557.15", "G-Cloud 15", ["1a"]))), FEED.scope("all")
        )
        assert found.records == (
            Agreement(
                number="RM1557.15",
                title="G-Cloud 15",
                status="Live",
                type="Framework",
                pillar="Technology",
                category="Cloud",
                regulation="PA2023",
                summary="For everybody & all",
                starts=date(2026, 8, 6),
                ends=date(2030, 8, 5),
                lots=(AgreementLot("1a", "Lot 1a", "Live", date(2030, 8, 5)),),
            ),
        )

    @pytest.mark.parametrize(
        ("scope", "more", "wanted"),
        [
            ("digital", {}, True),
            ("digital", {"pillar": "Buildings", "category": "", "title": "Lifts"}, False),
            ("all", {"pillar": "Buildings", "category": "", "title": "Lifts"}, True),
            ("all", {"status": "Expired - Data Still Received"}, False),
            ("none", {}, False),
        ],
    )
    def test_a_scope_says_whose_suppliers_are_fetched(
        self, scope: str, more: dict[str, Any], wanted: bool
    ) -> None:
        row = agreement("RM1", "Cloud things", ["1", "2"]) | more
        found = parse_agreements(page(listed(row)), FEED.scope(scope))
        assert found.keys == (("RM1\t1", wanted), ("RM1\t2", wanted))

    def test_an_agreement_without_lots_is_a_key_of_its_own(self) -> None:
        row = agreement("RM1", "Cloud things", lots=[]) | {"lots": False}
        assert parse_agreements(page(listed(row)), FEED.scope("all")).keys == (("RM1", True),)

    def test_lots_may_come_by_number_and_without_one_they_are_left_out(self) -> None:
        row = agreement("RM1", "Things") | {"lots": {"2": {"number": 2, "title": None}, "x": {"title": "?"}}}
        (found,) = parse_agreements(page(listed(row)), FEED.scope("all")).records
        assert found.lots == (AgreementLot("2"),)

    @pytest.mark.parametrize("day", ["0000-00-00", "1970-01-01", "", None, "soon", "2026-13-01"])
    def test_a_date_that_is_none_is_not_stated(self, day: Any) -> None:
        row = agreement("RM1", "Things", end_date=day)
        (found,) = parse_agreements(page(listed(row)), FEED.scope("all"), FEED.bad_values).records
        assert found.ends is None

    def test_pages_follow_until_the_total_is_reached(self) -> None:
        rows = [agreement(f"RM{number}", "Things") for number in range(20)]
        first = parse_agreements(page(listed(*rows, total=41)), FEED.scope("all"))
        assert (first.total, first.next_url) == (41, f"https://x.example{CCS}/frameworks?limit=20&page=2")
        last = parse_agreements(page(listed(rows[0], total=41, page=3)), FEED.scope("all"))
        assert last.next_url is None

    def test_a_lower_limit_than_asked_for_still_reaches_the_last_page(self) -> None:
        rows = [agreement_supplier(f"Supplier {number}") for number in range(4)]
        found = parse_suppliers(page(listed(*rows, total=9, limit=4, page=2)), "RM1", "1")
        assert found.next_url is not None
        assert parse_suppliers(page(listed(rows[0], total=9, limit=4, page=3)), "RM1", "1").next_url is None

    def test_numbers_of_the_paging_may_be_text(self) -> None:
        found = parse_agreements(
            page(listed(agreement("RM1", "T"), total_results="21", page="1")), FEED.scope("all")
        )
        assert found.total == 21
        assert found.next_url is not None

    def test_a_supplier_is_read_and_a_place_kept_for_one_is_not(self) -> None:
        rows = [
            agreement_supplier(
                "Tidewater &amp; Sons Ltd", "123456789", trading_name="Fenside", website="https://t.example"
            ),
            agreement_supplier("TBC"),
        ]
        found = parse_suppliers(page(listed(*rows)), "RM1", "2", FEED.bad_values)
        assert found.records == (
            AgreementSupplier(
                "RM1",
                "2",
                "s-tidewater-&-sons-ltd",
                "Tidewater & Sons Ltd",
                "Fenside",
                "123456789",
                "https://t.example",
            ),
        )

    @pytest.mark.parametrize(
        ("value", "status", "message"),
        [
            ({"meta": {}, "frameworks": []}, 200, "no list among: frameworks, meta"),
            ({"code": "rest_no_route"}, 404, "found 404, expected 200"),
            (listed(*[{"rm": "1"}] * 5), 200, "5 of 5 records"),
        ],
    )
    def test_another_answer_is_another_shape(self, value: Any, status: int, message: str) -> None:
        with pytest.raises(SourceShapeError, match=message):
            parse_agreements(page(value, status=status), FEED.scope("all"))


class TestOrganisations:
    def test_a_body_is_read_with_its_type_initials_and_whether_it_closed(self) -> None:
        rows = [
            organisation("tides", "Department for Tides", "Ministerial department", "DFT&amp;S"),
            organisation("old", "Tidal Board", "Other", govuk_status="closed"),
        ]
        found = parse_organisations(
            page({"results": rows, "total": 2, "next_page_url": "https://www.gov.uk/next"}),
            load_organisations(),
        )
        assert found.records == (
            PublicBody(
                "tides",
                "Department for Tides",
                "Ministerial department",
                "DFT&S",
                "https://www.gov.uk/government/organisations/tides",
            ),
            PublicBody(
                "old",
                "Tidal Board",
                None,
                None,
                "https://www.gov.uk/government/organisations/old",
                closed=True,
            ),
        )
        assert (found.total, found.next_url, found.issues) == (2, "https://www.gov.uk/next", ())

    def test_a_type_that_no_sector_is_known_of_is_kept_and_reported_once(self) -> None:
        rows = [organisation(name, name, "Guild") for name in ("a", "b")]
        found = parse_organisations(page({"results": rows}))
        assert [body.type for body in found.records] == ["Guild", "Guild"]
        assert [(issue.kind, issue.details) for issue in found.issues] == [
            ("unknown-type", {"type": "Guild"})
        ]

    def test_another_answer_is_another_shape(self) -> None:
        with pytest.raises(SourceShapeError, match="results"):
            parse_organisations(page({"organisations": []}))


def load_organisations() -> Any:
    found = load("organisations")
    assert isinstance(found, Feed)
    return found.bad_values
