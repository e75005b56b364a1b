"""The list of services found: a window of results at a time, however many there are, in columns to choose."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, NamedTuple

from textual import events
from textual.message import Message
from textual.reactive import reactive

from catalogue.frameworks import load_frameworks
from catalogue.model import SearchHit
from tui.widgets.bar import COMPARED
from tui.widgets.plain import Piece, fitted, one_line
from tui.widgets.windows import WindowedRows

#: Results asked for at once.
WINDOW = 200
#: Wide enough for name, supplier and price side by side.
_COLUMNS_FROM = 72


#: The name keeps so many cells before a further column is shown.
_NAME_LEAST = 24


class Column(NamedTuple):
    """A column beside the name: its heading, what it says, its share of the width in %, and its most cells.

    ``sort`` is the order that a click on the heading gives, if there is one.
    """

    title: str
    says: Callable[[SearchHit], str | None]
    share: int
    most: int
    sort: str | None = None


def _framework(hit: SearchHit) -> str:
    known = load_frameworks().get(hit.framework)
    return known.name if known is not None else hit.framework


#: The columns that can be chosen, in the order in which they stand.
COLUMNS = {
    "supplier": Column("Supplier", lambda hit: hit.supplier, 25, 34, "supplier"),
    "price": Column("Price", lambda hit: hit.price or "not stated", 27, 32, "price"),
    "lot": Column("Lot", lambda hit: hit.lot, 16, 16),
    "framework": Column("Framework", _framework, 14, 11),
    "seen": Column(
        "First seen", lambda hit: f"{hit.first_seen:%Y-%m-%d}" if hit.first_seen else "–", 14, 12, "newest"
    ),
}
#: Those of them that are shown until others are chosen.
USUAL = ("supplier", "price")


class ServiceList(WindowedRows[SearchHit]):
    """Results in one line with columns where there is room, in two lines elsewhere."""

    marked: reactive[frozenset[str]] = reactive(frozenset[str]())
    #: Services chosen to be compared.
    chosen: reactive[frozenset[str]] = reactive(frozenset[str]())
    #: Keys of `COLUMNS` that are shown.
    columns: reactive[tuple[str, ...]] = reactive(USUAL)

    window = WINDOW
    HELP: ClassVar[str] = f"★ is on the shortlist, {COMPARED} is chosen to be compared"

    class HeadClicked(Message):
        """The heading of a column was clicked that stands for an order."""

        def __init__(self, sort: str) -> None:
            self.sort = sort
            super().__init__()

    def on_resize(self, event: events.Resize) -> None:
        """Choose between columns and two lines."""
        self.row_height = 1 if self.body_width >= _COLUMNS_FROM else 2
        super().on_resize(event)

    def on_click(self, event: events.Click) -> None:
        """A click on a heading orders by it."""
        at = event.get_content_offset_capture(self)
        if at.y >= self.head_height:
            return
        event.stop()
        start = 3
        for sort, width in [("name", self._layout[0]), *((column.sort, w) for column, w in self._layout[1])]:
            if sort is not None and start <= at.x < start + width:
                self.post_message(self.HeadClicked(sort))
            start += width + 1

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enter may come before the results that it is meant for."""
        return action == "choose" or super().check_action(action, parameters)

    def action_choose(self) -> None:
        """Choose the row under the cursor, now or once it is there."""
        self.post_message(self.Chosen(self, self.cursor))

    @property
    def _layout(self) -> tuple[int, list[tuple[Column, int]]]:
        """Width of the name, and the columns that fit beside it with theirs."""
        return _fit([column for key, column in COLUMNS.items() if key in self.columns], self.body_width)

    def heading(self, _width: int) -> Sequence[Piece] | None:
        """Names of the columns, where there are columns."""
        if self.row_height > 1:
            return None
        name, columns = self._layout
        heads = [fitted("Service", name), *(fitted(column.title, cells) for column, cells in columns)]
        return [(f"   {' '.join(heads)}", "heading")]

    def draw(self, row: int, line: int, width: int) -> Sequence[Piece]:
        """One result."""
        hit = self.row(row)
        point = "▌" if row == self.cursor else " "
        if hit is None:
            return [(fitted(f"{point}  …", width), "muted")]
        chosen = hit.id in self.chosen
        mark = ("★" if hit.id in self.marked else " ") + (COMPARED if chosen else " ")
        state = (" " if chosen else "") + ("" if hit.status == "live" else f"{hit.status} · ")
        if self.row_height == 1:
            name, columns = self._layout
            pieces = [(point, "accent"), (mark, "accent"), (fitted(state + hit.name, name), "strong")]
            for column, cells in columns:
                says = column.says(hit) or ""
                pieces.append((" " + fitted(says, cells), "muted" if says == "not stated" else ""))
            return pieces
        if line == 0:
            return [(point, "accent"), (mark, "accent"), (fitted(state + hit.name, width - 3), "strong")]
        said = [one_line(column.says(hit) or "") for key, column in COLUMNS.items() if key in self.columns]
        about = " · ".join("price not stated" if text == "not stated" else text for text in said)
        return [(point, "accent"), ("  " + fitted(about, width - 3), "muted")]


def _fit(columns: Sequence[Column], width: int) -> tuple[int, list[tuple[Column, int]]]:
    """Widths of the name and of as many columns as leave it readable."""
    name = width - 3
    rest = name - len(columns)
    fitting: list[tuple[Column, int]] = []
    for column in columns:
        cells = min(column.most, rest * column.share // 100)
        if name - cells - 1 >= _NAME_LEAST:
            fitting.append((column, cells))
            name -= cells + 1
    return name, fitting
