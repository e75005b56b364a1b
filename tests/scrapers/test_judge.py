"""Whether a run may be published: against fixed bounds and against the last healthy run."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.runs import LotTally, Tally
from scrapers.judge import ENOUGH, judge_listings, judge_pages
from scrapers.source import load_source

SOURCE = load_source("marketplace")
BOUNDS = SOURCE.bounds


def tally(pages: int = 100, **changes: object) -> Tally:
    lots = {"g-cloud-15/saas": LotTally(read=pages, live=pages, answers=pages * 60, known=pages * 59)}
    return replace(Tally(pages=pages, lots=lots, listed={"saas": pages}), **changes)  # type: ignore[arg-type]


def kinds(now: Tally, last: Tally | None = None, *, whole: bool = True) -> list[str]:
    found = [*judge_listings(now.listed, last, SOURCE), *judge_pages(now, last, SOURCE, whole=whole)]
    return [breach.kind for breach in found]


def test_a_first_run_is_judged_by_fixed_bounds_alone() -> None:
    assert kinds(tally()) == []
    assert kinds(tally(broken=21)) == ["pages-unread"]
    assert kinds(tally(odd=31)) == ["pages-odd"]
    lots = {"g-cloud-15/saas": LotTally(read=100, live=100, answers=6000, known=4199)}
    assert kinds(tally(lots=lots)) == ["questions-unknown"]


def test_on_the_bound_is_within_it() -> None:
    lots = {"g-cloud-15/saas": LotTally(read=100, live=100, answers=6000, known=4200)}
    assert kinds(tally(broken=20, odd=30, lots=lots)) == []


def test_few_pages_say_nothing_about_shares() -> None:
    assert kinds(Tally(pages=ENOUGH - 1, broken=ENOUGH - 1, odd=5)) == []


@pytest.mark.parametrize(
    ("now", "expected"),
    [(79, ["low"]), (80, []), (100, []), (200, []), (201, ["high"])],
)
def test_a_lot_keeps_between_four_fifths_and_twice_the_last_healthy_run(
    now: int, expected: list[str]
) -> None:
    found = kinds(tally(now), tally(100))
    assert found == [f"{what}-{end}" for what in ("lot-listed", "lot-read") for end in expected]


def test_a_lot_of_a_few_services_may_lose_or_gain_a_few() -> None:
    assert kinds(tally(2), tally(12)) == []
    assert kinds(tally(2), tally(13)) == ["lot-listed-low", "lot-read-low"]


def test_a_lot_that_nobody_shows_any_more_is_told_by_its_name() -> None:
    (breach,) = judge_pages(replace(tally(), lots={}), tally(), SOURCE, whole=True)
    assert (breach.kind, breach.place) == ("lot-read-low", "g-cloud-15/saas")
    assert "of the last healthy run there were 100; expected 80 to 200 (bounds.listed_low" in breach.message


def test_a_lot_that_is_new_is_no_breach() -> None:
    lots = tally().lots | {"g-cloud-16/saas": LotTally(read=5000, live=5000)}
    assert kinds(replace(tally(), lots=lots, listed={"saas": 100, "new-lot": 5000}), tally()) == []


def test_the_end_of_a_framework_is_read_from_its_pages_and_is_no_loss() -> None:
    expired = {"g-cloud-15/saas": LotTally(read=100, live=0, answers=6000, known=5900)}
    assert kinds(tally(lots=expired), tally()) == []
    nothing_left = replace(tally(), lots={}, listed={})
    assert kinds(nothing_left, tally(lots=expired, listed={"saas": 0})) == []


def test_a_part_of_a_pass_is_not_counted_against_a_whole_one() -> None:
    part = replace(tally(25), listed={})
    assert [breach.kind for breach in judge_pages(part, tally(100), SOURCE, whole=False)] == []


def test_pages_that_answer_fewer_known_questions_than_before_are_told_by_lot() -> None:
    half_read = {"g-cloud-15/saas": LotTally(read=100, live=100, answers=3000, known=2900)}
    (breach,) = judge_pages(tally(lots=half_read), tally(), SOURCE, whole=False)
    assert breach.kind == "questions-unanswered"
    assert "a page answers 29.0 known questions, in the last healthy run it was 59.0" in breach.message


def test_other_lots_than_before_do_not_make_fewer_answers() -> None:
    with_support = {
        "g-cloud-15/saas": LotTally(read=50, live=50, answers=3000, known=2950),
        "g-cloud-15/cloud-support": LotTally(read=50, live=50, answers=500, known=490),
    }
    assert kinds(tally(lots=with_support), tally(), whole=False) == []


@given(st.integers(0, 100_000))
def test_a_run_like_the_last_one_is_never_out_of_bounds(pages: int) -> None:
    assert kinds(tally(pages), tally(pages)) == []


@given(st.integers(0, 5000), st.integers(0, 5000))
def test_a_breach_names_the_key_that_would_allow_it(now: int, before: int) -> None:
    for breach in judge_pages(tally(now), tally(before), SOURCE, whole=True):
        assert f"of {SOURCE.file}" in breach.message
        assert "bounds." in breach.message
