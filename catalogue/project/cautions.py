"""What an officer should know of a project before somebody asks: nothing here is forbidden."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date

from catalogue.agreements import Dates, standing_of
from catalogue.frameworks import load_frameworks
from catalogue.project.scoring import totals_of
from catalogue.project.values import MANY, Project, SavedSearch, kept_until

#: A framework that ends sooner than this leaves little time to award: days.
_SOON = 60
_MONTH_DAYS = 30.44


def cautions_of(
    project: Project,
    today: date,
    changed: Collection[str] = (),
    dates: Dates | None = None,
    names: Mapping[str, str] | None = None,
) -> tuple[str, ...]:
    """Sentences, the gravest first.

    ``changed`` are services whose listing is no longer as it was judged, ``dates`` those of agreements,
    ``names`` those of services by id: a service without one is told by its id alone.
    """
    names = names or {}
    if project.deleted is not None:
        return ()
    parts = (
        _of_services(project, changed, names),
        _of_search(project, today, dates),
        _of_scores(project, names),
        _of_end(project),
    )
    return tuple(caution for part in parts for caution in part)


def _called(ids: Collection[str], names: Mapping[str, str]) -> str:
    return ", ".join(f"{names[id]} ({id})" if id in names else id for id in ids)


def _of_services(project: Project, changed: Collection[str], names: Mapping[str, str]) -> Iterator[str]:
    flagged = [each.service_id for each in project.longlist if each.service_id in changed]
    if flagged and project.outcome is None:
        told = _called(flagged[:3], names) + (" and others" if len(flagged) > 3 else "")
        yield f"Changed since judged, or gone from the catalogue: {told}. Look again and decide again."
    if project.informal:
        if project.longlist:
            yield (
                "An informal shortlist: marked by hand, with no saved search behind it, so that nobody can "
                "show what else was found and why it was left out."
            )
        return
    left = len(project.of_fate("open"))
    if left:
        yield f"{left} of {len(project.longlist)} services have no fate yet."
    if project.frozen is not None:
        wants = {each.key for each in project.frozen.requirements if each.priority == "want"}
        on_wants = [each for each in project.of_fate("rejected") if each.requirement in wants]
        if on_wants:
            keys = ", ".join(sorted({each.requirement or "" for each in on_wants}))
            yield (
                f"{len(on_wants)} rejected for a requirement that is a want, not a must ({keys}): be ready "
                "to say why it decided."
            )


def _of_search(project: Project, today: date, dates: Dates | None) -> Iterator[str]:
    if not project.informal and len(project.longlist) > MANY:
        yield (
            f"{len(project.longlist)} services on the longlist; the official service exports at most {MANY}: "
            "narrow the search by filters, each tied to a requirement."
        )
    if len(project.searches) > 1:
        yield f"Results of {len(project.searches)} searches stand beside each other; the record says why."
    for framework in {each.framework: each for each in project.searches}.values():
        yield from _of_framework(framework, today, dates)


def _of_framework(search: SavedSearch, today: date, dates: Dates | None) -> Iterator[str]:
    standing = standing_of(search.framework, today, dates)
    if standing is None:
        yield f"Framework {search.framework} is not known here: check yourself that it is open."
    elif not standing.open:
        yield f"{standing.framework} is {standing.sentence(today)}: nothing can be called off from it."
    elif standing.ends is not None and (standing.ends - today).days <= _SOON:
        yield f"{standing.framework} is {standing.sentence(today)}: award before then."


def _of_scores(project: Project, names: Mapping[str, str]) -> Iterator[str]:
    criteria = project.criteria
    if criteria is not None and criteria.because:
        yield f"The criteria were changed after scores had been seen: {criteria.because}"
    if criteria is not None and project.scores:
        missing = [each.service_id for each in totals_of(project) if each.missing]
        if missing:
            yield f"Scores are missing of {_called(missing, names)}."
    waiting = [str(each.number) for each in project.questions if each.reply is None]
    if waiting:
        yield f"Without an answer yet: question {', '.join(waiting)}."


def _of_end(project: Project) -> Iterator[str]:
    award = project.outcome.award if project.outcome is not None else None
    if award is None:
        return
    until = kept_until(project)
    if until is not None and until < award.end:
        yield f"The record is kept until {until}, and the contract runs until {award.end}: keep it longer."
    lots = {(each.framework, each.lot) for each in project.searches}
    for framework, lot in lots:
        known = load_frameworks().get(framework)
        months = sum(known.call_off_months(lot)) if known is not None else 0
        if months and (award.end - award.start).days > months * _MONTH_DAYS + 1:
            yield (
                f"The contract runs from {award.start} to {award.end}; {framework} {lot} allows {months} "
                "months with extensions."
            )
