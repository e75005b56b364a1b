"""The nouns of an export: one prepared table, which every format writes.

Frozen values. Instants are aware UTC, amounts pounds without VAT, points and scores of the match as printed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from catalogue.project import Fate, Project, Total
from catalogue.quality import Flag


@dataclass(frozen=True, slots=True)
class Evidence:
    """One finding of the match: ``quote`` is verbatim from the listing's answer to ``question``.

    ``because`` says in a sentence what the verdict follows from.
    """

    barrier: str
    need: str
    verdict: str
    points: float
    question: str | None
    quote: str | None
    rule: str
    because: str


@dataclass(frozen=True, slots=True)
class Year:
    """What a service costs the organisation in a year, and the same in a sentence with what was assumed.

    Where prices do not compare, ``least`` is what it costs at the very least, ``None`` where not even that
    is known. ``over`` says whether even that is above the budget, ``None`` where nobody can tell.
    """

    comparable: bool
    least: Decimal | None
    most: Decimal | None
    over: bool | None
    told: str


@dataclass(frozen=True, slots=True)
class Row:
    """One service. ``rank``, ``score`` and ``points`` are of the match; ``None`` where it has none.

    ``standing`` says in words how the match left it; ``points`` are (barrier, points) pairs, adding up to the
    score; ``framework`` says until when it is open; ``change`` tells that the listing is not as it was when
    it was marked. ``flags`` are what is odd
    about how the listing is written. ``place`` and ``total`` are by the criteria, where there are scores.
    """

    rank: int | None
    service_id: str
    name: str
    supplier: str
    framework: str
    lot: str
    status: str
    price: str | None
    url: str | None
    score: float | None
    standing: str
    points: tuple[tuple[str, float], ...]
    evidence: tuple[Evidence, ...]
    questions: tuple[str, ...]
    note: str
    marked: datetime
    change: str | None
    year: Year | None = None
    flags: tuple[Flag, ...] = ()
    place: int | None = None
    total: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Disposition:
    """A service of the longlist, its fate and the reason. ``number`` counts in the order of the search.

    ``digest`` is that of the record that was judged; ``row.marked`` is when the fate was decided.
    """

    number: int
    row: Row
    description: str | None
    fate: Fate
    requirement: str | None
    because: str
    actor: str | None
    digest: str


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """An entry of the audit trail: ``told`` says in a sentence what was done, ``details`` is all of it."""

    number: int
    time: str
    actor: str | None
    action: str
    told: str
    details: dict[str, Any] | None
    inputs: tuple[tuple[str, str], ...]
    contents: str
    previous: str
    digest: str


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of the order form. ``value`` is ``None`` where the record does not know it."""

    section: str
    field: str
    value: str | None
    note: str


@dataclass(frozen=True, slots=True)
class Purchase:
    """A purchase on the record: the project as its trail tells it, and what follows from it.

    ``goal`` is that of the profile; ``totals`` are empty before criteria are fixed.
    """

    project: Project
    goal: str | None
    dispositions: tuple[Disposition, ...]
    totals: tuple[Total, ...]
    trail: tuple[TrailEntry, ...]
    cautions: tuple[str, ...]
    order_form: tuple[FormField, ...]


@dataclass(frozen=True, slots=True)
class About:
    """What the rows rest on: enough to obtain them again.

    ``exported`` is when an informal shortlist was exported, and of a purchase on the record the time of its
    last entry, so that nothing in its exports depends on a clock. ``catalogue_digest`` is of the catalogue
    that was searched; ``head`` is the digest of the last of ``entries``.
    """

    project: str
    exported: datetime
    catalogue_digest: str
    catalogue_services: int | None
    catalogue_newest: datetime | None
    profile_name: str | None
    profile_digest: str | None
    rules: str | None
    weights: tuple[tuple[str, float], ...]
    attribution: str
    fictional: str | None
    informal: str | None = None
    draft: str | None = None
    locked: datetime | None = None
    head: str | None = None
    entries: int | None = None
    requirements_digest: str | None = None
    records_digest: str | None = None
    ranking: str | None = None


@dataclass(frozen=True, slots=True)
class ExportTable:
    """Everything an export says, in its final order: the shortlist first, the best at its head.

    ``purchase`` is ``None`` for an informal shortlist: there is nothing more to say of it.
    """

    about: About
    rows: tuple[Row, ...]
    purchase: Purchase | None = None
