"""What must hold before a step: each guard returns what was asked for, or says why it cannot be yet."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from catalogue.agreements import Dates, standing_of
from catalogue.errors import UsageError
from catalogue.project.values import Freezing, Listed, Project, Requirement

#: More pounds than any call-off: what is above is a slip of the keyboard.
_MOST_POUNDS = Decimal(10) ** 11


def alive(project: Project) -> None:
    """Refuse where the project was deleted."""
    if project.deleted is not None:
        raise UsageError(f"project {project.name!r} was deleted on {project.deleted.by.time:%Y-%m-%d}")


def ongoing(project: Project) -> None:
    """Refuse where there is an outcome already."""
    alive(project)
    if project.outcome is not None:
        raise UsageError(
            f"project {project.name!r} is closed: its outcome was recorded on "
            f"{project.outcome.by.time:%Y-%m-%d}; a new version can be begun, saying why: "
            "longlist project reopen"
        )


def changeable(project: Project) -> None:
    """Refuse where search, longlist, criteria and scores are fixed."""
    ongoing(project)
    if project.locked is not None:
        raise UsageError(
            f"project {project.name!r} was locked on {project.locked.by.time:%Y-%m-%d}; a new version can "
            "be begun, saying why: longlist project reopen"
        )


def frozen(project: Project) -> Freezing:
    """The frozen requirements."""
    if project.frozen is None:
        raise UsageError(
            f"the requirements of project {project.name!r} are not frozen yet; they come before the search: "
            "longlist project freeze"
        )
    return project.frozen


def searched(project: Project) -> None:
    """Refuse where no search is saved yet."""
    if not project.searches:
        raise UsageError(
            f"project {project.name!r} has no saved search yet, so nothing is on its longlist; save one "
            "with: longlist project search"
        )


def requirement_of(project: Project, key: str) -> Requirement:
    """The frozen requirement of this key; names those there are where it is unknown."""
    held = frozen(project)
    found = held.requirement(key)
    if found is None:
        known = ", ".join(each.key for each in held.requirements)
        raise UsageError(f"there is no requirement {key!r} in project {project.name!r}; there are {known}")
    return found


def on_longlist(project: Project, service_id: str) -> Listed:
    """The service, which must be on the longlist."""
    found = project.listed(service_id)
    if found is None:
        raise UsageError(f"service {service_id!r} is not on the longlist of project {project.name!r}")
    return found


def may_call_off(framework: str, day: date, dates: Dates | None = None) -> None:
    """Refuse a framework that is known and closed to buyers that day; one that is not known passes.

    ``dates`` are those of agreements, as their source gives them.
    """
    standing = standing_of(framework, day, dates)
    if standing is not None and not standing.open:
        raise UsageError(
            f"{standing.framework} is not open on {day} ({standing.sentence(day)}): nothing can be called "
            "off from it then"
        )


def pounds(value: Decimal, what: str) -> Decimal:
    """An amount of at least a penny and to the penny, or a `UsageError`."""
    if not value.is_finite() or not Decimal("0.01") <= value <= _MOST_POUNDS or value != round(value, 2):
        raise UsageError(f"{what} is {value}; expected pounds and pence, £0.01 or more")
    return value


def not_later(on: date, today: date, what: str) -> None:
    """Refuse a day that has not come yet."""
    if on > today:
        raise UsageError(f"{what} is {on}, which is after today ({today}); expected a day that has been")
