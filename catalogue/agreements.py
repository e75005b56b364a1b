"""Agreements of the Government Commercial Agency: lots, dates, suppliers, and until when buyers may call off.

What the agency publishes stands beside ``frameworks.toml``: the table knows slugs, terms and questions, the
source knows every other agreement and the present dates. Where both know a date and differ, the source's
counts, and ``longlist doctor`` says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from catalogue.dates import long_date
from catalogue.frameworks import Framework, load_frameworks


@dataclass(frozen=True, slots=True)
class AgreementLot:
    """A lot of an agreement, by its number as published."""

    number: str
    title: str | None = None
    status: str | None = None
    ends: date | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """One agreement. Dates are those of the whole; a lot may end earlier."""

    number: str
    title: str
    status: str | None = None
    type: str | None = None
    pillar: str | None = None
    category: str | None = None
    regulation: str | None = None
    summary: str | None = None
    starts: date | None = None
    ends: date | None = None
    lots: tuple[AgreementLot, ...] = ()


@dataclass(frozen=True, slots=True)
class AgreementSupplier:
    """A supplier on an agreement, in a lot or in the whole (``lot`` is ``None``). ``id`` is the source's."""

    agreement: str
    lot: str | None
    id: str
    name: str
    trading_name: str | None = None
    duns: str | None = None
    website: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether buyers can call off on a day, and until when; ``ends`` is the last such day, where known."""

    framework: str
    open: bool
    starts: date | None
    ends: date | None

    def sentence(self, today: date) -> str:
        """In words: ``open to buyers until 5 August 2030``."""
        if self.open:
            return "open to buyers" + (f" until {long_date(self.ends)}" if self.ends else "")
        if self.starts is not None and today < self.starts:
            return f"opens on {long_date(self.starts)}"
        return "closed to buyers" + (f" since {long_date(self.ends)}" if self.ends else "")


#: What the source knows of an agreement's dates, by its number in capitals.
Dates = Mapping[str, tuple[date | None, date | None]]


def standing_of(
    slug: str, today: date, published: Dates | None = None, table: Mapping[str, Framework] | None = None
) -> Standing | None:
    """How an iteration of the framework stands today; ``None`` where neither table nor source knows it."""
    framework = (load_frameworks() if table is None else table).get(slug)
    if framework is None:
        return None
    starts, ends = framework.starts, framework.ends
    found = (published or {}).get(framework.agreement.upper())
    if found is not None:
        starts, ends = found[0] or starts, found[1] or ends
    begun = starts is None or starts <= today
    over = ends < today if ends is not None else framework.over
    return Standing(framework.name, begun and not over, starts, ends)


def with_standing(name: str, standing: Standing | None, today: date) -> str:
    """A framework's name with how it stands: ``G-Cloud 15 (open to buyers until 5 August 2030)``."""
    return f"{name} ({standing.sentence(today)})" if standing is not None else name


def late_award(award_by: date | None, standing: Standing | None) -> str | None:
    """A warning where an award is planned for a day on which nobody can call off any more."""
    if award_by is None or standing is None:
        return None
    if standing.ends is not None and award_by > standing.ends:
        return (
            f"the award is planned by {long_date(award_by)}, and {standing.framework} can be called off "
            f"until {long_date(standing.ends)} only: award earlier, or use a framework that is open then"
        )
    if standing.ends is None and not standing.open:
        return f"the award is planned by {long_date(award_by)}, and {standing.framework} is closed to buyers"
    return None
