"""A bundle comes back as it was; whatever else a zip may hold is refused before anything is done with it."""

from __future__ import annotations

import io
import json
import stat
import struct
import zipfile
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue import bundle as bundles
from catalogue.bundle import Bundle, BundleError, read_bundle, write_bundle
from catalogue.canonical import canonical, sha256_of
from catalogue.errors import LonglistError
from tests.purchase import Purchase

RECORD = '{"id":"1","name":"Café \\u2028 forms"}'
WHOLE = Bundle(
    "Council tax",
    tuple(Purchase().locked().entries),
    {sha256_of(RECORD).removeprefix("sha256:"): RECORD},
    {"shortlist.csv": b"\xef\xbb\xbfRank\r\n", "shortlist.md": b"# Shortlist\n"},
)


def test_a_bundle_comes_back_as_it_was_and_is_the_same_bytes_each_time() -> None:
    assert read_bundle(write_bundle(WHOLE)) == WHOLE
    assert write_bundle(WHOLE) == write_bundle(WHOLE)


def test_anybody_can_unpack_it_and_members_are_for_the_owner_alone() -> None:
    with zipfile.ZipFile(io.BytesIO(write_bundle(WHOLE))) as file:
        assert file.namelist() == [
            "bundle.json",
            "trail.jsonl",
            "records.jsonl",
            "exports/shortlist.csv",
            "exports/shortlist.md",
        ]
        assert {info.external_attr >> 16 for info in file.infolist()} == {stat.S_IFREG | 0o600}
        first = json.loads(file.read("trail.jsonl").splitlines()[0])
        assert (first["number"], first["action"]) == (1, "begin")


def members() -> dict[str, bytes]:
    """The members of a good bundle."""
    with zipfile.ZipFile(io.BytesIO(write_bundle(WHOLE))) as file:
        return {info.filename: file.read(info) for info in file.infolist()}


