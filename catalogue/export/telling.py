"""The entries of an audit trail in sentences: what was done, read from the action that each entry holds."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from catalogue.audit import Entry, action_of
from catalogue.errors import UsageError
from catalogue.export.values import TrailEntry
from catalogue.needs import pounds
from catalogue.project import actions
from catalogue.project.actions import Action

#: So many services are named in a sentence; the details of the entry have all.
_NAMED = 20
_ENDS = {"awarded": "awarded", "none-suitable": "none suitable", "cancelled": "cancelled"}


def trail_entry(entry: Entry) -> TrailEntry:
    """An entry with a sentence beside it."""
    return TrailEntry(
        number=entry.number,
        time=entry.time,
        actor=entry.actor,
        action=entry.action,
        told=_told(entry),
        details=entry.details,
        inputs=entry.inputs,
        contents=entry.contents,
        previous=entry.previous,
        digest=entry.digest,
    )


def _told(entry: Entry) -> str:
    if entry.document is None:
        return "removed when the project was deleted"
    try:
        return sentence(action_of(entry))
    except (UsageError, msgspec.MsgspecError):
        return "cannot be read by this version; see the details"


def sentence(action: Action) -> str:  # noqa: PLR0911, PLR0912  one case for each action, and nothing else
    """What an action did, with its reason."""
    match action:
        case actions.Begin():
            return f"Began {action.name}"
        case actions.CarryOver():
            return f"Taken over with {len(action.marks)} marks from a catalogue without a trail"
        case actions.TakeProfile():
            return f"Profile of {action.profile.name}, {action.profile.digest}"
        case actions.Require():
            return f"Added ({action.priority}): {action.text}"
        case actions.Withdraw():
            return f"Taken out: {action.text}"
        case actions.Freeze():
            budget = f"; {pounds(action.budget)} a year" if action.budget is not None else ""
            approval = f"; approval: {action.approval}" if action.approval else ""
            return f"{len(action.requirements)} requirements frozen{budget}{approval}"
        case actions.Search():
            return _search(action)
        case actions.MarkService():
            return _because(f"Marked {action.service.service_id}", action.note or "")
        case actions.Unmark():
            return f"Taken off: {action.service_id}"
        case actions.Shortlist():
            return _because(_ids([each.service_id for each in action.services]), action.because)
        case actions.Reject():
            ids = _ids([each.service_id for each in action.services])
            return _because(f"{ids} for {action.requirement}", action.because)
        case actions.Reconsider():
            return _because(_ids(action.services), action.because)
        case actions.Note():
            return _because(action.service_id, action.note or "note taken away")
        case actions.SetCriteria():
            named = ", ".join(f"{each.name} {each.weight}" for each in action.criteria) or "the price"
            return _because(f"{action.method}: {named}", action.because)
        case actions.Rank():
            return (
                f"{action.services} services ranked by rules {action.rules} of Longlist {action.program}: "
                f"{action.digest}"
            )
        case actions.GiveScore():
            given = f"{action.service_id}, {action.criterion}: {action.value} by {action.scorer}"
            return _because(given, f"{action.evidence}. {action.note}".rstrip(". "))
        case actions.Ask():
            return _because(f"{_ids(action.services)} on {action.on} by {action.channel}", action.text)
        case actions.Answer():
            given = f"Question {action.number} answered on {action.on} by {action.channel}"
            return f"{given}: {action.text}; effect: {action.effect}"
        case actions.SetLock():
            changed = f"; changed since judged: {_ids(action.changed)}" if action.changed else ""
            return f"Locked{f' by an export as {action.format}' if action.format else ''}{changed}"
        case actions.Conclude():
            return _outcome(action)
        case actions.Reopen():
            return _because("A new version", action.because)
        case actions.Delete():
            return _because("Deleted", action.because)


def _search(action: actions.Search) -> str:
    words = f"“{action.words}”" if action.words else "no words"
    found = f"{action.found:,} found, {len(action.results):,} after {len(action.filters)} filters"
    how = {"first": "", "instead": "in place of the search before; ", "beside": "beside the search before; "}
    return _because(f"{how[action.how]}{words} in {action.framework} {action.lot}: {found}", action.because)


def _outcome(action: actions.Conclude) -> str:
    told = _ENDS[action.kind].capitalize()
    if action.winner is not None and action.value is not None:
        told += f": {action.winner}, {pounds(action.value)}, {action.start} to {action.end}, {action.buyer}"
    return _because(told, action.because)


def _because(what: str, why: str) -> str:
    return f"{what}: {why}" if why else what


def _ids(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - _NAMED:,} more" if len(ids) > _NAMED else ""
    return ", ".join(ids[:_NAMED]) + more
