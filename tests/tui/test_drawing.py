"""Long texts and the line of keys, which are drawn line by line."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Offset
from textual.pilot import Pilot
from textual.selection import Selection

from catalogue.quality import KINDS, Flag
from tests.interface import LARGE, SMALL, app_of, press, seen, settle
from tests.tui.conftest import OpenApp
from tui.screens.browse import BrowseScreen
from tui.screens.help import HelpScreen
from tui.screens.matches import MatchesScreen
from tui.screens.upkeep import UpkeepScreen
from tui.widgets.checks import care_sentence
from tui.widgets.keys import KeysLine
from tui.widgets.prose import Block, Part, Prose, bullet


class Reader(App[None]):
    """A text in a box that it does not fit in."""

    CSS = "VerticalScroll { width: 24; height: 5; }"

    def __init__(self, parts: Sequence[Part]) -> None:
        super().__init__()
        self._parts = parts

    def compose(self) -> ComposeResult:
        """The box."""
        with VerticalScroll():
            yield Prose(self._parts)


PARTS: tuple[Part, ...] = (
    "One short line",
    bullet(Content("a point that is longer than the box is wide, and so is wrapped")),
    "",
    Block(Content("two\nlines"), Content("1. ")),
    Content.styled("averyveryverylongwordthatfitsnoline", "bold"),
)


class TestText:
    async def test_every_line_is_the_one_that_the_whole_text_has_there(self) -> None:
        async with Reader(PARTS).run_test(size=(40, 10)) as pilot:
            text = pilot.app.query_one(Prose)
            whole = text.render().plain.split("\n")
            assert text.size.height == len(whole) > 5
            assert [text.render_line(y).text.rstrip() for y in range(len(whole))] == [
                line.rstrip() for line in whole
            ]
            assert not text.render_line(len(whole)).text.strip()

    @pytest.mark.parametrize("count", [1, 3, 40])
    async def test_another_text_is_as_high_as_it_needs_to_be(self, count: int) -> None:
        async with Reader(PARTS).run_test(size=(40, 10)) as pilot:
            text = pilot.app.query_one(Prose)
            text.update(["line"] * count)
            await pilot.pause()
            assert text.size.height == count
            assert text.render_line(count - 1).text.strip() == "line"

    async def test_it_is_wrapped_anew_where_the_box_is_another(self) -> None:
        async with Reader(PARTS).run_test(size=(40, 10)) as pilot:
            text, before = pilot.app.query_one(Prose), pilot.app.query_one(Prose).size.height
            pilot.app.query_one(VerticalScroll).styles.width = 12
            await pilot.pause()
            assert text.size.height > before
            assert max(text.render_line(y).cell_length for y in range(text.size.height)) <= 12

    async def test_what_is_selected_is_marked_and_can_be_copied(self) -> None:
        async with Reader(PARTS).run_test(size=(40, 10)) as pilot:
            text = pilot.app.query_one(Prose)
            plain = {segment.style for segment in text.render_line(0)}
            selection = Selection(Offset(4, 0), Offset(7, 1))
            pilot.app.screen.selections = {text: selection}
            marked = {segment.text for segment in text.render_line(0) if segment.style not in plain}
            assert "short line" in marked
            assert text.get_selection(selection) == ("short line\n• a poi", "\n")


class TestKeys:
    async def test_help_stays_in_sight_where_keys_do_not_fit(self, open_app: OpenApp) -> None:
        async with open_app(SMALL) as pilot:
            await press(pilot, "down")
            line = seen(pilot).splitlines()[-1]
            assert line.endswith("▏ f1 Help")
            assert "Menu" not in line
            keys = pilot.app.screen.query_one(KeysLine)
            for _ in range(20):
                keys.post_message(_turn(keys))
            await settle(pilot)
            assert "^p Menu" in seen(pilot).splitlines()[-1]
            assert seen(pilot).splitlines()[-1].endswith("▏ f1 Help")

    async def test_a_click_does_what_the_key_does(self, open_app: OpenApp) -> None:
        async with open_app(LARGE) as pilot:
            await press(pilot, "down")
            await _click(pilot, "f Filters")
            screen = pilot.app.screen
            assert isinstance(screen, BrowseScreen)
            assert screen.focused is screen.filters
            await _click(pilot, "f1 Help")
            assert isinstance(pilot.app.screen, HelpScreen)

    async def test_the_pointer_on_a_key_tells_what_it_is_for(self, open_app: OpenApp) -> None:
        async with open_app(LARGE) as pilot:
            await press(pilot, "down")
            keys = pilot.app.screen.query_one(KeysLine)
            await pilot.hover(keys, offset=(seen(pilot).splitlines()[-1].index("Columns"), 0))
            assert keys.tooltip == "Choose the columns of the list"

    async def test_it_follows_what_can_be_done(self, open_app: OpenApp) -> None:
        async with open_app(LARGE) as pilot:
            await press(pilot, "down")
            assert "No filters" not in seen(pilot).splitlines()[-1]
            screen = pilot.app.screen
            assert isinstance(screen, BrowseScreen)
            await screen.toggle("lots", "saas", "Software")
            await settle(pilot)
            assert "No filters" in seen(pilot).splitlines()[-1]
            assert app_of(pilot).screen is screen


async def test_places_are_shown_without_reading_every_style_sheet_again(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.app._SOON", 0.01)
    async with open_app() as pilot:
        styles = pilot.app.stylesheet
        (sheet,) = UpkeepScreen().css_path
        for _ in range(100):
            if styles.has_source(str(sheet)):
                break
            await pilot.pause(0.02)
        read: list[str] = []
        monkeypatch.setattr(styles, "reparse", lambda: read.append("again"))
        await press(pilot, "f9", "f4", "f5", "f6", "f3")
        assert read == []
        assert isinstance(pilot.app.screen, MatchesScreen)


def _turn(keys: KeysLine) -> events.MouseScrollDown:
    """A turn of the wheel above the keys."""
    return events.MouseScrollDown(
        keys, x=3, y=0, delta_x=0, delta_y=1, button=0, shift=False, meta=False, ctrl=False
    )


async def _click(pilot: Pilot[None], text: str) -> None:
    """Click on a text in the line of keys."""
    keys = pilot.app.screen.query_one(KeysLine)
    await pilot.click(keys, offset=(seen(pilot).splitlines()[-1].index(text), 0))
    await settle(pilot)


def test_why_a_listing_is_to_be_read_with_care_is_a_sentence() -> None:
    assert care_sentence([Flag("unknown", "…")]) == "It leaves answers unknown: 1 flag below."
    every = care_sentence([Flag(kind, "…") for kind in (*KINDS, "unknown")])
    assert every.startswith("It contradicts itself, its price is odd, it lists words")
    assert every.endswith("it says little and it leaves answers unknown: 8 flags below.")
