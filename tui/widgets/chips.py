"""The filters that are set, one after the other, each to be removed by itself."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import HorizontalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from tui.widgets.plain import one_line

#: Characters of a chip, so that several stand beside each other.
_LONGEST = 60


def _short(label: str) -> str:
    line = one_line(label)
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1].rstrip() + "…"


class Chip(Static, can_focus=True):
    """One filter; Enter, Delete, Backspace or a click removes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter,delete,backspace,space", "remove", "Remove", id="chip.remove", tooltip="Remove this filter"
        ),
        Binding("left", "app.focus_previous", show=False, id="chip.previous", tooltip="The chip before"),
        Binding("right", "app.focus_next", show=False, id="chip.next", tooltip="The next chip"),
    ]

    class Removed(Message):
        """This filter is to go."""

        def __init__(self, group: str, value: str, name: str) -> None:
            self.group, self.value, self.name = group, value, name
            super().__init__()

    def __init__(self, group: str, value: str, name: str, label: str) -> None:
        super().__init__(Content(f"{_short(label)} ✕"), markup=False)
        self.group, self.value, self.value_name = group, value, name
        self.tooltip = "Remove this filter"

    def action_remove(self) -> None:
        """Ask for this filter to be removed."""
        self.post_message(self.Removed(self.group, self.value, self.value_name))

    def on_click(self) -> None:
        """A click removes it too."""
        self.action_remove()


class Chips(HorizontalScroll, can_focus=False):
    """The chips in one line."""

    DEFAULT_CSS = """
    Chips {
        height: 1;
        scrollbar-size-horizontal: 0;
        & Chip {
            width: auto;
            margin: 0 1 0 0;
            padding: 0 1;
            color: $text-accent;
            background: $accent-muted;
            &:focus { text-style: reverse bold; }
            &:hover { text-style: underline; }
        }
    }
    """

    async def show(self, chips: list[tuple[str, str, str, str]]) -> None:
        """Show these: (group, value, name, what the chip says)."""
        async with self.batch():
            await self.remove_children()
            await self.mount_all([Chip(*chip) for chip in chips])
        self.display = bool(chips)
