"""What was not foreseen: a fault is told and written down, and one works on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest
from textual.dom import DOMNode
from textual.pilot import Pilot

from catalogue.errors import UsageError
from tests.interface import PROFILE, app_of, press, seen, settle, told, type_text
from tests.tui.conftest import OpenApp
from tui.app import LonglistApp
from tui.commands.edge import Settings
from tui.memory import recall
from tui.screens.browse import BrowseScreen
from tui.screens.home import HomeScreen
from tui.screens.profile_editor import ProfileEditor
from tui.screens.project_list import ProjectsScreen


def break_down(*_: object, **__: object) -> NoReturn:
    raise RuntimeError("[bold]the wheel[/] came off")


def forgive(app: LonglistApp) -> None:
    """Let the test go on after a fault; any other test fails on one."""
    app._exception = None
    app._exception_event.clear()


@pytest.fixture
def log(settings: Settings, tmp_path: Path) -> Path:
    return tmp_path / "log" / "longlist.log"


@pytest.fixture
def logged(settings: Settings, log: Path) -> Settings:
    """The small catalogue, and a log of its own."""
    return replace(settings, paths=replace(settings.paths, log=log))


async def in_a_worker(pilot: Pilot[None]) -> None:
    async def work() -> None:
        break_down()

    pilot.app.run_worker(work())


async def in_a_key(pilot: Pilot[None]) -> None:
    app_of(pilot).action_compare = break_down  # type: ignore[method-assign]
    pilot.app.call_later(pilot.app.run_action, "compare")


async def in_a_screen(pilot: Pilot[None]) -> None:
    pilot.app.screen.call_later(break_down)


async def in_a_timer(pilot: Pilot[None]) -> None:
    pilot.app.screen.set_timer(0.001, break_down)


FAULTS = (in_a_worker, in_a_key, in_a_screen, in_a_timer)


class TestAFault:
    @pytest.mark.parametrize("happens", FAULTS, ids=lambda happens: happens.__name__)
    async def test_is_told_and_logged_and_one_works_on(
        self, happens: Callable[[Pilot[None]], object], open_app: OpenApp, logged: Settings, log: Path
    ) -> None:
        async with open_app(settings=logged) as pilot:
            await happens(pilot)  # type: ignore[misc]
            await app_of(pilot)._exception_event.wait()
            forgive(app_of(pilot))
            await settle(pilot)
            assert "RuntimeError: [bold]the wheel[/] came off" in told(pilot)
            assert str(log) in told(pilot)
            assert "in break_down" in log.read_text("utf-8")
            await press(pilot, "f9")
            assert isinstance(pilot.app.screen, HomeScreen)
            await press(pilot, "f2")
            assert isinstance(pilot.app.screen, BrowseScreen)
            await type_text(pilot, "sandbar")
            assert "sandbar" in seen(pilot)

    async def test_of_a_kind_that_is_foreseen_is_told_as_it_is(
        self, open_app: OpenApp, logged: Settings, log: Path
    ) -> None:
        async def work() -> None:
            raise UsageError("records.jsonl: is not there; name another file")

        async with open_app(settings=logged) as pilot:
            pilot.app.run_worker(work())
            await app_of(pilot)._exception_event.wait()
            forgive(app_of(pilot))
            await settle(pilot)
            assert told(pilot) == "records.jsonl: is not there; name another file"
            assert not log.exists()

    async def test_keeps_what_is_not_saved(
        self, open_app: OpenApp, logged: Settings, here: Path, tmp_path: Path
    ) -> None:
        state = tmp_path / "state.json"
        state.write_text('{"toured": true}', "utf-8")
        (here / "fenmoor.toml").write_text(PROFILE, "utf-8")
        async with open_app(settings=replace(logged, profile=here / "fenmoor.toml"), state=state) as pilot:
            await press(pilot, "f5", "e")
            assert isinstance(pilot.app.screen, ProfileEditor)
            draft = app_of(pilot).session.draft
            assert draft is not None
            app_of(pilot).session.draft = replace(
                draft, history=draft.history.changed(draft.text + "\n# not saved\n")
            )
            await in_a_worker(pilot)
            await app_of(pilot)._exception_event.wait()
            forgive(app_of(pilot))
            await settle(pilot)
            remembered = recall(state).draft
            assert remembered is not None
            assert remembered.text.endswith("# not saved\n")

    async def test_that_comes_again_is_told_once(
        self, open_app: OpenApp, logged: Settings, log: Path
    ) -> None:
        async with open_app(settings=logged) as pilot:
            for _ in range(3):
                await in_a_worker(pilot)
                await app_of(pilot)._exception_event.wait()
                forgive(app_of(pilot))
            await settle(pilot)
            assert told(pilot).count("the wheel") == 1
            assert log.read_text("utf-8").count("in break_down") == 1

    async def test_that_cannot_be_got_over_ends_in_a_sentence(
        self, open_app: OpenApp, logged: Settings, log: Path
    ) -> None:
        """A widget that broke down does nothing more: the interface ends in order, and says why."""
        async with open_app(settings=logged) as pilot:
            app = app_of(pilot)
            pilot.app.screen.query_one("TopBar").call_later(break_down)
            await app._exception_event.wait()
            forgive(app)
            assert app.return_code == 1
            (said,) = app._exit_renderables
            assert "the wheel[/] came off" in str(said)
            assert str(log) in str(said)
            assert "Traceback" not in str(said)


class TestAWorkerOfAScreenThatIsLeft:
    @staticmethod
    def looks_for(part: str, screen: DOMNode) -> None:
        """Begin a worker of this screen that looks for the part once the screen has it no more."""

        async def work() -> None:
            while screen.query(part):
                await asyncio.sleep(0)
            screen.query_one(part)

        screen.run_worker(work())

    async def test_is_not_a_fault(self, open_app: OpenApp, logged: Settings, log: Path) -> None:
        async with open_app(settings=logged) as pilot:
            await press(pilot, "f4", "l")
            left = pilot.app.screen
            assert isinstance(left, ProjectsScreen)
            self.looks_for("#project-list", left)
            await press(pilot, "escape")
            assert pilot.app.screen is not left
            assert not list(left.children)
            assert not told(pilot)
        assert not log.exists()

    async def test_on_a_screen_that_stays_it_is_one(self, open_app: OpenApp, logged: Settings) -> None:
        async with open_app(settings=logged) as pilot:
            self.looks_for("#of-no-screen", pilot.app.screen)
            await app_of(pilot)._exception_event.wait()
            forgive(app_of(pilot))
            await settle(pilot)
            assert "NoMatches" in told(pilot)
