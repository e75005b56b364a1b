"""The eight steps of a purchase: which are done, which one is next, and how far it has come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from catalogue.project.scoring import totals_of
from catalogue.project.values import Project

StepName = Literal["requirements", "search", "longlist", "shortlist", "weights", "scores", "lock", "outcome"]
#: ``left out`` is a step that what came after it did without, such as scores where none was suitable.
StepState = Literal["done", "now", "to come", "left out"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step and whether it is done; of all steps one at the most is ``now``."""

    name: StepName
    state: StepState


def steps_of(project: Project) -> tuple[Step, ...]:
    """The steps in their order. Of a project that is deleted or closed none is ``now``."""
    steps: list[Step] = []
    is_next = project.deleted is None
    for name, state in _states(project):
        if state == "to come" and is_next:
            steps.append(Step(name, "now"))
            is_next = False
        else:
            steps.append(Step(name, state))
    return tuple(steps)


def next_step(project: Project) -> StepName | None:
    """The step that comes next; ``None`` once the project is closed or deleted."""
    return next((step.name for step in steps_of(project) if step.state == "now"), None)


def progress_of(project: Project) -> str:
    """How far the next step has come, as in ``37 of 112 still to decide``; empty where nothing is counted."""
    match next_step(project):
        case "longlist":
            return f"{len(project.of_fate('open'))} of {len(project.longlist)} still to decide"
        case "scores":
            totals = totals_of(project)
            whole = sum(len(each.parts) + len(each.missing) for each in totals)
            return f"{sum(len(each.missing) for each in totals)} of {whole} scores still to give"
        case _:
            return ""


def _states(project: Project) -> Iterator[tuple[StepName, StepState]]:
    is_decided = bool(project.searches) and not project.of_fate("open")
    is_fixed = project.locked is not None or project.outcome is not None
    has_shortlist = bool(project.of_fate("shortlisted"))
    is_scored = (
        project.criteria is not None
        and has_shortlist
        and not any(each.missing for each in totals_of(project))
    )
    without: StepState = "left out" if is_fixed or (is_decided and not has_shortlist) else "to come"
    missed: StepState = "left out" if is_fixed else "to come"
    yield "requirements", "done" if project.frozen is not None else missed
    yield "search", "done" if project.searches else missed
    yield "longlist", "done" if is_decided else missed
    yield "shortlist", "done" if is_decided and has_shortlist else without
    yield "weights", "done" if project.criteria is not None else without
    yield "scores", "done" if is_scored else without
    yield "lock", "done" if project.locked is not None else "left out" if project.outcome else "to come"
    yield "outcome", "done" if project.outcome is not None else "to come"
