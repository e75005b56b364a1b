"""A note about a marked service."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input

from catalogue.project import NOTE_LENGTH
from tui.widgets.plain import one_line


class NoteScreen(ModalScreen[str | None]):
    """Asks for a note; gives ``None`` when it is left as it was."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Cancel", id="note.cancel", tooltip="Leave the note as it was"),
    ]

    def __init__(self, name: str, note: str) -> None:
        super().__init__()
        self._service, self._note = name, note

    def compose(self) -> ComposeResult:
        """A box with one line to write in."""
        box = Vertical(
            Input(
                one_line(self._note),
                placeholder="Why it is here, or what to ask",
                max_length=NOTE_LENGTH,
                id="note",
            ),
            classes="dialog",
        )
        box.border_title = Content(f"Note: {one_line(self._service)}")
        box.border_subtitle = "Enter keeps it · Esc leaves it"
        yield box

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keep it."""
        self.dismiss(event.value)
