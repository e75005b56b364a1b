"""Which words each service has, and in which fields: what a match in a large catalogue is chosen by.

``service_words`` says in which block, and at which place of it, the words of a service are noted.
``word_block`` holds what the services of a block have of a word. Its key is the block's times 2 to the power
of 20 plus that of ``indexed_word``; ``held`` has four bytes, little-endian, for each service with the word:
its place times 4096, and the fields that have the word (see `db.service_words`).
"""

from __future__ import annotations

from sqlite_utils import Database

from db.migrations import migrations

_SCHEMA = (
    "CREATE TABLE indexed_word (key INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE) STRICT",
    """
    CREATE TABLE service_words (
        service INTEGER PRIMARY KEY REFERENCES service (key) ON DELETE CASCADE,
        block INTEGER NOT NULL,
        place INTEGER NOT NULL
    ) STRICT
    """,
    "CREATE INDEX service_words_of_block ON service_words (block)",
    "CREATE TABLE word_block (key INTEGER PRIMARY KEY, held BLOB NOT NULL) STRICT",
)


@migrations()
def m0050_service_words(db: Database) -> None:
    """Create the words of the catalogue and of each service; opening it to write fills them."""
    for statement in _SCHEMA:
        db.execute(statement)
