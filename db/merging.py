"""What somebody else's catalogue has published, taken into this one: services, their times and their history.

It happens in one transaction of the catalogue itself, so that whoever has it open (the interface, a command)
sees the state before or the state after and is never left with a file that is gone. Nothing that is here is
lost: projects with their trails and run log are not touched, a service that the copy lacks stays, and so does
one that was seen here more recently than there. The pull itself is written into the run log.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from catalogue.errors import LockHeld
from catalogue.health import PULL
from catalogue.instants import instant
from catalogue.manifest import Manifest
from catalogue.runs import Outcome, RunCounts
from db.catalogue import Catalogue
from db.companions import take_companions
from db.ingest import ingest
from db.reading import read_records
from db.run_lock import STALE_AFTER


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of the services. ``kept`` are those here that the copy lacks or saw less recently."""

    run: int
    added: int
    changed: int
    unchanged: int
    kept: int


@dataclass(frozen=True, slots=True)
class _Plan:
    """Which services of the copy to take, and what is known of each there; ``changes`` by service."""

    times: dict[str, tuple[str, str, str]]
    differing: tuple[str, ...]
    changes: dict[str, list[tuple[Any, ...]]]
    known: frozenset[str]

    @property
    def explained(self) -> list[str]:
        """Services that are here already and differ, whose history there says how."""
        return [service for service in self.differing if service in self.known and service in self.changes]


def take_in(
    catalogue: Catalogue,
    copy: Catalogue,
    manifest: Manifest,
    *,
    url: str,
    at: datetime,
    on_progress: Callable[[int], None] = lambda _: None,
) -> Taken:
    """Bring in what ``copy`` holds; ``at`` (aware) is when, ``url`` where it was published.

    ``on_progress`` is told how many services were stored. Raises `LockHeld` while a run works here.
    """
    with catalogue.atomic() as db:
        _check_free(catalogue, at)
        plan = _plan(catalogue, copy)
        run = _begin(catalogue, url, at)
        last_change = catalogue.rows("SELECT coalesce(max(key), 0) FROM change")[0][0]
        done = ingest(
            catalogue,
            read_records(copy, plan.differing),
            at=at,
            run_id=run,
            on_progress=on_progress,
        )
        # Storing wrote down what differs from here; where the copy tells how it came about, that counts.
        db.conn.execute(
            "DELETE FROM change WHERE key > :last AND service IN"
            " (SELECT key FROM service WHERE id IN (SELECT value FROM json_each(:explained)))",
            {"last": last_change, "explained": json.dumps(plan.explained)},
        )
        db.conn.executemany(
            "INSERT INTO change (service, at, run, field, question, before, after)"
            " SELECT key, :at, :run, :field, :question, :before, :after FROM service WHERE id = :service",
            _history(plan, run),
        )
        db.conn.executemany(
            "UPDATE service SET first_seen = min(first_seen, :first_seen), last_seen = :last_seen,"
            " run = :run, changed = coalesce(:changed, changed) WHERE id = :service",
            _times(plan, run),
        )
        take_companions(catalogue, copy, run=run)
        services = catalogue.rows("SELECT count(*) FROM service")[0][0]
        taken = Taken(
            run,
            done.added,
            done.changed,
            len(plan.times) - done.added - done.changed,
            services - len(plan.times),
        )
        _end(catalogue, taken, manifest, url, at)
    return taken


def _check_free(catalogue: Catalogue, at: datetime) -> None:
    for run, beat in catalogue.rows("SELECT run, beat FROM run_lock"):
        if abs(at - datetime.fromisoformat(beat)) <= STALE_AFTER:
            raise LockHeld(
                f"{catalogue.path}: run {run} works on this catalogue (last heard of at {beat}); pull again "
                f"when it has ended"
            )


def _plan(catalogue: Catalogue, copy: Catalogue) -> _Plan:
    """What to take: all that was seen there no less recently than here."""
    here = {
        service: (digest, seen)
        for service, digest, seen in catalogue.rows("SELECT id, digest, last_seen FROM service")
    }
    times: dict[str, tuple[str, str, str]] = {}
    differing: list[str] = []
    for service, digest, first_seen, changed, last_seen in copy.rows(
        "SELECT id, digest, first_seen, changed, last_seen FROM service ORDER BY key"
    ):
        mine, seen = here.get(service, ("", ""))
        if last_seen < seen:
            continue
        times[service] = (first_seen, changed, last_seen)
        if digest != mine:
            differing.append(service)
    history = copy.rows(
        "SELECT service.id, change.at, field, question, before, after FROM change"
        " JOIN service ON service.key = change.service ORDER BY service.key, change.key"
    )
    # What happened up to the moment at which a service was seen here is in the history here.
    changes = {
        service: fresh
        for service, rows in groupby(history, key=lambda row: row[0])
        if service in times and (fresh := [row for row in rows if row[1] > here.get(service, ("", ""))[1]])
    }
    return _Plan(times, tuple(differing), changes, frozenset(here))


def _history(plan: _Plan, run: int) -> Iterator[dict[str, object]]:
    names = ("service", "at", "field", "question", "before", "after")
    for rows in plan.changes.values():
        yield from (dict(zip(names, row, strict=True)) | {"run": run} for row in rows)


def _times(plan: _Plan, run: int) -> Iterator[dict[str, object]]:
    """When each service was seen there; where nobody knows when it changed, it did when it was taken in."""
    unexplained = set(plan.differing) & plan.known - set(plan.explained)
    for service, (first_seen, changed, last_seen) in plan.times.items():
        yield {
            "service": service,
            "first_seen": first_seen,
            "changed": None if service in unexplained else changed,
            "last_seen": last_seen,
            "run": run,
        }


def _begin(catalogue: Catalogue, url: str, at: datetime) -> int:
    run = catalogue.db.conn.execute(
        "INSERT INTO run (source, base_url, scope, ids, outcome, started)"
        " VALUES (:source, :url, 'published', '', :outcome, :at)",
        {"source": PULL, "url": url, "outcome": Outcome.RUNNING.value, "at": instant(at)},
    ).lastrowid
    assert run is not None
    return run


def _end(catalogue: Catalogue, taken: Taken, manifest: Manifest, url: str, at: datetime) -> None:
    counts = RunCounts(
        listed=manifest.catalogue.services,
        added=taken.added,
        changed=taken.changed,
        unchanged=taken.unchanged,
    )
    catalogue.db.conn.execute(
        "UPDATE run SET outcome = :outcome, counts = :counts, ended = :at, published = 'whole'"
        " WHERE key = :run",
        {
            "outcome": Outcome.FINISHED.value,
            "counts": json.dumps(asdict(counts)),
            "at": instant(at),
            "run": taken.run,
        },
    )
    note = {
        "url": url,
        "sha256": manifest.sha256,
        "published": manifest.published,
        "at": instant(at),
        "sources": [
            {"source": run.source, "scope": run.scope, "last_good": run.last_good} for run in manifest.sources
        ],
    }
    catalogue.take_note("pulled", json.dumps(note))
