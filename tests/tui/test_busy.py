"""Matches while another program writes to the catalogue: it says so, and matches again by itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from catalogue.errors import CatalogueBusyError
from catalogue.match import MatchResult
from tests.interface import LARGE, SMALL, app_of, press, seen, told, until
from tests.tui.conftest import OpenApp
from tui.commands.edge import Settings
from tui.matching import match_catalogue

BUSY = "The catalogue is being written to; this page tries again by itself."


class Writer:
    """Another program that writes to the catalogue while ``at_work``; ``tries`` counts matches meanwhile."""

    def __init__(self) -> None:
        self.at_work = True
        self.tries = 0

    def match(self, *given: Any, **named: Any) -> MatchResult:
        """As `match_catalogue`, which cannot read meanwhile."""
        self.tries += 1
        if self.at_work:
            raise CatalogueBusyError("longlist.db: another program is writing to the catalogue")
        return match_catalogue(*given, **named)


@pytest.fixture
def writer(monkeypatch: pytest.MonkeyPatch) -> Writer:
    """A program at work, and a page that does not look again by itself while a test lasts."""
    writer = Writer()
    monkeypatch.setattr("tui.session.match_catalogue", writer.match)
    monkeypatch.setattr("tui.screens.matches._AGAIN", 600.0)
    return writer


@pytest.fixture
def profiled(settings: Settings, profile_path: Path) -> Settings:
    """The small catalogue with a profile in use."""
    return Settings(db=settings.db, profile=profile_path)


async def test_it_is_matched_again_by_itself(
    open_app: OpenApp, profiled: Settings, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.screens.matches._AGAIN", 0.1)
    async with open_app(settings=profiled) as pilot:
        await press(pilot, "down", "2")
        await until(pilot, BUSY)
        assert told(pilot) == "", "what ends by itself is no fault"
        while writer.tries < 3:
            await until(pilot, BUSY)
        writer.at_work = False
        await until(pilot, "Tidewater Forms")
        assert BUSY not in seen(pilot) and "Nothing is ranked yet" not in seen(pilot)


async def test_a_key_matches_at_once_and_the_page_no_more_by_itself(
    open_app: OpenApp, profiled: Settings, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.screens.matches._AGAIN", 0.1)
    async with open_app(settings=profiled) as pilot:
        await press(pilot, "down", "2")
        writer.at_work = False
        await press(pilot, "r")
        assert "Tidewater Forms" in seen(pilot)
        tries = writer.tries
        app_of(pilot).session.forget()
        await pilot.pause(0.3)
        assert writer.tries == tries


async def test_the_ranking_of_before_stays_and_is_said_to_be_that(
    open_app: OpenApp, profiled: Settings, writer: Writer
) -> None:
    writer.at_work = False
    async with open_app(SMALL, settings=profiled) as pilot:
        await press(pilot, "down", "2")
        writer.at_work = True
        app_of(pilot).session.forget()
        await press(pilot, "r")
        assert "Tidewater Forms" in seen(pilot)
        assert f"{BUSY} Below is the ranking of before." in " ".join(seen(pilot).split())


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["small", "large"])
async def test_where_nothing_is_ranked_yet_it_says_why_and_offers_what_there_is_to_do(
    open_app: OpenApp, profiled: Settings, writer: Writer, screen: SnapshotAssertion, size: tuple[int, int]
) -> None:
    async with open_app(size, settings=profiled) as pilot:
        await press(pilot, "down", "2")
        assert writer.tries == 1
        assert "e Reckoning" not in seen(pilot)
        assert seen(pilot) == screen
