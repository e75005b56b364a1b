"""The page archive: pages come out as they went in, in little space, and only what is needed again stays."""

from __future__ import annotations

import os
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.errors import CatalogueError, LockHeld
from catalogue.runs import PageKept, PageRead, PageState
from db.archive import Archive, archive_path
from db.packing import Packer, packed_alone, unpacked

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
WORDS = random.Random(7).choices([f"word{number}" for number in range(900)], k=4000)
SHELLS = {
    shell: "".join(f'<div class="{shell}-row {word}"><dt>{word}</dt></div>' for word in WORDS[:600])
    for shell in ("old", "new")
}


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive(tmp_path / "catalogue.pages.db") as opened:
        opened.hold()
        yield opened


def page_text(number: int, shell: str = "old") -> bytes:
    """A page of some 20 kB, most of which every page of the site has."""
    rows = SHELLS[shell]
    own = " ".join(random.Random(number).choices(WORDS, k=120))
    return f"<html>{rows}<main><h1>Service {number}</h1><p>{own}</p></main></html>".encode()


def kept(number: int, body: bytes | None = None, **changes: object) -> PageKept:
    body = page_text(number) if body is None else body
    url = f"https://marketplace.example/g-cloud/services/{number}"
    page = PageKept(str(number), url, NOON, 200, body, "text/html; charset=utf-8", url)
    return page if not changes else PageKept(**{**_fields(page), **changes})  # type: ignore[arg-type]


def _fields(page: PageKept) -> dict[str, object]:
    return {name: getattr(page, name) for name in PageKept.__slots__}


def read(state: PageState = "live") -> PageRead:
    if state in ("broken", "gone", "missing", "moved"):
        return PageRead(state)
    return PageRead(state, b"{}", "digest", "g-cloud-15/saas")


def newest(archive: Archive) -> dict[str, list[PageKept]]:
    return {pages[0].service_id: pages for pages in archive.pages("marketplace")}


def test_a_page_comes_out_as_it_went_in(archive: Archive) -> None:
    pages = [kept(number) for number in range(8)]
    for page in pages:
        archive.keep("run", "marketplace", page, read())
    found = newest(archive)
    assert [_fields(found[page.service_id][0]) | {"key": None} for page in pages] == [
        _fields(page) for page in pages
    ]


def test_the_digest_in_the_archive_is_that_of_the_bytes(archive: Archive) -> None:
    archive.keep("run", "marketplace", kept(1), read())
    assert archive.rows("SELECT sha256, length FROM page") == [
        (sha256(page_text(1)).hexdigest(), len(page_text(1)))
    ]


def test_what_pages_have_in_common_takes_space_once(archive: Archive) -> None:
    for number in range(40):
        archive.keep("run", "marketplace", kept(number), read())
    sizes = [size for (size,) in archive.rows("SELECT length(packed) FROM page ORDER BY key")]
    assert max(sizes[4:]) < 1500 < len(page_text(1)) / 10
    assert archive.rows("SELECT count(*) FROM dictionary") == [(1,)]


def test_a_site_that_changes_its_pages_gets_a_new_dictionary_and_old_pages_stay_readable(
    archive: Archive,
) -> None:
    changed = [page_text(number, "new").replace(b"word", b"mot") for number in range(120)]
    for number in range(10):
        archive.keep("first", "marketplace", kept(number), read())
    for number, body in enumerate(changed, 100):
        archive.keep("second", "marketplace", kept(number, body), read())
    assert archive.rows("SELECT count(*) FROM dictionary") == [(2,)]
    found = newest(archive)
    assert found["3"][0].body == page_text(3)
    assert found["219"][0].body == changed[119]


def test_the_next_run_packs_with_the_dictionary_that_there_is(tmp_path: Path) -> None:
    for number in range(8):
        with Archive(tmp_path / "catalogue.pages.db") as archive:
            archive.hold()
            archive.keep(f"run {number // 4}", "marketplace", kept(number), read())
    with Archive(tmp_path / "catalogue.pages.db") as archive:
        archive.hold()
        for number in range(8, 20):
            archive.keep("run 3", "marketplace", kept(number), read())
    with Archive(tmp_path / "catalogue.pages.db") as archive:
        archive.hold()
        archive.keep("run 4", "marketplace", kept(20), read())
        assert archive.rows(
            "SELECT length(packed) < 1500, dictionary FROM page ORDER BY key DESC LIMIT 1"
        ) == [(1, 1)]


@given(st.lists(st.binary(max_size=400), max_size=12))
def test_any_bytes_come_back(bodies: list[bytes]) -> None:
    packer = Packer(None)
    for body in bodies:
        packer.learn(body)
        assert unpacked(packer.pack(body), packer.dictionary) == body
        assert unpacked(packed_alone(body)) == body


def test_pages_are_given_service_by_service_the_newest_first_whatever_their_times_say(
    archive: Archive,
) -> None:
    for number in range(150):
        archive.keep("first", "marketplace", kept(number, b"old"), read())
    back = datetime(2020, 1, 1, tzinfo=UTC)  # the clock went back
    archive.keep("second", "marketplace", kept(7, b"new", at=back), read())
    found = newest(archive)
    assert len(found) == archive.count("marketplace") == 150
    assert [page.body for page in found["7"]] == [b"new", b"old"]


