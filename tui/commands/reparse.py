"""``longlist reparse``: read the page archive again after a fault of the reader was mended."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from db.archive import Archive, archive_path
from db.catalogue import open_catalogue
from db.runs import RunLog
from scrapers.reparse import reparse as read_again
from scrapers.source import load_source
from tui.commands.edge import Settings, pass_settings
from tui.commands.progress import shown_progress
from tui.commands.run_report import finish


@click.command()
@click.option(
    "--source", "source_name", default="marketplace", show_default=True, help="Whose pages to read."
)
@click.option(
    "--processes",
    type=click.IntRange(min=1, max=64),
    metavar="N",
    help="How many work at once; by default one for each core.",
)
@click.option(
    "--unpublished",
    is_flag=True,
    help="Also pages of runs that were out of bounds: after the reader was mended for these pages.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@pass_settings
def reparse(
    settings: Settings, *, source_name: str, processes: int | None, unpublished: bool, as_json: bool
) -> None:
    """Read the pages fetched before again, without asking the source.

    For after a fault of the reader, or the table of questions, was mended: the newest readable page of each
    service is read anew, and what differs is published together, judged by the bounds of the source like any
    run. Services whose record is newer than their page stay as they are.
    """
    source = load_source(source_name)
    with (
        open_catalogue(settings.db) as catalogue,
        Archive(archive_path(settings.db)) as archive,
        shown_progress("Page archive") as on_progress,
    ):
        report = read_again(
            source,
            store=RunLog(catalogue, archive),
            now=lambda: datetime.now(UTC),
            unpublished=unpublished,
            processes=processes,
            on_progress=on_progress,
        )
    finish(report, source, as_json=as_json)
