"""What a run of a source did and saw: the values that crawling, storing and showing of runs share."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum


class Outcome(Enum):
    """How a run ended; the unfinished ones are gone on with by the next run of the same plan."""

    RUNNING = "running"
    FINISHED = "finished"
    STOPPED = "stopped"
    INTERRUPTED = "interrupted"
    FAILED = "failed"
    CHANGED = "source changed"
    ABANDONED = "abandoned"

    @property
    def unfinished(self) -> bool:
        """Whether there is something left that the next run of the same plan goes on with."""
        return self in (Outcome.RUNNING, Outcome.STOPPED, Outcome.INTERRUPTED, Outcome.FAILED)


@dataclass(frozen=True, slots=True)
class PageSeen:
    """One service page that answered in a run: when, with which status, and the digest of its record."""

    service_id: str
    url: str
    at: datetime
    status: int
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class ListingSeen:
    """One page of a listing that answered in a run, and of each service on it whether the scope wants it."""

    url: str
    at: datetime
    total: int | None
    next_url: str | None
    ids: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class RunKey:
    """What makes two runs the same undertaking, so that one can go on where the other stopped.

    ``ids`` is the digest of a list of ids that the run was given, empty for a run that finds its own.
    """

    source: str
    base_url: str
    scope: str
    ids: str = ""


@dataclass(frozen=True, slots=True)
class RunCounts:
    """What a run did so far, over all its parts. Pages are service pages unless said otherwise."""

    requests: int = 0
    listed: int = 0
    wanted: int = 0
    answered: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    expired: int = 0
    gone: int = 0
    missing: int = 0
    broken: int = 0
    failed: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True)
class RunSummary:
    """One run as the run log shows it. ``issues`` counts them by kind."""

    id: int
    key: RunKey
    outcome: Outcome
    reason: str
    started: datetime
    ended: datetime | None
    counts: RunCounts
    issues: dict[str, int] = field(default_factory=dict)
