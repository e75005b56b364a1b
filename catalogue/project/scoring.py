"""Criteria and scores: how the shortlist is judged is fixed before anybody sees how it comes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Decimal

from catalogue.errors import UsageError
from catalogue.match import tie_break
from catalogue.project import actions
from catalogue.project.guards import changeable, on_longlist, ongoing, pounds, searched
from catalogue.project.values import PRICE, By, Criteria, Criterion, Project, Ranking, Score
from catalogue.project.words import checked, name_key, needed

_WHOLE = Decimal(100)
#: The finest weight: a thousandth of a per cent settles nothing.
_FINEST = Decimal("0.01")
#: Best scores that people use: 0 to 3, to 5, to 10, or per cent.
_SCALES = range(2, 101)
_NAME_LENGTH = 100


@dataclass(frozen=True, slots=True)
class Total:
    """What a shortlisted service comes to: 0 to 100 by best value, pounds by lowest price.

    ``rank`` and ``total`` are ``None`` while scores are ``missing`` (by criterion); ``parts`` are each
    criterion's name, mean score and points. Equal totals share a rank.
    """

    service_id: str
    rank: int | None
    total: Decimal | None
    parts: tuple[tuple[str, Decimal, Decimal], ...]
    missing: tuple[str, ...]


def set_criteria(project: Project, action: actions.SetCriteria, by: By) -> Project:
    """Fix the criteria. They may be fixed anew until the first score is given or shown.

    In a new version they may be changed although scores were seen: all scores are void then, and the reason
    stays with the criteria.
    """
    changeable(project)
    searched(project)
    if project.seen == project.version:
        raise UsageError(
            "scores have been given or shown, so that the criteria are fixed; a new version can be begun, "
            "saying why: longlist project reopen"
        )
    if project.seen:
        needed(action.because, "the reason to change criteria after scores were seen")
    rows = _checked_rows(action)
    if action.method == "best-value" and action.scale not in _SCALES:
        raise UsageError(f"the best score is {action.scale}; expected {_SCALES[0]} to {_SCALES[-1]}")
    criteria = Criteria(by, action.method, rows, action.scale, action.because if project.seen else "")
    return replace(project, criteria=criteria, scores=(), ranking=None)


def _checked_rows(action: actions.SetCriteria) -> tuple[Criterion, ...]:
    rows = action.criteria
    if action.method == "lowest-price":
        if rows not in ((), (Criterion(PRICE, _WHOLE),)):
            raise UsageError("by lowest price nothing but the price counts; expected no other criteria")
        return (Criterion(PRICE, _WHOLE),)
    for row in rows:
        needed(row.name, "the name of a criterion", most=_NAME_LENGTH)
        if not row.weight.is_finite() or not 0 < row.weight <= _WHOLE or row.weight % _FINEST:
            raise UsageError(f"criterion {row.name!r} weighs {row.weight}; expected more than 0, at most 100")
    names = [name_key(row.name) for row in rows]
    if len(set(names)) < len(names):
        raise UsageError("two criteria have the same name")
    total = sum((row.weight for row in rows), Decimal(0))
    if total != _WHOLE:
        raise UsageError(f"the weights of the criteria sum to {total}; expected exactly 100")
    return rows


def criteria_of(project: Project) -> Criteria:
    """The criteria, without which no score is taken and none is shown."""
    if project.criteria is None:
        raise UsageError(
            f"project {project.name!r} has no criteria yet: how services are judged is fixed before the "
            "first score is given or shown: longlist project criteria"
        )
    return project.criteria


def rank(project: Project, action: actions.Rank, by: By) -> Project:
    """Note the ranking that is shown; from now on criteria are fixed."""
    ongoing(project)
    searched(project)
    criteria_of(project)
    if project.profile is None or project.profile.digest != action.profile:
        raise UsageError("the ranking is not by the profile of the project")
    ranking = Ranking(
        by,
        action.profile,
        action.rules,
        action.tables,
        action.program,
        action.snapshot,
        action.services,
        action.digest,
    )
    return replace(project, ranking=ranking, seen=project.version)


def give_score(project: Project, action: actions.GiveScore, by: By) -> Project:
    """Take a score of a shortlisted service; the same scorer's before is replaced."""
    changeable(project)
    criteria = criteria_of(project)
    if on_longlist(project, action.service_id).fate != "shortlisted":
        raise UsageError(f"service {action.service_id!r} is not on the shortlist, and only that is scored")
    criterion = criteria.criterion(action.criterion)
    if criterion is None:
        names = ", ".join(repr(each.name) for each in criteria.criteria)
        raise UsageError(f"there is no criterion {action.criterion!r}; there are {names}")
    score = Score(
        by,
        action.service_id,
        criterion.name,
        _value(criteria, action.value),
        needed(action.scorer, "the name of the scorer", most=_NAME_LENGTH),
        needed(action.evidence, "the evidence for the score"),
        checked(action.note, "note"),
    )
    others = tuple(each for each in project.scores if _place(each) != _place(score))
    return replace(project, scores=(*others, score), seen=project.version)


def _place(score: Score) -> tuple[str, str, str]:
    return score.service_id, score.criterion, name_key(score.scorer)


def _value(criteria: Criteria, value: Decimal) -> Decimal:
    if criteria.method == "lowest-price":
        return pounds(value, "the price")
    if not value.is_finite() or not 0 <= value <= criteria.scale or value % _FINEST:
        raise UsageError(f"the score is {value}; expected 0 to {criteria.scale}")
    return value


def totals_of(project: Project) -> tuple[Total, ...]:
    """What each shortlisted service comes to, the best first; those with missing scores follow.

    A criterion's score is the mean of its scorers', to the hundredth. Raises `UsageError` where no criteria
    are fixed.
    """
    criteria = criteria_of(project)
    found = [_total(project, criteria, each.service_id) for each in project.of_fate("shortlisted")]
    best_first = -1 if criteria.method == "best-value" else 1
    found.sort(
        key=lambda each: (
            each.total is None,
            best_first * (each.total or 0),
            tie_break(each.service_id),
        )
    )
    complete = [each.total for each in found if each.total is not None]
    return tuple(
        each if each.total is None else replace(each, rank=complete.index(each.total) + 1) for each in found
    )


def _total(project: Project, criteria: Criteria, service_id: str) -> Total:
    parts, missing = [], []
    for criterion in criteria.criteria:
        given = [
            score.value
            for score in project.scores
            if score.service_id == service_id and score.criterion == criterion.name
        ]
        if not given:
            missing.append(criterion.name)
            continue
        mean = _mean(given)
        points = (
            mean if criteria.method == "lowest-price" else _rounded(criterion.weight * mean / criteria.scale)
        )
        parts.append((criterion.name, mean, points))
    total = None if missing else sum((points for _, _, points in parts), Decimal(0))
    return Total(service_id, None, total, tuple(parts), tuple(missing))


def _mean(values: Sequence[Decimal]) -> Decimal:
    return _rounded(sum(values, Decimal(0)) / len(values))


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(_FINEST, ROUND_HALF_EVEN)
