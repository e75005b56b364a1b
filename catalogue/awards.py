"""Awards: what a public body bought from a supplier, as its notice says. Told beside a service, never scored.

New and small suppliers have won little yet, so what others bought may inform an officer and may not rank.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from catalogue.references import Reference


@dataclass(frozen=True, slots=True)
class Awarded:
    """A supplier as an award names it; ``identifiers`` are those of registers: `suppliers.identifiers`."""

    name: str
    identifiers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Award:
    """One award of one notice. Amounts are as published, usually over the whole term and without VAT.

    ``key`` is the award's own within the publisher; ``released`` tells which of two versions is newer.
    """

    publisher: str
    key: str
    released: datetime
    title: str
    buyer: str
    suppliers: tuple[Awarded, ...]
    buyer_types: tuple[str, ...] = ()
    status: str | None = None
    awarded: date | None = None
    starts: date | None = None
    ends: date | None = None
    amount: Decimal | None = None
    currency: str | None = None
    method: str | None = None
    references: tuple[Reference, ...] = ()
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Purchase:
    """An award as told beside a supplier: who bought, from whom as published, when, for how much.

    ``sector`` is the buyer's, ``None`` where neither its type nor its name says. ``by_register`` tells that
    a register's number joined it to the supplier, else its name did.
    """

    buyer: str
    sector: str | None
    supplier: str
    title: str
    awarded: date | None
    starts: date | None
    ends: date | None
    amount: Decimal | None
    currency: str | None
    agreements: tuple[str, ...]
    publisher: str
    url: str | None
    others: int = 0
    by_register: bool = False

    @property
    def day(self) -> date | None:
        """The day that a reader goes by: of the award, else the start of the contract."""
        return self.awarded or self.starts
