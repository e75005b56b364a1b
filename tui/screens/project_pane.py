"""What the parts of the Project place have in common: each shows the open project and acts on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual.containers import Vertical

from catalogue.project import Project
from tui.projects import OpenProject

if TYPE_CHECKING:
    from tui.screens.project import ProjectScreen


def is_open(project: Project) -> bool:
    """Whether fates, criteria and scores can still be changed."""
    return project.deleted is None and project.locked is None and project.outcome is None


class ProjectPane(Vertical):
    """A tab of the Project place. ``FOCUS`` is what has the focus when one comes to it."""

    DEFAULT_CSS = """
    ProjectPane { height: 1fr; }
    """
    FOCUS: ClassVar[str] = ""

    @property
    def place(self) -> ProjectScreen:
        """The screen that it is on."""
        return cast("ProjectScreen", self.screen)

    @property
    def opened(self) -> OpenProject | None:
        """The open project, as far as it was read."""
        return self.place.opened

    def show(self, opened: OpenProject | None) -> None:
        """Show this project; ``None`` where nothing was begun."""
        raise NotImplementedError

    def enter(self) -> None:
        """Take the focus."""
        self.query_one(self.FOCUS).focus()
