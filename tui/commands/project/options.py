"""What the commands of a project have in common: who acts, on which project, and how it is opened."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import click

from catalogue.project import Project
from catalogue.records import strip_controls
from db.catalogue import open_catalogue
from db.projects import ProjectStore
from tui.commands.edge import Settings, say

NAME = click.argument("name", metavar="PROJECT")
IDS = click.argument("ids", metavar="ID...", nargs=-1, required=True)
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
AS = click.option(
    "--as", "actor", metavar="NAME", help="Who does this, for the record (or set LONGLIST_ACTOR)."
)
BECAUSE = click.option("--because", required=True, metavar="TEXT", help="Why, for the record.")
PROFILE_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class Day(click.ParamType[date]):
    """A day written as 2026-11-25."""

    name = "DAY"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day; wrong usage where it is none."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no day; expected one such as 2026-11-25", param, ctx)


@contextmanager
def projects(
    settings: Settings, actor: str | None = None, *, read_only: bool = False
) -> Iterator[ProjectStore]:
    """The projects of the catalogue chosen. ``actor`` is who was named on the command line, if anybody."""
    with open_catalogue(settings.db, read_only=read_only) as catalogue:
        yield ProjectStore(catalogue, actor=actor or settings.actor, clock=settings.clock)


def caution(store: ProjectStore, project: Project) -> None:
    """Say what the officer should know of the project as it is now."""
    for sentence in store.cautions(project):
        say(f"Note: {sentence}")


def plain(text: str) -> str:
    """Text of a listing, a profile or a person as one line that a terminal shows and nothing else."""
    return " ".join(strip_controls(text).split())
