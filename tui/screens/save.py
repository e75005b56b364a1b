"""Saving a profile in a file: asks for its name."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static

from tui.drafts import Draft
from tui.widgets.plain import paragraph


class SaveScreen(ModalScreen[Path | None]):
    """Asks for a file; gives ``None`` when nothing is to be saved."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Cancel", id="save.cancel", tooltip="Save nothing"),
    ]

    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self._offered = str(draft.path or draft.offered)

    def compose(self) -> ComposeResult:
        """A box with the name of the file and two buttons."""
        box = Vertical(classes="dialog")
        box.border_title = "Save the profile"
        box.border_subtitle = "Enter saves · Esc cancels"
        with box:
            yield Static("File (in the current folder, or with its path)", markup=False)
            yield Input(self._offered, id="save-file")
            yield Static("", markup=False, id="save-warning")
            with Horizontal(classes="buttons"):
                yield Button("Save", variant="primary", id="save-write")
                yield Button("Cancel", id="save-cancel")

    @on(Input.Changed, "#save-file")
    def _typed(self, event: Input.Changed) -> None:
        path = Path(event.value).expanduser()
        there = bool(event.value.strip()) and path.exists()
        said = "There is a file of this name already; choose another one." if there else ""
        self.query_one("#save-warning", Static).update(paragraph(said, "$text-warning"))

    @on(Input.Submitted, "#save-file")
    @on(Button.Pressed, "#save-write")
    def _write(self) -> None:
        typed = self.query_one("#save-file", Input).value.strip()
        if typed:
            path = Path(typed).expanduser()
            self.dismiss(path if path.suffix else path.with_suffix(".toml"))

    @on(Button.Pressed, "#save-cancel")
    def _cancel(self) -> None:
        self.dismiss(None)
