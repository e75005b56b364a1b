"""Choosing the columns of the list of services."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from tui.widgets.plain import Piece, fitted
from tui.widgets.rows import RowList
from tui.widgets.services import COLUMNS


class ColumnTicks(RowList):
    """A tick for each column."""

    chosen_by_click = True

    def __init__(self, shown: Sequence[str]) -> None:
        super().__init__()
        self.ticked = set(shown)
        self._keys = tuple(COLUMNS)

    def on_mount(self) -> None:
        """Be as high as there are columns."""
        self.styles.height = len(self._keys)
        self.total = len(self._keys)

    def draw(self, row: int, _line: int, width: int) -> Sequence[Piece]:
        """A column."""
        key = self._keys[row]
        ticked = key in self.ticked
        return [
            ("▌" if row == self.cursor else " ", "accent"),
            ("☑ " if ticked else "☐ ", "accent" if ticked else "muted"),
            (fitted(COLUMNS[key].title, width - 3), "strong" if ticked else ""),
        ]

    def tick(self, row: int) -> None:
        """Set or remove a column."""
        self.ticked.symmetric_difference_update({self._keys[row]})
        self.refresh()

    def on_row_list_chosen(self, event: RowList.Chosen) -> None:
        """A click."""
        self.tick(event.row)


class ColumnsScreen(ModalScreen[tuple[str, ...]]):
    """Gives the keys of the columns ticked."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter", "done", "Done", priority=True, id="columns.done", tooltip="Back to the list"),
        Binding("space", "tick", "Tick", id="columns.tick", tooltip="Show or hide this column"),
    ]

    def __init__(self, shown: Sequence[str]) -> None:
        super().__init__()
        self._shown = shown

    def compose(self) -> ComposeResult:
        """The columns."""
        box = Vertical(ColumnTicks(self._shown), classes="dialog")
        box.border_title = "Columns"
        box.border_subtitle = "Space ticks · Enter when done"
        yield box

    def action_tick(self) -> None:
        """Show or hide the column under the cursor."""
        ticks = self.query_one(ColumnTicks)
        ticks.tick(ticks.cursor)

    def action_done(self) -> None:
        """Give what is ticked, in the order of the columns."""
        ticked = self.query_one(ColumnTicks).ticked
        self.dismiss(tuple(key for key in COLUMNS if key in ticked))
