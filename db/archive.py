"""The page archive: pages as they answered and how they were read, in a file of its own by the catalogue.

It belongs to the machine that scrapes. The catalogue is whole without it, so a catalogue that is copied or
published stays small, and an archive that is lost costs nothing but the pages: the next run asks again.

One run at a time works on an archive: it keeps the file locked until it ends. The lock is the system's, so it
goes with the process, however that ended, and no number of a process and no clock has a say in it. What a run
has is what stands here: a page and how it was read are one transaction, on the disk before the next request.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from weakref import finalize

import msgspec
from sqlite_utils import Database

from catalogue.errors import CatalogueError, LockHeld
from catalogue.instants import instant
from catalogue.runs import PageKept, PageRead
from db.catalogue import explained
from db.packing import Packer, packed_alone, unpacked

#: Marks the archives of Longlist, in SQLite's header ("LLSP").
ARCHIVE_ID = 0x4C4C5350
#: How long to wait for a program that only looks into the file.
_BUSY_SECONDS = 0.5
#: Services whose pages are read at a time when the archive is read again.
_WINDOW = 64

#: The archive's history: what each version added to the one before, appended and never edited.
_CHANGES: tuple[tuple[str, ...], ...] = (
    (
        "CREATE TABLE dictionary (key INTEGER PRIMARY KEY AUTOINCREMENT, packed BLOB NOT NULL) STRICT",
        # "packed" is zstandard's, with the dictionary named; NULL where the answer had no page to keep.
        """
        CREATE TABLE page (
            key INTEGER PRIMARY KEY AUTOINCREMENT,
            run TEXT NOT NULL,
            source TEXT NOT NULL,
            service TEXT NOT NULL,
            url TEXT NOT NULL,
            final_url TEXT NOT NULL,
            at TEXT NOT NULL,
            status INTEGER NOT NULL,
            content_type TEXT NOT NULL,
            sha256 TEXT NOT NULL,
            length INTEGER NOT NULL,
            dictionary INTEGER REFERENCES dictionary (key),
            packed BLOB,
            is_read INTEGER NOT NULL,
            is_published INTEGER NOT NULL DEFAULT 0,
            UNIQUE (run, service)
        ) STRICT
        """,
        "CREATE INDEX page_service ON page (source, service, key)",
        # How a run, or a reading anew, understood a page.
        """
        CREATE TABLE reading (
            key INTEGER PRIMARY KEY AUTOINCREMENT,
            run TEXT NOT NULL,
            page INTEGER NOT NULL REFERENCES page (key) ON DELETE CASCADE,
            service TEXT NOT NULL,
            state TEXT NOT NULL,
            place TEXT NOT NULL,
            answers INTEGER NOT NULL,
            known INTEGER NOT NULL,
            odd INTEGER NOT NULL,
            issues TEXT NOT NULL,
            digest TEXT,
            UNIQUE (run, service)
        ) STRICT
        """,
        "CREATE INDEX reading_page ON reading (page)",
        # What is to be published at the end of the run; in a table of its own, so that it leaves no holes.
        """
        CREATE TABLE record (
            reading INTEGER PRIMARY KEY REFERENCES reading (key) ON DELETE CASCADE,
            packed BLOB NOT NULL
        ) STRICT
        """,
    ),
)


def archive_path(catalogue: Path) -> Path:
    """Where the archive of a catalogue lies: ``catalogue.db`` has ``catalogue.pages.db`` beside it."""
    path = catalogue.resolve()
    return path.with_name(f"{path.stem}.pages{path.suffix}")


class Archive:
    """The archive at a path; made, opened and locked by `hold`. Used as a context manager.

    One that nobody closes lets go of its file when nothing refers to it any more.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._db: Database | None = None
        self._let_go: finalize[[], Archive] | None = None
        self._packer = Packer(None)
        self._dictionary: int | None = None
        self._dictionaries: dict[int, bytes] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file. Closing twice is allowed, and `hold` opens it again."""
        if self._let_go is not None:
            self._let_go()
        self._db = self._let_go = None

    def hold(self) -> None:
        """Open the archive for one run alone. Raises `LockHeld` while another one has it."""
        if self._db is not None:
            return
        with explained(self.path):
            connection = sqlite3.connect(self.path, timeout=_BUSY_SECONDS)
            self._let_go = finalize(self, connection.close)
            try:
                _lock(connection, self.path)
                self._db = Database(connection, execute_plugins=False)
                self._bring_up_to_date()
            except BaseException:
                self.close()
                raise
        self._take_newest_dictionary()

    def rows(self, sql: str, parameters: Mapping[str, object] | None = None) -> list[tuple[Any, ...]]:
        """All rows of a query, as tuples."""
        with explained(self.path):
            return self._opened().conn.execute(sql, parameters or {}).fetchall()

    @contextmanager
    def atomic(self) -> Iterator[sqlite3.Connection]:
        """Several writes that happen together or not at all."""
        db = self._opened()
        with explained(self.path), db.atomic():
            yield db.conn

    def keep(self, run: str, source: str, page: PageKept, read: PageRead) -> None:
        """Keep a page that answered in a run, and how it was read."""
        is_read = read.digest is not None
        if is_read and page.body and self._packer.learn(page.body):
            self._keep_dictionary()
        with self.atomic() as connection:
            key = connection.execute(
                "INSERT INTO page (run, source, service, url, final_url, at, status, content_type, sha256,"
                " length, dictionary, packed, is_read)"
                " VALUES (:run, :source, :service, :url, :final_url, :at, :status, :content_type, :sha256,"
                " :length, :dictionary, :packed, :is_read)",
                {
                    "run": run,
                    "source": source,
                    "service": page.service_id,
                    "url": page.url,
                    "final_url": page.final_url,
                    "at": instant(page.at),
                    "status": page.status,
                    "content_type": page.content_type,
                    "sha256": sha256(page.body).hexdigest(),
                    "length": len(page.body),
                    "dictionary": self._dictionary if page.body else None,
                    "packed": self._packer.pack(page.body) if page.body else None,
                    "is_read": int(is_read),
                },
            ).lastrowid
            assert key is not None
            _keep_reading(connection, run, page.service_id, key, read)

    def keep_readings(self, run: str, readings: Iterable[tuple[PageKept, PageRead]]) -> None:
        """Keep how pages of the archive were read anew."""
        with self.atomic() as connection:
            for page, read in readings:
                assert page.key is not None
                _keep_reading(connection, run, page.service_id, page.key, read)

    def pages(
        self, source: str, *, but_of: Iterable[str] = (), unpublished: bool = True
    ) -> Iterator[list[PageKept]]:
        """The pages of each service of a source that can be read again, the newest first.

        ``but_of`` are runs whose pages are left out. Without ``unpublished`` so are those that were never
        part of the catalogue.
        """
        after = ""
        given = {"source": source, "without": _json(list(but_of)), "unpublished": unpublished}
        which = (
            "source = :source AND packed IS NOT NULL AND status IN (200, 410)"
            " AND run NOT IN (SELECT value FROM json_each(:without)) AND (is_published OR :unpublished)"
        )
        while True:
            wanted = [
                service
                for (service,) in self.rows(
                    f"SELECT DISTINCT service FROM page WHERE {which} AND service > :after"  # noqa: S608
                    " ORDER BY service LIMIT :window",
                    given | {"after": after, "window": _WINDOW},
                )
            ]
            if not wanted:
                return
            after = wanted[-1]
            found: dict[str, list[PageKept]] = {}
            for row in self.rows(
                "SELECT service, url, at, status, packed, content_type, final_url, key, dictionary FROM page"  # noqa: S608
                f" WHERE {which} AND service IN (SELECT value FROM json_each(:wanted))"
                " ORDER BY service, key DESC",
                given | {"wanted": _json(wanted)},
            ):
                body = unpacked(row[4], self._read_dictionary(row[8]))
                page = PageKept(
                    row[0], row[1], datetime.fromisoformat(row[2]), row[3], body, row[5], row[6], row[7]
                )
                found.setdefault(page.service_id, []).append(page)
            yield from found.values()

    def count(self, source: str, *, unpublished: bool = True) -> int:
        """Of how many services of a source there is such a page, in whatever run."""
        return int(
            self.rows(
                "SELECT count(DISTINCT service) FROM page WHERE source = :source AND packed IS NOT NULL"
                " AND status IN (200, 410) AND (is_published OR :unpublished)",
                {"source": source, "unpublished": unpublished},
            )[0][0]
        )

    def settle(self, unfinished: Iterable[str], published: Iterable[tuple[str, int]]) -> None:
        """Forget the records of runs that have ended; what they could read and published is marked so.

        ``published`` are runs with the page up to which they were published.
        """
        given = {"unfinished": _json(list(unfinished)), "published": _json(list(published))}
        with self.atomic() as connection:
            for statement in (
                "UPDATE page SET is_read = 1 WHERE NOT is_read AND key IN (SELECT page FROM reading"
                " WHERE digest IS NOT NULL AND run NOT IN (SELECT value FROM json_each(:unfinished)))",
                "UPDATE page SET is_published = 1 WHERE NOT is_published AND key IN (SELECT page FROM reading"
                " JOIN json_each(:published) AS published ON run = json_extract(published.value, '$[0]')"
                " AND page <= json_extract(published.value, '$[1]') WHERE digest IS NOT NULL)",
                "DELETE FROM record WHERE reading IN (SELECT key FROM reading"
                " WHERE run NOT IN (SELECT value FROM json_each(:unfinished)))",
            ):
                connection.execute(statement, given)

    def prune(self, source: str, recent: Iterable[str]) -> None:
        """Forget what nobody needs again.

        Of each service the newest page that could be read stays, and the newest that was published; of the
        ``recent`` runs the pages that could not be read as well.
        """
        given = {"source": source, "recent": _json(list(recent)), "dictionary": self._dictionary or 0}
        with self.atomic() as connection:
            for statement in (
                "DELETE FROM page WHERE source = :source AND key NOT IN"
                " (SELECT max(key) FROM page WHERE source = :source AND is_read GROUP BY service)"
                " AND key NOT IN"
                " (SELECT max(key) FROM page WHERE source = :source AND is_published GROUP BY service)"
                " AND (is_read OR run NOT IN (SELECT value FROM json_each(:recent)))",
                "DELETE FROM reading WHERE run NOT IN (SELECT value FROM json_each(:recent))"
                " AND page IN (SELECT key FROM page WHERE source = :source)",
                "DELETE FROM dictionary WHERE key <> :dictionary AND key NOT IN"
                " (SELECT dictionary FROM page WHERE dictionary IS NOT NULL)",
            ):
                connection.execute(statement, given)
        with explained(self.path):  # as a script, which is stepped to its end: execute frees one page
            self._opened().conn.executescript("PRAGMA incremental_vacuum")

    def _keep_dictionary(self) -> None:
        """Store the packer's new dictionary, in a transaction of its own: pages name it from now on."""
        dictionary = self._packer.dictionary
        assert dictionary is not None
        try:
            with self.atomic() as connection:
                connection.execute(
                    "INSERT INTO dictionary (packed) VALUES (:packed)", {"packed": packed_alone(dictionary)}
                )
        finally:
            self._take_newest_dictionary()

    def _take_newest_dictionary(self) -> None:
        newest = self.rows("SELECT key FROM dictionary ORDER BY key DESC LIMIT 1")
        self._dictionary = newest[0][0] if newest else None
        if (dictionary := self._read_dictionary(self._dictionary)) != self._packer.dictionary:
            self._packer = Packer(dictionary)

    def _read_dictionary(self, key: int | None) -> bytes | None:
        if key is None:
            return None
        if key not in self._dictionaries:
            (packed,) = self.rows("SELECT packed FROM dictionary WHERE key = :key", {"key": key})[0]
            self._dictionaries[key] = unpacked(packed)
        return self._dictionaries[key]

    def _opened(self) -> Database:
        if self._db is None:
            raise CatalogueError(f"{self.path}: the page archive is not open")
        return self._db

    def _bring_up_to_date(self) -> None:
        connection = self._opened().conn
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        if version > len(_CHANGES):
            raise CatalogueError(f"{self.path}: written by a newer version of Longlist; update Longlist")
        for number, change in enumerate(_CHANGES[version:], version + 1):
            with self.atomic() as opened:
                for statement in change:
                    opened.execute(statement)
                opened.execute(f"PRAGMA user_version = {number}")


