"""A list of which a window of rows at a time is in memory, however many there are."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import ClassVar, Generic, TypeVar

from textual.message import Message

from tui.widgets.rows import RowList

T = TypeVar("T")

#: Windows kept; the ones not looked at for longest are let go.
_KEPT = 12


class WindowedRows(RowList, Generic[T]):
    """Rows that are asked for with `WindowWanted` as they come into view, and taken in with `add`."""

    #: Rows asked for at once.
    window: ClassVar[int]

    class WindowWanted(Message):
        """Rows from ``offset`` on came into view and are not loaded."""

        def __init__(self, rows: RowList, offset: int) -> None:
            self.rows, self.offset = rows, offset
            super().__init__()

        @property
        def control(self) -> RowList:
            """The list that wants them."""
            return self.rows

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._windows: OrderedDict[int, tuple[T, ...]] = OrderedDict()
        self._wanted: set[int] = set()

    def show(self, total: int, first: Sequence[T]) -> None:
        """Begin anew with the first window of ``total`` rows."""
        self._windows = OrderedDict({0: tuple(first)})
        self._wanted = set()
        self.total = total
        self.scroll_to(y=0, animate=False, force=True)
        self.set_reactive(RowList.cursor, 0)
        self.resized()
        self.post_message(self.Moved(self, 0))

    def add(self, offset: int, found: Sequence[T]) -> None:
        """Take in a window that was wanted."""
        self._wanted.discard(offset)
        self._windows[offset] = tuple(found)
        while len(self._windows) > _KEPT:
            self._windows.popitem(last=False)
        self.refresh()
        if offset <= self.cursor < offset + self.window:
            self.post_message(self.Moved(self, self.cursor))

    def give_up(self, offset: int) -> None:
        """A window could not be had; ask again when its rows are next needed."""
        self._wanted.discard(offset)

    def row(self, number: int) -> T | None:
        """What stands in a row, unless its window is not loaded."""
        offset = number - number % self.window
        found = self._windows.get(offset)
        if found is None:
            return None
        self._windows.move_to_end(offset)
        return found[number - offset] if number - offset < len(found) else None

    @property
    def loaded(self) -> int:
        """How many rows are held."""
        return sum(len(found) for found in self._windows.values())

    @property
    def current(self) -> T | None:
        """What stands under the cursor."""
        return self.row(self.cursor) if self.total else None

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Ask for the windows that came into view."""
        super().watch_scroll_y(old_value, new_value)
        first = int(new_value) // self.row_height
        for number in (first, min(first + self.rows_in_view, self.total - 1)):
            offset = number - number % self.window
            if number >= 0 and offset not in self._windows and offset not in self._wanted:
                self._wanted.add(offset)
                self.post_message(self.WindowWanted(self, offset))
