"""A list of rows that draws only what is in view, however many rows there are.

Textual's ``DataTable`` takes six seconds to take in 45,000 rows; this takes in a number. A subclass says how
many rows there are and draws one line of one row; the base scrolls, moves the cursor and tells of choices.
"""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.widgets.plain import Piece


class RowList(ScrollView, can_focus=True):
    """Rows with a cursor. ``draw`` must be overridden; ``heading`` may be."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "rows--cursor",
        "rows--hover",
        "rows--heading",
        "rows--muted",
        "rows--strong",
        "rows--accent",
        "rows--good",
        "rows--bad",
        "rows--fair",
        "rows--bar",
    }

    DEFAULT_CSS = """
    RowList {
        height: 1fr;
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
        & .rows--cursor { background: $foreground 12%; }
        &:focus .rows--cursor { background: $primary 35%; }
        & .rows--hover { background: $foreground 6%; }
        & .rows--heading { color: $muted; text-style: bold; }
        & .rows--muted { color: $muted; }
        & .rows--strong { text-style: bold; }
        & .rows--accent { color: $text-accent; text-style: bold; }
        & .rows--good { color: $text-success; }
        & .rows--fair { color: $text-warning; }
        & .rows--bad { color: $text-error; }
        & .rows--bar { color: $primary; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Open", id="rows.choose", tooltip="Open the row under the cursor"),
        Binding("up,k", "move(-1)", "Up", show=False, id="rows.up", tooltip="One row up"),
        Binding("down,j", "move(1)", "Down", show=False, id="rows.down", tooltip="One row down"),
        Binding("pageup", "page(-1)", "Page up", show=False, id="rows.page-up", tooltip="One page up"),
        Binding("pagedown", "page(1)", "Page down", show=False, id="rows.page-down", tooltip="One page down"),
        Binding("home,g", "edge(-1)", "First", show=False, id="rows.first", tooltip="The first row"),
        Binding("end,G", "edge(1)", "Last", show=False, id="rows.last", tooltip="The last row"),
    ]

    #: Whether one click is enough to choose (menus), or it takes two (lists with a preview).
    chosen_by_click: ClassVar[bool] = False

    #: Lines that a row takes.
    row_height: reactive[int] = reactive(1, init=False)
    #: How many rows there are.
    total: reactive[int] = reactive(0, init=False)
    #: The row under the cursor, from 0.
    cursor: reactive[int] = reactive(0, init=False)
    hover: reactive[int] = reactive(-1, init=False)
    #: What is said in the place of rows where there is none.
    nothing: reactive[str] = reactive("", init=False)

    class Moved(Message):
        """The cursor came to another row, or to another content of its row."""

        def __init__(self, rows: RowList, row: int) -> None:
            self.rows, self.row = rows, row
            super().__init__()

        @property
        def control(self) -> RowList:
            """The list whose cursor moved."""
            return self.rows

    class Chosen(Message):
        """A row was chosen with Enter or a click on the row under the cursor."""

        def __init__(self, rows: RowList, row: int) -> None:
            self.rows, self.row = rows, row
            super().__init__()

        @property
        def control(self) -> RowList:
            """The list of the chosen row."""
            return self.rows

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to open a row where there is one."""
        return (action != "choose" or self.total > 0) and super().check_action(action, parameters)

    def draw(self, row: int, line: int, width: int) -> Sequence[Piece]:
        """One line of one row, as pieces of text that together take ``width`` cells."""
        raise NotImplementedError

    def heading(self, _width: int) -> Sequence[Piece] | None:
        """The line above the rows that does not scroll, if there is one."""
        return None

    @property
    def body_width(self) -> int:
        """Cells that a row can take."""
        return self.scrollable_content_region.width

    @property
    def head_height(self) -> int:
        """Lines of the heading: 0 or 1."""
        return 0 if self.heading(max(self.body_width, 1)) is None else 1

    @property
    def rows_in_view(self) -> int:
        """Whole rows that fit, at least one."""
        return max(1, (self.scrollable_content_region.height - self.head_height) // self.row_height)

    def resized(self) -> None:
        """Take in that the number or height of rows has changed."""
        self.virtual_size = Size(0, self.head_height + self.total * self.row_height)
        self.refresh()

    def watch_total(self, before: int, now: int) -> None:
        """Keep the scroll bar and the cursor within what there is, and offer keys for what there is."""
        self.resized()
        if bool(before) is not bool(now) and self.has_focus:
            self.refresh_bindings()
        self.cursor = min(self.cursor, max(0, self.total - 1))

    def watch_row_height(self) -> None:
        """Keep the cursor's row in view when rows grow or shrink."""
        self.resized()
        self.show_cursor()

    def validate_cursor(self, cursor: int) -> int:
        """The nearest row that exists."""
        return max(0, min(cursor, self.total - 1))

    def watch_cursor(self) -> None:
        """Scroll to the row and tell."""
        self.show_cursor()
        self.refresh()
        if self.total:
            self.post_message(self.Moved(self, self.cursor))

    def on_resize(self, _event: events.Resize) -> None:
        """Rows are drawn to the width there is."""
        self.resized()
        self.show_cursor()

    def show_cursor(self) -> None:
        """Scroll just far enough that the row under the cursor is in view."""
        height = self.scrollable_content_region.height - self.head_height
        if height <= 0:
            return
        top = self.cursor * self.row_height
        if top < self.scroll_offset.y:
            self.scroll_to(y=top, animate=False, force=True)
        elif top + self.row_height > self.scroll_offset.y + height:
            self.scroll_to(y=top + self.row_height - height, animate=False, force=True)

    def row_at(self, y: int) -> int | None:
        """The row drawn at a line of this widget, if there is one."""
        line = y - self.head_height
        row = (line + self.scroll_offset.y) // self.row_height
        return row if line >= 0 and 0 <= row < self.total else None

    def render_line(self, y: int) -> Strip:
        """Draw one line of the widget."""
        width = self.body_width
        head = self.heading(width)
        if head is not None and y == 0:
            return self._strip(head, width, "rows--heading")
        line = y - (0 if head is None else 1) + self.scroll_offset.y
        row, part = divmod(line, self.row_height)
        if not self.total:
            said = wrap(self.nothing, max(width - 2, 1))
            return self._strip([(f" {said[line]}" if line < len(said) else "", "muted")], width, "")
        if not 0 <= row < self.total:
            return Strip.blank(width, self.get_visual_style().rich_style)
        return self._strip(self.draw(row, part, width), width, self.state_of(row))

    def state_of(self, row: int) -> str:
        """The class of what is drawn in a row because of where cursor and pointer are; "" for none."""
        return "rows--cursor" if row == self.cursor else "rows--hover" if row == self.hover else ""

    def _strip(self, pieces: Sequence[Piece], width: int, state: str) -> Strip:
        states = (state,) if state else ()
        segments = [
            Segment(text, self.get_visual_style(*states, *((f"rows--{role}",) if role else ())).rich_style)
            for text, role in pieces
        ]
        base = self.get_visual_style(*states).rich_style
        return Strip(segments).adjust_cell_length(width, base)

    def action_choose(self) -> None:
        """Choose the row under the cursor."""
        if self.total:
            self.post_message(self.Chosen(self, self.cursor))

    def action_move(self, rows: int) -> None:
        """Move the cursor by some rows."""
        self.cursor += rows

    def action_page(self, pages: int) -> None:
        """Move the cursor by what fits."""
        self.cursor += pages * self.rows_in_view

    def action_edge(self, side: int) -> None:
        """Move the cursor to the first or last row."""
        self.cursor = 0 if side < 0 else self.total - 1

    def on_click(self, event: events.Click) -> None:
        """A click takes the cursor to a row; a second click, or one click in a menu, chooses it."""
        row = self.row_at(event.get_content_offset_capture(self).y)
        if row is None:
            return
        event.stop()
        self.cursor = row
        if self.chosen_by_click or event.chain > 1:
            self.post_message(self.Chosen(self, row))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Lift the row under the pointer."""
        row = self.row_at(event.get_content_offset_capture(self).y)
        self.hover = -1 if row is None else row

    def on_leave(self, _event: events.Leave) -> None:
        """The pointer went elsewhere."""
        self.hover = -1

    def watch_hover(self, before: int, after: int) -> None:
        """Draw the two rows again."""
        for row in (before, after):
            if row >= 0:
                top = row * self.row_height - self.scroll_offset.y + self.head_height
                self.refresh(Region(0, top, self.size.width, self.row_height))
