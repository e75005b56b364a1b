"""``longlist publish``: a copy of the catalogue for others to pull, and a manifest that says what it is."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from catalogue import __version__
from catalogue.errors import CatalogueError
from catalogue.health import PULL
from catalogue.instants import instant
from catalogue.manifest import (
    FILE_NAME,
    FORMAT,
    MANIFEST,
    Contents,
    GoodRun,
    Manifest,
    encode_manifest,
    file_name,
)
from db.catalogue import open_catalogue
from db.health import last_good_runs
from db.migrations import schema_changes
from db.reading import summary
from db.sharing import pack, write_shared_copy
from tui.commands.edge import Settings, pass_settings, print_json, say
from tui.commands.output import whole_file, write_whole


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the manifest as JSON.")
@pass_settings
def publish(settings: Settings, folder: Path, as_json: bool) -> None:
    """Write a copy of the catalogue into FOLDER, for any web server to offer and for longlist pull to fetch.

    The copy holds the services and their history. Projects, profiles, marks and the run log stay here. It is
    packed, and beside it a small manifest (catalogue.json) says what it is; the manifest is replaced last, so
    that whoever pulls meanwhile gets the old copy or the new one. The copy before is kept for them.
    """
    manifest = write_published(settings, folder, at=datetime.now(UTC))
    if as_json:
        print_json(msgspec.to_builtins(manifest))
    say(
        f"{manifest.catalogue.services:,} services published in {folder}: {manifest.file}, "
        f"{manifest.size:,} bytes, {manifest.unpacked:,} unpacked."
    )


def write_published(settings: Settings, folder: Path, *, at: datetime) -> Manifest:
    """Write copy and manifest into ``folder``, which is made where it is missing; ``at`` is aware."""
    with open_catalogue(settings.db, read_only=True) as catalogue:
        settings.paths.cache.mkdir(parents=True, exist_ok=True)
        # Not in the folder that is served: on its way the copy still holds what is private.
        with tempfile.TemporaryDirectory(prefix="publish-", dir=settings.paths.cache) as scratch:
            plain, packed = Path(scratch) / "catalogue.db", Path(scratch) / "catalogue.db.xz"
            write_shared_copy(catalogue, plain)
            with packed.open("wb") as file:
                digest = pack(plain, file)
            with open_catalogue(plain, read_only=True) as copy:
                held = summary(copy)
            if not held.services:
                raise CatalogueError(f"{settings.db}: holds no service, so there is nothing to publish")
            manifest = Manifest(
                format=FORMAT,
                longlist=__version__,
                published=instant(at),
                file=file_name(digest),
                size=packed.stat().st_size,
                sha256=digest,
                unpacked=plain.stat().st_size,
                schema=schema_changes(),
                catalogue=Contents(
                    digest=held.digest,
                    services=held.services,
                    live=held.live,
                    newest=instant(held.newest) if held.newest else None,
                ),
                sources=tuple(
                    GoodRun(source=run.source, scope=run.scope, last_good=instant(run.last_good))
                    for run in last_good_runs(catalogue)
                    if run.last_good and run.source != PULL
                ),
            )
            folder.mkdir(parents=True, exist_ok=True)
            before = _published_before(folder)
            with packed.open("rb") as source, whole_file(folder / manifest.file) as target:
                shutil.copyfileobj(source, target)
            write_whole(folder / MANIFEST, encode_manifest(manifest))
    _tidy(folder, {manifest.file, before})
    return manifest


def _published_before(folder: Path) -> str | None:
    """The file that the manifest in the folder names, if there is one that can be read."""
    with suppress(OSError, msgspec.DecodeError):
        before = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
        return before.file
    return None


def _tidy(folder: Path, keep: set[str | None]) -> None:
    """Remove the copies of earlier days that nobody can be fetching any more."""
    for path in folder.iterdir():
        if FILE_NAME.fullmatch(path.name) and path.name not in keep:
            with suppress(OSError):  # on Windows a file may still be read by the web server
                path.unlink()
