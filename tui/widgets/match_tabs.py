"""The tabs of the matches: ranking, what was excluded, what to ask, steadiness, an order to take."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import TabbedContent, TabPane

from catalogue.match import Match, MatchResult
from tui.widgets.matches import ExcludedList, MatchList
from tui.widgets.prose import Prose
from tui.widgets.questions import QuestionsPane
from tui.widgets.weights import WeightBars

#: Each tab with what has the focus in it.
TABS = {
    "ranked": "#match-list",
    "excluded": "#excluded-list",
    "questions": "#question-list",
    "steadiness": "#steadiness-pane",
    "order": "#order-pane",
}
#: What is said while another program writes to the catalogue, and where the ranking would stand.
BUSY = "The catalogue is being written to; this page tries again by itself."
NOTHING_YET = (
    "Nothing is ranked yet: another program writes to the catalogue, such as an import. You need do nothing; "
    "r tries at once."
)


def match_tabs() -> ComposeResult:
    """The tabs with everything in them."""
    with TabbedContent(initial="ranked", id="match-tabs"):
        with TabPane("Ranked", id="ranked"):
            yield _pane(WeightBars(id="match-weights", lines=1), "Weights")
            with Horizontal(id="match-panes"):
                yield _pane(MatchList(id="match-list"), "Matches")
                yield _text("Evidence", "details", "match-evidence")
        with TabPane("Excluded", id="excluded"):
            yield _pane(ExcludedList(id="excluded-list"), "Excluded by a must")
        with TabPane("Questions", id="questions"):
            yield QuestionsPane(id="question-panes")
        with TabPane("Steadiness", id="steadiness"):
            yield _text("How steady the ranks are", "steadiness-pane", "steadiness-text")
        with TabPane("Order", id="order"):
            yield _text("Which one first", "order-pane", "order-text")


def label_tabs(tabs: TabbedContent, found: MatchResult, asked: Sequence[Match]) -> None:
    """Say in the names of the tabs how much there is; ``asked`` are matches whose questions are listed."""
    for tab, name, count in (
        ("ranked", "Ranked", len(found.matches)),
        ("excluded", "Excluded", len(found.excluded)),
        ("questions", "Questions", sum(len(match.questions) for match in asked)),
    ):
        label = f"{name} {count:,}"
        if tabs.get_tab(tab).label.plain != label:
            tabs.get_tab(tab).label = Content(label)


def _pane(widget: Widget, title: str) -> Widget:
    widget.add_class("pane")
    widget.border_title = title
    return widget


def _text(title: str, pane_id: str, text_id: str) -> VerticalScroll:
    pane = VerticalScroll(Prose(id=text_id), id=pane_id, classes="pane text", can_focus=True)
    pane.border_title = title
    return pane
