"""Opening a catalogue: one SQLite file that other tools can open too, and what may be wrong with it.

Writing happens in WAL mode, so that a reader sees a whole catalogue while a scrape adds to it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import Any, Self, TypeVar

from sqlite_utils import Database

from catalogue.errors import CatalogueBusyError, CatalogueError
from db.migrations import migrations, schema_changes

T = TypeVar("T")

_NOTHING: Any = object()

#: Marks the files of Longlist, in SQLite's header ("LLST").
APPLICATION_ID = 0x4C4C5354
#: How long to wait for another program that writes.
BUSY_SECONDS = 5.0

#: Bytes of a page of a new catalogue.
_PAGE_SIZE = 8192
_MAGIC = b"SQLite format 3\x00"
_APPLICATION_ID_AT = slice(68, 72)  # https://www.sqlite.org/fileformat.html, "The database header"
#: How services get into a catalogue.
HOW_TO_FILL = "fill it with: longlist import FILE.jsonl, or: longlist scrape"
_HOW_TO_BEGIN = HOW_TO_FILL.replace("fill it", "make one")


@dataclass(frozen=True, slots=True, eq=False)
class Catalogue:
    """An open catalogue. ``lock`` is held by whoever uses temporary tables of the connection."""

    db: Database
    path: Path
    read_only: bool = False
    lock: RLock = field(default_factory=RLock, repr=False)
    #: What readers of this connection have worked out, see `remembered`.
    cache: dict[str, dict[object, Any]] = field(default_factory=dict, repr=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file. Closing twice is allowed."""
        self.db.close()

    def rows(self, sql: str, parameters: Mapping[str, object] | None = None) -> list[tuple[Any, ...]]:
        """All rows of a query, as tuples."""
        with explained(self.path):
            return self.db.conn.execute(sql, parameters or {}).fetchall()

    @contextmanager
    def atomic(self) -> Iterator[Database]:
        """Several writes that happen together or not at all. Takes the right to write at once."""
        if self.read_only:
            raise CatalogueError(f"{self.path}: the catalogue is open for reading only")
        with explained(self.path):
            try:
                with self.db.atomic():
                    # A transaction that begins by reading may be refused later: so write nothing first.
                    self.db.conn.execute("UPDATE meta SET value = value WHERE key = ''")
                    yield self.db
            except BaseException:
                self.cache.clear()
                raise

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Reads that all see one moment of the catalogue, whatever another program writes meanwhile."""
        if self.db.conn.in_transaction:
            yield
            return
        with explained(self.path):
            self.db.conn.execute("BEGIN")
            try:
                yield
            finally:
                self.db.rollback()

    def note(self, key: str) -> str | None:
        """A fact about the catalogue itself from table ``meta``."""
        found = self.rows("SELECT value FROM meta WHERE key = :key", {"key": key})
        return str(found[0][0]) if found else None

    def take_note(self, key: str, value: str | None) -> None:
        """Write a fact into table ``meta``; ``None`` removes it. To be called inside `atomic`."""
        self.db.conn.execute("DELETE FROM meta WHERE key = :key", {"key": key})
        if value is not None:
            self.db.conn.execute("INSERT INTO meta VALUES (:key, :value)", {"key": key, "value": value})

    def generation(self) -> str:
        """Changes whenever services or what is derived from them changed, through whatever connection."""
        return self.note("generation") or "0"

    def next_generation(self) -> None:
        """Say that services changed. To be called inside `atomic`."""
        self.take_note("generation", str(int(self.generation()) + 1))
        self.take_note("digest", None)

    def remembered(self, kind: str, work_out: Callable[[], T], *, of: object = None, most: int = 1) -> T:
        """What ``work_out`` returned ``of`` this, in the present generation; works it out once.

        Of each kind, ``most`` are remembered. Connections to one file may share a cache, each in a thread of
        its own: then it may happen that two work out the same, and nothing worse.
        """
        generation = self.generation()
        if self.cache.get("generation") != {None: generation}:
            self.cache.clear()
            self.cache["generation"] = {None: generation}
        kept = self.cache.setdefault(kind, {})
        remembered: T = kept.get(of, _NOTHING)
        if remembered is _NOTHING:
            remembered = work_out()
            if len(kept) >= most:
                kept.pop(next(iter(list(kept)), None), None)
            kept[of] = remembered
        return remembered


def open_catalogue(path: Path | str, *, create: bool = False, read_only: bool = False) -> Catalogue:
    """Open the catalogue at ``path``, brought up to this version's schema.

    ``create`` makes it (and its folder) where there is none. Raises `CatalogueError` where the file is
    missing, is not a catalogue, was written by a newer version, or is locked or not permitted.
    """
    path = Path(path)
    with explained(path):
        is_new = _check_file(path, create=create and not read_only)
        if is_new:
            path.parent.mkdir(parents=True, exist_ok=True)
            # Projects lie in it: for its owner alone, where the system knows owners. SQLite gives the files
            # beside it the same permissions.
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        if read_only:
            return _open_to_read(path)
        return _open_to_write(path)


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what SQLite and the system report about ``path`` into a `CatalogueError` that says what to do."""
    try:
        yield
    except sqlite3.Error as error:
        kind = CatalogueBusyError if _is_busy(error) else CatalogueError
        raise kind(f"{path}: {_explain(error, path)}") from error
    except PermissionError as error:
        raise CatalogueError(f"{path}: not permitted; check who owns the file and its folder") from error


def _is_busy(error: sqlite3.Error) -> bool:
    text = str(error)
    return "locked" in text or "busy" in text


