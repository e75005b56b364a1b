"""Records out of the catalogue, equal to those that went in, and what the catalogue holds altogether."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import cache
from hashlib import sha256
from importlib import resources
from itertools import islice
from typing import Any, TypeVar

import msgspec

from catalogue.model import CatalogueSummary, FacetCount
from catalogue.records import (
    Answer,
    Document,
    FrameworkRef,
    LotRef,
    Section,
    ServiceRecord,
    SupplierRef,
)
from db.catalogue import Catalogue
from db.passes import part_of_a_pass

T = TypeVar("T")

#: Records read at a time when there are many.
_BATCH = 500

_SERVICES = """
SELECT service.key, service.id, url, status, framework.slug, framework.name, lot.slug, lot.name, supplier.id,
    supplier.name, service.name, description, price, category_count, feature_count, benefit_count,
    document_count, section_count, structured
FROM json_each(:keys) AS wanted
CROSS JOIN service ON service.key = wanted.value
JOIN framework ON framework.key = service.framework
JOIN lot ON lot.key = service.lot
JOIN supplier ON supplier.key = service.supplier
"""


def read_record(catalogue: Catalogue, id: str) -> ServiceRecord | None:
    """The record with this id, or ``None`` where the catalogue has none."""
    return next(read_records(catalogue, (id,)), None)


def read_records(catalogue: Catalogue, ids: Iterable[str]) -> Iterator[ServiceRecord]:
    """The records with these ids, in the order of the ids; unknown ids are left out."""
    remaining = iter(ids)
    while wanted := list(islice(remaining, _BATCH)):
        keys = [
            key
            for (key,) in catalogue.rows(
                "SELECT service.key FROM json_each(:ids) AS wanted"
                " CROSS JOIN service ON service.id = wanted.value ORDER BY wanted.key",
                {"ids": json.dumps(wanted)},
            )
        ]
        found = records_by_key(catalogue, keys)
        yield from (found[key] for key in keys)


def dump_records(catalogue: Catalogue) -> Iterator[ServiceRecord]:
    """Every record, ordered by id. Inside `Catalogue.snapshot` they are all of one moment."""
    keys = iter([key for (key,) in catalogue.rows("SELECT key FROM service ORDER BY id")])
    while wanted := list(islice(keys, _BATCH)):
        found = records_by_key(catalogue, wanted)
        yield from (found[key] for key in wanted)


def known_ids(catalogue: Catalogue, ids: Iterable[str] | None = None) -> set[str]:
    """Which of these ids the catalogue has; without ``ids``, all that it has."""
    if ids is None:
        return {service for (service,) in catalogue.rows("SELECT id FROM service")}
    listed = json.dumps(list(ids))
    return {
        service
        for (service,) in catalogue.rows(
            "SELECT id FROM service WHERE id IN (SELECT value FROM json_each(:ids))", {"ids": listed}
        )
    }


def a_live_service(catalogue: Catalogue) -> str | None:
    """The id of a live service of the marketplace, the one seen last; ``None`` where there is none."""
    rows = catalogue.rows(
        "SELECT id FROM service WHERE status = 'live' AND id GLOB '[0-9]*' AND length(id) = 15"
        " ORDER BY last_seen DESC, id LIMIT 1"
    )
    return str(rows[0][0]) if rows else None


def live_services(catalogue: Catalogue) -> list[tuple[str, int]]:
    """The ids and keys of the services that can be bought, ordered by id."""
    # Read as they lie and sorted then: by an index, each would be looked up by itself.
    return catalogue.remembered(
        "live services",
        lambda: catalogue.rows("SELECT id, key FROM service NOT INDEXED WHERE status = 'live' ORDER BY id"),
    )


def summary(catalogue: Catalogue, *, counted: bool = True) -> CatalogueSummary:
    """Counts, the time of the newest record, and the digest that identifies exactly these records.

    Where it is not ``counted`` what lots and frameworks have, the rest is told a good deal sooner.
    """
    services, live, newest = catalogue.rows(
        "SELECT count(*), count(*) FILTER (WHERE status = 'live'), max(last_seen) FROM service"
    )[0]
    return CatalogueSummary(
        services=services,
        live=live,
        by_lot=_counts(catalogue, "lot") if counted else (),
        by_framework=_counts(catalogue, "framework") if counted else (),
        newest=datetime.fromisoformat(newest) if newest else None,
        digest=catalogue_digest(catalogue),
        fictional=_is_fictional(catalogue, services),
        partial=part_of_a_pass(catalogue),
    )


def catalogue_digest(catalogue: Catalogue) -> str:
    """``sha256:`` and the SHA-256 over id and record digest of every service, ordered by id.

    Worked out once after each change, and kept where the catalogue may be written.
    """
    kept = catalogue.note("digest")
    if kept is not None:
        return kept
    digest = sha256()
    for service, record in catalogue.rows("SELECT id, digest FROM service NOT INDEXED ORDER BY id"):
        digest.update(f"{service}\n{record}\n".encode())
    worked_out = f"sha256:{digest.hexdigest()}"
    if not catalogue.read_only and not catalogue.db.conn.in_transaction:
        with catalogue.atomic():
            catalogue.take_note("digest", worked_out)
    return worked_out


def records_by_key(catalogue: Catalogue, keys: list[int]) -> dict[int, ServiceRecord]:
    """The records with these keys of table ``service``."""
    wanted = {"keys": json.dumps(keys)}
    paths: dict[int, tuple[str, ...]] = catalogue.remembered("category paths", dict)
    features = _grouped(catalogue, "SELECT service, text FROM feature", wanted, _only)
    benefits = _grouped(catalogue, "SELECT service, text FROM benefit", wanted, _only)
    documents = _grouped(
        catalogue, "SELECT service, name, url FROM document", wanted, lambda row: Document(row[1], row[2])
    )
    categories = _grouped(
        catalogue,
        "SELECT service, category FROM service_category",
        wanted,
        lambda row: _path(catalogue, paths, row[1]),
    )
    sections = _sections(catalogue, wanted)
    records: dict[int, ServiceRecord] = {}
    for row in catalogue.rows(_SERVICES, wanted):
        key = row[0]
        records[key] = ServiceRecord(
            id=row[1],
            url=row[2],
            status=row[3],
            framework=FrameworkRef(row[4], row[5]),
            lot=LotRef(row[6], row[7]),
            supplier=SupplierRef(id=row[8], name=row[9]),
            name=row[10],
            description=row[11],
            price=row[12],
            categories=_stated(row[13], categories, key),
            features=_stated(row[14], features, key),
            benefits=_stated(row[15], benefits, key),
            documents=_stated(row[16], documents, key),
            sections=_stated(row[17], sections, key),
            structured=None if row[18] is None else msgspec.json.decode(row[18]),
        )
    return records


def _stated(count: int | None, values: dict[int, list[T]], key: int) -> tuple[T, ...] | None:
    """The values of a service; ``None`` where its page states nothing."""
    return None if count is None else tuple(values.get(key, ()))


def _only(row: tuple[Any, ...]) -> str:
    return str(row[1])


def _grouped(
    catalogue: Catalogue, select: str, wanted: dict[str, str], read: Callable[[tuple[Any, ...]], T]
) -> dict[int, list[T]]:
    """Rows below ``service``, read and gathered by its key, in the order of the page."""
    gathered: dict[int, list[T]] = {}
    among = "WHERE service IN (SELECT value FROM json_each(:keys)) ORDER BY service, position"
    sql = f"{select} {among}"
    for row in catalogue.rows(sql, wanted):
        gathered.setdefault(row[0], []).append(read(row))
    return gathered


def _sections(catalogue: Catalogue, wanted: dict[str, str]) -> dict[int, list[Section]]:
    answers: dict[int, list[tuple[str, list[str]]]] = {}
    rows = catalogue.rows(
        "SELECT answer.service, answer.position, question.label, value.text FROM answer"
        " JOIN question ON question.key = answer.question LEFT JOIN value ON value.key = answer.value"
        " WHERE answer.service IN (SELECT value FROM json_each(:keys))"
        " ORDER BY answer.service, answer.position, answer.place",
        wanted,
    )
    last_service = last_position = -1
    values: list[str] = []
    for service, position, label, text in rows:
        if position != last_position or service != last_service:
            last_service, last_position, values = service, position, []
            answers.setdefault(service, []).append((label, values))
        if text is not None:
            values.append(text)
    rest = {service: iter(found) for service, found in answers.items()}

    def section(row: tuple[Any, ...]) -> Section:
        found = islice(rest.get(row[0], iter(())), row[2])
        return Section(row[1], tuple([Answer(label, tuple(values)) for label, values in found]))

    return _grouped(
        catalogue,
        "SELECT service, heading.name, answers FROM section JOIN heading ON heading.key = section.heading",
        wanted,
        section,
    )


def _path(catalogue: Catalogue, paths: dict[int, tuple[str, ...]], category: int | None) -> tuple[str, ...]:
    """The path of a category from the root. The tree is small and read once per connection, and grows."""
    if category is None:
        return ()
    if category not in paths:
        paths.update(category_paths(catalogue))
    return paths[category]


def category_paths(catalogue: Catalogue) -> dict[int, tuple[str, ...]]:
    """The path of every category from the root, by its key."""
    paths: dict[int, tuple[str, ...]] = {}
    for key, parent, name in catalogue.rows("SELECT key, parent, name FROM category ORDER BY key"):
        # A parent is always added before its children.
        paths[key] = (*paths.get(parent, ()), name)
    return paths


def _counts(catalogue: Catalogue, table: str) -> tuple[FacetCount, ...]:
    rows = catalogue.rows(
        f"SELECT {table}.slug, max({table}.name), count(*) AS services FROM service"  # noqa: S608
        f" JOIN {table} ON {table}.key = service.{table} GROUP BY 1 ORDER BY services DESC, 1"
    )
    return tuple(FacetCount(slug, name or slug, count) for slug, name, count in rows)


def _is_fictional(catalogue: Catalogue, services: int) -> bool:
    """Whether every record is of the sample that ships with Longlist."""
    return 0 < services <= len(_sample_ids()) and are_fictional(known_ids(catalogue))


def are_fictional(service_ids: Iterable[str]) -> bool:
    """Whether all of these services are of the sample that ships with Longlist."""
    return _sample_ids().issuperset(service_ids)


@cache
def _sample_ids() -> frozenset[str]:
    files = [file for file in resources.files("catalogue.sample").iterdir() if file.name.endswith(".jsonl")]
    return frozenset(
        msgspec.json.decode(line)["id"] for file in files for line in file.read_bytes().splitlines() if line
    )
