"""Home: the state of the catalogue, projects under way, what changed in them, and how to begin."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from syrupy.assertion import SnapshotAssertion
from textual.pilot import Pilot
from textual.widgets import Input

from catalogue.errors import CatalogueBusyError
from catalogue.records import ServiceRecord, encode_record
from db.catalogue import open_catalogue
from db.ingest import ingest
from db.projects import ProjectStore
from tests.interface import (
    FORMS,
    HOSTILE,
    LARGE,
    NOON,
    SERVICES,
    SMALL,
    app_of,
    ended,
    heard,
    press,
    recorded,
    seen,
    settle,
    told,
    type_text,
    until,
)
from tests.purchase import Purchase
from tests.tui.conftest import OpenApp
from tui.commands.edge import Settings
from tui.overview import Overview, next_told, overview
from tui.screens.ask_line import AskLineScreen
from tui.screens.browse import BrowseScreen
from tui.screens.home import HomeScreen
from tui.screens.profile import ProfileScreen
from tui.screens.project import ProjectScreen
from tui.screens.service import ServiceScreen
from tui.screens.upkeep import UpkeepScreen


@pytest.fixture
def nothing(tmp_path: Path) -> Settings:
    """No catalogue yet."""
    return Settings(db=tmp_path / "none.db")


@pytest.fixture
def at_work(settings: Settings) -> Settings:
    """A project whose shortlisted service has another price than when it was judged, and one just begun."""
    with open_catalogue(settings.db) as catalogue:
        store = ProjectStore(catalogue, clock=lambda: NOON - timedelta(hours=2))
        store.create("Council tax online")
        store.mark("Council tax online", FORMS.id)
        store.create("Payroll")
        ingest(catalogue, [dearer(FORMS, "£9.99 a user a month")], at=NOON - timedelta(hours=1))
    return settings


def dearer(record: ServiceRecord, price: str) -> ServiceRecord:
    """The record at another price."""
    return msgspec.structs.replace(record, price=price)


async def line(pilot: Pilot[None], text: str) -> None:
    """Go to the line that says this."""
    screen = pilot.app.screen
    assert isinstance(screen, HomeScreen)
    await press(pilot, "home")
    for _ in range(30):
        if screen.agenda.current is not None and text in screen.agenda.current.title:
            return
        await press(pilot, "down")
    raise AssertionError(text)


class TestState:
    async def test_it_says_how_many_services_how_old_and_until_when_they_can_be_bought(
        self, open_app: OpenApp
    ) -> None:
        async with open_app(SMALL) as pilot:
            await press(pilot, "f9")
            assert "4 services, 4 live; the newest was seen just now" in seen(pilot)
            assert "✓ Nothing gives reason to worry" in seen(pilot)
            assert "✓ G-Cloud 15: open to buyers" in seen(pilot)
            assert "✗ G-Cloud 14: closed to buyers" in seen(pilot)
            await press(pilot, "p")
            assert "Digest" in seen(pilot), "the whole of it is a key away"
            await press(pilot, "escape")
            assert "Search the services" in seen(pilot)

    async def test_the_sample_has_no_heading_with_nothing_under_it(
        self, open_app: OpenApp, settings: Settings
    ) -> None:
        async with open_app(SMALL, settings=replace(settings, demo=True)) as pilot:
            await press(pilot, "f9")
            assert "Search the services" in seen(pilot)
            assert "The catalogue" not in seen(pilot)

    async def test_one_that_is_written_to_is_looked_at_again(
        self, open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        busy = ["another program is writing to the catalogue"]

        def found(*given: Any) -> Overview:
            if busy:
                raise CatalogueBusyError(*busy)
            return overview(*given)

        monkeypatch.setattr("tui.screens.home.overview", found)
        monkeypatch.setattr("tui.screens.home._AGAIN", 0.2)
        async with open_app() as pilot:
            await press(pilot, "f9")
            await until(pilot, "The catalogue is being written to")
            assert "no services" not in seen(pilot)
            busy.clear()
            await until(pilot, "the newest was seen just now")

    async def test_an_old_catalogue_is_warned_of_in_the_words_of_the_command(
        self, open_app: OpenApp, tmp_path: Path
    ) -> None:
        db = tmp_path / "old.db"
        with open_catalogue(db, create=True) as catalogue:
            ingest(catalogue, SERVICES, at=NOON - timedelta(days=20))
        async with open_app(SMALL, settings=Settings(db=db)) as pilot:
            await press(pilot, "f9")
            assert "seen 20 days ago" in seen(pilot)
            assert "Warning: catalogue: no service was seen for 20 days; scrape or pull again" in seen(pilot)


class TestProjects:
    async def test_each_has_its_stage_its_next_step_and_what_changed_in_it(
        self, open_app: OpenApp, at_work: Settings
    ) -> None:
        async with open_app(LARGE, settings=at_work) as pilot:
            await press(pilot, "f9")
            assert "Council tax online" in seen(pilot)
            assert "being prepared · next: look for services, and mark" in seen(pilot)
            assert "1 service marked: export them" in seen(pilot)
            assert "Changed since you judged them" in seen(pilot)
            assert "Council tax online: price was “£1.20 a user" in seen(pilot)
            await line(pilot, "Tidewater Forms")
            await press(pilot, "enter")
            assert isinstance(pilot.app.screen, ServiceScreen)
            assert pilot.app.screen.service_id == FORMS.id
            await press(pilot, "escape", "home", "enter")
            assert isinstance(pilot.app.screen, ProjectScreen)

    async def test_a_mark_made_elsewhere_is_seen_on_coming_back(self, open_app: OpenApp) -> None:
        async with open_app(LARGE) as pilot:
            await press(pilot, "f9")
            assert "Begin here" in seen(pilot)
            await press(pilot, "1", "down", "space", "f9")
            assert "Your projects" in seen(pilot)
            assert "1 service marked" in seen(pilot)

    async def test_one_whose_record_cannot_be_read_says_so_and_the_others_are_shown(
        self, open_app: OpenApp, at_work: Settings
    ) -> None:
        with open_catalogue(at_work.db) as catalogue, catalogue.atomic() as db:
            db.conn.execute("INSERT INTO project (folded_name, name) VALUES ('empty', 'Empty')")
        async with open_app(LARGE, settings=at_work) as pilot:
            await press(pilot, "f9")
            assert "Council tax online" in seen(pilot)
            assert "cannot be read" in seen(pilot)

    @pytest.mark.parametrize(
        ("purchase", "step"),
        [
            (Purchase().begun(), "look for services, and mark with Space what may fit"),
            (Purchase().frozen(), "search, and save the results as the longlist"),
            (Purchase().searched(), "decide on 4 of 4 services"),
            (Purchase().shortlisted(), "fix how the shortlist is judged"),
            (Purchase().scored(), "export it, which locks the record"),
            (Purchase().locked(), "record the outcome"),
        ],
    )
    def test_each_stage_has_a_next_step(self, purchase: Purchase, step: str) -> None:
        assert next_told(purchase.state) == step


class TestBeginning:
    async def test_the_sample_opens_with_its_profile_and_can_be_left_again(
        self, open_app: OpenApp, nothing: Settings
    ) -> None:
        async with open_app(settings=nothing) as pilot:
            await press(pilot, "enter")
            app = app_of(pilot)
            assert "Fictional sample data" in seen(pilot).splitlines()[0]
            assert app.session.profile is not None
            copy = app.session.path
            assert copy.is_file()
            await press(pilot, "enter")
            assert isinstance(app.screen, BrowseScreen)
            await press(pilot, "f9")
            await line(pilot, "Go back to your own catalogue")
            await press(pilot, "enter")
            assert app.session.path == nothing.db
            assert app.session.profile is None
            assert "There are no services to search yet" in seen(pilot)
            assert not nothing.db.exists()
        assert not copy.exists()

    async def test_a_file_is_asked_for_and_taken_in(
        self, open_app: OpenApp, nothing: Settings, tmp_path: Path
    ) -> None:
        records = tmp_path / "our records.jsonl"
        records.write_bytes(b"\n".join(encode_record(record) for record in SERVICES))
        async with open_app(LARGE, settings=nothing) as pilot:
            await line(pilot, "Import a file")
            await press(pilot, "enter")
            assert isinstance(pilot.app.screen, AskLineScreen)
            await type_text(pilot, "x")
            await press(pilot, "enter")
            assert "There is no such file." in seen(pilot)
            pilot.app.screen.query_one(Input).value = str(records)
            await press(pilot, "enter")
            await ended(pilot)
            await until(pilot, "4 services, 4 live")
            await until(pilot, "4 added", told)

    async def test_a_catalogue_is_pulled_from_an_address(self, open_app: OpenApp, nothing: Settings) -> None:
        async with open_app(settings=nothing) as pilot:
            begun = recorded(pilot)
            await line(pilot, "Pull a catalogue")
            await press(pilot, "enter")
            await type_text(pilot, "ftp")
            await press(pilot, "enter")
            assert "An address begins with https://" in seen(pilot)
            pilot.app.screen.query_one(Input).value = "https://team.example/catalogue/"
            await press(pilot, "enter")
            assert begun == [(nothing.db, "pull", ["--", "https://team.example/catalogue/"])]

    async def test_before_the_first_scrape_it_is_asked_who_one_is(
        self, open_app: OpenApp, nothing: Settings, own_home: Path
    ) -> None:
        async with open_app(settings=nothing) as pilot:
            begun = recorded(pilot)
            await line(pilot, "Fetch the services")
            await press(pilot, "enter", "enter")
            await type_text(pilot, "nobody")
            await press(pilot, "enter")
            assert "neither a mail address" in seen(pilot)
            pilot.app.screen.query_one(Input).value = "digital@council.example"
            await press(pilot, "enter")
            assert begun == [(nothing.db, "scrape", ["marketplace"])]
        assert (own_home / "settings.toml").read_text("utf-8") == 'contact = "digital@council.example"\n'

    async def test_from_a_browser_nothing_is_begun_on_the_server(
        self, open_app: OpenApp, nothing: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with open_app(settings=nothing) as pilot:
            monkeypatch.setattr(type(pilot.app), "is_web", property(lambda _: True))
            said = heard(pilot)
            await line(pilot, "Import a file")
            await press(pilot, "enter")
            assert isinstance(pilot.app.screen, HomeScreen)
            assert "not from a browser" in said[0]


class TestWaysOn:
    async def test_each_is_a_line_to_choose_or_to_click_and_headings_are_passed_over(
        self, open_app: OpenApp
    ) -> None:
        async with open_app(LARGE) as pilot:
            for text, place in (("Say what stands", ProfileScreen), ("Look after it", UpkeepScreen)):
                await press(pilot, "f9")
                await line(pilot, text)
                await press(pilot, "enter")
                assert isinstance(pilot.app.screen, place)
            await press(pilot, "f9", "end", "home", "pagedown", "pageup")
            screen = pilot.app.screen
            assert isinstance(screen, HomeScreen)
            assert screen.agenda.current is not None
            assert screen.agenda.current.do is not None
            await pilot.click(screen.agenda, offset=(6, 1))
            await settle(pilot)
            assert isinstance(pilot.app.screen, BrowseScreen)


class TestHostileText:
    async def test_names_of_services_are_drawn_as_they_are(
        self, open_app: OpenApp, settings: Settings
    ) -> None:
        with open_catalogue(settings.db) as catalogue:
            store = ProjectStore(catalogue, clock=lambda: NOON)
            store.create("Forms")
            store.mark("Forms", HOSTILE.id)
            ingest(catalogue, [dearer(HOSTILE, "[red]£1\x1b[0m")], at=NOON + timedelta(hours=1))
        async with open_app(LARGE, settings=settings) as pilot:
            await press(pilot, "f9")
            assert "[bold red]Free[/] <b>forms</b>" in seen(pilot)
            assert "\x1b" not in seen(pilot)


class TestLooks:
    @pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
    async def test_home(
        self,
        open_app: OpenApp,
        at_work: Settings,
        screen: SnapshotAssertion,
        size: tuple[int, int],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.chdir(at_work.db.parent)
        at_work.db.rename("ours.db")
        async with open_app(size, settings=replace(at_work, db=Path("ours.db"))) as pilot:
            await press(pilot, "f9")
            assert seen(pilot) == screen
