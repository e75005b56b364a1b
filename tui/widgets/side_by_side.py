"""Services side by side: a row for each question, the question at the left, a column for each service.

Cells are wrapped to their columns. As many columns are in view as fit; the others are paged to. The cursor
goes line by line, so that a long answer can be read, and a whole row is lit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive

from catalogue.comparison import Cell, Row
from catalogue.judged_rows import MUSTS
from catalogue.rules import Verdict
from tui.widgets.evidence import LOOKS
from tui.widgets.plain import Piece, fitted, one_line
from tui.widgets.rows import RowList

#: Cells of a column below which another one is paged to, and of the questions in a small and a wide window.
_LEAST = 23
_QUESTION, _QUESTION_WIDE, _WIDE = 18, 26, 100
#: How a must is marked: met, met in part, contradicted, not met, not said.
_MUST_SIGNS = {
    Verdict.STRONG_FOR: "✓",
    Verdict.WEAK_FOR: "✓",
    Verdict.SILENT: "?",
    Verdict.WEAK_AGAINST: "!",
    Verdict.STRONG_AGAINST: "✕",
    Verdict.NOT_APPLICABLE: " ",
}


class Head(NamedTuple):
    """One service: its letter, name and supplier, and whether it is on the shortlist."""

    letter: str
    name: str
    supplier: str
    marked: bool


class _Line(NamedTuple):
    """One line drawn: the number of its row (-1 between rows), the question's part, and each cell's."""

    row: int
    left: Piece
    cells: tuple[Piece, ...]


class SideBySide(RowList):
    """The rows of a comparison."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "column(-1)", "Left", show=False, id="compare.left", tooltip="The service before"),
        Binding("right,l", "column(1)", "Right", show=False, id="compare.right", tooltip="The next service"),
        Binding("n", "next_row(1)", "Next row", show=False, id="compare.next", tooltip="The next question"),
        Binding(
            "N", "next_row(-1)", "Row before", show=False, id="compare.before", tooltip="The question before"
        ),
    ]

    #: The service that Enter opens, from 0.
    column: reactive[int] = reactive(0, init=False)

    class Turned(Message):
        """Other columns are in view, or another one is current."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.heads: tuple[Head, ...] = ()
        self._rows: tuple[Row, ...] = ()
        self._lines: list[_Line] = []
        self._drawn_for: tuple[int, int, int] | None = None

    def show(self, heads: Sequence[Head], rows: Sequence[Row]) -> None:
        """Show these rows, which have a cell for each head."""
        here = self.row
        self.heads, self._rows = tuple(heads), tuple(rows)
        self._drawn_for = None
        self.set_reactive(SideBySide.column, min(self.column, max(0, len(heads) - 1)))
        places = {(row.section, row.label): number for number, row in enumerate(rows)}
        self._arrange(places.get((here.section, here.label), 0) if here else 0)
        self.post_message(self.Turned())

    @property
    def row(self) -> Row | None:
        """The row under the cursor."""
        return self._rows[self._here] if self._here >= 0 else None

    @property
    def _here(self) -> int:
        """The number of the row under the cursor, -1 between rows."""
        return self._lines[self.cursor].row if self.cursor < len(self._lines) else -1

    # How wide, and which columns.

    @property
    def question_width(self) -> int:
        """Cells of the questions."""
        return _QUESTION_WIDE if self.body_width >= _WIDE else _QUESTION

    @property
    def in_view(self) -> range:
        """The services whose columns are in view."""
        most = max(1, (self.body_width - self.question_width) // _LEAST)
        count = min(len(self.heads), most)
        if not count:
            return range(0)
        first = min(self.column // count * count, len(self.heads) - count)
        return range(first, first + count)

    @property
    def column_width(self) -> int:
        """Cells of each column, its line at the left included."""
        return (self.body_width - self.question_width) // max(1, len(self.in_view))

    def on_resize(self, event: events.Resize) -> None:
        """Wrap to the new width."""
        self._arrange(self._here)
        super().on_resize(event)
        self.post_message(self.Turned())

    def _arrange(self, here: int) -> None:
        """Wrap everything again where the columns are others; the cursor goes to this row."""
        view = self.in_view
        wanted = (self.body_width, view.start, view.stop)
        if wanted == self._drawn_for or self.body_width <= self.question_width:
            return
        self._drawn_for = wanted
        self._lines = self._wrapped(view)
        at = next((number for number, line in enumerate(self._lines) if line.row >= max(here, 0)), 0)
        self.set_reactive(RowList.total, len(self._lines))
        self.set_reactive(RowList.cursor, at)
        self.resized()
        self.show_cursor()

    def _wrapped(self, view: range) -> list[_Line]:
        lines: list[_Line] = []
        left, column = self.question_width - 2, self.column_width - 2
        blank = tuple(("", "") for _ in view)
        section = None
        for number, row in enumerate(self._rows):
            if row.section != section:
                if lines and lines[-1].row >= 0:
                    lines.append(_Line(-1, ("", ""), blank))
                section = row.section
                lines.append(_Line(-1, (one_line(section), "accent"), ()))
            label = wrap(("≠ " if row.differs else "  ") + one_line(row.label), left, 2)
            cells = [_cell(row.cells[at], column, must=row.section == MUSTS) for at in view]
            height = max(len(label), *map(len, cells))
            for at in range(height):
                lines.append(
                    _Line(
                        number,
                        (label[at] if at < len(label) else "", "strong"),
                        tuple(parts[at] if at < len(parts) else ("", "") for parts in cells),
                    )
                )
            if height > 1:
                lines.append(_Line(-1, ("", ""), blank))
        return lines

    # Drawing.

    def state_of(self, row: int) -> str:
        """A whole row is lit, however many lines it has."""
        number = self._lines[row].row
        return "rows--cursor" if row == self.cursor or (number >= 0 and number == self._here) else ""

    def draw(self, row: int, _line: int, width: int) -> Sequence[Piece]:
        """One line."""
        line = self._lines[row]
        point = "▌" if row == self.cursor else " "
        text, role = line.left
        if not line.cells:
            return [(point, "accent"), (fitted(text, width - 1), role)]
        pieces: list[Piece] = [(point, "accent"), (fitted(text, self.question_width - 1), role)]
        for text, role in line.cells:
            pieces += [("│ ", "muted"), (fitted(text, self.column_width - 2), role)]
        return pieces

    # Keys.

    def watch_column(self) -> None:
        """Page to the column."""
        self._arrange(self._here)
        self.refresh()
        self.post_message(self.Turned())

    def validate_column(self, column: int) -> int:
        """The nearest service that there is."""
        return max(0, min(column, len(self.heads) - 1))

    def action_column(self, by: int) -> None:
        """To the service beside."""
        self.column += by

    def action_next_row(self, by: int) -> None:
        """To the first line of the next question, or of the one before."""
        lines = self._lines
        firsts = [
            at for at, line in enumerate(lines) if line.row >= 0 and (not at or lines[at - 1].row != line.row)
        ]
        if by > 0:
            self.cursor = next((at for at in firsts if at > self.cursor), self.cursor)
        else:
            self.cursor = next((at for at in reversed(firsts) if at < self.cursor), self.cursor)
        height = sum(line.row == self._here for line in lines)
        bottom = self.cursor + min(height, self.rows_in_view)
        if bottom > self.scroll_offset.y + self.rows_in_view:
            self.scroll_to(y=bottom - self.rows_in_view, animate=False, force=True)

    def on_click(self, event: events.Click) -> None:
        """A click also takes the service whose column it hits."""
        offset = event.get_content_offset(self)
        if offset is not None and offset.x >= self.question_width and self.in_view:
            self.column = min(
                self.in_view.stop - 1,
                self.in_view.start + (offset.x - self.question_width) // self.column_width,
            )
        super().on_click(event)


def wrap(text: str, width: int, hanging: int = 0) -> list[str]:
    """The text in lines of so many cells; those after the first are indented."""
    if cell_len(text) <= width:
        return [text]
    lines = [line.plain for line in Content(text).wrap(max(4, width - hanging))] or [""]
    return [lines[0], *(" " * hanging + line for line in lines[1:])]


def _cell(cell: Cell, width: int, *, must: bool) -> list[Piece]:
    """A cell in lines; what is judged has a sign before it."""
    if cell.values is None or not cell.values:
        return [(line, "muted") for line in wrap(cell.text, width)]
    if not cell.verdicts:
        several = len(cell.values) > 1
        lines = (
            wrap(("• " if several else "") + one_line(value), width, 2 * several) for value in cell.values
        )
        return [(line, "") for wrapped in lines for line in wrapped]
    pieces: list[Piece] = []
    for value, verdict in zip(cell.values, cell.verdicts, strict=True):
        sign = _MUST_SIGNS[verdict] if must else LOOKS[verdict].sign.strip()
        role = {1: "good", -1: "bad", 0: "muted"}[verdict.side]
        pieces += [(line, role) for line in wrap(sign.ljust(3) + one_line(value), width, 3)]
    return pieces
