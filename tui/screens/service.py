"""One service: what its listing says, what it costs, how it stands to the profile, and what became of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from catalogue.errors import LonglistError
from catalogue.history import FIELDS
from catalogue.quality import flags_of
from catalogue.read import read_service
from catalogue.records import ServiceRecord
from db.history import HistoryQuery, changes
from tui.around import Around, around, other_sellers
from tui.links import copy_link, open_page
from tui.screens.base import LonglistScreen
from tui.screens.patience import patience
from tui.session import SEARCHING
from tui.widgets.checks import checks_of
from tui.widgets.evidence import judgement_of
from tui.widgets.highlight import Sought, sought_by
from tui.widgets.listing import answers_of, facts_of, text_of
from tui.widgets.past import history_of
from tui.widgets.plain import one_line, paragraph
from tui.widgets.pricing import price_of
from tui.widgets.prose import Part, Prose
from tui.widgets.purchases import purchases_of
from tui.widgets.tabline import TabLine, TabName

#: Every tab with its key, and what its key is for.
TABS = {
    TabName("summary", "s", "Summary"): "What the listing says of itself",
    TabName("answers", "a", "Answers"): "Every answer, by section",
    TabName("price", "p", "Price"): "What it costs, and what that comes to in a year",
    TabName("evidence", "v", "Evidence"): "For and against the profile",
    TabName("history", "h", "History"): "What changed in it, and when",
    TabName("awards", "w", "Awards"): "What public bodies bought from its supplier",
    TabName("checks", "k", "Checks"): "What is odd about the listing, and who else sells the same",
}
_ORDER = tuple(tab.id for tab in TABS)


class ServiceScreen(LonglistScreen):
    """A service in full. ``sought`` is what it was found by, marked in its text.

    Where it is not ``scored``, its evidence has no points: those of a purchase wait for its criteria.
    """

    CSS_PATH = "service.tcss"
    AUTO_FOCUS = ""
    ABOUT = (
        "Summary is what the listing says of itself; Answers is every question it answered, with a search "
        "inside (/); Price is what it costs, and in a year for you; Evidence is what in it speaks for and "
        "against your profile; History is what changed and when; Awards is what public bodies bought from "
        "its supplier; Checks is what is odd about the listing, and who else sells the same."
    )

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", id="service.back", tooltip="Back to the list"),
        Binding("t", "next_tab(1)", "Next tab", id="service.next", tooltip="The next tab"),
        Binding(
            "T", "next_tab(-1)", "Tab before", show=False, id="service.previous", tooltip="The tab before"
        ),
        *(
            Binding(
                tab.key, f"tab('{tab.id}')", tab.name, show=False, id=f"service.{tab.id}", tooltip=tooltip
            )
            for tab, tooltip in TABS.items()
        ),
        Binding("slash", "find", "Find", show=False, id="service.find", tooltip="Search inside the answers"),
        Binding(
            "space,m", "mark", "Mark", id="service.mark", tooltip="Put it on the shortlist, or take it off"
        ),
        Binding("o", "open_page", "Web page", id="service.open", tooltip="Open its page in a browser"),
        Binding("y", "copy_link", "Copy link", id="service.copy", tooltip="Copy the link of its page"),
    ]

    tabs = getters.query_one(TabLine)
    find_box = getters.query_one("#find", Input)
    text = getters.query_one("#text", VerticalScroll)

    def __init__(
        self, service_id: str, sought: Sought | None = None, *, tab: str = "summary", scored: bool = True
    ) -> None:
        super().__init__()
        self.service_id = service_id
        self._scored = scored
        self._sought = sought or Sought()
        self._tab = tab
        self.record: ServiceRecord | None = None
        self.around: Around | None = None
        #: How far each tab is scrolled.
        self._scrolled: dict[str, float] = {}
        #: What tabs show that took work to find.
        self._found: dict[str, list[Part]] = {}

    def body(self) -> ComposeResult:
        """Title, tabs, and one text that each tab fills when it is opened."""
        yield Static("Reading …", id="title", markup=False)
        yield TabLine(tuple(TABS), self._tab)
        box = Input(placeholder="Search inside the answers …", id="find", classes="pane")
        box.border_title = "Find (/)"
        box.display = False
        yield box
        with VerticalScroll(id="text", can_focus=True):
            yield Prose(id="facts")
            yield Prose(id="listing")

    def on_mount(self) -> None:
        """Read the service."""
        self._dress()
        self.text.focus()
        self.read()

    @property
    def active(self) -> str:
        """The tab that is open."""
        return self.tabs.active

    @work(exclusive=True, group="read")
    async def read(self) -> None:
        """Read the service and show it."""
        record = await self.longlist.record(self.service_id)
        if record is None:
            self.query_one("#title", Static).update(
                "This service is not in the catalogue any more. Esc goes back."
            )
            return
        self.record = record
        self._show_title()
        self._show_tab()

    def sitting_changed(self, what: str) -> None:
        """The star, and what is told about the profile when there is another."""
        if self.record is not None:
            self._show_title()
            if what not in ("marks", "chosen"):
                self._found.clear()
                if what == "catalogue":
                    self.around = None
                self._show_tab()

    def _show_title(self) -> None:
        assert self.record is not None
        star = "★ " if self.service_id in self.longlist.session.marks else ""
        self.query_one("#title", Static).update(
            Content.assemble(
                (star, "bold $text-accent"),
                (one_line(self.record.name), "bold"),
                (f"   {one_line(self.record.supplier.name)}", "$muted"),
            )
        )

    def _show_tab(self) -> None:
        """Fill the text for the tab that is open; what takes work comes when it is there."""
        self.workers.cancel_group(self, "tab")
        if self.record is None:
            return
        match self.active:
            case "summary":
                self._show_summary()
                if self.around is None:
                    self.look_around()
            case "answers":
                self._show_answers()
            case "price":
                service, _ = read_service(self.record)
                self._show(price_of(service, self.longlist.session.profile))
            case tab if tab in self._found:
                self._show(self._found[tab])
            case "evidence":
                self.find_out("evidence", "Judging", self._evidence)
            case "history":
                self.find_out("history", "Reading its history", self._history)
            case "awards":
                self.find_out("awards", "Looking for awards", self._awards)
            case "checks":
                self.find_out("checks", "Checking", self._checks)

    def _show(self, parts: list[Part]) -> None:
        self.query_one("#listing", Prose).update(parts)

    def _show_summary(self) -> None:
        """What the listing says, and facts beside it."""
        assert self.record is not None
        self._show_facts()
        self._show(text_of(self.record, self._sought))

    def _show_facts(self) -> None:
        """The facts, with the dates of the framework once they are known."""
        assert self.record is not None
        profile = self.longlist.session.profile
        today = self.longlist.session.clock().date()
        award_by = profile.organisation.award_by if profile is not None else None
        dates = self.around.dates if self.around is not None else None
        self.query_one("#facts", Prose).update(facts_of(self.record, today, dates, award_by))

    @work(exclusive=True, group="tab")
    async def look_around(self) -> None:
        """Find what other sources say, and show the facts with it."""
        if (await self._know_around()).dates and self.active == "summary":
            self._show_facts()

    async def _know_around(self) -> Around:
        record = self.record
        assert record is not None
        if self.around is None:
            self.around = await self.longlist.session.ask(lambda catalogue: around(catalogue, record))
        return self.around

    @work(exclusive=True, group="tab")
    async def find_out(self, tab: str, what: str, finding: Callable[[], Awaitable[list[Part]]]) -> None:
        """Show what a tab is about when it was found; after a moment a spinner says that it is looked for."""
        self._show([])
        try:
            with patience(self, lambda spinner: self._show([f"{spinner} {what} … Esc goes back"])):
                parts = await finding()
        except LonglistError as error:
            self.longlist.tell(error)
            self._show([paragraph("That did not work. Another tab and back tries again.", "$muted")])
            return
        self._found[tab] = parts
        if self.active == tab:
            self._show(parts)

    async def _evidence(self) -> list[Part]:
        session, record = self.longlist.session, self.record
        assert record is not None
        if session.profile is None:
            return [
                Content.styled("No profile is chosen", "bold"),
                "Press 4 to choose one; then this shows what speaks for and against this service.",
            ]
        return judgement_of(record.id, await session.judged(record.id), scored=self._scored)

    async def _history(self) -> list[Part]:
        query = HistoryQuery(services=[self.service_id], fields=FIELDS)
        return history_of(await self.longlist.session.ask(lambda catalogue: changes(catalogue, query)))

    async def _awards(self) -> list[Part]:
        profile = self.longlist.session.profile
        sector = profile.organisation.sector if profile is not None else None
        known = await self._know_around()
        if known.purchases is None:
            return [
                paragraph("No award of anybody is in the catalogue.", "$muted"),
                paragraph("They come with: longlist scrape awards", "$muted"),
            ]
        return purchases_of(known.purchases, sector)

    async def _checks(self) -> list[Part]:
        assert self.record is not None
        service, _ = read_service(self.record)
        sellers = await self.longlist.session.ask(
            lambda catalogue: other_sellers(catalogue, service), lane=SEARCHING
        )
        return checks_of(flags_of(service), sellers)

    def _show_answers(self) -> None:
        assert self.record is not None
        wanted = self.find_box.value
        text, count = answers_of(self.record, wanted, sought_by(wanted) if wanted.strip() else self._sought)
        self._show(text)
        self.find_box.border_subtitle = count

    @on(Input.Changed, "#find")
    def _find_typed(self) -> None:
        if self.record is not None and self.active == "answers":
            self._show_answers()

    @on(Input.Submitted, "#find")
    def _find_submitted(self) -> None:
        self.text.focus()

    @on(TabLine.Picked)
    def _tab_picked(self, event: TabLine.Picked) -> None:
        self.action_tab(event.tab)

    def _dress(self) -> None:
        """Show what belongs to the tab that is open."""
        self.find_box.display = self.active == "answers"
        self.query_one("#facts").display = self.active == "summary"
        self.set_class(self.active == "summary", "-summary")

    def under_cursor(self) -> tuple[str, str] | None:
        """This service."""
        return (self.record.id, self.record.name) if self.record else None

    def action_tab(self, tab: str) -> None:
        """Show a tab, scrolled as it was left."""
        if tab != self.active:
            self._scrolled[self.active] = self.text.scroll_y
            self.tabs.active = tab
            self._dress()
            self._show_tab()
            self.call_after_refresh(self.text.scroll_to, y=self._scrolled.get(tab, 0), animate=False)
        self.text.focus()

    def action_next_tab(self, step: int) -> None:
        """The tab beside the open one, round and round."""
        self.action_tab(_ORDER[(_ORDER.index(self.active) + step) % len(_ORDER)])

    def action_find(self) -> None:
        """Go to the search inside the answers."""
        self.action_tab("answers")
        self.find_box.focus()

    def action_back(self) -> None:
        """Leave the search box, then the screen."""
        if self.find_box.has_focus:
            self.text.focus()
        else:
            self.dismiss()

    def action_mark(self) -> None:
        """Put this service on the shortlist, or take it off."""
        if self.record is not None:
            self.longlist.toggle_mark(self.record.id, self.record.name)

    def action_open_page(self) -> None:
        """Open its page."""
        open_page(self.longlist, self.record)

    def action_copy_link(self) -> None:
        """Copy its link."""
        copy_link(self.longlist, self.record)
