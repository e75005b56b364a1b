"""What is known around a service beside its page: its framework's dates, who bought from its supplier."""

from __future__ import annotations

from dataclasses import dataclass

from catalogue.agreements import Dates
from catalogue.awards import Purchase
from catalogue.records import ServiceRecord
from db.agreements import agreement_dates
from db.awards import newest_release, purchases_from
from db.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Around:
    """``purchases`` is ``None`` where no award of anybody is in the catalogue."""

    dates: Dates
    purchases: tuple[Purchase, ...] | None


def around(catalogue: Catalogue, record: ServiceRecord) -> Around:
    """What other sources say of the framework and the supplier of a service."""
    any_known = newest_release(catalogue) is not None
    bought = tuple(purchases_from(catalogue, record.supplier.name)) if any_known else None
    return Around(agreement_dates(catalogue), bought)
