"""Where a purchase stands: its steps with what is on record of each, and what an officer should know."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from catalogue.project import (
    By,
    Project,
    Step,
    filters_in_words,
    kept_until,
    progress_of,
    steps_of,
)
from tui.commands.project.wording import award_sentence
from tui.projects import OpenProject
from tui.screens.project_pane import ProjectPane
from tui.widgets.plain import counted, one_line, paragraph
from tui.widgets.prose import Block, Part, Prose, bullet, labelled, titled
from tui.widgets.steps import MARKS, TITLES


class StepsPane(ProjectPane):
    """The whole of the purchase on one page."""

    FOCUS: ClassVar[str] = "#steps-scroll"

    def __init__(self) -> None:
        super().__init__(id="steps-pane")

    def compose(self) -> ComposeResult:
        """One text."""
        scroll = VerticalScroll(Prose(id="steps-text"), id="steps-scroll", classes="pane text")
        scroll.border_title = "Where it stands"
        scroll.can_focus = True
        yield scroll

    def show(self, opened: OpenProject | None) -> None:
        """Show this project."""
        parts: list[Part] = [
            "No project is begun yet: x begins one. Or mark a service in Browse or Matches with space."
        ]
        if opened is not None:
            parts = _deleted(opened.project) or [
                *_cautions(opened),
                *_steps(opened),
                *_versions(opened.project),
            ]
            actor = self.place.session.actor
            who = (
                f"You are {one_line(actor)} on this record."
                if actor
                else "You have not said who you are yet."
            )
            if self.place.session.settings.actor is None:
                who += " Another name: Ctrl+P, “Who you are”."
            parts += ["", paragraph(who, "$muted")]
        self.query_one("#steps-text", Prose).update(parts)


def _deleted(project: Project) -> list[Part]:
    if project.deleted is None:
        return []
    return [
        Content.styled(f"Deleted {_signed(project.deleted.by)}", "bold"),
        labelled("Because", paragraph(one_line(project.deleted.because))),
    ]


def _cautions(opened: OpenProject) -> list[Part]:
    cautions: list[Part] = [
        Block(paragraph(one_line(each)), Content.styled("! ", "bold $text-warning"))
        for each in opened.cautions
    ]
    return [titled("To know"), *cautions, ""] if cautions else []


def _steps(opened: OpenProject) -> list[Part]:
    parts: list[Part] = [titled("Steps")]
    for step in steps_of(opened.project):
        mark, style = MARKS[step.state]
        style = style.replace(" reverse", "")
        head = Content.assemble((f"{mark} {TITLES[step.name]:<14}", style), (f"{step.state:<9}", "$muted"))
        parts.append(Block(paragraph(_said(step, opened)), head))
        if step.name == "search":
            for search in opened.project.searches:
                parts += [bullet(paragraph(one_line(each))) for each in filters_in_words(search.filters)]
    return parts


def _said(step: Step, opened: OpenProject) -> str:  # noqa: PLR0911  a sentence for each step
    """What is on record of a step."""
    project = opened.project
    match step.name:
        case "requirements" if project.frozen is not None:
            return f"{len(project.frozen.requirements)}, frozen {_signed(project.frozen.by)}"
        case "search" if project.searches:
            return "; ".join(
                f"“{one_line(each.words)}” in {each.framework} {each.lot}: {each.found:,} found, "
                f"{len(each.results):,} after filters, {_signed(each.by)}"
                for each in project.searches
            )
        case "longlist" if project.searches:
            fates = [
                f"{len(project.of_fate('shortlisted'))} kept",
                f"{len(project.of_fate('rejected'))} rejected",
            ]
            return ", ".join(
                [counted(len(project.longlist), "service"), *fates, progress_of(project)]
            ).rstrip(", ")
        case "shortlist":
            waiting = sum(each.reply is None for each in project.questions)
            asked = f", {counted(waiting, 'question')} waiting for an answer" if waiting else ""
            return f"{counted(len(project.marks), 'service')}{asked}" if project.marks or waiting else ""
        case "weights" if project.criteria is not None:
            names = ", ".join(
                f"{one_line(each.name)} {each.weight.normalize():f}" for each in project.criteria.criteria
            )
            return f"{names}, fixed {_signed(project.criteria.by)}"
        case "scores" if project.scores:
            return counted(len(project.scores), "score") + (
                f", {progress_of(project)}" if step.state == "now" else ""
            )
        case "lock" if project.locked is not None:
            return _signed(project.locked.by)
        case "outcome" if project.outcome is not None:
            outcome = project.outcome
            said: str = outcome.kind
            if outcome.award is not None:
                winner = one_line(opened.name_of(outcome.award.winner))
                said = award_sentence(replace(outcome.award, winner=winner))
            because = f", because {one_line(outcome.because)}" if outcome.because else ""
            return f"{said}{because}. Kept until {kept_until(project)}"
        case _:
            return ""


def _versions(project: Project) -> list[Part]:
    parts: list[Part] = ["", titled("Versions")] if project.versions else []
    parts += [
        bullet(paragraph(f"Version {each.number} {_signed(each.by)}: {one_line(each.because)}"))
        for each in project.versions
    ]
    return parts


def _signed(by: By) -> str:
    return f"by {one_line(by.actor) if by.actor else 'somebody not named'} on {by.time:%d %B %Y}"
