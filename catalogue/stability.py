"""How far a ranking depends on the weights: what rank a service has as each weight moves, and when it falls.

The listings are not judged again. What is filled of a barrier does not depend on its weight, so that the
score under other weights is exact: the points that a match with these weights would print, rounded alike.
Requirements stay at the barrier where they are. Weights are tenths of a percent, as in a profile; while one
moves, the others keep their proportions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor

from catalogue.match import Match, MatchResult, tie_break
from catalogue.profile import BARRIERS
from catalogue.scoring import FINE, points_of

#: How far a weight is moved either way, of itself.
_PART = 4
#: The ranks that are told, and the rank below which a service is not looked at: what a shortlist holds.
_TOLD, _TOP = 20, 5
_WHOLE = 1000
#: Shares as whole numbers of their finest step; the product with a weight in tenths is points in tenths.
_UNIT = int(1 / FINE)
_HALF = _UNIT // 2
#: Weights looked at together; the services that could matter among them are found by the two ends.
_STRETCH = 25
#: By how much, in tenths, rounding may part two scores from straight lines: four parts of each are rounded by
#: up to a half, and three weights by up to one.
_SLACK = 10


@dataclass(frozen=True, slots=True)
class Move:
    """The ranks of one service as the weight of a barrier moves.

    ``best`` and ``worst`` are those from ``lowest`` to ``highest`` percent, a quarter either way; the present
    rank is between them. ``below`` and ``above`` are the first weights, in percent, at which a service of the
    top five is no longer there when the weight falls, and rises; ``None`` where there is no such weight.
    """

    barrier: str
    lowest: Decimal
    highest: Decimal
    best: int
    worst: int
    below: Decimal | None = None
    above: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Steadiness:
    """How one service of the ranking holds its place as each weight moves."""

    match: Match
    moves: tuple[Move, ...]

    @property
    def best(self) -> int:
        """The best rank that it has with any weight moved."""
        return min((move.best for move in self.moves), default=self.match.rank)

    @property
    def worst(self) -> int:
        """The worst rank that it has with any weight moved."""
        return max((move.worst for move in self.moves), default=self.match.rank)


def reweighed(weights: Mapping[str, Decimal], barrier: str, weight: Decimal) -> dict[str, Decimal] | None:
    """The weights with that of one barrier moved and the others in their proportions, 100 in all.

    All are percentages to one decimal. ``None`` where nothing else has a weight that could make up for it.
    """
    now = tuple(int(weights[name] * 10) for name in BARRIERS)
    moved = _moved(now, BARRIERS.index(barrier), int(weight * 10))
    if moved is None:
        return None
    return {name: Decimal(tenths) / 10 for name, tenths in zip(BARRIERS, moved, strict=True)}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a service stands with other weights; ``points`` are those of each barrier."""

    rank: int
    match: Match
    score: Decimal
    points: tuple[tuple[str, Decimal], ...]


def ranked_with(result: MatchResult, weights: Mapping[str, Decimal]) -> tuple[Standing, ...]:
    """The matches as they stand with other weights: percentages to one decimal that sum to 100."""
    standings = []
    for found in result.matches:
        points = tuple(
            (part.barrier, points_of(part.share, weights[part.barrier])) for part in found.contributions
        )
        standings.append((sum((each for _, each in points), Decimal("0.0")), found, points))
    standings.sort(key=lambda standing: (-standing[0], tie_break(standing[1].service.id)))
    return tuple(
        Standing(rank, found, score, points) for rank, (score, found, points) in enumerate(standings, start=1)
    )


def stability_of(result: MatchResult, told: int = _TOLD) -> tuple[Steadiness, ...]:
    """How the best ``told`` of a whole ranking (one without a limit) hold their places."""
    looked = min(told, len(result.matches))
    if not looked:
        return ()
    now = tuple(int(result.profile.weights[barrier] * 10) for barrier in BARRIERS)
    by_barrier = [_Line(result.matches, now, number).moves(looked) for number in range(len(BARRIERS))]
    return tuple(
        Steadiness(found, tuple(moves[place] for moves in by_barrier))
        for place, found in enumerate(result.matches[:looked])
    )


