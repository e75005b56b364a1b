"""What to ask suppliers where their listings are silent: whom, and what, to be copied."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.message import Message

from catalogue.match import Match
from catalogue.sentences import questions_text
from tui.widgets.plain import Piece, counted, fitted, one_line, paragraph, right, shown
from tui.widgets.prose import Prose, bullet
from tui.widgets.rows import RowList


class QuestionList(RowList):
    """Services that are to be asked something, each with how much."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._matches: tuple[Match, ...] = ()

    def show(self, matches: tuple[Match, ...]) -> None:
        """Show these."""
        self._matches = matches
        self.total = len(matches)
        self.resized()
        self.post_message(self.Moved(self, self.cursor))

    @property
    def matches(self) -> tuple[Match, ...]:
        """All of them."""
        return self._matches

    @property
    def current(self) -> Match | None:
        """The service under the cursor."""
        return self._matches[self.cursor] if self.cursor < len(self._matches) else None

    def draw(self, row: int, _line: int, width: int) -> Sequence[Piece]:
        """One service."""
        match = self._matches[row]
        count = counted(len(match.questions), "question")
        return [
            ("▌" if row == self.cursor else " ", "accent"),
            (right(str(match.rank), 4) + "  ", "muted"),
            (fitted(match.service.record.name, width - 22), "strong"),
            (right(count, 14) + " ", "muted"),
        ]


class QuestionsPane(Horizontal):
    """Suppliers to write to, and the questions to the one under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "copy", "Copy", id="questions.copy", tooltip="Copy what to ask this supplier"),
        Binding("Y", "copy_all", "Copy all", id="questions.copy-all", tooltip="Copy what to ask all of them"),
    ]

    class Copied(Message):
        """Questions are to be copied; ``said`` tells how many."""

        def __init__(self, text: str, said: str) -> None:
            self.text, self.said = text, said
            super().__init__()

    def compose(self) -> ComposeResult:
        """The list and the text."""
        asked = QuestionList(id="question-list")
        asked.add_class("pane")
        asked.border_title = "Whom to ask"
        yield asked
        text = VerticalScroll(
            Prose(id="question-text"), id="question-pane", classes="pane text", can_focus=True
        )
        text.border_title = "What to ask"
        text.border_subtitle = "y copies these · Y all"
        yield text

    @property
    def list(self) -> QuestionList:
        """Whom to ask."""
        return self.query_one(QuestionList)

    def show(self, matches: Sequence[Match]) -> None:
        """Show what is to be asked of these."""
        asked = tuple(match for match in matches if match.questions)
        self.list.show(asked)
        if not asked:
            self.query_one(Prose).update(["There is nothing to ask."])

    @on(RowList.Moved)
    def _moved(self) -> None:
        match = self.list.current
        if match is not None:
            record = match.service.record
            self.query_one(Prose).update(
                [
                    Content.styled(one_line(record.name), "bold"),
                    paragraph(one_line(record.supplier.name), "$text-accent"),
                    "",
                    *(bullet(paragraph(one_line(question))) for question in match.questions),
                ]
            )

    def go_across(self) -> None:
        """From the list to the text, and back."""
        text = self.query_one("#question-pane")
        (self.list if text.has_focus else text).focus()

    def action_copy(self) -> None:
        """Copy what to ask the supplier under the cursor."""
        if self.list.current is not None:
            self._copy([self.list.current])

    def action_copy_all(self) -> None:
        """Copy what to ask all of them."""
        self._copy(self.list.matches)

    def _copy(self, matches: Sequence[Match]) -> None:
        count = counted(sum(len(match.questions) for match in matches), "question")
        said = f"Copied {count} to {counted(len(matches), 'supplier')}"
        self.post_message(self.Copied(shown(questions_text(matches)), said))
