"""Opening a catalogue, and what may be wrong with one."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from catalogue.errors import CatalogueError
from catalogue.records import ServiceRecord
from db import catalogue as opening
from db.catalogue import APPLICATION_ID, Catalogue, open_catalogue
from db.hearing import hearer
from db.ingest import ingest
from db.reading import read_record, summary
from db.stemming import TOKENIZE

MakeRecord = Callable[..., ServiceRecord]


def test_a_missing_catalogue_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="there is no catalogue here; make one with: longlist import"):
        open_catalogue(tmp_path / "none.db")


def test_create_makes_the_folder_too(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "c.db"
    with open_catalogue(path, create=True) as catalogue:
        assert summary(catalogue).services == 0
    assert path.is_file()


def test_reading_never_makes_a_file(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="there is no catalogue"):
        open_catalogue(tmp_path / "c.db", create=True, read_only=True)
    assert list(tmp_path.glob("c.db*")) == []


@pytest.mark.parametrize("create", [False, True])
def test_a_text_file_is_not_a_catalogue_and_stays_as_it_is(tmp_path: Path, create: bool) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("Not a database, but long enough to be read as the header of one." * 3)
    before = path.read_bytes()
    with pytest.raises(CatalogueError, match="not a catalogue"):
        open_catalogue(path, create=create)
    assert path.read_bytes() == before


def test_another_programs_database_is_left_untouched(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE theirs (a)")
    before = path.read_bytes()
    with pytest.raises(CatalogueError, match="of another program"):
        open_catalogue(path, create=True)
    assert path.read_bytes() == before


def test_a_folder_is_not_a_catalogue(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="is a folder"):
        open_catalogue(tmp_path)


def test_an_empty_file_is_a_catalogue_to_be(tmp_path: Path) -> None:
    path = tmp_path / "c.db"
    path.touch()
    with pytest.raises(CatalogueError, match="the file is empty"):
        open_catalogue(path)
    with open_catalogue(path, create=True) as catalogue:
        assert summary(catalogue).services == 0


def test_a_newer_catalogue_asks_for_an_update(catalogue: Catalogue) -> None:
    catalogue.db["_sqlite_migrations"].insert(
        {"migration_set": "longlist", "name": "m9999_future", "applied_at": "2031-01-01"}
    )
    with pytest.raises(CatalogueError, match=r"newer version of Longlist \(change m9999_future\)"):
        open_catalogue(catalogue.path, read_only=True)


def test_a_damaged_catalogue_is_called_damaged(
    catalogue: Catalogue, make_record: MakeRecord, seen: datetime
) -> None:
    ingest(catalogue, [make_record(number) for number in range(50)], at=seen)
    catalogue.close()
    raw = bytearray(catalogue.path.read_bytes())
    raw[4096:] = b"\xff" * (len(raw) - 4096)
    catalogue.path.write_bytes(raw)
    with pytest.raises(CatalogueError, match="damaged"):
        open_catalogue(catalogue.path)


def test_any_sqlite_tool_can_open_it(catalogue: Catalogue, make_record: MakeRecord, seen: datetime) -> None:
    record = make_record(
        7, name="Forms", price="£1.20 to £3.50 a user a month", answers=(("APIs", "API", ("Yes",)),)
    )
    ingest(catalogue, [record], at=seen)
    with closing(sqlite3.connect(catalogue.path)) as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert connection.execute("PRAGMA user_version").fetchone()[0] >= 1
        overview = connection.execute("SELECT name, supplier, minimum_price, unit FROM service_overview")
        assert overview.fetchall() == [("Forms", "Tidewater Ltd", 1.2, "user")]
        answers = connection.execute("SELECT service, section, question, value, option FROM answer_text")
        assert answers.fetchall() == [("7", "APIs", "API", "Yes", "yes")]


def test_every_table_of_the_catalogue_is_strict(catalogue: Catalogue) -> None:
    loose = catalogue.rows(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT strict"
    )
    assert {name for (name,) in loose} <= {"sqlite_schema", "_sqlite_migrations"}


def test_the_stemmer_cuts_words_as_the_index_does(catalogue: Catalogue) -> None:
    (sql,) = catalogue.rows("SELECT sql FROM sqlite_schema WHERE name = 'service_fts'")[0]
    assert f"tokenize = '{TOKENIZE}'" in sql


def test_another_writer_is_waited_for_and_then_named(
    catalogue: Catalogue, make_record: MakeRecord, seen: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "BUSY_SECONDS", 0.01)
    with (
        open_catalogue(catalogue.path) as other,
        catalogue.atomic(),
        pytest.raises(CatalogueError, match="another program is writing"),
    ):
        ingest(other, [make_record()], at=seen)


def test_readers_see_the_last_whole_state_while_another_writes(
    catalogue: Catalogue, make_record: MakeRecord, seen: datetime
) -> None:
    ingest(catalogue, [make_record(1)], at=seen)
    with open_catalogue(catalogue.path, read_only=True) as reader, catalogue.atomic():
        catalogue.db.execute("UPDATE service SET name = 'Half written'")
        record = read_record(reader, "1")
        assert record is not None
        assert record.name == "Service 1"


def test_a_reader_cannot_write(catalogue: Catalogue, make_record: MakeRecord, seen: datetime) -> None:
    with (
        open_catalogue(catalogue.path, read_only=True) as reader,
        pytest.raises(CatalogueError, match="for reading only"),
    ):
        ingest(reader, [make_record()], at=seen)


def test_a_full_disk_is_named_and_keeps_what_was_there(
    catalogue: Catalogue, make_record: MakeRecord, seen: datetime
) -> None:
    ingest(catalogue, [make_record(1)], at=seen)
    pages = catalogue.rows("PRAGMA page_count")[0][0]
    catalogue.db.execute(f"PRAGMA max_page_count = {pages + 2}")
    records = [make_record(number, description=f"{number} " * 3000) for number in range(2, 60)]
    with pytest.raises(CatalogueError, match="the disk is full"):
        ingest(catalogue, records, at=seen)
    assert summary(catalogue).services == 1
    assert catalogue.rows("PRAGMA integrity_check") == [("ok",)]


def test_a_catalogue_derived_with_older_tables_is_derived_again_when_opened(
    catalogue: Catalogue, make_record: MakeRecord, seen: datetime
) -> None:
    record = make_record(price="£5 a user a month", answers=(("APIs", "API", ("Yes",)),))
    ingest(catalogue, [record], at=seen)
    with catalogue.atomic():
        for change in ("UPDATE question SET canonical = NULL", "DELETE FROM choice", "DELETE FROM price"):
            catalogue.db.execute(change)
        catalogue.take_note("derived", "made by an older version")
    with open_catalogue(catalogue.path, read_only=True) as again:
        assert again.rows("SELECT canonical FROM question") == [("api",)]
        assert again.rows("SELECT option FROM choice") == [("yes",)]
        assert again.rows("SELECT minimum, unit FROM price") == [("5", "user")]


def test_what_takes_a_while_to_derive_again_is_said_where_somebody_hears(
    catalogue: Catalogue, make_record: MakeRecord, seen: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("db.derived._MANY", 2)
    heard: list[str] = []
    token = hearer.set(heard.append)
    try:
        for services in (1, 2):
            ingest(catalogue, [make_record(number) for number in range(services)], at=seen)
            with catalogue.atomic():
                catalogue.take_note("service words", "made by an older version")
            with open_catalogue(catalogue.path, read_only=True):
                pass
    finally:
        hearer.reset(token)
    (said,) = heard
    assert "the words of 2 services are noted anew, once" in said


def test_programs_that_open_a_new_catalogue_at_once_do_not_get_into_each_others_way(
    tmp_path: Path, root: Path
) -> None:
    opening = "import sys; from db.catalogue import open_catalogue; open_catalogue(sys.argv[1], create=True)"
    command = [sys.executable, "-c", opening, str(tmp_path / "new.db")]
    both = [subprocess.Popen(command, cwd=root, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    assert [each.communicate()[1] for each in both] == ["", "", "", ""]
    with open_catalogue(tmp_path / "new.db", read_only=True) as catalogue:
        assert summary(catalogue).services == 0


def test_a_kill_leaves_a_catalogue_that_works(tmp_path: Path, root: Path) -> None:
    path = tmp_path / "killed.db"
    killed = subprocess.run([sys.executable, "-c", _KILLED, str(path)], cwd=root, check=False)
    assert killed.returncode == -signal.SIGKILL
    with open_catalogue(path) as catalogue:
        assert summary(catalogue).services == 20
        assert catalogue.rows("PRAGMA integrity_check") == [("ok",)]
        catalogue.db.execute("INSERT INTO service_fts (service_fts, rank) VALUES ('integrity-check', 1)")


#: Imports batches of ten and is killed while the third is being stored.
_KILLED = """
import os, signal, sys
from datetime import datetime, UTC
from catalogue.records import FrameworkRef, LotRef, ServiceRecord, SupplierRef
from db import ingest as ingesting
from db.catalogue import open_catalogue

class Killed(ingesting.Derivation):
    def price(self, sentence, place):
        if place == "25":
            os.kill(os.getpid(), signal.SIGKILL)
        return super().price(sentence, place)

def record(number):
    return ServiceRecord(id=str(number), framework=FrameworkRef("g-cloud-15"), lot=LotRef("saas"),
                         supplier=SupplierRef(name="Tidewater Ltd"), name=f"Service {number}")

ingesting.BATCH = 10
with open_catalogue(sys.argv[1], create=True) as catalogue:
    ingesting.ingest(catalogue, map(record, range(40)), at=datetime.now(UTC), derivation=Killed())
"""


def test_a_catalogue_in_a_folder_that_may_not_be_written_can_be_read(
    catalogue: Catalogue, make_record: MakeRecord, seen: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest(catalogue, [make_record(1)], at=seen)
    catalogue.close()
    monkeypatch.setattr(os, "access", lambda path, mode: not mode & os.W_OK)
    with open_catalogue(catalogue.path, read_only=True) as reader:
        assert summary(reader).services == 1
    assert [each.name for each in catalogue.path.parent.glob("catalogue.db*")] == ["catalogue.db"]
