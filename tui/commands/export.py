"""``longlist export``: a project's shortlist and record, with evidence and what it rests on, as a file."""

from __future__ import annotations

from pathlib import Path

import click

from catalogue.errors import UsageError
from catalogue.export import SUMMARIES, WRITERS
from catalogue.export.csv_ import write_csv_sheet
from catalogue.export.sheets import SHEETS
from db.catalogue import Catalogue, open_catalogue
from db.passes import part_of_a_pass
from db.projects import ProjectStore
from tui.commands.edge import Settings, pass_settings, say
from tui.commands.output import write_whole
from tui.exporting import export_board, export_table, make_ready

#: Sheets as they are typed.
_SHEETS = {name.replace(" ", "-"): name for name in SHEETS}


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
@click.option("--summary", is_flag=True, help="Two pages for a board instead (html or md).")
@click.option(
    "--sheet",
    type=click.Choice(list(_SHEETS)),
    help="Which sheet a csv holds, of those that a workbook has.  [default: shortlist]",
)
@click.option("--draft", is_flag=True, help="Lock nothing: to work with, not to go on record.")
@click.option("--as", "actor", metavar="NAME", help="Who exports, for the record (or set LONGLIST_ACTOR).")
@pass_settings
def export(
    settings: Settings,
    project: str,
    format: str,
    *,
    out: Path,
    summary: bool,
    sheet: str | None,
    draft: bool,
    actor: str | None,
) -> None:
    """Write PROJECT to a file: its shortlist with the evidence, and all that is on record of it.

    FORMAT is csv, xlsx or ods for a spreadsheet, md or html to read and print, json for a program. A workbook
    has sheets for shortlist, longlist with dispositions, evidence, questions, requirements, weights and
    scores, audit trail, the official export's columns (marketplace) and the order form; a csv holds one of
    them. With --summary, html and md are two pages for a board.

    Exporting a project with a saved search locks it, as longlist project lock does; a --draft does not. Its
    match is that of its longlist as it was judged, and the same record gives the same bytes. An informal
    shortlist has sheets for shortlist and evidence, matched against the catalogue as it is now. An existing
    file is replaced, and only by a whole one.
    """
    format = format.lower()
    if summary and format not in SUMMARIES:
        raise UsageError(f"a summary for a board is written as {' or '.join(SUMMARIES)}, not as {format}")
    if sheet is not None and (format != "csv" or summary):
        raise UsageError("--sheet chooses what a csv holds; the other formats hold all of it")
    with open_catalogue(settings.db, read_only=True) as catalogue:
        informal = ProjectStore(catalogue).get(project).informal
    if informal and sheet not in (None, "shortlist", "evidence", "about"):
        raise UsageError(f"project {project!r} has no saved search, and so no sheet {sheet}")
    if not informal:
        with open_catalogue(settings.db) as catalogue:
            store = ProjectStore(catalogue, actor=actor or settings.actor, clock=settings.clock)
            if make_ready(store, project, format, draft=draft):
                say(f"Project {store.get(project).name!r} is locked now.")
    with open_catalogue(settings.db, read_only=True) as catalogue:
        data, told = _written(settings, catalogue, project, format, summary=summary, sheet=sheet)
        part = part_of_a_pass(catalogue)
    write_whole(out, data, private=True)
    if part is not None:
        say(f"Note: {part}.")
    say(f"{told} written to {'standard output' if str(out) == '-' else out}.")


def _written(
    settings: Settings, catalogue: Catalogue, project: str, format: str, *, summary: bool, sheet: str | None
) -> tuple[bytes, str]:
    """The bytes of the file, and what they are."""
    at = settings.clock()
    if summary:
        board = export_board(catalogue, project, at=at)
        return SUMMARIES[format](board), f"Summary for the board of project {board.table.about.project!r}"
    table = export_table(catalogue, project, at=at)
    if sheet is not None:
        return write_csv_sheet(table, _SHEETS[sheet]), f"Sheet {sheet} of project {table.about.project!r}"
    if table.purchase is not None:
        found = f"{len(table.purchase.dispositions)} services found, {len(table.rows)} on the shortlist"
        return WRITERS[format](table), f"Project {table.about.project!r} ({found})"
    services = "service" if len(table.rows) == 1 else "services"
    return WRITERS[format](table), f"{len(table.rows)} {services} of project {table.about.project!r}"
