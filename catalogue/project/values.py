"""The nouns of a project: one purchase, from its requirements to its outcome.

Frozen values; `catalogue.project.machine` says what may follow what, `db.projects` keeps it. Instants are
aware UTC, amounts pounds without VAT.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from catalogue.project.words import name_key

Fate = Literal["open", "shortlisted", "rejected"]
#: What a filter narrows by: an answer, a category, or a supplier. One lot and one framework are no filter.
FilterKind = Literal["answer", "category", "supplier"]
#: How a search came to a project: the first, in place of another, or beside it with a recorded reason.
How = Literal["first", "instead", "beside"]
Method = Literal["best-value", "lowest-price"]
End = Literal["awarded", "none-suitable", "cancelled"]
#: Where a project stands; see `stage_of`.
Stage = Literal["informal", "search", "longlist", "locked", "closed", "deleted"]

#: The official service exports at most 30 services, and expects an officer to narrow a search until then.
MANY = 30
#: The only criterion of a purchase by lowest price.
PRICE = "Price"


@dataclass(frozen=True, slots=True)
class ProfileText:
    """A profile as it was when the project took it: its text and digest, independent of any path."""

    name: str
    digest: str
    text: str


@dataclass(frozen=True, slots=True)
class By:
    """Who did something and when. ``actor`` is as typed, and ``None`` where nobody was named."""

    time: datetime
    actor: str | None = None


@dataclass(frozen=True, slots=True)
class Requirement:
    """What the purchase must or should bring, under the key that reasons and filters name, such as ``R2``.

    ``source`` is ``profile``, ``officer`` (typed), or ``rule`` (what holds of every call-off).
    """

    key: str
    text: str
    priority: Literal["must", "want"]
    source: Literal["profile", "officer", "rule"]


@dataclass(frozen=True, slots=True)
class Freezing:
    """The requirements fixed at a time; ``digest`` is that of these rows and of the profile."""

    by: By
    digest: str
    requirements: tuple[Requirement, ...]
    budget: Decimal | None = None
    approval: str = ""

    def requirement(self, key: str) -> Requirement | None:
        """The requirement of this key, in any case."""
        return next((each for each in self.requirements if each.key.casefold() == key.casefold()), None)


@dataclass(frozen=True, slots=True)
class Result:
    """One result of a search: a service, and the digest of its record at that moment."""

    service_id: str
    digest: str


@dataclass(frozen=True, slots=True)
class Filter:
    """What narrowed a search, the requirement that it serves, and the counts before and after it."""

    kind: FilterKind
    value: str
    requirement: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """One search as it was run: ``found`` services in the lot, narrowed by each filter to ``results``.

    ``catalogue`` is the digest of the catalogue then, ``newest`` when its newest record was seen.
    ``because`` says why there is a second search.
    """

    by: By
    words: str
    framework: str
    lot: str
    found: int
    filters: tuple[Filter, ...]
    results: tuple[Result, ...]
    catalogue: str
    newest: datetime | None = None
    how: How = "first"
    because: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A service on the longlist and its fate.

    ``digest`` is that of the record that was looked at: when it was found, or when its fate was decided.
    ``by`` is who decided and when; ``because`` why, tied to ``requirement`` where the service is rejected.
    """

    service_id: str
    digest: str
    by: By
    fate: Fate = "open"
    requirement: str | None = None
    because: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A service on a project's shortlist, with the officer's note.

    ``time`` is aware UTC; ``digest`` is the record's when it was marked, so that a later change shows.
    """

    service_id: str
    note: str
    time: datetime
    digest: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that shortlisted services are scored on, and its part of 100."""

    name: str
    weight: Decimal


@dataclass(frozen=True, slots=True)
class Criteria:
    """How the shortlist is judged: fixed before the first score is given or seen.

    ``scale`` is the best score of each criterion; by lowest price a score is what the service costs in
    pounds. ``because`` is set where a new version changed the criteria after scores had been seen.
    """

    by: By
    method: Method
    criteria: tuple[Criterion, ...]
    scale: int
    because: str = ""

    def criterion(self, name: str) -> Criterion | None:
        """The criterion of this name, in any case."""
        return next((each for each in self.criteria if name_key(each.name) == name_key(name)), None)


