"""A project as one file to hand over: its trail, the records it was judged by, and its exports, in a zip.

Any unzipper opens it. What comes in is data of strangers: only the names that a bundle has are read, nothing
is written to disk, every size is bounded by what is really unpacked, and all is checked against its digest.
"""

from __future__ import annotations

import io
import json
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

import msgspec

from catalogue.audit import Entry
from catalogue.canonical import canonical, sha256_of
from catalogue.errors import LonglistError
from catalogue.project import project_name

#: The version of the layout; a reader refuses others.
FORMAT = 1
#: Bytes of the largest bundle, of one member unpacked and of all: 2,000 records of the longest listings take
#: about 100 MB.
MOST_PACKED, MOST_MEMBER, MOST_UNPACKED = 200_000_000, 200_000_000, 400_000_000
_MOST_MEMBERS = 100
_MANIFEST, _TRAIL, _RECORDS = "bundle.json", "trail.jsonl", "records.jsonl"
_EXPORT = re.compile(r"exports/[^\W_](?:[\w .-]*[^\W_])?", re.UNICODE)
#: Flag bit 0 of a zip member: encrypted.
_ENCRYPTED = 0x1
_CHUNK = 1 << 16
#: What the standard library raises for a zip whose parts contradict each other.
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
    UnicodeError,
    ValueError,
)


class BundleError(LonglistError):
    """A file is no bundle of ours, was changed on its way, or tries what a bundle must not."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """What a bundle holds. ``records`` are JSON texts by digest, ``exports`` files by name."""

    name: str
    entries: tuple[Entry, ...]
    records: Mapping[str, str]
    exports: Mapping[str, bytes]


class _Manifest(msgspec.Struct, frozen=True):
    longlist_bundle: int
    project: str
    head: str
    members: dict[str, str]


def write_bundle(bundle: Bundle) -> bytes:
    """The bundle as a zip: the same project gives the same bytes."""
    members = {
        _TRAIL: b"".join(f"{canonical(_entry_json(entry))}\n".encode() for entry in bundle.entries),
        _RECORDS: b"".join(f"{text}\n".encode() for _, text in sorted(bundle.records.items())),
        **{f"exports/{name}": data for name, data in sorted(bundle.exports.items())},
    }
    manifest = {
        "longlist_bundle": FORMAT,
        "project": bundle.name,
        "head": bundle.entries[-1].digest,
        "members": {name: sha256_of(data) for name, data in members.items()},
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, data in {_MANIFEST: f"{canonical(manifest)}\n".encode(), **members}.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 3
            info.external_attr = (stat.S_IFREG | 0o600) << 16
            file.writestr(info, data)
    return out.getvalue()


def read_bundle(data: bytes) -> Bundle:
    """Unpack a bundle and check its digests; raises `BundleError` naming what is wrong.

    Whether the trail itself holds is for `catalogue.verify` to say.
    """
    if len(data) > MOST_PACKED:
        raise BundleError(f"the bundle is {len(data):,} bytes long; at most {MOST_PACKED:,} are read")
    members = _members(data)
    for name in (_MANIFEST, _TRAIL, _RECORDS):
        if name not in members:
            raise BundleError(f"the file has no {name}; expected a bundle of longlist project export-bundle")
    try:
        manifest = msgspec.json.decode(members.pop(_MANIFEST), type=_Manifest)
    except msgspec.MsgspecError as error:
        raise BundleError(f"{_MANIFEST}: {error}") from None
    if manifest.longlist_bundle != FORMAT:
        raise BundleError(
            f"the bundle is of format {manifest.longlist_bundle}; this version of Longlist reads {FORMAT}"
        )
    if set(manifest.members) != set(members):
        odd = sorted(set(manifest.members) ^ set(members))
        raise BundleError(f"{_MANIFEST} lists other members than there are: {', '.join(odd)}")
    for name, content in members.items():
        if sha256_of(content) != manifest.members[name]:
            raise BundleError(f"{name}: its digest is not the one in {_MANIFEST}; it was changed on its way")
    entries = _entries(members.pop(_TRAIL))
    if entries[-1].digest != manifest.head:
        raise BundleError(
            f"{_TRAIL}: its last entry is not the one that {_MANIFEST} names; its end is missing"
        )
    return Bundle(
        project_name(manifest.project),
        entries,
        _records(members.pop(_RECORDS)),
        {name.removeprefix("exports/"): content for name, content in members.items()},
    )


def _members(data: bytes) -> dict[str, bytes]:
    """Every member, unpacked within bounds; refuses all that a bundle never has."""
    members: dict[str, bytes] = {}
    left = MOST_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            infos = file.infolist()
            if len(infos) > _MOST_MEMBERS:
                raise BundleError(f"the file has {len(infos)} members; at most {_MOST_MEMBERS} are read")
            for info in infos:
                _check_member(info, members)
                members[info.filename] = content = _unpacked(file, info, min(left, MOST_MEMBER))
                left -= len(content)
    except _DAMAGED as error:
        raise BundleError(f"not a bundle, or a damaged one: {error}") from None
    return members


def _check_member(info: zipfile.ZipInfo, known: Iterable[str]) -> None:
    name, kind = info.filename, stat.S_IFMT(info.external_attr >> 16)
    if info.orig_filename != name or not (name in (_MANIFEST, _TRAIL, _RECORDS) or _EXPORT.fullmatch(name)):
        raise BundleError(f"member {name[:80]!r}: a bundle has no such member, and it is not unpacked")
    if name in known:
        raise BundleError(f"member {name!r} is there twice")
    if kind not in (0, stat.S_IFREG):
        raise BundleError(f"member {name!r} is no ordinary file (a link, a folder or a device)")
    if info.flag_bits & _ENCRYPTED:
        raise BundleError(f"member {name!r} is encrypted")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise BundleError(f"member {name!r} is packed in an unusual way")


def _unpacked(file: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes:
    """The content, counted while it is unpacked: what a header says of its size proves nothing."""
    if info.file_size > most:
        raise BundleError(f"member {info.filename!r} unpacks to {info.file_size:,} bytes; {most:,} are read")
    parts, length = [], 0
    with file.open(info) as member:
        while part := member.read(_CHUNK):
            length += len(part)
            if length > most:
                raise BundleError(f"member {info.filename!r} unpacks to more than {most:,} bytes")
            parts.append(part)
    return b"".join(parts)


class _EntryShape(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    number: int
    time: str
    action: str
    inputs: dict[str, str]
    contents: str
    previous: str
    digest: str
    document: str | None


def _entry_json(entry: Entry) -> dict[str, object]:
    return asdict(entry) | {"inputs": dict(entry.inputs)}


def _entries(content: bytes) -> tuple[Entry, ...]:
    found = []
    for number, line in enumerate(content.splitlines(), start=1):
        try:
            shape = msgspec.json.decode(line, type=_EntryShape)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise BundleError(f"{_TRAIL}, line {number}: {error}") from None
        inputs = tuple(sorted(shape.inputs.items()))
        found.append(Entry(**(msgspec.structs.asdict(shape) | {"inputs": inputs})))
    if not found:
        raise BundleError(f"{_TRAIL} is empty; expected the entries of a trail")
    return tuple(found)


def _records(content: bytes) -> Mapping[str, str]:
    records: dict[str, str] = {}
    for number, line in enumerate(content.splitlines(), start=1):
        try:
            text = line.decode()
            json.loads(text)
        except (ValueError, RecursionError) as error:
            raise BundleError(f"{_RECORDS}, line {number}: {error}") from None
        records[sha256_of(text).removeprefix("sha256:")] = text
    return records
