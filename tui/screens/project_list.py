"""The projects of the catalogue: where each stands, which one to open, and a new one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from catalogue.bundle import MOST_PACKED, read_bundle
from catalogue.errors import LonglistError, UsageError
from catalogue.project import actions
from db.bundles import take_bundle
from db.projects import ProjectStore
from tui.projects import ProjectRow, list_projects
from tui.screens.acting import named
from tui.screens.base import LonglistScreen
from tui.screens.form import Entry, FormScreen, Values
from tui.widgets.plain import Piece, counted, fitted, paragraph
from tui.widgets.rows import RowList
from tui.widgets.steps import TITLES


class ProjectList(RowList):
    """Projects in two lines: the name, and where it stands."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows: tuple[ProjectRow, ...] = ()
        self._open = ""
        self.row_height = 2

    def show(self, rows: Sequence[ProjectRow], open: str) -> None:
        """Show these; ``open`` is the name of the one that is open."""
        self._rows, self._open = tuple(rows), open
        self.total = len(rows)
        names = [row.name for row in rows]
        self.cursor = names.index(open) if open in names else 0
        self.resized()

    @property
    def current(self) -> ProjectRow | None:
        """The project under the cursor."""
        return self._rows[self.cursor] if self.cursor < len(self._rows) else None

    def draw(self, row: int, line: int, width: int) -> Sequence[Piece]:
        """One project."""
        item = self._rows[row]
        point: Piece = ("▌" if row == self.cursor else " ", "accent")
        if line == 0:
            name = f"{item.name} (open)" if item.name == self._open else item.name
            touched = f"changed {item.touched[:10]}" if item.touched else ""
            return [point, (fitted(name, width - 20), "strong"), (fitted(touched, 19), "muted")]
        if item.trouble:
            return [point, (fitted(f"  ✕ {item.trouble}", width - 1), "bad")]
        return [point, (fitted(f"  {_standing(item)}", width - 1), "muted")]


def _standing(row: ProjectRow) -> str:
    """Stage, next step and counts in a line."""
    if row.stage == "informal" and row.marked:
        return f"informal shortlist · {row.marked} marked"
    parts = [row.stage]
    if row.next is not None:
        parts.append(f"next: {TITLES[row.next].lower()}" + (f", {row.progress}" if row.progress else ""))
    if row.listed and row.stage != "informal":
        parts.append(f"{row.listed} listed, {row.marked} kept")
    return " · ".join(parts)


