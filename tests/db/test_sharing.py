"""The shared copy of a catalogue: what is in it, what is never in it, and what is not let in."""

from __future__ import annotations

import io
import lzma
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from catalogue.errors import CatalogueError
from catalogue.records import ServiceRecord
from catalogue.runs import RunKey
from db.catalogue import Catalogue, open_catalogue
from db.ingest import ingest
from db.projects import ProjectStore
from db.reading import dump_records, summary
from db.runs import RunLog
from db.sharing import SHARED, open_copy, pack, unpack, write_shared_copy

MakeRecord = Callable[..., ServiceRecord]
SEEN = datetime(2026, 11, 20, 3, 10, tzinfo=UTC)

#: What stays with whoever made it. A table that is in neither list is one that nobody has decided on.
PRIVATE = {
    *("run", "missing_service", "pace", "run_listing", "run_listed", "run_issue", "run_lock", "issue"),
    *("project", "entry", "kept_record", "longlisted", "fetched_window"),
    *("indexed_word", "service_words", "word_block"),
}


@pytest.fixture
def full(catalogue: Catalogue, make_record: MakeRecord) -> Catalogue:
    """Two services with a history, a run, and a project with a note that is nobody's business."""
    ingest(catalogue, [make_record(1, price="£1 a unit a month"), make_record(2)], at=SEEN)
    ingest(catalogue, [make_record(1, price="£2 a unit a month")], at=SEEN, run_id=1)
    store = ProjectStore(catalogue)
    store.create("confidential purchase")
    store.mark("confidential purchase", "1", "the incumbent is in trouble")
    RunLog(catalogue).begin(
        RunKey("marketplace", "http://intranet.example", "all"), at=SEEN, resume_since=None
    )
    with catalogue.atomic():
        catalogue.take_note("pulled", '{"url": "http://intranet.example"}')
    return catalogue


def own_tables(connection: sqlite3.Connection) -> set[str]:
    rows = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
    others = ("sqlite_", "_sqlite", "service_fts")
    return {name for (name,) in rows if not name.startswith(others)}


def test_of_every_table_it_is_decided_whether_others_get_it(catalogue: Catalogue) -> None:
    assert own_tables(catalogue.db.conn) - {"meta"} == SHARED | PRIVATE


def test_the_copy_has_the_services_and_their_history_and_nothing_else(
    full: Catalogue, tmp_path: Path
) -> None:
    write_shared_copy(full, tmp_path / "copy.db")
    with open_copy(tmp_path / "copy.db", "copy") as copy:
        assert list(dump_records(copy)) == list(dump_records(full))
        assert summary(copy).digest == summary(full).digest
        assert copy.rows("SELECT field, run, after FROM change") == [("price", None, "£2 a unit a month")]
        filled = {table for table in PRIVATE if copy.rows(f"SELECT 1 FROM {table} LIMIT 1")}
        assert filled == set()
        assert copy.note("pulled") is None


def test_no_byte_of_what_is_private_is_left_in_the_file(full: Catalogue, tmp_path: Path) -> None:
    write_shared_copy(full, tmp_path / "copy.db")
    raw = (tmp_path / "copy.db").read_bytes()
    assert b"incumbent" in full.path.read_bytes() + Path(f"{full.path}-wal").read_bytes()
    for secret in (b"confidential", b"incumbent", b"intranet"):
        assert secret not in raw
    assert sorted(path.name for path in tmp_path.glob("copy.db*")) == ["copy.db"]


def test_rows_that_guard_themselves_are_left_out_too_and_guarded_in_the_copy(
    full: Catalogue, tmp_path: Path
) -> None:
    guards = full.rows("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY name")
    assert [name for name, _ in guards] == ["entry_follows", "entry_is_kept", "entry_stays"]
    write_shared_copy(full, tmp_path / "copy.db")
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        assert copy.execute("SELECT count(*) FROM entry").fetchone() == (0,)
        there = copy.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY name")
        assert there.fetchall() == guards
    assert full.rows("SELECT count(*) FROM entry") == [(2,)]


def test_a_catalogue_that_may_only_be_read_can_be_copied(full: Catalogue, tmp_path: Path) -> None:
    with open_catalogue(full.path, read_only=True) as reader:
        write_shared_copy(reader, tmp_path / "copy.db")
    with open_copy(tmp_path / "copy.db", "copy") as copy:
        assert summary(copy).services == 2


