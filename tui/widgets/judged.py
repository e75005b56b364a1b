"""A service of a longlist as an officer decides on it: fate, what changed, and evidence without any score."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from catalogue.history import told
from catalogue.match import Match, MatchResult
from catalogue.project import Clarification, Listed
from catalogue.replay import AMONG
from catalogue.scoring import Finding
from tui.projects import OpenProject
from tui.widgets.evidence import LOOKS
from tui.widgets.listed import FATES
from tui.widgets.plain import one_line, paragraph
from tui.widgets.prose import Block, Part, bullet, labelled, titled


def fate_of(opened: OpenProject, listed: Listed) -> list[Part]:
    """Where the service stands, why, who said so, and what changed since."""
    mark, word, _ = FATES[listed.fate]
    by = one_line(listed.by.actor) if listed.by.actor else "somebody not named"
    decided = f", {by}, {listed.by.time:%d %B %Y}" if listed.fate != "open" or listed.because else ""
    parts: list[Part] = [Content.assemble((f"{mark} {word}", "bold"), (decided, "$muted"))]
    if listed.requirement is not None:
        frozen = opened.project.frozen
        row = frozen.requirement(listed.requirement) if frozen is not None else None
        text = f"{listed.requirement} {row.priority}: {row.text}" if row is not None else listed.requirement
        parts.append(labelled("Requirement", paragraph(one_line(text))))
    if listed.because:
        parts.append(labelled("Because", paragraph(one_line(listed.because))))
    if listed.note:
        parts.append(labelled("Note", paragraph(one_line(listed.note))))
    if listed.service_id in opened.changed:
        parts.append(
            paragraph("! Changed since it was judged, or gone: look again, decide again", "$text-warning")
        )
        for change in opened.changes.get(listed.service_id, ()):
            parts.append(bullet(paragraph(f"{change.at:%d %B %Y}: {one_line(told(change))}")))
    asked = [each for each in opened.project.questions if each.service_id == listed.service_id]
    return [*parts, *_questions(asked), ""]


def _questions(asked: Sequence[Clarification]) -> list[Part]:
    parts: list[Part] = []
    for each in asked:
        parts.append(bullet(paragraph(f"Asked {each.on:%d %B}: {one_line(each.text)}")))
        said = (
            f"{one_line(each.reply.text)} → {one_line(each.reply.effect)}" if each.reply else "no answer yet"
        )
        parts.append(Block(paragraph(said, "" if each.reply else "$muted"), Content("  ")))
    return parts


def evidence_without_scores(found: MatchResult) -> list[Part]:
    """What the listing of one service says for and against the profile: verdicts and quotes, no points."""
    parts: list[Part] = [titled("For and against, among this longlist")]
    for gone in found.excluded:
        answered = "; ".join(map(one_line, gone.found)) or "nothing stated"
        parts.append(
            Block(
                paragraph(f"Must: {one_line(gone.requirement.text)}. Found: {answered}"),
                Content.styled("-- ", "bold $text-error"),
            )
        )
    for match in found.matches:
        parts += _match(match)
    if len(parts) == 1:
        parts.append(paragraph("The listing says nothing of it", "$muted"))
    return [*parts, paragraph(AMONG, "$muted"), ""]


def _match(match: Match) -> list[Part]:
    parts: list[Part] = []
    for contribution in match.contributions:
        for finding in contribution.findings:
            if finding.quote:
                parts += _finding(finding)
    if match.questions:
        parts += [titled("To ask the supplier")]
        parts += [bullet(paragraph(one_line(question))) for question in match.questions]
    return parts


def _finding(finding: Finding) -> list[Part]:
    look = LOOKS[finding.verdict]
    about = Content.assemble((f"{look.words}: ", look.style), one_line(finding.need))
    quote = Content.assemble("“", paragraph(one_line(finding.quote or ""), "italic"), "”")
    return [Block(about, Content.styled(f"{look.sign} ", look.style)), Block(quote, Content("   "))]