def packed(content: dict[str, bytes], change: Callable[[zipfile.ZipFile], None] | None = None) -> bytes:
    """A zip of these members and what else a test puts in."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in content.items():
            file.writestr(name, data)
        if change is not None:
            change(file)
    return out.getvalue()


def listed(content: dict[str, bytes]) -> dict[str, bytes]:
    """The members with a manifest that fits them."""
    rest = {name: data for name, data in content.items() if name != "bundle.json"}
    manifest = json.loads(content["bundle.json"])
    manifest["members"] = {name: sha256_of(data) for name, data in rest.items()}
    return {"bundle.json": canonical(manifest).encode(), **rest}


@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        "exports/../../evil",
        "/etc/passwd",
        "exports//evil",
        "exports/.hidden",
        "exports/a/b",
        "exports\\evil",
        "C:\\evil",
        "exports/",
        "notes.txt",
        "TRAIL.jsonl",
        "exports/con\x1b[31m",
    ],
)
def test_a_name_that_no_bundle_has_is_refused(name: str) -> None:
    with pytest.raises(BundleError, match="a bundle has no such member"):
        read_bundle(packed(listed(members() | {name: b"x"})))


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFDIR, stat.S_IFIFO, stat.S_IFCHR])
def test_what_is_no_ordinary_file_is_refused(kind: int) -> None:
    def link(file: zipfile.ZipFile) -> None:
        info = zipfile.ZipInfo("exports/link")
        info.create_system = 3
        info.external_attr = (kind | 0o777) << 16
        file.writestr(info, b"/etc/passwd")

    with pytest.raises(BundleError, match="is no ordinary file"):
        read_bundle(packed(members(), link))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_member_that_is_there_twice_is_refused() -> None:
    with pytest.raises(BundleError, match=r"'trail.jsonl' is there twice"):
        read_bundle(packed(members(), lambda file: file.writestr("trail.jsonl", b"")))


def test_more_members_than_a_bundle_has_are_refused() -> None:
    many = {f"exports/{number}": b"" for number in range(200)}
    with pytest.raises(BundleError, match="at most 100"):
        read_bundle(packed(listed(members() | many)))


class TestSizes:
    def test_a_member_that_says_it_is_too_large_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(bundles, "MOST_MEMBER", 10_000)
        bomb = listed(members() | {"exports/bomb": b"\0" * 10_001})
        with pytest.raises(BundleError, match="'exports/bomb' unpacks to 10,001 bytes"):
            read_bundle(packed(bomb))

    def test_one_that_hides_its_size_is_stopped_while_it_is_unpacked(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(bundles, "MOST_MEMBER", 100_000)
        data = bytearray(packed(listed(members() | {"exports/bomb": b"\0" * 5_000_000})))
        at = data.rindex(b"PK\x01\x02")
        assert struct.unpack_from("<I", data, at + 24) == (5_000_000,)
        struct.pack_into("<I", data, at + 24, 10)
        with pytest.raises(BundleError):
            read_bundle(bytes(data))

    def test_all_together_are_bounded_too(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(bundles, "MOST_UNPACKED", 50_000)
        some = {f"exports/{number}": b"\0" * 9_000 for number in range(9)}
        with pytest.raises(BundleError, match="unpacks to 9,000 bytes"):
            read_bundle(packed(listed(members() | some)))

    def test_the_file_itself_is_bounded(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(bundles, "MOST_PACKED", 100)
        with pytest.raises(BundleError, match="at most 100 are read"):
            read_bundle(write_bundle(WHOLE))


class TestContents:
    @pytest.mark.parametrize("name", ["bundle.json", "trail.jsonl", "records.jsonl"])
    def test_what_is_missing_is_named(self, name: str) -> None:
        content = members()
        del content[name]
        with pytest.raises(BundleError, match=name):
            read_bundle(packed(content))

    @pytest.mark.parametrize("name", ["trail.jsonl", "records.jsonl", "exports/shortlist.csv"])
    def test_a_member_that_was_changed_on_its_way_is_named(self, name: str) -> None:
        with pytest.raises(BundleError, match=rf"{name}: its digest is not the one"):
            read_bundle(packed(members() | {name: members()[name] + b" "}))

    def test_a_member_that_nobody_listed_is_refused(self) -> None:
        with pytest.raises(BundleError, match="lists other members than there are: exports/more"):
            read_bundle(packed(members() | {"exports/more": b""}))

    def test_a_trail_without_its_end_is_refused(self) -> None:
        content = members()
        content["trail.jsonl"] = b"\n".join(content["trail.jsonl"].splitlines()[:-1])
        with pytest.raises(BundleError, match="its end is missing"):
            read_bundle(packed(listed(content)))

    @pytest.mark.parametrize(
        ("name", "line"),
        [
            ("trail.jsonl", b"{}"),
            ("trail.jsonl", b"[" * 5000),
            ("trail.jsonl", b"\xff"),
            ("records.jsonl", b"{"),
            ("records.jsonl", b"\xff"),
        ],
    )
    def test_a_line_that_cannot_be_read_is_named(self, name: str, line: bytes) -> None:
        content = members()
        content[name] = content[name] + line
        with pytest.raises(BundleError, match=rf"{name}, line \d+"):
            read_bundle(packed(listed(content)))

    def test_another_format_says_which_is_read(self) -> None:
        content = members()
        manifest = json.loads(content["bundle.json"]) | {"longlist_bundle": 2}
        with pytest.raises(BundleError, match="is of format 2; this version of Longlist reads 1"):
            read_bundle(packed(content | {"bundle.json": canonical(manifest).encode()}))

    def test_a_name_that_is_no_file_name_is_refused(self) -> None:
        with pytest.raises(LonglistError, match="project name"):
            read_bundle(write_bundle(replace(WHOLE, name="../evil")))


@pytest.mark.parametrize(
    "data", [b"", b"PK", b"%PDF-1.7", write_bundle(WHOLE)[:-30], write_bundle(WHOLE)[200:]]
)
def test_what_is_no_zip_is_told(data: bytes) -> None:
    with pytest.raises(BundleError, match="not a bundle, or a damaged one"):
        read_bundle(data)


GOOD = write_bundle(WHOLE)


@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
@settings(max_examples=150)
def test_a_byte_that_was_changed_never_gives_another_project(at: int, by: int) -> None:
    data = bytearray(GOOD)
    data[at] ^= by
    try:
        found = read_bundle(bytes(data))
    except LonglistError:
        return
    assert found == WHOLE