def _keep_reading(connection: sqlite3.Connection, run: str, service: str, page: int, read: PageRead) -> None:
    key = connection.execute(
        "INSERT INTO reading (run, page, service, state, place, answers, known, odd, issues, digest)"
        " VALUES (:run, :page, :service, :state, :place, :answers, :known, :odd, :issues, :digest)",
        {
            "run": run,
            "page": page,
            "service": service,
            "state": read.state,
            "place": read.place,
            "answers": read.answers,
            "known": read.known,
            "odd": int(read.odd),
            "issues": _json(read.issues),
            "digest": read.digest,
        },
    ).lastrowid
    if read.record is not None:
        connection.execute(
            "INSERT INTO record VALUES (:reading, :packed)",
            {"reading": key, "packed": packed_alone(read.record)},
        )


def _lock(connection: sqlite3.Connection, path: Path) -> None:
    """Take the file for this connection alone, until it is closed or the process has ended."""
    try:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        (mark,) = connection.execute("PRAGMA application_id").fetchone()
        if mark != ARCHIVE_ID:
            if tables:
                raise CatalogueError(
                    f"{path}: not a page archive, and in the place of one; move it away, or choose another "
                    f"catalogue with --db"
                )
            connection.execute("PRAGMA auto_vacuum = incremental")
            connection.execute(f"PRAGMA application_id = {ARCHIVE_ID}")
        connection.execute("PRAGMA journal_mode = WAL")
        # Unlike the catalogue, which can be made again from here, a page stays through a loss of power.
        connection.execute("PRAGMA synchronous = full")
        connection.execute("PRAGMA foreign_keys = on")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("COMMIT")
    except sqlite3.OperationalError as error:
        if "locked" in str(error) or "busy" in str(error):
            raise LockHeld(f"{path}: another run works on the page archive") from None
        raise


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
