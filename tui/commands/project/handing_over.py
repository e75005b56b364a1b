"""A project as one file to hand over, and such a file taken in."""

from __future__ import annotations

from pathlib import Path

import click

from catalogue.bundle import MOST_PACKED, read_bundle, write_bundle
from catalogue.errors import UsageError
from db.bundles import bundle_of, take_bundle
from tui.commands.edge import Settings, pass_settings, print_json, say
from tui.commands.output import write_whole
from tui.commands.project.options import JSON, NAME, projects
from tui.commands.project.wording import summary_json
from tui.exporting import exports_of


@click.command("export-bundle")
@NAME
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE",
    help="The zip file to write; '-' is standard output.",
)
@pass_settings
def export_bundle(settings: Settings, name: str, out: Path) -> None:
    """Write PROJECT with its trail, the records it was judged by and its exports into one zip file.

    Its entries are JSON lines that can be read and checked without Longlist. It is for its owner alone: it
    holds the names of those who acted.
    """
    with projects(settings, read_only=True) as store:
        bundle = bundle_of(store, name, exports_of(store.catalogue, name, at=store.now))
    write_whole(out, write_bundle(bundle), private=True)
    place = "standard output" if str(out) == "-" else out
    held = f"{len(bundle.entries)} entries and {len(bundle.records)} records"
    say(f"Project {bundle.name!r} with {held} written to {place}.")
    say(f"Its last entry is {bundle.entries[-1].digest}: tell it to whoever takes it in.")


@click.command("import-bundle")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--name", metavar="NAME", help="What to call it here, if its name is taken by another project.")
@JSON
@pass_settings
def import_bundle(settings: Settings, file: Path, name: str | None, as_json: bool) -> None:
    """Take in a project from a bundle, once all of it is verified.

    A bundle that goes on where a project here stands takes it further; one that went another way is refused.
    Exports in the bundle are checked and left in it: they can be written again.
    """
    size = file.stat().st_size
    if size > MOST_PACKED:
        raise UsageError(f"{file} is {size:,} bytes long; a bundle has at most {MOST_PACKED:,}")
    bundle = read_bundle(file.read_bytes())
    with projects(settings) as store:
        taken = take_bundle(store, bundle, name=name)
    if as_json:
        print_json(summary_json(taken.project) | {"result": taken.result})
    said = {
        "new": f"Project {taken.project.name!r} taken in",
        "continued": f"Project {taken.project.name!r} goes on",
        "same": f"Project {taken.project.name!r} is here already, as it is in the bundle",
    }[taken.result]
    say(f"{said}; {len(bundle.entries)} entries verified. The last one is {bundle.entries[-1].digest}")
