"""A question with a few answers, each a button."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from tui.widgets.plain import paragraph


class AskScreen(ModalScreen[str | None]):
    """Gives the key of the answer chosen, ``None`` when it is left open. The first one is the usual one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Cancel", id="ask.cancel", tooltip="Leave all as it is"),
        Binding("left,up", "app.focus_previous", show=False, id="ask.previous", tooltip="The answer before"),
        Binding("right,down", "app.focus_next", show=False, id="ask.next", tooltip="The next answer"),
    ]

    def __init__(self, title: str, question: str, answers: Mapping[str, str]) -> None:
        super().__init__()
        self._title, self._question, self._answers = title, question, answers

    def compose(self) -> ComposeResult:
        """The question and its answers."""
        box = Vertical(classes="dialog")
        box.border_title = self._title
        box.border_subtitle = "Enter chooses · Esc cancels"
        with box:
            yield Static(paragraph(self._question), markup=False)
            with Horizontal(classes="buttons"):
                for at, (key, label) in enumerate(self._answers.items()):
                    yield Button(label, variant="default" if at else "primary", id=f"ask-{key}")

    @on(Button.Pressed)
    def _answered(self, event: Button.Pressed) -> None:
        self.dismiss((event.button.id or "").removeprefix("ask-"))
