"""The line at the top of every screen: where one is, and on which catalogue."""

from __future__ import annotations

from typing import NamedTuple

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from tui.widgets.plain import fitted, one_line, right


class Place(NamedTuple):
    """A screen to go to: the mode, its key, the key that works while typing too, and its name."""

    mode: str
    key: str
    function: str
    name: str


PLACES = (
    Place("home", "0", "f9", "Home"),
    Place("browse", "1", "f2", "Browse"),
    Place("matches", "2", "f3", "Matches"),
    Place("project", "3", "f4", "Project"),
    Place("profile", "4", "f5", "Profile"),
    Place("upkeep", "5", "f6", "Upkeep"),
)
#: A part of the state that is cut short keeps so many cells, or goes.
_LEAST = 8


#: Stands beside services that are chosen to be compared.
COMPARED = "⇆"


class _PlaceName(Static):
    """The name of a screen; a click goes there."""

    def __init__(self, place: Place, *, current: bool) -> None:
        label = Content.assemble((place.key, "bold"), " ", place.name)
        super().__init__(label, markup=False, classes="-current" if current else "")
        self.place = place

    async def on_click(self) -> None:
        """Go there."""
        await self.run_action(f"app.go('{self.place.mode}')")


class _State(Widget):
    """What is open, as much of it as fits; the warning that data is fictional goes first."""

    def __init__(self) -> None:
        super().__init__(id="bar-state")
        self._parts: list[tuple[str, str]] = []
        self._waiting = ""

    def wait_for(self, what: str) -> None:
        """Say what is waited for, in the place of everything else; ``""`` for nothing."""
        self._waiting = what
        self.refresh()

    def show(self, parts: list[tuple[str, str]]) -> None:
        """Show these (text, style), the most important last."""
        self._parts = parts
        self.refresh()

    def render(self) -> Content:
        """The parts that fit, from the last back."""
        if self._waiting:
            return Content.styled(right(self._waiting, self.size.width), "bold $text-accent")
        fitting: list[tuple[str, str]] = []
        room = self.size.width
        for text, style in reversed(self._parts):
            room -= 2 if fitting else 0
            needed = cell_len(text)
            if needed > room and room < _LEAST:
                break
            fitting.insert(0, (fitted(text, min(room, needed)), style))
            room -= needed
            if room < 0:
                break
        return Content("  ").join([Content.styled(text, style) for text, style in fitting])


class TopBar(Horizontal):
    """Name, places and what is open."""

    DEFAULT_CSS = """
    TopBar {
        height: 1;
        background: $panel;
        & #bar-name { width: auto; padding: 0 1; text-style: bold; color: $text-accent; }
        & _PlaceName { width: auto; padding: 0 1; color: $muted; }
        & _PlaceName:hover { text-style: underline; }
        & _PlaceName.-current { color: $text; text-style: bold reverse; }
        & #bar-state { width: 1fr; height: 1; text-align: right; padding: 0 1; color: $muted; }
    }
    """

    def __init__(self, mode: str) -> None:
        super().__init__()
        self._mode = mode
        #: Held, as a worker may still have something to say while the screen is taken down.
        self._state = _State()

    def compose(self) -> ComposeResult:
        """The line."""
        yield Static("Longlist", id="bar-name", markup=False)
        for place in PLACES:
            yield _PlaceName(place, current=place.mode == self._mode)
        yield self._state

    def wait_for(self, what: str) -> None:
        """Say what is waited for; ``""`` for nothing."""
        self._state.wait_for(what)

    def show(self, *, profile: str | None, marked: int, chosen: int, fictional: bool) -> None:
        """Say what is open."""
        parts: list[tuple[str, str]] = []
        if profile:
            parts.append((one_line(profile), "$muted"))
        if chosen:
            parts.append((f"{COMPARED} {chosen}", "bold $text-accent"))
        if marked:
            parts.append((f"★ {marked}", "bold $text-accent"))
        if fictional:
            parts.append(("Fictional sample data", "bold $text-warning"))
        self._state.show(parts)
