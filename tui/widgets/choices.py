"""One of several: the choice is the row under the cursor."""

from __future__ import annotations

from collections.abc import Sequence

from tui.widgets.plain import Piece, fitted
from tui.widgets.rows import RowList

#: Rows shown at once; the others scroll.
_MOST = 6


class Choices(RowList):
    """Rows of which one is chosen. ``choices`` are what is given and its label."""

    DEFAULT_CSS = """
    Choices {
        width: 1fr;
        background: $surface;
    }
    """

    chosen_by_click = True

    def __init__(
        self, choices: Sequence[tuple[str, str]], chosen: str = "", *, id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self._choices = tuple(choices)
        values = [value for value, _ in self._choices]
        self.set_reactive(RowList.total, len(values))
        self.set_reactive(RowList.cursor, values.index(chosen) if chosen in values else 0)
        self.styles.height = min(_MOST, len(values))

    @property
    def chosen(self) -> str:
        """What is given by the row under the cursor."""
        return self._choices[self.cursor][0]

    def draw(self, row: int, _line: int, width: int) -> Sequence[Piece]:
        """One choice."""
        chosen = row == self.cursor
        return [
            ("(•) " if chosen else "( ) ", "accent" if chosen else "muted"),
            (fitted(self._choices[row][1], width - 4), "strong" if chosen else ""),
        ]

    def action_move(self, rows: int) -> None:
        """Move the cursor; past the first and the last choice to the field there."""
        if 0 <= self.cursor + rows < self.total:
            self.cursor += rows
        elif rows > 0:
            self.screen.focus_next()
        else:
            self.screen.focus_previous()
