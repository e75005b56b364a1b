"""Matches: every service ranked against the profile, with the evidence for each point beside it."""

from __future__ import annotations

from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Static, TabbedContent, TabPane

from catalogue.errors import LonglistError
from catalogue.match import Match, MatchResult
from tui.screens.base import LonglistScreen
from tui.screens.patience import patience
from tui.screens.service import ServiceScreen
from tui.widgets.evidence import BARRIERS, evidence_of
from tui.widgets.matches import ExcludedList, MatchList
from tui.widgets.plain import counted, one_line, paragraph
from tui.widgets.prose import Part, Prose, bullet, titled
from tui.widgets.rows import RowList

#: Matches whose questions are listed together: as many as anybody would write to.
_ASKED = 30
_TABS = ("ranked", "excluded", "questions")


class MatchesScreen(LonglistScreen):
    """The ranking for the profile chosen."""

    MODE = "matches"
    CSS_PATH = "matches.tcss"
    AUTO_FOCUS = "#match-list"
    ABOUT = (
        "Services ranked by what in their listings speaks for and against your profile. A score is the sum "
        "of the points below it: L legacy systems, R resources, S skills, C customers. A bar is full when "
        "all of the barrier's weight is reached. What a must of the profile excluded is in the second tab."
    )

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "p",
            "details",
            "Evidence",
            id="matches.details",
            tooltip="Go to the evidence, or back to the list",
        ),
        Binding("t", "next_tab", "Next tab", id="matches.tab", tooltip="Ranked, excluded, questions"),
        Binding(
            "space,m",
            "mark",
            "Mark",
            id="matches.mark",
            tooltip="Put the service on the shortlist, or take it off",
        ),
        Binding(
            "o", "open_page", "Web page", show=False, id="matches.open", tooltip="Open its page in a browser"
        ),
        Binding(
            "y", "copy_link", "Copy link", show=False, id="matches.copy", tooltip="Copy the link of its page"
        ),
        Binding("r", "match_again", "Again", show=False, id="matches.again", tooltip="Match again"),
        Binding(
            "escape",
            "back",
            "Back",
            show=False,
            id="matches.back",
            tooltip="Back to the list, or stop matching",
        ),
    ]

    tabs = getters.query_one(TabbedContent)
    ranking = getters.query_one("#match-list", MatchList)
    excluded = getters.query_one("#excluded-list", ExcludedList)
    details = getters.query_one("#details", VerticalScroll)

    def __init__(self) -> None:
        super().__init__()
        self._matched_digest: str | None = None

    def body(self) -> ComposeResult:
        """A line about the matching, and three tabs."""
        yield Static("", id="about-match", markup=False)
        with TabbedContent(initial="ranked", id="match-tabs"):
            with TabPane("Ranked", id="ranked"), Horizontal(id="match-panes"):
                ranking = MatchList(id="match-list")
                ranking.add_class("pane")
                ranking.border_title = "Matches"
                yield ranking
                details = VerticalScroll(Prose(id="match-evidence"), id="details", classes="pane text")
                details.border_title = "Evidence"
                details.can_focus = True
                yield details
            with TabPane("Excluded", id="excluded"):
                excluded = ExcludedList(id="excluded-list")
                excluded.add_class("pane")
                excluded.border_title = "Excluded by a must"
                yield excluded
            with TabPane("Questions", id="questions"):
                pane = VerticalScroll(Prose(id="question-list"), id="questions-pane", classes="pane text")
                pane.border_title = "Clarification questions"
                yield pane

    def sitting_changed(self, what: str) -> None:
        """Match when there is another profile; stars follow the shortlist."""
        session = self.longlist.session
        self.ranking.marked = frozenset(session.marks)
        profile = session.profile
        if profile is None:
            self._say(
                "No profile is chosen. Press 4 to choose one: matching needs to know what stands in your way."
            )
        elif profile.digest != self._matched_digest or what == "catalogue":
            self.action_match_again()

    def _say(self, text: str) -> None:
        self.query_one("#about-match", Static).update(paragraph(text))

    def action_match_again(self) -> None:
        """Match the whole catalogue."""
        if self.longlist.session.profile is not None:
            self.match()

    @work(exclusive=True, group="match")
    async def match(self) -> None:
        """Match in a thread, and show the ranking."""
        session = self.longlist.session
        profile = session.profile
        assert profile is not None
        self._matched_digest = profile.digest
        waiting = f"Matching for {profile.organisation.name} … Esc stops it"
        self.ranking.loading = True
        try:
            with patience(self, lambda spinner: self._say(f"{spinner} {waiting}")):
                found = await session.matched()
        except LonglistError as error:
            self._matched_digest = None
            self._say("Matching did not work; r tries again.")
            self.longlist.tell(error)
            return
        finally:
            self.ranking.loading = False
            self.refresh_bindings()
        self._show(found)

    def _show(self, found: MatchResult) -> None:
        profile = self.longlist.session.profile
        assert profile is not None
        preset = f" (preset {profile.preset})" if profile.preset else ""
        shares = "  ".join(f"{letter} {profile.weights[key]:.0f} %" for key, letter, _ in BARRIERS)
        self._say(f"{profile.organisation.name} · weights  {shares}{preset}")
        self.ranking.show(found.matches, profile.weights)
        self.ranking.border_subtitle = counted(len(found.matches), "match", "matches")
        self.excluded.show(found.excluded)
        self.excluded.border_subtitle = counted(len(found.excluded), "service")
        for tab, name, count in (
            ("ranked", "Ranked", len(found.matches)),
            ("excluded", "Excluded", len(found.excluded)),
            ("questions", "Questions", sum(len(match.questions) for match in found.matches[:_ASKED])),
        ):
            self.tabs.get_tab(tab).label = Content(f"{name} {count:,}")
        self.query_one("#question-list", Prose).update(_questions(found.matches[:_ASKED]))
        if not found.matches:
            self.query_one("#match-evidence", Prose).update(
                ["Every service is excluded by a must of the profile, or none fits. The second tab says why."]
            )

    @on(RowList.Moved, "#match-list")
    def _moved(self) -> None:
        match, profile = self.ranking.current, self.longlist.session.profile
        if match is None or profile is None:
            return
        self.query_one("#match-evidence", Prose).update(
            [
                Content.styled(one_line(match.service.record.name), "bold"),
                paragraph(one_line(match.service.record.supplier.name), "$text-accent"),
                "",
                *evidence_of(match, profile.weights),
            ]
        )
        self.details.scroll_home(animate=False)

    @on(RowList.Chosen, "#match-list")
    @on(RowList.Chosen, "#excluded-list")
    def _open(self) -> None:
        service_id = self._current_id()
        if service_id is not None:
            self.app.push_screen(ServiceScreen(service_id, tab="evidence"))

    def _current_id(self) -> str | None:
        rows = self.excluded if self.tabs.active == "excluded" else self.ranking
        return rows.current.service.id if rows.current is not None else None

    def action_mark(self) -> None:
        """Put the service under the cursor on the shortlist, or take it off."""
        rows = self.excluded if self.tabs.active == "excluded" else self.ranking
        if rows.current is not None:
            self.longlist.toggle_mark(rows.current.service.id, rows.current.service.record.name)

    def action_details(self) -> None:
        """Go to the evidence; from it, back to the list."""
        self.tabs.active = "ranked"
        leaving = self.details.has_focus
        self.set_class(not leaving, "-at-details")
        (self.ranking if leaving else self.details).focus()

    def action_next_tab(self) -> None:
        """Ranked, excluded, questions, and round again."""
        tab = _TABS[(_TABS.index(self.tabs.active) + 1) % len(_TABS)]
        self.tabs.active = tab
        self.query_one(
            {"ranked": "#match-list", "excluded": "#excluded-list"}.get(tab, "#questions-pane")
        ).focus()

    def action_back(self) -> None:
        """Stop matching, or go back to the list."""
        if self.ranking.loading:
            self.workers.cancel_group(self, "match")
            self._matched_digest = None
            self._say("Stopped. r matches again.")
        self.remove_class("-at-details")
        self.tabs.active = "ranked"
        self.ranking.focus()

    async def action_open_page(self) -> None:
        """Open the page of the service under the cursor."""
        service_id = self._current_id()
        if service_id is not None:
            self.longlist.open_page(await self.longlist.record(service_id))

    async def action_copy_link(self) -> None:
        """Copy the link of the service under the cursor."""
        service_id = self._current_id()
        if service_id is not None:
            self.longlist.copy_link(await self.longlist.record(service_id))


def _questions(matches: tuple[Match, ...]) -> list[Part]:
    """What to ask, service by service."""
    parts: list[Part] = []
    for match in matches:
        if match.questions:
            record = match.service.record
            parts += [titled(one_line(record.name)), paragraph(one_line(record.supplier.name), "$muted")]
            parts += [bullet(paragraph(one_line(question))) for question in match.questions]
            parts.append("")
    return parts[:-1] if parts else [paragraph("There is nothing to ask.", "$muted")]
