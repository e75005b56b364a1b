"""Findings and scores as text: the verdict as sign and words, the quote and the rule, never colour alone."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from textual.content import Content

from catalogue.match import Excluded, Match, MatchResult
from catalogue.rules import Verdict
from catalogue.scoring import Contribution, Finding
from tui.widgets.plain import fitted, one_line, paragraph, right
from tui.widgets.prose import Block, Part, bullet, titled

#: Barriers in the order they are shown: key, letter and name.
BARRIERS = (
    ("legacy", "L", "Legacy systems"),
    ("resources", "R", "Resources"),
    ("skills", "S", "Skills"),
    ("customers", "C", "Customers"),
)
_NAMES = {key: name for key, _, name in BARRIERS}


class Look(NamedTuple):
    """How a verdict looks: a sign, its words, and a style that only repeats what they say."""

    sign: str
    words: str
    style: str


LOOKS = {
    Verdict.STRONG_FOR: Look("++", "Strongly for", "bold $text-success"),
    Verdict.WEAK_FOR: Look("+ ", "Weakly for", "$text-success"),
    Verdict.SILENT: Look("? ", "Silent", "$muted"),
    Verdict.WEAK_AGAINST: Look("- ", "Weakly against", "$text-error"),
    Verdict.STRONG_AGAINST: Look("--", "Strongly against", "bold $text-error"),
    Verdict.NOT_APPLICABLE: Look("  ", "Not asked in this lot", "$muted"),
}


def meter(part: Decimal, whole: Decimal, cells: int) -> str:
    """A bar of ``cells`` cells, filled in proportion."""
    share = Decimal(0) if whole <= 0 else max(Decimal(0), min(Decimal(1), part / whole))
    full, rest = divmod(int(share * cells * 8 + Decimal("0.5")), 8)
    bar = "█" * full + (" ▏▎▍▌▋▊▉"[rest] if rest else "")
    return bar + "░" * (cells - len(bar))


def evidence_of(match: Match, weights: Mapping[str, Decimal]) -> list[Part]:
    """Everything the score of one service rests on."""
    parts: list[Part] = []
    for contribution in match.contributions:
        parts += [*_contribution(contribution, weights.get(contribution.barrier, Decimal(0))), ""]
    return [*parts, *_questions(match)]


def is_judged(service_id: str, found: MatchResult) -> bool:
    """Whether a ranking has a service, ranked or excluded."""
    every: tuple[Match | Excluded, ...] = (*found.matches, *found.excluded)
    return any(each.service.id == service_id for each in every)


def judgement_of(service_id: str, found: MatchResult) -> list[Part]:
    """How a ranking left one service: its score and evidence, the must that excluded it, or neither."""
    parts: list[Part] = [paragraph(f"Judged for {one_line(found.profile.organisation.name)}", "$muted"), ""]
    for gone in found.excluded:
        if gone.service.id == service_id:
            return [*parts, *_exclusion(gone)]
    for match in found.matches:
        if match.service.id == service_id:
            rank = f" of 100 · rank {match.rank:,} of {len(found.matches):,}"
            score = Content.assemble("Score ", (f"{match.score:.1f}", "bold"), (rank, "$muted"))
            return [*parts, score, "", *evidence_of(match, found.profile.weights)]
    return [
        *parts,
        f"Not among the {len(found.matches):,} services ranked for this profile: too little in the listing "
        "speaks to what the profile asks for.",
    ]


def judgement_alone(organisation: str, judged: Match | Excluded) -> list[Part]:
    """What one service that was judged by itself says to each need; it has no score and no rank."""
    parts: list[Part] = [paragraph(f"Judged for {one_line(organisation)}", "$muted")]
    if isinstance(judged, Excluded):
        return [*parts, "", *_exclusion(judged)]
    note = (
        "Judged by itself: without score and rank. What it has of a requirement in words may look a little "
        "otherwise among the others; the ranking (2) settles it."
    )
    parts += [paragraph(note, "$muted"), ""]
    for contribution in judged.contributions:
        parts.append(titled(_NAMES.get(contribution.barrier, contribution.barrier)))
        for each in contribution.findings:
            parts += _finding(each, points=False)
        parts.append("")
    return [*parts, *_questions(judged)]


def _exclusion(gone: Excluded) -> list[Part]:
    answered = "; ".join(map(one_line, gone.found)) or "nothing stated"
    return [
        Content.styled("Excluded by your profile", "bold $text-error"),
        paragraph(f"Needed: {one_line(gone.requirement.text)}"),
        paragraph(f"Found: {answered}"),
    ]


def _questions(match: Match) -> list[Part]:
    if not match.questions:
        return []
    asked = (bullet(paragraph(one_line(question))) for question in match.questions)
    return [titled("Questions to ask the supplier"), *asked]


def _contribution(contribution: Contribution, weight: Decimal) -> list[Part]:
    title = Content.assemble(
        titled(fitted(_NAMES.get(contribution.barrier, contribution.barrier), 15)),
        (meter(contribution.points, weight, 10), "$primary"),
        (right(f"{contribution.points:.1f}", 6), "bold"),
        (f" of {weight:.1f}", "$muted"),
    )
    return [title, *(part for finding in contribution.findings for part in _finding(finding))]


def _finding(finding: Finding, *, points: bool = True) -> list[Part]:
    look = LOOKS[finding.verdict]
    about = Content.assemble(
        (f"{look.words}: ", look.style),
        one_line(finding.need),
        (f"  {finding.points:+.1f}" if points and finding.points else "", "bold"),
    )
    sign = Content.styled(f"{look.sign} ", look.style)
    if not finding.verdict.side and not finding.quote:
        return [Block(Content.assemble(about, (f"  ({finding.rule})", "$muted")), sign)]
    parts: list[Part] = [Block(about, sign)]
    if finding.quote:
        parts.append(
            Block(Content.assemble("“", paragraph(one_line(finding.quote), "italic"), "”"), Content("   "))
        )
    cited = f"{one_line(finding.question)} · " if finding.question else ""
    parts.append(
        Block(paragraph(f"{cited}{one_line(finding.because)} ({finding.rule})", "$muted"), Content("   "))
    )
    return parts
