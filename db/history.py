"""Reading the history of the services: what changed since a time, in a run, or to certain services."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from catalogue.history import NEW, Change
from catalogue.instants import instant
from catalogue.model import FacetCount
from db.catalogue import Catalogue

#: Every change with the service as it is now; a service's arrival is a change too, but kept with the service.
_CHANGES = """
WITH happened AS (
    SELECT key, service, at, run, field, question, before, after FROM change
    WHERE at >= :since AND (:run IS NULL OR run = :run)
        AND (:any_field OR field IN (SELECT value FROM json_each(:fields)))
    UNION ALL
    SELECT 0, key, first_seen, NULL, 'new', NULL, NULL, name FROM service
    WHERE :new AND first_seen >= :since AND :run IS NULL
)
SELECT {columns}
FROM happened
JOIN service ON service.key = happened.service
WHERE (:any_service OR service.id IN (SELECT value FROM json_each(:services)))
    AND (:any_lot OR service.lot IN (SELECT key FROM lot WHERE slug IN (SELECT value FROM json_each(:lots))))
    AND (:any_supplier OR service.supplier IN
        (SELECT key FROM supplier WHERE name IN (SELECT value FROM json_each(:suppliers))))
"""
_COLUMNS = """
    service.id, service.name, (SELECT name FROM supplier WHERE supplier.key = service.supplier),
    (SELECT slug FROM framework WHERE framework.key = service.framework),
    (SELECT slug FROM lot WHERE lot.key = service.lot),
    happened.at, happened.run, happened.field, happened.question, happened.before, happened.after
"""


@dataclass(frozen=True, slots=True)
class HistoryQuery:
    """Which changes are asked for; everything left out does not narrow.

    ``fields`` are those of `catalogue.history.FIELDS`; arrivals of services (``new``) come only when named
    there, as the first import of a catalogue is nothing else. ``since`` is aware, and the moment itself
    counts. ``lots`` are slugs and ``suppliers`` names, as the services have them now.
    """

    since: datetime | None = None
    run: int | None = None
    services: Collection[str] | None = None
    fields: Collection[str] = ()
    lots: Collection[str] = ()
    suppliers: Collection[str] = ()

    def _parameters(self) -> dict[str, object]:
        return {
            "since": instant(self.since) if self.since else "",
            "run": self.run,
            "new": NEW in self.fields,
            "fields": json.dumps(sorted(self.fields)),
            "any_field": not self.fields,
            "services": json.dumps(sorted(self.services or ())),
            "any_service": self.services is None,
            "lots": json.dumps(sorted(self.lots)),
            "any_lot": not self.lots,
            "suppliers": json.dumps(sorted(self.suppliers)),
            "any_supplier": not self.suppliers,
        }


def changes(
    catalogue: Catalogue, query: HistoryQuery | None = None, *, limit: int = -1, offset: int = 0
) -> list[Change]:
    """The changes asked for, the newest first, those of one service at one time together.

    ``limit`` and ``offset`` choose a window, as for a view that scrolls; a negative limit is none.
    """
    window = {"limit": limit, "offset": offset}
    found = catalogue.rows(
        _CHANGES.format(columns=_COLUMNS)
        + "ORDER BY happened.at DESC, service.id, happened.key LIMIT :limit OFFSET :offset",
        (query or HistoryQuery())._parameters() | window,
    )
    return [_change(row) for row in found]


def count_changes(catalogue: Catalogue, query: HistoryQuery | None = None) -> tuple[int, int]:
    """How many services changed, and how many changes these are."""
    services, total = catalogue.rows(
        _CHANGES.format(columns="count(DISTINCT service.id), count(*)"),
        (query or HistoryQuery())._parameters(),
    )[0]
    return services, total


def change_counts(
    catalogue: Catalogue, by: Literal["field", "lot", "supplier"], query: HistoryQuery | None = None
) -> tuple[FacetCount, ...]:
    """How many changes of those asked for each field, lot or supplier has, the most first."""
    column = {
        "field": "happened.field, happened.field",
        "lot": "(SELECT slug FROM lot WHERE lot.key = service.lot),"
        " (SELECT coalesce(name, slug) FROM lot WHERE lot.key = service.lot)",
        "supplier": "(SELECT name FROM supplier WHERE supplier.key = service.supplier),"
        " (SELECT name FROM supplier WHERE supplier.key = service.supplier)",
    }[by]
    found = catalogue.rows(
        _CHANGES.format(columns=f"{column}, count(*)") + "GROUP BY 1 ORDER BY 3 DESC, 1",
        (query or HistoryQuery())._parameters(),
    )
    return tuple(FacetCount(value, name or value, count) for value, name, count in found)


def changes_after(catalogue: Catalogue, moments: Mapping[str, datetime]) -> dict[str, tuple[Change, ...]]:
    """What changed in each of these services after its moment (aware), the oldest first.

    Services that stayed as they were are left out.
    """
    found: dict[str, tuple[Change, ...]] = {}
    if not moments:
        return found
    since = min(moments.values())
    every = changes(catalogue, HistoryQuery(since=since, services=moments.keys()))
    for change in sorted(every, key=lambda change: change.at):
        if change.at > moments[change.service]:
            found[change.service] = (*found.get(change.service, ()), change)
    return found


def shortlisted(catalogue: Catalogue) -> frozenset[str]:
    """The services on the shortlist of any project."""
    found = catalogue.rows("SELECT DISTINCT service FROM longlisted WHERE fate = 'shortlisted'")
    return frozenset(service for (service,) in found)


def _change(row: tuple[Any, ...]) -> Change:
    service, name, supplier, framework, lot, at, run, field, question, before, after = row
    moment = datetime.fromisoformat(at)
    return Change(service, name, supplier, framework, lot, moment, run, field, question, before, after)