class ProjectsScreen(LonglistScreen):
    """Which project to work on."""

    MODE = "project"
    CSS_PATH = "project.tcss"
    AUTO_FOCUS = "#project-list"
    ABOUT = "The projects in this catalogue, the one changed last first. Enter opens one; n begins another."

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "new", "New", id="projects.new", tooltip="Begin a project"),
        Binding("i", "take_in", "Take in", id="projects.take-in", tooltip="Take in a project from a bundle"),
        Binding(
            "d",
            "delete",
            "Delete",
            show=False,
            id="projects.delete",
            tooltip="Delete what a project holds; a tombstone stays",
        ),
        Binding("escape", "app.pop_screen", "Back", id="projects.back", tooltip="Back to the open project"),
    ]

    rows = getters.query_one("#project-list", ProjectList)

    def body(self) -> ComposeResult:
        """A line, and the list."""
        yield Static("", id="about-projects", markup=False)
        rows = ProjectList(id="project-list")
        rows.add_class("pane")
        rows.border_title = "Projects"
        yield rows

    def sitting_changed(self, what: str) -> None:
        """Read the list again."""
        if what != "profile":
            self.read()

    @work(exclusive=True, group="read")
    async def read(self) -> None:
        """Read the projects."""
        session = self.longlist.session
        try:
            with self.waiting("Reading the projects"):
                found = await session.in_projects(list_projects)
        except LonglistError as error:
            self.longlist.tell(error)
            return
        self.rows.show(found, session.project_name)
        self.rows.border_subtitle = counted(len(found), "project")
        about = "Enter opens a project · n begins one" if found else "There is no project yet. n begins one."
        self.query_one("#about-projects", Static).update(paragraph(about, "$muted"))

    @on(RowList.Chosen, "#project-list")
    def _chosen(self) -> None:
        if self.rows.current is not None:
            self.open(self.rows.current.name)

    @work(exclusive=True, group="open")
    async def open(self, name: str) -> None:
        """Open a project, and go back to it."""
        try:
            await self.longlist.session.open_project(name)
        except LonglistError as error:
            self.longlist.tell(error)
            return
        self.dismiss()
        self.longlist.sitting_changed.publish("marks")

    def action_new(self) -> None:
        """Begin a project."""
        begin_project(self, then_back=True)

    def action_take_in(self) -> None:
        """Ask for a bundle, and take in its project once all of it is verified."""
        session = self.longlist.session

        def take(path: Path, name: str | None, store: ProjectStore) -> str:
            if path.stat().st_size > MOST_PACKED:
                raise UsageError(f"{path} is too long for a bundle; at most {MOST_PACKED:,} bytes are read")
            return take_bundle(store, read_bundle(path.read_bytes()), name=name).project.name

        async def send(values: Values) -> None:
            path = Path(values["file"]).expanduser()
            if not path.is_file():
                raise UsageError(f"{path}: there is no such file")
            name = await session.in_projects_writing(partial(take, path, values["name"] or None))
            self.longlist.sitting_changed.publish("marks")
            self.longlist.say(f"Project {name} is here; all of it verified")

        self.app.push_screen(
            FormScreen(
                "Take in a project",
                [
                    Entry("file", "Bundle", hint="a zip file from an export"),
                    Entry("name", "Name here", hint="if its own is taken (it may stay empty)"),
                ],
                send,
                button="Take in",
            )
        )

    def action_delete(self) -> None:
        """Ask why, and whether it is meant, and delete what the project under the cursor holds."""
        row = self.rows.current
        if row is not None and row.stage != "deleted":
            named(self, partial(self._ask_to_delete, row.name))

    def _ask_to_delete(self, name: str) -> None:
        session = self.longlist.session

        async def send(values: Values) -> None:
            if values["sure"] != "yes":
                raise UsageError("it is kept, unless you choose to delete it")
            action = actions.Delete(because=values["because"])
            await session.in_projects_writing(lambda store: store.act(name, action))
            if name == session.project_name:
                await session.open_project(name)
            self.longlist.sitting_changed.publish("marks")
            self.longlist.say(f"Project {name} is deleted; files exported before are not")

        self.app.push_screen(
            FormScreen(
                f"Delete {name}",
                [
                    Entry("because", "Because", hint="why, for the tombstone"),
                    Entry("sure", "Sure", choices=(("no", "Keep it"), ("yes", "Delete it"))),
                ],
                send,
                about="Names, reasons, scores and records go, and cannot be had back. That there was "
                "a project of this name, and who deleted it when and why, stays. A record is to be kept "
                "three years and more after the outcome.",
                button="Delete",
            )
        )


def begin_project(screen: LonglistScreen, *, then_back: bool = False) -> None:
    """Ask for a name and begin a project with the profile in use."""
    session = screen.longlist.session

    async def send(values: Values) -> None:
        await session.begin_project(values["name"], session.profile_path)
        screen.longlist.sitting_changed.publish("marks")
        screen.longlist.say(f"Project {session.project_name} begun")

    def begun(sent: bool | None) -> None:
        if sent and then_back:
            screen.dismiss()

    profile = session.profile
    about = (
        f"It is judged by the profile in use: {profile.organisation.name}."
        if profile is not None
        else "No profile is in use: requirements can be written by hand, or choose a profile first."
    )
    screen.app.push_screen(
        FormScreen(
            "New project",
            [Entry("name", "Name", hint="letters, digits, spaces, - _ .; it becomes a file name")],
            send,
            about=about,
            button="Begin",
        ),
        begun,
    )
