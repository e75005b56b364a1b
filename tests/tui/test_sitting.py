"""From one sitting to the next: the tour of the first, what is found again, and what keeps one waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from textual.pilot import Pilot

from tests.interface import SMALL, app_of, press, seen, settle, told, type_text, until
from tests.tui.conftest import OpenApp
from tui.commands.edge import Settings
from tui.memory import recall
from tui.screens import patience
from tui.screens.base import LonglistScreen
from tui.screens.browse import BrowseScreen
from tui.screens.home import HomeScreen
from tui.screens.matches import MatchesScreen
from tui.screens.profile import ProfileScreen
from tui.screens.project import ProjectScreen
from tui.screens.tour import STEPS, TourScreen


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """Where the interface remembers; nothing is there yet."""
    return tmp_path / "state" / "state.json"


@pytest.fixture
def toured(state: Path) -> Path:
    """The same, after a first visit."""
    state.parent.mkdir()
    state.write_text('{"toured": true}', "utf-8")
    return state


async def leave(pilot: Pilot[None]) -> None:
    await pilot.press("ctrl+q")
    await pilot.pause()


class TestTour:
    async def test_a_first_visit_is_led_through_five_places(self, open_app: OpenApp, state: Path) -> None:
        async with open_app(state=state) as pilot:
            places = []
            for number, step in enumerate(STEPS, start=1):
                assert isinstance(pilot.app.screen, TourScreen)
                assert f"{number} of 5: {step.title}" in seen(pilot)
                places.append(type(pilot.app.screen_stack[-2]))
                await press(pilot, "enter")
            assert places == [BrowseScreen, ProfileScreen, MatchesScreen, ProjectScreen, BrowseScreen]
            assert isinstance(pilot.app.screen, BrowseScreen)

    async def test_one_can_go_back_a_step(self, open_app: OpenApp, state: Path) -> None:
        async with open_app(state=state) as pilot:
            await press(pilot, "left", "enter", "left")
            assert "1 of 5" in seen(pilot)

    @pytest.mark.parametrize("keys", [["escape"], ["enter"] * 5])
    async def test_it_is_given_once(self, open_app: OpenApp, state: Path, keys: list[str]) -> None:
        async with open_app(state=state) as pilot:
            await press(pilot, *keys)
        async with open_app(state=state) as pilot:
            assert isinstance(pilot.app.screen, BrowseScreen)

    async def test_it_waits_until_there_is_something_to_see(
        self, open_app: OpenApp, state: Path, tmp_path: Path, settings: Settings
    ) -> None:
        async with open_app(settings=Settings(db=tmp_path / "none.db"), state=state) as pilot:
            assert isinstance(pilot.app.screen, HomeScreen)
            await leave(pilot)
        async with open_app(state=state) as pilot:
            assert isinstance(pilot.app.screen, TourScreen)

    async def test_it_is_found_again_by_name(self, open_app: OpenApp) -> None:
        async with open_app() as pilot:
            await press(pilot, "down", "ctrl+p")
            await type_text(pilot, "tour")
            await press(pilot, "enter")
            assert "1 of 5" in seen(pilot)

    async def test_every_step_fits_a_small_window(self, open_app: OpenApp, state: Path) -> None:
        async with open_app(SMALL, state=state) as pilot:
            for step in STEPS:
                assert step.title in seen(pilot)
                assert step.text[-1].split()[-1] in seen(pilot)
                await press(pilot, "enter")


class TestReturning:
    async def test_everything_is_as_it_was_left(
        self, open_app: OpenApp, toured: Path, profile_path: Path
    ) -> None:
        async with open_app(state=toured) as pilot:
            await type_text(pilot, "forms")
            await app_of(pilot).take_profile(profile_path)
            pilot.app.theme = "longlist-light"
            await press(pilot, "f5")
            await leave(pilot)
        async with open_app(state=toured) as pilot:
            assert isinstance(pilot.app.screen, ProfileScreen)
            assert "fenmoor.toml (in use)" in seen(pilot)
            assert pilot.app.theme == "longlist-light"
            await press(pilot, "1")
            assert isinstance(pilot.app.screen, BrowseScreen)
            assert pilot.app.screen.search_box.value == "forms"
            assert "Tidewater Forms" in seen(pilot)
            assert "Sandbar Payroll" not in seen(pilot)

    async def test_filters_are_set_again(self, open_app: OpenApp, toured: Path) -> None:
        async with open_app(state=toured) as pilot:
            await press(pilot, "down", "f", "down", "enter")
            assert "✕" in seen(pilot)
            left = seen(pilot).splitlines()[4]
            await leave(pilot)
        async with open_app(state=toured) as pilot:
            assert seen(pilot).splitlines()[4] == left

    async def test_another_catalogue_begins_afresh(
        self, open_app: OpenApp, toured: Path, fill: Callable[..., Path]
    ) -> None:
        async with open_app(state=toured) as pilot:
            await type_text(pilot, "forms")
            await press(pilot, "f3")
            await leave(pilot)
        async with open_app(settings=Settings(db=fill(*[])), state=toured) as pilot:
            assert isinstance(pilot.app.screen, HomeScreen)

    async def test_the_sample_is_always_as_on_the_first_day(
        self, open_app: OpenApp, toured: Path, settings: Settings
    ) -> None:
        async with open_app(settings=Settings(db=settings.db, demo=True), state=toured) as pilot:
            await type_text(pilot, "forms")
            await leave(pilot)
        assert recall(toured).places == {}

    async def test_a_profile_that_is_gone_is_not_missed(
        self, open_app: OpenApp, toured: Path, profile_path: Path
    ) -> None:
        async with open_app(state=toured) as pilot:
            await app_of(pilot).take_profile(profile_path)
            await leave(pilot)
        profile_path.unlink()
        async with open_app(state=toured) as pilot:
            assert app_of(pilot).session.profile is None
            assert not told(pilot)


class TestWaiting:
    @pytest.fixture(autouse=True)
    def at_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """What takes a moment counts as long."""
        monkeypatch.setattr(patience, "PATIENCE", 0.001)

    @staticmethod
    async def wait(pilot: Pilot[None], under_way: asyncio.Event, ended: list[str]) -> None:
        """Begin something on the present screen that never ends by itself."""
        screen = pilot.app.screen
        assert isinstance(screen, LonglistScreen)

        async def last() -> None:
            try:
                with screen.waiting("Counting the stars"):
                    under_way.set()
                    await asyncio.Event().wait()
            except asyncio.CancelledError:
                ended.append("stopped")
                raise

        screen.run_worker(last())
        await under_way.wait()
        while not screen.is_waiting:
            await pilot.pause()
        await pilot.pause()

    async def test_a_spinner_says_what_for_and_escape_stops_it(self, open_app: OpenApp) -> None:
        ended: list[str] = []
        async with open_app() as pilot:
            await self.wait(pilot, asyncio.Event(), ended)
            line = seen(pilot).splitlines()[0]
            assert "Counting the stars… Esc stops" in line
            assert any(frame in line for frame in patience.FRAMES)
            await press(pilot, "escape")
            assert ended == ["stopped"]
            assert "Counting" not in seen(pilot)
            assert "Stopped" in told(pilot)

    async def test_escape_means_what_it_did_once_nothing_is_waited_for(self, open_app: OpenApp) -> None:
        async with open_app() as pilot:
            await self.wait(pilot, asyncio.Event(), [])
            await pilot.press(*"forms", "escape")
            await settle(pilot)
            assert isinstance(pilot.app.screen, BrowseScreen)
            assert pilot.app.screen.search_box.value == "forms"
            await press(pilot, "escape")
            assert pilot.app.screen.search_box.value == ""

    async def test_what_is_done_at_once_says_nothing(
        self, open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(patience, "PATIENCE", 3600.0)
        async with open_app() as pilot:
            screen = pilot.app.screen
            assert isinstance(screen, LonglistScreen)

            async def brief() -> None:
                with screen.waiting("Counting the stars"):
                    await asyncio.sleep(0)

            await screen.run_worker(brief()).wait()
            await settle(pilot)
            assert "Counting" not in seen(pilot)


class TestLooks:
    async def test_a_step(self, open_app: OpenApp, state: Path, screen: SnapshotAssertion) -> None:
        async with open_app(SMALL, state=state) as pilot:
            await press(pilot, "enter")
            await until(pilot, "▅")  # the text behind the box is laid out
            assert seen(pilot) == screen
