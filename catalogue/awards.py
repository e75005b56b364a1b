"""Awards: what a public body bought from a supplier, as its notice says. Told beside a service, never scored.

New and small suppliers have won little yet, so what others bought may inform an officer and may not rank.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from catalogue.dates import long_date
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

    def sentence(self) -> str:
        """Who bought, when, for how much, under what, and from whom where the name differs; one line."""
        day = self.awarded or self.starts
        when = long_date(day) if day else "date not stated"
        sector = f" ({self.sector})" if self.sector else ""
        parts = [f"{when}: {self.buyer}{sector}", money(self.amount, self.currency), self.title]
        if self.agreements:
            parts.append(f"under {', '.join(self.agreements)}")
        if self.starts and self.ends:
            parts.append(f"{long_date(self.starts)} to {long_date(self.ends)}")
        shared = f", with {self.others} more supplier{'s' * (self.others > 1)}" if self.others else ""
        how = "joined by register number" if self.by_register else "joined by name"
        parts.append(f"to {self.supplier}{shared} ({how})")
        return "; ".join(" ".join(part.split()) for part in parts)


def money(amount: Decimal | None, currency: str | None) -> str:
    """An amount in words: ``£48,000``, ``48,000.50 EUR``."""
    if amount is None:
        return "value not stated"
    shown = f"{amount:,.2f}".removesuffix(".00")
    return f"£{shown}" if (currency or "GBP") == "GBP" else f"{shown} {currency}"


#: Said wherever purchases are told.
NEVER_SCORED = "Never a part of the score: new and small suppliers have few."
