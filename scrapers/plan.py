"""What a run is asked to do, how far it is, and what it tells at its end."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from catalogue.model import Issue
from catalogue.runs import Breach, Outcome, Published, RunCounts, RunKey
from scrapers.source import Source

#: Issues that mean that something asked for was not obtained; the others only say that something was odd.
FAILURES = frozenset(
    {
        "listing-moved",
        "listing-broken",
        "listing-failed",
        "listing-incomplete",
        "not-found",
        "broken-page",
        "fetch-failed",
        "fetch-refused",
        "source-busy",
    }
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is to do. ``ids`` stand in for the listings; ``limit`` counts service pages."""

    scope: str
    ids: tuple[str, ...] | None = None
    limit: int | None = None
    resume: bool = True

    def key(self, source: Source) -> RunKey:
        """What this plan shares with the runs that it may go on with."""
        digest = sha256("\n".join(self.ids).encode()).hexdigest()[:16] if self.ids is not None else ""
        return RunKey(source.name, source.base_url, self.scope, digest)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: in ``listing``, ``services``, ``reading`` (the archive) or ``publishing``.

    A run of records says in words what it is at. ``total`` is ``None`` while it is not known.
    """

    stage: str
    done: int
    total: int | None
    requests: int


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did.

    ``issues`` counts by kind; ``failures`` are the first issues that mean a loss. ``breaches`` are the bounds
    that the run is outside of, and ``published`` tells whether the catalogue has what it read.
    """

    run: int
    outcome: Outcome
    reason: str
    counts: RunCounts
    issues: dict[str, int]
    failures: tuple[Issue, ...]
    moved: bool = False
    published: Published = "nothing"
    breaches: tuple[Breach, ...] = ()

    @property
    def partial(self) -> bool:
        """Whether something that was asked for was not obtained."""
        ended_early = self.outcome in (Outcome.INTERRUPTED, Outcome.FAILED)
        return ended_early or bool(FAILURES & self.issues.keys())
