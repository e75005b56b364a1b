"""Shortlist: the services marked, with a note each, and the way out to a file."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Static

from catalogue.errors import LonglistError
from catalogue.records import ServiceRecord
from tui.screens.base import LonglistScreen
from tui.screens.export import ExportScreen
from tui.screens.note import NoteScreen
from tui.screens.service import ServiceScreen
from tui.session import PROJECT
from tui.widgets.highlight import Sought
from tui.widgets.names import short_lot
from tui.widgets.plain import Piece, counted, fitted, one_line, paragraph
from tui.widgets.preview import Preview
from tui.widgets.rows import RowList


class MarkedList(RowList):
    """Marked services, each with its note below."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._marked: tuple[tuple[str, str, ServiceRecord | None], ...] = ()
        self.row_height = 3

    def show(self, marked: Sequence[tuple[str, str, ServiceRecord | None]]) -> None:
        """Show these: id, note, and the record unless it is gone from the catalogue."""
        self._marked = tuple(marked)
        self.total = len(marked)
        self.resized()
        self.post_message(self.Moved(self, self.cursor))

    @property
    def current(self) -> tuple[str, str, ServiceRecord | None] | None:
        """Id, note and record under the cursor."""
        return self._marked[self.cursor] if self.cursor < len(self._marked) else None

    def draw(self, row: int, line: int, width: int) -> Sequence[Piece]:
        """One marked service."""
        service_id, note, record = self._marked[row]
        point: Piece = ("▌" if row == self.cursor else " ", "accent")
        if line == 0:
            name = record.name if record else f"{service_id} is no longer in the catalogue"
            return [point, ("★ ", "accent"), (fitted(name, width - 3), "strong")]
        if line == 1:
            about = (
                " · ".join(
                    [
                        one_line(record.supplier.name),
                        short_lot(record.lot.slug),
                        record.price or "price not stated",
                    ]
                )
                if record
                else "unmark it with space"
            )
            return [point, (fitted(f"  {about}", width - 1), "muted")]
        return [
            point,
            (fitted(f"  Note: {note}" if note else "  n adds a note", width - 1), "" if note else "muted"),
        ]


class ShortlistScreen(LonglistScreen):
    """What was marked with space or m, anywhere."""

    MODE = "shortlist"
    CSS_PATH = "shortlist.tcss"
    AUTO_FOCUS = "#marked"
    ABOUT = (
        "The services that you marked. They are kept in the catalogue file, as the project "
        f"“{PROJECT}”, which commands such as longlist export know by that name."
    )

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e", "export", "Export", id="shortlist.export", tooltip="Write the shortlist to a file"),
        Binding("n", "note", "Note", id="shortlist.note", tooltip="Write a note about this service"),
        Binding(
            "space,m", "mark", "Unmark", id="shortlist.unmark", tooltip="Take this service off the shortlist"
        ),
        Binding("p", "preview", "Preview", id="shortlist.preview", tooltip="Go to the preview, or back"),
        Binding(
            "o",
            "open_page",
            "Web page",
            show=False,
            id="shortlist.open",
            tooltip="Open its page in a browser",
        ),
        Binding(
            "y",
            "copy_link",
            "Copy link",
            show=False,
            id="shortlist.copy",
            tooltip="Copy the link of its page",
        ),
        Binding("escape", "back", "Back", show=False, id="shortlist.back", tooltip="Back to the list"),
    ]

    marked = getters.query_one("#marked", MarkedList)
    preview = getters.query_one("#shortlist-preview", Preview)

    def body(self) -> ComposeResult:
        """The list, and the preview of the service under the cursor."""
        yield Static("", id="about-shortlist", markup=False)
        with Horizontal(id="shortlist-panes"):
            marked = MarkedList(id="marked")
            marked.add_class("pane")
            marked.border_title = "Shortlist"
            yield marked
            preview = Preview(id="shortlist-preview")
            preview.add_class("pane", "text")
            preview.border_title = "Preview"
            yield preview

    def sitting_changed(self, what: str) -> None:
        """Show what is marked now."""
        if what not in ("profile", "weights", "chosen"):
            self.read()

    @work(exclusive=True, group="read")
    async def read(self) -> None:
        """Read the marked services."""
        marks = dict(self.longlist.session.marks)
        self.marked.show([(key, mark.note, await self.longlist.record(key)) for key, mark in marks.items()])
        self.marked.border_subtitle = counted(len(marks), "service")
        if marks:
            text = "e exports it · n adds a note · space takes a service off"
        else:
            text = "Nothing is marked yet. Press space or m on a service in Browse or Matches to put it here."
            self.preview.say("")
        self.query_one("#about-shortlist", Static).update(paragraph(text, "$muted"))

    @on(RowList.Moved, "#marked")
    def _moved(self) -> None:
        current = self.marked.current
        if current is not None and current[2] is not None:
            self.preview.show(current[2], Sought())
        else:
            self.preview.say("")

    @on(RowList.Chosen, "#marked")
    def _open(self) -> None:
        current = self.marked.current
        if current is not None and current[2] is not None:
            self.app.push_screen(ServiceScreen(current[0]))

    def under_cursor(self) -> tuple[str, str] | None:
        """The service under the cursor."""
        current = self.marked.current
        return (current[0], current[2].name) if current and current[2] else None

    def action_mark(self) -> None:
        """Take the service under the cursor off the shortlist."""
        current = self.marked.current
        if current is not None:
            service_id, _, record = current
            self.longlist.toggle_mark(service_id, record.name if record else service_id)

    def action_note(self) -> None:
        """Write a note about the service under the cursor."""
        current = self.marked.current
        if current is None:
            return
        service_id, note, record = current

        def keep(text: str | None) -> None:
            if text is not None:
                self.longlist.note(service_id, text)

        self.app.push_screen(NoteScreen(record.name if record else service_id, note), keep)

    def action_export(self) -> None:
        """Ask for a format and a file, and write the shortlist there."""
        if not self.longlist.session.marks:
            self.longlist.say("There is nothing to export: mark services with space first")
            return

        def write(asked: tuple[str, Path] | None) -> None:
            if asked is not None:
                self.write(*asked)

        self.app.push_screen(ExportScreen(), write)

    @work(exclusive=True, group="export")
    async def write(self, kind: str, path: Path) -> None:
        """Write the shortlist to a file of this format; in a browser, hand it over as a download."""
        try:
            if self.app.is_web:
                data = await self.longlist.session.exported(kind)
                self.app.deliver_binary(BytesIO(data), save_filename=path.name)
                self.longlist.say(f"Your browser saves {path.name} with its downloads")
                return
            await self.longlist.session.export(kind, path)
        except LonglistError as error:
            self.longlist.tell(error)
            return
        self.longlist.say(f"Written: {path.absolute()}")

    def action_preview(self) -> None:
        """Go to the preview; from it, back to the list."""
        leaving = self.preview.has_focus
        self.set_class(not leaving, "-at-preview")
        (self.marked if leaving else self.preview).focus()

    def action_back(self) -> None:
        """Back to the list."""
        self.remove_class("-at-preview")
        self.marked.focus()

    def action_open_page(self) -> None:
        """Open the page of the service under the cursor."""
        if self.marked.current is not None:
            self.longlist.open_page(self.marked.current[2])

    def action_copy_link(self) -> None:
        """Copy the link of the service under the cursor."""
        if self.marked.current is not None:
            self.longlist.copy_link(self.marked.current[2])
