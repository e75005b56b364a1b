"""The JSON of a match with what is known beside the score: cost, flags, groups, steadiness, an order.

The keys that scripts depend on come from `catalogue.match.match_json` and stay as they are; these come after.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from catalogue.costs import Cost, cost_of, is_over, lowest_of
from catalogue.groups import Group, groups_of
from catalogue.match import MatchResult, match_json
from catalogue.model import CatalogueSummary
from catalogue.price import YearlyCost
from catalogue.profile import Profile
from catalogue.quality import flags_of
from catalogue.sequence import Covered, sequence_of
from catalogue.sequence import Sequence as Order
from catalogue.stability import Steadiness, stability_of


def report_json(
    result: MatchResult,
    summary: CatalogueSummary,
    *,
    limit: int | None = None,
    only: str | None = None,
    stability: bool = False,
    order: bool = False,
) -> dict[str, Any]:
    """A whole result (one matched without a limit), of which at most ``limit`` matches are told.

    ``only`` tells one service, by id, matched or excluded.
    ``stability`` adds how the best twenty hold their places, ``order`` which to take first.
    """
    groups = groups_of(result)
    place_of = {service: group for group in groups for service in (group.head, *group.others)}
    kept = tuple(found for found in result.matches if only in (None, found.service.id))[:limit]
    excluded = tuple(gone for gone in result.excluded if only in (None, gone.service.id))
    told = match_json(replace(result, matches=kept, excluded=excluded), summary)
    for row, found in zip(told["matches"], kept, strict=True):
        row["yearly_cost"] = _cost_json(result.profile, cost_of(result.profile, found.service))
        row["flags"] = [
            {"kind": flag.kind, "sentence": flag.sentence, "question": flag.question, "quote": flag.quote}
            for flag in flags_of(found.service)
        ]
        row["group"] = _group_json(found.service.id, place_of.get(found.service.id))
    if stability:
        steady_of = {steady.match.service.id: steady for steady in stability_of(result)}
        for row in told["matches"]:
            steady = steady_of.get(row["id"])
            row["stability"] = None if steady is None else _steadiness_json(steady)
    if order:
        told["order"] = _order_json(result.profile, sequence_of(result, groups))
    return told


def _cost_json(profile: Profile, cost: Cost) -> dict[str, Any]:
    """Pounds a year. Where prices do not compare, ``reason`` says why and ``minimum`` is a floor."""
    compared = isinstance(cost, YearlyCost)
    lowest = lowest_of(cost)
    highest = cost.maximum if isinstance(cost, YearlyCost) else None
    return {
        "comparable": compared,
        "minimum": None if lowest is None else float(lowest),
        "maximum": None if highest is None else float(highest),
        "assumptions": list(cost.assumptions) if isinstance(cost, YearlyCost) else [],
        "reason": None if isinstance(cost, YearlyCost) else cost.reason,
        "over_budget": is_over(profile, cost),
    }


def _group_json(service: str, group: Group | None) -> dict[str, Any] | None:
    """The same product from several sellers: the others on the one that stands for them, it on the others."""
    if group is None:
        return None
    if service == group.head:
        return {"size": group.size, "others": list(group.others)}
    return {"size": group.size, "head": group.head}


def _steadiness_json(steady: Steadiness) -> dict[str, Any]:
    return {
        "best": steady.best,
        "worst": steady.worst,
        "moves": [
            {
                "barrier": move.barrier,
                "from": float(move.lowest),
                "to": float(move.highest),
                "best": move.best,
                "worst": move.worst,
                "leaves_top_five_below": None if move.below is None else float(move.below),
                "leaves_top_five_above": None if move.above is None else float(move.above),
            }
            for move in steady.moves
        ],
    }


def _order_json(profile: Profile, order: Order) -> dict[str, Any]:
    return {
        "steps": [
            {
                "id": step.match.service.id,
                "adds": float(step.adds),
                "together": float(step.together),
                "covers": [{**_covered_json(each), "better": each.better} for each in step.covers],
                "yearly_cost": _cost_json(profile, step.cost),
                "spent": float(step.spent),
            }
            for step in order.steps
        ],
        "passed_over": [
            {"id": passed.match.service.id, "because": passed.because} for passed in order.passed_over
        ],
        "uncovered": _covered_list(order.uncovered),
        "partly": _covered_list(order.partly),
    }


def _covered_list(needs: Sequence[Covered]) -> list[dict[str, str]]:
    return [_covered_json(each) for each in needs]


def _covered_json(covered: Covered) -> dict[str, str]:
    return {"barrier": covered.barrier, "need": covered.need}
