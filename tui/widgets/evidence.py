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
#: What is told where evidence has no points.
UNSCORED = "No score is shown before the criteria of the project are fixed."
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


def evidence_of(match: Match, weights: Mapping[str, Decimal] | None) -> list[Part]:
    """Everything the score of one service rests on; points only where weights are given."""
    parts: list[Part] = []
    for contribution in match.contributions:
        parts.append(_title(contribution, weights))
        for finding in contribution.findings:
            parts += _finding(finding, points=weights is not None)
        parts.append("")
    return [*parts, *_questions(match)]


def judgement_of(service_id: str, found: MatchResult, *, scored: bool = True) -> list[Part]:
    """How one service was judged: its score and evidence, or the must that excluded it.

    A ranking of this service alone says nothing of its rank. Where it is not ``scored``, there are no points.
    """
    parts: list[Part] = [paragraph(f"Judged for {one_line(found.profile.organisation.name)}", "$muted"), ""]
    judged = found.judged.get(service_id)
    if judged is None:
        return [*parts, "This service is not in the catalogue any more."]
    if isinstance(judged, Excluded):
        return [*parts, *_exclusion(judged)]
    if not scored:
        return [*parts[:1], paragraph(UNSCORED, "$muted"), "", *evidence_of(judged, None)]
    if judged.service.record.status != "live":
        rank = f"{judged.service.record.status}, and so in no ranking"
    elif found.considered > 1:
        rank = f"rank {judged.rank:,} of {len(found.matches):,}"
    else:
        rank = "ranks are told in Matches (2)"
    score = Content.assemble("Score ", (f"{judged.score:.1f}", "bold"), (f" of 100 · {rank}", "$muted"))
    return [*parts, score, "", *evidence_of(judged, found.profile.weights)]


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


def _title(contribution: Contribution, weights: Mapping[str, Decimal] | None) -> Content:
    name = _NAMES.get(contribution.barrier, contribution.barrier)
    if weights is None:
        return titled(name)
    weight = weights.get(contribution.barrier, Decimal(0))
    return Content.assemble(
        titled(fitted(name, 15)),
        (meter(contribution.points, weight, 10), "$primary"),
        (right(f"{contribution.points:.1f}", 6), "bold"),
        (f" of {weight:.1f}", "$muted"),
    )


def _finding(finding: Finding, *, points: bool) -> list[Part]:
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
