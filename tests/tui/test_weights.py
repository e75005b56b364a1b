"""Weights that are moved by keys that come faster than they are answered."""

from __future__ import annotations

from pathlib import Path

from textual import events
from textual.pilot import Pilot

from catalogue.profile.editing import tables_of
from tests.interface import app_of, press, settle
from tests.tui.conftest import OpenApp
from tui.commands.edge import Settings
from tui.unsaved import edit_file
from tui.widgets.weights import WeightBars, shares_of


async def at_once(pilot: Pilot[None], *keys: str) -> None:
    """Press keys in one burst, as a terminal sends them while one is held down."""
    for key in keys:
        pilot.app.post_message(events.Key(key, None))
    await settle(pilot)
    await settle(pilot)


async def test_every_arrow_of_a_burst_counts(
    open_app: OpenApp, settings: Settings, profile_path: Path
) -> None:
    async with open_app(settings=Settings(db=settings.db, profile=profile_path)) as pilot:
        await press(pilot, "down", "2", "w")
        session = app_of(pilot).session
        assert session.profile is not None
        before = round(session.profile.weights["legacy"])
        await at_once(pilot, *["right"] * 30)
        assert session.tried is not None and session.tried["legacy"] == before + 30
        await at_once(pilot, *["left"] * 12, "right", "right")
        assert session.tried["legacy"] == before + 20
        assert sum(session.tried.values()) == 100


async def test_what_comes_right_after_the_profiles_own_begins_from_them(
    open_app: OpenApp, settings: Settings, profile_path: Path
) -> None:
    async with open_app(settings=Settings(db=settings.db, profile=profile_path)) as pilot:
        await press(pilot, "down", "2", "w", *["right"] * 9)
        session = app_of(pilot).session
        assert session.profile is not None
        await at_once(pilot, "z", "right")
        assert session.tried is not None
        assert session.tried["legacy"] == round(session.profile.weights["legacy"]) + 1


async def test_every_arrow_of_a_burst_counts_in_the_profile_too(
    open_app: OpenApp, profile_path: Path
) -> None:
    async with open_app() as pilot:
        edit_file(app_of(pilot), profile_path)
        await settle(pilot)
        await press(pilot, "f7")
        assert isinstance(pilot.app.focused, WeightBars)
        before = round(shares_of({})["legacy"])
        await at_once(pilot, *["right"] * 30)
        draft = app_of(pilot).session.draft
        assert draft is not None
        assert shares_of(tables_of(draft.text) or {})["legacy"] == before + 30
