"""Whether a catalogue can be trusted this morning: its vital signs, and what they give reason to worry about.

Pure: the signs are read elsewhere, the time is passed in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from catalogue.model import Issue
from catalogue.runs import Outcome, RunSummary

#: Listings change weekly; past two missed weeks the results are worth a warning, past four they mislead.
MAX_AGE = timedelta(days=14)
#: Of the live services of a lot, those seen within the age allowed: as the bounds of a healthy run.
COVERED = 0.8
#: Of the pages of a run, those with an issue that is worth a look.
ODD_PAGES = 0.1
#: The source of runs that brought in what another catalogue published.
PULL = "pull"

Level = Literal["warning", "breach"]


@dataclass(frozen=True, slots=True)
class SourceRuns:
    """The last run of one source and scope, and when the last that reached its end did so.

    ``last`` is ``None`` where the runs were those of the catalogue that this one was pulled from.
    """

    source: str
    scope: str
    last: RunSummary | None
    last_good: datetime | None


@dataclass(frozen=True, slots=True)
class LotCoverage:
    """The live services of one lot, how many of them were seen since ``since``, and the longest unseen."""

    framework: str
    lot: str
    live: int
    seen: int
    oldest: datetime


@dataclass(frozen=True, slots=True)
class IssueKind:
    """The issues of one kind: how often, of how many subjects, and one as an example."""

    kind: str
    times: int
    subjects: int
    example: Issue


@dataclass(frozen=True, slots=True)
class Day:
    """What happened to the catalogue on one day: services new, changed, and no longer live."""

    new: int = 0
    changed: int = 0
    ended: int = 0


@dataclass(frozen=True, slots=True)
class Vitals:
    """The signs. ``days`` are those on which something happened; instants are aware UTC."""

    services: int
    live: int
    newest: datetime | None
    sources: tuple[SourceRuns, ...] = ()
    lots: tuple[LotCoverage, ...] = ()
    issues: tuple[IssueKind, ...] = ()
    days: Mapping[date, Day] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Concern:
    """A reason to worry: a ``warning`` deserves a look, after a ``breach`` the catalogue misleads."""

    level: Level
    about: str
    text: str


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of days of the growth chart: how many services were known at its end, and what happened."""

    starts: date
    services: int
    happened: Day


def concerns(vitals: Vitals, *, now: datetime, max_age: timedelta = MAX_AGE) -> list[Concern]:
    """Everything about these signs that gives reason to worry, breaches first."""
    found = [
        *_of_services(vitals, now, max_age),
        *(concern for source in vitals.sources for concern in _of_source(source, now, max_age)),
        *_of_lots(vitals, max_age),
    ]
    return sorted(found, key=lambda concern: concern.level != "breach")


def _of_services(vitals: Vitals, now: datetime, max_age: timedelta) -> Iterator[Concern]:
    if not vitals.live or vitals.newest is None:
        held = "no service" if not vitals.services else f"{vitals.services} services, none of them live"
        yield Concern("breach", "catalogue", f"holds {held}; longlist scrape, pull or import brings them in")
        return
    age = now - vitals.newest
    if age < -timedelta(days=1):
        yield Concern(
            "warning", "clock", f"a service was seen {-age.days} days from now; check this machine's clock"
        )
    if age > 2 * max_age:
        yield Concern(
            "breach", "catalogue", f"no service was seen for {age.days} days; listings have changed"
        )
    elif age > max_age:
        yield Concern(
            "warning", "catalogue", f"no service was seen for {age.days} days; scrape or pull again"
        )


def _of_source(source: SourceRuns, now: datetime, max_age: timedelta) -> Iterator[Concern]:
    about = f"{source.source} {source.scope}".rstrip()
    last = source.last
    if last is not None and last.outcome is Outcome.CHANGED:
        yield Concern("breach", about, f"run {last.id} found the source changed: {last.reason}")
    elif last is not None and last.outcome in (Outcome.FAILED, Outcome.INTERRUPTED, Outcome.ABANDONED):
        reason = f": {last.reason}" if last.reason else ""
        yield Concern("warning", about, f"run {last.id} did not reach its end ({last.outcome.value}){reason}")
    if source.last_good is None:
        if last is not None and last.outcome is not Outcome.RUNNING:
            yield Concern("warning", about, "no run has reached its end yet")
    elif now - source.last_good > max_age:
        days = (now - source.last_good).days
        yield Concern("warning", about, f"the last run that reached its end was {days} days ago")
    if last is not None and last.counts.answered:
        odd = sum(last.issues.values())
        if odd > max(1, ODD_PAGES * last.counts.answered):
            yield Concern("warning", about, f"run {last.id} met {odd} issues on {last.counts.answered} pages")


def _of_lots(vitals: Vitals, max_age: timedelta) -> Iterator[Concern]:
    for lot in vitals.lots:
        if lot.seen < COVERED * lot.live:
            yield Concern(
                "warning",
                f"{lot.framework} {lot.lot}",
                f"{lot.seen} of {lot.live} live services were seen within {max_age.days} days; "
                f"the longest unseen since {lot.oldest:%Y-%m-%d}",
            )


def growth(days: Mapping[date, Day], today: date, *, most: int = 14) -> list[Span]:
    """The days as at most so many spans of one length, the oldest first, the last one with today in it.

    A span is as many days long as it takes to reach back to the first; where the last run was long ago the
    chart shows the silence too.
    """
    if not days:
        return []
    first, last = min(days), max(*days, today)
    length = -(-((last - first).days + 1) // most)
    count = -(-((last - first).days + 1) // length)
    spans: list[Span] = []
    services = 0
    for number in range(count):
        starts = last - timedelta(days=(count - number) * length - 1)
        inside: Sequence[Day] = [
            day for at, day in days.items() if starts <= at < starts + timedelta(days=length)
        ]
        happened = Day(
            sum(day.new for day in inside),
            sum(day.changed for day in inside),
            sum(day.ended for day in inside),
        )
        services += happened.new
        spans.append(Span(starts, services, happened))
    return spans
