"""A list of things to do, under headings that the cursor passes over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tui.widgets.plain import Piece, fitted
from tui.widgets.rows import RowList


@dataclass(frozen=True, slots=True)
class Line:
    """A thing to do, with ``detail`` below it: ``do`` is called for Enter. A heading has none."""

    title: str
    detail: str = ""
    do: Callable[[], None] | None = None
    mark: str = " "


class Agenda(RowList):
    """Two lines each; choosing one does it."""

    chosen_by_click = True

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines: tuple[Line, ...] = ()
        self.row_height = 2

    def show(self, lines: Sequence[Line]) -> None:
        """Show these; a cursor that was moved stays on the same thing where it is still there."""
        before = self.current if self.total and self.cursor != self._nearest(0, 1) else None
        self._lines = tuple(lines)
        self.total = len(lines)
        self.resized()
        titles = [line.title for line in lines]
        at = titles.index(before.title) if before is not None and before.title in titles else 0
        self.cursor = self._nearest(at, 1)
        self.refresh()

    @property
    def current(self) -> Line | None:
        """What the cursor is on."""
        return self._lines[self.cursor] if self.cursor < len(self._lines) else None

    def draw(self, row: int, line: int, width: int) -> Sequence[Piece]:
        """A heading stands low, near what is below it; a thing has its detail in the second line."""
        item = self._lines[row]
        if item.do is None:
            text = (
                (item.title if item.detail or line else "")
                if line == (0 if item.detail else 1)
                else item.detail
            )
            return [(fitted(text, width), "heading" if text == item.title else "muted")]
        point = "▌" if row == self.cursor else " "
        if line == 0:
            return [(point, "accent"), (f"{item.mark} ", "accent"), (fitted(item.title, width - 3), "strong")]
        return [(point, "accent"), (fitted(f"  {item.detail}", width - 1), "muted")]

    def _nearest(self, row: int, way: int) -> int:
        """The thing at or after a row, in the direction; else the other way."""
        for step in (way, -way):
            at = row
            while 0 <= at < len(self._lines):
                if self._lines[at].do is not None:
                    return at
                at += step
        return 0

    def action_move(self, rows: int) -> None:
        """Move the cursor, over headings."""
        self.cursor = self._nearest(self.validate_cursor(self.cursor + rows), 1 if rows > 0 else -1)
        if self.cursor == self._nearest(0, 1):  # the heading above the first thing comes into view too
            self.scroll_to(y=0, animate=False, force=True)

    def action_page(self, pages: int) -> None:
        """Move the cursor by what fits, over headings."""
        self.action_move(pages * self.rows_in_view)

    def action_edge(self, side: int) -> None:
        """Move the cursor to the first or last thing."""
        self.cursor = self._nearest(0 if side < 0 else self.total - 1, -side)
        if side < 0:
            self.scroll_to(y=0, animate=False, force=True)

    def action_choose(self) -> None:
        """Do what the cursor is on."""
        if self.current is not None and self.current.do is not None:
            self.current.do()

    def on_row_list_chosen(self, event: RowList.Chosen) -> None:
        """A click."""
        event.stop()
        if event.row < len(self._lines):
            item = self._lines[event.row]
            if item.do is not None:
                item.do()
