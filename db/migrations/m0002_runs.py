"""Runs: what each scrape did, which pages answered in it, and the lock that keeps two runs apart.

``run_listing`` and ``run_listed`` remember the listings of a run, so that going on asks none of them again.
"""

from __future__ import annotations

from sqlite_utils import Database

from db.migrations import migrations

_SCHEMA = (
    """
    CREATE TABLE run (
        key INTEGER PRIMARY KEY,
        source TEXT NOT NULL,
        base_url TEXT NOT NULL,
        scope TEXT NOT NULL,
        ids TEXT NOT NULL,
        outcome TEXT NOT NULL,
        reason TEXT NOT NULL DEFAULT '',
        started TEXT NOT NULL,
        ended TEXT,
        counts TEXT NOT NULL DEFAULT '{}'
    ) STRICT
    """,
    """
    CREATE TABLE run_page (
        run INTEGER NOT NULL REFERENCES run (key) ON DELETE CASCADE,
        service TEXT NOT NULL,
        url TEXT NOT NULL,
        at TEXT NOT NULL,
        status INTEGER NOT NULL,
        digest TEXT,
        PRIMARY KEY (run, service)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX run_page_service ON run_page (service, at)",
    """
    CREATE TABLE run_listing (
        key INTEGER PRIMARY KEY,
        run INTEGER NOT NULL REFERENCES run (key) ON DELETE CASCADE,
        url TEXT NOT NULL,
        at TEXT NOT NULL,
        total INTEGER,
        next_url TEXT,
        UNIQUE (run, url)
    ) STRICT
    """,
    """
    CREATE TABLE run_listed (
        listing INTEGER NOT NULL REFERENCES run_listing (key) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        service TEXT NOT NULL,
        wanted INTEGER NOT NULL,
        PRIMARY KEY (listing, position)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE run_issue (
        key INTEGER PRIMARY KEY,
        run INTEGER NOT NULL REFERENCES run (key) ON DELETE CASCADE,
        kind TEXT NOT NULL,
        subject TEXT NOT NULL,
        place TEXT NOT NULL,
        message TEXT NOT NULL,
        details TEXT NOT NULL,
        times INTEGER NOT NULL,
        at TEXT NOT NULL,
        UNIQUE (run, kind, subject)
    ) STRICT
    """,
    # One row at most: whoever works on the catalogue, and when it last told that it is alive.
    """
    CREATE TABLE run_lock (
        only INTEGER PRIMARY KEY CHECK (only = 1),
        run INTEGER NOT NULL REFERENCES run (key) ON DELETE CASCADE,
        host TEXT NOT NULL,
        process INTEGER NOT NULL,
        beat TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE VIEW run_overview AS
    SELECT run.key AS run, run.source, run.scope, run.outcome, run.reason, run.started, run.ended,
        (SELECT count(*) FROM run_page WHERE run_page.run = run.key) AS pages,
        (SELECT coalesce(sum(times), 0) FROM run_issue WHERE run_issue.run = run.key) AS issues
    FROM run
    """,
)


@migrations()
def m0002_runs(db: Database) -> None:
    """Create the tables of runs, their pages, listings and issues, and the lock."""
    for statement in _SCHEMA:
        db.conn.execute(statement)