@dataclass(frozen=True, slots=True)
class Score:
    """What one scorer gave one service on one criterion, on which evidence."""

    by: By
    service_id: str
    criterion: str
    value: Decimal
    scorer: str
    evidence: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Ranking:
    """The match of the longlist as it was shown: enough to obtain it again, and its digest to compare.

    ``rules`` is the version of the rules, ``tables`` the digest of every table that judging reads,
    ``program`` the version of Longlist; ``snapshot`` is the digest of the records that were judged.
    """

    by: By
    profile: str
    rules: str
    tables: str
    program: str
    snapshot: str
    services: int
    digest: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What the supplier answered on a day, and what followed from it."""

    by: By
    on: date
    text: str
    channel: str
    effect: str


@dataclass(frozen=True, slots=True)
class Clarification:
    """A question to a supplier about a service. ``reply`` is ``None`` while it is open."""

    number: int
    by: By
    service_id: str
    text: str
    on: date
    channel: str
    reply: Reply | None = None


@dataclass(frozen=True, slots=True)
class Lock:
    """Search, longlist, criteria and scores fixed by an export.

    ``changed`` are services whose listing was no longer as judged.
    """

    by: By
    format: str = ""
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Award:
    """The contract: winner, first and last day, value in pounds, and who buys. ``signed`` is its day."""

    winner: str
    start: date
    end: date
    value: Decimal
    buyer: str
    signed: date


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the purchase ended. ``because`` is why, wherever the scores alone do not say it."""

    by: By
    kind: End
    award: Award | None = None
    because: str = ""
    keep_years: int = 3


@dataclass(frozen=True, slots=True)
class Version:
    """A new version of a project that was fixed already, and why there had to be one."""

    number: int
    by: By
    because: str


@dataclass(frozen=True, slots=True)
class Deletion:
    """What is left of a project that was deleted: who did it, when and why."""

    by: By
    because: str


@dataclass(frozen=True, slots=True)
class Project:
    """One purchase. ``created`` is aware UTC; what has not happened yet is ``None`` or empty.

    ``typed`` are requirements given beside the profile's. ``seen`` is the version in which a score was last
    given or shown, 0 for never: criteria of that version are fixed.
    """

    name: str
    created: datetime
    profile: ProfileText | None = None
    typed: tuple[Requirement, ...] = ()
    frozen: Freezing | None = None
    searches: tuple[SavedSearch, ...] = ()
    longlist: tuple[Listed, ...] = ()
    criteria: Criteria | None = None
    seen: int = 0
    ranking: Ranking | None = None
    scores: tuple[Score, ...] = ()
    questions: tuple[Clarification, ...] = ()
    locked: Lock | None = None
    outcome: Outcome | None = None
    version: int = 1
    versions: tuple[Version, ...] = ()
    deleted: Deletion | None = None

    @property
    def key(self) -> str:
        """What makes the name unique: names that differ in case only would be one file on many systems."""
        return name_key(self.name)

    @property
    def informal(self) -> bool:
        """Whether there is no saved search: the shortlist is then what somebody marked, and no more."""
        return not self.searches

    def listed(self, service_id: str) -> Listed | None:
        """The service on the longlist, or ``None``."""
        return next((each for each in self.longlist if each.service_id == service_id), None)

    def of_fate(self, fate: Fate) -> tuple[Listed, ...]:
        """The services of this fate, in the order of the longlist."""
        return tuple(each for each in self.longlist if each.fate == fate)

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The shortlist as marks, in the order of the longlist."""
        return tuple(
            Mark(each.service_id, each.note, each.by.time, each.digest)
            for each in self.of_fate("shortlisted")
        )

    def clarification(self, number: int) -> Clarification | None:
        """The question of this number, or ``None``."""
        return next((each for each in self.questions if each.number == number), None)


def stage_of(project: Project) -> Stage:
    """Where a project stands: what can be done next follows from it.

    ``informal`` until requirements are frozen, then ``search`` until one is saved, ``longlist`` until locked,
    ``locked`` until there is an outcome, then ``closed``.
    """
    if project.deleted is not None:
        return "deleted"
    if project.outcome is not None:
        return "closed"
    if project.locked is not None:
        return "locked"
    if project.searches:
        return "longlist"
    return "search" if project.frozen is not None else "informal"


def kept_until(project: Project) -> date | None:
    """The day until which the record is kept: so many whole years after the outcome; ``None`` before it."""
    if project.outcome is None:
        return None
    day = project.outcome.by.time.date()
    year = day.year + project.outcome.keep_years
    try:
        return day.replace(year=year)
    except ValueError:  # 29 February
        return day.replace(year=year, month=3, day=1)
