"""What is known around a service beside its page.

The dates of its framework, who bought from its supplier, who else sells it.
"""

from __future__ import annotations

from dataclasses import dataclass

from catalogue.agreements import Dates
from catalogue.awards import Purchase
from catalogue.groups import sellers_of_same
from catalogue.model import SearchQuery, Service
from catalogue.read import read_service
from catalogue.records import ServiceRecord
from db.agreements import agreement_dates
from db.awards import newest_release, purchases_from
from db.catalogue import Catalogue
from db.reading import read_records
from db.search import search

#: Services looked at for the same product from another seller.
_NEAR = 40


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


def other_sellers(catalogue: Catalogue, service: Service) -> tuple[Service, ...]:
    """The same product from other sellers, among the services that the words of its name find."""
    query = SearchQuery(service.record.name.replace('"', " "), statuses=())
    ids = [hit.id for hit in search(catalogue, query, limit=_NEAR).hits if hit.id != service.id]
    near = [read_service(each)[0] for each in read_records(catalogue, ids)]
    return sellers_of_same(service, near)
