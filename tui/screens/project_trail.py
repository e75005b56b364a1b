"""The audit trail: who did what when, and whether the record holds."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from catalogue.audit import Entry
from catalogue.errors import LonglistError
from catalogue.project import kept_until
from catalogue.verify import Verification
from db.purchase import verify_project
from tui.commands.project.proving import verification_lines
from tui.projects import OpenProject
from tui.screens.project_pane import ProjectPane
from tui.screens.text import TextScreen
from tui.widgets.plain import Piece, counted, fitted, one_line, paragraph, right
from tui.widgets.prose import Part, bullet, labelled, titled
from tui.widgets.rows import RowList


class EntryList(RowList):
    """Entries of the trail, the latest first."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows: tuple[Entry, ...] = ()

    def show(self, rows: Sequence[Entry]) -> None:
        """Show these."""
        self._rows = tuple(reversed(rows))
        self.total = len(rows)
        self.resized()

    @property
    def current(self) -> Entry | None:
        """The entry under the cursor."""
        return self._rows[self.cursor] if self.cursor < len(self._rows) else None

    def heading(self, width: int) -> Sequence[Piece] | None:
        """Names of the columns."""
        columns = (("    #", 6), ("Time (UTC)", 18), ("Action", 14), ("Who", 21), ("Details", width - 59))
        return [(fitted(title, cells), "heading") for title, cells in columns]

    def draw(self, row: int, _line: int, width: int) -> Sequence[Piece]:
        """One entry."""
        item = self._rows[row]
        return [
            ("▌" if row == self.cursor else " ", "accent"),
            (right(str(item.number), 4) + " ", "muted"),
            (f"{item.time[:16].replace('T', ' ')}  ", ""),
            (fitted(item.action, 14), "strong"),
            (fitted(item.actor or "not named", 21), ""),
            (fitted(_brief(item), width - 59), "muted"),
        ]


def _brief(entry: Entry) -> str:
    """What an entry holds, in a few words."""
    details = entry.details or {}
    for key in ("because", "text", "words", "criterion", "name", "kind", "format"):
        if isinstance(details.get(key), str) and details[key]:
            return one_line(details[key])
    return ""


class TrailPane(ProjectPane):
    """The trail, and the result of verifying it."""

    FOCUS = "#entries"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "v", "verify", "Verify", id="trail.verify", tooltip="Work out every digest and ranking again"
        ),
    ]

    rows = getters.query_one("#entries", EntryList)

    def __init__(self) -> None:
        super().__init__(id="trail-pane")
        self._verified: tuple[int, bool] | None = None

    def compose(self) -> ComposeResult:
        """Whether it was verified, and the entries."""
        yield Static("", id="about-trail", markup=False)
        rows = EntryList(id="entries")
        rows.add_class("pane")
        rows.border_title = "Audit trail, the latest first"
        yield rows

    def show(self, opened: OpenProject | None) -> None:
        """Read the trail of this project."""
        if opened is not None:
            self.read()
        else:
            self.rows.show(())
            self._say("There is nothing on record yet.")

    def _say(self, text: str, style: str = "$muted") -> None:
        self.query_one("#about-trail", Static).update(paragraph(text, style))

    @work(exclusive=True, group="trail")
    async def read(self) -> None:
        """Read the entries."""
        session = self.place.session
        name = session.project_name
        try:
            entries = await session.in_projects(lambda store: store.entries(name))
        except LonglistError as error:
            self.place.longlist.tell(error)
            return
        self.rows.show(entries)
        self.rows.border_subtitle = counted(len(entries), "entry", "entries")
        until = kept_until(session.project) if session.project is not None else None
        keep = f" · to be kept until {until}" if until is not None else ""
        if self._verified is not None and self._verified[0] == len(entries):
            holds = self._verified[1]
            said = "✓ Verified: the record holds" if holds else "✕ Verified: the record does not hold"
            self._say(said + keep, "$text-success" if holds else "$text-error")
        else:
            self._say(f"Each entry is bound to the one before it · v verifies all of them{keep}")

    @on(RowList.Chosen, "#entries")
    def _open(self) -> None:
        entry = self.rows.current
        if entry is not None:
            self.app.push_screen(TextScreen(f"Entry {entry.number}: {entry.action}", _whole(entry)))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is a trail once a project was begun."""
        return (action != "verify" or self.opened is not None) and super().check_action(action, parameters)

    def action_verify(self) -> None:
        """Verify the record."""
        self.verify()

    @work(exclusive=True, group="verify")
    async def verify(self) -> None:
        """Work out every digest and ranking again, and show what was found."""
        session = self.place.session
        name = session.project_name
        try:
            with self.place.waiting("Verifying the record"):
                found = await session.in_projects(lambda store: verify_project(store, name))
        except LonglistError as error:
            self.place.longlist.tell(error)
            return
        self._verified = (found.entries, found.holds)
        self.read()
        self.app.push_screen(TextScreen("Verification", _verification(found)))


def _verification(found: Verification) -> list[Part]:
    holds = found.holds
    head = Content.styled(
        "✓ The record holds" if holds else "✕ The record does not hold",
        "bold $text-success" if holds else "bold $text-error",
    )
    parts: list[Part] = [head, "", *(bullet(paragraph(line)) for line in verification_lines(found))]
    if not holds:
        parts += ["", "Keep the file as it is, and look for a bundle or an export from before."]
    return parts


def _whole(entry: Entry) -> list[Part]:
    """Everything in an entry."""
    parts: list[Part] = [
        labelled("Time", paragraph(entry.time)),
        labelled("Who", paragraph(one_line(entry.actor or "not named"))),
    ]
    if entry.details is None:
        parts.append(paragraph("Its document was removed", "$muted"))
    else:
        for key, value in entry.details.items():
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            if key != "action" and text:
                parts.append(labelled(key.replace("_", " "), paragraph(one_line(text)[:2000])))
    parts += ["", titled("What it rests on")]
    parts += [labelled(key, paragraph(value)) for key, value in entry.inputs]
    parts += [
        labelled("contents", paragraph(entry.contents)),
        labelled("previous", paragraph(entry.previous)),
        labelled("digest", paragraph(entry.digest)),
    ]
    return parts
