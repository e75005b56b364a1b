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
from catalogue.sequence import Covered
from catalogue.sequence import Sequence as Order
from catalogue.stability import Move, Steadiness
from tui.commands.edge import is_plain
from tui.commands.plain import labelled

#: The columns of a terminal that nobody has widened.
WIDTH = 80
_QUOTED = 160


def line(text: str) -> str:
    """Text of a page on one line."""
    return " ".join(text.split())


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
    if group is None:
        return
    known = {found.service.id: found for found in result.matches}
    others = [id for id in (group.head, *group.others) if id != service]
    sellers = "; ".join(
        f"{known[id].service.record.supplier.name} (rank {known[id].rank}, {id})" for id in others
    )
    yield wrapped(f"Also sold by: {sellers}")


def steadiness_lines(steadiness: Sequence[Steadiness]) -> Iterator[str]:
    """How the best hold their places as each weight moves, one service a paragraph."""
    yield "How steady the first ranks are, as each weight moves a quarter either way"
    yield "and the others keep their proportions:"
    for steady in steadiness:
        yield ""
        yield _headed(steady.match.rank, steady.match)
        if steady.best == steady.worst:
            yield f"     rank {steady.best} throughout"
        else:
            yield f"     rank {steady.best} to {steady.worst}"
            yield from (
                wrapped(
                    f"rank {move.best} to {move.worst} while {move.barrier} moves from "
                    f"{move.lowest:f} to {move.highest:f} %"
                )
                for move in steady.moves
                if move.best != move.worst
            )
        for move in steady.moves:
            yield from _leaving(move)


def _leaving(move: Move) -> Iterator[str]:
    """When a service of the top five is no longer among them."""
    if move.below is not None:
        yield wrapped(f"leaves the top five when {move.barrier} falls to {move.below:f} %")
    if move.above is not None:
        yield wrapped(f"leaves the top five when {move.barrier} rises to {move.above:f} %")


def order_lines(profile: Profile, order: Order) -> Iterator[str]:
    """One service after another, each for what it adds, and what stays open at the end."""
    if not order.steps:
        yield "No service adds enough to begin with."
    else:
        yield "One at a time, each for what it adds to those before it:"
    for number, step in enumerate(order.steps, start=1):
        yield ""
        yield _headed(number, step.match)
        label = "Service id: " if is_plain() else "     "
        yield f"{label}{step.match.service.id}, rank {step.match.rank}"
        yield f"     adds {step.adds} points, together {step.together} of 100"
        new = [each.need for each in step.covers if not each.better]
        better = [each.need for each in step.covers if each.better]
        yield from _covered("Covers", new)
        yield from _covered("Covers better", better)
        yield cost_line(profile, step.cost)
        yield from _spending(profile, order, number)
    for passed in order.passed_over:
        yield ""
        yield wrapped(f"Passed over: {_name(passed.match)}, as {passed.because}.", 0, 5)
    yield from _left("Stays uncovered; nothing in this order speaks for it:", order.uncovered)
    yield from _left("Covered in part, or with something said against it:", order.partly)


def _covered(label: str, needs: Sequence[str]) -> Iterator[str]:
    if is_plain():
        yield from labelled((label, need) for need in needs)
    elif needs:
        yield wrapped(f"{label}: {'; '.join(needs)}")


def _spending(profile: Profile, order: Order, number: int) -> Iterator[str]:
    """What the services so far come to in a year, and what that leaves out."""
    step = order.steps[number - 1]
    unknown = sum(not each.counted for each in order.steps[:number])
    least = "at least " if unknown else ""
    budget = profile.organisation.budget_per_year
    of = "" if budget is None else f" of £{budget:,}"
    told = f"So far a year: {least}£{step.spent:,}{of}, at the lowest prices."
    if unknown:
        noun = "price does" if unknown == 1 else "prices do"
        told += f" {unknown} {noun} not compare and may cost more; ask."
    yield wrapped(told)


def _left(heading: str, needs: Sequence[Covered]) -> Iterator[str]:
    if needs:
        yield ""
        yield heading
        yield from (wrapped(f"{each.barrier}: {each.need}", 2, 5) for each in needs)


def _headed(number: int, found: Match) -> str:
    if is_plain():
        return f"Number {number}: {_name(found)}"
    place = f"{number:>3}  "
    return place + wrapped(_name(found), len(place), len(place))[len(place) :]


def _name(found: Match) -> str:
    record = found.service.record
    return f"{line(record.name)} ({line(record.supplier.name)})"
