"""What a run of a source did and saw: the values that crawling, storing and showing of runs share."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Literal

from catalogue.model import Issue
from catalogue.records import ServiceRecord

#: What a page turned out to be: a service that is live, withdrawn or expired; a service of the catalogue that
#: answers 404 (``gone``) or at the address of another (``moved``); no service at all (``missing``); or
#: something that could not be read as a service page (``broken``).
PageState = Literal["live", "withdrawn", "expired", "gone", "moved", "missing", "broken"]
#: How much of a run is in the catalogue. A part of a pass is published as ``partial``.
Published = Literal["nothing", "partial", "whole"]
#: The scope of the runs that read the page archive again instead of asking the source.
REPARSE = "reparse"


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
class PageKept:
    """One service page as it answered: the bytes with what is needed to read them again.

    ``content_type`` is the header as it came, with the charset that it declares. ``key`` is that of the
    archive, ``None`` before the page is kept there.
    """

    service_id: str
    url: str
    at: datetime
    status: int
    body: bytes = field(default=b"", repr=False)
    content_type: str = ""
    final_url: str = ""
    key: int | None = None


@dataclass(frozen=True, slots=True)
class PageRead:
    """What was read from a page: its state and, for a service page, the record as a line of JSON.

    ``place`` is framework and lot, such as ``g-cloud-15/saas``. Of the ``answers`` on the page, ``known``
    are those to questions that the crosswalk has. ``odd`` tells that a part of the page could not be read.
    """

    state: PageState
    record: bytes | None = field(default=None, repr=False)
    digest: str | None = None
    place: str = ""
    answers: int = 0
    known: int = 0
    odd: bool = False
    issues: tuple[Issue, ...] = ()


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
    """What a run did so far, over all its parts. Pages are service pages unless said otherwise.

    ``answer_ms`` is how long the source took to answer all requests together, in milliseconds; 0 for runs of
    before it was measured.
    """

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
    answer_ms: int = 0


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
    published: Published = "nothing"


@dataclass(frozen=True, slots=True)
class LotTally:
    """The service pages that a run read of one lot of one framework; ``live`` of them are on offer."""

    read: int = 0
    live: int = 0
    answers: int = 0
    known: int = 0


@dataclass(frozen=True, slots=True)
class Tally:
    """What a run is judged by. ``pages`` are those that answered 200 or 410, whatever they showed.

    ``lots`` is by framework and lot (``g-cloud-15/saas``), ``listed`` by the slug of the lot.
    """

    pages: int = 0
    broken: int = 0
    odd: int = 0
    lots: dict[str, LotTally] = field(default_factory=dict)
    listed: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Example:
    """A page that shows what moved: its address, and what was found there."""

    url: str
    found: str


@dataclass(frozen=True, slots=True)
class Breach:
    """A bound that a run is outside of: what was found against what was expected, and where to change it.

    ``place`` is the lot that it is about, or empty.
    """

    kind: str
    message: str
    place: str = ""
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True)
class Publication:
    """What a run adds to the catalogue at its end, beside the records that it read.

    ``withdrawn`` are records of services that were found missing by two runs, marked so; ``missing`` are the
    ids of all that this one found missing. ``issues`` are about both.
    """

    whole: bool
    tally: Tally
    withdrawn: tuple[ServiceRecord, ...] = ()
    missing: tuple[str, ...] = ()
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class Pace:
    """How slowly a server wants to be asked: seconds between requests, and a pause from ``at`` on."""

    delay_seconds: float
    pause_seconds: float
    at: datetime