def test_answers_without_a_page_are_kept_and_not_read_again(archive: Archive) -> None:
    archive.keep("run", "marketplace", kept(1, b"", status=404), read("gone"))
    assert archive.rows("SELECT service, status, packed FROM page") == [("1", 404, None)]
    assert newest(archive) == {}


def test_pruning_keeps_the_newest_readable_page_of_each_service_and_fresh_faults(archive: Archive) -> None:
    for run in ("a", "b", "c", "d"):
        archive.keep(run, "marketplace", kept(1, run.encode()), read())
        archive.keep(run, "marketplace", kept(2, run.encode()), read("live" if run == "a" else "broken"))
        archive.keep(run, "marketplace", kept(3, b"", status=404), read("gone"))
    archive.keep("a", "elsewhere", kept(4, b"other"), read())
    archive.prune("marketplace", ["c", "d"])
    assert archive.rows("SELECT service, run FROM page ORDER BY service, key") == [
        ("1", "d"),
        ("2", "a"),
        ("2", "c"),
        ("2", "d"),
        ("3", "c"),
        ("3", "d"),
        ("4", "a"),
    ]
    assert [page.body for page in newest(archive)["2"]] == [b"d", b"c", b"a"]


def test_the_newest_published_page_stays_beside_a_newer_one_that_was_not(archive: Archive) -> None:
    for run in ("a", "b", "c"):
        archive.keep(run, "marketplace", kept(1, run.encode()), read())
    (last,) = archive.rows("SELECT key FROM page WHERE run = 'b'")[0]
    archive.settle([], [("a", 99), ("b", last), ("c", last)])
    archive.prune("marketplace", ["c"])
    assert archive.rows("SELECT run, is_published FROM page ORDER BY key") == [("b", 1), ("c", 0)]
    (published,) = archive.pages("marketplace", unpublished=False)
    assert [page.body for page in published] == [b"b"]
    assert [page.body for page in newest(archive)["1"]] == [b"c", b"b"]


def test_space_that_is_not_needed_any_more_is_given_back(archive: Archive) -> None:
    for number in range(40):
        body = random.Random(number).randbytes(5000)
        archive.keep("old", "marketplace", kept(number, body), read("broken"))
    (full,) = archive.rows("PRAGMA page_count")[0]
    archive.prune("marketplace", [])
    assert archive.rows("PRAGMA freelist_count") == [(0,)]
    assert archive.rows("PRAGMA page_count")[0][0] < full / 3


def test_thirty_runs_take_little_more_space_than_one(archive: Archive) -> None:
    sizes = []
    for run in range(30):
        for number in range(20):
            body = page_text(number) + f"<i>token {run * 7919}</i>".encode()
            archive.keep(str(run), "marketplace", kept(number, body), read())
        archive.settle([], [])
        archive.prune("marketplace", [str(run), str(run - 1), str(run - 2)])
        sizes.append(archive.rows("PRAGMA page_count")[0][0])
    assert sizes[-1] <= 1.5 * sizes[2]


def test_dictionaries_that_no_page_needs_go_with_the_pages(archive: Archive) -> None:
    for number in range(10):
        archive.keep("first", "marketplace", kept(number), read())
    for run in ("second", "third"):
        for number in range(110):
            body = page_text(number, "new").replace(b"word", b"mot")
            archive.keep(run, "marketplace", kept(number, body), read())
    archive.prune("marketplace", ["third"])
    assert archive.rows("SELECT count(*), min(key) FROM dictionary") == [(1, 2)]


# ---- the file


def test_the_archive_lies_beside_the_catalogue_and_follows_its_links(tmp_path: Path) -> None:
    catalogue = tmp_path / "catalogue.db"
    catalogue.touch()
    assert archive_path(catalogue) == tmp_path / "catalogue.pages.db"
    assert archive_path(tmp_path / "a.sqlite") != archive_path(tmp_path / "a.db")
    if os.name == "posix":
        (tmp_path / "link.db").symlink_to(catalogue)
        assert archive_path(tmp_path / "link.db") == archive_path(catalogue)


def test_one_holds_it_at_a_time(archive: Archive) -> None:
    other = Archive(archive.path)
    with pytest.raises(LockHeld, match="another run works on the page archive"):
        other.hold()
    archive.close()
    other.hold()
    other.close()


def test_another_file_in_its_place_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.pages.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE mine (a)")
        connection.commit()
    before = path.read_bytes()
    with pytest.raises(CatalogueError, match="not a page archive"):
        Archive(path).hold()
    assert path.read_bytes() == before


def test_an_archive_of_a_newer_version_is_not_touched(archive: Archive) -> None:
    with archive.atomic() as connection:
        connection.execute("PRAGMA user_version = 99")
    archive.close()
    with pytest.raises(CatalogueError, match="newer version"):
        Archive(archive.path).hold()


def test_a_file_that_is_no_database_is_said_to_be_damaged(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.pages.db"
    path.write_bytes(b"rubbish" * 1000)
    with pytest.raises(CatalogueError, match="damaged"):
        Archive(path).hold()


def test_any_tool_can_open_it_when_no_run_works(archive: Archive) -> None:
    archive.keep("run", "marketplace", kept(1), read())
    archive.close()
    with closing(sqlite3.connect(archive.path)) as connection:
        assert connection.execute("SELECT service, status FROM page").fetchall() == [("1", 200)]
