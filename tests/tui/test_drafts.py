"""Drafts of profiles: opened, saved, and never over what somebody else wrote."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest

from catalogue.errors import ProfileError, UsageError
from catalogue.profile.editing import put
from tests.interface import PROFILE
from tui.drafts import Draft, new_draft, open_draft, save_draft
from tui.memory import Memory, Place, kept, recall, remember, resumed


def edited(draft: Draft, name: str = "Wash Town Council") -> Draft:
    return replace(draft, history=draft.history.changed(put(draft.text, "organisation.name", name)))


class TestSaving:
    def test_a_draft_is_written_to_the_file_that_it_is_from(self, profile_path: Path) -> None:
        saved = save_draft(edited(open_draft(profile_path)))
        assert profile_path.read_text("utf-8") == PROFILE.replace("Fenmoor District", "Wash Town")
        assert not saved.unsaved
        assert saved.history.undone().text == PROFILE

    def test_a_file_that_somebody_else_changed_is_not_overwritten(self, profile_path: Path) -> None:
        draft = edited(open_draft(profile_path))
        profile_path.write_text(PROFILE + "# by somebody else\n", "utf-8")
        with pytest.raises(UsageError, match=r"changed by another program.*another name"):
            save_draft(draft)
        assert profile_path.read_text("utf-8").endswith("# by somebody else\n")

    def test_a_file_that_somebody_removed_is_written_again(self, profile_path: Path) -> None:
        draft = edited(open_draft(profile_path))
        profile_path.unlink()
        save_draft(draft)
        assert "Wash Town" in profile_path.read_text("utf-8")

    def test_another_name_must_be_a_new_one(self, profile_path: Path, here: Path) -> None:
        other = here / "other.toml"
        other.write_text("goal = 1", "utf-8")
        with pytest.raises(UsageError, match="exists already"):
            save_draft(open_draft(profile_path), other)
        assert other.read_text("utf-8") == "goal = 1"

    def test_saved_under_another_name_it_is_that_file_from_then_on(
        self, profile_path: Path, here: Path
    ) -> None:
        saved = save_draft(edited(open_draft(profile_path)), here / "other.toml")
        assert saved.path == here / "other.toml"
        assert profile_path.read_text("utf-8") == PROFILE

    def test_a_folder_that_is_not_there_is_told(self, profile_path: Path, here: Path) -> None:
        with pytest.raises(UsageError, match="there is no folder"):
            save_draft(open_draft(profile_path), here / "nowhere" / "p.toml")

    def test_line_endings_of_windows_stay(self, profile_path: Path) -> None:
        profile_path.write_bytes(PROFILE.replace("\n", "\r\n").encode())
        save_draft(edited(open_draft(profile_path)))
        assert (
            profile_path.read_bytes()
            == PROFILE.replace("Fenmoor District", "Wash Town").replace("\n", "\r\n").encode()
        )


class TestOpening:
    def test_a_sample_becomes_a_file_of_ones_own(self) -> None:
        draft = open_draft(Path(str(files("catalogue.sample") / "profiles" / "brackwater.toml")))
        assert (draft.path, draft.offered, draft.unsaved) == (None, "brackwater.toml", False)
        with pytest.raises(UsageError, match="give it a name"):
            save_draft(draft)

    def test_a_file_that_cannot_be_read_is_told(self, here: Path) -> None:
        with pytest.raises(ProfileError, match="cannot be read"):
            open_draft(here / "none.toml")

    @pytest.mark.parametrize(
        ("organisation", "name"),
        [
            ("Fenmoor District Council", "fenmoor-district-council.toml"),
            ("../../etc", "etc.toml"),
            ("", "profile.toml"),
        ],
    )
    def test_a_new_one_is_offered_a_name_after_the_organisation(self, organisation: str, name: str) -> None:
        draft = new_draft(PROFILE, organisation)
        assert (draft.offered, draft.unsaved) == (name, True)


class TestMemory:
    def test_what_is_remembered_is_recalled(self, tmp_path: Path, profile_path: Path) -> None:
        draft = edited(open_draft(profile_path))
        place = Place("matches", "forms", {"lots": {"saas": "SaaS"}}, str(profile_path))
        remember(
            tmp_path / "new" / "state.json",
            Memory(True, "dark", {}, kept(draft)).left(tmp_path / "c.db", place),
        )
        memory = recall(tmp_path / "new" / "state.json")
        assert memory.at(tmp_path / "c.db") == place
        back = resumed(memory.draft)
        assert back is not None
        assert (back.text, back.path, back.history.undone().text) == (draft.text, draft.path, PROFILE)

    @pytest.mark.parametrize("found", [b"", b"{", b"[]", b'{"toured": 3}', b"\xff\x00"])
    def test_a_file_that_cannot_be_understood_is_as_good_as_none(self, tmp_path: Path, found: bytes) -> None:
        path = tmp_path / "state.json"
        path.write_bytes(found)
        assert recall(path) == Memory()

    def test_a_file_that_cannot_be_written_stops_nobody(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("", "utf-8")
        remember(tmp_path / "file" / "state.json", Memory())

    def test_a_draft_that_is_saved_is_not_kept(self, profile_path: Path) -> None:
        assert kept(open_draft(profile_path)) is None

    def test_catalogues_left_long_ago_are_forgotten(self, tmp_path: Path) -> None:
        memory = Memory()
        for number in range(30):
            memory = memory.left(tmp_path / f"{number}.db", Place("browse"))
        assert len(memory.places) == 20
        assert memory.at(tmp_path / "29.db") == Place("browse")
        assert memory.at(tmp_path / "0.db") == Place()
