"""``longlist health``: what it shows, and the exit status that a monitor reads."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from catalogue.model import Issue
from catalogue.records import Answer, FrameworkRef, LotRef, Section, ServiceRecord, SupplierRef
from catalogue.runs import Outcome, RunCounts, RunKey
from db.catalogue import Catalogue, open_catalogue
from db.ingest import ingest
from db.runs import RunLog
from tests.tui.commands.conftest import Command


def services(count: int, lot: str = "saas") -> list[ServiceRecord]:
    return [
        ServiceRecord(
            id=f"{lot}-{number}",
            framework=FrameworkRef("g-cloud-15"),
            lot=LotRef(lot),
            supplier=SupplierRef(name="Tidewater Ltd"),
            name=f"Forms {number}",
            sections=(Section("Scope", (Answer("A question nobody knows", ("Yes",)),)),),
        )
        for number in range(count)
    ]


def ran(catalogue: Catalogue, outcome: Outcome, at: datetime, reason: str = "", *issues: Issue) -> None:
    log = RunLog(catalogue)
    run = log.begin(RunKey("marketplace", "https://m.example", "all"), at=at, resume_since=None)
    for issue in issues:
        log.note(run, issue, at=at)
    log.end(run, outcome, reason, RunCounts(answered=40), at=at)


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def catalogue(tmp_path: Path, now: datetime) -> Catalogue:
    """Two lots seen last night by a run that met one issue; another five services three days before."""
    with open_catalogue(tmp_path / "catalogue.db", create=True) as made:
        ingest(made, services(5), at=now - timedelta(days=3))
        ingest(made, [*services(40), *services(2, "isaas")], at=now - timedelta(hours=6), run_id=1)
        broken = Issue("broken-page", "https://m.example/9", "no heading \x1b[31m on the page")
        ran(made, Outcome.FINISHED, now - timedelta(hours=5), "", broken)
        yield made  # type: ignore[misc]


def test_a_healthy_catalogue_ends_with_0_and_shows_its_signs(catalogue: Catalogue, command: Command) -> None:
    told = command("health")
    assert (told.status, told.err) == (0, "")
    for words in (
        "42 services, 42 live, the newest seen",
        "healthy\tnothing gives reason to worry",
        "marketplace all\tlast good run ended",
        "g-cloud-15 saas\t40 live, 100 % seen in time",
        "g-cloud-15 isaas\t2 live",
        "broken-page\t1 times, 1 different",
        "such as no heading [31m on the page (https://m.example/9)",
        "unknown-question\t42 times, 2 different",
    ):
        assert words in told.out


def test_the_growth_is_a_row_a_day_with_figures_and_a_bar(catalogue: Catalogue, command: Command) -> None:
    rows = command("health").out.rpartition("changed  ended\n")[2].splitlines()
    assert len(rows) == 4
    assert rows[0].split()[1:5] == ["5", "5", "0", "0"]
    assert rows[-1].split()[1:5] == ["42", "37", "0", "0"] or rows[-2].split()[1:5] == ["42", "37", "0", "0"]
    assert max(len(row) for row in rows) <= 79
    assert rows[-1].endswith("█" * 30)


def test_everything_is_there_as_json(catalogue: Catalogue, command: Command) -> None:
    found = json.loads(command("health", "--json").out)
    assert (found["state"], found["concerns"]) == ("healthy", [])
    assert (found["services"], found["live"]) == (42, 42)
    assert found["sources"][0]["outcome"] == "finished"
    assert [(lot["lot"], lot["live"], lot["seen"]) for lot in found["lots"]] == [
        ("saas", 40, 40),
        ("isaas", 2, 2),
    ]
    assert found["issues"][0]["example"]["place"]
    assert sum(span["new"] for span in found["growth"]) == 42


def test_a_warning_ends_with_3(catalogue: Catalogue, command: Command, now: datetime) -> None:
    ran(catalogue, Outcome.FAILED, now, "the source is silent")
    told = command("health")
    assert told.status == 3
    assert "Deserves a look: marketplace all: run 2 did not reach its end" in told.err
    assert json.loads(command("health", "--json").out)["state"] == "warning"


def test_a_breach_ends_with_4(catalogue: Catalogue, command: Command, now: datetime) -> None:
    ran(catalogue, Outcome.CHANGED, now, "the listing has moved")
    told = command("health")
    assert told.status == 4
    assert "Not to be trusted: marketplace all: run 2 found the source changed: the listing" in told.err
    assert json.loads(command("health", "--json").out)["state"] == "breach"


def test_services_unseen_for_long_are_a_warning(catalogue: Catalogue, command: Command) -> None:
    with catalogue.atomic() as db:
        db.conn.execute("UPDATE service SET last_seen = '2026-01-01T00:00:00Z' WHERE id LIKE 'isaas%'")
    told = command("health", "--max-age", 30)
    assert told.status == 3
    assert "0 of 2 live services were seen within 30 days; the longest unseen since 2026-01-01" in told.out


def test_an_empty_catalogue_ends_with_4_and_none_at_all_with_1(tmp_path: Path, command: Command) -> None:
    open_catalogue(tmp_path / "empty.db", create=True).close()
    assert command("health", db="empty.db").status == 4
    assert command("health", db="none.db").status == 1


def test_chosen_services_are_no_run_of_the_source(
    catalogue: Catalogue, command: Command, now: datetime
) -> None:
    log = RunLog(catalogue)
    key = RunKey("marketplace", "https://m.example", "all", ids="abc")
    run = log.begin(key, at=now, resume_since=None)
    log.end(run, Outcome.FAILED, "", RunCounts(), at=now)
    assert command("health").status == 0
