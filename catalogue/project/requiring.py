"""Requirements: those of the profile, those typed, and those of every call-off; then they are frozen."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import msgspec

from catalogue.canonical import canonical, sha256_of
from catalogue.errors import UsageError
from catalogue.profile import parse_profile
from catalogue.project import actions
from catalogue.project.guards import alive, changeable, pounds
from catalogue.project.values import By, Freezing, ProfileText, Project, Requirement
from catalogue.project.words import needed

#: Longer than this is no requirement but a document.
_LENGTH = 500
#: Holds of every call-off: a service that is gone cannot be bought.
OFFERED = "The service is offered: its listing is live"


def profile_text(text: str, source: str) -> ProfileText:
    """A profile's text to keep with a project; raises `ProfileError` when it has mistakes.

    ``source`` is what messages call it, usually the path it was read from; it is not kept.
    """
    profile = parse_profile(text, source)
    return ProfileText(name=profile.organisation.name, digest=profile.digest, text=text)


def requirements_of(project: Project, budget: Decimal | None = None) -> tuple[Requirement, ...]:
    """The requirements: as frozen, or as they would be frozen now, numbered ``R1`` and so on.

    In this order: those of the profile and the systems it wants connected or replaced, those typed, the
    budget where there is one (in pounds a year; the profile's where none is given), and that the service is
    offered at all.
    """
    if project.frozen is not None:
        return project.frozen.requirements
    rows: list[tuple[str, str, str]] = []
    if project.profile is not None:
        profile = parse_profile(project.profile.text, f"profile of {project.name}")
        rows += [(each.text, each.priority, "profile") for each in profile.requirements]
        for system in profile.legacy:
            if system.intent in ("connect", "replace"):
                verb = "Connects to" if system.intent == "connect" else "Replaces"
                rows.append((f"{verb} {system.system}", "want", "profile"))
        budget = budget or profile.organisation.budget_per_year
    rows += [(each.text, each.priority, "officer") for each in project.typed]
    if budget is not None:
        rows.append((f"Costs no more than £{budget:,} a year without VAT", "must", "rule"))
    rows.append((OFFERED, "must", "rule"))
    return tuple(
        msgspec.convert(
            {"key": f"R{number}", "text": text, "priority": priority, "source": source}, Requirement
        )
        for number, (text, priority, source) in enumerate(rows, start=1)
    )


def take_profile(project: Project, action: actions.TakeProfile, by: By) -> Project:  # noqa: ARG001
    """Judge by another profile, as long as the requirements are not frozen."""
    changeable(project)
    _draft(project)
    return replace(project, profile=same_text(action.profile))


def same_text(profile: ProfileText) -> ProfileText:
    """The profile, or a `UsageError` where its text is not what its digest says."""
    if sha256_of(profile.text) != profile.digest:
        raise UsageError(f"the text of the profile of {profile.name!r} does not fit its digest")
    return profile


def require(project: Project, action: actions.Require, by: By) -> Project:  # noqa: ARG001
    """Add a requirement, as long as they are not frozen."""
    changeable(project)
    _draft(project)
    text = needed(action.text, "the requirement", most=_LENGTH)
    if any(each.text.casefold() == text.casefold() for each in project.typed):
        raise UsageError(f"requirement {text!r} was added to project {project.name!r} already")
    added = Requirement("", text, action.priority, "officer")
    return replace(project, typed=(*project.typed, added))


def withdraw(project: Project, action: actions.Withdraw, by: By) -> Project:  # noqa: ARG001
    """Take out a requirement that was typed, as long as they are not frozen."""
    changeable(project)
    _draft(project)
    left = tuple(each for each in project.typed if each.text != action.text)
    if len(left) == len(project.typed):
        raise UsageError(
            f"requirement {action.text!r} was not added to project {project.name!r}; "
            "those of the profile are changed in the profile"
        )
    return replace(project, typed=left)


def freeze(project: Project, action: actions.Freeze, by: By) -> Project:
    """Fix the requirements, before anything is searched for."""
    changeable(project)
    _draft(project)
    rows = action.requirements
    if not any(row.source != "rule" for row in rows):
        raise UsageError(
            f"project {project.name!r} has no requirements of its own; write them in the profile, or add "
            "them with: longlist project require"
        )
    keys = [needed(row.key, "the key of a requirement", most=10).casefold() for row in rows]
    if len(set(keys)) < len(keys):
        raise UsageError("two requirements have the same key")
    for row in rows:
        needed(row.text, f"requirement {row.key}", most=_LENGTH + 100)
    if action.budget is not None:
        pounds(action.budget, "the budget")
    return replace(
        project,
        frozen=Freezing(by, requirements_digest(rows, project.profile), rows, action.budget, action.approval),
    )


def requirements_digest(rows: tuple[Requirement, ...], profile: ProfileText | None) -> str:
    """``sha256:`` and the digest of these requirements and of the profile that they come with."""
    held = {"requirements": msgspec.to_builtins(rows), "profile": profile.digest if profile else None}
    return sha256_of(canonical(held))


def _draft(project: Project) -> None:
    alive(project)
    if project.frozen is not None:
        raise UsageError(
            f"the requirements of project {project.name!r} were frozen on {project.frozen.by.time:%Y-%m-%d}; "
            "a new version with other requirements can be begun, saying why: longlist project reopen"
        )
