"""The tabs of upkeep that are lists: runs, the issues of one, and what changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on, work
from textual.message import Message

from catalogue.errors import LonglistError
from catalogue.history import NEW, Change
from catalogue.model import FacetCount
from catalogue.runs import RunSummary, Tally
from db.catalogue import Catalogue
from db.history import HistoryQuery, change_counts, changes, count_changes, shortlisted
from db.runs import issues_of
from tui.widgets.change_rows import FIELD_NAMES, WINDOW, ChangeRows, change_told
from tui.widgets.issue_rows import IssueRows, Met, groups_of, issue_told
from tui.widgets.names import short_lot
from tui.widgets.narrow import Group, NarrowList, of_group, toggled
from tui.widgets.panes import Panes
from tui.widgets.plain import counted
from tui.widgets.rows import RowList
from tui.widgets.run_report import run_report
from tui.widgets.run_rows import RunRows

if TYPE_CHECKING:
    from tui.screens.base import LonglistScreen

#: Questions about the history use the same connections again.
_LANE = "changes"
#: Suppliers with most changes that can be chosen.
_SUPPLIERS = 20
#: Stretches of time to look back over: days and name.
_SINCE = (("1", "the last day"), ("7", "the last week"), ("30", "the last month"))


class RunsPanes(Panes):
    """The runs, and the report of the one under the cursor."""

    NARROWS: ClassVar[bool] = False

    class Looked(Message):
        """Another run is under the cursor."""

        def __init__(self, run: RunSummary) -> None:
            self.run = run
            super().__init__()

    def __init__(self, *, id: str) -> None:
        self.list = RunRows(id="run-rows")
        super().__init__(self.list, "Runs", "Report", id=id)
        self._tallies: dict[int, Tally] = {}
        self._working: int | None = None

    def show(self, runs: list[RunSummary], tallies: dict[int, Tally], working: int | None) -> None:
        """Show these runs; ``working`` is the one that is under way."""
        self._tallies, self._working = tallies, working
        self.list.show(runs, working)
        self.list.border_subtitle = counted(len(runs), "run")
        if not runs:
            self.say_nothing("No run yet. s fetches the services of the marketplace, l pulls a catalogue.")

    @on(RowList.Moved, "#run-rows")
    def _moved(self) -> None:
        run = self.list.current
        if run is not None:
            self.text.update(run_report(run, self._tallies.get(run.id), at_work=run.id == self._working))
            self.details.scroll_home(animate=False)
            self.post_message(self.Looked(run))


class IssuesPanes(Panes):
    """The issues of one run, by kind and lot, each with an example page and what to do."""

    def __init__(self, *, id: str) -> None:
        self.list = IssueRows(id="issue-rows")
        super().__init__(self.list, "Issues", "In full", id=id)
        self._met: tuple[Met, ...] = ()
        self._run: int | None = None
        self._ticked: set[tuple[str, str]] = set()

    @property
    def screen_(self) -> LonglistScreen:
        """The screen, with its own type."""
        return cast("LonglistScreen", self.screen)

    @work(exclusive=True, group="issues")
    async def read(self, run: RunSummary | None) -> None:
        """Read the issues of a run."""
        if run is None:
            self._met = ()
        else:
            try:
                found = await self.screen_.longlist.session.ask(
                    lambda catalogue: issues_of(catalogue, run.id)
                )
            except LonglistError as error:
                self.screen_.longlist.tell(error)
                return
            self._met = tuple(Met(issue, times) for issue, times in found)
        if (run.id if run else None) != self._run:
            self._ticked, self._run = set(), run.id if run else None
        self.list.border_title = f"Issues of run {run.id}" if run else "Issues"
        self._arrange()

    def _arrange(self) -> None:
        kinds, lots = of_group(self._ticked, "kind"), of_group(self._ticked, "lot")
        shown = [
            met
            for met in self._met
            if (not kinds or met.issue.kind in kinds) and (not lots or met.lot in lots)
        ]
        self.narrow.show(groups_of(self._met), self._ticked)
        self.list.show(shown)
        self.list.border_subtitle = counted(sum(met.times for met in shown), "issue")
        if not shown:
            self.say_nothing("This run met nothing odd." if self._run else "No run yet.")

    @on(NarrowList.Toggled)
    def _toggled(self, event: NarrowList.Toggled) -> None:
        event.stop()
        self._ticked = toggled(self._ticked, event.group, event.value)
        self._arrange()

    @on(RowList.Moved, "#issue-rows")
    def _moved(self) -> None:
        met = self.list.current
        if met is not None:
            self.text.update(issue_told(met))
            self.details.scroll_home(animate=False)


class ChangesPanes(Panes):
    """What changed, by time, field, lot and supplier, with both texts of each."""

    def __init__(self, *, id: str) -> None:
        self.list = ChangeRows(id="change-rows")
        super().__init__(self.list, "Changes", "Before and after", id=id)
        self.ticked: set[tuple[str, str]] = set()
        self._query = HistoryQuery()
        self._groups: list[Group] = []

    @property
    def screen_(self) -> LonglistScreen:
        """The screen, with its own type."""
        return cast("LonglistScreen", self.screen)

    @work(exclusive=True, group="changes")
    async def read(self) -> None:
        """Read the first of what is asked for, and then what it can be narrowed by."""
        screen = self.screen_
        now = screen.longlist.session.clock()
        ticked = frozenset(self.ticked)

        def ask(catalogue: Catalogue) -> tuple[HistoryQuery, int, int, list[Change]]:
            with catalogue.snapshot():
                query = _query(catalogue, ticked, now)
                services, total = count_changes(catalogue, query)
                return query, services, total, changes(catalogue, query, limit=WINDOW)

        try:
            with screen.waiting("Reading the history"):
                self._query, services, total, first = await screen.longlist.session.ask(ask, lane=_LANE)
                self.list.show(total, first)
                self.list.border_subtitle = f"{counted(total, 'change')} in {counted(services, 'service')}"
                if not total:
                    self.say_nothing("Nothing that fits what is ticked has changed." if ticked else _NOTHING)
                query = self._query
                self._groups = await screen.longlist.session.ask(
                    lambda catalogue: _groups(catalogue, query), lane=_LANE
                )
        except LonglistError as error:
            screen.longlist.tell(error)
            return
        self.narrow.show(self._groups, self.ticked)

    @on(ChangeRows.WindowWanted)
    def _wanted(self, event: ChangeRows.WindowWanted) -> None:
        self._add(self._query, event.offset)

    @work(group="windows")
    async def _add(self, query: HistoryQuery, offset: int) -> None:
        """Read on."""
        try:
            found = await self.screen_.longlist.session.ask(
                lambda catalogue: changes(catalogue, query, limit=WINDOW, offset=offset), lane=_LANE
            )
        except LonglistError as error:
            self.screen_.longlist.tell(error)
            return
        if query == self._query:
            self.list.add(offset, found)

    @on(NarrowList.Toggled)
    def _toggled(self, event: NarrowList.Toggled) -> None:
        event.stop()
        self.ticked = toggled(self.ticked, event.group, event.value)
        self.narrow.show(self._groups, self.ticked)
        self.read()

    @on(RowList.Moved, "#change-rows")
    def _moved(self) -> None:
        change = self.list.current
        if change is not None:
            self.text.update(change_told(change))
            self.details.scroll_home(animate=False)


def _query(catalogue: Catalogue, ticked: frozenset[tuple[str, str]], now: datetime) -> HistoryQuery:
    """What is asked for by what is ticked."""
    days = of_group(ticked, "since")
    return HistoryQuery(
        since=now - timedelta(days=int(days[0])) if days else None,
        services=shortlisted(catalogue) if ("only", "shortlisted") in ticked else None,
        fields=of_group(ticked, "field"),
        lots=of_group(ticked, "lot"),
        suppliers=of_group(ticked, "supplier"),
    )


_NOTHING = "Nothing has changed yet: changes are told from the second time on that a service is read."


def _groups(catalogue: Catalogue, query: HistoryQuery) -> list[Group]:
    """What the changes can be narrowed by, each group counted as if nothing of it were ticked."""
    wanted = shortlisted(catalogue)
    new = count_changes(catalogue, replace(query, fields=(NEW,)))[1]
    fields = [
        FacetCount(count.value, FIELD_NAMES.get(count.value, count.value), count.count)
        for count in change_counts(catalogue, "field", replace(query, fields=()))
    ]
    if new:
        fields.append(FacetCount(NEW, FIELD_NAMES[NEW], new))
    lots = tuple(
        replace(lot, name=short_lot(lot.value))
        for lot in change_counts(catalogue, "lot", replace(query, lots=()))
    )
    suppliers = change_counts(catalogue, "supplier", replace(query, suppliers=()))
    ticked = set(query.suppliers)
    few = [
        *(each for each in suppliers if each.value in ticked),
        *(each for each in suppliers if each.value not in ticked),
    ]
    only = (FacetCount("shortlisted", f"your shortlists ({len(wanted)})", 0),) if wanted else ()
    return [
        Group("only", "Only", only, single=True, counted=False),
        Group(
            "since",
            "When",
            tuple(FacetCount(days, name, 0) for days, name in _SINCE),
            single=True,
            counted=False,
        ),
        Group("field", "What", tuple(fields)),
        Group("lot", "Lot", lots),
        Group("supplier", "Supplier", tuple(few[:_SUPPLIERS])),
    ]
