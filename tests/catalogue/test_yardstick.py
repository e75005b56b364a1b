"""A service judged by itself is judged as in the ranking: what depends on the others is in the yardstick."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from catalogue.match import Excluded, Match, joined, match, re_rank, result_of, yardstick_of
from catalogue.model import Service
from catalogue.profile import parse_profile
from catalogue.read import read_service
from catalogue.records import decode_record
from tests.judged.measures import FOLDER, SETS

PROFILE = parse_profile("""
goal = "Council tax and benefits online, end to end"
[organisation]
name = "Westbeck Borough Council"
sector = "local-government"
[[legacy]]
system = "Confirm"
purpose = "street works and highways"
[skills]
gaps = ["integration", "training"]
[customers]
needs = ["mobile", "end-to-end"]
[[requirement]]
text = "Residents report a street light from a phone"
[[requirement]]
text = "There is an API"
priority = "must"
question = "API"
equals = "Yes"
""")
FEATURES = (
    "Council tax forms, end to end",
    "Connects to Confirm for street works",
    "Street lights are reported from any phone",
)


@pytest.fixture
def services(make_service: Callable[..., Service]) -> list[Service]:
    """Three that say something each, and one that a must rules out."""
    made = [make_service(number, name="Streets", features=(told,)) for number, told in enumerate(FEATURES)]
    return [*made, make_service(9, answers={"API": "No"})]


def unplaced(judged: Match | Excluded) -> Match | Excluded:
    """What was found of a service, whatever its rank."""
    return replace(judged, rank=0) if isinstance(judged, Match) else judged


@pytest.mark.parametrize("name", SETS)
def test_services_of_a_judged_set_have_their_findings_and_points_by_themselves(name: str) -> None:
    folder = FOLDER / name
    lines = (folder / "services.jsonl").read_text(encoding="utf-8").splitlines()
    services = [read_service(decode_record(line))[0] for line in lines]
    paths = sorted((folder / "profiles").glob("*.toml"))
    path = paths[SETS.index(name) % len(paths)]
    profile = parse_profile(path.read_text(encoding="utf-8"), path.name)
    ranked = {id: unplaced(found) for id, found in match(profile, services).judged.items()}
    nothing = result_of(yardstick_of(profile, services))
    joining = joined(nothing, services).judged
    assert {id: unplaced(found) for id, found in joining.items()} == ranked
    for service in services[::40]:
        (alone,) = joined(nothing, [service]).judged.values()
        assert unplaced(alone) == ranked[service.id]


def test_a_service_alone_is_judged_as_in_the_ranking_and_excluded_as_there(services: list[Service]) -> None:
    nothing = result_of(yardstick_of(PROFILE, services))
    ranked = match(PROFILE, services).judged
    assert isinstance(ranked["9"], Excluded)
    for service in services:
        (alone,) = joined(nothing, [service]).judged.values()
        assert unplaced(alone) == unplaced(ranked[service.id])


def test_services_that_join_a_ranking_change_nothing_for_the_others_but_their_ranks(
    services: list[Service], make_service: Callable[..., Service]
) -> None:
    beside = make_service(8, name="Council tax and street lights", features=FEATURES)
    before = match(PROFILE, services)
    after = joined(before, [beside, services[0]])
    assert after.considered == 5
    assert [found.rank for found in after.matches] == [1, 2, 3, 4]
    assert {id: unplaced(found) for id, found in after.judged.items() if id != "8"} == {
        id: unplaced(found) for id, found in before.judged.items()
    }


def test_a_service_that_joins_has_the_weights_of_the_ranking(services: list[Service]) -> None:
    weights = {"legacy": Decimal(5), "resources": Decimal(1), "skills": Decimal(1), "customers": Decimal(3)}
    nothing = re_rank(result_of(yardstick_of(PROFILE, services)), weights)
    assert joined(nothing, services).matches == re_rank(match(PROFILE, services), weights).matches
