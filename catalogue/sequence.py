"""Which service to begin with, and which after it: one at a time, each for what it adds to those before it.

Services are taken greedily: first the one that fills most of what the barriers weigh, then whichever adds
most to that, within the yearly budget. What several services cover of a need counts once, as it does within
one service. It is an order to think with, not a decision: whether services work together a person must tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from catalogue.costs import Cost, cost_of, lowest_of
from catalogue.groups import Group
from catalogue.match import Match, MatchResult
from catalogue.needs import Need, needs_of, pounds
from catalogue.price import YearlyCost
from catalogue.profile import BARRIERS, Profile
from catalogue.rules import Rules, Verdict, load_rules
from catalogue.scoring import points_of

#: A further purchase is a procurement of its own: no more than this many, and none for less than this.
_MOST = 5
_LEAST_POINTS = Decimal(1)
#: What judges a need that one service can cover for all. Price, audience and host are of each service alone.
_COVERABLE = ("evidence", "systems", "requirement")
#: Where what speaks for a need is weakened by what speaks against it, this much of it is left.
_WEAKENED = Decimal("0.5")

_Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Covered:
    """A need that a service covers, or covers better than those before it; ``better`` for the second."""

    barrier: str
    need: str
    better: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One service of the order. ``adds`` are points beyond those before it, ``together`` all so far.

    ``spent`` is what these cost in a year at the least, as far as prices compare; ``counted`` says whether
    the price of this one is in it.
    """

    match: Match
    adds: Decimal
    together: Decimal
    covers: tuple[Covered, ...]
    cost: Cost
    spent: Decimal
    counted: bool


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A service that would have added more than the one taken, and why it was not."""

    match: Match
    because: str


@dataclass(frozen=True, slots=True)
class Sequence:
    """An order of services, and the needs that none of them covers; ``partly`` are those covered weakly."""

    steps: tuple[Step, ...]
    passed_over: tuple[PassedOver, ...]
    uncovered: tuple[Covered, ...]
    partly: tuple[Covered, ...]


def sequence_of(
    result: MatchResult, groups: Iterable[Group] = (), *, most: int = _MOST, rules: Rules | None = None
) -> Sequence:
    """The order in which to take services, at most ``most`` of them, of a whole ranking.

    Of a group (the same product from several sellers) at most one is taken.
    """
    profile = result.profile
    needs = _needs(profile, rules or load_rules())
    seller_of = {service: group.head for group in groups for service in (group.head, *group.others)}
    left = {
        found.service.id: (found, _covering(found, needs)) for found in result.matches if not _stopped(found)
    }
    covered: dict[_Place, Decimal] = {}
    steps: list[Step] = []
    passed: list[PassedOver] = []
    spent = Decimal(0)
    budget = profile.organisation.budget_per_year
    while len(steps) < most:
        before = _filled(profile, covered)
        adding = [(_filled(profile, _joined(covered, own)) - before, found) for found, own in left.values()]
        adding = [(gain, found) for gain, found in adding if gain >= _LEAST_POINTS]
        for _, found in sorted(adding, key=lambda item: (-item[0], item[1].rank)):
            cost = cost_of(profile, found.service)
            lowest = lowest_of(cost)
            if budget is None or lowest is None or spent + lowest <= budget:
                break
            sum_ = f"{pounds(spent + lowest)} a year at the least, above {pounds(budget)}"
            because = f"with those before it, it costs {sum_}" if steps else f"it costs {sum_}"
            passed.append(PassedOver(found, because))
            del left[found.service.id]
        else:
            break
        own = left[found.service.id][1]
        covers = _newly(covered, own)
        together = _joined(covered, own)
        spent += lowest or Decimal(0)
        shown = _points(profile, together)
        steps.append(
            Step(
                found,
                shown - _points(profile, covered),
                shown,
                covers,
                cost,
                spent,
                isinstance(cost, YearlyCost),
            )
        )
        covered = together
        same = seller_of.get(found.service.id, found.service.id)
        left = {id: item for id, item in left.items() if seller_of.get(id, id) != same}
    firm = {(covers.barrier, covers.need) for step in steps for covers in _strongly(step.match, needs)}
    open_ = [Covered(*place, False) for place in needs if place not in covered]
    partly = [Covered(*place, False) for place in needs if place in covered and place not in firm]
    return Sequence(tuple(steps), tuple(passed), tuple(open_), tuple(partly))


def _needs(profile: Profile, rules: Rules) -> dict[_Place, Need]:
    """The needs that some service may cover for all, in their order."""
    return {
        (need.barrier, need.text): need
        for need in needs_of(profile, rules)
        if need.rule.reads in _COVERABLE
        and not (need.system is not None and profile.legacy[need.system].intent == "keep")
    }


def _stopped(found: Match) -> bool:
    """Whether something speaks against a service that nothing else makes up for."""
    return any(finding.stops for part in found.contributions for finding in part.findings)


def _covering(found: Match, needs: Mapping[_Place, Need]) -> dict[_Place, Decimal]:
    """How much each need is covered by a service alone: what is said for it, less what is said against."""
    covering: dict[_Place, Decimal] = {}
    for part in found.contributions:
        against = {finding.need: finding.verdict for finding in part.findings if finding.verdict.side < 0}
        for finding in part.findings:
            place = (part.barrier, finding.need)
            if finding.verdict.side <= 0 or not finding.fills or place not in needs:
                continue
            verdict = against.get(finding.need)
            if verdict is not Verdict.STRONG_AGAINST:
                fills = finding.fills if verdict is None else finding.fills * _WEAKENED
                covering[place] = max(fills, covering.get(place, Decimal(0)))
    return covering


def _strongly(found: Match, needs: Mapping[_Place, Need]) -> list[Covered]:
    """The needs that a service covers strongly, with nothing said against it."""
    return [
        Covered(part.barrier, finding.need, False)
        for part in found.contributions
        for finding in part.findings
        if finding.verdict is Verdict.STRONG_FOR
        and (part.barrier, finding.need) in needs
        and not any(other.need == finding.need and other.verdict.side < 0 for other in part.findings)
    ]


def _joined(covered: Mapping[_Place, Decimal], own: Mapping[_Place, Decimal]) -> dict[_Place, Decimal]:
    return {
        place: max(covered.get(place, Decimal(0)), own.get(place, Decimal(0))) for place in {**covered, **own}
    }


def _shares(covered: Mapping[_Place, Decimal]) -> dict[str, Decimal]:
    """What is filled of each barrier: each need fills its share of what is still empty."""
    empty = dict.fromkeys(BARRIERS, Decimal(1))
    for place in sorted(covered):
        empty[place[0]] *= 1 - covered[place]
    return {barrier: 1 - share for barrier, share in empty.items()}


def _filled(profile: Profile, covered: Mapping[_Place, Decimal]) -> Decimal:
    shares = _shares(covered)
    return sum((profile.weights[barrier] * share for barrier, share in shares.items()), Decimal(0))


def _points(profile: Profile, covered: Mapping[_Place, Decimal]) -> Decimal:
    """The points of several services together, as a score would show them."""
    shares = _shares(covered)
    return sum(
        (points_of(share, profile.weights[barrier]) for barrier, share in shares.items()), Decimal("0.0")
    )


def _newly(covered: Mapping[_Place, Decimal], own: Mapping[_Place, Decimal]) -> tuple[Covered, ...]:
    """What a service covers that was not, or better than it was; what adds most comes first."""
    more = {place: fills - covered.get(place, Decimal(0)) for place, fills in own.items()}
    kept = sorted(
        (place for place, gain in more.items() if gain > 0), key=lambda place: (-more[place], place)
    )
    return tuple(Covered(*place, place in covered) for place in kept)
