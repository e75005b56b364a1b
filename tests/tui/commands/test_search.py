"""``longlist search`` and ``longlist show``: data on standard output, explanations beside it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from catalogue.records import (
    Answer,
    Document,
    FrameworkRef,
    LotRef,
    Section,
    ServiceRecord,
    SupplierRef,
)
from db.catalogue import open_catalogue
from db.ingest import ingest
from tui.commands.edge import ExitCode
from tui.commands.main import run

PERMITS = ServiceRecord(
    id="124689046028044",
    url="https://marketplace.example/124689046028044",
    framework=FrameworkRef("g-cloud-15", "G-Cloud 15"),
    lot=LotRef("saas", "Software as a Service (SaaS)"),
    supplier=SupplierRef(id="700222", name="Kerbside Ltd"),
    name="Kerbside Permits",
    description="Blue badges and parking permits.",
    categories=(("Applications", "Parking"),),
    features=("Payments by card",),
    benefits=(),
    price="£1.20 to £3.50 a user a month",
    documents=(Document("Pricing document", "https://marketplace.example/pricing.pdf"),),
    sections=(
        Section(
            "Service scope",
            (
                Answer("Cloud deployment model", ("Public cloud", "Hybrid cloud")),
                Answer("Service constraints", ("Line one\nline two",)),
                Answer("Phone support", ("Yes",)),
            ),
        ),
    ),
    structured={"discount_bands": [{"from": "£10,000", "discount": "5%"}]},
)


@pytest.fixture(autouse=True)
def filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "catalogue.db"
    monkeypatch.setenv("LONGLIST_DB", str(path))
    others = [
        ServiceRecord(
            id=f"5000000000{number}",
            framework=PERMITS.framework,
            lot=LotRef("cloud-support"),
            supplier=SupplierRef(name="Tidewater Ltd"),
            name=f"Migration {number}",
        )
        for number in range(5)
    ]
    with open_catalogue(path, create=True) as catalogue:
        ingest(catalogue, [PERMITS, *others], at=datetime(2026, 11, 20, tzinfo=UTC))


def test_a_result_is_two_lines(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["search", "parking", "permits"]) == ExitCode.DONE
    assert capsys.readouterr().out == (
        "1. Kerbside Permits, by Kerbside Ltd\n"
        "   124689046028044, g-cloud-15 saas, £1.20 to £3.50 a user a month\n"
    )


def test_how_the_words_were_understood_is_said_beside_the_data(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["search", "kerbsdie", "--json"]) == ExitCode.DONE
    output = capsys.readouterr()
    found = json.loads(output.out)
    assert found["assumed"] == [{"typed": "kerbsdie", "meant": "kerbside"}]
    assert [(each["rank"], each["id"]) for each in found["results"]] == [(1, PERMITS.id)]
    assert "Assumed you meant 'kerbside' by 'kerbsdie'." in output.err


def test_filters_and_windows(capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        run(["search", "--lot", "cloud-support", "--limit", "2", "--offset", "4", "--json"]) == ExitCode.DONE
    )
    found = json.loads(capsys.readouterr().out)
    assert (found["total"], [each["rank"] for each in found["results"]]) == (5, [5])
    assert (
        run(["search", "--answer", "Phone support=Yes", "--supplier", "kerbside", "--json"]) == ExitCode.DONE
    )
    assert json.loads(capsys.readouterr().out)["total"] == 1


def test_nothing_found_is_no_failure(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["search", "zebra"]) == ExitCode.DONE
    output = capsys.readouterr()
    assert (output.out, "Nothing found" in output.err) == ("", True)


def test_an_empty_catalogue_says_that_it_is_and_how_to_fill_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "empty.db"
    open_catalogue(path, create=True).close()
    monkeypatch.setenv("LONGLIST_DB", str(path))
    assert run(["search", "parking"]) == ExitCode.DONE
    told = capsys.readouterr().err
    assert ("catalogue is empty" in told, "longlist import" in told) == (True, True)
    assert "fewer" not in told


@pytest.mark.parametrize("arguments", [["--lot", "none"], ["--answer", "API"], ["--status", "gone"]])
def test_a_wrong_filter_is_wrong_usage(arguments: list[str]) -> None:
    assert run(["search", *arguments]) == ExitCode.USAGE


def test_a_service_is_shown_section_by_section(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["show", PERMITS.id]) == ExitCode.DONE
    shown = capsys.readouterr().out
    assert shown.startswith("Kerbside Permits\n================\nSupplier: Kerbside Ltd (700222)\n")
    assert (
        "\nService scope\n-------------\nCloud deployment model:\n  - Public cloud\n  - Hybrid cloud\n"
        in shown
    )
    assert "\nService constraints:\n  - Line one\n    line two\nPhone support: Yes\n" in shown
    assert "\nBenefits\n--------\nnone\n" in shown
    assert "\n  1:\n    from: £10,000\n    discount: 5%\n" in shown


def test_what_a_page_does_not_state_is_called_not_stated(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["show", "50000000001"]) == ExitCode.DONE
    shown = capsys.readouterr().out
    assert "Price: not stated" in shown
    assert "\nFeatures\n--------\nnot stated\n" in shown


def test_results_are_narrowed_by_price_and_put_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["search", "--price", "a user a month", "--sort", "price", "--json"]) == ExitCode.DONE
    found = json.loads(capsys.readouterr().out)
    assert [hit["id"] for hit in found["results"]] == [PERMITS.id]
    assert found["results"][0]["first_seen"].endswith("Z")
    assert run(["search", "--price", "a song"]) == ExitCode.USAGE
    assert "there is no price 'a song'; there are: " in capsys.readouterr().err


def test_a_record_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["show", PERMITS.id, "--json"]) == ExitCode.DONE
    record = json.loads(capsys.readouterr().out)
    assert (record["id"], record["benefits"], record["supplier"]["id"]) == (PERMITS.id, [], "700222")


def test_an_unknown_service_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["show", "124689046028045"]) == ExitCode.USAGE
    assert "nearest: 124689046028044" in capsys.readouterr().err
