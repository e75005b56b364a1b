"""Until when buyers can call off, and the warning for an award that comes too late."""

from __future__ import annotations

from datetime import date

import pytest

from catalogue.agreements import late_award, standing_of, with_standing

TODAY = date(2026, 11, 25)


def test_a_framework_says_until_when_it_is_open() -> None:
    standing = standing_of("g-cloud-15", TODAY)
    assert with_standing("G-Cloud 15", standing, TODAY) == "G-Cloud 15 (open to buyers until 5 August 2030)"


@pytest.mark.parametrize(
    ("slug", "sentence"),
    [
        ("g-cloud-14", "closed to buyers since 28 October 2026"),
        ("g-cloud-10", "closed to buyers"),
    ],
)
def test_a_closed_one_says_so(slug: str, sentence: str) -> None:
    standing = standing_of(slug, TODAY)
    assert standing is not None
    assert standing.sentence(TODAY) == sentence


def test_one_that_has_not_begun_says_when_it_does() -> None:
    standing = standing_of("g-cloud-15", date(2026, 7, 1))
    assert standing is not None
    assert (standing.open, standing.sentence(date(2026, 7, 1))) == (False, "opens on 6 August 2026")


def test_an_unknown_framework_says_nothing() -> None:
    assert standing_of("h-cloud-1", TODAY) is None
    assert with_standing("H-Cloud 1", None, TODAY) == "H-Cloud 1"


def test_dates_as_fetched_count_before_those_of_the_table() -> None:
    standing = standing_of("g-cloud-14", TODAY, {"RM1557.14": (None, date(2027, 4, 27))})
    assert standing is not None
    assert (standing.open, standing.ends) == (True, date(2027, 4, 27))


@pytest.mark.parametrize(
    ("award_by", "is_late"),
    [(date(2030, 8, 5), False), (date(2030, 8, 6), True), (None, False)],
)
def test_an_award_may_be_planned_until_the_last_day_itself(award_by: date | None, is_late: bool) -> None:
    warning = late_award(award_by, standing_of("g-cloud-15", TODAY))
    assert (warning is not None) is is_late
    if warning:
        assert "G-Cloud 15 can be called off until 5 August 2030 only" in warning


def test_a_framework_that_is_over_without_a_date_is_too_late_for_any_award() -> None:
    assert late_award(date(2026, 12, 1), standing_of("g-cloud-13", TODAY)) is not None
    assert late_award(date(2026, 12, 1), None) is None
