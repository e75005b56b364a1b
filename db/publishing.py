"""What a run has read becomes part of the catalogue, all at once, and services that are missing are noted."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import chain

import msgspec

from catalogue.instants import instant
from catalogue.runs import Example, Publication
from db import readings
from db.archive import Archive
from db.catalogue import Catalogue
from db.derived import Derivation
from db.ingest import ingest


def publish(
    catalogue: Catalogue,
    archive: Archive,
    run: int,
    publication: Publication,
    *,
    at: datetime,
    derivation: Derivation,
    on_progress: Callable[[int], None],
) -> tuple[int, int, int]:
    """Store what a run read since it was last published. To be called inside `Catalogue.atomic`.

    Gives how many services were added, changed and unchanged. ``at`` is when they become part of the
    catalogue; each was last seen when its own page answered.
    """
    token, mark = catalogue.rows("SELECT token, published_to FROM run WHERE key = :run", {"run": run})[0]
    pages = readings.unpublished(archive, token, mark)
    stored = dict(catalogue.rows("SELECT id, digest FROM service"))
    differing = [page.page for page in pages if stored.get(page.service) != page.digest]
    withdrawn = [record.id for record in publication.withdrawn]
    last_seen = dict(
        catalogue.rows(
            "SELECT id, last_seen FROM service WHERE id IN (SELECT value FROM json_each(:ids))",
            {"ids": json.dumps(withdrawn)},
        )
    )
    kept = ingest(
        catalogue,
        chain(readings.records(archive, token, differing), publication.withdrawn),
        at=at,
        run_id=run,
        derivation=derivation,
        on_progress=on_progress,
    )
    connection = catalogue.db.conn
    connection.executemany(
        "UPDATE service SET last_seen = :at, run = :run WHERE id = :id",
        chain(
            ({"at": page.at, "run": run, "id": page.service} for page in pages),
            ({"at": last_seen[id_], "run": run, "id": id_} for id_ in withdrawn),
        ),
    )
    connection.executemany(
        "DELETE FROM missing_service WHERE service = :service", [{"service": page.service} for page in pages]
    )
    connection.executemany(
        "INSERT OR IGNORE INTO missing_service VALUES (:service, :run, :at)",
        [{"service": service, "run": run, "at": instant(at)} for service in publication.missing],
    )
    connection.execute(
        "UPDATE run SET published = :published, published_to = :mark, tally = :tally WHERE key = :run",
        {
            "published": "whole" if publication.whole else "partial",
            "mark": max((page.page for page in pages), default=mark),
            "tally": msgspec.json.encode(publication.tally).decode(),
            "run": run,
        },
    )
    return kept.added, kept.changed, kept.unchanged + len(pages) - len(differing)


def missing_examples(
    catalogue: Catalogue, states: Mapping[str, str], place: str, *, few: bool, most: int
) -> list[Example]:
    """Services that show why a run has too few, or too many, of a lot: those it did not see, or saw first.

    ``place`` is framework and lot, ``states`` what the pages of the run turned out to be.
    """
    framework, _, lot = place.partition("/")
    known = dict(
        catalogue.rows(
            "SELECT service.id, service.url FROM service JOIN framework ON framework.key = service.framework"
            " JOIN lot ON lot.key = service.lot WHERE framework.slug = :framework AND lot.slug = :lot"
            " AND service.status = 'live' ORDER BY service.id",
            {"framework": framework, "lot": lot},
        )
    )
    if not few:
        new = [service for service, state in states.items() if state == "live" and service not in known]
        return [Example(service, "not in the catalogue before") for service in new[:most]]
    lost = [service for service in known if states.get(service) not in ("live", "withdrawn", "expired")]
    return [
        Example(known[service] or service, f"its page was {states.get(service, 'not asked for')}")
        for service in lost[:most]
    ]
