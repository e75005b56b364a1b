"""Projects, the profiles they were given, and the services marked in them.

A profile is kept by its digest and never changed, so that whatever is recorded later can name the very text
it rested on. A mark refers to the service by its marketplace id; a marked service cannot be deleted.
"""

from __future__ import annotations

from sqlite_utils import Database

from db.migrations import migrations

_SCHEMA = (
    """
    CREATE TABLE profile (
        digest TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        text TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE project (
        key INTEGER PRIMARY KEY,
        folded_name TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        created TEXT NOT NULL,
        profile TEXT REFERENCES profile (digest)
    ) STRICT
    """,
    """
    CREATE TABLE mark (
        key INTEGER PRIMARY KEY,
        project INTEGER NOT NULL REFERENCES project (key) ON DELETE CASCADE,
        service TEXT NOT NULL REFERENCES service (id) DEFERRABLE INITIALLY DEFERRED,
        note TEXT NOT NULL,
        time TEXT NOT NULL,
        digest TEXT NOT NULL,
        UNIQUE (project, service)
    ) STRICT
    """,
    "CREATE INDEX mark_service ON mark (service)",
    """
    CREATE VIEW shortlist AS
    SELECT project.name AS project, service_overview.id AS service, service_overview.name,
        service_overview.supplier, service_overview.status, mark.note, mark.time AS marked
    FROM mark
    JOIN project ON project.key = mark.project
    JOIN service_overview ON service_overview.id = mark.service
    ORDER BY mark.key
    """,
)


@migrations()
def m0003_projects(db: Database) -> None:
    """Create the tables of projects and marks, and a view of every shortlist."""
    for statement in _SCHEMA:
        db.conn.execute(statement)
