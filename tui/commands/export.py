"""``longlist export``: a project's shortlist, with its evidence and what it rests on, as a file."""

from __future__ import annotations

from pathlib import Path

import click

from catalogue.export import WRITERS
from db.catalogue import open_catalogue
from db.passes import part_of_a_pass
from db.projects import ProjectStore
from tui.commands.edge import Settings, pass_settings, say
from tui.commands.output import write_whole
from tui.exporting import export_table, make_ready


@click.command()
@click.argument("project")
@click.argument("format", type=click.Choice(list(WRITERS), case_sensitive=False))
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE",
    help="The file to write; '-' is standard output.",
)
@click.option("--draft", is_flag=True, help="Lock nothing: to work with, not to go on record.")
@click.option("--as", "actor", metavar="NAME", help="Who exports, for the record (or set LONGLIST_ACTOR).")
@pass_settings
def export(
    settings: Settings, project: str, format: str, *, out: Path, draft: bool, actor: str | None
) -> None:
    """Write the shortlist of PROJECT with its evidence to a file.

    FORMAT is csv, xlsx or ods for a spreadsheet, md or html to read and print, json for a program. Exporting
    a project with a saved search locks it, as longlist project lock does; a --draft does not. Rank, score and
    evidence are then those of its longlist as it was judged; of an informal shortlist they are those of the
    catalogue as it is now. An existing file is replaced, and only by a whole one.
    """
    with open_catalogue(settings.db, read_only=True) as catalogue:
        informal = ProjectStore(catalogue).get(project).informal
    if not informal:
        with open_catalogue(settings.db) as catalogue:
            store = ProjectStore(catalogue, actor=actor or settings.actor, clock=settings.clock)
            if make_ready(store, project, format, draft=draft):
                say(f"Project {store.get(project).name!r} is locked now.")
    with open_catalogue(settings.db, read_only=True) as catalogue:
        table = export_table(catalogue, project, at=settings.clock())
        part = part_of_a_pass(catalogue)
    write_whole(out, WRITERS[format](table), private=True)
    if part is not None:
        say(f"Note: {part}.")
    services = "service" if len(table.rows) == 1 else "services"
    place = "standard output" if str(out) == "-" else out
    say(f"{len(table.rows)} {services} of project {table.about.project!r} written to {place}.")
