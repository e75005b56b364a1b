"""How far a listing is about what a profile is after: rare words count more, a word once per field.

The result, the *fit*, is between 0 and 1: 1 for the listings of the catalogue that are most about it. It says
nothing of barriers; it keeps a telephone number on an unrelated listing from counting as help.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from catalogue.listing import Listing
from catalogue.profile import Profile
from catalogue.rules import Rules
from catalogue.terms import text_terms
from catalogue.vocabulary import Vocabulary

#: How soon a further field with the same word stops counting (the k of BM25, with fields for occurrences).
_SATURATION = 2.0
#: The fit is measured against this place of the ranking by topic: one stuffed listing sets no standard.
_STANDARD_PLACE = 5


class WantedTerms:
    """The terms of a profile; ``weights`` has those of its topic, by the heaviest part that has each."""

    def __init__(self, profile: Profile, vocabulary: Vocabulary, rules: Rules) -> None:
        self._vocabulary = vocabulary
        self._known: dict[str, frozenset[str]] = {}
        self.weights: dict[str, float] = {}
        for weight, text in _parts(profile, rules.topic):
            for term in sorted(self.of(text)):
                self.weights[term] = max(self.weights.get(term, 0.0), float(weight))
        for requirement in profile.requirements:
            self.of(requirement.text)

    def of(self, text: str) -> frozenset[str]:
        """The terms of a text, read once."""
        if text not in self._known:
            self._known[text] = text_terms(text, self._vocabulary)
        return self._known[text]

    @property
    def all(self) -> frozenset[str]:
        """Every term of every part."""
        return frozenset().union(*self._known.values())


class Topic:
    """The words of a profile, weighed by how rare they are among ``listings``, and the fit of any listing."""

    def __init__(
        self,
        wanted: WantedTerms,
        listings: Sequence[Listing],
        rules: Rules,
    ) -> None:
        self._wanted = wanted
        self._fields = {name: float(weight) for name, weight in rules.topic.items()}
        counts = Counter(term for listing in listings for term in listing.terms)
        self._rarity = {
            term: math.log(1 + (len(listings) - count + 0.5) / (count + 0.5))
            for term, count in counts.items()
        }
        self._unseen = math.log(1 + (len(listings) + 0.5) / 0.5)
        ranked = sorted((self._raw(listing) for listing in listings), reverse=True)
        self._standard = ranked[min(_STANDARD_PLACE, len(ranked)) - 1] if ranked else 0.0

    def fit(self, listing: Listing) -> Decimal:
        """How far a listing is about the profile's goal, to two decimals: what is finer is no knowledge."""
        if not self._standard:
            return Decimal(0)
        return Decimal(round(100 * min(1.0, self._raw(listing) / self._standard))) / 100

    def terms(self, text: str) -> dict[str, float]:
        """The terms of a text with their rarity among the listings."""
        return {term: self.rarity(term) for term in sorted(self._wanted.of(text))}

    def rarity(self, term: str) -> float:
        """How much a term tells: high for one that few listings have."""
        return self._rarity.get(term, self._unseen)

    def _raw(self, listing: Listing) -> float:
        total = 0.0
        for term, weight in self._wanted.weights.items():
            if texts := listing.terms.get(term):
                fields = {text.field for text in texts}
                seen = sum(self._fields[field] for field in sorted(fields))
                total += weight * self.rarity(term) * seen / (seen + _SATURATION)
        return total


def _parts(profile: Profile, weights: Mapping[str, Decimal]) -> Iterable[tuple[Decimal, str]]:
    if profile.goal:
        yield weights["goal"], profile.goal
    for requirement in profile.requirements:
        if requirement.question is None:
            yield weights[requirement.priority], requirement.text
    for system in profile.legacy:
        for name in (system.system, *system.aliases):
            yield weights["system"], name
        if system.purpose:
            yield weights["purpose"], system.purpose
