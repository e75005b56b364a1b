"""How runs went, one after the other: numbers as small charts, and how fast a run goes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from catalogue.runs import REPARSE, Outcome, RunSummary, Tally

#: Eight heights that every terminal's font has (U+2581 to U+2588).
_HEIGHTS = "▁▂▃▄▅▆▇█"
#: Runs of a source that a chart goes back to.
_MOST = 20
#: Readings of a run under way that its rate is worked out from.
_LOOK_BACK = timedelta(minutes=5)


def sparkline(values: Sequence[float | None]) -> str:
    """A character a value, as high as the value is of the largest; ``·`` where there is none."""
    largest = max((value for value in values if value is not None), default=0.0)
    return "".join(
        "·" if value is None else _HEIGHTS[0 if largest <= 0 else min(7, max(0, round(7 * value / largest)))]
        for value in values
    )


@dataclass(frozen=True, slots=True)
class SourceTrend:
    """The last runs of one source and scope, the oldest first: pages, issues, seconds an answer took.

    Seconds are ``None`` for runs that did not measure them.
    """

    source: str
    scope: str
    pages: tuple[int, ...]
    issues: tuple[int, ...]
    seconds: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class LotTrend:
    """Live services that the last published runs read of a lot, the oldest first; ``None`` where none was.

    ``known`` is the share of answers in the last of them that are to known questions, from 0 to 1.
    """

    place: str
    live: tuple[int | None, ...]
    known: float | None


def source_trends(runs: Iterable[RunSummary]) -> list[SourceTrend]:
    """A trend for each source and scope; ``runs`` are the newest first.

    Runs of chosen services and of old pages say nothing of the source; runs that go on are not over.
    """
    found: dict[tuple[str, str], list[RunSummary]] = {}
    for run in runs:
        if _tells(run) and run.outcome is not Outcome.RUNNING:
            found.setdefault((run.key.source, run.key.scope), []).append(run)
    return [
        SourceTrend(
            source,
            scope,
            tuple(run.counts.answered for run in last),
            tuple(sum(run.issues.values()) for run in last),
            tuple(
                run.counts.answer_ms / run.counts.requests / 1000
                if run.counts.answer_ms and run.counts.requests
                else None
                for run in last
            ),
        )
        for (source, scope), group in found.items()
        for last in ([*reversed(group[:_MOST])],)
    ]


def lot_trends(runs: Iterable[RunSummary], tallies: Mapping[int, Tally]) -> list[LotTrend]:
    """A trend for each lot of the last published runs; ``runs`` are the newest first."""
    published = [tallies[run.id] for run in runs if _tells(run) and run.id in tallies][:_MOST]
    published.reverse()
    places = sorted({place for tally in published for place in tally.lots})
    trends = []
    for place in places:
        of_lot = [tally.lots.get(place) for tally in published]
        last = next((lot for lot in reversed(of_lot) if lot is not None), None)
        known = last.known / last.answers if last is not None and last.answers else None
        trends.append(LotTrend(place, tuple(lot.live if lot else None for lot in of_lot), known))
    return trends


def _tells(run: RunSummary) -> bool:
    return not run.key.ids and run.key.scope != REPARSE


@dataclass(frozen=True, slots=True)
class Reading:
    """How many pages a run under way had at a time (aware)."""

    at: datetime
    pages: int


def per_minute(readings: Sequence[Reading]) -> float | None:
    """Pages a minute over the last minutes, from readings in order; ``None`` while it cannot be told."""
    if len(readings) < 2:
        return None
    last = readings[-1]
    first = next(reading for reading in readings if last.at - reading.at <= _LOOK_BACK)
    minutes = (last.at - first.at) / timedelta(minutes=1)
    pages = last.pages - first.pages
    return pages / minutes if minutes > 0 and pages > 0 else None


def time_left(left: int, rate: float | None) -> timedelta | None:
    """How long ``left`` pages take at so many a minute."""
    return timedelta(minutes=left / rate) if rate else None


def long_told(span: timedelta) -> str:
    """A stretch of time as a person says it: ``about 2 hours 10 minutes``, ``less than a minute``."""
    minutes = round(span.total_seconds() / 60)
    if minutes < 1:
        return "less than a minute"
    hours, rest = divmod(minutes, 60)
    if hours >= 48:
        return f"about {round(hours / 24)} days"
    parts = [f"{hours} hour{'s' if hours != 1 else ''}"] if hours else []
    if rest:
        parts.append(f"{rest} minute{'s' if rest != 1 else ''}")
    return "about " + " ".join(parts)


def seconds_told(seconds: float) -> str:
    """How long an answer took: ``0.41 s``, ``4 ms``."""
    return f"{seconds:.2f} s" if seconds >= 0.1 else f"{seconds * 1000:.0f} ms"


def age_told(moment: datetime, now: datetime) -> str:
    """How long ago a moment was, as a person says it: ``3 days ago``, ``5 hours ago``, ``just now``."""
    age = now - moment
    if age < timedelta(minutes=-5):
        return "in the future"
    if age < timedelta(minutes=2):
        return "just now"
    minutes = int(age.total_seconds() // 60)
    if minutes < 120:
        return f"{minutes} minutes ago"
    if minutes < 48 * 60:
        return f"{minutes // 60} hours ago"
    return f"{age.days} days ago"
