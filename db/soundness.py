"""Whether SQLite can do what a catalogue needs, and whether a catalogue file is whole."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from db.catalogue import Catalogue

#: What a catalogue is made of -> a statement that only an SQLite with it can run.
_NEEDS = {
    "STRICT tables": "CREATE TABLE strict_table (a INTEGER) STRICT",
    "full-text search (FTS5)": "CREATE VIRTUAL TABLE words USING fts5 (a, tokenize = 'porter unicode61')",
    "upsert": "INSERT INTO upserted VALUES (1) ON CONFLICT DO UPDATE SET a = 2 RETURNING a",
}
#: Damage is told by its first signs; a thousand lines of it say no more.
_FEW = 5


def missing_abilities() -> list[str]:
    """What this Python's SQLite lacks of what a catalogue needs."""
    missing = []
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE upserted (a INTEGER PRIMARY KEY)")
        for ability, statement in _NEEDS.items():
            try:
                connection.execute(statement).fetchall()
            except sqlite3.Error:
                missing.append(ability)
    return missing


def damage(catalogue: Catalogue) -> list[str]:
    """The first signs of damage that SQLite finds in the file's pages and indexes; empty when it is whole."""
    found = [str(row[0]) for row in catalogue.rows(f"PRAGMA integrity_check ({_FEW})")]
    return [] if found == ["ok"] else found


def dangling(catalogue: Catalogue) -> list[str]:
    """Rows that refer to what is not there, as ``table -> table: number of rows``."""
    found = catalogue.rows(
        'SELECT "table", parent, count(*) FROM pragma_foreign_key_check GROUP BY 1, 2 ORDER BY 1, 2'
    )
    return [f"{table} -> {parent}: {number}" for table, parent, number in found]


def unindexed(catalogue: Catalogue) -> int:
    """How many services full-text search cannot find, because its index has no entry for them."""
    found = catalogue.rows(
        "SELECT count(*) FROM service WHERE key NOT IN (SELECT id FROM service_fts_docsize)"
    )
    return int(found[0][0])
