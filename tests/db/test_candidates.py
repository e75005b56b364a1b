"""Which services are judged: all of a small catalogue, a bounded and stable net of a large one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from catalogue.match import match
from catalogue.profile import parse_profile
from catalogue.read import read_service
from catalogue.records import ServiceRecord, decode_record
from db import candidates
from db.candidates import candidate_ids
from db.catalogue import Catalogue, open_catalogue
from db.ingest import ingest

MakeRecord = Callable[..., ServiceRecord]

PROFILE = parse_profile("""
goal = "Parking permits online"
[organisation]
name = "Westbeck Borough Council"
[[legacy]]
system = "Idox Uniform"
aliases = ["Uniform"]
[[requirement]]
text = "Residents renew a permit from a phone"
""")


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Has a catalogue of thirty services count as a large one."""
    monkeypatch.setattr(candidates, "WHOLE", 30)
    monkeypatch.setattr(candidates, "LEAST", 0)


def records(make_record: MakeRecord) -> list[ServiceRecord]:
    """Sixty payroll services, and three that matter to the profile."""
    return [
        *(make_record(number, name=f"Payroll number {number}") for number in range(100, 160)),
        make_record(1, name="Forms", features=("Uniform connector for planning",)),
        make_record(2, name="Permit shop", description="Residents renew permits by phone."),
        make_record(3, name="Parking enforcement"),
        make_record(4, name="School outfits", features=("Uniform in all sizes",)),
        make_record(5, name="Parking permits", status="withdrawn"),
    ]


def test_a_small_catalogue_is_judged_whole(
    catalogue: Catalogue, make_record: MakeRecord, seen: datetime
) -> None:
    ingest(catalogue, records(make_record), at=seen)
    assert len(candidate_ids(catalogue, PROFILE)) == 64


def test_a_large_catalogue_is_netted_by_systems_requirements_and_goal(
    catalogue: Catalogue, make_record: MakeRecord, seen: datetime, large: None
) -> None:
    ingest(catalogue, records(make_record), at=seen)
    assert candidate_ids(catalogue, PROFILE) == ["1", "2", "3"]


def test_the_order_of_import_changes_nothing(
    tmp_path: Path, make_record: MakeRecord, seen: datetime, large: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidates, "MOST", 2)
    found = []
    for name, order in (("forth.db", 1), ("back.db", -1)):
        with open_catalogue(tmp_path / name, create=True) as opened:
            for record in records(make_record)[::order]:
                ingest(opened, [record], at=seen)
            found.append(candidate_ids(opened, PROFILE))
    assert found[0] == found[1]
    assert len(found[0]) == 2


def test_where_words_find_little_services_that_answer_as_required_come_in(
    catalogue: Catalogue,
    make_record: MakeRecord,
    seen: datetime,
    large: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(candidates, "LEAST", 2)
    answers = (("User support", "Phone support", ("Yes",)),)
    others = [make_record(number, name="Payroll", answers=answers) for number in (7, 8)]
    ingest(catalogue, [*records(make_record), *others], at=seen)
    profile = parse_profile(
        '[organisation]\nname = "W"\n[[requirement]]\nquestion = "Phone support"\nequals = "Yes"'
    )
    assert candidate_ids(catalogue, profile) == ["7", "8"]


def test_what_a_must_rules_out_takes_no_place_of_another(
    catalogue: Catalogue,
    make_record: MakeRecord,
    seen: datetime,
    large: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(candidates, "MOST", 1)
    answers = (("User support", "Phone support", ("No",)),)
    ruled_out = make_record(9, name="Parking permits online", answers=answers)
    ingest(catalogue, [*records(make_record), ruled_out], at=seen)
    profile = parse_profile(
        'goal = "Parking permits online"\n[organisation]\nname = "W"\n[[requirement]]\npriority = "must"\n'
        'question = "Phone support"\nequals = "Yes"'
    )
    found = candidate_ids(catalogue, profile)
    assert "9" in found
    assert len(found) == 2


@pytest.mark.parametrize("name", ["fenmoor", "heritage", "ridgeshire"])
def test_what_judging_everything_ranks_first_is_among_the_candidates(
    name: str,
    tmp_path: Path,
    shared: Path,
    root: Path,
    seen: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    judged = shared / "judged"
    files = [judged / "services.jsonl", *sorted((root / "catalogue" / "sample").glob("*.jsonl"))]
    lines = [line for file in files for line in file.read_text("utf-8").splitlines() if line]
    every = [record for record in map(decode_record, lines) if record.status == "live"]
    profile = parse_profile((judged / "profiles" / f"{name}.toml").read_text("utf-8"))
    whole = match(profile, [read_service(record)[0] for record in every])
    first = [found.service.id for found in whole.matches[:30]]
    monkeypatch.setattr(candidates, "WHOLE", 0)
    monkeypatch.setattr(candidates, "MOST", 100)
    with open_catalogue(tmp_path / "all.db", create=True) as opened:
        ingest(opened, every, at=seen)
        found = set(candidate_ids(opened, profile))
    assert len(every) > 180
    assert [service for service in first if service not in found] == []
