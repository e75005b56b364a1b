"""A profile as text: who, what for, what stands in the way; or everything that is wrong with its file."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from textual.content import Content

from catalogue.dates import long_date
from catalogue.errors import ProfileError
from catalogue.profile import Profile, Requirement
from tui.widgets.evidence import BARRIERS, meter
from tui.widgets.plain import counted, fitted, one_line, paragraph, right
from tui.widgets.prose import Block, Part, labelled, titled


def mistakes_of(error: ProfileError) -> list[Part]:
    """Every mistake, one below the other."""
    mark = Content.styled("✕ ", "bold $text-error")
    return [
        Content.styled(f"{counted(len(error.problems), 'mistake')} in this file", "bold $text-error"),
        paragraph("It is not used until they are put right; r reads it again.", "$muted"),
        *(part for problem in error.problems for part in ("", Block(paragraph(problem), mark))),
    ]


def check_of(problems: Sequence[str], advice: Sequence[str]) -> list[Part]:
    """Every mistake and piece of advice, or that all is well."""
    parts: list[Part] = []
    for title, sign, style, said in (
        ("Mistakes", "✕ ", "bold $text-error", problems),
        ("Advice", "→ ", "bold $text-warning", advice),
    ):
        if said:
            parts += [titled(title)]
            parts += [Block(paragraph(one), Content.styled(sign, style)) for one in said]
            parts.append("")
    if not problems:
        parts.append(Content.styled("✓ The profile is in order.", "$text-success"))
    return parts


def profile_text(profile: Profile) -> list[Part]:
    """What the profile says."""
    organisation = profile.organisation
    parts: list[Part] = [Content.styled(one_line(organisation.name), "bold")]
    if profile.goal:
        parts.append(paragraph(one_line(profile.goal), "italic"))
    facts = [
        ("Sector", organisation.sector),
        ("Staff users", _number(organisation.staff_users)),
        ("Residents", _number(organisation.residents)),
        (
            "Budget",
            f"£{organisation.budget_per_year:,} a year" if organisation.budget_per_year is not None else None,
        ),
        (
            "Contract",
            f"{organisation.contract_years} years" if organisation.contract_years is not None else None,
        ),
        ("Award by", long_date(organisation.award_by) if organisation.award_by else None),
        ("Team", profile.team),
    ]
    parts.append("")
    parts += [
        labelled(name, paragraph(one_line(value)) if value else paragraph("not stated", "$muted"), 13)
        for name, value in facts
    ]
    parts += [
        "",
        titled("How much each barrier matters" + (f" (preset {profile.preset})" if profile.preset else "")),
    ]
    for key, letter, name in BARRIERS:
        weight = profile.weights.get(key, Decimal(0))
        parts.append(
            Content.assemble(
                f"{letter} ",
                fitted(name, 16),
                (meter(weight, Decimal(100), 20), "$primary"),
                right(f"{weight:.1f} %", 8),
            )
        )
    if profile.legacy:
        parts += ["", titled("Systems in place")]
        for system in profile.legacy:
            also = f" (also {', '.join(map(one_line, system.aliases))})" if system.aliases else ""
            parts.append(
                Block(
                    Content.assemble(one_line(system.system), (also, "$muted")),
                    Content.styled(fitted(system.intent, 9), "bold"),
                )
            )
    for title, words in (
        ("Skills that are missing", profile.skills_gaps),
        ("What is short", profile.resources_gaps),
        ("What residents need", profile.customers_needs),
    ):
        if words:
            parts += ["", titled(title), paragraph(", ".join(word.replace("-", " ") for word in words))]
    if profile.requirements:
        parts += ["", titled("Requirements")]
        parts += [_requirement(requirement) for requirement in profile.requirements]
    return parts


def _requirement(requirement: Requirement) -> Block:
    gate = ""
    if requirement.question is not None:
        answers = " or ".join(map(one_line, requirement.accepted))
        others = ", and others are excluded" if requirement.gates else ""
        gate = f"\n{requirement.question.label}: {answers}{others}"
    return Block(
        Content.assemble(one_line(requirement.text), (gate, "$muted")),
        Content.styled(fitted(requirement.priority, 9), "bold"),
    )


def _number(value: int | None) -> str | None:
    return None if value is None else f"{value:,}"
