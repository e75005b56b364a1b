"""Browse: search as you type, filters with counts, and a look at each service beside the list."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from functools import partial
from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input, Static
from textual.worker import Worker

from catalogue.errors import LonglistError
from catalogue.model import SORTS, FacetCount, SearchPage, SearchQuery
from db.search import FILTERS, count_filter, search, warm
from tui.links import copy_link, open_page
from tui.narrowing import ORDERS, Narrowing, chip_label
from tui.screens import browse_boxes as boxes
from tui.screens.base import LonglistScreen
from tui.screens.patience import patience
from tui.screens.project_search import save_into_project, titled
from tui.screens.service import ServiceScreen
from tui.session import SEARCHING
from tui.widgets.chips import Chip, Chips
from tui.widgets.filters import GROUPS, FilterList
from tui.widgets.highlight import Sought, sought_by
from tui.widgets.plain import counted
from tui.widgets.preview import Preview
from tui.widgets.rows import RowList
from tui.widgets.said import advice_for, said_of
from tui.widgets.services import COLUMNS, USUAL, WINDOW, ServiceList

#: Seconds without a key before a search begins, and without one before values are counted.
_PAUSE = 0.015
_COUNTING = 0.05


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
        Binding(
            "S",
            "save_search",
            "Save search",
            show=False,
            id="browse.save",
            tooltip="Save this search into the open project: what it finds is the longlist",
        ),
        Binding("s", "sort", "Sort", id="browse.sort", tooltip="The next order: name, supplier, price …"),
        Binding("v", "columns", "Columns", id="browse.columns", tooltip="Choose the columns of the list"),
        Binding(
            "a",
            "ask",
            "Answer",
            show=False,
            id="browse.answer",
            tooltip="Filter by the answer to a question of the listings",
        ),
        Binding(
            "backspace,delete",
            "remove_last",
            "Remove filter",
            show=False,
            id="browse.remove",
            tooltip="Remove the filter that was set last",
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
        self.narrowing = Narrowing()
        self.asked = SearchQuery()
        self.found: SearchPage | None = None
        self.sought = Sought()
        self._searching = False
        self._is_warm = False
        #: The search that is under way or was last, and whether Enter waits for it to open its first service.
        self._looking: Worker[None] | None = None
        self._opens = False

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
        self.narrowing.resume(left.filters, left.sort)
        kept = self.longlist.memory.columns
        self.results.columns = USUAL if kept is None else tuple(key for key in COLUMNS if key in kept)
        self.look()
        if self.narrowing.any_set:
            self.call_later(self._filters_changed)

    @property
    def query_now(self) -> SearchQuery:
        """What is typed and chosen."""
        return self.narrowing.query(self.search_box.value)

    def sitting_changed(self, what: str) -> None:
        """Marks follow the shortlist and what is to be compared; another catalogue is searched anew."""
        if what == "catalogue":
            self.look()
        self.results.marked = frozenset(self.longlist.session.marks)
        self.results.chosen = frozenset(self.longlist.session.chosen)
        self.search_box.border_title = titled(self.longlist.session.project)

    @on(Input.Changed, "#search")
    def _typed(self) -> None:
        self.look()

    @on(Input.Submitted, "#search")
    def _submitted(self) -> None:
        if self.focused is self.results:  # a second Enter that was here before the first had its effect
            self._open()
        else:
            self.set_focus(self.results)

    def look(self) -> None:
        """Search for what is typed; a later call takes the place of this one."""
        self._opens = False
        self._looking = self._look()

    @work(exclusive=True, group="search")
    async def _look(self) -> None:
        if self.found is not None:
            await asyncio.sleep(_PAUSE)
        self.workers.cancel_group(self, "counts")
        query = self.query_now
        try:
            with patience(self, self._say_searching):
                found = await self.longlist.session.ask(
                    lambda catalogue: search(catalogue, query, limit=WINDOW), lane=SEARCHING
                )
        except LonglistError as error:
            self.longlist.tell(error)
            return
        finally:
            self._searching = False
        self._show(query, found)
        self.count(query)
        if self._opens and self.is_current:
            self._open_current()
        self._opens = False

    def _say_searching(self, spinner: str) -> None:
        self._searching = True
        self.search_box.border_subtitle = f"{spinner} Searching… Esc stops it"

    def _show(self, query: SearchQuery, found: SearchPage) -> None:
        self.asked, self.found = query, found
        self.sought = sought_by(query.text, found)
        self.search_box.border_subtitle = counted(found.total, "service")
        self.results.show(found.total, found.hits)
        order = "" if query.sort == SORTS[0] else f" · {ORDERS[query.sort]}"
        self.results.border_title = f"Services{order}"
        said = said_of(found, query.sort)
        line = self.query_one("#assumed", Static)
        line.update(said)
        line.display = bool(said)
        # In the list: where the screen is small there is nothing beside it.
        self.results.nothing = "" if found.total else advice_for(query, found)
        if not found.total:
            self.preview.say("")

    @work(exclusive=True, group="counts")
    async def count(self, query: SearchQuery) -> None:
        """Count the values of each filter for what was searched, filter by filter: a key stops it soon."""
        await asyncio.sleep(min(_COUNTING, _PAUSE))
        session, counts = self.longlist.session, dict[str, tuple[FacetCount, ...]]()
        try:
            for group in (*FILTERS, *self.narrowing.questions):
                counting = partial(count_filter, query=query, name=group)
                counts[group] = await session.ask(counting, lane=SEARCHING)
            self.filters.show(counts, self.narrowing.chosen, self.narrowing.questions)
            if not self._is_warm:
                await session.ask(warm, lane=SEARCHING)
                self._is_warm = True
        except LonglistError as error:
            self.longlist.tell(error)

    @on(ServiceList.WindowWanted)
    def _wanted(self, event: ServiceList.WindowWanted) -> None:
        self.fetch_window(event.offset)

    @work(group="windows")
    async def fetch_window(self, offset: int) -> None:
        """Get one more window of the results shown."""
        query, found = self.asked, self.found
        try:
            more = await self.longlist.session.ask(
                lambda catalogue: search(catalogue, query, limit=WINDOW, offset=offset), lane=SEARCHING
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
        """Open the service under the cursor: of what is typed, so not before that was searched."""
        if self._looking is not None and not self._looking.is_finished:
            self._opens = True
        else:
            self._open_current()

    def _open_current(self) -> None:
        hit = self.results.current
        if hit is not None:
            self.app.push_screen(ServiceScreen(hit.id, self.sought))

    @on(FilterList.Toggled)
    async def _filter_toggled(self, event: FilterList.Toggled) -> None:
        await self.toggle(event.group, event.value, event.name)

    @on(Chip.Removed)
    async def _chip_removed(self, event: Chip.Removed) -> None:
        await self.toggle(event.group, event.value, event.name)
        self.results.focus()

    async def toggle(self, group: str, value: str, name: str) -> None:
        """Set a value of a filter, or remove it."""
        self.narrowing.toggle(group, value, name)
        await self._filters_changed()

    async def _filters_changed(self) -> None:
        titles = {**dict(GROUPS), **self.narrowing.questions}
        self.refresh_bindings()
        self.filters.show(self.filters.counts, self.narrowing.chosen, self.narrowing.questions)
        await self.query_one(Chips).show(
            [
                (group, value, name, chip_label(group, value, name, titles))
                for group, value, name in self.narrowing.every()
            ]
        )
        self.look()

    async def action_clear_filters(self) -> None:
        """Remove every filter."""
        self.narrowing.clear()
        await self._filters_changed()

    async def action_remove_last(self) -> None:
        """Remove the last of the chips."""
        *_, last = self.narrowing.every()
        await self.toggle(*last)

    @on(FilterList.Wanted)
    def _values_wanted(self, event: FilterList.Wanted) -> None:
        if event.group:
            boxes.pick_value(self, event.group)
        else:
            self.action_ask()

    def action_ask(self) -> None:
        """Choose a question whose answers become filters."""
        self.run_worker(boxes.pick_question(self), exclusive=True, group="pick")

    def open_question(self, question: str) -> None:
        """Make the options of a question filters, and go to them."""
        self.narrowing.open_question(question)
        self.filters.show(self.filters.counts, self.narrowing.chosen, self.narrowing.questions)
        self._show_pane("filters")
        self.filters.focus()
        self.filters.go_to_group(question)
        self.count(self.query_now)

    def action_sort(self) -> None:
        """The next order."""
        self.sort_by(SORTS[(SORTS.index(self.narrowing.sort) + 1) % len(SORTS)])

    @on(ServiceList.HeadClicked)
    def _head_clicked(self, event: ServiceList.HeadClicked) -> None:
        self.sort_by(SORTS[0] if event.sort == self.narrowing.sort else event.sort)

    def sort_by(self, sort: str) -> None:
        """Show the results in this order."""
        self.narrowing.sort = sort
        self.look()

    def commands(self) -> Iterable[SystemCommand]:
        """Every order by its name."""
        for sort, name in ORDERS.items():
            yield SystemCommand(f"Sort: {name}", "The order of the services", partial(self.sort_by, sort))

    def action_columns(self) -> None:
        """Choose the columns, and keep them for the next sitting."""
        boxes.choose_columns(self)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to go only where one is not."""
        if action == "go_to":
            return not isinstance(self.focused, SearchBox) or parameters != ("search",)
        if action in ("clear_filters", "remove_last"):
            return self.narrowing.any_set
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
        self._opens = False
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

    def action_save_search(self) -> None:
        """Save this search into the open project."""
        save_into_project(self, self.query_now)

    async def action_open_page(self) -> None:
        """Open the page of the service under the cursor."""
        hit = self.results.current
        if hit is not None:
            open_page(self.longlist, await self.longlist.record(hit.id))

    async def action_copy_link(self) -> None:
        """Copy the link of the service under the cursor."""
        hit = self.results.current
        if hit is not None:
            copy_link(self.longlist, await self.longlist.record(hit.id))
