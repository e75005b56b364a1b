"""The requirements of a project: those of the profile and those added, until they are frozen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from catalogue.project import Project, Requirement, requirements_of
from tui.projects import OpenProject
from tui.screens import project_forms as forms
from tui.screens.project_pane import ProjectPane
from tui.screens.text import TextScreen
from tui.widgets.plain import Piece, counted, fitted, one_line, paragraph
from tui.widgets.rows import RowList

_SOURCES = {"profile": "profile", "officer": "added", "rule": "always"}


class RequirementList(RowList):
    """Requirements with their keys, each a must or a want."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows: tuple[Requirement, ...] = ()

    def show(self, rows: Sequence[Requirement]) -> None:
        """Show these."""
        self._rows = tuple(rows)
        self.total = len(rows)
        self.resized()

    @property
    def current(self) -> Requirement | None:
        """The requirement under the cursor."""
        return self._rows[self.cursor] if self.cursor < len(self._rows) else None

    def draw(self, row: int, _line: int, width: int) -> Sequence[Piece]:
        """One requirement."""
        item = self._rows[row]
        return [
            ("▌" if row == self.cursor else " ", "accent"),
            (fitted(item.key, 4), "muted"),
            (fitted(item.priority, 5), "strong" if item.priority == "must" else ""),
            (fitted(item.text, width - 19), ""),
            (fitted(f" {_SOURCES[item.source]}", 9), "muted"),
        ]


class RequirementsPane(ProjectPane):
    """What the purchase must and should bring."""

    FOCUS = "#requirements-list"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "add", "Add", id="requirements.add", tooltip="Add a requirement"),
        Binding(
            "d,delete",
            "take_out",
            "Take out",
            id="requirements.take-out",
            tooltip="Take out a requirement that was added",
        ),
        Binding(
            "i",
            "take_profile",
            "Profile in use",
            id="requirements.profile",
            tooltip="Judge this project by the profile in use",
        ),
        Binding(
            "z",
            "freeze",
            "Freeze",
            id="requirements.freeze",
            tooltip="Fix the requirements, before the search",
        ),
    ]

    listed = getters.query_one("#requirements-list", RequirementList)

    def __init__(self) -> None:
        super().__init__(id="requirements-pane")

    def compose(self) -> ComposeResult:
        """A line about them, and the list."""
        yield Static("", id="about-requirements", markup=False)
        listed = RequirementList(id="requirements-list")
        listed.add_class("pane")
        listed.border_title = "Requirements"
        yield listed

    def show(self, opened: OpenProject | None) -> None:
        """Show those of this project."""
        project = opened.project if opened is not None else None
        deleted = project is None or project.deleted is not None
        rows = requirements_of(project) if project is not None and not deleted else ()
        self.listed.show(rows)
        self.listed.border_subtitle = counted(len(rows), "requirement")
        about = "No project is begun yet: x begins one." if project is None else _about(project)
        self.query_one("#about-requirements", Static).update(paragraph(about, "$muted"))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Once they are frozen nothing can be changed here."""
        if action in ("add", "take_out", "take_profile", "freeze"):
            return self.opened is not None and self.opened.project.frozen is None
        return super().check_action(action, parameters)

    @on(RowList.Chosen, "#requirements-list")
    def _read(self) -> None:
        """Show the whole of it: a line is often too short."""
        row = self.listed.current
        if row is not None:
            about = paragraph(f"{row.priority}, {_SOURCES[row.source]}", "$muted")
            self.app.push_screen(
                TextScreen(f"Requirement {row.key}", [paragraph(one_line(row.text)), "", about])
            )

    def action_add(self) -> None:
        """Add one."""
        forms.require(self.place)

    def action_take_out(self) -> None:
        """Take out the one under the cursor."""
        if self.listed.current is not None:
            forms.withdraw(self.place, self.listed.current)

    def action_take_profile(self) -> None:
        """Take the profile in use."""
        forms.take_profile(self.place)

    def action_freeze(self) -> None:
        """Fix them."""
        if self.opened is not None:
            forms.freeze(self.place, self.opened.project)


def _about(project: Project) -> str:
    profile = one_line(project.profile.name) if project.profile is not None else "none yet"
    if project.frozen is None:
        return f"Profile: {profile}. i takes the profile in use · a adds a requirement · z freezes them"
    frozen = project.frozen
    by = one_line(frozen.by.actor or "somebody not named")
    approval = f" · approved: {one_line(frozen.approval)}" if frozen.approval else ""
    return f"Frozen on {frozen.by.time:%d %B %Y} by {by} · profile: {profile}{approval}"
