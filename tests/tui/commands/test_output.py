"""A file is the old one or the whole new one."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from catalogue.errors import UsageError
from tui.commands.output import write_whole


def test_a_file_is_written_whole_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    write_whole(tmp_path / "a.csv", b"one")
    assert [(path.name, path.read_bytes()) for path in tmp_path.glob("*.csv")] == [("a.csv", b"one")]
    assert not list(tmp_path.glob("*.part"))


def test_a_failure_leaves_the_old_file_and_no_part_of_a_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "a.csv"
    target.write_bytes(b"old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_whole(target, b"new")
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["a.csv"]


def test_a_catalogue_is_not_replaced(tmp_path: Path) -> None:
    target = tmp_path / "catalogue.db"
    content = b"SQLite format 3\x00" + b"rows"
    target.write_bytes(content)
    with pytest.raises(UsageError, match="is an SQLite file, such as a catalogue"):
        write_whole(target, b"new")
    assert target.read_bytes() == content


@pytest.mark.skipif(sys.platform == "win32", reason="links need a permission there")
def test_links_in_a_circle_are_told(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.symlink_to(other)
    other.symlink_to(one)
    with pytest.raises(UsageError, match="links in a circle"):
        write_whole(one, b"new")


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX")
def test_an_existing_file_keeps_its_permissions_and_a_new_one_gets_the_usual(tmp_path: Path) -> None:
    kept, new, usual = tmp_path / "kept", tmp_path / "new", tmp_path / "usual"
    kept.touch(mode=0o600)
    usual.touch()
    write_whole(kept, b"x")
    write_whole(new, b"x")
    assert kept.stat().st_mode & 0o777 == 0o600
    assert new.stat().st_mode == usual.stat().st_mode


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_goes_on_pointing_at_the_file_that_was_written(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_bytes(b"old")
    link.symlink_to(target)
    write_whole(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


def test_a_folder_and_a_missing_folder_are_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is a folder"):
        write_whole(tmp_path, b"x")
    with pytest.raises(UsageError, match="there is no folder"):
        write_whole(tmp_path / "none" / "a.csv", b"x")


def test_a_hyphen_is_standard_output(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    write_whole(Path("-"), b"\xef\xbb\xbfa,b\r\n")
    assert capfdbinary.readouterr().out == b"\xef\xbb\xbfa,b\r\n"
