"""Writing the shortlist to a file: asks for the format and the place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static

from tui.session import PROJECT
from tui.widgets.plain import Piece, fitted, paragraph
from tui.widgets.rows import RowList

#: Suffix of each format, and what it is for.
FORMATS = (
    ("csv", "for a spreadsheet"),
    ("md", "Markdown, to read and to pass on"),
    ("xlsx", "Excel workbook"),
    ("ods", "OpenDocument spreadsheet"),
    ("html", "Web page, to print"),
    ("json", "JSON, for a program"),
)


class FormatList(RowList):
    """The formats; the one under the cursor is the one that is written."""

    chosen_by_click = True

    def on_mount(self) -> None:
        """They are always the same."""
        self.total = len(FORMATS)

    def draw(self, row: int, _line: int, width: int) -> Sequence[Piece]:
        """One format."""
        suffix, purpose = FORMATS[row]
        chosen = row == self.cursor
        return [
            ("(•) " if chosen else "( ) ", "accent" if chosen else "muted"),
            (fitted(suffix, 6), "strong"),
            (fitted(purpose, width - 10), ""),
        ]


class ExportScreen(ModalScreen[tuple[str, Path] | None]):
    """Asks; gives format and file, or ``None``."""

    CSS_PATH = "export.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Cancel", id="export.cancel", tooltip="Write nothing"),
    ]

    formats = getters.query_one("#formats", FormatList)

    def compose(self) -> ComposeResult:
        """A box with the formats, the file and two buttons."""
        box = Vertical(classes="dialog")
        box.border_title = "Export the shortlist"
        box.border_subtitle = "Enter goes on · Esc cancels"
        with box:
            yield FormatList(id="formats")
            label = "Name of the file, which your browser saves" if self.app.is_web else "File"
            yield Static(label, markup=False, id="file-label")
            yield Input(f"{PROJECT}.csv", id="file")
            yield Static("", markup=False, id="export-warning")
            with Horizontal(id="export-buttons"):
                written = "Download" if self.app.is_web else "Write the file"
                yield Button(written, variant="primary", id="write")
                yield Button("Cancel", id="cancel")

    def on_mount(self) -> None:
        """Make room for the box."""
        self.app.clear_notifications()

    @property
    def _format(self) -> str:
        return FORMATS[self.formats.cursor][0]

    @on(RowList.Moved, "#formats")
    def _format_chosen(self) -> None:
        box = self.query_one("#file", Input)
        box.value = str(Path(box.value or PROJECT).with_suffix(f".{self._format}"))

    @on(RowList.Chosen, "#formats")
    def _to_the_file(self) -> None:
        self.query_one("#file", Input).focus()

    @on(Input.Changed, "#file")
    def _file_typed(self, event: Input.Changed) -> None:
        path = Path(event.value).expanduser()
        there = bool(event.value.strip()) and not self.app.is_web and path.is_file()
        self.query_one("#export-warning", Static).update(
            paragraph("A file of this name is there and will be replaced." if there else "", "$text-warning")
        )

    @on(Input.Submitted, "#file")
    @on(Button.Pressed, "#write")
    def _write(self) -> None:
        typed = self.query_one("#file", Input).value.strip()
        if typed and self.app.is_web:  # a name in the reader's own downloads, not a path of this machine
            name = re.sub(r"[^\w.-]+", "-", Path(typed).name, flags=re.ASCII)
            self.dismiss((self._format, Path(name)))
        elif typed:
            self.dismiss((self._format, Path(typed).expanduser()))

    @on(Button.Pressed, "#cancel")
    def _cancel(self) -> None:
        self.dismiss(None)
