"""Help: what a screen is for and every key that works on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen

from tui.widgets.plain import fitted
from tui.widgets.prose import Block, Part, Prose, titled


class KeyHelp(NamedTuple):
    """A key (or several) and what it does."""

    keys: str
    does: str


class HelpScreen(ModalScreen[None]):
    """Keys of the screen below, in a box over it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape,f1,question_mark,q,enter", "dismiss", "Close", id="help.close", tooltip="Close the help"
        ),
    ]

    def __init__(self, about: str, here: Sequence[KeyHelp], everywhere: Sequence[KeyHelp]) -> None:
        super().__init__()
        self._about, self._here, self._everywhere = about, here, everywhere

    def compose(self) -> ComposeResult:
        """The box."""
        parts: list[Part] = [self._about, ""] if self._about else []
        for title, keys in (("On this screen", self._here), ("Everywhere", self._everywhere)):
            if keys:
                parts.append(titled(title))
                parts += [
                    Block(Content(key.does), Content.styled(fitted(key.keys, 14) + " ", "bold $text-accent"))
                    for key in keys
                ]
                parts.append("")
        box = VerticalScroll(Prose(parts[:-1]), classes="dialog")
        box.border_title = "Help"
        box.border_subtitle = "Esc closes"
        yield box
