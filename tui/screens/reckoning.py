"""The reckoning of one service, rule by rule, as a person would check it by hand."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from catalogue.match import Match, MatchResult
from catalogue.sentences import VERDICTS, sum_sentence
from tui.screens.base import LonglistScreen
from tui.widgets.evidence import BARRIERS
from tui.widgets.plain import one_line, paragraph, right
from tui.widgets.prose import Block, Part, Prose, labelled, titled


class ReckoningScreen(LonglistScreen):
    """How the points of one match come about; the same as ``longlist match --explain``."""

    MODE = "matches"
    CSS_PATH = "reckoning.tcss"
    AUTO_FOCUS = "#reckoning"
    ABOUT = (
        "Every finding with its points, its rule and how much of the barrier is filled after it. The "
        "strongest comes first and fills its share; each further one fills its share of what is still empty; "
        "what speaks against takes its share of what has gathered. Points are rounded to tenths once, on the "
        "running total."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "Back", id="reckoning.back", tooltip="Back to the matches"),
        Binding("y", "copy", "Copy", id="reckoning.copy", tooltip="Copy the reckoning as text"),
    ]

    def __init__(self, match: Match, result: MatchResult) -> None:
        super().__init__()
        self._match, self._result = match, result

    def body(self) -> ComposeResult:
        """The title, and the reckoning below it."""
        yield Static(
            Content.assemble(("Reckoning: ", "$muted"), (one_line(self._match.service.record.name), "bold")),
            id="reckoning-title",
            markup=False,
        )
        with VerticalScroll(id="reckoning", classes="pane text", can_focus=True) as pane:
            pane.border_title = "Rule by rule"
            yield Prose(reckoning_of(self._match, self._result), id="reckoning-text")

    def under_cursor(self) -> tuple[str, str] | None:
        """The service reckoned."""
        return self._match.service.id, self._match.service.record.name

    def action_copy(self) -> None:
        """Copy the reckoning as text."""
        record = self._match.service.record
        text = f"{one_line(record.name)}, {record.id}\n\n{self.query_one('#reckoning-text', Prose).plain}"
        self.app.copy_to_clipboard(text)
        self.longlist.say("Copied the reckoning")


def reckoning_of(match: Match, result: MatchResult) -> list[Part]:
    """Every finding of a match with its points, and the sum at the end."""
    weights = result.profile.weights
    parts: list[Part] = [
        labelled("For", paragraph(one_line(result.profile.organisation.name)), 16),
        labelled("Rules", paragraph(result.rules), 16),
        labelled("About the goal", paragraph(f"{match.fit} of 1"), 16),
        labelled("Rank", paragraph(f"{match.rank} of {len(result.matches)}"), 16),
    ]
    names = {key: name for key, _, name in BARRIERS}
    for part in match.contributions:
        name = names.get(part.barrier, part.barrier)
        parts += ["", titled(f"{name}: {part.points} of {weights[part.barrier]}")]
        for finding in part.findings:
            counts = finding.filled is not None
            mark = f"{right(f'{finding.points:+}' if counts else '·', 6)}  "
            filled = f", then {finding.filled:.1%} is filled" if finding.filled is not None else ""
            parts.append(Block(paragraph(one_line(finding.need), "bold"), paragraph(mark, "bold")))
            told = [
                f"{VERDICTS[finding.verdict]} by rule {finding.rule}{filled}: {one_line(finding.because)}"
            ]
            if finding.stops:
                told.append("nothing else makes up for it")
            parts.append(Block(paragraph("; ".join(told), "$muted"), Content(" " * 8)))
            if finding.quote:
                cited = f" · {one_line(finding.question)}" if finding.question else ""
                quote = Content.assemble(
                    "“", paragraph(one_line(finding.quote), "italic"), "”", paragraph(cited, "$muted")
                )
                parts.append(Block(quote, Content(" " * 8)))
    return [*parts, "", titled("Together"), paragraph(sum_sentence(match))]
