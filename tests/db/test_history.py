"""The history of the services: kept with time and run, read by time, run, service and field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.history import FIELDS, NEW, Change, told
from catalogue.records import ServiceRecord
from db.catalogue import Catalogue
from db.changes import _FIELDS
from db.history import HistoryQuery, change_counts, changes, changes_after, count_changes, shortlisted
from db.ingest import ingest
from db.projects import ProjectStore

MakeRecord = Callable[..., ServiceRecord]
NIGHT = datetime(2026, 11, 20, 3, 10, tzinfo=UTC)


def night(number: int) -> datetime:
    return NIGHT + timedelta(days=number)


@pytest.fixture
def lived(catalogue: Catalogue, make_record: MakeRecord) -> Catalogue:
    """Three services; the price of 1 changes in the first night, 2 is withdrawn in the second, 4 is new."""
    ingest(catalogue, [make_record(number, price="£1 a unit a month") for number in (1, 2, 3)], at=night(0))
    ingest(catalogue, [make_record(1, price="£2 a unit a month")], at=night(1), run_id=11)
    withdrawn = make_record(2, price="£1 a unit a month", status="withdrawn", features=("Forms",))
    ingest(catalogue, [withdrawn, make_record(4)], at=night(2), run_id=12)
    return catalogue


def shown(found: list[Change]) -> list[tuple[str, str]]:
    return [(change.service, change.field) for change in found]


def test_the_newest_changes_come_first_and_those_of_a_service_together(lived: Catalogue) -> None:
    assert shown(changes(lived)) == [("2", "status"), ("2", "features"), ("1", "price")]


def test_a_change_has_its_time_run_and_both_texts(lived: Catalogue) -> None:
    (change,) = changes(lived, HistoryQuery(run=11))
    assert (change.at, change.run) == (night(1), 11)
    assert (change.before, change.after) == ("£1 a unit a month", "£2 a unit a month")
    assert (change.name, change.supplier, change.framework, change.lot) == (
        "Service 1",
        "Tidewater Ltd",
        "g-cloud-15",
        "saas",
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (HistoryQuery(since=night(2)), [("2", "status"), ("2", "features")]),
        (HistoryQuery(since=night(2) + timedelta(seconds=1)), []),
        (HistoryQuery(services=["1", "3"]), [("1", "price")]),
        (HistoryQuery(services=[]), []),
        (HistoryQuery(fields=["status", "price"]), [("2", "status"), ("1", "price")]),
        (HistoryQuery(since=night(1), fields=[NEW]), [("4", NEW)]),
        (HistoryQuery(run=12, fields=[NEW]), []),
        (HistoryQuery(fields=[NEW, "price"], since=night(1)), [("4", NEW), ("1", "price")]),
    ],
)
def test_changes_are_found_by_time_service_field_and_run(
    lived: Catalogue, query: HistoryQuery, expected: list[tuple[str, str]]
) -> None:
    assert shown(changes(lived, query)) == expected
    assert count_changes(lived, query) == (len({service for service, _ in expected}), len(expected))


def test_a_view_may_read_a_window_of_them(lived: Catalogue) -> None:
    assert shown(changes(lived, limit=1, offset=1)) == [("2", "features")]


def test_what_changed_after_a_moment_of_each_service(lived: Catalogue) -> None:
    found = changes_after(lived, {"1": night(0), "2": night(2), "3": night(0), "99": night(0)})
    assert {service: shown(list(those)) for service, those in found.items()} == {"1": [("1", "price")]}
    assert changes_after(lived, {}) == {}


def test_every_field_that_may_change_can_be_asked_for() -> None:
    assert set(FIELDS) == {*_FIELDS, "answer", "sections", NEW}


def change(field: str, before: str | None, after: str | None, question: str | None = None) -> Change:
    return Change(
        "1", "Forms", "Tidewater Ltd", "g-cloud-15", "saas", NIGHT, 1, field, question, before, after
    )


@pytest.mark.parametrize(
    ("what", "words"),
    [
        (change("price", "£1", "£2"), "price was “£1”, now “£2”"),
        (change("price", None, "£2"), "price was not stated, now “£2”"),
        (change("price", "", "£2"), "price was “”, now “£2”"),
        (change("answer", "No", "Yes", "API"), "API was “No”, now “Yes”"),
        (change("answer", "A\nB", "B", "API"), "API: answer removed: “A”"),
        (change("features", "A\nB", "B\nC"), "feature added: “C”; feature removed: “A”"),
        (change("features", "A\nA", "A"), "feature removed: “A”"),
        (change("categories", "A\nB", "B\nA"), "each category as before, in another order"),
        (change("structured", "{}", "{}"), "price details (formula, discounts or rates) changed"),
        (change(NEW, None, "Forms"), "new in the catalogue"),
        (change("sections", None, None), "the same answers in other sections or another order"),
    ],
)
def test_a_change_is_told_in_one_line(what: Change, words: str) -> None:
    assert told(what) == words


def test_a_long_text_is_cut_to_where_it_begins_to_differ() -> None:
    words = told(change("description", "a" * 400 + " old " + "b" * 400, "a" * 400 + " new " + "b" * 400))
    assert "a old b" in words
    assert "a new b" in words
    assert len(words) < 300


@given(before=st.none() | st.text(), after=st.none() | st.text(), field=st.sampled_from(FIELDS))
def test_whatever_changed_is_told_on_one_line(before: str | None, after: str | None, field: str) -> None:
    assert len(told(change(field, before, after, "Question")).splitlines()) == 1


class TestNarrowing:
    """By lot and supplier, with counts for each value."""

    @pytest.fixture
    def varied(self, catalogue: Catalogue, make_record: MakeRecord) -> Catalogue:
        """Prices of two lots and two suppliers change."""
        places = ((1, "saas", "Tidewater Ltd"), (2, "saas", "Sandbar plc"), (3, "isaas", "Sandbar plc"))
        for night_number, price in enumerate(("£1 a unit a month", "£2 a unit a month")):
            ingest(
                catalogue,
                [make_record(number, lot=lot, supplier=name, price=price) for number, lot, name in places],
                at=night(night_number),
            )
        return catalogue

    @pytest.mark.parametrize(
        ("query", "services"),
        [
            (HistoryQuery(lots=("saas",)), ["1", "2"]),
            (HistoryQuery(suppliers=("Sandbar plc",)), ["2", "3"]),
            (HistoryQuery(lots=("saas",), suppliers=("Sandbar plc",)), ["2"]),
            (HistoryQuery(lots=("cloud-support",)), []),
        ],
    )
    def test_only_what_is_asked_for_comes(
        self, varied: Catalogue, query: HistoryQuery, services: list[str]
    ) -> None:
        assert [change.service for change in changes(varied, query)] == services
        assert count_changes(varied, query) == (len(services), len(services))

    def test_each_value_is_counted(self, varied: Catalogue) -> None:
        counts = {
            by: [(count.value, count.count) for count in change_counts(varied, by)]
            for by in ("field", "lot", "supplier")
        }
        assert counts == {
            "field": [("price", 3)],
            "lot": [("saas", 2), ("isaas", 1)],
            "supplier": [("Sandbar plc", 2), ("Tidewater Ltd", 1)],
        }

    def test_services_on_a_shortlist_are_known(self, varied: Catalogue) -> None:
        store = ProjectStore(varied)
        store.create("forms")
        store.mark("forms", "2")
        assert shortlisted(varied) == {"2"}
