"""The profile: an organisation, its estate and what stands in its way; its values, and how it is read."""

from __future__ import annotations

from catalogue.profile.reader import Problem, check_profile, option_labels, parse_profile
from catalogue.profile.values import (
    BARRIERS,
    CUSTOMERS_NEEDS,
    INTENTS,
    INTERFACES,
    PRESET,
    PRIORITIES,
    RESOURCES_GAPS,
    SECTORS,
    SKILLS_GAPS,
    SURVEY_2018,
    LegacySystem,
    Organisation,
    Profile,
    Requirement,
    percentages,
    rebalanced,
)
from catalogue.profile.wording import nearest

__all__ = [
    "BARRIERS",
    "CUSTOMERS_NEEDS",
    "INTENTS",
    "INTERFACES",
    "PRESET",
    "PRIORITIES",
    "RESOURCES_GAPS",
    "SECTORS",
    "SKILLS_GAPS",
    "SURVEY_2018",
    "LegacySystem",
    "Organisation",
    "Problem",
    "Profile",
    "Requirement",
    "check_profile",
    "nearest",
    "option_labels",
    "parse_profile",
    "percentages",
    "rebalanced",
]