class _Line:
    """All services of a ranking, by place, while the weight of one barrier moves. Numbers are tenths."""

    def __init__(self, matches: Sequence[Match], now: tuple[int, ...], number: int) -> None:
        self.now, self.number = now, number
        parts = [{part.barrier: int(part.share * _UNIT) for part in found.contributions} for found in matches]
        self.shares = [tuple(own.get(barrier, 0) for barrier in BARRIERS) for own in parts]
        ties = sorted(range(len(matches)), key=lambda place: tie_break(matches[place].service.id))
        #: How services of equal score are put in order.
        self.tie = {place: order for order, place in enumerate(ties)}
        others = (_WHOLE - now[number]) * _UNIT
        #: What a service has, before rounding, for each tenth of this weight and of the others.
        self.slopes = [
            (
                share[number] / _UNIT,
                sum(
                    weight * each
                    for at, (weight, each) in enumerate(zip(now, share, strict=True))
                    if at != number
                )
                / others
                if others
                else 0.0,
            )
            for share in self.shares
        ]

    def moves(self, looked: int) -> list[Move]:
        """One move for each of the first ``looked`` services, in their order."""
        now = self.now[self.number]
        low, high = ceil(now - now / _PART), min(_WHOLE, floor(now + now / _PART))
        best, worst = list(range(looked)), list(range(looked))
        for start in range(low, high + 1, _STRETCH):
            for _, ranks in self._ranks(start, min(high, start + _STRETCH - 1), range(looked)):
                for place, rank in ranks.items():
                    best[place], worst[place] = min(best[place], rank), max(worst[place], rank)
        below, above = self._falls(-1, looked), self._falls(1, looked)
        return [
            Move(
                BARRIERS[self.number],
                Decimal(low) / 10,
                Decimal(high) / 10,
                best[place] + 1,
                worst[place] + 1,
                below.get(place),
                above.get(place),
            )
            for place in range(looked)
        ]

    def _falls(self, step: int, looked: int) -> dict[int, Decimal]:
        """The first weight, going down or up, at which each of the top is no longer among them."""
        fallen: dict[int, Decimal] = {}
        end = _WHOLE if step > 0 else 0
        start = self.now[self.number] + step
        while step * start <= step * end:
            left = [place for place in range(min(_TOP, looked)) if place not in fallen]
            if not left:
                break
            stop = min(end, start + _STRETCH) if step > 0 else max(end, start - _STRETCH)
            ranked = list(self._ranks(min(start, stop), max(start, stop), left, above=_TOP))
            for weight, ranks in ranked[::step]:
                for place, rank in ranks.items():
                    if rank >= _TOP:
                        fallen.setdefault(place, Decimal(weight) / 10)
            start = stop + step
        return fallen

    def _ranks(
        self, start: int, stop: int, wanted: Sequence[int], *, above: int = 0
    ) -> Iterator[tuple[int, dict[int, int]]]:
        """Each weight from ``start`` to ``stop`` with the ranks, from 0, of the wanted services.

        Weights are left out where nothing changes: where the others have no weight to give, and where no
        more than ``above`` services could have a rank at all.
        """
        rivals = self._rivals(start, stop, wanted)
        if len(rivals) <= above:
            return
        for weight in range(start, stop + 1):
            weights = _moved(self.now, self.number, weight)
            if weights is not None:
                keys = {place: (-_score(self.shares[place], weights), self.tie[place]) for place in rivals}
                order = {place: rank for rank, place in enumerate(sorted(rivals, key=keys.__getitem__))}
                yield weight, {place: order[place] for place in wanted}

    def _rivals(self, start: int, stop: int, wanted: Sequence[int]) -> list[int]:
        """The services that may stand above one of the wanted between two weights, and those themselves.

        Before rounding a score is a straight line: what is below another at both ends is so between them.
        """

        def ends(place: int) -> tuple[float, float]:
            own, others = self.slopes[place]
            return start * own + (_WHOLE - start) * others, stop * own + (_WHOLE - stop) * others

        least = min(min(ends(place)) for place in wanted) - _SLACK
        return [place for place in range(len(self.shares)) if max(ends(place)) >= least]


def _moved(now: Sequence[int], number: int, weight: int) -> tuple[int, ...] | None:
    """Weights in tenths with one moved and the others in proportion; largest remainders are rounded up."""
    others, left = _WHOLE - now[number], _WHOLE - weight
    if not others and left:
        return None
    moved, remainders = [], []
    for place, own in enumerate(now):
        if place == number:
            moved.append(weight)
            continue
        whole, remainder = divmod(own * left, others) if others else (0, 0)
        moved.append(whole)
        remainders.append((-remainder, place))
    for _, place in sorted(remainders)[: _WHOLE - sum(moved)]:
        moved[place] += 1
    return tuple(moved)


def _score(shares: Sequence[int], weights: Sequence[int]) -> int:
    """The score in tenths: the sum of the parts, each rounded half to even as `points_of` does."""
    total = 0
    for share, weight in zip(shares, weights, strict=True):
        whole, rest = divmod(weight * share, _UNIT)
        total += whole + (rest > _HALF or (rest == _HALF and whole & 1))
    return total
