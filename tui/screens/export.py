"""Writing a project to a file: asks for the format and the place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, NamedTuple

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static

from tui.offers import OFFERS, Offer, file_name
from tui.projects import PROJECT
from tui.widgets.plain import Piece, fitted, one_line, paragraph
from tui.widgets.rows import RowList
from tui.widgets.ticks import Ticks

_DRAFT = "Draft: lock nothing"


class Asked(NamedTuple):
    """What is to be written: one of the kinds of `OFFERS`, the file, and whether it is a draft."""

    kind: str
    path: Path
    draft: bool = False


class FormatList(RowList):
    """The formats; the one under the cursor is the one that is written."""

    chosen_by_click = True

    def __init__(self, offers: Sequence[Offer], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._offers = tuple(offers)
        self.set_reactive(RowList.total, len(self._offers))
        self.styles.height = len(self._offers)

    @property
    def chosen(self) -> Offer:
        """The format under the cursor."""
        return self._offers[self.cursor]

    def draw(self, row: int, _line: int, width: int) -> Sequence[Piece]:
        """One format."""
        offer = self._offers[row]
        chosen = row == self.cursor
        return [
            ("(•) " if chosen else "( ) ", "accent" if chosen else "muted"),
            (fitted(offer.suffix, 6), "strong"),
            (fitted(offer.purpose, width - 10), ""),
        ]


class ExportScreen(ModalScreen[Asked | None]):
    """Asks; gives what is to be written, or ``None``.

    ``of_record`` offers what only a project with a saved search has; ``locks`` says that writing it locks it.
    """

    CSS_PATH = "export.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Cancel", id="export.cancel", tooltip="Write nothing"),
    ]

    formats = getters.query_one("#formats", FormatList)

    def __init__(self, project: str = PROJECT, *, of_record: bool = False, locks: bool = False) -> None:
        super().__init__()
        self._project, self._locks = project, locks
        self._offers = tuple(offer for offer in OFFERS if of_record or not offer.of_record)

    def compose(self) -> ComposeResult:
        """A box with the formats, the file and two buttons."""
        box = Vertical(classes="dialog")
        box.border_title = Content(f"Export {one_line(self._project)}")
        box.border_subtitle = "Enter goes on · Esc cancels"
        with box:
            yield FormatList(self._offers, id="formats")
            label = "Name of the file, which your browser saves" if self.app.is_web else "File"
            yield Static(label, markup=False, id="file-label")
            yield Input(file_name(self._project, self._offers[0]), id="file", classes="line")
            if self._locks:
                yield Ticks((_DRAFT,), id="draft")
            yield Static("", markup=False, id="export-warning")
            with Horizontal(id="export-buttons"):
                written = "Download" if self.app.is_web else "Write the file"
                yield Button(written, variant="primary", id="write")
                yield Button("Cancel", id="cancel")

    def on_mount(self) -> None:
        """Make room for the box."""
        self.app.clear_notifications()
        self._say()

    @on(RowList.Moved, "#formats")
    def _format_chosen(self) -> None:
        """Another ending; the name too, as long as it is one that was proposed."""
        box, offer = self.query_one("#file", Input), self.formats.chosen
        proposed = {file_name(self._project, each) for each in self._offers}
        if not box.value or box.value in proposed:
            box.value = file_name(self._project, offer)
        else:
            box.value = str(Path(box.value).with_suffix(f".{offer.suffix}"))
        self._say()

    @on(RowList.Chosen, "#formats")
    def _to_the_file(self) -> None:
        self.query_one("#file", Input).focus()

    @on(Input.Changed, "#file")
    def _file_typed(self) -> None:
        self._say()

    @on(Ticks.Ticked, "#draft")
    def _draft_ticked(self, event: Ticks.Ticked) -> None:
        event.ticks.show([event.word] if event.on else [])
        self._say()

    @property
    def _draft(self) -> bool:
        return self._locks and bool(self.query_one("#draft", Ticks).chosen)

    def _say(self) -> None:
        """What writing the file does beside."""
        typed = self.query_one("#file", Input).value
        path = Path(typed).expanduser()
        there = bool(typed.strip()) and not self.app.is_web and path.is_file()
        said = "A file of this name is there and will be replaced. " if there else ""
        if self._locks and not self._draft and self.formats.chosen.kind != "bundle":
            said += "This locks the record: fates, criteria and scores are fixed."
        self.query_one("#export-warning", Static).update(paragraph(said, "$text-warning"))

    @on(Input.Submitted, "#file")
    @on(Button.Pressed, "#write")
    def _write(self) -> None:
        typed = self.query_one("#file", Input).value.strip()
        kind = self.formats.chosen.kind
        wrong = "" if self.app.is_web and typed else _unfit(typed)
        if wrong:
            self.query_one("#export-warning", Static).update(paragraph(f"✕ {wrong}", "$text-error"))
            self.query_one("#file", Input).focus()
        elif self.app.is_web:  # a name in the reader's own downloads, not a path of this machine
            name = re.sub(r"[^\w.-]+", "-", Path(typed).name, flags=re.ASCII)
            self.dismiss(Asked(kind, Path(name), self._draft))
        else:
            self.dismiss(Asked(kind, Path(typed).expanduser(), self._draft))

    @on(Button.Pressed, "#cancel")
    def _cancel(self) -> None:
        self.dismiss(None)


def _unfit(typed: str) -> str:
    """Why no file can be written under this name; "" where one may be. Nothing typed is lost for it."""
    if not typed:
        return "The name of a file is needed, here or with its path."
    path = Path(typed).expanduser()
    if path.is_dir():
        return "This is a folder: add the name of a file in it."
    if not path.absolute().parent.is_dir():
        return f"There is no folder {path.parent}: create it, or choose another."
    return ""
