"""Clarification: what suppliers were asked, what they answered, and what followed from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.widgets import Static

from catalogue.errors import UsageError
from catalogue.project import Clarification
from tui.projects import OpenProject
from tui.screens import project_forms as forms
from tui.screens.project_pane import ProjectPane
from tui.widgets.plain import Piece, counted, fitted, one_line, paragraph
from tui.widgets.rows import RowList


class QuestionList(RowList):
    """Questions, each with its service, its answer and the effect."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows: tuple[Clarification, ...] = ()
        self._names: tuple[str, ...] = ()
        self.row_height = 4

    def show(self, opened: OpenProject | None) -> None:
        """Show those of this project."""
        self._rows = opened.project.questions if opened is not None else ()
        names = [opened.name_of(each.service_id) for each in self._rows] if opened is not None else []
        self._names = tuple(names)
        self.total = len(self._rows)
        self.resized()

    @property
    def current(self) -> Clarification | None:
        """The question under the cursor."""
        return self._rows[self.cursor] if self.cursor < len(self._rows) else None

    def draw(self, row: int, line: int, width: int) -> Sequence[Piece]:
        """One question."""
        item, reply = self._rows[row], self._rows[row].reply
        point: Piece = ("▌" if row == self.cursor else " ", "accent")
        if line == 0:
            state = "✓ answered" if reply is not None else "? waiting "
            return [
                point,
                (right_number(item.number), "muted"),
                (f"{state}  ", "good" if reply is not None else "fair"),
                (fitted(self._names[row], width - 17), "strong"),
            ]
        if line == 1:
            return [
                point,
                (
                    fitted(
                        f"    {item.on:%d %b}, {one_line(item.channel)}: {one_line(item.text)}", width - 1
                    ),
                    "",
                ),
            ]
        if reply is None:
            return [point, (fitted("    Enter notes the answer" if line == 2 else "", width - 1), "muted")]
        said = (
            f"{reply.on:%d %b}: {one_line(reply.text)}" if line == 2 else f"effect: {one_line(reply.effect)}"
        )
        return [point, (fitted(f"    {said}", width - 1), "" if line == 2 else "muted")]


def right_number(number: int) -> str:
    """A number of a question before its row."""
    return f"{number:>3} "


class QuestionsPane(ProjectPane):
    """Questions and answers."""

    FOCUS: ClassVar[str] = "#question-rows"

    rows = getters.query_one("#question-rows", QuestionList)

    def __init__(self) -> None:
        super().__init__(id="questions-pane")

    def compose(self) -> ComposeResult:
        """A line about them, and the list."""
        yield Static("", id="about-questions", markup=False)
        rows = QuestionList(id="question-rows")
        rows.add_class("pane")
        rows.border_title = "Questions and answers"
        yield rows

    def show(self, opened: OpenProject | None) -> None:
        """Show those of this project."""
        self.rows.show(opened)
        asked = opened.project.questions if opened is not None else ()
        waiting = sum(each.reply is None for each in asked)
        self.rows.border_subtitle = counted(len(asked), "question")
        about = f"{waiting} without an answer yet · Enter notes an answer and its effect"
        if not asked:
            about = "Nothing was asked yet. q on a service of the longlist notes a question to its supplier."
        self.query_one("#about-questions", Static).update(paragraph(about, "$muted"))

    @on(RowList.Chosen, "#question-rows")
    def _answer(self) -> None:
        question = self.rows.current
        if question is None:
            return
        if question.reply is not None:
            self.place.longlist.tell(
                UsageError(f"Question {question.number} is answered. For another answer ask again, with q.")
            )
            return
        forms.answer(self.place, question)
