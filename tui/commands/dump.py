"""``longlist dump``: every service record of the catalogue as JSON Lines."""

from __future__ import annotations

from pathlib import Path

import click

from catalogue.records import encode_record
from db.catalogue import open_catalogue
from db.reading import dump_records
from tui.commands.edge import Settings, pass_settings
from tui.commands.output import whole_file


@click.command()
@click.option(
    "--out",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    default="-",
    metavar="FILE",
    help="Write to FILE, which is replaced when all is written; - (the default) is standard output.",
)
@pass_settings
def dump(settings: Settings, out: Path) -> None:
    """Write the catalogue's service records, one JSON object a line, ordered by id."""
    with (
        open_catalogue(settings.db, read_only=True) as catalogue,
        catalogue.snapshot(),
        whole_file(out) as file,
    ):
        for record in dump_records(catalogue):
            file.write(encode_record(record))
            file.write(b"\n")
