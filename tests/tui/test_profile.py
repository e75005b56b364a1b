"""Choosing a profile, and being told everything that is wrong with one."""

from __future__ import annotations

from pathlib import Path

from tests.interface import app_of, press, seen, told, type_text
from tests.tui.conftest import OpenApp
from tui.commands.edge import Settings

BROKEN = """
[organisation]
name = "Fenmoor District Council"
sector = "local-goverment"
staff_users = "many"
"""


class TestPicker:
    async def test_files_of_the_current_folder_and_samples_are_listed(
        self, open_app: OpenApp, profile_path: Path
    ) -> None:
        async with open_app() as pilot:
            await press(pilot, "down", "4")
            assert "fenmoor.toml" in seen(pilot)
            assert "brackwater.toml" in seen(pilot)
            assert "fictional sample" in seen(pilot)

    async def test_what_a_profile_says_is_shown_before_it_is_chosen(
        self, open_app: OpenApp, profile_path: Path
    ) -> None:
        async with open_app() as pilot:
            await press(pilot, "down", "4")
            assert "Fenmoor District Council" in seen(pilot)
            assert "NEC Revenues & Benefits" in seen(pilot)
            assert app_of(pilot).session.profile is None

    async def test_enter_takes_it_and_every_screen_knows(self, open_app: OpenApp, profile_path: Path) -> None:
        async with open_app() as pilot:
            await press(pilot, "down", "4", "enter")
            assert "fenmoor.toml (in use)" in seen(pilot)
            await press(pilot, "1")
            assert "Fenmoor District Council" in seen(pilot).splitlines()[0]

    async def test_a_path_can_be_typed(self, open_app: OpenApp, profile_path: Path) -> None:
        async with open_app() as pilot:
            await press(pilot, "down", "4", "slash")
            await type_text(pilot, str(profile_path.relative_to(Path.cwd())))
            await press(pilot, "enter")
            profile = app_of(pilot).session.profile
            assert profile is not None
            assert profile.organisation.name == "Fenmoor District Council"

    async def test_a_path_where_nothing_is_says_so(self, open_app: OpenApp) -> None:
        async with open_app() as pilot:
            await press(pilot, "down", "4", "slash")
            await type_text(pilot, "nowhere.toml")
            await press(pilot, "enter")
            assert "nowhere.toml" in told(pilot)
            assert "cannot be read" in told(pilot)

    async def test_the_profile_given_on_opening_is_in_use(
        self, open_app: OpenApp, settings: Settings, profile_path: Path
    ) -> None:
        async with open_app(settings=Settings(db=settings.db, profile=profile_path)) as pilot:
            assert "Fenmoor District Council" in seen(pilot).splitlines()[0]


class TestMistakes:
    async def test_all_of_them_are_shown_at_once(self, open_app: OpenApp, here: Path) -> None:
        (here / "broken.toml").write_text(BROKEN, encoding="utf-8")
        async with open_app() as pilot:
            await press(pilot, "down", "4")
            assert "2 mistakes in this file" in seen(pilot)
            assert "local-goverment" in seen(pilot)
            assert "staff_users" in seen(pilot)

    async def test_the_profile_in_use_stays(self, open_app: OpenApp, here: Path, profile_path: Path) -> None:
        async with open_app() as pilot:
            await app_of(pilot).take_profile(profile_path)
            (here / "broken.toml").write_text(BROKEN, encoding="utf-8")
            await press(pilot, "down", "4", "home", "enter")
            profile = app_of(pilot).session.profile
            assert profile is not None
            assert profile.source == str(profile_path)

    async def test_a_mistake_put_right_is_seen_after_looking_again(
        self, open_app: OpenApp, here: Path
    ) -> None:
        path = here / "a.toml"
        path.write_text("goal = ", encoding="utf-8")
        async with open_app() as pilot:
            await press(pilot, "down", "4")
            assert "1 mistake in this file" in seen(pilot)
            path.write_text('[organisation]\nname = "Wash Town Council"\n', encoding="utf-8")
            await press(pilot, "r")
            assert "Wash Town Council" in seen(pilot)
