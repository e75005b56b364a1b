"""Criteria and weights, and the scores of the shortlist: these wait for those."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from catalogue.match import MatchResult
from catalogue.project import Criteria, Project, actions, progress_of, totals_of
from catalogue.replay import AMONG
from db.purchase import rank
from tui.commands.project.beginning import amount
from tui.projects import OpenProject
from tui.screens.acting import act_at_once, form, named
from tui.screens.form import Entry
from tui.screens.project_pane import ProjectPane, is_open
from tui.screens.project_weights import ask_weights
from tui.screens.service import ServiceScreen
from tui.screens.text import TextScreen
from tui.widgets.plain import counted, one_line, paragraph
from tui.widgets.prose import Block, Part
from tui.widgets.rows import RowList
from tui.widgets.scores import ScoreList

if TYPE_CHECKING:
    from tui.screens.project import ProjectScreen


class ScoresPane(ProjectPane):
    """How the shortlist is judged, and how it comes out."""

    FOCUS = "#score-rows"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "w", "weights", "Weights", id="scores.weights", tooltip="Fix criteria and weights, before scores"
        ),
        Binding(
            "m",
            "match",
            "Match",
            id="scores.match",
            tooltip="How the longlist matches the profile; the trail notes that it was shown",
        ),
    ]

    rows = getters.query_one("#score-rows", ScoreList)

    def __init__(self) -> None:
        super().__init__(id="scores-pane")

    def compose(self) -> ComposeResult:
        """The criteria in a line or two, and the scores."""
        yield Static("", id="about-scores", markup=False)
        rows = ScoreList(id="score-rows")
        rows.add_class("pane")
        rows.border_title = "Scores"
        yield rows

    def show(self, opened: OpenProject | None) -> None:
        """Show those of this project, once its criteria are fixed."""
        criteria = opened.project.criteria if opened is not None else None
        self.rows.border_subtitle = ""
        if opened is None or criteria is None:
            about = (
                "No criteria yet: how services are judged is fixed before the first score is given or shown. "
                "w sets criteria and weights."
            )
            if opened is None or opened.project.informal:
                about = "Criteria and scores come after the search that makes the longlist."
            self.rows.total = 0
        else:
            about = _criteria(criteria)
            self.rows.show(opened)
            self.rows.border_subtitle = progress_of(opened.project) or counted(
                len(opened.project.of_fate("shortlisted")), "service"
            )
        self.query_one("#about-scores", Static).update(paragraph(about, "$muted"))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Criteria belong to a longlist."""
        if action == "weights":
            project = self.opened.project if self.opened is not None else None
            return project is not None and not project.informal and is_open(project)
        if action == "match":
            project = self.opened.project if self.opened is not None else None
            return project is not None and project.criteria is not None and project.profile is not None
        return super().check_action(action, parameters)

    def action_weights(self) -> None:
        """Fix criteria and weights."""
        if self.opened is not None:
            ask_weights(self.place, self.opened.project)

    def action_match(self) -> None:
        """Show how the longlist matches the profile, which the trail notes."""
        show_match(self.place)

    @on(RowList.Chosen, "#score-rows")
    def _chosen(self) -> None:
        row = self.rows.current
        if row is None:
            return
        if row.criterion:
            named(self.place, lambda: score(self.place, row.service_id, row.criterion))
        else:
            self.app.push_screen(ServiceScreen(row.service_id, tab="answers"))


def _criteria(criteria: Criteria) -> str:
    by = one_line(criteria.by.actor or "somebody not named")
    fixed = f"fixed on {criteria.by.time:%d %B %Y} by {by}"
    if criteria.method == "lowest-price":
        return f"Lowest price; {fixed}"
    rows = " · ".join(f"{one_line(each.name)} {each.weight.normalize():f}" for each in criteria.criteria)
    return f"{rows}; scored 0 to {criteria.scale}; {fixed}"


def score(screen: ProjectScreen, service_id: str, criterion: str) -> None:
    """Score a service on a criterion."""
    opened, actor = screen.opened, screen.longlist.session.actor or ""
    if opened is None or opened.project.criteria is None:
        return
    criteria = opened.project.criteria
    best = "Price in £" if criteria.method == "lowest-price" else f"0 to {criteria.scale}"
    given_before = [
        each
        for each in opened.project.scores
        if (each.service_id, each.criterion) == (service_id, criterion)
        and each.scorer.casefold() == actor.casefold()
    ]
    before = given_before[-1] if given_before else None
    form(
        screen,
        f"{criterion}: {one_line(opened.name_of(service_id))}",
        [
            Entry("value", best, f"{before.value.normalize():f}" if before else ""),
            Entry("evidence", "Evidence", before.evidence if before else "", "what the score rests on"),
            Entry("note", "Note", before.note if before else "", "anything else (it may stay empty)"),
            Entry("scorer", "Scorer", before.scorer if before else actor, "if not you"),
        ],
        lambda store, name, given: store.act(
            name,
            actions.GiveScore(
                service_id=service_id,
                criterion=criterion,
                value=amount(given["value"], "the score"),
                scorer=given["scorer"] or store.actor or "",
                evidence=given["evidence"],
                note=given["note"],
            ),
        ),
        said=_scored,
        button="Score",
    )


def _scored(project: Project) -> str:
    missing = sum(len(each.missing) for each in totals_of(project))
    return f"Scored; {counted(missing, 'score')} missing" if missing else "Every service has all its scores"


def show_match(screen: ProjectScreen) -> None:
    """Show how the longlist matches the profile; that it was shown is on record."""

    def said(found: MatchResult) -> str:
        parts: list[Part] = [
            "How high a service ranks orders a list for a person to read; it is no reason for a rejection.",
            paragraph(AMONG, "$muted"),
            "",
        ]
        for match in found.matches:
            mark = Content.styled(f"{match.rank:>3}. {match.score:>6.1f}  ", "bold")
            parts.append(Block(paragraph(one_line(match.service.record.name)), mark))
        for gone in found.excluded:
            text = f"{one_line(gone.service.record.name)}: must be {one_line(gone.requirement.text)}"
            parts.append(Block(paragraph(text, "$muted"), Content("  –       –  ")))
        screen.app.push_screen(TextScreen("Match of the longlist", parts))
        return "Shown, and noted in the trail"

    act_at_once(screen, "Matching the longlist", rank, said=said)
