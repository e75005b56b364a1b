"""``longlist changes``, and what ``longlist project`` says of services that changed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from catalogue.records import Answer, FrameworkRef, LotRef, Section, ServiceRecord, SupplierRef
from db.catalogue import open_catalogue
from db.ingest import ingest
from db.projects import ProjectStore
from tests.tui.commands.conftest import Command


def service(id: str, price: str, api: str = "No") -> ServiceRecord:
    return ServiceRecord(
        id=id,
        framework=FrameworkRef("g-cloud-15"),
        lot=LotRef("saas"),
        supplier=SupplierRef(name="Tidewater\x1b[31m Ltd"),
        name=f"Forms {id}",
        price=price,
        sections=(Section("Scope", (Answer("API", (api,)),)),),
    )


@pytest.fixture(autouse=True)
def lived(tmp_path: Path) -> None:
    """Services 1 and 2; 1 is marked on the 21st and changes on the 20th and the 22nd; 3 is new then."""
    with open_catalogue(tmp_path / "catalogue.db", create=True) as catalogue:
        for day, records in (
            (19, [service("1", "£1 a unit a month"), service("2", "£5 a unit a month")]),
            (20, [service("1", "£2 a unit a month")]),
        ):
            ingest(catalogue, records, at=datetime(2026, 11, day, 3, tzinfo=UTC))
        store = ProjectStore(catalogue, clock=lambda: datetime(2026, 11, 21, 9, tzinfo=UTC))
        store.create("forms")
        store.mark("forms", "1")
        store.mark("forms", "2")
        later = [service("1", "£3 a unit a month", "Yes"), service("3", "£9 a unit a month")]
        ingest(catalogue, later, at=datetime(2026, 11, 22, 3, tzinfo=UTC), run_id=4)


def test_changes_are_told_by_service_the_newest_first(command: Command) -> None:
    told = command("changes")
    assert told.status == 0
    assert told.out.splitlines() == [
        "2026-11-22T03:00:00Z\t1\tForms 1 (Tidewater[31m Ltd)",
        "\tprice was “£2 a unit a month”, now “£3 a unit a month”",
        "\tAPI was “No”, now “Yes”",
        "2026-11-20T03:00:00Z\t1\tForms 1 (Tidewater[31m Ltd)",
        "\tprice was “£1 a unit a month”, now “£2 a unit a month”",
    ]
    assert "1 service changed, 3 new; list these with --field new" in told.err


@pytest.mark.parametrize(
    ("options", "changed"),
    [
        (("--lot", "saas"), 1),
        (("--lot", "isaas"), 0),
        (("--supplier", "Tidewater Ltd"), 0),
        (("--shortlisted",), 1),
        (("--shortlisted", "--service", "2"), 0),
    ],
)
def test_changes_are_narrowed_by_lot_supplier_and_shortlist(
    command: Command, options: tuple[str, ...], changed: int
) -> None:
    told = command("changes", *options)
    assert told.status == 0
    assert f"{changed} service{'' if changed == 1 else 's'} changed" in told.err


def test_changes_since_a_date_are_those_from_its_beginning(command: Command) -> None:
    assert command("changes", "--since", "2026-11-22").out.count("Forms 1") == 1
    assert command("changes", "--since", "2026-11-22T05:00:00+02:00").out.count("Forms 1") == 1
    assert command("changes", "--since", "2026-11-22T03:00:01Z").out == ""


def test_new_services_are_listed_when_asked_for(command: Command) -> None:
    told = command("changes", "--since", "2026-11-22", "--field", "new")
    assert told.out.splitlines()[1] == "\tnew in the catalogue"
    assert "1 service new or changed" in told.err


def test_changes_as_json_say_everything(command: Command) -> None:
    (first, *_) = json.loads(command("changes", "--run", 4, "--json").out)
    assert (first["service"], first["field"], first["question"], first["run"]) == ("1", "price", None, 4)
    assert (first["before"], first["after"]) == ("£2 a unit a month", "£3 a unit a month")
    assert first["at"] == "2026-11-22T03:00:00Z"


def test_a_limit_says_how_many_there_are(command: Command) -> None:
    told = command("changes", "--limit", 1, "--service", "1")
    assert told.out.count("\t1\t") == 1
    assert "The newest 1 of 3 changes" in told.err


@pytest.mark.parametrize(
    "arguments",
    [("--since", "yesterday"), ("--since", "0001-01-01T00:00:00+23:59"), ("--field", "colour")],
)
def test_what_cannot_be_asked_is_wrong_usage(arguments: tuple[str, ...], command: Command) -> None:
    assert command("changes", *arguments).status == 2


def test_a_project_flags_the_services_that_changed_since_they_were_marked(command: Command) -> None:
    assert "2 marked, 1 changed since" in command("project", "list").out
    assert json.loads(command("project", "list", "--json").out)[0]["changed"] == 1
    shown = command("project", "show", "forms").out.splitlines()
    assert shown[1].startswith("1\t")
    assert shown[2:4] == [
        "\tchanged since, 2026-11-22: price was “£2 a unit a month”, now “£3 a unit a month”",
        "\tchanged since, 2026-11-22: API was “No”, now “Yes”",
    ]
    first, second = json.loads(command("project", "show", "forms", "--json").out)["marks"]
    assert (first["changed"], len(first["changes"])) == (True, 2)
    assert (second["changed"], second["changes"]) == (False, [])
