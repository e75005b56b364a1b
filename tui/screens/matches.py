"""Matches: every service ranked against the profile, with the evidence for each point beside it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from functools import partial
from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.timer import Timer
from textual.widgets import Static, TabbedContent

from catalogue.errors import CatalogueBusyError, LonglistError
from catalogue.groups import Group, groups_of, reordered
from catalogue.match import Match, MatchResult
from catalogue.profile import Profile
from catalogue.sequence import sequence_of
from catalogue.stability import Steadiness, stability_of
from tui.links import copy_link, open_page
from tui.screens.base import LonglistScreen
from tui.screens.patience import patience
from tui.screens.reckoning import ReckoningScreen
from tui.screens.service import ServiceScreen
from tui.trying import Moving, Weights, even, save_weights
from tui.widgets.beside import details_of, order_of, steadiness_of
from tui.widgets.evidence import BARRIERS
from tui.widgets.match_tabs import BUSY, NOTHING_YET, TABS, label_tabs, match_tabs
from tui.widgets.matches import ExcludedList, MatchList
from tui.widgets.plain import counted, paragraph
from tui.widgets.prose import Prose
from tui.widgets.questions import QuestionList, QuestionsPane
from tui.widgets.rows import RowList
from tui.widgets.weights import WeightBars, weights_told

#: Matches whose questions are listed: as many as anybody would write to. Those whose steadiness is told.
_ASKED, _STEADY = 30, 20
#: Seconds after which a catalogue that was being written to is matched again.
_AGAIN = 3.0
#: Seconds without another weight before it is worked out how steady the ranks are.
_PAUSE = 0.4
#: Seconds in which a list is painted before what is beside it is worked out.
_PAINTED = 0.02


class MatchesScreen(LonglistScreen):
    """The ranking for the profile chosen."""

    MODE = "matches"
    CSS_PATH = "matches.tcss"
    AUTO_FOCUS = "#match-list"
    ABOUT = (
        "Services ranked by what in their listings speaks for and against your profile. A score is the sum "
        "of the points below it: L legacy systems, R resources, S skills, C customers. A bar is as long as "
        "its barrier weighs, and full when all of that is reached. w changes the weights and shows who moves "
        "(▲ up, ▼ down); nothing is written before Ctrl+S. The other tabs hold what a must excluded, what to "
        "ask, how steady the ranks are, and which service to take first."
    )

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "z",
            "profile_weights",
            "Profile's",
            id="matches.own-weights",
            tooltip="Back to the weights of the profile",
        ),
        Binding(
            "ctrl+s",
            "save_weights",
            "Save",
            id="matches.save-weights",
            tooltip="Save the weights in the profile",
        ),
        Binding(
            "p",
            "details",
            "Evidence",
            id="matches.details",
            tooltip="Go to the evidence, or back to the list",
        ),
        Binding("t", "next_tab(1)", "Next tab", id="matches.tab", tooltip="The next tab"),
        Binding(
            "T", "next_tab(-1)", "Tab before", show=False, id="matches.tab-before", tooltip="The tab before"
        ),
        Binding("w", "weights", "Weights", id="matches.weights", tooltip="Change the weights, or back"),
        Binding(
            "space,m",
            "mark",
            "Mark",
            id="matches.mark",
            tooltip="Put the service on the shortlist, or take it off",
        ),
        Binding(
            "e",
            "explain",
            "Reckoning",
            id="matches.explain",
            tooltip="The reckoning of its points, rule by rule",
        ),
        Binding(
            "x",
            "sellers",
            "Sellers",
            id="matches.sellers",
            tooltip="Show every seller of this product, or fold them",
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
    questions = getters.query_one(QuestionsPane)
    details = getters.query_one("#details", VerticalScroll)
    bars = getters.query_one("#match-weights", WeightBars)

    def __init__(self) -> None:
        super().__init__()
        self._matched_digest: str | None = None
        self._tried: Weights | None = None
        self.result: MatchResult | None = None
        self._groups: tuple[Group, ...] = ()
        #: The ranks with the profile's own weights, while others are tried out.
        self._before: dict[str, int] = {}
        self._steadiness: dict[str, Steadiness] = {}
        #: Whether other weights are tried out, and anything is ranked, as the keys offered know it.
        self._offered = (False, False)
        self._looked_at = ""
        #: The match whose evidence is shown, in which ranking, with its group and steadiness.
        self._detailed: tuple[Match, MatchResult, Group | None, Steadiness | None] | None = None
        self._moving = Moving()
        #: Matches again where the catalogue was being written to.
        self._again: Timer | None = None

    def body(self) -> ComposeResult:
        """A line about the matching, and the tabs."""
        yield Static("", id="about-match", markup=False)
        yield from match_tabs()

    def commands(self) -> Iterable[SystemCommand]:
        """The tabs by name."""
        for tab in TABS:
            yield SystemCommand(f"Matches: {tab}", "Go to this tab", partial(self.go_to, tab))

    def sitting_changed(self, what: str) -> None:
        """Match when there is another profile; stars follow the shortlist."""
        session = self.longlist.session
        self.ranking.marked = frozenset(session.marks)
        self.ranking.chosen = frozenset(session.chosen)
        profile = session.profile
        if profile is None:
            self._say(
                "No profile is chosen. Press 4 to choose one: matching needs to know what stands in your way."
            )
        elif profile.digest != self._matched_digest or what == "catalogue":
            self.action_match_again()
        elif session.tried != self._tried:
            self.try_out()

    def under_cursor(self) -> tuple[str, str] | None:
        """The service under the cursor of the tab in front."""
        lists: dict[str, MatchList | ExcludedList | QuestionList] = {
            "ranked": self.ranking,
            "excluded": self.excluded,
            "questions": self.questions.list,
        }
        rows = lists.get(self.tabs.active)
        current = rows.current if rows is not None else None
        return (current.service.id, current.service.record.name) if current is not None else None

    def _say(self, text: str) -> None:
        self.query_one("#about-match", Static).update(paragraph(text))

    def _say_busy(self, profile: Profile) -> None:
        """Say that the catalogue is being written to, and what stands below meanwhile."""
        self._say(BUSY if self.result is None else f"{BUSY} Below is the ranking of before.")
        self.ranking.nothing = NOTHING_YET
        if self.result is None:
            self.bars.show(profile.weights)

    # Matching.

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
        self._matched_digest, self._tried = profile.digest, session.tried
        self._moving.end()
        if self._again is not None:
            self._again.stop()
        self.ranking.nothing = ""
        waiting = f"Matching for {profile.organisation.name} … Esc stops it"
        self.ranking.loading = True
        try:
            with patience(self, lambda spinner: self._say(f"{spinner} {waiting}")):
                own = await session.matched()
                self._groups = await asyncio.to_thread(groups_of, own)
                found = await session.ranked()
        except CatalogueBusyError:
            self._matched_digest = None
            self._say_busy(profile)
            self._again = self.set_timer(_AGAIN, self.action_match_again)
            return
        except LonglistError as error:
            self._matched_digest = None
            self._say("Matching did not work; r tries again.")
            self.longlist.tell(error)
            return
        finally:
            self.ranking.loading = False
            self.refresh_bindings()
        self._show(found, own)

    @work(exclusive=True, group="match")
    async def try_out(self) -> None:
        """Rank what was judged with other weights; the cursor stays at its service."""
        session = self.longlist.session
        self._tried = session.tried
        try:
            own = await session.matched()
            found = await session.ranked()
        except LonglistError as error:
            self.longlist.tell(error)
            return
        self._show(found, own, anew=False)

    def _show(self, found: MatchResult, own: MatchResult, *, anew: bool = True) -> None:
        self.result = found
        tried = found is not own
        self._before = {match.service.id: match.rank for match in own.matches} if tried else {}
        self._groups = reordered(self._groups, found)
        self._steadiness = {}
        self._say(weights_told(found.profile, saved=not self._before))
        weights = found.profile.weights
        self.bars.show(weights)
        shares = "  ".join(f"{letter} {own.profile.weights[key]:.0f}" for key, letter, _ in BARRIERS)
        self.bars.border_subtitle = f"z back to {shares}" if tried else "← → change · Esc back"
        self.ranking.show(found.matches, weights, self._groups, self._before, anew=anew)
        self._show_details()
        self.ranking.border_subtitle = counted(len(found.matches), "match", "matches")
        asked = found.matches[:_ASKED]
        if anew or self.tabs.active == "questions":
            self.questions.show(asked)
        if anew:
            self.excluded.show(found.excluded)
            self.excluded.border_subtitle = counted(len(found.excluded), "service")
        label_tabs(self.tabs, found, asked)
        if not found.matches:
            self._detailed = None
            self.query_one("#match-evidence", Prose).update(
                ["Every service is excluded by a must of the profile, or none fits. The second tab says why."]
            )
        self._offer()
        self.look_beside(wait=not anew)

    @work(exclusive=True, group="beside")
    async def look_beside(self, *, wait: bool = False) -> None:
        """Work out how steady the first are, and which to take first, once the weights rest."""
        found, groups = self.result, self._groups
        if found is None:
            return
        if wait:
            await asyncio.sleep(_PAUSE)
        steadiness = await asyncio.to_thread(stability_of, found, _STEADY)
        self._steadiness = {steady.match.service.id: steady for steady in steadiness}
        self._show_details()
        self.query_one("#steadiness-text", Prose).update(steadiness_of(steadiness))
        order = await asyncio.to_thread(sequence_of, found, groups)
        self.query_one("#order-text", Prose).update(order_of(found.profile, order))

    # What is under the cursor.

    @on(RowList.Moved, "#match-list")
    def _moved(self) -> None:
        self.look_at()

    @work(exclusive=True, group="details")
    async def look_at(self) -> None:
        """Show the evidence of the match under the cursor, after the list is painted."""
        await asyncio.sleep(_PAINTED)
        self._show_details()
        match = self.ranking.current
        if match is not None and match.service.id != self._looked_at:
            self._looked_at = match.service.id
            self.details.scroll_home(animate=False)

    def _offer(self) -> None:
        """Draw the keys again, where others are offered: that takes longer than all the rest."""
        offered = (self.longlist.session.tried is not None, self.ranking.total > 0)
        if offered != self._offered:
            self._offered = offered
            self.refresh_bindings()

    def _show_details(self) -> None:
        """Show the evidence of the match under the cursor, unless it is there already."""
        match, result = self.ranking.current, self.result
        if match is None or result is None:
            return
        wanted = (match, result, self.ranking.group, self._steadiness.get(match.service.id))
        if self._detailed is None or any(
            now is not before for now, before in zip(wanted, self._detailed, strict=True)
        ):
            self._detailed = wanted
            self.query_one("#match-evidence", Prose).update(details_of(*wanted))

    @on(QuestionsPane.Copied)
    def _copied(self, event: QuestionsPane.Copied) -> None:
        self.app.copy_to_clipboard(event.text)
        self.longlist.say(event.said)

    @on(TabbedContent.TabActivated)
    def _tab_activated(self) -> None:
        self.refresh_bindings()
        if self.tabs.active == "questions" and self.result is not None:
            self.questions.show(self.result.matches[:_ASKED])

    @on(RowList.Chosen, "#match-list")
    @on(RowList.Chosen, "#excluded-list")
    @on(RowList.Chosen, "#question-list")
    def _open(self) -> None:
        current = self.under_cursor()
        if current is not None:
            self.app.push_screen(ServiceScreen(current[0], tab="evidence"))

    # Weights.

    @on(WeightBars.Changed)
    def _weight_changed(self, event: WeightBars.Changed) -> None:
        session = self.longlist.session
        if self.result is not None and session.profile is not None:
            now = session.tried or session.profile.weights
            self._try(self._moving.to(event.share_of(now), event.barrier, now))

    @on(WeightBars.Reset)
    def _weights_reset(self, event: WeightBars.Reset) -> None:
        self._moving.end()
        self._try(even(preset=event.preset))

    def _try(self, weights: Weights | None) -> None:
        """Rank with these weights, or with the profile's own."""
        session = self.longlist.session
        if session.profile is None:
            return
        own = session.profile.weights
        session.tried = None if weights is None or weights == own else weights
        self.bars.show(session.tried or own)
        self.longlist.sitting_changed.publish("weights")

    def action_weights(self) -> None:
        """Go to the weights; from them, back to the list."""
        self.tabs.active = "ranked"
        leaving = self.bars.has_focus
        self.update_classes({"-at-weights": not leaving, "-at-details": False}, animate=False)
        (self.ranking if leaving else self.bars).focus()

    def action_profile_weights(self) -> None:
        """Back to the weights of the profile."""
        self._moving.end()
        self._try(None)
        self.longlist.say("These are the weights of the profile again.")

    @work(exclusive=True, group="save-weights")
    async def action_save_weights(self) -> None:
        """Put the weights that are tried out into the profile's file."""
        await save_weights(self.longlist)

    # Where one is, and what keys do.

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        """Offer what can be done."""
        if action in ("profile_weights", "save_weights"):
            return self.longlist.session.tried is not None
        if not self.is_mounted:
            return True
        tab = self.tabs.active
        if action == "sellers":
            return tab == "ranked" and self.ranking.total > 0
        if action in ("explain", "details"):
            return tab in ("ranked", "questions") and self.ranking.total > 0
        if action in ("mark", "open_page", "copy_link"):
            return self.under_cursor() is not None
        return True

    def go_to(self, tab: str) -> None:
        """Show a tab and go to what is in it."""
        self.tabs.active = tab
        self.query_one(TABS[tab]).focus()

    def action_next_tab(self, by: int) -> None:
        """The next tab or the one before, and round again."""
        tabs = list(TABS)
        self.go_to(tabs[(tabs.index(self.tabs.active) + by) % len(tabs)])

    def action_details(self) -> None:
        """Go to the evidence, or to the text beside another list; from it, back to the list."""
        if self.tabs.active == "questions":
            self.questions.go_across()
            return
        self.tabs.active = "ranked"
        leaving = self.details.has_focus
        self.update_classes({"-at-details": not leaving, "-at-weights": False}, animate=False)
        (self.ranking if leaving else self.details).focus()

    def action_back(self) -> None:
        """Stop matching, or go back to the list."""
        if self.ranking.loading:
            self.workers.cancel_group(self, "match")
            self._matched_digest = None
            self._say("Stopped. r matches again.")
        self.update_classes({"-at-details": False, "-at-weights": False}, animate=False)
        self.go_to("ranked")

    def action_sellers(self) -> None:
        """Show every seller of this product, or fold them again."""
        if self.ranking.group is None:
            self.longlist.say("No other seller of this product was found among the matches.")
        self.ranking.toggle_sellers()

    def action_explain(self) -> None:
        """Open the reckoning of the service under the cursor, rule by rule."""
        match = self.questions.list.current if self.tabs.active == "questions" else self.ranking.current
        if match is not None and self.result is not None:
            self.app.push_screen(ReckoningScreen(match, self.result))

    def action_mark(self) -> None:
        """Put the service under the cursor on the shortlist, or take it off."""
        current = self.under_cursor()
        if current is not None:
            self.longlist.toggle_mark(*current)

    async def action_open_page(self) -> None:
        """Open the page of the service under the cursor."""
        current = self.under_cursor()
        if current is not None:
            open_page(self.longlist, await self.longlist.record(current[0]))

    async def action_copy_link(self) -> None:
        """Copy the link of the service under the cursor."""
        current = self.under_cursor()
        if current is not None:
            copy_link(self.longlist, await self.longlist.record(current[0]))
