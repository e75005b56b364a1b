"""How runs went over time, and how fast one goes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.runs import REPARSE, LotTally, Outcome, RunCounts, RunKey, RunSummary, Tally
from catalogue.trends import (
    LotTrend,
    Reading,
    SourceTrend,
    age_told,
    long_told,
    lot_trends,
    per_minute,
    seconds_told,
    source_trends,
    sparkline,
    time_left,
)

NIGHT = datetime(2026, 11, 20, 3, 10, tzinfo=UTC)


def run_of(id: int, pages: int, *, scope: str = "all", ids: str = "", **counts: int) -> RunSummary:
    return RunSummary(
        id,
        RunKey("marketplace", "https://marketplace.example", scope, ids),
        Outcome.FINISHED,
        "",
        NIGHT,
        NIGHT,
        RunCounts(answered=pages, **counts),
        {"broken-page": 2},
        "whole",
    )


@pytest.mark.parametrize(
    ("values", "drawn"),
    [([0, 4, 8], "▁▅█"), ([None, 5], "·█"), ([0, 0], "▁▁"), ([], ""), ([None], "·")],
)
def test_a_chart_is_as_high_as_its_values(values: list[float | None], drawn: str) -> None:
    assert sparkline(values) == drawn


@given(st.lists(st.none() | st.floats(0, 1e9)))
def test_a_chart_has_a_character_a_value(values: list[float | None]) -> None:
    assert len(sparkline(values)) == len(values)


def test_a_source_shows_its_runs_from_the_oldest() -> None:
    newest_first = [run_of(2, 60, requests=10, answer_ms=4_000), run_of(1, 66)]
    assert source_trends(newest_first) == [
        SourceTrend("marketplace", "all", (66, 60), (2, 2), (None, 0.4)),
    ]


def test_runs_of_chosen_services_and_of_old_pages_say_nothing_of_the_source() -> None:
    assert source_trends([run_of(1, 3, ids="abc"), run_of(2, 3, scope=REPARSE)]) == []


def test_a_lot_shows_what_each_published_run_read_of_it() -> None:
    tallies = {
        1: Tally(lots={"g-cloud-15/saas": LotTally(read=10, live=9, answers=100, known=90)}),
        3: Tally(
            lots={
                "g-cloud-15/saas": LotTally(read=12, live=11, answers=100, known=95),
                "g-cloud-15/isaas": LotTally(read=1, live=1),
            }
        ),
    }
    assert lot_trends([run_of(3, 12), run_of(2, 0), run_of(1, 10)], tallies) == [
        LotTrend("g-cloud-15/isaas", (None, 1), None),
        LotTrend("g-cloud-15/saas", (9, 11), 0.95),
    ]


class TestRate:
    def test_it_is_that_of_the_last_minutes(self) -> None:
        at = [NIGHT + timedelta(minutes=minute) for minute in (0, 10, 12)]
        assert per_minute([Reading(at[0], 0), Reading(at[1], 10), Reading(at[2], 70)]) == 30

    @pytest.mark.parametrize("pages", [[], [5], [5, 5]])
    def test_it_is_not_told_before_pages_came(self, pages: list[int]) -> None:
        readings = [Reading(NIGHT + timedelta(minutes=at), number) for at, number in enumerate(pages)]
        assert per_minute(readings) is None
        assert time_left(100, None) is None

    def test_what_is_left_takes_its_time(self) -> None:
        assert time_left(60, 30) == timedelta(minutes=2)


@pytest.mark.parametrize(
    ("minutes", "told"),
    [
        (0.2, "less than a minute"),
        (1, "about 1 minute"),
        (67, "about 1 hour 7 minutes"),
        (120, "about 2 hours"),
        (4_000, "about 3 days"),
    ],
)
def test_stretches_of_time_as_a_person_says_them(minutes: float, told: str) -> None:
    assert long_told(timedelta(minutes=minutes)) == told


@pytest.mark.parametrize(
    ("age", "told"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=40), "40 minutes ago"),
        (timedelta(hours=20), "20 hours ago"),
        (timedelta(days=9, hours=3), "9 days ago"),
        (timedelta(hours=-3), "in the future"),
    ],
)
def test_ages_as_a_person_says_them(age: timedelta, told: str) -> None:
    assert age_told(NIGHT - age, NIGHT) == told


@pytest.mark.parametrize(("seconds", "told"), [(0.412, "0.41 s"), (0.0042, "4 ms"), (12, "12.00 s")])
def test_how_long_an_answer_took(seconds: float, told: str) -> None:
    assert seconds_told(seconds) == told
