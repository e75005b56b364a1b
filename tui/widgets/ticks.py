"""Words to tick, side by side as many as fit: any number of them, or one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tui.widgets.plain import fitted

#: Cells of an option beside its label: the point, the box and the space between columns.
_AROUND = 5


class Ticks(Widget, can_focus=True):
    """Options with a box each. ``one``: they exclude each other, and the one chosen can be taken back."""

    DEFAULT_CSS = """
    Ticks {
        height: auto;
        width: 1fr;
        &:focus { background: $primary 10%; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,enter", "tick", "Tick", id="ticks.tick", tooltip="Set or remove this one"),
        Binding("left,h", "step(-1)", "Left", show=False, id="ticks.left", tooltip="The one before"),
        Binding("right,l", "step(1)", "Right", show=False, id="ticks.right", tooltip="The next one"),
        Binding("up,k", "row(-1)", "Up", show=False, id="ticks.up", tooltip="The line above"),
        Binding("down,j", "row(1)", "Down", show=False, id="ticks.down", tooltip="The line below"),
    ]

    cursor: reactive[int] = reactive(0)

    class Ticked(Message):
        """An option was set or removed."""

        def __init__(self, ticks: Ticks, word: str, on: bool) -> None:
            self.ticks, self.word, self.on = ticks, word, on
            super().__init__()

        @property
        def control(self) -> Ticks:
            """The options that this one is of."""
            return self.ticks

    class Moved(Message):
        """The point came to another option; ``hint`` says what it means."""

        def __init__(self, ticks: Ticks, hint: str) -> None:
            self.ticks, self.hint = ticks, hint
            super().__init__()

    def __init__(
        self,
        options: Sequence[str] = (),
        *,
        one: bool = False,
        hints: Mapping[str, str] | None = None,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self._options = tuple(options)
        self._shown = self._options
        self._chosen: frozenset[str] = frozenset()
        self._hints = hints or {}
        self.one = one

    @property
    def chosen(self) -> frozenset[str]:
        """What is set."""
        return self._chosen

    def offer(self, options: Sequence[str]) -> None:
        """Offer other options."""
        self._options = tuple(options)
        self.cursor = 0

    def show(self, chosen: Collection[str]) -> None:
        """Show these as set; those that are no options stand behind them, to be removed."""
        strangers = tuple(word for word in chosen if word not in self._options)
        shown = (*self._options, *strangers)
        if shown != self._shown or frozenset(chosen) != self._chosen:
            self._shown, self._chosen = shown, frozenset(chosen)
            self.cursor = min(self.cursor, max(0, len(shown) - 1))
            self.refresh(layout=True)

    def _column(self, width: int) -> tuple[int, int]:
        """Columns, and the cells of one."""
        widest = max((cell_len(word) for word in self._shown), default=0) + _AROUND
        columns = max(1, min(len(self._shown), width // min(max(widest, 1), max(width, 1))))
        return columns, max(1, min(widest, width))

    def get_content_height(self, _container: Size, _viewport: Size, width: int) -> int:
        """Lines that the options take at this width."""
        columns, _ = self._column(width)
        return -(-len(self._shown) // columns)

    def render(self) -> Content:
        """The options in lines."""
        columns, cells = self._column(self.content_size.width)
        lines: list[Content] = []
        for start in range(0, len(self._shown), columns):
            pieces = [self._option(at, cells) for at in range(start, min(start + columns, len(self._shown)))]
            lines.append(Content("").join(pieces))
        return Content("\n").join(lines)

    def _option(self, at: int, cells: int) -> Content:
        word = self._shown[at]
        on, here = word in self._chosen, at == self.cursor and self.has_focus
        box = ("◉" if on else "○") if self.one else ("☑" if on else "☐")
        stranger = word not in self._options
        style = "bold $text-error" if stranger else "bold" if on else ""
        return Content.assemble(
            ("▸" if here else " ", "bold $text-accent"),
            (box, "$text-accent" if on else "$muted"),
            " ",
            (fitted(word, cells - 3), f"{style} underline" if here else style),
        )

    def watch_cursor(self) -> None:
        """Tell what the option means."""
        if self.has_focus:
            self._tell()

    def _tell(self) -> None:
        word = self._shown[self.cursor] if self._shown else ""
        self.post_message(self.Moved(self, self._hints.get(word, "")))

    def on_focus(self) -> None:
        """Tell what the option means."""
        self._tell()

    def action_tick(self) -> None:
        """Set or remove the option under the point."""
        if self._shown:
            word = self._shown[self.cursor]
            self.post_message(self.Ticked(self, word, word not in self._chosen))

    def action_step(self, by: int) -> None:
        """To the option before or after."""
        self.cursor = max(0, min(len(self._shown) - 1, self.cursor + by))

    def action_row(self, by: int) -> None:
        """To the line above or below; past the edge, to the field there."""
        columns, _ = self._column(self.content_size.width)
        there = self.cursor + by * columns
        last_row = (len(self._shown) - 1) // columns
        if by > 0 and self.cursor // columns < last_row:
            self.cursor = min(there, len(self._shown) - 1)
        elif by < 0 and there >= 0:
            self.cursor = there
        elif by > 0:
            self.screen.focus_next()
        else:
            self.screen.focus_previous()

    def on_click(self, event: events.Click) -> None:
        """A click sets or removes what it hits."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        columns, cells = self._column(self.content_size.width)
        at = offset.y * columns + offset.x // cells
        if offset.x // cells < columns and at < len(self._shown):
            self.cursor = at
            self.action_tick()
