"""Browse: search as you type, filters with counts, and a look at each service beside the list."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Static

from catalogue.errors import LonglistError
from catalogue.model import SearchPage, SearchQuery
from db.search import facets, search
from tui.screens.base import LonglistScreen
from tui.screens.patience import patience
from tui.screens.service import ServiceScreen
from tui.widgets.chips import Chip, Chips
from tui.widgets.filters import GROUPS, FilterList
from tui.widgets.highlight import Sought, other_names, sought_by
from tui.widgets.plain import counted, one_line
from tui.widgets.preview import Preview
from tui.widgets.rows import RowList
from tui.widgets.services import WINDOW, ServiceList

#: Seconds without a key before a search begins.
_PAUSE = 0.12
#: Searches and counts share connections: what one has worked out serves the other.
_LANE = "search"


class SearchBox(Input):
    """Where one types; the results are one key below."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "down", "screen.go_to('results')", "Results", id="search.results", tooltip="Go to the results"
        ),
    ]


class BrowseScreen(LonglistScreen):
    """Search and filters over the whole catalogue."""

    MODE = "browse"
    CSS_PATH = "browse.tcss"
    AUTO_FOCUS = "#search"
    ABOUT = (
        "Type what you need in your own words; results appear as you type. Spelling is forgiven, and other "
        'names of the same product are looked for too. Put "quotation marks" around words that must stand '
        "together. "
        "Services marked ★ are on your shortlist."
    )

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "go_to('search')", "Search", id="browse.search", tooltip="Go to the search box"),
        Binding("f", "pane('filters')", "Filters", id="browse.filters", tooltip="Go to the filters, or back"),
        Binding("p", "pane('preview')", "Preview", id="browse.preview", tooltip="Go to the preview, or back"),
        Binding(
            "space,m",
            "mark",
            "Mark",
            id="browse.mark",
            tooltip="Put the service on the shortlist, or take it off",
        ),
        Binding("x", "clear_filters", "No filters", id="browse.clear", tooltip="Remove every filter"),
        Binding(
            "o", "open_page", "Web page", show=False, id="browse.open", tooltip="Open its page in a browser"
        ),
        Binding(
            "y", "copy_link", "Copy link", show=False, id="browse.copy", tooltip="Copy the link of its page"
        ),
        Binding(
            "escape",
            "back",
            "Back",
            show=False,
            id="browse.back",
            tooltip="Back to the results, then the search",
        ),
    ]

    search_box = getters.query_one("#search", Input)
    filters = getters.query_one("#filters", FilterList)
    results = getters.query_one("#results", ServiceList)
    preview = getters.query_one("#preview", Preview)

    def __init__(self) -> None:
        super().__init__()
        #: For each filter its values and their names, in the order they were set.
        self.chosen: dict[str, dict[str, str]] = {group: {} for group, _ in GROUPS}
        self.asked = SearchQuery()
        self.found: SearchPage | None = None
        self.sought = Sought()
        self._searching = False

    def body(self) -> ComposeResult:
        """Search box, what was assumed, chips, and the three panes."""
        box = SearchBox(
            placeholder="Search services, suppliers, what they connect to …", id="search", classes="pane"
        )
        box.border_title = "Search"
        yield box
        yield Static("", id="assumed", markup=False)
        yield Chips(id="chips")
        with Horizontal(id="panes"):
            filters = FilterList(id="filters")
            filters.add_class("pane")
            filters.border_title = "Filters"
            yield filters
            results = ServiceList(id="results")
            results.add_class("pane")
            results.border_title = "Services"
            yield results
            preview = Preview(id="preview")
            preview.add_class("pane", "text")
            preview.border_title = "Preview"
            yield preview

    def on_mount(self) -> None:
        """Show what was searched for when the catalogue was left, or the whole of it."""
        self.query_one(Chips).display = False
        self.query_one("#assumed").display = False
        left = self.longlist.left
        with self.prevent(Input.Changed):
            self.search_box.value = left.search
        for group, values in left.filters.items():
            if group in self.chosen:
                self.chosen[group].update(values)
        self.look()
        if any(self.chosen.values()):
            self.call_later(self._filters_changed)

    @property
    def query_now(self) -> SearchQuery:
        """What is typed and chosen."""
        chosen = {group: tuple(values) for group, values in self.chosen.items()}
        return SearchQuery(
            text=self.search_box.value,
            lots=chosen["lots"],
            frameworks=chosen["frameworks"],
            categories=chosen["categories"],
            suppliers=chosen["suppliers"],
        )

    def sitting_changed(self, what: str) -> None:
        """Stars follow the shortlist; another catalogue is searched anew."""
        if what == "catalogue":
            self.look()
        self.results.marked = frozenset(self.longlist.session.marks)

    @on(Input.Changed, "#search")
    def _typed(self) -> None:
        self.look()

    @on(Input.Submitted, "#search")
    def _submitted(self) -> None:
        self.results.focus()

    @work(exclusive=True, group="search")
    async def look(self) -> None:
        """Search for what is typed; a later call takes the place of this one."""
        if self.found is not None:
            await asyncio.sleep(_PAUSE)
        self.workers.cancel_group(self, "counts")
        query = self.query_now
        try:
            with patience(self, self._say_searching):
                found = await self.longlist.session.ask(
                    lambda catalogue: search(catalogue, query, limit=WINDOW), lane=_LANE
                )
        except LonglistError as error:
            self.longlist.tell(error)
            return
        finally:
            self._searching = False
        self._show(query, found)
        self.count(query)

    def _say_searching(self, spinner: str) -> None:
        self._searching = True
        self.search_box.border_subtitle = f"{spinner} Searching… Esc stops it"

    def _show(self, query: SearchQuery, found: SearchPage) -> None:
        self.asked, self.found = query, found
        self.sought = sought_by(query.text, found)
        self.search_box.border_subtitle = counted(found.total, "service")
        self.results.show(found.total, found.hits)
        said = _assumed(found)
        line = self.query_one("#assumed", Static)
        line.update(said)
        line.display = bool(said)
        if not found.total:
            self.preview.say(_advice(query))

    @work(exclusive=True, group="counts")
    async def count(self, query: SearchQuery) -> None:
        """Count each filter for what was searched."""
        try:
            counts = await self.longlist.session.ask(lambda catalogue: facets(catalogue, query), lane=_LANE)
        except LonglistError as error:
            self.longlist.tell(error)
            return
        self.filters.show(counts, self.chosen)

    @on(ServiceList.WindowWanted)
    def _wanted(self, event: ServiceList.WindowWanted) -> None:
        self.fetch_window(event.offset)

    @work(group="windows")
    async def fetch_window(self, offset: int) -> None:
        """Get one more window of the results shown."""
        query, found = self.asked, self.found
        try:
            more = await self.longlist.session.ask(
                lambda catalogue: search(catalogue, query, limit=WINDOW, offset=offset), lane=_LANE
            )
        except LonglistError as error:
            self.results.give_up(offset)
            self.longlist.tell(error)
            return
        if self.found is found:
            self.results.add(offset, more.hits)

    @on(RowList.Moved, "#results")
    def _moved(self) -> None:
        self.look_at()

    @work(exclusive=True, group="preview")
    async def look_at(self) -> None:
        """Show the service under the cursor in the preview."""
        hit = self.results.current
        if hit is None:
            return
        record = await self.longlist.record(hit.id)
        if record is not None:
            self.preview.show(record, self.sought)

    @on(RowList.Chosen, "#results")
    def _open(self) -> None:
        hit = self.results.current
        if hit is not None:
            self.app.push_screen(ServiceScreen(hit.id, self.sought))

    @on(FilterList.Toggled)
    async def _filter_toggled(self, event: FilterList.Toggled) -> None:
        await self._toggle(event.group, event.value, event.name)

    @on(Chip.Removed)
    async def _chip_removed(self, event: Chip.Removed) -> None:
        await self._toggle(event.group, event.value, event.name)
        self.results.focus()

    async def _toggle(self, group: str, value: str, name: str) -> None:
        values = self.chosen[group]
        if value in values:
            del values[value]
        else:
            values[value] = name
        await self._filters_changed()

    async def _filters_changed(self) -> None:
        titles = dict(GROUPS)
        self.refresh_bindings()
        await self.query_one(Chips).show(
            [
                (group, value, name, titles[group])
                for group, values in self.chosen.items()
                for value, name in values.items()
            ]
        )
        self.look()

    async def action_clear_filters(self) -> None:
        """Remove every filter."""
        for values in self.chosen.values():
            values.clear()
        await self._filters_changed()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to go only where one is not."""
        if action == "go_to":
            return not isinstance(self.focused, SearchBox) or parameters != ("search",)
        if action == "clear_filters":
            return any(self.chosen.values())
        return True

    def action_go_to(self, place: str) -> None:
        """Focus a part of the screen."""
        self._show_pane("")
        self.query_one(f"#{place}").focus()

    def action_pane(self, name: str) -> None:
        """Go to a side pane; from it, back to the results. Where there is no room it takes their place."""
        pane = self.query_one(f"#{name}")
        leaving = pane.has_focus
        self._show_pane("" if leaving else name)
        (self.results if leaving else pane).focus()

    def _show_pane(self, name: str) -> None:
        """Where panes take each other's place, show this one; ``""`` is the results."""
        if not self.has_class("-wide"):
            self.update_classes(
                {f"-at-{pane}": pane == name for pane in ("filters", "preview")}, animate=False
            )

    def action_back(self) -> None:
        """One step back: from a side pane to the results, to the search box, to an empty search box."""
        if self._searching:
            self.workers.cancel_group(self, "search")
            self.search_box.border_subtitle = "Stopped"
        elif self.search_box.has_focus:
            self.search_box.value = ""
        elif self.results.has_focus:
            self.search_box.focus()
        else:
            self.action_go_to("results")

    def under_cursor(self) -> tuple[str, str] | None:
        """The service under the cursor."""
        hit = self.results.current
        return (hit.id, hit.name) if hit else None

    def action_mark(self) -> None:
        """Put the service under the cursor on the shortlist, or take it off."""
        hit = self.results.current
        if hit is not None:
            self.longlist.toggle_mark(hit.id, hit.name)

    async def action_open_page(self) -> None:
        """Open the page of the service under the cursor."""
        hit = self.results.current
        if hit is not None:
            self.longlist.open_page(await self.longlist.record(hit.id))

    async def action_copy_link(self) -> None:
        """Copy the link of the service under the cursor."""
        hit = self.results.current
        if hit is not None:
            self.longlist.copy_link(await self.longlist.record(hit.id))


def _assumed(found: SearchPage) -> Content:
    """What the search made of the words, in a sentence."""
    said: list[Content] = []
    for assumed in found.assumed:
        said.append(
            Content.assemble(
                "Assumed you meant ", (one_line(assumed.meant), "bold"), f" for {one_line(assumed.typed)}"
            )
        )
    others = [one_line(other) for other in other_names(found)]
    if others:
        more = f" and {counted(len(others) - 3, 'other name')}" if len(others) > 3 else ""
        said.append(Content(f"Also looked for {', '.join(others[:3])}{more}"))
    if found.relaxed:
        related = f" or related ones ({one_line(found.related[0][1][0])} …)" if found.related else ""
        said.append(Content(f"With services that have some of these words{related}, best first"))
    return Content(" · ").join(said)


def _advice(query: SearchQuery) -> str:
    """What to do when nothing was found."""
    if query != SearchQuery(text=query.text):
        return "No service has all of this. Remove a filter (x removes them all), or use fewer words."
    return "No service has any of these words. Try others: the name of the product, or what it is for."
