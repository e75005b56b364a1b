"""What lies beside a published copy of a catalogue and says what it is: read before anything is fetched."""

from __future__ import annotations

import re

import msgspec

from catalogue import __version__
from catalogue.errors import CatalogueError, SourceShapeError

#: The manifest's name in the folder that is published.
MANIFEST = "catalogue.json"
#: The layout of the manifest and of the copy. A newer one is for a newer Longlist.
FORMAT = 1
#: The name of a copy: it changes with what is in it, so that a cache or a pull never mixes two of them.
FILE_NAME = re.compile(r"catalogue-[0-9a-f]{16}\.db\.xz")


class Contents(msgspec.Struct, frozen=True, kw_only=True):
    """What a copy holds. ``newest`` is when a service was seen last, an instant as text."""

    digest: str
    services: int
    live: int
    newest: str | None


class GoodRun(msgspec.Struct, frozen=True, kw_only=True):
    """When the last run of a source and scope that reached its end did so: an instant as text."""

    source: str
    scope: str
    last_good: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """One published copy. Sizes are bytes; ``sha256`` is of the packed file, in hexadecimal digits.

    ``schema`` names the changes of the schema that the copy has seen, the oldest first.
    """

    format: int
    longlist: str
    published: str
    file: str
    size: int
    sha256: str
    unpacked: int
    schema: tuple[str, ...]
    catalogue: Contents
    sources: tuple[GoodRun, ...] = ()


def file_name(sha256: str) -> str:
    """The name of the copy with this digest."""
    return f"catalogue-{sha256[:16]}.db.xz"


def encode_manifest(manifest: Manifest) -> bytes:
    """The manifest as readable JSON."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"


def read_manifest(text: str, url: str) -> Manifest:
    """Read a manifest that was found at ``url``.

    Raises `SourceShapeError` when this is none, `CatalogueError` when it is for a newer Longlist.
    """
    try:
        manifest = msgspec.json.decode(text, type=Manifest)
    except (msgspec.DecodeError, UnicodeEncodeError) as error:
        _raise_if_newer(text, url)
        raise _no_manifest(url, str(error)) from None
    _raise_if_newer(text, url)
    if not FILE_NAME.fullmatch(manifest.file) or not re.fullmatch(r"[0-9a-f]{64}", manifest.sha256):
        raise _no_manifest(url, f"the file {manifest.file[:80]!r}")
    if manifest.file != file_name(manifest.sha256):
        raise _no_manifest(url, f"the file {manifest.file!r} with another SHA-256")
    if manifest.size <= 0 or manifest.unpacked <= 0:
        raise _no_manifest(url, f"a size of {min(manifest.size, manifest.unpacked)} bytes")
    return manifest


def _raise_if_newer(text: str, url: str) -> None:
    """Tell a layout that only a newer version knows, whatever else is in it."""
    try:
        layout = msgspec.json.decode(text, type=_Layout).format
    except (msgspec.DecodeError, UnicodeEncodeError):
        return
    if layout > FORMAT:
        raise CatalogueError(
            f"{url}: published by a newer version of Longlist (format {layout}; {__version__} reads "
            f"{FORMAT}); update Longlist"
        )


class _Layout(msgspec.Struct):
    """The one key that every layout of the manifest has."""

    format: int


def _no_manifest(url: str, found: str) -> SourceShapeError:
    return SourceShapeError(
        url,
        "manifest",
        found,
        f"the {MANIFEST} of a catalogue that longlist publish wrote",
        "Give the address of the folder that holds it",
    )