def test_any_sqlite_opens_the_copy(full: Catalogue, tmp_path: Path) -> None:
    write_shared_copy(full, tmp_path / "copy.db")
    with closing(sqlite3.connect(f"{(tmp_path / 'copy.db').as_uri()}?immutable=1", uri=True)) as plain:
        assert plain.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert plain.execute("SELECT name FROM service_overview ORDER BY id").fetchall() == [
            ("Service 1",),
            ("Service 2",),
        ]


def packed(data: bytes, tmp_path: Path) -> io.BytesIO:
    (tmp_path / "plain").write_bytes(data)
    target = io.BytesIO()
    pack(tmp_path / "plain", target)
    target.seek(0)
    return target


@pytest.mark.parametrize("size", [0, 1, 1024 * 1024, 3_000_001])
def test_what_is_packed_comes_out_again(size: int, tmp_path: Path) -> None:
    data = (b"catalogue " * (size // 10 + 1))[:size]
    unpack(packed(data, tmp_path), tmp_path / "out", size=size, place="copy")
    assert (tmp_path / "out").read_bytes() == data


def test_a_bomb_is_never_unpacked(tmp_path: Path) -> None:
    bomb = packed(b"\0" * 50_000_000, tmp_path)
    with pytest.raises(CatalogueError, match="more than the 1,000 bytes"):
        unpack(bomb, tmp_path / "out", size=1000, place="copy")
    assert (tmp_path / "out").stat().st_size <= 1000


@pytest.mark.parametrize("cut", [0, 10, 30])
def test_a_packed_file_that_ends_too_early_is_told(cut: int, tmp_path: Path) -> None:
    whole = packed(b"catalogue " * 1000, tmp_path).getvalue()
    with pytest.raises(CatalogueError, match="published again"):
        unpack(io.BytesIO(whole[:cut]), tmp_path / "out", size=10_000, place="copy")


def test_what_is_not_packed_at_all_is_told(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="cannot be unpacked"):
        unpack(io.BytesIO(b"<html>Sign in</html>"), tmp_path / "out", size=10, place="copy")


def test_packing_that_wants_too_much_memory_is_refused(tmp_path: Path) -> None:
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 512 * 1024 * 1024}]
    greedy = lzma.compress(b"x" * 100, filters=filters)
    with pytest.raises(CatalogueError, match="cannot be unpacked"):
        unpack(io.BytesIO(greedy), tmp_path / "out", size=100, place="copy")


def test_a_copy_that_is_damaged_is_not_opened(full: Catalogue, tmp_path: Path) -> None:
    path = tmp_path / "copy.db"
    write_shared_copy(full, path)
    raw = bytearray(path.read_bytes())
    for at in range(4096 * 3, len(raw) - 4096, 4096 * 2):
        raw[at : at + 600] = b"\xff" * 600
    path.write_bytes(raw)
    with pytest.raises(CatalogueError, match="team: the published catalogue cannot be used"):
        open_copy(path, "team")


def test_a_copy_with_rows_that_hang_in_the_air_is_not_opened(full: Catalogue, tmp_path: Path) -> None:
    path = tmp_path / "copy.db"
    write_shared_copy(full, path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DELETE FROM supplier")
        connection.commit()
    with pytest.raises(CatalogueError, match="service -> supplier"):
        open_copy(path, "team")


@pytest.mark.parametrize("what", ["another", "newer", "text"])
def test_a_file_that_is_no_catalogue_of_ours_is_not_opened(
    what: str, full: Catalogue, tmp_path: Path
) -> None:
    path = tmp_path / "copy.db"
    if what == "text":
        path.write_bytes(b"not a database, and long enough for a header" * 10)
    else:
        write_shared_copy(full, path)
        with closing(sqlite3.connect(path)) as connection:
            if what == "another":
                connection.execute("PRAGMA application_id = 7")
            else:
                connection.execute(
                    "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
                    " VALUES ('longlist', 'm0999_future', '2030')"
                )
            connection.commit()
    with pytest.raises(CatalogueError, match="team: the published catalogue cannot be used"):
        open_copy(path, "team")
