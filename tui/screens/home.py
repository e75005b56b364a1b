"""Home: how the catalogue stands, which purchases are under way, and how to begin where there is nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import getters, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll

from catalogue.errors import CatalogueBusyError, LonglistError, UsageError
from tui import errands
from tui.overview import Overview, overview
from tui.scraping import ask_what
from tui.screens.overseeing import OverseeingScreen
from tui.screens.service import ServiceScreen
from tui.widgets.agenda import Agenda, Line
from tui.widgets.prose import Prose
from tui.widgets.standing import busy, state_of, without
from tui.widgets.under_way import UnderWayLines

if TYPE_CHECKING:
    from tui.app import LonglistApp


#: Seconds after which a catalogue that was being written to is looked at again.
_AGAIN = 3.0


class HomeScreen(OverseeingScreen):
    """The catalogue as a whole, and the ways on from here."""

    MODE = "home"
    CSS_PATH = "home.tcss"
    AUTO_FOCUS = "#agenda"
    ABOUT = (
        "Where you stand: your projects with their next step, what changed in the services that you judged, "
        "and whether the catalogue can be trusted. Enter does what the cursor is on."
    )

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "p",
            "catalogue",
            "Catalogue",
            id="home.catalogue",
            tooltip="Go to the state of the catalogue, or back",
        ),
        Binding("r", "look", "Look again", id="home.look", tooltip="Read the catalogue file again"),
        Binding("x", "stop", "Stop", show=False, id="home.stop", tooltip="Stop the run that is under way"),
        Binding("escape", "back", "Back", show=False, id="home.back", tooltip="Back to the list"),
    ]

    agenda = getters.query_one("#agenda", Agenda)
    pane = getters.query_one("#home-pane", VerticalScroll)

    def __init__(self) -> None:
        super().__init__()
        self.found: Overview | None = None

    def body(self) -> ComposeResult:
        """What is under way; the catalogue; what to do."""
        yield UnderWayLines()
        with Horizontal(id="home-panes"):
            pane = VerticalScroll(Prose(id="about-catalogue"), classes="pane text", id="home-pane")
            pane.border_title = "Catalogue"
            pane.can_focus = True
            yield pane
            agenda = Agenda(id="agenda")
            agenda.add_class("pane")
            yield agenda

    @work(exclusive=True, group="summary")
    async def read(self) -> None:
        """Read the catalogue file and say how it stands."""
        session = self.longlist.session
        now = session.clock()
        text = self.query_one("#about-catalogue", Prose)
        try:
            with self.waiting("Reading the catalogue"):
                self.found = await session.ask(lambda catalogue: overview(catalogue, now))
        except CatalogueBusyError as error:
            text.update(busy(str(error)))
            self.set_timer(_AGAIN, self.read)
            return
        except LonglistError as error:
            self.found = None
            text.update(without(str(error), str(session.path)))
        else:
            held = self.found.held
            text.update(
                state_of(self.found, now, str(session.path))
                if held.services
                else without("", str(session.path))
            )
        lines = [*self._agenda(self.found)]
        self.agenda.border_title = lines[0].title
        self.agenda.show(lines[1:])

    def _agenda(self, found: Overview | None) -> Iterator[Line]:
        """What can be done from here, what comes first at the top."""
        demo = self.longlist.session.settings.demo
        if found is None or not found.held.services:
            yield Line("Begin here")
            if not demo:
                yield Line(
                    "Look around in the sample",
                    "Everything in it is invented (longlist demo)",
                    self._open_sample,
                )
            yield from self._sources(found, first=True)
        else:
            yield from self._projects(found)
            yield from self._changed(found)
            if not demo or self.longlist.sample.is_open:
                yield Line("The catalogue")
            if not demo:
                yield from self._sources(found, first=False)
                yield Line(
                    "Look after it", "Runs, issues, health and changes (5)", partial(self._go, "upkeep")
                )
                yield Line("Look around in the sample", "Everything in it is invented", self._open_sample)
        if self.longlist.sample.is_open:
            yield Line(
                "Go back to your own catalogue",
                "The copy of the sample is thrown away when you leave",
                self._leave_sample,
            )

    def _projects(self, found: Overview) -> Iterator[Line]:
        yield Line("Your projects" if found.projects else "Begin here")
        for project in found.projects:
            yield Line(
                project.name,
                f"{project.stage} · next: {project.next}",
                partial(self.open_project, project.name),
                "▸",
            )
        yield Line(
            "Search the services",
            "In your own words; Space marks what may fit (1)",
            partial(self._go, "browse"),
        )
        if self.longlist.session.profile is None:
            yield Line(
                "Say what stands in your way",
                "A profile: then services are ranked for you (4)",
                partial(self._go, "profile"),
            )

    def _changed(self, found: Overview) -> Iterator[Line]:
        if found.changed:
            yield Line("Changed since you judged them")
        for each in found.changed:
            more = f" (and {len(each.changes) - 1} more)" if len(each.changes) > 1 else ""
            yield Line(
                each.name,
                f"{each.project}: {each.changes[0]}{more}",
                partial(self._open_service, each.service_id),
                "≠",
            )

    def _sources(self, found: Overview | None, *, first: bool) -> Iterator[Line]:
        again = "" if first else " again"
        yield Line("Import a file", "Records you already have (longlist import FILE)", self._import)
        yield Line(
            f"Fetch the services of the marketplace{again}",
            "Politely and slowly, beside your work (longlist scrape)",
            self._scrape,
        )
        last = found.pulled_from if found is not None else ""
        yield Line(
            f"Pull a catalogue that somebody publishes{again if last else ''}",
            last or "You need its address (longlist pull URL)",
            lambda: errands.ask_pull(self.longlist, last),
        )

    def _go(self, mode: str) -> None:
        self.run_worker(self.longlist.action_go(mode))

    def _open_service(self, service_id: str) -> None:
        self.app.push_screen(ServiceScreen(service_id))

    def open_project(self, name: str) -> None:
        """Go to the place where a project is worked on, with this one open."""
        self.run_worker(self._work_on(name))

    async def _work_on(self, name: str) -> None:
        try:
            await self.longlist.session.open_project(name)
        except LonglistError as error:
            self.longlist.tell(error)
            return
        self.longlist.sitting_changed.publish("project")
        await self.longlist.action_go("project")

    def _import(self) -> None:
        errands.ask_import(self.longlist)

    def _scrape(self) -> None:
        ask_what(self.longlist)

    def _open_sample(self) -> None:
        self._with_sample(self.longlist.sample.open)

    def _leave_sample(self) -> None:
        self._with_sample(self.longlist.sample.leave)

    @work(exclusive=True, group="sample")
    async def _with_sample(self, do: Callable[[LonglistApp], Awaitable[None]]) -> None:
        try:
            with self.waiting("Opening the catalogue"):
                await do(self.longlist)
        except LonglistError as error:
            self.longlist.tell(error)
        except OSError as error:
            self.longlist.tell(UsageError(f"no room for the sample: {error.strerror or error}"))

    def action_catalogue(self) -> None:
        """Go to the state of the catalogue; from it, back to the list."""
        leaving = self.pane.has_focus
        self.set_class(not leaving, "-at-catalogue")
        (self.agenda if leaving else self.pane).focus()

    def action_back(self) -> None:
        """Back to the list."""
        self.remove_class("-at-catalogue")
        self.agenda.focus()
