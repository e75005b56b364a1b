"""The longlist: the fate of each service with its reason, one by one or many at once."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Static

from catalogue.errors import LonglistError
from catalogue.match import MatchResult, joined
from catalogue.project import Fate, Listed, snapshot_digest
from catalogue.read import read_service
from catalogue.records import ServiceRecord
from catalogue.replay import unranked_longlist
from tui.links import copy_link, open_page
from tui.projects import OpenProject
from tui.screens import project_forms as forms
from tui.screens.note import NoteScreen
from tui.screens.project_pane import ProjectPane, is_open
from tui.screens.service import ServiceScreen
from tui.widgets.highlight import Sought
from tui.widgets.judged import evidence_without_scores, fate_of
from tui.widgets.listed import ListedList
from tui.widgets.plain import counted, paragraph
from tui.widgets.preview import preview_of
from tui.widgets.prose import Part, Prose
from tui.widgets.rows import RowList

#: What the list shows, one after the other, and what it is called.
_SHOWN: tuple[tuple[Fate | None, str], ...] = (
    (None, "all"),
    ("open", "undecided"),
    ("shortlisted", "kept"),
    ("rejected", "rejected"),
)
#: What keys do with the services of the list.
_OF_SERVICES = (
    *("keep", "reject", "reject_unmet", "reconsider", "tick", "tick_all"),
    *("unmark", "note", "ask", "preview", "open_page", "copy_link"),
)


class LonglistPane(ProjectPane):
    """Services with their fates; beside them what is known of the one under the cursor."""

    FOCUS = "#listed"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "keep", "Shortlist", id="longlist.keep", tooltip="Put what is ticked on the shortlist"),
        Binding(
            "r",
            "reject",
            "Reject",
            id="longlist.reject",
            tooltip="Reject what is ticked, for one reason tied to a requirement",
        ),
        Binding("p", "preview", "Evidence", id="longlist.preview", tooltip="Go to the evidence, or back"),
        Binding("space,m", "tick", "Tick", id="longlist.tick", tooltip="Tick, for what is done to many"),
        Binding(
            "space,m", "unmark", "Unmark", id="longlist.unmark", tooltip="Take this service off the shortlist"
        ),
        Binding("f", "next_filter", "Filter", id="longlist.filter", tooltip="All, undecided, kept, rejected"),
        Binding(
            "b",
            "reject_unmet",
            "Unmet",
            id="longlist.unmet",
            tooltip="Reject all that answer otherwise than a requirement wants",
        ),
        Binding("n", "note", "Note", id="longlist.note", tooltip="Write a note about this service"),
        Binding("q", "ask", "Ask", id="longlist.ask", tooltip="Note a question to the supplier"),
        Binding(
            "u",
            "reconsider",
            "Undecide",
            show=False,
            id="longlist.reconsider",
            tooltip="Leave the fate of what is ticked open again; the trail keeps what it was",
        ),
        Binding(
            "a", "tick_all", "Tick all", show=False, id="longlist.tick-all", tooltip="Tick all that is shown"
        ),
        Binding(
            "o", "open_page", "Web page", show=False, id="longlist.open", tooltip="Open its page in a browser"
        ),
        Binding(
            "y", "copy_link", "Copy link", show=False, id="longlist.copy", tooltip="Copy the link of its page"
        ),
    ]

    listed = getters.query_one("#listed", ListedList)
    details = getters.query_one("#listed-details", VerticalScroll)

    def __init__(self) -> None:
        super().__init__(id="longlist-pane")
        self._fate: Fate | None = None
        #: What services are judged by, and of which profile and records that is.
        self._unranked: tuple[tuple[object, str], asyncio.Future[MatchResult]] | None = None

    def compose(self) -> ComposeResult:
        """A line about what is shown, the list, and the evidence."""
        yield Static("", id="about-longlist", markup=False)
        with Horizontal(id="longlist-panes"):
            listed = ListedList(id="listed")
            listed.add_class("pane")
            yield listed
            details = VerticalScroll(Prose(id="listed-text"), id="listed-details", classes="pane text")
            details.border_title = "Evidence"
            details.can_focus = True
            yield details

    @property
    def _is_informal(self) -> bool:
        return self.opened is None or self.opened.project.informal

    def show(self, opened: OpenProject | None) -> None:
        """Show the services of this project; once the last one is decided, all of them."""
        if self._fate == "open" and opened is not None and not opened.project.of_fate("open"):
            self._fate = None
        before = self.listed.current
        self._draw(opened)
        if before is not None and before.fate == "open":
            self.listed.go_on(before.service_id)

    def _draw(self, opened: OpenProject | None) -> None:
        rows: tuple[Listed, ...] = ()
        if opened is not None:
            fate = None if opened.project.informal else self._fate
            rows = opened.project.longlist if fate is None else opened.project.of_fate(fate)
        self.listed.border_title = "Shortlist" if self._is_informal else "Longlist"
        shown = "" if self._is_informal else f", {dict(_SHOWN)[self._fate]}"
        self.listed.border_subtitle = counted(len(rows), "service") + shown
        self.query_one("#about-longlist", Static).update(paragraph(self._about(opened), "$muted"))
        self.listed.show(opened, rows)
        if not rows:
            self.query_one("#listed-text", Prose).update([])

    def _about(self, opened: OpenProject | None) -> str:
        if opened is None or (opened.project.informal and not opened.project.longlist):
            return "Nothing is marked yet. Press space or m on a service in Browse or Matches to put it here."
        if opened.project.informal:
            return "e exports it · n adds a note · space takes a service off"
        project = opened.project
        counts = "  ".join(
            f"{len(project.longlist) if fate is None else len(project.of_fate(fate))} {name}"
            for fate, name in _SHOWN
        )
        return f"{counts}  (f filters)"

    def filter_by(self, fate: Fate | None) -> None:
        """Show services of this fate only; ``None`` shows all."""
        self._fate = fate
        self._draw(self.opened)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """An informal shortlist has no fates to decide, and an empty one has nothing to act on."""
        if action in _OF_SERVICES and not self.listed.total:
            return False
        if action in ("keep", "reject", "reject_unmet", "reconsider"):
            project = self.opened.project if self.opened is not None else None
            return project is not None and not project.informal and is_open(project)
        if action in ("tick", "tick_all", "next_filter"):
            return not self._is_informal
        if action == "unmark":
            return self._is_informal
        return super().check_action(action, parameters)

    @on(RowList.Moved, "#listed")
    def _moved(self) -> None:
        self.look_at()

    @work(exclusive=True, group="listed-details")
    async def look_at(self) -> None:
        """Show where the service stands, then what its listing says for and against the profile."""
        opened, listed = self.opened, self.listed.current
        if opened is None or listed is None:
            return
        record = opened.record(listed)
        before: list[Part] = [] if opened.project.informal else fate_of(opened, listed)
        after: list[Part] = preview_of(record, Sought()) if record is not None else []
        text = self.query_one("#listed-text", Prose)
        text.update([*before, *after])
        self.details.scroll_home(animate=False)
        if record is None or opened.project.profile is None or opened.project.informal:
            return
        try:
            found = await self._judged(opened, record)
        except LonglistError as error:
            text.update([*before, paragraph(str(error), "$text-error"), "", *after])
            return
        text.update([*before, *evidence_without_scores(found), *after])

    async def _judged(self, opened: OpenProject, record: ServiceRecord) -> MatchResult:
        """A service judged among the longlist, which is read for that once."""
        project = opened.project
        of = project.profile, snapshot_digest(project.longlist)
        if self._unranked is None or self._unranked[0] != of:
            reading = asyncio.to_thread(unranked_longlist, project, opened.records)
            self._unranked = of, asyncio.ensure_future(reading)
        # Another service may be looked at meanwhile: then that waits for the same.
        unranked = await asyncio.shield(self._unranked[1])
        return await asyncio.to_thread(lambda: joined(unranked, [read_service(record)[0]]))

    @on(RowList.Chosen, "#listed")
    def _open(self) -> None:
        if self.listed.current is not None and self.opened is not None:
            scored = self._is_informal or self.opened.project.criteria is not None
            self.app.push_screen(ServiceScreen(self.listed.current.service_id, scored=scored))

    def action_tick(self) -> None:
        """Tick the service under the cursor, or not."""
        self.listed.tick()

    def action_tick_all(self) -> None:
        """Tick all that is shown, or nothing."""
        self.listed.tick_all()

    def action_next_filter(self) -> None:
        """All, undecided, kept, rejected, and round again."""
        fates = [fate for fate, _ in _SHOWN]
        self.filter_by(fates[(fates.index(self._fate) + 1) % len(fates)])

    def action_keep(self) -> None:
        """Put what is ticked on the shortlist."""
        forms.shortlist(self.place, self.listed.chosen)

    def action_reject(self) -> None:
        """Reject what is ticked."""
        forms.reject(self.place, self.listed.chosen)

    def action_reject_unmet(self) -> None:
        """Reject all that answer otherwise than a requirement wants."""
        self.count_unmet()

    @work(exclusive=True, group="unmet")
    async def count_unmet(self) -> None:
        """Count for each requirement which open services answer otherwise, and ask which to reject by."""
        try:
            with self.place.waiting("Reading what the listings answer"):
                counts = await self.place.session.in_projects(
                    lambda store: forms.unmet_counts(store, self.place.session.project_name)
                )
        except LonglistError as error:
            self.place.longlist.tell(error)
            return
        forms.reject_unmet(self.place, counts)

    def action_reconsider(self) -> None:
        """Leave the fate of what is ticked open again."""
        forms.reconsider(self.place, self.listed.chosen)

    def action_unmark(self) -> None:
        """Take the service under the cursor off the shortlist."""
        current, opened = self.listed.current, self.opened
        if current is not None and opened is not None:
            self.place.longlist.toggle_mark(current.service_id, opened.name_of(current.service_id))

    def action_note(self) -> None:
        """Write a note about the service under the cursor."""
        current, opened = self.listed.current, self.opened
        if current is None or opened is None:
            return

        def keep(text: str | None) -> None:
            if text is not None:
                forms.keep_note(self.place, current.service_id, text)

        self.app.push_screen(NoteScreen(opened.name_of(current.service_id), current.note), keep)

    def action_ask(self) -> None:
        """Note a question to the suppliers of what is ticked."""
        forms.ask(self.place, self.listed.chosen)

    def action_preview(self) -> None:
        """Go to the evidence; from it, back to the list."""
        leaving = self.details.has_focus
        self.set_class(not leaving, "-at-details")
        (self.listed if leaving else self.details).focus()

    def back(self) -> bool:
        """From the evidence to the list; whether there was anywhere to go back from."""
        if not self.details.has_focus:
            return False
        self.action_preview()
        return True

    async def action_open_page(self) -> None:
        """Open the page of the service under the cursor."""
        if self.listed.current is not None and self.opened is not None:
            open_page(self.place.longlist, self.opened.record(self.listed.current))

    async def action_copy_link(self) -> None:
        """Copy the link of the service under the cursor."""
        if self.listed.current is not None and self.opened is not None:
            copy_link(self.place.longlist, self.opened.record(self.listed.current))
