"""What is under way on the catalogue, whoever began it: how far it is, how fast it goes, when it will end."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from catalogue.runs import RunSummary
from catalogue.trends import Reading, long_told, per_minute, time_left
from db.catalogue import Catalogue
from db.run_lock import AtWork, at_work
from db.runs import runs
from tui.widgets.plain import counted

#: Readings kept of a run: more than five minutes of them at one every second.
_READINGS = 400


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A run that works now, and who works on it."""

    run: RunSummary
    work: AtWork

    @property
    def share(self) -> float | None:
        """How much of its pages it has, from 0 to 1; ``None`` while nobody knows how many there are."""
        counts = self.run.counts
        if self.is_looking:
            return None
        return counts.answered / (counts.answered + counts.left) if counts.answered else 0.0

    @property
    def is_looking(self) -> bool:
        """Whether it still looks for services, and nobody knows how many pages there are to read."""
        counts = self.run.counts
        return not counts.left and counts.answered + counts.failed < max(counts.wanted, 1)


def under_way(catalogue: Catalogue, now: datetime) -> UnderWay | None:
    """The run that works on the catalogue now, if any."""
    work = at_work(catalogue, now)
    if work is None:
        return None
    run = next((run for run in runs(catalogue) if run.id == work.run), None)
    return UnderWay(run, work) if run is not None else None


class Pulse:
    """What was read of a run while it went on, to tell its rate."""

    def __init__(self) -> None:
        self._run = 0
        self._readings: deque[Reading] = deque(maxlen=_READINGS)

    def take(self, found: UnderWay) -> None:
        """Take in a reading."""
        if found.run.id != self._run:
            self._run = found.run.id
            self._readings.clear()
        reading = Reading(found.work.beat, found.run.counts.answered)
        if not found.is_looking and (not self._readings or self._readings[-1].at < reading.at):
            self._readings.append(reading)

    @property
    def rate(self) -> float | None:
        """Pages a minute; ``None`` while it cannot be told."""
        return per_minute(tuple(self._readings))


def far_told(found: UnderWay) -> str:
    """How far it is, in a few words."""
    counts = found.run.counts
    if found.is_looking:
        read = f", {counted(counts.answered, 'page')} read before" if counts.answered else ""
        return f"looking for services{read}"
    if not counts.wanted:
        return f"{counted(counts.answered, 'page')} so far"
    if not counts.left:
        return f"all {counted(counts.answered, 'page')} read; storing them"
    return f"{counts.answered:,} of {counts.answered + counts.left:,} pages"


def pace_told(found: UnderWay, rate: float | None) -> Iterator[str]:
    """Rate, time left and issues, each in a few words."""
    counts = found.run.counts
    if rate is not None:
        yield f"{rate:.0f} pages a minute"
        if counts.wanted and counts.left and (left := time_left(counts.left, rate)) is not None:
            yield f"{long_told(left)} left"
    yield counted(sum(found.run.issues.values()) + counts.broken, "issue")
