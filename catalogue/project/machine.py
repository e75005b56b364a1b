"""A project as a state machine: what may follow what. Everything else is refused with the reason.

`step` is pure: the same project, action, actor and time give the same project, now and in years, so that a
trail of actions is the project. What depends on the tables and manners of a version is in `check_now`. A rule
here may be loosened and never tightened: what was once allowed is in trails that are still to be read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC
from types import MappingProxyType
from typing import Any

from catalogue.agreements import Dates
from catalogue.errors import UsageError
from catalogue.project import actions, asking, ending, listing, requiring, scoring
from catalogue.project.actions import Action
from catalogue.project.guards import may_call_off
from catalogue.project.values import By, Listed, Project
from catalogue.project.words import checked, project_name, reason

_STEPS: Mapping[type, Callable[[Project, Any, By], Project]] = MappingProxyType(
    {
        actions.TakeProfile: requiring.take_profile,
        actions.Require: requiring.require,
        actions.Withdraw: requiring.withdraw,
        actions.Freeze: requiring.freeze,
        actions.Search: listing.search,
        actions.MarkService: listing.mark,
        actions.Unmark: listing.unmark,
        actions.Shortlist: listing.shortlist,
        actions.Reject: listing.reject,
        actions.Reconsider: listing.reconsider,
        actions.Note: listing.note,
        actions.SetCriteria: scoring.set_criteria,
        actions.Rank: scoring.rank,
        actions.GiveScore: scoring.give_score,
        actions.Ask: asking.ask,
        actions.Answer: asking.answer,
        actions.SetLock: ending.lock,
        actions.Conclude: ending.conclude,
        actions.Reopen: ending.reopen,
        actions.Delete: ending.delete,
    }
)
#: What somebody may do without saying who they are: nothing that a record would have to answer for.
_UNNAMED = (
    actions.Begin,
    actions.CarryOver,
    actions.TakeProfile,
    actions.MarkService,
    actions.Unmark,
    actions.Note,
)
#: A name, or a name and a role.
_ACTOR_LENGTH = 100


def step(project: Project | None, action: Action, by: By) -> Project:
    """The project after the action; ``None`` is a project that has not begun.

    Raises `UsageError` where the action is not allowed, which changes nothing.
    """
    if by.time.utcoffset() is None:
        raise ValueError("times of a project are aware; expected a time zone")
    by = By(
        by.time.astimezone(UTC),
        checked(by.actor, "the name of the actor", most=_ACTOR_LENGTH) if by.actor else None,
    )
    if by.actor is None and not _may_be_unnamed(project, action):
        raise UsageError(
            "who does this? The record answers for it, so that it needs a name: give --as NAME, or set "
            "LONGLIST_ACTOR"
        )
    if isinstance(action, actions.Begin | actions.CarryOver):
        if project is not None:
            raise UsageError(f"project {project.name!r} has begun already")
        return _begun(action, by)
    if project is None:
        raise UsageError("the project has not begun")
    return _STEPS[type(action)](project, action, by)


def check_now(project: Project | None, action: Action, by: By, dates: Dates | None = None) -> None:
    """Refuse what the tables and manners of this version forbid, although the state would allow it.

    For actions that are taken now: a trail is read again without it, as frameworks end and words change.
    """
    match action:
        case actions.Search():
            may_call_off(action.framework, by.time.date(), dates)
        case actions.Reject():
            reason(action.because)
        case actions.SetLock() | actions.Conclude(kind="awarded") if project is not None:
            day = getattr(action, "signed", None) or by.time.date()
            for framework in {each.framework for each in project.searches}:
                may_call_off(framework, day, dates)
        case _:
            pass


def _may_be_unnamed(project: Project | None, action: Action) -> bool:
    """Whether a shortlist may be kept without a name: only as long as it is an informal one."""
    is_informal = project is None or (project.frozen is None and project.version == 1)
    return is_informal and isinstance(action, _UNNAMED)


def _begun(action: actions.Begin | actions.CarryOver, by: By) -> Project:
    if isinstance(action, actions.Begin):
        return Project(project_name(action.name), by.time)
    marked = tuple(
        Listed(each.service_id, each.digest, By(each.time), "shortlisted", note=each.note)
        for each in action.marks
    )
    return Project(action.name, action.created, action.profile, longlist=marked)
