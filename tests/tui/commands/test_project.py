"""``longlist project``: begin, list, mark and unmark."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from catalogue.records import FrameworkRef, LotRef, ServiceRecord, SupplierRef
from db.catalogue import open_catalogue
from db.ingest import ingest
from tui.commands.edge import ExitCode
from tui.commands.main import run


@pytest.fixture(autouse=True)
def catalogue_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "catalogue.db"
    monkeypatch.setenv("LONGLIST_DB", str(path))
    records = [
        ServiceRecord(
            id=id,
            framework=FrameworkRef("g-cloud-15"),
            lot=LotRef("saas"),
            supplier=SupplierRef(name="[bold]Tidewater[/] Ltd"),
            name=f"Forms {id}\nsecond line",
        )
        for id in ("1", "2")
    ]
    with open_catalogue(path, create=True) as catalogue:
        ingest(catalogue, records, at=datetime(2026, 11, 23, tzinfo=UTC))
    return path


def test_a_project_goes_from_new_to_a_shortlist(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    profile = tmp_path / "fenmoor.toml"
    profile.write_text('[organisation]\nname = "Fenmoor District Council"\n')
    assert run(["project", "new", "Council tax", "--profile", str(profile)]) == 0
    assert run(["project", "mark", "Council tax", "2", "1", "--note", "seen"]) == 0
    assert capsys.readouterr().out == ""
    assert run(["project", "show", "council TAX", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["name"] == "Council tax"
    assert found["profile"]["name"] == "Fenmoor District Council"
    assert [(mark["id"], mark["note"], mark["changed"]) for mark in found["marks"]] == [
        ("2", "seen", False),
        ("1", "seen", False),
    ]
    assert run(["project", "unmark", "Council tax", "2"]) == 0
    assert run(["project", "list", "--json"]) == 0
    assert [(each["name"], each["marked"]) for each in json.loads(capsys.readouterr().out)] == [
        ("Council tax", 1)
    ]


def test_text_of_a_listing_is_printed_as_it_is_on_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    run(["project", "new", "a"])
    run(["project", "mark", "a", "1"])
    capsys.readouterr()
    assert run(["project", "show", "a"]) == 0
    assert "1\tForms 1 second line\t[bold]Tidewater[/] Ltd\tlive" in capsys.readouterr().out.splitlines()


def test_an_unknown_id_among_known_ones_is_done_in_part(capsys: pytest.CaptureFixture[str]) -> None:
    run(["project", "new", "a"])
    assert run(["project", "mark", "a", "1", "99"]) == ExitCode.PARTIAL
    said = capsys.readouterr().err
    assert "no service '99'" in said
    assert "1 marked; 1 on the shortlist" in said


def test_nothing_but_unknown_ids_is_wrong_usage() -> None:
    run(["project", "new", "a"])
    assert run(["project", "mark", "a", "98", "99"]) == ExitCode.USAGE
    assert run(["project", "unmark", "a", "1"]) == ExitCode.USAGE


def test_an_unknown_project_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["project", "show", "none"]) == ExitCode.USAGE
    assert "longlist project new NAME" in capsys.readouterr().err


def test_a_missing_profile_is_wrong_usage(tmp_path: Path) -> None:
    assert run(["project", "new", "a", "--profile", str(tmp_path / "none.toml")]) == ExitCode.USAGE


def test_a_new_profile_replaces_the_one_before(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    profile = tmp_path / "p.toml"
    profile.write_text('[organisation]\nname = "Ridgeshire"\n')
    run(["project", "new", "a"])
    assert run(["project", "profile", "a", str(profile)]) == 0
    assert "goes on with the profile of Ridgeshire" in capsys.readouterr().err


def test_without_a_catalogue_there_is_advice(
    capsys: pytest.CaptureFixture[str], catalogue_path: Path, tmp_path: Path
) -> None:
    assert run(["--db", str(tmp_path / "none.db"), "project", "list"]) == ExitCode.FAILED
    assert "longlist import" in capsys.readouterr().err
