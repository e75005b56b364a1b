"""What is known of a match beside its score, as plain sentences no wider than a screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import fill

from catalogue.costs import Cost, cost_sentence
from catalogue.groups import Group
from catalogue.match import Match, MatchResult
from catalogue.price import YearlyCost
from catalogue.profile import Profile
from catalogue.quality import Flag
from catalogue.scoring import Finding
from catalogue.sentences import (
    NO_ORDER,
    ORDER_ABOUT,
    PARTLY,
    STEADY_ABOUT,
    UNCOVERED,
    adds_sentence,
    line,
    named,
    passed_sentence,
    range_sentence,
    sellers_sentence,
    spending_sentence,
    steady_sentences,
)
from catalogue.sequence import Covered
from catalogue.sequence import Sequence as Order
from catalogue.stability import Steadiness
from tui.commands.edge import is_plain
from tui.commands.plain import labelled

#: The columns of a terminal that nobody has widened.
WIDTH = 80
_QUOTED = 160


def wrapped(text: str, indent: int = 5, hanging: int = 10) -> str:
    """A sentence as lines of a screen; in plain text one line, as long as it is."""
    if is_plain():
        return line(text)
    return fill(
        line(text),
        WIDTH,
        initial_indent=" " * indent,
        subsequent_indent=" " * hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )


def cost_line(profile: Profile, cost: Cost, *, whole: bool = False) -> str:
    """A year's cost; ``whole`` with every assumption, else with the first."""
    if isinstance(cost, YearlyCost) and not whole:
        cost = YearlyCost(cost.minimum, cost.maximum, cost.assumptions[:1])
    return wrapped(f"A year: {cost_sentence(profile, cost)}")


def flag_lines(flags: Sequence[Flag]) -> Iterator[str]:
    """Each flag with what it quotes, cut where it is long."""
    for flag in flags:
        quote = line(flag.quote) if flag.quote else ""
        shown = quote if len(quote) <= _QUOTED else quote[: _QUOTED - 1] + "…"
        if is_plain():
            question = flag.question if quote else None
            yield from labelled(
                [("Read with care", flag.sentence), ("Question", question), ("Quote", quote or None)]
            )
            continue
        cited = f" [{flag.question}] “{shown}”" if quote else ""
        yield wrapped(f"Read with care: {flag.sentence}{cited}")


def spoken_finding(finding: Finding, *, points: bool = False) -> Iterator[str]:
    """A finding for who listens, with what it adds or takes where there are ``points``."""
    verdict = finding.verdict.value.replace("-", " ")
    cited = bool(finding.question and finding.quote)
    yield from labelled(
        [
            ("Finding", f"{verdict}, {finding.points:+} points" if points else verdict),
            ("Need", line(finding.need)),
            ("Because", line(finding.because)),
            ("Question", line(finding.question or "") if cited else None),
            ("Quote", line(finding.quote or "") if cited else None),
        ]
    )


def seller_lines(group: Group | None, service: str, result: MatchResult) -> Iterator[str]:
    """Who else sells the product of a service, each with rank and id."""
    if told := sellers_sentence(group, service, result):
        yield wrapped(told)


def steadiness_lines(steadiness: Sequence[Steadiness]) -> Iterator[str]:
    """How the best hold their places as each weight moves, one service a paragraph."""
    yield wrapped(STEADY_ABOUT, 0, 0)
    for steady in steadiness:
        yield ""
        yield _headed(steady.match.rank, steady.match)
        yield f"     {range_sentence(steady)}"
        yield from map(wrapped, steady_sentences(steady))


def order_lines(profile: Profile, order: Order) -> Iterator[str]:
    """One service after another, each for what it adds, and what stays open at the end."""
    if not order.steps:
        yield NO_ORDER
    else:
        yield ORDER_ABOUT
    for number, step in enumerate(order.steps, start=1):
        yield ""
        yield _headed(number, step.match)
        label = "Service id: " if is_plain() else "     "
        yield f"{label}{step.match.service.id}, rank {step.match.rank}"
        yield f"     {adds_sentence(step)}"
        new = [each.need for each in step.covers if not each.better]
        better = [each.need for each in step.covers if each.better]
        yield from _covered("Covers", new)
        yield from _covered("Covers better", better)
        yield cost_line(profile, step.cost)
        yield wrapped(spending_sentence(profile, order, number))
    for passed in order.passed_over:
        yield ""
        yield wrapped(passed_sentence(passed), 0, 5)
    yield from _left(UNCOVERED, order.uncovered)
    yield from _left(PARTLY, order.partly)


def _covered(label: str, needs: Sequence[str]) -> Iterator[str]:
    if is_plain():
        yield from labelled((label, need) for need in needs)
    elif needs:
        yield wrapped(f"{label}: {'; '.join(needs)}")


def _left(heading: str, needs: Sequence[Covered]) -> Iterator[str]:
    if needs:
        yield ""
        yield heading
        yield from (wrapped(f"{each.barrier}: {each.need}", 2, 5) for each in needs)


def _headed(number: int, found: Match) -> str:
    if is_plain():
        return f"Number {number}: {named(found)}"
    place = f"{number:>3}  "
    return place + wrapped(named(found), len(place), len(place))[len(place) :]
