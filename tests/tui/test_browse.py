"""Searching, filtering and looking around in the browse screen."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from textual.pilot import Pilot
from textual.widgets import Input

from catalogue.errors import CatalogueError
from catalogue.model import SearchPage, SearchQuery
from catalogue.records import ServiceRecord
from db.catalogue import Catalogue
from tests.interface import LARGE, SMALL, drawn, press, seen, service, settle, type_text
from tests.tui.conftest import OpenApp
from tui.commands.edge import Settings
from tui.screens.browse import BrowseScreen
from tui.screens.service import ServiceScreen
from tui.widgets.chips import Chip
from tui.widgets.filters import FilterList
from tui.widgets.prose import Prose
from tui.widgets.said import advice_for
from tui.widgets.services import WINDOW, ServiceList


class TestSearch:
    async def test_the_whole_catalogue_is_listed_to_begin_with(self, open_app: OpenApp) -> None:
        async with open_app() as pilot:
            assert "4 services" in seen(pilot)
            assert "Sandbar Payroll" in seen(pilot)

    async def test_results_follow_what_is_typed_without_enter(self, open_app: OpenApp) -> None:
        async with open_app() as pilot:
            await type_text(pilot, "payroll")
            assert "1 service" in seen(pilot)
            assert "Sandbar Payroll" in seen(pilot)
            assert "Groyne Hosting" not in seen(pilot)

    async def test_a_typing_error_is_forgiven_and_said(self, open_app: OpenApp) -> None:
        async with open_app() as pilot:
            await type_text(pilot, "connectr")
            assert "Assumed you meant connector for connectr" in seen(pilot)
            assert "Tidewater Forms" in seen(pilot)

    @pytest.mark.parametrize("size", [(80, 24), (120, 40)])
    async def test_nothing_found_says_what_to_do(self, open_app: OpenApp, size: tuple[int, int]) -> None:
        async with open_app(size=size) as pilot:
            await type_text(pilot, "zzzzqqqq")
            assert "0 services" in seen(pilot)
            assert "No service has any of these words" in seen(pilot)

    def test_an_empty_catalogue_is_not_searched_with_other_words(self) -> None:
        advice = advice_for(SearchQuery(text="payroll"), SearchPage(0, (), holds_any=False))
        assert advice.startswith("The catalogue is empty.")

    async def test_escape_goes_back_to_the_box_and_then_empties_it(self, open_app: OpenApp) -> None:
        async with open_app() as pilot:
            await type_text(pilot, "payroll")
            await press(pilot, "down")
            assert isinstance(pilot.app.focused, ServiceList)
            await press(pilot, "escape", "escape")
            assert pilot.app.screen.query_one("#search", Input).value == ""
            assert "4 services" in seen(pilot)

    async def test_an_answer_that_comes_late_does_not_replace_a_newer_one(
        self, open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        import tui.screens.browse as browse  # noqa: PLC0415  patched below

        asked: list[str] = []
        genuine = browse.search

        def noted(catalogue: Catalogue, query: SearchQuery, *, limit: int, offset: int = 0) -> SearchPage:
            asked.append(query.text)
            return genuine(catalogue, query, limit=limit, offset=offset)

        monkeypatch.setattr(browse, "search", noted)
        async with open_app() as pilot:
            await pilot.press(*"payroll")
            await settle(pilot)
            assert asked[-1] == "payroll"
            assert "1 service" in seen(pilot)

    async def test_an_error_is_a_message_and_the_screen_stays(
        self, open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(*_: object, **__: object) -> SearchPage:
            raise CatalogueError("the catalogue is away; try again")

        async with open_app() as pilot:
            monkeypatch.setattr("tui.screens.browse.search", broken)
            await type_text(pilot, "x")
            assert "the catalogue is away; try again" in seen(pilot)
            assert pilot.app.is_running


class TestWaiting:
    async def test_a_slow_search_is_told_and_escape_stops_it(
        self, open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        released = threading.Event()

        def slow(*_: object, **__: object) -> SearchPage:
            released.wait(timeout=20)
            return SearchPage(0, ())

        monkeypatch.setattr("tui.screens.patience.PATIENCE", 0.001)
        async with open_app() as pilot:
            monkeypatch.setattr("tui.screens.browse.search", slow)
            await pilot.press("x")
            async with asyncio.timeout(20):
                while "Searching…" not in seen(pilot):
                    await pilot.pause()
            await pilot.press("escape")
            await pilot.pause()
            assert "Stopped" in seen(pilot)
            released.set()
            await settle(pilot)
            assert "0 services" not in seen(pilot)

    async def test_keys_work_while_a_search_is_under_way(
        self, open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        released = threading.Event()

        def slow(*_: object, **__: object) -> SearchPage:
            released.wait(timeout=20)
            return SearchPage(0, ())

        async with open_app() as pilot:
            monkeypatch.setattr("tui.screens.browse.search", slow)
            await pilot.press("x", "f3")
            await pilot.pause()
            assert "No profile is chosen" in seen(pilot)
            released.set()
            await settle(pilot)


class TestWindows:
    @pytest.fixture
    def many(self, fill: Callable[..., Path], here: Path) -> Settings:
        def made() -> list[ServiceRecord]:
            return [service(f"{number:06}", f"Breakwater {number:06}") for number in range(WINDOW * 3)]

        return Settings(db=fill(*made()))

    async def test_only_one_window_is_loaded_at_first(self, open_app: OpenApp, many: Settings) -> None:
        async with open_app(settings=many) as pilot:
            results = pilot.app.screen.query_one(ServiceList)
            assert results.total == WINDOW * 3
            assert results.loaded == WINDOW

    async def test_the_last_row_is_shown_without_loading_what_lies_between(
        self, open_app: OpenApp, many: Settings
    ) -> None:
        async with open_app(settings=many) as pilot:
            results = pilot.app.screen.query_one(ServiceList)
            await press(pilot, "down", "end")
            assert results.current is not None
            assert results.current.name in seen(pilot)
            assert results.loaded == WINDOW * 2

    async def test_scrolling_on_loads_the_next_window(self, open_app: OpenApp, many: Settings) -> None:
        async with open_app(settings=many) as pilot:
            results = pilot.app.screen.query_one(ServiceList)
            await press(pilot, "down")
            results.cursor = WINDOW + 5
            await settle(pilot)
            assert results.current is not None
            assert results.loaded == WINDOW * 2


class TestFilters:
    async def test_values_show_how_many_results_they_have(self, open_app: OpenApp) -> None:
        async with open_app() as pilot:
            lines = [line for line in seen(pilot).splitlines() if "Software as a" in line]
            assert any(" 3 " in line for line in lines)

    async def test_a_filter_narrows_and_its_chip_removes_it(self, open_app: OpenApp) -> None:
        async with open_app() as pilot:
            await press(pilot, "down", "f", "down", "space")
            assert "3 services" in seen(pilot)
            assert "Lot: Software as a Service (SaaS) ✕" in seen(pilot)
            pilot.app.screen.query_one(Chip).focus()
            await press(pilot, "enter")
            assert "4 services" in seen(pilot)
            assert not pilot.app.screen.query(Chip)

    async def test_each_of_two_filters_goes_by_itself(self, open_app: OpenApp) -> None:
        async with open_app() as pilot:
            screen = pilot.app.screen
            assert isinstance(screen, BrowseScreen)
            await press(pilot, "down", "f", "down", "space", "down", "space")
            assert len(screen.query(Chip)) == 2
            await pilot.click(Chip)
            await settle(pilot)
            assert [list(values) for values in screen.narrowing.chosen.values() if values] == [
                ["iaas-and-paas"]
            ]

    async def test_x_removes_every_filter(self, open_app: OpenApp) -> None:
        async with open_app() as pilot:
            await press(pilot, "down", "f", "down", "space", "down", "space", "x")
            assert not pilot.app.screen.query(Chip)
            assert "4 services" in seen(pilot)

    async def test_counts_follow_the_search(self, open_app: OpenApp) -> None:
        async with open_app() as pilot:
            await type_text(pilot, "payroll")
            lines = [line for line in seen(pilot).splitlines() if "Software as a" in line]
            assert any(" 1 " in line for line in lines)

    async def test_a_group_folds(self, open_app: OpenApp) -> None:
        async with open_app() as pilot:
            await press(pilot, "down", "f", "enter")
            assert "▸ Lot" in seen(pilot)
            assert "☐ Software" not in seen(pilot)


class TestTree:
    async def test_the_cursor_stays_on_its_value_when_counts_change(self, open_app: OpenApp) -> None:
        async with open_app() as pilot:
            await press(pilot, "down", "f")
            filters = pilot.app.screen.query_one(FilterList)
            filters.go_to_group("suppliers")
            await press(pilot, "down", "space")
            assert len(pilot.app.screen.query(Chip)) == 1
            await press(pilot, "space")
            assert not pilot.app.screen.query(Chip)

    async def test_levels_of_categories_open_and_close_by_key(self, open_app: OpenApp) -> None:
        async with open_app() as pilot:
            await press(pilot, "down", "f")
            filters = pilot.app.screen.query_one(FilterList)
            filters.go_to_group("categories")
            assert "☐ Customer" not in seen(pilot)
            await press(pilot, "right", "down", "right", "down")
            assert "☐ Customer sel" in seen(pilot)
            await press(pilot, "space")
            assert "Category: Customer self-service ✕" in seen(pilot)
            assert "1 service" in seen(pilot)
            await press(pilot, "left", "left")
            assert "☑ Customer sel" not in seen(pilot)

    async def test_a_click_on_the_arrow_opens_a_level_and_elsewhere_ticks_it(self, open_app: OpenApp) -> None:
        async with open_app() as pilot:
            await press(pilot, "down", "f")
            filters = pilot.app.screen.query_one(FilterList)
            filters.go_to_group("prices")
            await settle(pilot)
            line = filters.cursor - filters.scroll_offset.y + 1
            await pilot.click(FilterList, offset=(2, line))
            await settle(pilot)
            assert "£1 up to £5" in seen(pilot)
            assert not pilot.app.screen.query(Chip)
            await pilot.click(FilterList, offset=(9, line + 1))
            await settle(pilot)
            assert "Price: a user a month, £1 up to £5 ✕" in seen(pilot)
            assert "3 services" in seen(pilot)

    async def test_a_level_takes_the_place_of_the_one_it_is_in(self, open_app: OpenApp) -> None:
        async with open_app() as pilot:
            await press(pilot, "down", "f")
            pilot.app.screen.query_one(FilterList).go_to_group("prices")
            await press(pilot, "space", "right", "down", "space")
            assert len(pilot.app.screen.query(Chip)) == 1


class TestAnswers:
    async def test_a_question_is_found_by_typing_and_its_options_are_filters_with_counts(
        self, open_app: OpenApp
    ) -> None:
        async with open_app() as pilot:
            await press(pilot, "down", "a")
            assert "Answer to which question?" in seen(pilot)
            await type_text(pilot, "api")
            await press(pilot, "enter")
            lines = [" ".join(line.split()) for line in seen(pilot).splitlines()]
            assert any("☐ Yes 1" in line for line in lines)
            assert any("☐ No option ticked 2" in line for line in lines)
            await press(pilot, "space")
            assert "API: Yes ✕" in seen(pilot)
            assert "1 service" in seen(pilot)
            assert any("☐ No 1" in " ".join(line.split()) for line in seen(pilot).splitlines())

    async def test_leaving_the_choice_changes_nothing(self, open_app: OpenApp) -> None:
        async with open_app() as pilot:
            await press(pilot, "down", "a", "escape")
            assert isinstance(pilot.app.screen, BrowseScreen)
            assert not pilot.app.screen.narrowing.questions

    async def test_one_of_many_suppliers_is_found_by_typing(
        self, open_app: OpenApp, fill: Callable[..., Path], here: Path
    ) -> None:
        made = [service(f"{number:03}", f"Thing {number}", f"Supplier {number} Ltd") for number in range(20)]
        async with open_app(settings=Settings(db=fill(*made))) as pilot:
            await press(pilot, "down", "f", "end", "up")
            assert "12 more …" in seen(pilot)
            await press(pilot, "enter")
            await type_text(pilot, "17")
            await press(pilot, "enter")
            assert "Supplier: Supplier 17 Ltd ✕" in seen(pilot)
            assert "Thing 17" in seen(pilot)


class TestRemoving:
    async def test_backspace_removes_the_filter_that_was_set_last(self, open_app: OpenApp) -> None:
        async with open_app() as pilot:
            await press(pilot, "down", "f", "down", "space", "down", "space", "f", "backspace")
            assert len(pilot.app.screen.query(Chip)) == 1
            await press(pilot, "backspace")
            assert not pilot.app.screen.query(Chip)


class TestOrders:
    async def test_s_goes_through_the_orders_and_says_which(self, open_app: OpenApp) -> None:
        async with open_app() as pilot:
            await press(pilot, "down", "s")
            assert "Services · by name" in seen(pilot)
            results = pilot.app.screen.query_one(ServiceList)
            names = [hit.name for row in range(4) if (hit := results.row(row))]
            assert names == sorted(names, key=str.lower)
            await press(pilot, "s", "s", "s", "s")
            assert "Services ·" not in seen(pilot)

    async def test_a_click_on_a_heading_orders_by_it_and_a_second_one_as_before(
        self, open_app: OpenApp
    ) -> None:
        async with open_app((200, 40)) as pilot:
            width = pilot.app.screen.query_one(ServiceList).body_width
            await pilot.click(ServiceList, offset=(width - 4, 0))
            await settle(pilot)
            assert "lowest price first" in seen(pilot)
            await pilot.click(ServiceList, offset=(width - 4, 0))
            await settle(pilot)
            assert "lowest price first" not in seen(pilot)


class TestColumns:
    async def test_columns_are_chosen_and_found_again_in_the_next_sitting(
        self, open_app: OpenApp, tmp_path: Path
    ) -> None:
        state = tmp_path / "state.json"
        state.write_text('{"toured": true}', "utf-8")
        async with open_app((200, 40), state=state) as pilot:
            assert "First seen" not in seen(pilot)
            await press(pilot, "down", "v", "end", "space", "enter")
            assert "First seen" in seen(pilot)
            assert "2026-11-23" in seen(pilot)
        async with open_app((200, 40), state=state) as pilot:
            assert "First seen" in seen(pilot)

    async def test_filters_and_order_are_found_again_too(self, open_app: OpenApp, tmp_path: Path) -> None:
        state = tmp_path / "state.json"
        state.write_text('{"toured": true}', "utf-8")
        async with open_app(state=state) as pilot:
            await press(pilot, "down", "s", "a")
            await type_text(pilot, "api")
            await press(pilot, "enter", "space", "ctrl+q")
        async with open_app(state=state) as pilot:
            assert "API: Yes ✕" in seen(pilot)
            assert "Services · by name" in seen(pilot)
            assert "1 service" in seen(pilot)


class TestWhy:
    def preview(self, pilot: Pilot[None]) -> str:
        return pilot.app.screen.query_one("#preview-text", Prose).plain

    async def test_the_field_that_has_the_words_is_named(self, open_app: OpenApp) -> None:
        async with open_app() as pilot:
            await type_text(pilot, "christmas")
            reason = "Why it was found\nIn its answer to “Service constraints”\n  Closed on Christmas Day"
            assert reason in self.preview(pilot)

    async def test_a_word_that_was_read_as_another_is_told(self, open_app: OpenApp) -> None:
        async with open_app() as pilot:
            await type_text(pilot, "connectr")
            assert "In its features\n  Certified connector for NEC" in self.preview(pilot)
            assert "“connectr” was read as “connector”" in self.preview(pilot)

    async def test_a_word_that_the_listing_lacks_is_told(self, open_app: OpenApp) -> None:
        async with open_app() as pilot:
            await type_text(pilot, "payroll designer")
            assert "Not in this listing: " in self.preview(pilot)

    async def test_nothing_typed_needs_no_reason(self, open_app: OpenApp) -> None:
        async with open_app() as pilot:
            assert "Why it was found" not in self.preview(pilot)


class TestPreview:
    async def test_the_service_under_the_cursor_is_shown_beside_the_list(self, open_app: OpenApp) -> None:
        async with open_app() as pilot:
            await type_text(pilot, "connector")
            assert "Certified connector for NEC Revenues" in seen(pilot)

    async def test_words_that_were_searched_are_underlined_in_the_text(self, open_app: OpenApp) -> None:
        async with open_app() as pilot:
            await type_text(pilot, "payroll")
            strips = drawn(pilot)
            underlined = [
                segment.text
                for strip in strips
                for segment in strip
                if segment.style and segment.style.underline
            ]
            assert "Payroll" in underlined

    async def test_in_a_small_window_it_takes_the_place_of_the_list_and_gives_it_back(
        self, open_app: OpenApp
    ) -> None:
        async with open_app(SMALL) as pilot:
            await type_text(pilot, "connector")
            assert "Drag and drop designer" not in seen(pilot)
            await press(pilot, "down", "p")
            assert "Drag and drop designer" in seen(pilot)
            await press(pilot, "p")
            assert "Drag and drop designer" not in seen(pilot)
            assert isinstance(pilot.app.focused, ServiceList)


class TestOpening:
    async def test_enter_opens_the_service_and_escape_comes_back(self, open_app: OpenApp) -> None:
        async with open_app() as pilot:
            await type_text(pilot, "payroll")
            await press(pilot, "enter", "enter")
            assert isinstance(pilot.app.screen, ServiceScreen)
            await press(pilot, "escape")
            assert isinstance(pilot.app.screen, BrowseScreen)

    async def test_a_double_click_opens_the_service(self, open_app: OpenApp) -> None:
        async with open_app() as pilot:
            await pilot.double_click(ServiceList, offset=(10, 1))
            await settle(pilot)
            assert isinstance(pilot.app.screen, ServiceScreen)


class TestLooks:
    @pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
    async def test_a_search(
        self, open_app: OpenApp, screen: SnapshotAssertion, size: tuple[int, int]
    ) -> None:
        async with open_app(size) as pilot:
            await type_text(pilot, "council forms")
            await press(pilot, "down")
            assert seen(pilot) == screen

    @pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
    async def test_choosing_a_question(
        self, open_app: OpenApp, screen: SnapshotAssertion, size: tuple[int, int]
    ) -> None:
        async with open_app(size) as pilot:
            await press(pilot, "down", "a")
            assert seen(pilot) == screen

    async def test_choosing_columns(self, open_app: OpenApp, screen: SnapshotAssertion) -> None:
        async with open_app(SMALL) as pilot:
            await press(pilot, "down", "v")
            assert seen(pilot) == screen

    async def test_filters_in_a_small_window(self, open_app: OpenApp, screen: SnapshotAssertion) -> None:
        async with open_app(SMALL) as pilot:
            await press(pilot, "down", "f", "down", "space")
            assert seen(pilot) == screen
