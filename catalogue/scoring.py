"""From findings to points that add up: a barrier is filled by what speaks for it, drained by what does not.

A finding fills its fraction of what is still empty of its barrier, strongest first, so that ten connectors do
not count ten times; a finding against takes its fraction of what has gathered. A finding that *stops* takes a
share from every barrier, as nothing else makes up for it; one that casts *doubt* a smaller one. Points are
tenths, rounded once on the running total: a contribution is exactly the sum of its findings, and the score
exactly the sum of the contributions.

What is filled of a barrier does not depend on its weight: with other weights a contribution is `points_of`
the same share, and no listing needs to be judged again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Decimal

import msgspec
from msgspec import structs

from catalogue.findings import Judged
from catalogue.needs import Need
from catalogue.profile import BARRIERS
from catalogue.rules import Verdict

_TENTH = Decimal("0.1")
_NOTHING = Decimal(0)
#: Shares are kept to so many decimals; they are exact up to there, so that no order of summing shows.
FINE = Decimal("0.000000001")


class Finding(msgspec.Struct, frozen=True):
    """A judgement with its points. ``quote`` is a substring of one value of ``question``, the label as shown.

    Both are ``None`` where nothing is cited. ``because`` says why, in a sentence. ``fills`` is the share that
    a finding for fills of what is empty of its barrier; ``stops`` says that nothing makes up for it.
    """

    need: str
    verdict: Verdict
    points: Decimal
    question: str | None
    quote: str | None
    rule: str
    because: str
    fills: Decimal = Decimal(0)
    stops: bool = False
    #: How much of its barrier is filled once it has counted; ``None`` where it does not count.
    filled: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Contribution:
    """One barrier's part of a score: from 0 to the barrier's weight, the sum of its findings' points.

    ``share`` is how much of the barrier is filled in the end, 0 to 1, whatever its weight.
    """

    barrier: str
    points: Decimal
    findings: tuple[Finding, ...]
    share: Decimal = Decimal(0)


def score_of(contributions: Iterable[Contribution]) -> Decimal:
    """The score, 0 to 100."""
    return sum((contribution.points for contribution in contributions), Decimal("0.0"))


def points_of(share: Decimal, weight: Decimal) -> Decimal:
    """The points of a barrier of which this share is filled."""
    return (weight * share).quantize(_TENTH, ROUND_HALF_EVEN)


def contributions_of(
    judged: Iterable[Judged],
    weights: Mapping[str, Decimal],
    fit: Decimal,
    strength: Mapping[str, Decimal],
) -> tuple[Contribution, ...]:
    """Give every finding its points. ``fit`` is how far the listing is about the profile's goal (0 to 1);
    ``strength`` has what stops and what casts doubt take from every barrier.

    Silent findings stay, with no points; the order is what fills, what drains, what is silent.
    """
    findings = list(judged)
    everywhere = [
        (found, strength[taken])
        for found in findings
        if (taken := "stops" if found.stops else found.doubt) is not None
    ]
    return tuple(
        _contribution(
            barrier,
            weights[barrier],
            [found for found in findings if found.need.barrier == barrier],
            everywhere=everywhere,
            fit=fit,
        )
        for barrier in BARRIERS
    )


def _contribution(
    barrier: str,
    weight: Decimal,
    own: list[Judged],
    *,
    everywhere: list[tuple[Judged, Decimal]],
    fit: Decimal,
) -> Contribution:
    filling = sorted(
        (found for found in own if found.verdict.side > 0), key=lambda found: -_fraction(found, fit)
    )
    draining = sorted((found for found in own if found.verdict.side < 0), key=lambda found: -_drain(found))
    filled, shown = Decimal(0), Decimal("0.0")
    kept: list[Finding] = []

    def note(found: Judged, change: Decimal, fills: Decimal = _NOTHING) -> None:
        nonlocal filled, shown
        filled = (filled + change).quantize(FINE)
        now = points_of(filled, weight)
        kept.append(_finding(found, now - shown, fills, filled))
        shown = now

    for found in filling:
        fraction = _fraction(found, fit)
        note(found, (1 - filled) * fraction, fraction)
    shares = {id(found): share for found, share in everywhere}
    for found in draining:
        note(found, -filled * max(_drain(found), shares.get(id(found), _NOTHING)))
    if filled > 0:
        for found, share in everywhere:
            if found.need.barrier != barrier:
                note(found, -filled * share)
    kept += [_finding(found, Decimal("0.0")) for found in own if not found.verdict.side]
    return Contribution(barrier, shown, tuple(kept), filled)


def _fraction(found: Judged, fit: Decimal) -> Decimal:
    """How much of what is empty a finding fills: its share, or less where it depends on a fit that is low."""
    need: Need = found.need
    return found.fraction * need.share * (1 - need.fit + need.fit * fit)


def _drain(found: Judged) -> Decimal:
    """How much of what its barrier has gathered a finding against takes away."""
    return found.fraction * found.need.against


def weighed(contribution: Contribution, weight: Decimal) -> Contribution:
    """The same contribution under another weight of its barrier: nothing is judged again."""
    shown = Decimal("0.0")
    findings: list[Finding] = []
    for found in contribution.findings:
        if found.filled is None:
            findings.append(found)
            continue
        now = points_of(found.filled, weight)
        points = now - shown
        findings.append(found if points == found.points else structs.replace(found, points=points))
        shown = now
    return replace(contribution, points=shown, findings=tuple(findings))


def _finding(
    found: Judged, points: Decimal, fills: Decimal = _NOTHING, filled: Decimal | None = None
) -> Finding:
    return Finding(
        found.need.text,
        found.verdict,
        points,
        found.label,
        found.quote,
        found.rule,
        found.because,
        fills,
        found.stops,
        filled,
    )
