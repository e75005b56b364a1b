"""``longlist doctor`` says what is well, what deserves a look and what is broken."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from catalogue.errors import DataFileError
from catalogue.records import FrameworkRef, LotRef, ServiceRecord, SupplierRef
from db.catalogue import open_catalogue
from db.ingest import ingest
from tui.commands import doctor
from tui.commands.doctor import Check, examine
from tui.commands.edge import ExitCode
from tui.commands.main import run

SEEN = datetime(2026, 11, 20, 3, 10, tzinfo=UTC)


@pytest.fixture
def catalogue_path(tmp_path: Path) -> Path:
    record = ServiceRecord(
        id="1",
        framework=FrameworkRef("g-cloud-15"),
        lot=LotRef("saas"),
        supplier=SupplierRef(name="Tidewater Ltd"),
        name="Tidewater Forms",
    )
    path = tmp_path / "catalogue.db"
    with open_catalogue(path, create=True) as catalogue:
        ingest(catalogue, [record], at=SEEN)
    return path


def checks(path: Path, now: datetime = SEEN + timedelta(days=1)) -> dict[str, Check]:
    return {check.name: check for check in examine(path, now=now)}


def test_a_sound_catalogue_is_ok_in_every_check(catalogue_path: Path) -> None:
    found = checks(catalogue_path)
    assert {name: check.state for name, check in found.items() if check.state != "ok"} == {}
    assert found["catalogue"].detail.endswith("1 services, 1 live")
    assert {"python", "sqlite", "terminal", "colour", "questions.toml", "search index"} <= set(found)


def test_old_records_deserve_a_look(catalogue_path: Path) -> None:
    check = checks(catalogue_path, SEEN + timedelta(days=20))["newest record"]
    assert (check.state, check.detail.split(";")[0]) == ("warn", "2026-11-20, 20 days ago")


def test_a_framework_that_closed_deserves_a_look(catalogue_path: Path) -> None:
    check = checks(catalogue_path, datetime(2031, 1, 1, tzinfo=UTC))["frameworks"]
    assert (check.state, check.detail) == (
        "warn",
        "not open to buyers today: G-Cloud 15 (1; closed to buyers since 5 August 2030)",
    )


def test_an_unknown_framework_deserves_a_look(catalogue_path: Path) -> None:
    record = ServiceRecord(
        id="2",
        framework=FrameworkRef("h-cloud-1"),
        lot=LotRef("saas"),
        supplier=SupplierRef(name="Tidewater Ltd"),
        name="Other",
    )
    with open_catalogue(catalogue_path) as catalogue:
        ingest(catalogue, [record], at=SEEN)
    assert "h-cloud-1" in checks(catalogue_path)["frameworks"].detail


def test_an_empty_catalogue_deserves_a_look(tmp_path: Path) -> None:
    open_catalogue(tmp_path / "empty.db", create=True).close()
    assert checks(tmp_path / "empty.db")["newest record"].state == "warn"


def test_no_catalogue_yet_is_no_failure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LONGLIST_DB", str(tmp_path / "none.db"))
    assert run(["doctor"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert {line.split()[0] for line in lines} <= {"ok", "warn"}
    assert any(line.startswith("warn  catalogue") and "longlist import" in line for line in lines)
    assert not (tmp_path / "none.db").exists()


def test_a_file_that_is_no_catalogue_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "notes.db"
    path.write_text("not a database, but long enough to have a header" * 10)
    monkeypatch.setenv("LONGLIST_DB", str(path))
    assert run(["doctor", "--json"]) == ExitCode.FAILED
    found = {check["name"]: check["state"] for check in json.loads(capsys.readouterr().out)}
    assert found["catalogue"] == "fail"


def test_a_service_that_search_cannot_find_fails(catalogue_path: Path) -> None:
    with open_catalogue(catalogue_path) as catalogue, catalogue.atomic() as db:
        db.conn.execute("INSERT INTO service_fts (service_fts) VALUES ('delete-all')")
    check = checks(catalogue_path)["search index"]
    assert (check.state, check.detail[:10]) == ("fail", "1 services")


def test_a_wrong_row_in_a_shipped_table_fails_and_is_named(
    catalogue_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise DataFileError("questions.toml: row 12 has no label")

    monkeypatch.setitem(doctor._TABLES, "questions.toml", broken)
    assert checks(catalogue_path)["questions.toml"] == Check(
        "questions.toml", "fail", "questions.toml: row 12 has no label"
    )


def test_a_small_terminal_deserves_a_look(catalogue_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("LINES", "20")
    check = checks(catalogue_path)["terminal"]
    assert (check.state, check.detail.split(";")[0]) == ("warn", "60 by 20")


def test_an_sqlite_without_full_text_search_fails(
    catalogue_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "missing_abilities", lambda: ["full-text search (FTS5)"])
    assert checks(catalogue_path)["sqlite"].state == "fail"
