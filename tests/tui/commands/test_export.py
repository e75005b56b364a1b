"""``longlist export`` writes what a project has marked, in every format."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from catalogue.export import WRITERS
from catalogue.records import FrameworkRef, LotRef, ServiceRecord, SupplierRef
from db.catalogue import open_catalogue
from db.ingest import ingest
from tui.commands.edge import ExitCode
from tui.commands.main import run

PROFILE = """
goal = "Put council tax online"
[organisation]
name = "Fenmoor District Council"
[[requirement]]
text = "Residents pay council tax online"
barrier = "customers"
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A project named Council tax, with two services marked and its profile's file gone."""
    monkeypatch.setenv("LONGLIST_DB", str(tmp_path / "catalogue.db"))
    records = [
        ServiceRecord(
            id=id,
            framework=FrameworkRef("g-cloud-15", "G-Cloud 15"),
            lot=LotRef("saas"),
            supplier=SupplierRef(name="@Tidewater Ltd"),
            name=f"Council tax online {id}",
            description="Residents pay council tax online.",
        )
        for id in ("1", "2")
    ]
    with open_catalogue(tmp_path / "catalogue.db", create=True) as catalogue:
        ingest(catalogue, records, at=datetime(2026, 11, 23, tzinfo=UTC))
    profile = tmp_path / "fenmoor.toml"
    profile.write_text(PROFILE)
    assert run(["project", "new", "Council tax", "--profile", str(profile)]) == 0
    assert run(["project", "mark", "Council tax", "1", "2"]) == 0
    profile.unlink()


@pytest.mark.parametrize("kind", WRITERS)
def test_every_format_is_written(kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / f"shortlist.{kind}"
    assert run(["export", "council tax", kind, "--out", str(out)]) == 0
    assert out.stat().st_size > 0
    assert "2 services of project 'Council tax' written" in capsys.readouterr().err


def test_the_shortlist_is_ranked_by_the_profile_that_the_project_keeps(tmp_path: Path) -> None:
    run(["export", "Council tax", "json", "--out", str(tmp_path / "a.json")])
    found = json.loads((tmp_path / "a.json").read_text("utf-8"))
    assert found["about"]["profile_name"] == "Fenmoor District Council"
    assert [row["rank"] for row in found["shortlist"]] == [1, 2]
    assert all(row["score"] > 0 for row in found["shortlist"])
    assert any(item["quote"] for item in found["shortlist"][0]["evidence"])


def test_a_marked_service_is_judged_even_where_the_profile_did_not_call_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalogue.prospects.WHOLE", 0)
    monkeypatch.setattr("db.candidates.Candidates.promising", lambda self: iter(["1"]))
    monkeypatch.setattr("db.candidates.Candidates.best_by_need", lambda self: iter(()))
    run(["export", "Council tax", "json", "--out", str(tmp_path / "a.json")])
    found = json.loads((tmp_path / "a.json").read_text("utf-8"))
    assert {row["standing"] for row in found["shortlist"]} == {"rank 1 of 2 assessed", "rank 2 of 2 assessed"}


def test_a_workbook_and_a_csv_say_the_same(tmp_path: Path) -> None:
    run(["export", "Council tax", "csv", "--out", str(tmp_path / "a.csv")])
    run(["export", "Council tax", "xlsx", "--out", str(tmp_path / "a.xlsx")])
    text = (tmp_path / "a.csv").read_text("utf-8-sig")
    first = next(csv.DictReader(io.StringIO(text, newline="")))
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["shortlist"]
    names, values = ([cell.value for cell in row] for row in sheet.iter_rows(max_row=2))
    cells = dict(zip(names, values, strict=True))
    assert first["Supplier name"] == cells["Supplier name"] == "'@Tidewater Ltd"
    assert float(first["Score"]) == cells["Score"]


def test_a_hyphen_writes_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(["export", "Council tax", "md", "--out", "-"]) == 0
    assert capsys.readouterr().out.startswith("# Shortlist: Council tax\n")


def test_an_unknown_format_is_wrong_usage_and_lists_those_there_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["export", "Council tax", "pdf", "--out", str(tmp_path / "a.pdf")]) == ExitCode.USAGE
    said = capsys.readouterr().err
    assert all(kind in said for kind in WRITERS)


def test_a_project_with_nothing_marked_is_wrong_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["project", "new", "Rents"])
    assert run(["export", "Rents", "csv", "--out", str(tmp_path / "a.csv")]) == ExitCode.USAGE
    assert "longlist project mark 'Rents' ID" in capsys.readouterr().err
    assert not (tmp_path / "a.csv").exists()


def test_an_unknown_project_is_wrong_usage(tmp_path: Path) -> None:
    assert run(["export", "none", "csv", "--out", str(tmp_path / "a.csv")]) == ExitCode.USAGE
