"""What is known of matches beside their score, as text: cost, sellers, flags, steadiness, an order."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from catalogue.costs import cost_of, cost_sentence
from catalogue.groups import Group
from catalogue.match import Match, MatchResult
from catalogue.price import YearlyCost
from catalogue.profile import Profile
from catalogue.quality import flags_of
from catalogue.sentences import (
    NO_ORDER,
    ORDER_ABOUT,
    PARTLY,
    STEADY_ABOUT,
    UNCOVERED,
    adds_sentence,
    passed_sentence,
    range_sentence,
    sellers_sentence,
    spending_sentence,
    steady_sentences,
)
from catalogue.sequence import Covered
from catalogue.sequence import Sequence as Order
from catalogue.stability import Steadiness
from tui.widgets.checks import care_sentence
from tui.widgets.evidence import evidence_of
from tui.widgets.plain import one_line, paragraph
from tui.widgets.prose import Block, Part, bullet, labelled, titled

#: Cells of the drawn line of ranks, at the most.
_LINE = 60


def details_of(
    match: Match, result: MatchResult, group: Group | None, steady: Steadiness | None
) -> list[Part]:
    """One match in full: what it costs, who sells it, its evidence, and what to know beside that."""
    service = match.service
    parts: list[Part] = [
        Content.styled(one_line(service.record.name), "bold"),
        paragraph(one_line(service.record.supplier.name), "$text-accent"),
        "",
        labelled(
            "A year", paragraph(one_line(cost_sentence(result.profile, cost_of(result.profile, service))))
        ),
    ]
    if told := sellers_sentence(group, service.id, result):
        label, _, sellers = told.partition(": ")
        parts.append(labelled(label, paragraph(one_line(sellers)), 14))
    if steady is not None:
        told = "; ".join([range_sentence(steady), *_leaving(steady)])
        parts.append(labelled("Steadiness", paragraph(told)))
    flags = flags_of(service)
    if flags:
        parts.append(labelled("With care", paragraph(care_sentence(flags))))
    parts += ["", *evidence_of(match, result.profile.weights)]
    if flags:
        parts += ["", titled("Read with care (never a part of the score)")]
        for flag in flags:
            parts.append(bullet(paragraph(one_line(flag.sentence))))
            if flag.quote:
                cited = f" · {one_line(flag.question)}" if flag.question else ""
                quote = Content.assemble(
                    "“", paragraph(one_line(flag.quote), "italic"), "”", paragraph(cited, "$muted")
                )
                parts.append(Block(quote, Content("  ")))
    return parts


def _leaving(steady: Steadiness) -> list[str]:
    return [told for told in steady_sentences(steady) if told.startswith("leaves")]


def steadiness_of(steadiness: Sequence[Steadiness]) -> list[Part]:
    """How the first hold their places, each with its range drawn and in words."""
    if not steadiness:
        return ["There is nothing to rank."]
    parts: list[Part] = [paragraph(STEADY_ABOUT, "$muted")]
    most = max(steady.worst for steady in steadiness)
    for steady in steadiness:
        record = steady.match.service.record
        parts += [
            "",
            Block(
                Content.styled(one_line(record.name), "bold"),
                paragraph(f"{steady.match.rank:>3}  ", "$muted"),
            ),
            Block(
                Content.assemble(
                    (_drawn(steady, min(most, _LINE)), "$primary"), f"  {range_sentence(steady)}"
                ),
                Content("     "),
            ),
        ]
        parts += [Block(paragraph(told), Content("     ")) for told in steady_sentences(steady)]
    return parts


def _drawn(steady: Steadiness, cells: int) -> str:
    """The ranks as a line of cells: those that the service can have, and the present one."""
    drawn = ["·"] * cells
    for rank in range(steady.best, steady.worst + 1):
        if rank <= cells:
            drawn[rank - 1] = "━"
    if steady.match.rank <= cells:
        drawn[steady.match.rank - 1] = "●"
    return "".join(drawn)


def order_of(profile: Profile, order: Order) -> list[Part]:
    """Which service to take first, and after it; what each adds, what that costs, what stays open."""
    parts: list[Part] = [paragraph(ORDER_ABOUT if order.steps else NO_ORDER, "$muted")]
    for number, step in enumerate(order.steps, start=1):
        record = step.match.service.record
        cost = step.cost
        if isinstance(cost, YearlyCost):
            cost = YearlyCost(cost.minimum, cost.maximum, cost.assumptions[:1])
        parts += [
            "",
            Block(Content.styled(one_line(record.name), "bold"), paragraph(f"{number:>3}  ", "$text-accent")),
            _below(f"{one_line(record.supplier.name)} · rank {step.match.rank}", "$text-accent"),
            _below(adds_sentence(step), "bold"),
            *_covered("Covers", [each.need for each in step.covers if not each.better]),
            *_covered("Covers better", [each.need for each in step.covers if each.better]),
            _below(f"A year: {one_line(cost_sentence(profile, cost))}"),
            _below(spending_sentence(profile, order, number)),
        ]
    for passed in order.passed_over:
        parts += ["", paragraph(one_line(passed_sentence(passed)))]
    parts += _left(UNCOVERED, order.uncovered)
    parts += _left(PARTLY, order.partly)
    return parts


def _below(text: str, style: str = "") -> Block:
    return Block(paragraph(text, style), Content("     "))


def _covered(label: str, needs: Sequence[str]) -> list[Part]:
    return [_below(f"{label}: {'; '.join(map(one_line, needs))}")] if needs else []


def _left(heading: str, needs: Sequence[Covered]) -> list[Part]:
    if not needs:
        return []
    return [
        "",
        titled(heading),
        *(bullet(paragraph(f"{each.barrier}: {one_line(each.need)}")) for each in needs),
    ]