def _explain(error: sqlite3.Error, path: Path) -> str:
    text = str(error)
    if _is_busy(error):
        advice = f"another program is writing to the catalogue (waited {BUSY_SECONDS:.0f} seconds)"
        return f"{advice}; wait until it has ended and try again"
    if "full" in text:
        return "the disk is full; make space and try again (what was stored before is kept)"
    if "readonly" in text or "unable to open" in text:
        place = path.parent if path.exists() else path
        return f"cannot be written or opened here; check the permissions of {place}"
    if "not a database" in text or "malformed" in text:
        return f"the file is damaged ({text}); import or scrape into a new file"
    return f"SQLite says: {text}; close what else uses the file, check its disk and open it again"


def _check_file(path: Path, *, create: bool) -> bool:
    """Whether the file is to be made. Raises `CatalogueError` where there is no catalogue to open."""
    if path.is_dir():
        raise CatalogueError(f"{path}: is a folder; expected a catalogue file")
    if not path.exists():
        if create:
            return True
        raise CatalogueError(f"{path}: there is no catalogue here; {_HOW_TO_BEGIN}")
    with path.open("rb") as file:
        header = file.read(100)
    if not header:
        if create:
            return True
        raise CatalogueError(f"{path}: the file is empty; {_HOW_TO_BEGIN}")
    if not header.startswith(_MAGIC):
        raise CatalogueError(f"{path}: not a catalogue (not an SQLite file); {_HOW_TO_BEGIN}")
    if int.from_bytes(header[_APPLICATION_ID_AT], "big") != APPLICATION_ID:
        raise CatalogueError(
            f"{path}: an SQLite file of another program, left untouched; choose another file with --db"
        )
    return False


def _connect(uri: str) -> sqlite3.Connection:
    # Worker threads may share a connection: SQLite is serialised, and `Catalogue.lock` guards the rest.
    connection = sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, check_same_thread=False)
    try:
        connection.execute("PRAGMA foreign_keys = on")
        connection.execute("PRAGMA temp_store = memory")
        connection.execute("PRAGMA cache_size = -65536")
    except BaseException:
        connection.close()
        raise
    return connection


def _open_to_write(path: Path) -> Catalogue:
    connection = _connect(_uri(path, "rwc"))
    try:
        if path.stat().st_size == 0:
            # Half as many pages are a twentieth less work for an import; it has to be said first of all.
            connection.execute(f"PRAGMA page_size = {_PAGE_SIZE}")
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = normal")
        db = Database(connection, execute_plugins=False)
        _apply_changes(db, path)
        catalogue = Catalogue(db, path)
        _bring_up_to_date(catalogue)
    except BaseException:
        connection.close()
        raise
    return catalogue


def _apply_changes(db: Database, path: Path) -> None:
    """Make every change that is pending, all or none: of two programs that open a new catalogue one waits."""
    if not _pending(db, path):
        return
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        if _pending(db, path):
            migrations.apply(db)
            db.conn.execute(f"PRAGMA user_version = {len(schema_changes())}")
        db.conn.execute("COMMIT")
    except BaseException:
        db.conn.rollback()
        raise


def _pending(db: Database, path: Path) -> bool:
    """Whether the schema is older than this version. Raises `CatalogueError` where it is newer."""
    known = schema_changes()
    applied = {change.name for change in migrations.applied(db)}
    if unknown := sorted(applied - set(known)):
        raise CatalogueError(
            f"{path}: written by a newer version of Longlist (change {unknown[-1]}); update Longlist"
        )
    return bool(migrations.pending(db))


def index_answers(catalogue: Catalogue) -> None:
    """Make the index of answers where there is none: a large first import goes without until its end."""
    catalogue.db.conn.execute(
        "CREATE INDEX IF NOT EXISTS answer_question ON answer (question, value, service)"
    )


def _bring_up_to_date(catalogue: Catalogue) -> None:
    """Finish a first import that was ended; derive again what was derived with older tables of questions."""
    if not catalogue.rows("SELECT 1 FROM sqlite_schema WHERE name = 'answer_question'"):
        # One that is still at work makes the index itself, and is not to be waited for.
        catalogue.db.conn.execute("PRAGMA busy_timeout = 0")
        with suppress(sqlite3.OperationalError):
            index_answers(catalogue)
        catalogue.db.conn.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000:.0f}")
    from db.derived import derive_again, is_stale  # noqa: PLC0415  it stands on this module

    if is_stale(catalogue):
        derive_again(catalogue)


def _open_to_read(path: Path) -> Catalogue:
    catalogue = _connect_to_read(path)
    from db.derived import is_stale  # noqa: PLC0415  it stands on this module

    try:
        old_schema = _pending(catalogue.db, path)
        if not old_schema and not is_stale(catalogue):
            return catalogue
        may_write = os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
        if not may_write and not old_schema:
            return catalogue
    except BaseException:
        catalogue.close()
        raise
    catalogue.close()
    if not may_write:
        raise CatalogueError(
            f"{path}: written by an older version of Longlist and may not be changed here; open a copy of it"
        )
    with closing(_open_to_write(path)):
        pass
    return _connect_to_read(path)


def _connect_to_read(path: Path) -> Catalogue:
    log = Path(f"{path}-wal")
    alone = not os.access(path.parent, os.W_OK) and (not log.exists() or log.stat().st_size == 0)
    # In a folder where the shared index of the WAL cannot be made, a file that nobody writes opens as it is.
    connection = _connect(_uri(path, "ro") + ("&immutable=1" if alone else ""))
    try:
        connection.execute("PRAGMA mmap_size = 1073741824")
        return Catalogue(Database(connection, execute_plugins=False), path, read_only=True)
    except BaseException:
        connection.close()
        raise


def _uri(path: Path, mode: str) -> str:
    return f"{path.resolve().as_uri()}?mode={mode}"
