"""When a catalogue is healthy, when it deserves a look, and when it is not to be trusted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.health import Day, LotCoverage, SourceRuns, Vitals, concerns, growth
from catalogue.runs import Outcome, RunCounts, RunKey, RunSummary

NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)


def run(outcome: Outcome, *, reason: str = "", answered: int = 100, odd: int = 0) -> RunSummary:
    return RunSummary(
        id=7,
        key=RunKey("marketplace", "https://m.example", "all"),
        outcome=outcome,
        reason=reason,
        started=NOW - timedelta(hours=5),
        ended=NOW - timedelta(hours=4),
        counts=RunCounts(answered=answered),
        issues={"unread-part": odd} if odd else {},
    )


def source(outcome: Outcome, *, days: int | None = 0, **of_run: object) -> SourceRuns:
    good = None if days is None else NOW - timedelta(days=days)
    return SourceRuns("marketplace", "all", run(outcome, **of_run), good)  # type: ignore[arg-type]


def lot(seen: int) -> LotCoverage:
    return LotCoverage("g-cloud-15", "saas", 100, seen, NOW - timedelta(days=30))


WELL = Vitals(
    services=100,
    live=90,
    newest=NOW - timedelta(hours=5),
    sources=(source(Outcome.FINISHED),),
    lots=(lot(100),),
)


def found(vitals: Vitals, *, days: int = 14) -> list[tuple[str, str]]:
    return [
        (concern.level, concern.text) for concern in concerns(vitals, now=NOW, max_age=timedelta(days=days))
    ]


def test_a_catalogue_that_was_scraped_last_night_is_healthy() -> None:
    assert found(WELL) == []


@pytest.mark.parametrize(
    ("vitals", "level", "words"),
    [
        (Vitals(0, 0, None), "breach", "holds no service"),
        (Vitals(3, 0, NOW), "breach", "3 services, none of them live"),
        (replace(WELL, newest=NOW - timedelta(days=15)), "warning", "no service was seen for 15 days"),
        (replace(WELL, newest=NOW - timedelta(days=29)), "breach", "no service was seen for 29 days"),
        (replace(WELL, newest=NOW + timedelta(days=2)), "warning", "2 days from now"),
        (replace(WELL, sources=(source(Outcome.CHANGED, reason="the listing moved"),)), "breach", "moved"),
        (replace(WELL, sources=(source(Outcome.FAILED, reason="silence"),)), "warning", "failed): silence"),
        (replace(WELL, sources=(source(Outcome.FINISHED, days=20),)), "warning", "was 20 days ago"),
        (replace(WELL, sources=(source(Outcome.STOPPED, days=None),)), "warning", "no run has reached"),
        (replace(WELL, sources=(source(Outcome.FINISHED, odd=30),)), "warning", "30 issues on 100 pages"),
        (replace(WELL, lots=(lot(79),)), "warning", "79 of 100 live services"),
    ],
)
def test_each_reason_to_worry_has_its_level(vitals: Vitals, level: str, words: str) -> None:
    ((said, text),) = found(vitals)
    assert said == level
    assert words in text


@pytest.mark.parametrize(
    "vitals",
    [
        replace(WELL, newest=NOW - timedelta(days=14)),
        replace(WELL, sources=(source(Outcome.STOPPED),)),
        replace(WELL, sources=(source(Outcome.RUNNING, days=None),)),
        replace(WELL, sources=(SourceRuns("marketplace", "all", None, NOW),)),
        replace(WELL, sources=(source(Outcome.FINISHED, odd=10),)),
        replace(WELL, lots=(lot(80),)),
        replace(WELL, sources=()),
    ],
)
def test_what_happens_in_a_healthy_week_is_no_reason(vitals: Vitals) -> None:
    assert found(vitals) == []


def test_the_age_allowed_may_be_another() -> None:
    vitals = replace(WELL, newest=NOW - timedelta(days=5))
    assert found(vitals) == []
    assert found(vitals, days=2)[0][0] == "breach"


def test_breaches_come_before_warnings() -> None:
    vitals = replace(WELL, lots=(lot(0),), sources=(source(Outcome.CHANGED),))
    assert [level for level, _ in found(vitals)] == ["breach", "warning"]


TODAY = date(2026, 11, 25)


def test_growth_of_a_few_days_is_a_row_a_day() -> None:
    days = {date(2026, 11, 23): Day(new=10), date(2026, 11, 25): Day(new=2, changed=3, ended=1)}
    spans = growth(days, TODAY)
    assert [(span.starts.day, span.services) for span in spans] == [(23, 10), (24, 10), (25, 12)]
    assert spans[2].happened == Day(2, 3, 1)


def test_growth_of_a_year_is_in_longer_rows_and_shows_the_silence_since() -> None:
    spans = growth({date(2025, 11, 25): Day(new=10)}, TODAY)
    assert len(spans) == 14
    assert {span.services for span in spans} == {10}
    assert (spans[1].starts - spans[0].starts).days == 27


@given(
    st.dictionaries(
        st.dates(date(2020, 1, 1), date(2027, 1, 1)), st.builds(Day, *[st.integers(0, 9)] * 3), min_size=1
    )
)
def test_growth_counts_every_service_once(days: dict[date, Day]) -> None:
    spans = growth(days, TODAY)
    assert len(spans) <= 14
    assert spans[-1].services == sum(day.new for day in days.values())
    assert sum(span.happened.changed for span in spans) == sum(day.changed for day in days.values())
    assert spans[0].starts <= min(days)


def test_an_empty_catalogue_has_no_growth() -> None:
    assert growth({}, TODAY) == []
