"""A supplier's text is data: nothing in it styles, hides, runs or reaches the terminal as a command."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.pilot import Pilot

from tests.interface import HOSTILE, LARGE, SMALL, drawn, press, seen, settle
from tests.tui.conftest import OpenApp
from tui.commands.edge import Settings
from tui.screens.service import ServiceScreen
from tui.widgets.plain import fitted, one_line, right, shown


@pytest.fixture
def hostile(fill: Callable[..., Path], here: Path) -> Settings:
    """A catalogue with nothing but a hostile listing."""
    return Settings(db=fill(HOSTILE))


def controls(pilot: Pilot[None]) -> set[str]:
    """Characters on the screen that a terminal would obey."""
    text = "".join(segment.text for line in drawn(pilot) for segment in line)
    return {character for character in text if not character.isprintable()}


class TestHostileText:
    @pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
    async def test_a_list_shows_markup_as_it_is_written(
        self, open_app: OpenApp, hostile: Settings, size: tuple[int, int]
    ) -> None:
        async with open_app(size, settings=hostile) as pilot:
            assert "[bold red]Free[/] <b>forms</b>" in seen(pilot)
            assert controls(pilot) == set()

    @pytest.mark.parametrize("key", ["s", "a", "p", "v", "h", "w", "c"])
    async def test_a_service_shows_markup_as_it_is_written(
        self, open_app: OpenApp, hostile: Settings, key: str
    ) -> None:
        async with open_app(settings=hostile) as pilot:
            await pilot.app.push_screen(ServiceScreen(HOSTILE.id))
            await settle(pilot)
            await press(pilot, key)
            assert "[bold red]Free[/] <b>forms</b>" in seen(pilot)
            assert controls(pilot) == set()

    async def test_answers_show_markup_as_it_is_written(self, open_app: OpenApp, hostile: Settings) -> None:
        async with open_app(settings=hostile) as pilot:
            await pilot.app.push_screen(ServiceScreen(HOSTILE.id))
            await settle(pilot)
            await press(pilot, "a")
            for text in ("[red]Section", "[b]Question", "[i]Answer[/i]"):
                assert text in seen(pilot)

    async def test_filters_chips_and_messages_show_markup_as_it_is_written(
        self, open_app: OpenApp, hostile: Settings
    ) -> None:
        async with open_app(size=(160, 40), settings=hostile) as pilot:
            await press(pilot, "down", "f", "end", "up", "space")
            assert "Supplier: [link=https://evil.example]Click[/link] Ltd ✕" in seen(pilot)
            await press(pilot, "f", "m")
            assert "On the shortlist: [bold red]Free[/] <b>forms</b>" in seen(pilot)
            await press(pilot, "3", "n")
            assert "Note: [bold red]Free[/] <b>forms</b>" in seen(pilot)
            assert controls(pilot) == set()

    async def test_a_click_in_the_text_does_nothing(self, open_app: OpenApp, hostile: Settings) -> None:
        async with open_app(settings=hostile) as pilot:
            rows = seen(pilot).splitlines()
            row = next(at for at, line in enumerate(rows) if "@click=app.quit" in line)
            column = rows[row].index("quit]quit") + 5
            await pilot.click(offset=(column, row))
            await settle(pilot)
            assert pilot.app.is_running
            assert not any(
                segment.style.link or "@click" in segment.style.meta
                for line in drawn(pilot)
                for segment in line
                if segment.style and "quit" in segment.text
            )


class TestPlainText:
    @given(st.text())
    def test_one_line_holds_nothing_that_a_terminal_obeys(self, text: str) -> None:
        line = one_line(text)
        assert "\n" not in line
        assert not any(ord(character) < 32 or 127 <= ord(character) < 160 for character in line)

    @given(st.text())
    def test_shown_text_keeps_line_feeds_and_no_other_control(self, text: str) -> None:
        codes = {ord(character) for character in shown(text)} - {ord("\n")}
        assert not codes & {*range(32), *range(127, 160)}

    @given(st.text(), st.integers(min_value=1, max_value=60))
    def test_fitted_text_takes_exactly_its_width(self, text: str, width: int) -> None:
        assert cell_len(fitted(text, width)) == width

    @given(st.integers(min_value=0), st.integers(min_value=1, max_value=12))
    def test_numbers_end_at_the_right(self, number: int, width: int) -> None:
        assert cell_len(right(str(number), width)) == width
