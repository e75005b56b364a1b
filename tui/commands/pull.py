"""``longlist pull``: what somebody else's catalogue has published, brought into this one."""

from __future__ import annotations

import shutil
import tempfile
import time
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import click

from catalogue import __version__
from catalogue.errors import CatalogueError, UsageError
from catalogue.manifest import MANIFEST, Manifest, read_manifest
from db.catalogue import open_catalogue
from db.health import pulled
from db.merging import Taken, take_in
from db.migrations import schema_changes
from db.sharing import open_copy, unpack
from scrapers.download import Downloader, is_local
from scrapers.fetch import user_agent
from tui.commands.edge import Settings, pass_settings, print_json, say
from tui.commands.progress import counted, shown_bytes
from tui.commands.watching import watched

#: A catalogue packs to a fifth; one that claims to unpack to so many times its size is no catalogue.
_MOST_TIMES_LARGER = 200
#: What an interrupted pull fetched is gone on with; what nobody came back for in so many days is removed, and
#: what it had unpacked, which is of no further use, in one.
_LEFT_DAYS, _UNPACKED_DAYS = 14, 1


@click.command()
@click.argument("url", required=False)
@click.option(
    "--allow-host",
    "hosts",
    multiple=True,
    metavar="HOST",
    help="Another server that URL may redirect to, such as an object store; may be repeated.",
)
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
@watched
@pass_settings
def pull(settings: Settings, url: str | None, hosts: tuple[str, ...], as_json: bool) -> None:
    """Fetch what longlist publish wrote at URL, and take it into the catalogue.

    URL is the folder, or the catalogue.json in it; without URL, the one that was pulled last. A transfer that
    stopped is gone on with. What arrives is checked and then taken in at once: an interface that is open
    shows the state before or after. Projects, profiles, marks, the run log and services that only this
    catalogue has stay.
    """
    place = _address(url or _last_url(settings))
    with Downloader(user_agent(__version__, None), allowed_hosts=hosts, local=is_local(place)) as downloader:
        manifest = read_manifest(downloader.text(place), place)
        taken = None
        if not _is_here(settings.db, manifest, place):
            taken = _take(settings, downloader, manifest, place)
    if as_json:
        print_json(_as_json(manifest, taken, place))
    _tell(manifest, taken, settings)


def _address(given: str) -> str:
    """The address of the manifest. Raises `UsageError` for what is none that can be asked."""
    try:
        parts = urlsplit(given)
        known = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        known = False
    if not known or not given.isprintable():
        raise UsageError(
            f"{given!r}: expected the address of a published catalogue, such as https://…/catalogue/"
        )
    if parts.username or parts.password:
        raise UsageError(
            "the address holds a user name or password, which would be kept with the catalogue; publish "
            "where your network or a proxy controls who may read"
        )
    if parts.query or parts.fragment:
        raise UsageError(f"{given!r}: expected the address of a folder or of its {MANIFEST}, without ? or #")
    return given if parts.path.endswith(".json") else f"{given.rstrip('/')}/{MANIFEST}"


def _last_url(settings: Settings) -> str:
    if settings.db.exists():
        with open_catalogue(settings.db, read_only=True) as catalogue:
            if last := pulled(catalogue):
                return str(last["url"])
    raise UsageError(f"{settings.db} was never pulled; give the address: longlist pull URL")


def _is_here(db: Path, manifest: Manifest, url: str) -> bool:
    """Whether this very copy was taken in from there already."""
    if not db.exists():
        return False
    with open_catalogue(db, read_only=True) as catalogue:
        last = pulled(catalogue)
    return (last.get("url"), last.get("sha256")) == (url, manifest.sha256)


def _take(settings: Settings, downloader: Downloader, manifest: Manifest, url: str) -> Taken:
    """Fetch, check and take in."""
    file_url = urljoin(url, manifest.file)
    _check_version(manifest, url)
    folder = settings.paths.cache / "pull"
    folder.mkdir(parents=True, exist_ok=True)
    _tidy(folder)
    part = folder / f"{manifest.file}.part"
    _check_space(folder, part, manifest, url)
    with (
        tempfile.TemporaryDirectory(prefix="unpacked-", dir=folder, ignore_cleanup_errors=True) as scratch,
        shown_bytes("catalogue", manifest.size) as on_progress,
        downloader.file(
            file_url, part, size=manifest.size, digest=manifest.sha256, on_progress=on_progress
        ) as packed,
    ):
        plain = Path(scratch) / "catalogue.db"
        unpack(packed, plain, size=manifest.unpacked, place=file_url)
        with open_copy(plain, file_url) as copy, open_catalogue(settings.db, create=True) as catalogue:
            say(f"{manifest.catalogue.services:,} services fetched and sound; taking them in.")
            taken = take_in(
                catalogue,
                copy,
                manifest,
                url=url,
                at=datetime.now(UTC),
                on_progress=counted("services taken in", time.monotonic),
            )
    with suppress(OSError):
        part.unlink()
    return taken


def _check_version(manifest: Manifest, url: str) -> None:
    if unknown := [change for change in manifest.schema if change not in schema_changes()]:
        raise CatalogueError(
            f"{url}: published by a newer version of Longlist ({manifest.longlist}, change {unknown[-1]}); "
            f"update Longlist"
        )


def _check_space(folder: Path, part: Path, manifest: Manifest, url: str) -> None:
    if manifest.unpacked > _MOST_TIMES_LARGER * manifest.size:
        raise CatalogueError(
            f"{url}: says that {manifest.size:,} bytes unpack to {manifest.unpacked:,}; no catalogue does, "
            f"so nothing was fetched"
        )
    have = part.stat().st_size if part.exists() else 0
    needed = max(manifest.size - have, 0) + manifest.unpacked
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise CatalogueError(
            f"{folder}: {needed:,} bytes are needed to fetch and unpack the catalogue, {free:,} are free; "
            f"make space, or choose another place with LONGLIST_HOME"
        )


def _tidy(folder: Path) -> None:
    """Remove what earlier pulls left long ago."""
    for path in folder.iterdir():
        with suppress(OSError):
            days = (time.time() - path.stat().st_mtime) / 86_400
            if path.is_dir() and days > _UNPACKED_DAYS:
                shutil.rmtree(path)
            elif path.is_file() and days > _LEFT_DAYS:
                path.unlink()


def _tell(manifest: Manifest, taken: Taken | None, settings: Settings) -> None:
    """What was done, in words, on standard error."""
    said = f"published {manifest.published}"
    if taken is None:
        say(f"{settings.db} has this copy already ({said}); nothing was fetched.")
        return
    kept = f" {taken.kept:,} that are only here, or were seen here later, stay." if taken.kept else ""
    say(
        f"Run {taken.run} pulled {manifest.catalogue.services:,} services ({said}): {taken.added:,} new, "
        f"{taken.changed:,} changed, {taken.unchanged:,} as before.{kept}"
    )


def _as_json(manifest: Manifest, taken: Taken | None, url: str) -> dict[str, Any]:
    return {
        "url": url,
        "published": manifest.published,
        "sha256": manifest.sha256,
        "services": manifest.catalogue.services,
        "taken": asdict(taken) if taken else None,
    }
