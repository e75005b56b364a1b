"""Agreements of the Government Commercial Agency, their lots and the suppliers on them.

``agreement_supplier.lot`` is empty where the source names suppliers of an agreement without its lots.
``run`` is the run that saw a row last: a complete list that no longer shows a supplier removes it.
"""

from __future__ import annotations

from sqlite_utils import Database

from db.migrations import migrations

_SCHEMA = (
    """
    CREATE TABLE agreement (
        number TEXT PRIMARY KEY,
        title TEXT NOT NULL,
        status TEXT,
        type TEXT,
        pillar TEXT,
        category TEXT,
        regulation TEXT,
        summary TEXT,
        starts TEXT,
        ends TEXT,
        first_seen TEXT NOT NULL,
        last_seen TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE agreement_lot (
        agreement TEXT NOT NULL REFERENCES agreement (number) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        number TEXT NOT NULL,
        title TEXT,
        status TEXT,
        ends TEXT,
        PRIMARY KEY (agreement, position)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE agreement_supplier (
        agreement TEXT NOT NULL REFERENCES agreement (number) ON DELETE CASCADE,
        lot TEXT NOT NULL,
        id TEXT NOT NULL,
        name TEXT NOT NULL,
        trading_name TEXT,
        duns TEXT,
        website TEXT,
        run INTEGER NOT NULL,
        PRIMARY KEY (agreement, lot, id)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX agreement_supplier_name ON agreement_supplier (name)",
)


@migrations()
def m0030_agreements(db: Database) -> None:
    """Create the tables of agreements, their lots and their suppliers."""
    for statement in _SCHEMA:
        db.conn.execute(statement)
