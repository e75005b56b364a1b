"""The profile as values: an organisation, its estate, what stands in its way, and the words it may use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from catalogue.questions import Question

SECTORS = (
    "central-government",
    "local-government",
    "nhs",
    "police",
    "fire",
    "education",
    "arms-length-body",
    "charity",
    "other",
)
INTENTS = ("keep", "connect", "replace", "retire")
INTERFACES = ("api", "files", "database", "screen", "none")
SKILLS_GAPS = (
    "developers",
    "integration",
    "user-research",
    "design",
    "security",
    "data",
    "service-desk",
    "training",
)
RESOURCES_GAPS = ("money", "staff-time", "project-management", "procurement-time")
CUSTOMERS_NEEDS = (
    "single-sign-on",
    "mobile",
    "accessibility",
    "assisted-digital",
    "insight",
    "channels",
    "end-to-end",
)
BARRIERS = ("legacy", "resources", "skills", "customers")
PRIORITIES = ("must", "want")

PRESET = "survey-2018"
#: Share of organisations naming each barrier in a survey of UK public bodies on digital self-service, 2018.
#: How common a barrier is, not how grave it is anywhere: a starting point, shown with its name.
SURVEY_2018: Mapping[str, int] = MappingProxyType(
    {"legacy": 54, "resources": 44, "skills": 39, "customers": 56}
)


@dataclass(frozen=True, slots=True)
class Organisation:
    """Who buys. Counts are people; ``budget_per_year`` is pounds without VAT."""

    name: str
    sector: str | None = None
    staff_users: int | None = None
    residents: int | None = None
    budget_per_year: Decimal | None = None
    contract_years: Decimal | None = None
    award_by: date | None = None


@dataclass(frozen=True, slots=True)
class LegacySystem:
    """A system that stays, goes, or must be connected to, under all names the organisation gives it."""

    system: str
    aliases: tuple[str, ...] = ()
    purpose: str | None = None
    intent: str = "connect"
    interfaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Requirement:
    """What must or should be so. ``question`` is canonical; ``includes`` or ``equals`` goes with it."""

    text: str
    priority: str = "want"
    barrier: str = "customers"
    question: Question | None = None
    includes: tuple[str, ...] = ()
    equals: str | None = None

    @property
    def gates(self) -> bool:
        """Whether a listing that answers otherwise is excluded: a must that names a question."""
        return self.priority == "must" and self.question is not None

    @property
    def accepted(self) -> tuple[str, ...]:
        """The values that meet it, as the profile writes them."""
        return (self.equals,) if self.equals is not None else self.includes


@dataclass(frozen=True, slots=True)
class Profile:
    """A checked profile. ``weights`` are percentages to one decimal that sum to exactly 100.

    ``preset`` names the weights where the profile gives none; ``digest`` is that of the profile's text.
    """

    organisation: Organisation
    weights: Mapping[str, Decimal]
    digest: str
    goal: str | None = None
    preset: str | None = None
    legacy: tuple[LegacySystem, ...] = ()
    skills_gaps: tuple[str, ...] = ()
    team: str | None = None
    resources_gaps: tuple[str, ...] = ()
    customers_needs: tuple[str, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    source: str = field(default="profile", compare=False)


def percentages(weights: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Weights as percentages to one decimal that sum to exactly 100: largest remainders are rounded up."""
    total = sum(weights.values())
    exact = {barrier: weights.get(barrier, Decimal(0)) * 1000 / total for barrier in BARRIERS}
    tenths = {barrier: int(share) for barrier, share in exact.items()}
    left = 1000 - sum(tenths.values())
    for barrier in sorted(BARRIERS, key=lambda name: tenths[name] - exact[name])[:left]:
        tenths[barrier] += 1
    return {barrier: Decimal(count) / 10 for barrier, count in tenths.items()}


def rebalanced(weights: Mapping[str, Decimal], barrier: str, share: int) -> dict[str, int]:
    """Whole percentages that sum to exactly 100, with this share for one barrier.

    The others keep their proportions to each other in what is left; where they had nothing, they share it.
    """
    share = max(0, min(100, share))
    others = {name: weights.get(name, Decimal(0)) for name in BARRIERS if name != barrier}
    total = sum(others.values())
    if not total:
        others, total = dict.fromkeys(others, Decimal(1)), Decimal(len(others))
    exact = {name: weight * (100 - share) / total for name, weight in others.items()}
    whole = {name: int(part) for name, part in exact.items()}
    left = 100 - share - sum(whole.values())
    for name in sorted(whole, key=lambda name: whole[name] - exact[name])[:left]:
        whole[name] += 1
    return {name: share if name == barrier else whole[name] for name in BARRIERS}
