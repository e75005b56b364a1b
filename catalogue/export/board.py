"""What a board is told beside the table: how steady the ranking is, and in which order to take services.

Both are worked out from the match of the table; without one there is nothing to tell.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from catalogue.export.values import ExportTable, Purchase
from catalogue.groups import groups_of
from catalogue.match import MatchResult, tie_break
from catalogue.project import Criteria
from catalogue.records import strip_controls
from catalogue.sequence import sequence_of
from catalogue.stability import stability_of

#: How far a weight is moved either way, of itself; the same as the weights of barriers are.
_PART = Decimal("0.25")
_WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True)
class Steady:
    """The match ranks of a shortlisted service while the weight of each barrier moves by a quarter."""

    name: str
    rank: int
    best: int
    worst: int


@dataclass(frozen=True, slots=True)
class OtherFirst:
    """Another service would come first were this criterion weighed so."""

    name: str
    criterion: str
    weight: Decimal
    instead_of: Decimal


@dataclass(frozen=True, slots=True)
class OrderStep:
    """A service to take, what it ``adds`` in points to those before it, and the needs that it covers.

    ``spent`` is what all so far cost in a year at the least, as far as prices compare.
    """

    name: str
    adds: Decimal
    covers: tuple[str, ...]
    spent: Decimal


@dataclass(frozen=True, slots=True)
class Board:
    """The table with what a board is told beside it.

    ``others_first`` is ``None`` where there are no complete scores to weigh, and empty where the first stays
    first; ``passed_over`` are services that the budget leaves out, each with the reason; ``uncovered`` are
    needs that no service of the order covers.
    """

    table: ExportTable
    steady: tuple[Steady, ...] = ()
    others_first: tuple[OtherFirst, ...] | None = None
    order: tuple[OrderStep, ...] = ()
    passed_over: tuple[tuple[str, str], ...] = ()
    uncovered: tuple[str, ...] = ()


def board_of(table: ExportTable, result: MatchResult | None) -> Board:
    """The table with how steady its ranking is, and an order; ``result`` is the match that it was made of."""
    board = Board(table, others_first=_others_first(table.purchase) if table.purchase else None)
    if result is None:
        return strip_controls(board)
    shortlisted = {row.service_id for row in table.rows}
    steady = tuple(
        Steady(each.match.service.record.name, each.match.rank, each.best, each.worst)
        for each in stability_of(result)
        if each.match.service.id in shortlisted
    )
    of_shortlist = replace(
        result, matches=tuple(each for each in result.matches if each.service.id in shortlisted)
    )
    order = sequence_of(of_shortlist, groups_of(of_shortlist))
    return strip_controls(
        replace(
            board,
            steady=steady,
            order=tuple(
                OrderStep(
                    step.match.service.record.name,
                    step.adds,
                    tuple(each.need for each in step.covers),
                    step.spent,
                )
                for step in order.steps
            ),
            passed_over=tuple(
                (passed.match.service.record.name, passed.because) for passed in order.passed_over
            ),
            uncovered=tuple(each.need for each in order.uncovered),
        )
    )


def _others_first(purchase: Purchase) -> tuple[OtherFirst, ...] | None:
    """Who would come first with one criterion's weight a quarter lower or higher, the others in proportion.

    Totals are straight lines of a weight: who is first at both ends is first between them.
    """
    criteria = purchase.project.criteria
    complete = {
        total.service_id: {name: mean for name, mean, _ in total.parts}
        for total in purchase.totals
        if total.total is not None
    }
    if criteria is None or criteria.method != "best-value" or not complete:
        return None
    now = _first(criteria, complete, {each.name: each.weight for each in criteria.criteria})
    names = {each.row.service_id: each.row.name for each in purchase.dispositions}
    found: list[OtherFirst] = []
    for criterion in criteria.criteria:
        for part in (-_PART, _PART):
            weight = min(_WHOLE, criterion.weight * (1 + part))
            weights = _moved(criteria, criterion.name, weight)
            if weights is None:
                continue
            first = _first(criteria, complete, weights)
            if first != now:
                found.append(OtherFirst(names[first], criterion.name, weight, criterion.weight))
    return tuple(found)


def _moved(criteria: Criteria, name: str, weight: Decimal) -> Mapping[str, Decimal] | None:
    """The weights with one moved; ``None`` where nothing else has a weight that could make up for it."""
    others = sum((each.weight for each in criteria.criteria if each.name != name), Decimal(0))
    if not others:
        return None
    return {
        each.name: weight if each.name == name else each.weight * (_WHOLE - weight) / others
        for each in criteria.criteria
    }


def _first(
    criteria: Criteria, means: Mapping[str, Mapping[str, Decimal]], weights: Mapping[str, Decimal]
) -> str:
    """The service with the highest total under these weights."""

    def key(service_id: str) -> tuple[Decimal, str]:
        scores = means[service_id]
        total = sum((weights[each.name] * scores[each.name] for each in criteria.criteria), Decimal(0))
        return -total, tie_break(service_id)

    return min(means, key=key)
