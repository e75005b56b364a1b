"""How a project is fixed, ends, goes on as a new version, and is deleted."""

from __future__ import annotations

from dataclasses import replace

from catalogue.errors import UsageError
from catalogue.project import actions
from catalogue.project.guards import (
    alive,
    changeable,
    not_later,
    on_longlist,
    ongoing,
    pounds,
    searched,
)
from catalogue.project.scoring import totals_of
from catalogue.project.values import Award, By, Deletion, Lock, Outcome, Project, Version
from catalogue.project.words import checked, needed

#: A record of less than this helps nobody; one of more is no longer needed.
_YEARS = range(1, 31)
_BUYER_LENGTH = 200


def lock(project: Project, action: actions.SetLock, by: By) -> Project:
    """Fix search, longlist, criteria and scores, once every service on the longlist has its fate."""
    changeable(project)
    searched(project)
    left = project.of_fate("open")
    if left:
        named = ", ".join(each.service_id for each in left[:3]) + (" and others" if len(left) > 3 else "")
        raise UsageError(
            f"{len(left)} of {len(project.longlist)} services on the longlist of {project.name!r} have no "
            f"fate yet ({named}): shortlist or reject each, or export a draft"
        )
    return replace(project, locked=Lock(by, action.format, action.changed))


def conclude(project: Project, action: actions.Conclude, by: By) -> Project:
    """Record how the purchase ended."""
    ongoing(project)
    checked(action.because, "the reason")
    if action.keep_years not in _YEARS:
        raise UsageError(
            f"the record is to be kept {action.keep_years} years; expected {_YEARS[0]} to {_YEARS[-1]}"
        )
    award = None
    if action.kind == "awarded":
        _locked(project)
        award = _award(project, action, by)
    else:
        given = (action.winner, action.start, action.end, action.value, action.signed)
        if any(each is not None for each in given) or action.buyer:
            raise UsageError(
                f"outcome {action.kind}: a winner, dates, a value and a buyer belong to an award alone"
            )
        needed(action.because, f"the reason for the outcome {action.kind}")
        if action.kind == "none-suitable":
            _locked(project)
            if project.of_fate("shortlisted"):
                raise UsageError(
                    "there are services on the shortlist: none is suitable only once each has been rejected "
                    "for a reason"
                )
    return replace(project, outcome=Outcome(by, action.kind, award, action.because, action.keep_years))


def _locked(project: Project) -> None:
    if project.locked is None:
        raise UsageError(
            f"project {project.name!r} is not locked yet: export it, or lock it with: longlist project lock"
        )


def _award(project: Project, action: actions.Conclude, by: By) -> Award:
    today = by.time.date()
    if action.winner is None or action.start is None or action.end is None or action.value is None:
        raise UsageError("an award needs a winner, the first and the last day of the contract, and its value")
    if on_longlist(project, action.winner).fate != "shortlisted":
        raise UsageError(f"service {action.winner!r} is not on the shortlist, and so cannot win")
    if action.end < action.start:
        raise UsageError(f"the contract ends on {action.end}, before it starts on {action.start}")
    signed = action.signed or today
    not_later(signed, today, "the day of the award")
    _justified(project, action)
    return Award(
        action.winner,
        action.start,
        action.end,
        pounds(action.value, "the value of the contract"),
        needed(action.buyer, "the buying organisation", most=_BUYER_LENGTH),
        signed,
    )


def _justified(project: Project, action: actions.Conclude) -> None:
    """The winner is the only service on the shortlist, or the scores say so, or there is a reason."""
    shortlisted = project.of_fate("shortlisted")
    if len(shortlisted) == 1 or action.because:
        return
    if project.criteria is None:
        why = "no criteria were fixed by which one of them is best"
    else:
        totals = totals_of(project)
        missing = [each.service_id for each in totals if each.total is None]
        first = [each.service_id for each in totals if each.rank == 1]
        if missing:
            why = f"scores are missing of {', '.join(missing)}"
        elif first == [action.winner]:
            return
        else:
            why = f"the scores put {' and '.join(first)} first"
    raise UsageError(
        f"{len(shortlisted)} services are on the shortlist, and {why}: say why {action.winner} wins "
        "(--because)"
    )


def reopen(project: Project, action: actions.Reopen, by: By) -> Project:
    """Begin a new version; with other requirements everything that was judged by the old ones goes."""
    alive(project)
    if project.frozen is None:
        raise UsageError(f"nothing of project {project.name!r} is fixed yet, so that nothing needs reopening")
    because = needed(action.because, "the reason for a new version")
    number = project.version + 1
    reopened = replace(
        project,
        version=number,
        versions=(*project.versions, Version(number, by, because)),
        locked=None,
        outcome=None,
    )
    if action.requirements:
        # `seen` stays: that scores were seen does not pass, whatever is judged next.
        return replace(
            reopened, frozen=None, searches=(), longlist=(), criteria=None, ranking=None, scores=()
        )
    return reopened


def delete(project: Project, action: actions.Delete, by: By) -> Project:
    """Leave of a project no more than its name, its beginning, and who deleted it why."""
    alive(project)
    because = needed(action.because, "the reason for deleting")
    return Project(project.name, project.created, deleted=Deletion(by, because))
