"""The list of services found: a window of results at a time, however many there are."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.message import Message
from textual.reactive import reactive

from catalogue.model import SearchHit
from tui.widgets.plain import Piece, fitted, one_line
from tui.widgets.rows import RowList

#: Results asked for at once.
WINDOW = 200
#: Windows kept; the ones not looked at for longest are let go.
_KEPT = 12
#: Wide enough for name, supplier and price side by side.
_COLUMNS_FROM = 72


class ServiceList(RowList):
    """Results in one line with columns where there is room, in two lines elsewhere."""

    marked: reactive[frozenset[str]] = reactive(frozenset[str]())

    HELP: ClassVar[str] = "★ is on the shortlist"

    class WindowWanted(Message):
        """Rows from ``offset`` on came into view and are not loaded."""

        def __init__(self, services: ServiceList, offset: int) -> None:
            self.services, self.offset = services, offset
            super().__init__()

        @property
        def control(self) -> ServiceList:
            """The list that wants them."""
            return self.services

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._windows: OrderedDict[int, tuple[SearchHit, ...]] = OrderedDict()
        self._wanted: set[int] = set()

    def show(self, total: int, hits: tuple[SearchHit, ...]) -> None:
        """Begin anew with the first window of ``total`` results."""
        self._windows = OrderedDict({0: hits})
        self._wanted = set()
        self.total = total
        self.scroll_to(y=0, animate=False, force=True)
        self.set_reactive(RowList.cursor, 0)
        self.resized()
        self.post_message(self.Moved(self, 0))

    def add(self, offset: int, hits: tuple[SearchHit, ...]) -> None:
        """Take in a window that was wanted."""
        self._wanted.discard(offset)
        self._windows[offset] = hits
        while len(self._windows) > _KEPT:
            self._windows.popitem(last=False)
        self.refresh()
        if offset <= self.cursor < offset + WINDOW:
            self.post_message(self.Moved(self, self.cursor))

    def give_up(self, offset: int) -> None:
        """A window could not be had; ask again when its rows are next needed."""
        self._wanted.discard(offset)

    def hit(self, row: int) -> SearchHit | None:
        """The result in a row, unless its window is not loaded."""
        offset = row - row % WINDOW
        window = self._windows.get(offset)
        if window is None:
            return None
        self._windows.move_to_end(offset)
        return window[row - offset] if row - offset < len(window) else None

    @property
    def loaded(self) -> int:
        """How many results are held."""
        return sum(len(window) for window in self._windows.values())

    @property
    def current(self) -> SearchHit | None:
        """The result under the cursor."""
        return self.hit(self.cursor) if self.total else None

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Ask for the windows that came into view."""
        super().watch_scroll_y(old_value, new_value)
        first = int(new_value) // self.row_height
        for row in (first, min(first + self.rows_in_view, self.total - 1)):
            offset = row - row % WINDOW
            if row >= 0 and offset not in self._windows and offset not in self._wanted:
                self._wanted.add(offset)
                self.post_message(self.WindowWanted(self, offset))

    def on_resize(self, event: events.Resize) -> None:
        """Choose between columns and two lines."""
        self.row_height = 1 if self.body_width >= _COLUMNS_FROM else 2
        super().on_resize(event)

    def heading(self, width: int) -> Sequence[Piece] | None:
        """Names of the columns, where there are columns."""
        if self.row_height > 1:
            return None
        name, supplier, price = _columns(width)
        heads = " ".join([fitted("Service", name), fitted("Supplier", supplier), fitted("Price", price)])
        return [(f"   {heads}", "heading")]

    def draw(self, row: int, line: int, width: int) -> Sequence[Piece]:
        """One result."""
        hit = self.hit(row)
        point = "▌" if row == self.cursor else " "
        if hit is None:
            return [(fitted(f"{point}  …", width), "muted")]
        mark = "★ " if hit.id in self.marked else "  "
        state = "" if hit.status == "live" else f"{hit.status} · "
        if self.row_height == 1:
            name, supplier, price = _columns(width)
            return [
                (point, "accent"),
                (mark, "accent"),
                (fitted(state + hit.name, name), "strong"),
                (" " + fitted(hit.supplier, supplier), ""),
                (" " + fitted(hit.price or "not stated", price), "" if hit.price else "muted"),
            ]
        if line == 0:
            return [(point, "accent"), (mark, "accent"), (fitted(state + hit.name, width - 3), "strong")]
        about = " · ".join([one_line(hit.supplier), hit.price or "price not stated"])
        return [(point, "accent"), ("  " + fitted(about, width - 3), "muted")]


def _columns(width: int) -> tuple[int, int, int]:
    """Widths of name, supplier and price beside each other."""
    rest = width - 5
    price = min(32, rest * 27 // 100)
    supplier = min(34, rest * 25 // 100)
    return rest - price - supplier, supplier, price
