"""Projects as their audit trails: every entry of each, the records they were judged by, and where they stand.

An entry can be added and never changed, moved or removed by any tool; only its document can be taken out,
when a project is deleted. What `longlisted` holds follows from the trail and is there for other tools.

Projects, profiles and marks of before become the first entry of a trail each: nothing is lost. Which project
had which of the profiles that are in use no longer is not known, so that every project keeps them all.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlite_utils import Database

from catalogue.canonical import canonical
from catalogue.instants import instant
from db.migrations import migrations

if TYPE_CHECKING:
    from catalogue.audit import Entry

_SCHEMA = (
    "DROP VIEW shortlist",
    "DROP TABLE mark",
    "DROP TABLE project",
    "DROP TABLE profile",
    """
    CREATE TABLE project (
        key INTEGER PRIMARY KEY,
        folded_name TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE entry (
        project INTEGER NOT NULL REFERENCES project (key),
        number INTEGER NOT NULL,
        time TEXT NOT NULL,
        action TEXT NOT NULL,
        inputs TEXT NOT NULL,
        contents TEXT NOT NULL,
        previous TEXT NOT NULL,
        digest TEXT NOT NULL,
        document TEXT,
        PRIMARY KEY (project, number)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TRIGGER entry_follows BEFORE INSERT ON entry
    WHEN new.number != 1 + (SELECT count(*) FROM entry WHERE project = new.project)
    BEGIN SELECT raise(ABORT, 'an entry of a trail follows the last one'); END
    """,
    """
    CREATE TRIGGER entry_stays BEFORE DELETE ON entry
    BEGIN SELECT raise(ABORT, 'entries of a trail are never removed'); END
    """,
    """
    CREATE TRIGGER entry_is_kept BEFORE UPDATE ON entry
    WHEN new.document IS NOT NULL OR (new.project, new.number, new.time, new.action, new.inputs, new.contents,
        new.previous, new.digest) IS NOT (old.project, old.number, old.time, old.action, old.inputs,
        old.contents, old.previous, old.digest)
    BEGIN SELECT raise(ABORT, 'entries of a trail are never changed'); END
    """,
    """
    CREATE TABLE kept_record (
        project INTEGER NOT NULL REFERENCES project (key),
        digest TEXT NOT NULL,
        record TEXT NOT NULL,
        PRIMARY KEY (project, digest)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE longlisted (
        project INTEGER NOT NULL REFERENCES project (key),
        place INTEGER NOT NULL,
        service TEXT NOT NULL,
        fate TEXT NOT NULL CHECK (fate IN ('open', 'shortlisted', 'rejected')),
        requirement TEXT,
        because TEXT NOT NULL,
        note TEXT NOT NULL,
        actor TEXT,
        time TEXT NOT NULL,
        digest TEXT NOT NULL,
        PRIMARY KEY (project, place),
        UNIQUE (project, service)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX longlisted_service ON longlisted (service)",
    """
    CREATE VIEW longlist AS
    SELECT project.name AS project, place, service,
        coalesce(json_extract(record, '$.name'), service_overview.name) AS name,
        coalesce(json_extract(record, '$.supplier.name'), service_overview.supplier) AS supplier,
        fate, requirement, because, note, actor, time, service_overview.status
    FROM longlisted
    JOIN project ON project.key = longlisted.project
    LEFT JOIN kept_record ON kept_record.project = longlisted.project
        AND kept_record.digest = longlisted.digest
    LEFT JOIN service_overview ON service_overview.id = longlisted.service
    ORDER BY longlisted.project, place
    """,
    """
    CREATE VIEW shortlist AS
    SELECT project, service, name, supplier, status, note, time AS marked FROM longlist
    WHERE fate = 'shortlisted'
    """,
    """
    CREATE VIEW audit_trail AS
    SELECT project.name AS project, number, time, action, json_extract(document, '$.actor') AS actor,
        json_extract(document, '$.details') AS details, inputs, digest
    FROM entry JOIN project ON project.key = entry.project
    ORDER BY entry.project, number
    """,
)


@migrations()
def m0040_trail(db: Database) -> None:
    """Make the tables of trails, and an entry each of the projects of before."""
    carried = _carried(db)
    for statement in _SCHEMA:
        db.conn.execute(statement)
    now = instant(datetime.now(UTC))
    for key, folded_name, details in carried:
        db.conn.execute(
            "INSERT INTO project VALUES (:key, :folded_name, :name)",
            {"key": key, "folded_name": folded_name, "name": details["name"]},
        )
        entry = _entry(details, now)
        db.conn.execute(
            "INSERT INTO entry VALUES (:project, 1, :time, :action, :inputs, :contents, :previous, :digest,"
            " :document)",
            {
                "project": key,
                "time": entry.time,
                "action": entry.action,
                "inputs": canonical(dict(entry.inputs)),
                "contents": entry.contents,
                "previous": entry.previous,
                "digest": entry.digest,
                "document": entry.document,
            },
        )
        db.conn.executemany(
            "INSERT INTO longlisted VALUES (:project, :place, :service_id, 'shortlisted', NULL, '', :note,"
            " NULL, :time, :digest)",
            ({"project": key, "place": place} | mark for place, mark in enumerate(details["marks"])),
        )


def _entry(details: dict[str, Any], now: str) -> Entry:
    """The first entry of the trail of a project."""
    # Every command reads this file, and only a catalogue with projects of before needs what these load.
    from catalogue.audit import NOTHING_BEFORE, sealed  # noqa: PLC0415
    from catalogue.project import Listed, snapshot_digest  # noqa: PLC0415
    from catalogue.project.values import By  # noqa: PLC0415

    inputs: dict[str, str] = {}
    if marks := details["marks"]:
        inputs["records"] = snapshot_digest(
            Listed(mark["service_id"], mark["digest"], By(datetime.fromisoformat(mark["time"])))
            for mark in marks
        )
    if details["profile"]:
        inputs["profile"] = details["profile"]["digest"]
    return sealed(
        number=1,
        time=now,
        action="carry-over",
        inputs=inputs,
        document=canonical({"actor": None, "details": details, "salt": secrets.token_hex(16)}),
        previous=NOTHING_BEFORE,
    )


def _carried(db: Database) -> list[tuple[int, str, dict[str, Any]]]:
    """Key, folded name and details of each project there is."""
    profiles = {
        digest: {"name": name, "digest": digest, "text": text}
        for digest, name, text in db.conn.execute("SELECT digest, name, text FROM profile ORDER BY digest")
    }
    projects = db.conn.execute(
        "SELECT key, folded_name, name, created, profile FROM project ORDER BY key"
    ).fetchall()
    in_use = {profile for *_, profile in projects}
    earlier = [profile for digest, profile in profiles.items() if digest not in in_use]
    found = []
    for key, folded_name, name, created, profile in projects:
        marks = db.conn.execute(
            "SELECT service, note, time, digest FROM mark WHERE project = :project ORDER BY key",
            {"project": key},
        )
        details = {
            "action": "carry-over",
            "name": name,
            "created": created,
            "profile": profiles.get(profile),
            "marks": [
                {"service_id": service, "note": note, "time": time, "digest": digest}
                for service, note, time, digest in marks
            ],
            "earlier": earlier,
        }
        found.append((key, folded_name, details))
    return found
