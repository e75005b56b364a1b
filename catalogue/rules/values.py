"""The rules as values: what a profile may ask for, what counts as evidence of it, and for how much."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum

from catalogue.questions import Question
from catalogue.rules.sayings import Saying


class Verdict(Enum):
    """What a finding says of a need."""

    STRONG_FOR = "strong-for"
    WEAK_FOR = "weak-for"
    SILENT = "silent"
    WEAK_AGAINST = "weak-against"
    STRONG_AGAINST = "strong-against"
    NOT_APPLICABLE = "not-applicable"

    def __init__(self, name: str) -> None:
        #: 1 for, -1 against, 0 neither.
        self.side = {"for": 1, "against": -1}.get(name.rpartition("-")[2], 0)

    @property
    def turned(self) -> Verdict:
        """The verdict where the passage denies its own words."""
        return _TURNED.get(self, self)


_TURNED = {
    Verdict.STRONG_FOR: Verdict.STRONG_AGAINST,
    Verdict.WEAK_FOR: Verdict.WEAK_AGAINST,
    Verdict.WEAK_AGAINST: Verdict.SILENT,
    Verdict.STRONG_AGAINST: Verdict.SILENT,
}

#: What judges a need.
READS = ("evidence", "systems", "host", "others", "requirement", "price", "audience", "filing")
#: How naming a system may be meant; the keys of an [[intent]] row.
MEANINGS = ("connects", "moves", "mentions", "replaces", "extends", "prolongs", "planned", "manual", "denied")
#: The labels of the fields at the head of a record, and the short names that the topic table has for them.
TOP_FIELDS = {
    "name": "Service name",
    "description": "Service description",
    "features": "Service features",
    "benefits": "Service benefits",
    "categories": "Service categories",
    "price": "Price",
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """One row: what speaks for or against a need, by an answer or by words.

    ``everything`` takes each sentence under ``fields`` for what these fields are there to tell.
    """

    rule: str
    verdict: Verdict
    because: str
    question: Question | None = None
    options: frozenset[str] = frozenset()
    only: bool = False
    words: Saying | None = None
    unless: Saying | None = None
    fields: frozenset[str] = frozenset()
    stops: bool = False
    everything: bool = False


@dataclass(frozen=True, slots=True)
class NeedRule:
    """What a profile may ask for, and the evidence that judges it."""

    id: str
    barrier: str
    when: frozenset[str]
    says: str
    reads: str
    share: Decimal
    fit: Decimal
    against: Decimal
    ask: str | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class IntentRule:
    """What each way of naming a system means for one intention."""

    intent: str
    verdicts: Mapping[str, Verdict]
    stops: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Denial:
    """Prose that contradicts a ticked answer of ``question``.

    ``words`` and ``against`` stand in one passage, and none of ``unless``.
    """

    rule: str
    question: Question
    fields: frozenset[str]
    words: Saying
    against: Saying
    unless: Saying | None = None


@dataclass(frozen=True, slots=True)
class FilingRules:
    """The words of categories, by their stems.

    ``general`` ones go with any subject, ``empty`` ones tell of none; ``also`` has, by a word of a category,
    words of profiles that are after what it is for.
    """

    general: frozenset[str]
    empty: frozenset[str]
    also: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """All rules of one version of the table. Equal to themselves alone."""

    version: str
    needs: tuple[NeedRule, ...]
    intents: Mapping[str, IntentRule]
    denials: tuple[Denial, ...]
    audiences: Mapping[str, Saying]
    #: The words of trades that no public body is in, by the name of each.
    trades: Mapping[str, Saying]
    filing: FilingRules
    cues: Mapping[str, Saying]
    strength: Mapping[str, Decimal]
    requirement: Mapping[str, Decimal]
    topic: Mapping[str, Decimal] = field(default_factory=dict)
    #: By sector, those whose listings suit it as well as its own.
    kin: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
