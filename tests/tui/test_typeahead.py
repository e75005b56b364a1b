"""Keys that come faster than the screen that they are for."""

from __future__ import annotations

import asyncio

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from tests.interface import FORMS, PAYROLL, app_of, press, seen, settle
from tests.tui.conftest import OpenApp
from tests.tui.test_shortlist import mark
from tui.screens.browse import BrowseScreen
from tui.screens.export import ExportScreen
from tui.screens.project import ProjectScreen
from tui.screens.service import ServiceScreen


@pytest.fixture
def slow_to_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """A box that is there only after everything else had its turn many times."""
    compose = ExportScreen._compose

    async def slowly(screen: ExportScreen) -> None:
        for _ in range(100):
            await asyncio.sleep(0)
        await compose(screen)

    monkeypatch.setattr(ExportScreen, "_compose", slowly)


async def at_once(pilot: Pilot[None], *keys: str) -> None:
    """Press keys without waiting for anything between them, as a busy machine gets them."""
    for key in keys:
        pilot.app.post_message(events.Key(key, key if len(key) == 1 else None))
    await settle(pilot)


@pytest.mark.usefixtures("slow_to_open")
async def test_enter_right_behind_the_key_that_opens_a_box_is_not_lost(open_app: OpenApp) -> None:
    async with open_app() as pilot:
        await mark(pilot, FORMS.id)
        await press(pilot, "down", "3")
        await at_once(pilot, "e", "enter")
        assert isinstance(pilot.app.screen, ExportScreen)
        focused = pilot.app.focused
        assert isinstance(focused, Input)
        assert focused.id == "file"


async def test_letters_behind_it_are_typed_into_the_box(open_app: OpenApp) -> None:
    async with open_app() as pilot:
        await mark(pilot, FORMS.id)
        await press(pilot, "down", "3")
        await at_once(pilot, "n", "f", "e", "e", "enter")
        assert "Note: fee" in seen(pilot)


async def test_a_place_that_opens_for_the_first_time_gets_the_keys_meant_for_it(open_app: OpenApp) -> None:
    async with open_app() as pilot:
        await mark(pilot, FORMS.id)
        await press(pilot, "down")
        await at_once(pilot, "3", "e")
        assert isinstance(pilot.app.screen, ExportScreen)
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, ProjectScreen)


async def test_the_program_can_be_left_while_keys_wait(open_app: OpenApp) -> None:
    async with open_app() as pilot:
        await press(pilot, "down")
        await at_once(pilot, "3", "ctrl+q")
        assert not app_of(pilot).is_running


class TestEnterBehindASearchText:
    """Results come a moment after the text; Enter is for those that it finds."""

    @pytest.fixture(autouse=True)
    def a_pause(self, open_app: OpenApp, monkeypatch: pytest.MonkeyPatch) -> None:
        """Wait for the next letter as the interface does, which the other tests leave out."""
        monkeypatch.setattr("tui.screens.browse._PAUSE", 0.1)

    async def test_one_goes_to_the_results(self, open_app: OpenApp) -> None:
        async with open_app() as pilot:
            await at_once(pilot, *"payroll", "enter")
            screen = pilot.app.screen
            assert isinstance(screen, BrowseScreen)
            assert screen.focused is screen.results
            assert screen.results.current is not None
            assert screen.results.current.id == PAYROLL.id

    async def test_two_open_the_first_result_of_what_was_typed(self, open_app: OpenApp) -> None:
        async with open_app() as pilot:
            await at_once(pilot, *"payroll", "enter", "enter")
            assert isinstance(pilot.app.screen, ServiceScreen)
            assert pilot.app.screen.service_id == PAYROLL.id

    async def test_it_is_not_lost_where_nothing_was_found_before(self, open_app: OpenApp) -> None:
        async with open_app() as pilot:
            await press(pilot, *"zzzzz")
            await at_once(pilot, "ctrl+u", "enter", "enter")
            assert isinstance(pilot.app.screen, ServiceScreen)

    async def test_what_finds_nothing_opens_nothing(self, open_app: OpenApp) -> None:
        async with open_app() as pilot:
            await at_once(pilot, *"zzzzz", "enter", "enter")
            assert isinstance(pilot.app.screen, BrowseScreen)

    async def test_escape_takes_it_back(self, open_app: OpenApp) -> None:
        async with open_app() as pilot:
            await at_once(pilot, *"payroll", "enter", "enter", "escape")
            assert isinstance(pilot.app.screen, BrowseScreen)
