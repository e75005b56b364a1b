"""The rules by which a listing is judged: their values, the sayings they look for, and how they are read."""

from __future__ import annotations

from catalogue.rules.reader import load_rules, parse_rules
from catalogue.rules.sayings import Saying, plain, saying
from catalogue.rules.values import (
    MEANINGS,
    READS,
    TOP_FIELDS,
    Denial,
    Evidence,
    IntentRule,
    NeedRule,
    Rules,
    Verdict,
)

__all__ = [
    "MEANINGS",
    "READS",
    "TOP_FIELDS",
    "Denial",
    "Evidence",
    "IntentRule",
    "NeedRule",
    "Rules",
    "Saying",
    "Verdict",
    "load_rules",
    "parse_rules",
    "plain",
    "saying",
]
