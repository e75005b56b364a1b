"""Awards: which public body bought what from whom, and the windows of time that were asked for whole.

Whose award a row is of the catalogue's suppliers is worked out when it is asked: names of both sides change.
``award.amount`` is text with all its decimals. Contact points of people are not stored.
"""

from __future__ import annotations

from sqlite_utils import Database

from db.migrations import migrations

_SCHEMA = (
    """
    CREATE TABLE award (
        key INTEGER PRIMARY KEY,
        publisher TEXT NOT NULL,
        id TEXT NOT NULL,
        released TEXT NOT NULL,
        title TEXT NOT NULL,
        buyer TEXT NOT NULL,
        buyer_types TEXT NOT NULL,
        status TEXT,
        awarded TEXT,
        starts TEXT,
        ends TEXT,
        amount TEXT,
        currency TEXT,
        method TEXT,
        url TEXT,
        UNIQUE (publisher, id)
    ) STRICT
    """,
    """
    CREATE TABLE award_supplier (
        award INTEGER NOT NULL REFERENCES award (key) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        name TEXT NOT NULL,
        identifiers TEXT NOT NULL,
        PRIMARY KEY (award, position)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX award_supplier_name ON award_supplier (name, identifiers)",
    """
    CREATE TABLE award_reference (
        award INTEGER NOT NULL REFERENCES award (key) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        agreement TEXT NOT NULL,
        framework TEXT,
        PRIMARY KEY (award, position)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX award_reference_agreement ON award_reference (agreement)",
    """
    CREATE TABLE fetched_window (
        source TEXT NOT NULL,
        publisher TEXT NOT NULL,
        base_url TEXT NOT NULL,
        scope TEXT NOT NULL,
        starts TEXT NOT NULL,
        ends TEXT NOT NULL,
        at TEXT NOT NULL,
        PRIMARY KEY (source, publisher, base_url, scope, starts, ends)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE VIEW award_overview AS
    SELECT award.publisher, award.id, award.awarded, award.buyer, award_supplier.name AS supplier,
        award.title,
        CAST(award.amount AS REAL) AS amount, award.currency, award.starts, award.ends, award.url,
        (SELECT group_concat(agreement, ', ') FROM
            (SELECT agreement FROM award_reference WHERE award_reference.award = award.key ORDER BY position)
        ) AS agreements
    FROM award
    JOIN award_supplier ON award_supplier.award = award.key
    """,
)


@migrations()
def m0031_awards(db: Database) -> None:
    """Create the tables of awards and of the windows fetched, and a view of every award by supplier."""
    for statement in _SCHEMA:
        db.conn.execute(statement)
