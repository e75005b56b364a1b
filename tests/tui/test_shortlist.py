"""Marking services anywhere, notes about them, and writing them to a file."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from textual.pilot import Pilot

from db.catalogue import open_catalogue
from db.projects import ProjectStore
from tests.interface import FORMS, LARGE, PAYROLL, SMALL, app_of, press, seen, settle, told, type_text
from tests.tui.conftest import OpenApp
from tui.commands.edge import Settings
from tui.projects import PROJECT
from tui.screens.export import Asked
from tui.screens.project import ProjectScreen
from tui.screens.service import ServiceScreen


async def mark(pilot: Pilot[None], *ids: str) -> None:
    """Mark services as the screens do."""
    for service_id in ids:
        app_of(pilot).toggle_mark(service_id, service_id)
        await settle(pilot)


def kept(settings: Settings) -> list[tuple[str, str]]:
    """Ids and notes in the file."""
    with open_catalogue(settings.db, read_only=True) as catalogue:
        return [(mark.service_id, mark.note) for mark in ProjectStore(catalogue).marks(PROJECT)]


class TestMarking:
    @pytest.mark.parametrize("key", ["space", "m"])
    async def test_a_key_marks_and_the_same_key_takes_it_off(
        self, open_app: OpenApp, settings: Settings, key: str
    ) -> None:
        async with open_app() as pilot:
            await type_text(pilot, "payroll")
            await press(pilot, "down", key)
            assert kept(settings) == [(PAYROLL.id, "")]
            assert "★ Sandbar Payroll" in seen(pilot)
            await press(pilot, key)
            assert kept(settings) == []
            assert "★ Sandbar Payroll" not in seen(pilot)

    async def test_a_service_can_be_marked_where_it_is_read(
        self, open_app: OpenApp, settings: Settings
    ) -> None:
        async with open_app() as pilot:
            await pilot.app.push_screen(ServiceScreen(FORMS.id))
            await settle(pilot)
            await press(pilot, "m")
            assert kept(settings) == [(FORMS.id, "")]
            assert "★ Tidewater Forms" in seen(pilot)

    async def test_marks_are_there_when_the_interface_is_opened_again(self, open_app: OpenApp) -> None:
        async with open_app() as pilot:
            await mark(pilot, FORMS.id)
        async with open_app() as pilot:
            assert "★ 1" in seen(pilot).splitlines()[0]

    async def test_a_catalogue_that_cannot_be_written_says_so(
        self, open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with open_app() as pilot:
            await press(pilot, "down")
            monkeypatch.setattr("tui.session.open_catalogue", locked)
            await press(pilot, "m")
            assert "the catalogue is open for reading only" in told(pilot)
            assert "★ 1" not in seen(pilot)


def locked(path: Path, *, read_only: bool = False) -> object:
    """A catalogue that may only be read."""
    return open_catalogue(path, read_only=True)


class TestScreen:
    async def test_an_empty_shortlist_says_how_to_fill_it(self, open_app: OpenApp) -> None:
        async with open_app() as pilot:
            await press(pilot, "down", "3")
            assert "Nothing is marked yet. Press space or m" in seen(pilot)

    async def test_marked_services_are_listed_and_can_be_taken_off(self, open_app: OpenApp) -> None:
        async with open_app() as pilot:
            await mark(pilot, FORMS.id, PAYROLL.id)
            await press(pilot, "down", "3")
            assert "★ Tidewater Forms" in seen(pilot)
            assert "★ Sandbar Payroll" in seen(pilot)
            await press(pilot, "space")
            assert "★ Tidewater Forms" not in seen(pilot)
            assert "★ Sandbar Payroll" in seen(pilot)

    async def test_a_note_is_kept_and_shown(self, open_app: OpenApp, settings: Settings) -> None:
        async with open_app() as pilot:
            await mark(pilot, FORMS.id)
            await press(pilot, "down", "3", "n")
            await type_text(pilot, "ask about the fee")
            await press(pilot, "enter")
            assert "Note: ask about the fee" in seen(pilot)
            assert kept(settings) == [(FORMS.id, "ask about the fee")]

    async def test_escape_leaves_a_note_as_it_was(self, open_app: OpenApp, settings: Settings) -> None:
        async with open_app() as pilot:
            await mark(pilot, FORMS.id)
            await press(pilot, "down", "3", "n")
            await type_text(pilot, "no")
            await press(pilot, "escape")
            assert isinstance(pilot.app.screen, ProjectScreen)
            assert kept(settings) == [(FORMS.id, "")]


class TestExport:
    async def test_nothing_marked_is_nothing_to_export(self, open_app: OpenApp) -> None:
        async with open_app() as pilot:
            await press(pilot, "down", "3")
            assert "Export" not in seen(pilot).splitlines()[-1]
            await press(pilot, "e")
            assert isinstance(pilot.app.screen, ProjectScreen)

    async def test_csv_is_written_where_it_was_asked_for(self, open_app: OpenApp, here: Path) -> None:
        async with open_app() as pilot:
            await mark(pilot, FORMS.id)
            await press(pilot, "down", "3", "e", "enter", "enter")
            with (here / "shortlist.csv").open(encoding="utf-8-sig", newline="") as file:
                rows = list(csv.DictReader(file))
            assert [row["Service name"] for row in rows] == ["Tidewater Forms"]
            assert "Written:" in told(pilot)

    async def test_another_format_gives_the_file_another_ending(self, open_app: OpenApp, here: Path) -> None:
        async with open_app() as pilot:
            await mark(pilot, FORMS.id)
            await press(pilot, "down", "3", "e", "down", "enter", "enter")
            assert "Tidewater Forms" in (here / "shortlist.md").read_text(encoding="utf-8")

    async def test_a_file_that_is_there_is_pointed_out(self, open_app: OpenApp, here: Path) -> None:
        (here / "shortlist.csv").write_text("mine", encoding="utf-8")
        async with open_app() as pilot:
            await mark(pilot, FORMS.id)
            await press(pilot, "down", "3", "e")
            assert "will be replaced" in seen(pilot)
            await press(pilot, "escape")
            assert (here / "shortlist.csv").read_text(encoding="utf-8") == "mine"

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ("nowhere/list.csv", "There is no folder nowhere"),
            ("", "The name of a file is needed"),
            (".", "This is a folder"),
        ],
    )
    async def test_what_is_no_file_is_told_where_it_was_typed_and_nothing_is_lost(
        self, open_app: OpenApp, here: Path, typed: str, said: str
    ) -> None:
        async with open_app() as pilot:
            await mark(pilot, FORMS.id)
            await press(pilot, "down", "3", "e", "down", "enter", "ctrl+u")
            await type_text(pilot, typed)
            await press(pilot, "enter")
            assert said in seen(pilot)
            await press(pilot, "ctrl+u")
            await type_text(pilot, "list.md")
            assert said not in seen(pilot)
            await press(pilot, "enter")
        assert "Tidewater Forms" in (here / "list.md").read_text("utf-8")

    async def test_a_folder_that_goes_meanwhile_is_told(self, open_app: OpenApp, here: Path) -> None:
        async with open_app() as pilot:
            await mark(pilot, FORMS.id)
            await app_of(pilot).session.load()
            await press(pilot, "down", "3")
            place = pilot.app.screen
            assert isinstance(place, ProjectScreen)
            place.write(Asked("csv", here / "gone" / "list.csv", draft=False))
            await settle(pilot)
            assert "there is no folder" in told(pilot)

    async def test_the_profile_in_use_goes_into_the_file(
        self, open_app: OpenApp, here: Path, profile_path: Path
    ) -> None:
        async with open_app() as pilot:
            await app_of(pilot).take_profile(profile_path)
            await mark(pilot, FORMS.id)
            await press(pilot, "down", "3", "e", "down", "enter", "enter")
            text = (here / "shortlist.md").read_text(encoding="utf-8")
            assert "Fenmoor District Council" in text
            assert "Certified connector for NEC Revenues" in text


class TestLooks:
    @pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
    async def test_the_shortlist(
        self, open_app: OpenApp, screen: SnapshotAssertion, size: tuple[int, int]
    ) -> None:
        async with open_app(size) as pilot:
            await mark(pilot, FORMS.id, PAYROLL.id)
            await press(pilot, "down", "3")
            pilot.app.clear_notifications()
            await settle(pilot)
            assert seen(pilot) == screen

    async def test_the_question_what_to_export(self, open_app: OpenApp, screen: SnapshotAssertion) -> None:
        async with open_app(SMALL) as pilot:
            await mark(pilot, FORMS.id)
            await press(pilot, "down", "3")
            pilot.app.clear_notifications()
            await settle(pilot)
            await press(pilot, "e")
            assert seen(pilot) == screen
