"""The full-screen interface: one application, six places to go to, and what all of them share."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import msgspec
from textual import events, work
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.signal import Signal

from catalogue.errors import CatalogueError, LonglistError, ProfileError
from catalogue.records import ServiceRecord
from tui import comparing, errands, faults
from tui.background import Background
from tui.commands.edge import Settings
from tui.commands.paths import remembered_in
from tui.faults import Steady
from tui.memory import Memory, Place, kept, recall, remember, resumed
from tui.palette import every_command, help_of
from tui.projects import PROJECT
from tui.sample import Sample
from tui.screens.acting import named
from tui.screens.base import LonglistScreen
from tui.screens.browse import BrowseScreen
from tui.screens.home import HomeScreen
from tui.screens.matches import MatchesScreen
from tui.screens.profile import ProfileScreen
from tui.screens.project import ProjectScreen
from tui.screens.tour import STEPS, TourScreen
from tui.screens.upkeep import UpkeepScreen
from tui.session import Session
from tui.themes import DARK, DEFAULTS, THEMES
from tui.tidying import IDLE, Tidying
from tui.typeahead import TypeAhead
from tui.unsaved import ask_before_leaving
from tui.widgets.bar import PLACES
from tui.widgets.plain import one_line, shown

#: Seconds between looks at whether the terminal is still there. Without them, reading a terminal that hung up
#: returns at once for ever, and the process keeps a processor busy.
_PULSE = 2.0
#: Seconds between looks at what is under way in the background.
_LOOK = 0.5
#: Seconds after which the first screen is there, and the style sheets of those to come are read.
_SOON = 1.0


class LonglistApp(Steady, TypeAhead):
    """The interface on one catalogue. Make it with `make_app`."""

    TITLE = "Longlist"
    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = True
    MODES: ClassVar[dict[str, str | Callable[[], Screen[Any]]]] = {
        "home": HomeScreen,
        "browse": BrowseScreen,
        "matches": MatchesScreen,
        "project": ProjectScreen,
        "profile": ProfileScreen,
        "upkeep": UpkeepScreen,
    }

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "help", "Help", id="app.help", tooltip="What this screen is for, and its keys"),
        Binding(
            "question_mark",
            "help",
            show=False,
            id="app.help-too",
            tooltip="What this screen is for, and its keys",
        ),
        *(
            Binding(
                f"{place.key},{place.function}",
                f"go('{place.mode}')",
                place.name,
                show=False,
                id=f"app.{place.mode}",
                tooltip=f"Go to {place.name}",
            )
            for place in PLACES
        ),
        *comparing.BINDINGS,
        Binding("ctrl+p", "command_palette", "Menu", id="app.palette", tooltip="Find any command by name"),
        Binding("ctrl+q", "quit", "Quit", priority=True, id="app.quit", tooltip="Leave Longlist"),
        Binding(
            "escape",
            "stop_waiting",
            "Stop",
            show=False,
            priority=True,
            id="app.stop",
            tooltip="Stop what is under way",
        ),
        Binding(
            "ctrl+c", "quit", "Quit", show=False, priority=True, id="app.interrupt", tooltip="Leave Longlist"
        ),
    ]

    def __init__(self, settings: Settings, clock: Callable[[], datetime], state: Path | None = None) -> None:
        super().__init__()
        self.session = Session(settings, clock)
        self._state = state
        self.memory = recall(state) if state is not None else Memory(toured=True)
        self.session.draft = resumed(self.memory.draft)
        self.background, self.sample = Background(), Sample()
        #: Told when marks, profile or catalogue have become others, or something has begun in the background.
        self.sitting_changed: Signal[str] = Signal(self, "sitting-changed")
        for theme in THEMES:
            self.register_theme(theme)
        names = {theme.name for theme in THEMES}
        self.theme = self.memory.theme if self.memory.theme in names else DARK.name
        #: Moving things are only traffic to a terminal at the other end of a line.
        self.animation_level = "none"
        self._started_by = os.getppid()
        self._tidying = Tidying()
        #: Where the faults of this sitting came from.
        self._faults: set[str] = set()

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our own variables, where a theme does not set them."""
        return DEFAULTS

    async def on_mount(self) -> None:
        """Open where there is something to see."""
        self.set_interval(_LOOK, partial(errands.look_after, self))
        if not self.is_headless:
            self.set_interval(_PULSE, self._leave_with_the_terminal)
            self._tidying.begin()
            self.set_interval(IDLE, self._tidying.tidy)
        left = self.left
        mode = left.mode if left.mode in self.MODES else "browse"
        await self.switch_mode(mode if self.session.path.is_file() else "home")
        self.begin()
        self.set_timer(_SOON, self._read_styles)

    def _read_styles(self) -> None:
        """Read the style sheets of every screen: else each reads all sheets again when it is first shown."""
        paths = (Path(__file__).parent / "screens").glob("*.tcss")
        self.stylesheet.read_all(
            [path for path in sorted(paths) if not self.stylesheet.has_source(str(path))]
        )
        self.stylesheet.parse()

    async def on_event(self, event: events.Event) -> None:
        """Every key and click passes here first."""
        if isinstance(event, events.InputEvent):
            self._tidying.noted()
        await super().on_event(event)

    @property
    def left(self) -> Place:
        """How this catalogue was left; the sample is always as on the first day."""
        return Place() if self.session.settings.demo else self.memory.at(self.session.path)

    @work(exclusive=True, group="begin")
    async def begin(self) -> None:
        """Take in the open project, and the profile that the interface was opened with."""
        try:
            if self.session.path.is_file() and not (await self.session.load(self.left.project)).services:
                await self.switch_mode("home")
        except LonglistError as error:
            self.tell(error)
            await self.switch_mode("home")
        profile = self.session.settings.profile
        if profile is None and self.left.profile is not None and Path(self.left.profile).is_file():
            profile = Path(self.left.profile)
        if profile is not None:
            await self.take_profile(profile)
        self.sitting_changed.publish("opened")
        if not self.memory.toured and self.current_mode != "home":
            await self.show_step(0)

    async def show_step(self, number: int | None) -> None:
        """Show a step of the tour before the screen that it is about; ``None`` ends the tour."""
        self.memory = msgspec.structs.replace(self.memory, toured=True)
        if number is None:
            await self.remember()
            await self.run_action("go('browse')")
            return
        await self.run_action(f"go('{STEPS[number].mode}')")
        self.push_screen(TourScreen(number), self.show_step)

    def recollect(self) -> Memory:
        """Where one is and what is not saved, for the next sitting."""
        memory = msgspec.structs.replace(self.memory, theme=self.theme, draft=kept(self.session.draft))
        if not self.session.settings.demo:
            browse = self._browse
            profile = self.session.profile_path
            place = Place(
                self.current_mode,
                browse.search_box.value if browse else "",
                browse.narrowing.chosen if browse else {},
                str(profile.absolute()) if profile else None,
                self.session.project.name if self.session.project else None,
                browse.narrowing.sort if browse else "relevance",
            )
            memory = memory.left(self.session.path, place)
        return memory

    @property
    def remembers(self) -> bool:
        """Whether there is a file to remember in."""
        return self._state is not None

    async def remember(self) -> None:
        """Write down where one is, without keeping anybody waiting."""
        if self._state is not None:
            await asyncio.to_thread(remember, self._state, self.recollect())

    @property
    def _browse(self) -> BrowseScreen | None:
        """The search, once it was shown."""
        stack = self._screen_stacks.get("browse", ())
        return next((screen for screen in stack if isinstance(screen, BrowseScreen)), None)

    async def take_profile(self, path: Path) -> None:
        """Take the profile in this file; what is wrong with it is told."""
        try:
            await self.session.choose_profile(path)
        except LonglistError as error:
            self.tell(error)
            return
        self.sitting_changed.publish("profile")

    def _leave_with_the_terminal(self) -> None:
        """End when the terminal has gone (a lost connection, a closed window): nobody is there to do it."""
        if self.is_web:
            gone = os.getppid() != self._started_by  # the server asks to quit, unless it was killed itself
        else:
            gone = sys.__stdin__ is None or not sys.__stdin__.isatty()
        if gone:
            self.leave()

    def on_unmount(self) -> None:
        """Leave nothing open."""
        for opened in (self.session, self.sample, self.background):
            opened.close()

    async def action_quit(self) -> None:
        """Leave; what is not saved or still under way is asked about first, once."""
        if not ask_before_leaving(self) and not errands.ask_before_leaving(self):
            self.leave()

    def leave(self) -> None:
        """End, and remember where one was."""
        self.keep()
        self.exit()

    def keep(self) -> None:
        """Write down where one is and what is not saved, now."""
        if self._state is not None:
            remember(self._state, self.recollect())

    def tell(self, error: LonglistError) -> None:
        """Show an error as the message that it is."""
        title = "The profile has mistakes" if isinstance(error, ProfileError) else "That did not work"
        self.notify(shown(str(error)), title=title, severity="error", timeout=12, markup=False)

    def _handle_exception(self, error: Exception) -> None:
        """Tell a fault and go on, or end in order; Textual would show a traceback and end."""
        if faults.came_too_late(error):
            return
        if self._exception is None:  # for whoever drives the interface in a test
            self._exception = error
            self._exception_event.set()
        faults.report(self, error, self._faults)

    def say(self, text: str) -> None:
        """Show a short word of confirmation, in the place of any before."""
        self.clear_notifications()
        self.notify(shown(text), timeout=3, markup=False)

    async def record(self, service_id: str) -> ServiceRecord | None:
        """The service with this id; why it cannot be had is told."""
        try:
            return await self.session.record(service_id)
        except LonglistError as error:
            self.tell(error)
            return None

    def toggle_mark(self, service_id: str, name: str) -> None:
        """Put a service on the shortlist of the open project, or take it off."""
        project = self.session.project
        on_record = project is not None and (project.frozen is not None or project.version > 1)
        if on_record and isinstance(self.screen, LonglistScreen):
            named(self.screen, lambda: self._toggle(service_id, name))
        else:
            self._toggle(service_id, name)

    @work(group="marks")
    async def _toggle(self, service_id: str, name: str) -> None:
        marked = service_id in self.session.marks
        try:
            await (self.session.unmark(service_id) if marked else self.session.mark(service_id))
        except LonglistError as error:
            self.tell(error)
            return
        self.sitting_changed.publish("marks")
        of = f" of {self.session.project_name}" if self.session.project_name != PROJECT else ""
        self.say(f"{'Taken off' if marked else 'On'} the shortlist{of}: {one_line(name)}")

    @work(group="marks")
    async def note(self, service_id: str, note: str) -> None:
        """Give a service on the shortlist this note."""
        try:
            await self.session.mark(service_id, note)
        except LonglistError as error:
            self.tell(error)
            return
        self.sitting_changed.publish("marks")

    async def action_go(self, mode: str) -> None:
        """Go to a place; from a service opened there, back to the list."""
        if len(self.screen_stack) > 1 and not isinstance(self.screen, LonglistScreen):
            return
        if self.current_mode == mode:
            while len(self.screen_stack) > 1:
                await self.pop_screen()
        else:
            await self.switch_mode(mode)
            self.look_again()

    @work(exclusive=True, group="look-again")
    async def look_again(self) -> None:
        """Take in what another program did to the open project meanwhile."""
        with suppress(CatalogueError):  # whoever asks for more is told
            if self.session.path.is_file() and await self.session.look_again():
                self.sitting_changed.publish("marks")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Esc stops what is under way; otherwise it means what it means on the screen."""
        if action == "stop_waiting":
            return isinstance(self.screen, LonglistScreen) and self.screen.is_waiting
        if action == "pick":
            return comparing.can_choose(self)
        return super().check_action(action, parameters)

    def action_stop_waiting(self) -> None:
        """Stop what is under way."""
        if isinstance(self.screen, LonglistScreen):
            self.screen.stop_waiting()

    def action_pick(self) -> None:
        """Choose the service under the cursor to be compared, or take it back."""
        comparing.choose(self)

    def action_compare(self) -> None:
        """Open the comparison."""
        comparing.compare(self)

    def action_help(self) -> None:
        """Show what the screen is for and its keys."""
        if not isinstance(self.screen, LonglistScreen):
            return
        self.push_screen(help_of(self, self.screen))

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Everything that a key does can be found by name too."""
        return every_command(self, screen)


def _now() -> datetime:
    return datetime.now(UTC)


def make_app(
    settings: Settings, *, clock: Callable[[], datetime] = _now, state: Path | None = None
) -> LonglistApp:
    """The interface for these settings; the command and the tests both make it here.

    ``state`` is the file that remembers how it was left; without one nothing is remembered, and there is no
    tour.
    """
    return LonglistApp(settings, clock, state)


def run_app(settings: Settings) -> None:
    """Open the interface and stay until the user leaves."""
    make_app(settings, state=remembered_in(settings.paths)).run()
