"""The nouns that the whole program shares: what is searched for, what is found, what a run did.

A service as its page shows it is `catalogue.records.ServiceRecord`; what the crosswalk and the price parser
make of it is `Service` here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

import msgspec

from catalogue.price import Price
from catalogue.records import ServiceRecord


class AnswerState(Enum):
    """Why a listing does or does not answer a question: four different things."""

    ANSWERED = "answered"
    BLANK = "left blank"
    PARENT_NO = "not asked because its parent was answered No"
    NOT_ASKED = "not asked in this lot"


class Answered(msgspec.Struct, frozen=True):
    """One answer of a listing under its canonical question.

    ``label`` is the question's label as the listing shows it, ``values`` the values as shown, in page order;
    ``options`` the canonical option ids of the values that are options (same order; ``None`` where a value is
    prose or unknown).
    """

    question: str
    label: str
    values: tuple[str, ...]
    options: tuple[str | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Service:
    """A service ready to be judged: its record, its answers by canonical question, its price parsed.

    ``answers`` maps a canonical question id to every answer under it (a label may occur twice).
    ``price`` is ``None`` where none is stated or it does not parse; the sentence stays in the record.
    """

    record: ServiceRecord
    answers: dict[str, tuple[Answered, ...]]
    price: Price | None

    @property
    def id(self) -> str:
        """The marketplace's id, usually 15 digits."""
        return self.record.id


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What a user asked of the catalogue. Empty tuples do not filter; values of one filter are alternatives.

    ``text`` is as typed (words, ``"phrases"``); ``lots`` and ``frameworks`` are slugs; ``suppliers`` are
    names or ids; a category is a name at any level of a path; ``answers`` are (question label or id, value)
    pairs, all of which are required; ``statuses`` default to live services only. ``prices`` are paths of
    `catalogue.bands`; ``options`` are (canonical question id, option ids) pairs: one of the options for each.
    ``sort`` is one of `SORTS`.
    """

    text: str = ""
    lots: tuple[str, ...] = ()
    frameworks: tuple[str, ...] = ()
    suppliers: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    answers: tuple[tuple[str, str], ...] = ()
    statuses: tuple[str, ...] = ("live",)
    prices: tuple[str, ...] = ()
    options: tuple[tuple[str, tuple[str, ...]], ...] = ()
    sort: str = "relevance"


#: The orders that results may have. Within a price all units stand together: narrow to one to compare.
SORTS = ("relevance", "name", "supplier", "price", "newest")


@dataclass(frozen=True, slots=True)
class Assumed:
    """A word that the catalogue does not know, and the word it was taken for."""

    typed: str
    meant: str


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One row of search results. ``score`` is higher for better and 0 when there are no words to rank by.

    ``first_seen`` is when the catalogue learnt of the service (aware UTC).
    """

    id: str
    name: str
    supplier: str
    framework: str
    lot: str
    status: str
    price: str | None
    description: str | None
    score: float = 0.0
    first_seen: datetime | None = None


@dataclass(frozen=True, slots=True)
class SearchPage:
    """A window of results. ``total`` counts all; ``relaxed`` tells that not every word had to occur.

    ``holds_any`` tells whether the catalogue has services at all.
    """

    total: int
    hits: tuple[SearchHit, ...]
    assumed: tuple[Assumed, ...] = ()
    aliases: tuple[tuple[str, str], ...] = ()
    related: tuple[tuple[str, tuple[str, ...]], ...] = ()
    relaxed: bool = False
    holds_any: bool = True


@dataclass(frozen=True, slots=True)
class FacetCount:
    """One value of a filter and how many of the present results have it. ``name`` is what to show."""

    value: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class CatalogueSummary:
    """What the catalogue holds: counts, when the newest record was seen (aware UTC), and its digest."""

    services: int
    live: int
    by_lot: tuple[FacetCount, ...]
    by_framework: tuple[FacetCount, ...]
    newest: datetime | None
    digest: str
    #: True when the records come from the fictional sample that ships with Longlist.
    fictional: bool = False
    #: Why the catalogue is not that of a whole pass over its source, where it is not.
    partial: str | None = None


@dataclass(frozen=True, slots=True)
class Issue:
    """Something odd that a run or an import noticed and went on: kept, shown, counted.

    ``kind`` is a short stable slug such as ``unknown-question``; ``place`` an address or ``line 12``.
    """

    kind: str
    place: str
    message: str
    details: dict[str, str] = field(default_factory=dict)
