"""A list with what narrows it on its left and what is under its cursor on its right."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.widget import Widget

from tui.widgets.narrow import NarrowList
from tui.widgets.prose import Prose
from tui.widgets.rows import RowList


class Panes(Horizontal):
    """Where there is no room, the side panes take the place of the list (see the screen's style sheet)."""

    #: Whether there is something to narrow by.
    NARROWS: ClassVar[bool] = True

    def __init__(self, rows: RowList, title: str, details: str, *, id: str) -> None:
        super().__init__(id=id)
        self.rows = rows
        self.narrow = NarrowList()
        self.narrow.add_class("pane", "narrow")
        self.narrow.border_title = "Show only"
        rows.add_class("pane", "list")
        rows.border_title = title
        self.text = Prose()
        self.details = VerticalScroll(self.text, classes="pane text details")
        self.details.border_title = details
        self.details.can_focus = True

    def compose(self) -> ComposeResult:
        """The panes."""
        if self.NARROWS:
            yield self.narrow
        yield self.rows
        yield self.details

    def go_to(self, name: str) -> None:
        """Go to ``narrow`` or ``details``; from there, back to the list."""
        pane: Widget = self.narrow if name == "narrow" else self.details
        if pane.has_focus:
            self.back()
            return
        self._show(name)
        pane.focus()

    def back(self) -> None:
        """Back to the list."""
        self._show("")
        self.rows.focus()

    def say_nothing(self, why: str) -> None:
        """Say why there is no row, and what to do, wherever one looks."""
        self.rows.nothing = why
        self.text.update([why])

    def _show(self, name: str) -> None:
        self.update_classes({f"-at-{pane}": pane == name for pane in ("narrow", "details")}, animate=False)
