"""Public bodies as a register names them, to complete the profile of an organisation."""

from __future__ import annotations

from sqlite_utils import Database

from db.migrations import migrations


@migrations()
def m0032_bodies(db: Database) -> None:
    """Create the table of public bodies."""
    db.conn.execute(
        """
        CREATE TABLE public_body (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            type TEXT,
            abbreviation TEXT,
            url TEXT,
            closed INTEGER NOT NULL,
            last_seen TEXT NOT NULL
        ) STRICT, WITHOUT ROWID
        """
    )
