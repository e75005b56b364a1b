"""Runs are judged before they are published, and what a server asked for is remembered.

Pages are no longer remembered here but in the page archive beside the catalogue, under the ``token`` of their
run. ``published`` says how much of a run is in the catalogue, ``published_to`` up to which page of the
archive, and ``tally`` is what later runs are judged by. ``missing_service`` are the services whose pages were
not there when a run asked: they are withdrawn when a second run finds the same.
"""

from __future__ import annotations

from sqlite_utils import Database

from db.migrations import migrations

_SCHEMA = (
    "ALTER TABLE run ADD COLUMN token TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE run ADD COLUMN published TEXT NOT NULL DEFAULT 'nothing'"
    " CHECK (published IN ('nothing', 'partial', 'whole'))",
    "ALTER TABLE run ADD COLUMN published_to INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE run ADD COLUMN tally TEXT NOT NULL DEFAULT '{}'",
    # 1 for an issue of a page in the archive: those are written when a part of the run ends.
    "ALTER TABLE run_issue ADD COLUMN of_page INTEGER NOT NULL DEFAULT 0",
    "DROP VIEW run_overview",
    "DROP TABLE run_page",
    """
    CREATE VIEW run_overview AS
    SELECT run.key AS run, run.source, run.scope, run.outcome, run.published, run.reason, run.started,
        run.ended, coalesce(json_extract(run.counts, '$.answered'), 0) AS pages,
        (SELECT coalesce(sum(times), 0) FROM run_issue WHERE run_issue.run = run.key) AS issues
    FROM run
    """,
    """
    CREATE TABLE missing_service (
        service TEXT PRIMARY KEY REFERENCES service (id) ON DELETE CASCADE,
        run INTEGER NOT NULL REFERENCES run (key) ON DELETE CASCADE,
        at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE pace (
        base_url TEXT PRIMARY KEY,
        delay_seconds REAL NOT NULL,
        pause_seconds REAL NOT NULL,
        at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
)


@migrations()
def m0010_publishing(db: Database) -> None:
    """Add what judging and publishing of runs need, and leave the pages of runs to the archive."""
    for statement in _SCHEMA:
        db.conn.execute(statement)
