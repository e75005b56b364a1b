"""What all screens share: places, help, commands, colours, sizes, and leaving."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from textual.binding import Binding
from textual.command import CommandPalette

from db.catalogue import open_catalogue
from tests.interface import FORMS, LARGE, NOON, SMALL, app_of, drawn, press, seen, settle, type_text
from tests.tui.conftest import OpenApp
from tui.app import LonglistApp, make_app
from tui.commands.demo import build_sample
from tui.commands.edge import Settings
from tui.screens.ask import AskScreen
from tui.screens.ask_line import AskLineScreen
from tui.screens.base import LonglistScreen
from tui.screens.browse import BrowseScreen, SearchBox
from tui.screens.export import ExportScreen, FormatList
from tui.screens.form import FormScreen
from tui.screens.help import HelpScreen
from tui.screens.home import HomeScreen
from tui.screens.matches import MatchesScreen
from tui.screens.new_profile import NewProfileScreen
from tui.screens.note import NoteScreen
from tui.screens.profile import FileList, ProfileScreen
from tui.screens.profile_editor import ProfileEditor
from tui.screens.project import ProjectScreen
from tui.screens.project_list import ProjectsScreen
from tui.screens.project_longlist import LonglistPane
from tui.screens.project_requirements import RequirementsPane
from tui.screens.project_scores import ScoresPane
from tui.screens.project_trail import TrailPane
from tui.screens.project_weights import WeightsScreen
from tui.screens.run import RunScreen
from tui.screens.save import SaveScreen
from tui.screens.service import ServiceScreen
from tui.screens.text import TextScreen
from tui.screens.tour import TourScreen
from tui.screens.upkeep import UpkeepScreen
from tui.themes import THEMES
from tui.widgets.bar import PLACES, Place
from tui.widgets.chips import Chip
from tui.widgets.filters import FilterList
from tui.widgets.narrow import NarrowList
from tui.widgets.prose import Prose
from tui.widgets.rows import RowList
from tui.widgets.suggest import SuggestingInput
from tui.widgets.tables import TableList
from tui.widgets.ticks import Ticks
from tui.widgets.weights import WeightBars

SCREENS = {
    "home": HomeScreen,
    "browse": BrowseScreen,
    "matches": MatchesScreen,
    "project": ProjectScreen,
    "profile": ProfileScreen,
    "upkeep": UpkeepScreen,
}
WITH_KEYS = (
    *(LonglistApp, *SCREENS.values(), ServiceScreen, HelpScreen, NoteScreen, ExportScreen),
    *(ProfileEditor, NewProfileScreen, SaveScreen, AskScreen, AskLineScreen, TourScreen, RunScreen),
    *(
        FormScreen,
        WeightsScreen,
        TextScreen,
        ProjectsScreen,
        RequirementsPane,
        LonglistPane,
        ScoresPane,
        TrailPane,
    ),
    *(RowList, FilterList, FormatList, FileList, TableList, WeightBars, Chip, SearchBox),
    *(SuggestingInput, Ticks, NarrowList),
)


class TestPlaces:
    @pytest.mark.parametrize("place", PLACES, ids=[place.mode for place in PLACES])
    async def test_each_has_a_digit_and_a_function_key(self, open_app: OpenApp, place: Place) -> None:
        async with open_app() as pilot:
            await press(pilot, "down", place.key)
            assert isinstance(pilot.app.screen, SCREENS[place.mode])
            await press(pilot, "1", place.function)
            assert isinstance(pilot.app.screen, SCREENS[place.mode])

    async def test_function_keys_work_while_typing(self, open_app: OpenApp) -> None:
        async with open_app() as pilot:
            await type_text(pilot, "2")
            assert isinstance(pilot.app.screen, BrowseScreen)
            await press(pilot, "f3")
            assert isinstance(pilot.app.screen, MatchesScreen)

    async def test_a_click_on_its_name_goes_there(self, open_app: OpenApp) -> None:
        async with open_app() as pilot:
            column = seen(pilot).splitlines()[0].index("Project")
            await pilot.click(offset=(column, 0))
            await settle(pilot)
            assert isinstance(pilot.app.screen, ProjectScreen)

    async def test_a_place_is_found_again_as_it_was_left(self, open_app: OpenApp) -> None:
        async with open_app() as pilot:
            await type_text(pilot, "payroll")
            await press(pilot, "down", "3", "1")
            assert "1 service" in seen(pilot)


class TestHelp:
    @pytest.mark.parametrize("digit", [place.key for place in PLACES])
    async def test_every_screen_explains_itself_and_its_keys(self, open_app: OpenApp, digit: str) -> None:
        async with open_app() as pilot:
            await press(pilot, "down", digit)
            about = pilot.app.screen
            assert isinstance(about, LonglistScreen)
            await press(pilot, "f1")
            assert isinstance(pilot.app.screen, HelpScreen)
            assert about.ABOUT.split(".")[0][:40] in seen(pilot)
            assert "Leave Longlist" in seen(pilot)
            await press(pilot, "escape")
            assert pilot.app.screen is about

    @pytest.mark.parametrize("place", PLACES, ids=lambda place: place.mode)
    async def test_its_key_is_in_sight_in_a_small_window(self, open_app: OpenApp, place: Place) -> None:
        async with open_app(size=(60, 24)) as pilot:
            await press(pilot, place.function, "down")
            assert seen(pilot).splitlines()[-1].endswith("f1 Help")

    async def test_a_question_mark_opens_it_outside_a_text_box(self, open_app: OpenApp) -> None:
        async with open_app() as pilot:
            await press(pilot, "down", "question_mark")
            assert isinstance(pilot.app.screen, HelpScreen)

    @pytest.mark.parametrize("place", WITH_KEYS, ids=[place.__name__ for place in WITH_KEYS])
    def test_every_key_has_an_id_and_says_what_it_does(self, place: type) -> None:
        for binding in place.__dict__.get("BINDINGS", ()):
            assert isinstance(binding, Binding)
            assert binding.id, binding
            if binding.action not in ("app.focus_previous", "app.focus_next"):
                assert binding.tooltip, binding

    def test_no_two_keys_have_the_same_id(self) -> None:
        ids = [binding.id for place in WITH_KEYS for binding in place.__dict__.get("BINDINGS", ())]
        assert len(ids) == len(set(ids))


class TestCommands:
    async def test_what_keys_do_is_found_by_name(self, open_app: OpenApp) -> None:
        async with open_app() as pilot:
            await press(pilot, "down")
            titles = {command.title for command in app_of(pilot).get_system_commands(pilot.app.screen)}
            assert {"Mark", "Filters", "Go to Matches", "Colours: light", "Help", "Quit"} <= titles

    async def test_a_command_does_what_its_key_does(self, open_app: OpenApp) -> None:
        async with open_app() as pilot:
            await press(pilot, "down", "ctrl+p")
            assert isinstance(pilot.app.screen, CommandPalette)
            await type_text(pilot, "go to project")
            await press(pilot, "down", "enter")
            assert isinstance(pilot.app.screen, ProjectScreen)


class TestColours:
    @pytest.mark.parametrize("theme", [theme.name for theme in THEMES])
    async def test_every_theme_draws_the_screens(self, open_app: OpenApp, theme: str) -> None:
        async with open_app() as pilot:
            pilot.app.theme = theme
            await press(pilot, "down", "2")
            assert "No profile is chosen" in seen(pilot)

    async def test_a_theme_of_textual_works_too(self, open_app: OpenApp) -> None:
        async with open_app() as pilot:
            pilot.app.theme = "nord"
            await press(pilot, "down", "2")
            assert "No profile is chosen" in seen(pilot)

    async def test_no_color_leaves_greys_only(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("NO_COLOR", "1")
        app = make_app(settings, clock=lambda: NOON)
        async with app.run_test(size=LARGE) as pilot:
            await settle(pilot)
            colours = {
                (colour.triplet.red, colour.triplet.green, colour.triplet.blue)
                for line in drawn(pilot)
                for segment in line.apply_filter(
                    app._filters[-1], app.current_theme and app.background_colors[1]
                )
                if segment.style
                for colour in (segment.style.color, segment.style.bgcolor)
                if colour and colour.triplet
            }
            assert colours
            assert all(red == green == blue for red, green, blue in colours)


class TestSizes:
    @pytest.mark.parametrize("size", [(40, 24), (59, 40), (80, 14), (1, 1)])
    async def test_too_small_a_window_says_how_large_it_must_be(
        self, open_app: OpenApp, size: tuple[int, int]
    ) -> None:
        async with open_app(size) as pilot:
            if size[0] > 20:
                assert "Please make the window at least 60 by 15." in " ".join(seen(pilot).split())
            await press(pilot, "down", "2")
            assert pilot.app.is_running

    @pytest.mark.parametrize("place", "012345")
    async def test_the_smallest_window_shows_every_place(self, open_app: OpenApp, place: str) -> None:
        async with open_app((60, 15)) as pilot:
            await press(pilot, "down", place)
            assert "Please make" not in seen(pilot)
            assert "Browse" in seen(pilot)

    async def test_a_window_made_larger_shows_everything_again(self, open_app: OpenApp) -> None:
        async with open_app((40, 10)) as pilot:
            await pilot.resize_terminal(*LARGE)
            await settle(pilot)
            assert "4 services" in seen(pilot)
            assert "Preview" in seen(pilot)

    async def test_a_screen_behind_another_fits_when_it_comes_back(self, open_app: OpenApp) -> None:
        async with open_app(LARGE) as pilot:
            await pilot.app.push_screen(ServiceScreen(FORMS.id))
            await settle(pilot)
            await pilot.resize_terminal(*SMALL)
            await press(pilot, "escape")
            assert "Preview" not in seen(pilot)
            assert "Services" in seen(pilot)


class TestWithoutCatalogue:
    async def test_a_missing_file_says_what_to_do(self, open_app: OpenApp, tmp_path: Path) -> None:
        async with open_app(settings=Settings(db=tmp_path / "none.db")) as pilot:
            assert isinstance(pilot.app.screen, HomeScreen)
            for command in ("longlist demo", "longlist scrape", "longlist import"):
                assert command in seen(pilot)

    async def test_an_empty_catalogue_says_what_to_do(
        self, open_app: OpenApp, fill: Callable[..., Path]
    ) -> None:
        async with open_app(settings=Settings(db=fill())) as pilot:
            assert "longlist import" in seen(pilot)

    async def test_a_file_of_another_kind_is_told(self, open_app: OpenApp, tmp_path: Path) -> None:
        path = tmp_path / "notes.db"
        path.write_text("these are my notes", encoding="utf-8")
        async with open_app(settings=Settings(db=path)) as pilot:
            assert isinstance(pilot.app.screen, HomeScreen)
            assert "not a catalogue" in pilot.app.screen.query_one(Prose).plain
            assert path.read_text(encoding="utf-8") == "these are my notes"

    async def test_looking_again_finds_a_catalogue_made_meanwhile(
        self, open_app: OpenApp, tmp_path: Path
    ) -> None:
        path = tmp_path / "late.db"
        async with open_app(settings=Settings(db=path)) as pilot:
            build_sample(path, at=NOON)
            await press(pilot, "r", "enter")
            assert isinstance(pilot.app.screen, BrowseScreen)
            assert "services" in seen(pilot).splitlines()[3]


class TestSample:
    async def test_fictional_data_is_marked_on_every_screen(self, open_app: OpenApp, tmp_path: Path) -> None:
        path = tmp_path / "sample.db"
        build_sample(path, at=NOON)
        async with open_app(SMALL, settings=Settings(db=path)) as pilot:
            for digit in "012345":
                await press(pilot, "down", digit)
                assert "Fictional sample data" in seen(pilot).splitlines()[0]

    async def test_real_data_is_not(self, open_app: OpenApp) -> None:
        async with open_app(SMALL) as pilot:
            assert "Fictional" not in seen(pilot)


class TestPartOfAPass:
    async def test_the_first_page_says_that_services_may_be_missing(
        self, open_app: OpenApp, settings: Settings
    ) -> None:
        with open_catalogue(settings.db) as catalogue, catalogue.atomic() as db:
            db.conn.execute(
                "INSERT INTO run (source, base_url, scope, ids, outcome, started, counts, published, tally)"
                " VALUES ('marketplace', 'x', 'all', '', 'stopped', '2026-11-23T03:10:00Z',"
                """ '{"answered": 1, "wanted": 3}', 'partial', '{"pages": 1}')"""
            )
        async with open_app(SMALL) as pilot:
            await press(pilot, "f9")
            assert "A part of a pass" in seen(pilot)
            assert "1 of 3" in seen(pilot)


class TestLeaving:
    @pytest.mark.parametrize("key", ["ctrl+q", "ctrl+c"])
    async def test_both_keys_leave_even_while_typing(self, open_app: OpenApp, key: str) -> None:
        async with open_app() as pilot:
            await pilot.press("a", key)
            await pilot.pause()
            assert not pilot.app.is_running or pilot.app._exit
            assert pilot.app.return_code == 0


class TestLooks:
    async def test_no_catalogue(
        self, open_app: OpenApp, screen: SnapshotAssertion, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with open_app(SMALL, settings=Settings(db=Path("none.db"))) as pilot:
            assert seen(pilot) == screen

    async def test_help(self, open_app: OpenApp, screen: SnapshotAssertion) -> None:
        async with open_app(SMALL) as pilot:
            await press(pilot, "down", "f1")
            assert seen(pilot) == screen
