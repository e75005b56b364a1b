"""Services of the catalogue whose pages are not there any more: believed when a second run finds the same."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from catalogue.model import Issue
from catalogue.records import ServiceRecord
from catalogue.runs import Publication, Tally
from scrapers.source import Source
from scrapers.store import Store


def missing_services(store: Store, run: int) -> list[ServiceRecord]:
    """The services on offer in the catalogue whose pages this run did not find."""
    states = store.states(run)
    stored = (store.record(id_) for id_, state in states.items() if state in ("gone", "moved"))
    return [record for record in stored if record is not None and record.status == "live"]


def publication_of(
    source: Source, store: Store, run: int, tally: Tally, missing: Sequence[ServiceRecord], *, whole: bool
) -> Publication:
    """What is to be published beside the records that a run read.

    A page that answers 404 may be a fault of an hour. So a service is marked as withdrawn when an earlier run
    missed its page too; a page that answers 410 says so itself and needs no second one.
    """
    since = store.missing_since()
    withdrawn: list[ServiceRecord] = []
    issues: list[Issue] = []
    for record in missing:
        url, first = source.service_url(record.id), since.get(record.id)
        if first is None:
            message = (
                f"the page of {record.name!r} is not there; if the next run misses it too, it is withdrawn"
            )
            issues.append(Issue("missing", url, message))
        elif first != run:
            message = f"the page of {record.name!r} is gone, as it was in run {first}; marked as withdrawn"
            issues.append(Issue("gone", url, message))
            withdrawn.append(msgspec.structs.replace(record, status="withdrawn"))
    ids = tuple(record.id for record in missing)
    return Publication(whole, tally, tuple(withdrawn), ids, tuple(issues))
