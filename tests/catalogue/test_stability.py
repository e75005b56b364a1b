"""Ranks under other weights are exactly those of a match with these weights."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.match import MatchResult, match, tie_break
from catalogue.model import Service
from catalogue.profile import BARRIERS, Profile, parse_profile, percentages
from catalogue.scoring import Contribution, points_of
from catalogue.stability import ranked_with, reweighed, stability_of

MakeService = Callable[..., Service]

PROFILE = """
goal = "Council tax and benefits online, end to end"
[organisation]
name = "Westbeck Borough Council"
budget_per_year = 30000
{weights}
[[legacy]]
system = "NEC Revenues & Benefits"
intent = "connect"
interfaces = ["api"]
[skills]
gaps = ["developers", "training"]
[resources]
gaps = ["money", "staff-time"]
[customers]
needs = ["single-sign-on", "mobile", "channels"]
"""
WEIGHTS = "[weights]\nlegacy = 40\nresources = 25\nskills = 20\ncustomers = 15"
SAYINGS = (
    "Certified connector for NEC Revenues & Benefits (iWorld)",
    "No code, drag and drop forms for council tax",
    "Implementation is £6,000 once",
    "One account and single sign-on for residents",
    "Web chat and text messages beside the form",
    "Training for staff is included",
    "Does not integrate with NEC Revenues & Benefits",
)


@pytest.fixture(scope="module")
def judged(make_service: MakeService) -> MatchResult:
    """Some services that say different things, for a profile of four barriers."""
    services = [
        make_service(
            number,
            name=f"Council tax {number}",
            features=tuple(saying for at, saying in enumerate(SAYINGS) if number >> at & 1),
            answers={"Phone support": "Yes"} if number % 3 else {},
        )
        for number in range(1, 60)
    ]
    return match(parse_profile(PROFILE.format(weights=WEIGHTS)), services)


def weighed(result: MatchResult, weights: dict[str, Decimal]) -> list[tuple[str, Decimal]]:
    """Order and scores that matching anew gives with these weights."""
    profile = replace(result.profile, weights=MappingProxyType(weights))
    services = [found.service for found in result.matches]
    return [(found.service.id, found.score) for found in match(profile, services).matches]


shares = st.tuples(*[st.integers(0, 100)] * 4).filter(any)


@settings(max_examples=15, deadline=None)
@given(shares)
def test_other_weights_rank_as_a_match_with_them_would(judged: MatchResult, parts: tuple[int, ...]) -> None:
    weights = percentages({barrier: Decimal(part) for barrier, part in zip(BARRIERS, parts, strict=True)})
    standings = ranked_with(judged, weights)
    assert [(each.match.service.id, each.score) for each in standings] == weighed(judged, weights)
    assert [each.rank for each in standings] == list(range(1, len(standings) + 1))
    assert all(sum(points for _, points in each.points) == each.score for each in standings)


def test_the_present_weights_give_the_present_ranking(judged: MatchResult) -> None:
    standings = ranked_with(judged, judged.profile.weights)
    assert [each.match for each in standings] == list(judged.matches)
    assert [each.score for each in standings] == [found.score for found in judged.matches]


@given(shares, st.sampled_from(BARRIERS), st.integers(0, 1000))
def test_moved_weights_are_percentages_of_which_the_others_keep_their_proportions(
    parts: tuple[int, ...], barrier: str, tenths: int
) -> None:
    weights = percentages({name: Decimal(part) for name, part in zip(BARRIERS, parts, strict=True)})
    moved = reweighed(weights, barrier, Decimal(tenths) / 10)
    if weights[barrier] == 100 and tenths < 1000:
        assert moved is None
        return
    assert moved is not None
    assert sum(moved.values()) == 100
    assert moved[barrier] == Decimal(tenths) / 10
    left, others = 100 - moved[barrier], 100 - weights[barrier]
    for name in set(BARRIERS) - {barrier}:
        exact = weights[name] * left / others if others else Decimal(0)
        assert abs(moved[name] - exact) < Decimal("0.1")
    assert reweighed(weights, barrier, weights[barrier]) == weights


def test_ranges_are_what_each_weight_tried_gives(judged: MatchResult) -> None:
    steadiness = stability_of(judged, 8)
    for number, barrier in enumerate(BARRIERS):
        moves = [steady.moves[number] for steady in steadiness]
        ranks: dict[str, set[int]] = {}
        for tenths in range(int(moves[0].lowest * 10), int(moves[0].highest * 10) + 1):
            weights = reweighed(judged.profile.weights, barrier, Decimal(tenths) / 10)
            assert weights is not None
            for each in ranked_with(judged, weights):
                ranks.setdefault(each.match.service.id, set()).add(each.rank)
        for steady, move in zip(steadiness, moves, strict=True):
            tried = ranks[steady.match.service.id]
            assert (move.best, move.worst) == (min(tried), max(tried))


def test_a_service_leaves_the_top_five_at_the_first_weight_that_says_so(judged: MatchResult) -> None:
    told = 0
    for steady in stability_of(judged, 5):
        for move in steady.moves:
            now = int(judged.profile.weights[move.barrier] * 10)
            for leaves, way in ((move.below, range(now, -1, -1)), (move.above, range(now, 1001))):
                first = next(
                    (at for at in way if place_of(judged, steady.match.service.id, move.barrier, at) > 5),
                    None,
                )
                assert leaves == (None if first is None else Decimal(first) / 10)
                told += first is not None
    assert told


def place_of(result: MatchResult, service: str, barrier: str, tenths: int) -> int:
    """The rank of a service with one weight moved."""
    weights = reweighed(result.profile.weights, barrier, Decimal(tenths) / 10)
    assert weights is not None
    return next(each.rank for each in ranked_with(result, weights) if each.match.service.id == service)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 1000)] * 4), min_size=1, max_size=30), shares)
def test_the_present_rank_is_within_every_range(
    judged: MatchResult, filled: list[tuple[int, ...]], parts: tuple[int, ...]
) -> None:
    weights = percentages({name: Decimal(part) for name, part in zip(BARRIERS, parts, strict=True)})
    made = []
    for found, own in zip(judged.matches, filled, strict=False):
        contributions = tuple(
            Contribution(
                barrier, points_of(Decimal(share) / 1000, weights[barrier]), (), Decimal(share) / 1000
            )
            for barrier, share in zip(BARRIERS, own, strict=True)
        )
        score = sum((part.points for part in contributions), Decimal(0))
        made.append(replace(found, contributions=contributions, score=score))
    made.sort(key=lambda found: (-found.score, tie_break(found.service.id)))
    ranked = tuple(replace(found, rank=rank) for rank, found in enumerate(made, start=1))
    profile: Profile = replace(judged.profile, weights=MappingProxyType(weights))
    for steady in stability_of(replace(judged, profile=profile, matches=ranked)):
        assert all(move.best <= steady.match.rank <= move.worst for move in steady.moves)
        assert steady.best <= steady.match.rank <= steady.worst
        assert steady.match.rank <= 5 or all(move.below is move.above is None for move in steady.moves)


def test_no_service_has_no_stability(judged: MatchResult) -> None:
    assert stability_of(replace(judged, matches=())) == ()


def test_a_weight_with_nothing_beside_it_does_not_move(make_service: MakeService) -> None:
    profile = parse_profile(PROFILE.format(weights="[weights]\nlegacy = 1"))
    result = match(profile, [make_service(number, features=(SAYINGS[number],)) for number in range(3)])
    assert all(
        steady.moves[0].best == steady.moves[0].worst == steady.match.rank for steady in stability_of(result)
    )
