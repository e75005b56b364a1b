"""A text to read, in a box over a screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen

from tui.widgets.plain import one_line
from tui.widgets.prose import Part, Prose


class TextScreen(ModalScreen[None]):
    """The box; it scrolls where the text is longer."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q", "dismiss", "Close", id="text.close", tooltip="Back"),
    ]

    def __init__(self, title: str, parts: Sequence[Part]) -> None:
        super().__init__()
        self._title, self._parts = title, tuple(parts)

    def compose(self) -> ComposeResult:
        """The box."""
        box = VerticalScroll(Prose(self._parts), classes="dialog")
        box.border_title = Content(one_line(self._title))
        box.border_subtitle = "Esc closes"
        yield box

    def on_mount(self) -> None:
        """Make room for the box."""
        self.app.clear_notifications()
