"""Upkeep: what the runs did, what they met, whether the catalogue can be trusted, and what changed in it."""

from __future__ import annotations

from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import TabbedContent, TabPane

from catalogue.errors import LonglistError
from catalogue.health import MAX_AGE, concerns, growth
from catalogue.runs import RunSummary, Tally
from catalogue.trends import lot_trends, source_trends
from db.catalogue import Catalogue
from db.health import pulled, vitals
from db.run_lock import at_work
from db.runs import runs, tallies
from tui import errands
from tui.scraping import ask_what
from tui.screens.overseeing import OverseeingScreen
from tui.screens.run import RunScreen
from tui.screens.service import ServiceScreen
from tui.widgets.history_panes import ChangesPanes, IssuesPanes, RunsPanes
from tui.widgets.panes import Panes
from tui.widgets.prose import Prose
from tui.widgets.rows import RowList
from tui.widgets.under_way import UnderWayLines
from tui.widgets.vital_signs import Health, health_of

_TABS = ("runs", "issues", "health", "changes")


class UpkeepScreen(OverseeingScreen):
    """Runs, issues, health and changes; scrapes are begun and stopped here."""

    MODE = "upkeep"
    CSS_PATH = "upkeep.tcss"
    AUTO_FOCUS = "#run-rows"
    ABOUT = (
        "What brings services into the catalogue, and whether it can be trusted. Runs tells what each run "
        "did and is worth; Issues what it met, with what to do; Health how sources and lots went over time; "
        "Changes what is other in the listings than it was, word for word."
    )

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "s",
            "scrape",
            "Scrape",
            id="upkeep.scrape",
            tooltip="Fetch the services of the marketplace, beside your work",
        ),
        Binding(
            "x",
            "stop",
            "Stop",
            id="upkeep.stop",
            tooltip="Stop the run that is under way; it can be gone on with",
        ),
        Binding("t", "next_tab", "Next tab", id="upkeep.tab", tooltip="Runs, issues, health, changes"),
        Binding(
            "f",
            "pane('narrow')",
            "Show only",
            id="upkeep.narrow",
            tooltip="Choose what to show only, or back",
        ),
        Binding(
            "p",
            "pane('details')",
            "In full",
            id="upkeep.details",
            tooltip="Go to the text beside the list, or back",
        ),
        Binding(
            "l",
            "pull",
            "Pull",
            show=False,
            id="upkeep.pull",
            tooltip="Bring in a catalogue that somebody publishes",
        ),
        Binding(
            "i", "import", "Import", show=False, id="upkeep.import", tooltip="Read a file of service records"
        ),
        Binding(
            "u",
            "publish",
            "Publish",
            show=False,
            id="upkeep.publish",
            tooltip="Write a copy for others to pull",
        ),
        Binding("r", "look", "Look again", show=False, id="upkeep.look", tooltip="Read it all again"),
        Binding("escape", "back", "Back", show=False, id="upkeep.back", tooltip="Back to the list"),
    ]

    tabs = getters.query_one(TabbedContent)
    runs = getters.query_one("#runs-panes", RunsPanes)
    issues = getters.query_one("#issues-panes", IssuesPanes)
    changes = getters.query_one("#changes-panes", ChangesPanes)

    def __init__(self) -> None:
        super().__init__()
        self._tallies: dict[int, Tally] = {}
        self._working: int | None = None
        self._pulled_from = ""
        #: Tabs that show what the catalogue was before.
        self._stale = {"issues", "changes"}
        self._looked_at: RunSummary | None = None

    def body(self) -> ComposeResult:
        """What is under way, and four tabs."""
        yield UnderWayLines()
        with TabbedContent(initial="runs", id="upkeep-tabs"):
            with TabPane("Runs", id="runs"):
                yield RunsPanes(id="runs-panes")
            with TabPane("Issues", id="issues"):
                yield IssuesPanes(id="issues-panes")
            with TabPane("Health", id="health"):
                pane = VerticalScroll(Prose(id="vital-signs"), id="health-pane", classes="pane text")
                pane.border_title = "Health"
                pane.can_focus = True
                yield pane
            with TabPane("Changes", id="changes"):
                yield ChangesPanes(id="changes-panes")

    def sitting_changed(self, what: str) -> None:
        """Profile and marks change only what is told of the shortlists."""
        if what in ("profile", "marks"):
            self._stale.add("changes")
        else:
            super().sitting_changed(what)

    @work(exclusive=True, group="look")
    async def read(self) -> None:
        """Read the run log and the vital signs."""
        session = self.longlist.session
        now = session.clock()

        def ask(catalogue: Catalogue) -> tuple[list[RunSummary], dict[int, Tally], int | None, Health, str]:
            with catalogue.snapshot():
                every, judged = runs(catalogue), tallies(catalogue)
                working = at_work(catalogue, now)
                signs = vitals(catalogue, seen_since=now - MAX_AGE)
                health = Health(
                    signs,
                    tuple(concerns(signs, now=now)),
                    tuple(growth(signs.days, now.date())),
                    tuple(source_trends(every)),
                    tuple(lot_trends(every, judged)),
                )
                last = str(pulled(catalogue).get("url", ""))
                return every, judged, working.run if working else None, health, last

        text = self.query_one("#vital-signs", Prose)
        try:
            with self.waiting("Reading the run log"):
                every, self._tallies, self._working, health, self._pulled_from = await session.ask(ask)
        except LonglistError as error:
            self.runs.show([], {}, None)
            self.issues.read(None)
            text.update([str(error), "", "s fetches the services of the marketplace, l pulls a catalogue."])
            return
        self.runs.show(every, self._tallies, self._working)
        text.update(health_of(health, now))
        worries = len(health.worries)
        self.tabs.get_tab("health").label = Content(
            f"Health: {worries} to look at" if worries else "Health: good"
        )
        self._stale |= {"issues", "changes"}
        if not every:
            self.issues.read(None)
        self._read_if_shown()

    @on(RunsPanes.Looked)
    def _looked(self, event: RunsPanes.Looked) -> None:
        if event.run != self._looked_at:
            self._looked_at = event.run
            self._stale.add("issues")

    @on(TabbedContent.TabActivated)
    def _read_if_shown(self) -> None:
        """Read issues and changes only for who looks."""
        tab = self.tabs.active
        if tab in self._stale:
            self._stale.discard(tab)
            if tab == "issues":
                self.issues.read(self.runs.list.current)
            else:
                self.changes.read()
        self.refresh_bindings()

    @on(RowList.Chosen, "#run-rows")
    def _open_run(self) -> None:
        run = self.runs.list.current
        if run is not None:
            tally = self._tallies.get(run.id)
            self.app.push_screen(RunScreen(run, tally, at_work=run.id == self._working))

    @on(RowList.Chosen, "#issue-rows")
    def _open_issue(self) -> None:
        self.issues.go_to("details")

    @on(RowList.Chosen, "#change-rows")
    def _open_service(self) -> None:
        change = self.changes.list.current
        if change is not None:
            self.app.push_screen(ServiceScreen(change.service))

    @property
    def _panes(self) -> Panes | None:
        """The panes of the tab that is shown; the health has none."""
        panes: dict[str, Panes] = {"runs": self.runs, "issues": self.issues, "changes": self.changes}
        return panes.get(self.tabs.active)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what the tab has."""
        if action == "pane" and self.is_mounted:
            panes = self._panes
            return panes is not None and (parameters != ("narrow",) or panes.NARROWS)
        return True

    def action_pane(self, name: str) -> None:
        """Go to a side pane, or back from it."""
        if self._panes is not None:
            self._panes.go_to(name)

    def action_next_tab(self) -> None:
        """To the next tab, and round again."""
        self.tabs.active = _TABS[(_TABS.index(self.tabs.active) + 1) % len(_TABS)]
        self.action_back()

    def action_back(self) -> None:
        """Back to the list of the tab."""
        if self._panes is not None:
            self._panes.back()
        else:
            self.query_one("#health-pane").focus()

    def action_scrape(self) -> None:
        """Begin a scrape."""
        ask_what(self.longlist)

    def action_pull(self) -> None:
        """Pull what somebody publishes."""
        errands.ask_pull(self.longlist, self._pulled_from)

    def action_import(self) -> None:
        """Read a file."""
        errands.ask_import(self.longlist)

    def action_publish(self) -> None:
        """Write a copy for others."""
        errands.ask_publish(self.longlist)
