"""Services side by side: how they are chosen, what stands first, what is left out, and how it is read."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from catalogue.match import MatchResult
from catalogue.profile import Profile
from db.catalogue import Catalogue
from tests.interface import (
    FORMS,
    HOSTILE,
    HOSTING,
    LARGE,
    PAYROLL,
    SMALL,
    app_of,
    press,
    seen,
    service,
    settle,
    told,
    type_text,
)
from tests.tui.conftest import OpenApp
from tui.commands.edge import ExitCode, Settings
from tui.commands.main import run
from tui.matching import match_catalogue
from tui.screens.browse import BrowseScreen
from tui.screens.compare import CompareScreen
from tui.screens.service import ServiceScreen
from tui.widgets.side_by_side import SideBySide

FOURTH = service("105", "Breakwater Bookings", "Tidewater Ltd", description="Bookings for halls and pitches.")


@pytest.fixture
def four(fill: Callable[..., Path], profile_path: Path) -> Settings:
    """Four services and the profile."""
    return Settings(db=fill(FORMS, PAYROLL, HOSTING, FOURTH), profile=profile_path)


def choose(*rows: int) -> list[str]:
    """The keys that choose these rows of Browse and open the comparison."""
    keys = ["down"]
    for row in rows:
        keys += ["home", *["down"] * row, "c"]
    return [*keys, "C"]


class TestChoosing:
    async def test_c_chooses_and_takes_back_one_alone_is_not_compared_and_typed_it_is_a_letter(
        self, open_app: OpenApp, four: Settings
    ) -> None:
        async with open_app(settings=four) as pilot:
            await type_text(pilot, "cC")
            assert app_of(pilot).session.chosen == {}
            assert isinstance(pilot.app.screen, BrowseScreen)
            await press(pilot, "escape")
            await press(pilot, *choose(0))
            assert "One service is chosen. c on another one" in told(pilot)
            assert "⇆ 1" in seen(pilot)
            assert any("▌ ⇆" in line for line in seen(pilot).splitlines()), "its row is marked"
            await press(pilot, "c")
            assert app_of(pilot).session.chosen == {}
            assert "Not to be compared any more" in told(pilot)

    async def test_there_are_four_at_most(
        self, open_app: OpenApp, fill: Callable[..., Path], four: Settings
    ) -> None:
        db = fill(*(service(str(number), f"Service {number}") for number in range(101, 107)))
        async with open_app(settings=Settings(db=db)) as pilot:
            await press(pilot, *choose(0, 1, 2, 3)[:-1], "down", "c")
            assert len(app_of(pilot).session.chosen) == 4
            assert "4 services can be compared" in told(pilot)

    async def test_without_a_choice_a_short_shortlist_is_compared(
        self, open_app: OpenApp, four: Settings
    ) -> None:
        async with open_app(settings=four) as pilot:
            await press(pilot, "down", "C")
            assert "Choose two to 4 services with c" in told(pilot)
            await press(pilot, "space", "down", "space", "C")
            assert isinstance(pilot.app.screen, CompareScreen)
            assert "★" in seen(pilot)

    async def test_c_takes_a_service_out_and_of_the_last_pair_goes_back(
        self, open_app: OpenApp, four: Settings
    ) -> None:
        async with open_app(settings=four) as pilot:
            await press(pilot, *choose(0, 1, 2), "c")
            assert len(pilot.app.screen.query_one(SideBySide).heads) == 2
            await press(pilot, "c")
            assert isinstance(pilot.app.screen, BrowseScreen)


class TestRows:
    async def test_musts_come_first_with_what_was_found_then_scores_then_answers(
        self, open_app: OpenApp, four: Settings
    ) -> None:
        async with open_app((160, 90), settings=four) as pilot:
            await press(pilot, *choose(0, 1, 2))
            text = seen(pilot)
            assert "✓ met: Yes" in text and "✕ not met: No" in text and "? not stated" in text
            order = ["Musts of the profile", " Score", "For and against: legacy", "Beside the score"]
            assert [text.index(each) for each in order] == sorted(text.index(each) for each in order)
            assert "≠ The service has an" in text
            assert "excluded, must be" in text

    async def test_d_leaves_out_what_is_alike_and_gives_it_back(
        self, open_app: OpenApp, four: Settings
    ) -> None:
        async with open_app(settings=replace(four, profile=None)) as pilot:
            await press(pilot, *choose(0, 1))
            assert "a profile adds its musts and verdicts" in seen(pilot)
            table = pilot.app.screen.query_one(SideBySide)
            both = table.total
            assert "   Lot  " in seen(pilot)
            await press(pilot, "d")
            assert table.total < both
            assert "   Lot  " not in seen(pilot) and "Only what differs" in seen(pilot)
            await press(pilot, "d")
            assert table.total == both

    async def test_a_search_leaves_the_rows_that_have_the_words(
        self, open_app: OpenApp, four: Settings
    ) -> None:
        async with open_app(settings=four) as pilot:
            await press(pilot, *choose(0, 1), "slash")
            await type_text(pilot, "christmas day")
            assert "Service constraints" in seen(pilot) and "Musts" not in seen(pilot)
            await type_text(pilot, " zzz")
            assert "no row has these words" in seen(pilot)
            await press(pilot, "escape")
            assert "Musts of the profile" in seen(pilot)

    async def test_a_service_that_the_ranking_left_out_is_judged_for_the_comparison(
        self, open_app: OpenApp, four: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def without_forms(catalogue: Catalogue, profile: Profile, also: Iterable[str] = ()) -> MatchResult:
            found = match_catalogue(catalogue, profile, also=also)
            kept = tuple(
                each for each in found.matches if each.service.id in also or each.service.id != "101"
            )
            return replace(found, matches=kept)

        monkeypatch.setattr("tui.session.match_catalogue", without_forms)
        async with open_app(settings=four) as pilot:
            await press(pilot, *choose(0, 1, 2))
            assert "Tidewater Forms" in seen(pilot)
            assert "not live" not in seen(pilot)

    async def test_what_is_copied_is_what_the_command_prints(
        self, open_app: OpenApp, four: Settings, capsys: pytest.CaptureFixture[str]
    ) -> None:
        async with open_app(settings=four) as pilot:
            await press(pilot, *choose(0, 1))
            ids = [*app_of(pilot).session.chosen]
            await press(pilot, "y")
            copied = pilot.app.clipboard
        assert run(["--db", str(four.db), "compare", *ids, "--profile", str(four.profile)]) == ExitCode.DONE
        printed = capsys.readouterr().out
        first = "Musts of the profile"
        assert copied[copied.index(first) :] == printed[printed.index(first) :]

    async def test_hostile_text_is_shown_as_it_stands(
        self, open_app: OpenApp, fill: Callable[..., Path], profile_path: Path
    ) -> None:
        async with open_app(
            (160, 90), settings=Settings(db=fill(HOSTILE, FORMS), profile=profile_path)
        ) as pilot:
            await press(pilot, *choose(0, 1))
            text = seen(pilot)
            assert "[bold red]Free[/] <b>forms</b> [31mred" in text
            assert "[@click=app.quit]quit[/]" in text and "[red]Section" in text
            assert "\x1b" not in text and "\x07" not in text and "\u202e" not in text


class TestWaiting:
    async def test_escape_stops_the_judging_and_says_how_to_go_on(
        self, open_app: OpenApp, four: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        released = threading.Event()

        def slow(catalogue: Catalogue, profile: Profile) -> MatchResult:
            released.wait(timeout=20)
            return match_catalogue(catalogue, profile)

        monkeypatch.setattr("tui.session.match_catalogue", slow)
        monkeypatch.setattr("tui.screens.patience.PATIENCE", 0.001)
        async with open_app(settings=four) as pilot:
            await press(pilot, *choose(0, 1)[:-1])
            await pilot.press("C")
            async with asyncio.timeout(20):
                while "Comparing… Esc stops" not in seen(pilot):
                    await pilot.pause()
            await pilot.press("escape")
            await settle(pilot)
            assert "Stopped. Esc goes back, C compares again." in seen(pilot)
            released.set()
            await press(pilot, "escape", "C")
            assert "Musts of the profile" in seen(pilot)


class TestReading:
    async def test_at_80_columns_two_stand_side_by_side_and_the_others_are_paged_to(
        self, open_app: OpenApp, four: Settings
    ) -> None:
        async with open_app(SMALL, settings=four) as pilot:
            await press(pilot, *choose(0, 1, 2, 3))
            table = pilot.app.screen.query_one(SideBySide)
            assert table.in_view == range(2)
            assert "1 to 2 of 4" in seen(pilot)
            await press(pilot, "right", "right")
            assert table.in_view == range(2, 4)
            assert "3 to 4 of 4" in seen(pilot)
            assert "≠ The service" in seen(pilot)
            await pilot.resize_terminal(*LARGE)
            await settle(pilot)
            assert table.in_view == range(4)

    async def test_it_is_read_by_keys_and_mouse_and_enter_opens_the_service_of_the_column(
        self, open_app: OpenApp, four: Settings
    ) -> None:
        async with open_app(settings=four) as pilot:
            await press(pilot, *choose(0, 1), "right")
            second = [*app_of(pilot).session.chosen][1]
            await press(pilot, "enter")
            screen = pilot.app.screen
            assert isinstance(screen, ServiceScreen) and screen.service_id == second
            await press(pilot, "escape")
            assert isinstance(pilot.app.screen, CompareScreen)
            await press(pilot, "n", "n")
            table = pilot.app.screen.query_one(SideBySide)
            assert table.row is not None and table.row.label == "Score"
            await press(pilot, "N")
            assert table.row.label == "Rank"
            await pilot.click(table, offset=(table.question_width + 3, 2))
            await settle(pilot)
            assert table.column == 0
            await press(pilot, "space")
            assert "▸A ★ " in seen(pilot)


class TestLooks:
    @pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
    async def test_the_comparison(
        self, open_app: OpenApp, screen: SnapshotAssertion, four: Settings, size: tuple[int, int]
    ) -> None:
        # Without a profile: what is drawn must not change when the rules do.
        async with open_app(size, settings=replace(four, profile=None)) as pilot:
            await press(pilot, *choose(0, 1, 2))
            assert seen(pilot) == screen
