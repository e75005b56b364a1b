"""A copy of a catalogue for others: made without what is private, packed, and opened again with suspicion.

What is shared is named here, table by table. Everything else (projects, profiles, run logs, whatever a later
change of the schema adds) is left out unless somebody decides otherwise.
"""

from __future__ import annotations

import lzma
import sqlite3
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from catalogue.errors import CatalogueError
from db.catalogue import Catalogue, explained, open_catalogue
from db.soundness import damage, dangling

#: Tables whose rows are shared: what pages show, what is read out of them, and their history.
SHARED = frozenset(
    {
        *("framework", "lot", "supplier", "service", "feature", "benefit", "document", "category"),
        *("service_category", "heading", "question", "value", "section", "answer", "choice", "price"),
        *("change", "word"),
        *("agreement", "agreement_lot", "agreement_supplier"),
        *("award", "award_supplier", "award_reference", "public_body"),
    }
)
#: Facts of table ``meta`` that are shared too: what the derived tables and the digest rest on.
_NOTES = ("derived", "digest", "generation", "service words")
#: The full-text index is two thirds of a packed catalogue; whoever takes services in makes its own, and notes
#: the words of services anew.
_INDEX = "service_fts"
#: Columns that name a run of the catalogue that was copied: nobody else has its run log.
_OF_A_RUN = ("service", "change")

#: A preset of xz: 45,000 services come to 45 MB in 9 seconds; the next ones gain a tenth in four times that.
_PRESET = 1
#: Memory that unpacking may take: preset 1 needs 2 MB, the strongest 65 MB.
_UNPACKING_MEMORY = 128 * 1024 * 1024
_PIECE = 1024 * 1024


def write_shared_copy(catalogue: Catalogue, target: Path) -> None:
    """Write what may be shared of a catalogue to a new file, as small as SQLite makes it, for reading only.

    ``target`` must not exist and must lie where nobody else looks: on its way the file holds everything.
    """
    with explained(catalogue.path):
        catalogue.db.conn.execute("VACUUM INTO :target", {"target": str(target)})
    with explained(target), closing(sqlite3.connect(target, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = off")
        connection.execute("PRAGMA journal_mode = off")
        connection.execute("BEGIN")
        _empty(connection)
        connection.execute("COMMIT")
        connection.execute("VACUUM")
        connection.execute("PRAGMA journal_mode = delete")


def _empty(connection: sqlite3.Connection) -> None:
    """Remove what is not shared: rows, not tables, so that the copy opens like any other catalogue."""
    connection.execute(f"INSERT INTO {_INDEX} ({_INDEX}) VALUES ('delete-all')")  # noqa: S608
    rows = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
        " AND name NOT LIKE 'sqlite~_%' ESCAPE '~' AND name NOT LIKE '~_sqlite~_%' ESCAPE '~'"
    ).fetchall()
    private = {name for (name,) in rows if not name.startswith(f"{_INDEX}_")} - SHARED - {"meta"}
    guards = [
        (name, sql)
        for name, table, sql in connection.execute(
            "SELECT name, tbl_name, sql FROM sqlite_schema WHERE type = 'trigger'"
        ).fetchall()
        if table in private
    ]
    for name, _ in guards:  # a table may guard its rows against being removed; these are copies
        connection.execute(f'DROP TRIGGER "{name}"')
    for table in sorted(private):
        connection.execute(f'DELETE FROM "{table}"')  # noqa: S608  names out of our own schema
    for _, sql in guards:
        connection.execute(sql)
    for table in _OF_A_RUN:
        connection.execute(f"UPDATE {table} SET run = NULL WHERE run IS NOT NULL")  # noqa: S608
    marks = ", ".join("?" * len(_NOTES))
    connection.execute(f"DELETE FROM meta WHERE key NOT IN ({marks})", _NOTES)  # noqa: S608


def pack(source: Path, target: BinaryIO, *, on_progress: Callable[[int], None] = lambda _: None) -> str:
    """Pack a file with xz; gives the SHA-256 of what was written, as hexadecimal digits."""
    digest, packer = sha256(), lzma.LZMACompressor(preset=_PRESET, check=lzma.CHECK_CRC64)
    done = 0
    with source.open("rb") as file:
        while piece := file.read(_PIECE):
            packed = packer.compress(piece)
            digest.update(packed)
            target.write(packed)
            done += len(piece)
            on_progress(done)
    packed = packer.flush()
    digest.update(packed)
    target.write(packed)
    return digest.hexdigest()


def unpack(packed: BinaryIO, target: Path, *, size: int, place: str) -> None:
    """Unpack into a new file of exactly ``size`` bytes; ``place`` is what messages call the packed file.

    Nothing beyond that size is ever written or held, however much is packed. Raises `CatalogueError`.
    """
    unpacker = lzma.LZMADecompressor(format=lzma.FORMAT_XZ, memlimit=_UNPACKING_MEMORY)
    written = 0
    try:
        with target.open("wb") as file:
            for piece in iter(lambda: packed.read(_PIECE), b""):
                plain = unpacker.decompress(piece, max_length=_PIECE)
                while True:
                    written += len(plain)
                    if written > size:
                        raise CatalogueError(
                            f"{place}: unpacks to more than the {size:,} bytes that its manifest says; "
                            f"given up"
                        )
                    file.write(plain)
                    if unpacker.eof or unpacker.needs_input:
                        break
                    plain = unpacker.decompress(b"", max_length=_PIECE)
                if unpacker.eof:
                    break
    except lzma.LZMAError as error:
        raise CatalogueError(
            f"{place}: cannot be unpacked ({error}); ask for it to be published again"
        ) from None
    if written != size or not unpacker.eof:
        raise CatalogueError(
            f"{place}: unpacks to {written:,} bytes, not to the {size:,} that its manifest says; "
            f"ask for it to be published again"
        )


def open_copy(path: Path, place: str) -> Catalogue:
    """Open an unpacked copy for reading, once it is sound; ``place`` is what messages call it.

    Nothing of its schema is trusted: its rows are read, and no function runs that a view or an index of the
    file asks for. Raises `CatalogueError` where it is damaged, of another program, or of a newer version.
    """
    try:
        copy = open_catalogue(path, read_only=True)
        try:
            copy.rows("PRAGMA trusted_schema = off")
            copy.rows("PRAGMA cell_size_check = on")
            if signs := damage(copy) or dangling(copy):
                raise CatalogueError("; ".join(signs))
        except BaseException:
            copy.close()
            raise
    except CatalogueError as error:
        problem = str(error).removeprefix(f"{path}: ")
        raise CatalogueError(f"{place}: the published catalogue cannot be used: {problem}") from error
    return copy
