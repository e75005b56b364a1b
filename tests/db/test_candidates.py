"""Which services are judged: all of a small catalogue, a bounded and stable net of a large one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from catalogue.profile import parse_profile
from catalogue.records import ServiceRecord
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
