"""One purchase from its profile to a locked export, by keys alone, in the smallest usual window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from textual.pilot import Pilot

from catalogue.project import stage_of
from db.catalogue import open_catalogue
from db.projects import ProjectStore
from db.purchase import verify_project
from tests.interface import SMALL, press, seen, told, type_text
from tests.tui import purchases
from tests.tui.conftest import OpenApp
from tui.commands.edge import Settings


async def fill_in(pilot: Pilot[None], *texts: str) -> None:
    """Type into the fields of a form, one after the other."""
    for text in texts:
        await type_text(pilot, text)
        await press(pilot, "enter")


async def test_from_a_profile_to_an_export_that_stands_up(
    open_app: OpenApp, fill: Callable[..., Path], here: Path, profile_path: Path
) -> None:
    db = fill(*purchases.FORMS)
    async with open_app(SMALL, settings=Settings(db=db, actor=None)) as pilot:
        # Who buys: the profile in the current folder.
        await press(pilot, "f5", "enter")
        assert "fenmoor.toml (in use)" in seen(pilot)

        # A project; its requirements are read, and frozen by somebody with a name.
        await press(pilot, "3", "x")
        await fill_in(pilot, "Online forms")
        assert "R1  must The service has an API" in seen(pilot)
        await press(pilot, "x")
        assert "Who are you?" in seen(pilot)
        await fill_in(pilot, "Ines Tolland", "18000", "Head of finance")
        assert "Next (x) Search" in seen(pilot)

        # The search that is saved makes the longlist.
        await press(pilot, "x")
        await fill_in(pilot, "online forms")
        assert "3 services" in seen(pilot)
        await press(pilot, "S", "enter", "enter")
        assert "Next (x) Longlist, 3 of 3 still to decide" in seen(pilot)

        # A fate and a reason for each: one by its own answer, two at once.
        await press(pilot, "b", "enter")
        assert "2 of 3 still to decide" in seen(pilot)
        await press(pilot, "x", "space", "space", "s")
        await fill_in(pilot, "Both have an API")
        assert "Next (x) Weights" in seen(pilot)

        # Weights before scores.
        await press(pilot, "x", "x")
        await fill_in(pilot, "70")
        await press(pilot, "down")
        await fill_in(pilot, "30")
        await press(pilot, "ctrl+s")
        assert "Next (x) Scores, 4 of 4 scores still to give" in seen(pilot)
        await press(pilot, "x")
        for value in ("5", "3", "4", "4"):
            await press(pilot, "enter")
            await fill_in(pilot, value, "Shown to us", "", "")
        assert "Next (x) Lock" in seen(pilot)

        # The export locks, the record holds.
        await press(pilot, "x", "enter", "enter")
        assert "the record is locked now" in told(pilot)
        await press(pilot, "t", "v")
        assert "✓ The record holds" in seen(pilot)

    assert "Online-forms.csv" in {file.name for file in here.iterdir()}
    written = (here / "Online-forms.csv").read_text("utf-8-sig")
    assert "Tidewater Forms" in written
    assert "Sandbar Forms" not in written
    with open_catalogue(db, read_only=True) as catalogue:
        store = ProjectStore(catalogue)
        project = store.get("Online forms")
        assert verify_project(store, "Online forms").holds
        assert {entry.actor for entry in store.entries("Online forms")[2:]} == {"Ines Tolland"}
    assert stage_of(project) == "locked"
    assert [each.because for each in project.of_fate("rejected")] == ["the listing answers API: No"]
