"""How far a listing is about what a profile is after: rare words count more, a word once per field.

The result, the *fit*, is between 0 and 1: 1 for the listings of the catalogue that are most about it. It says
nothing of barriers; it keeps a telephone number on an unrelated listing from counting as help.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from heapq import nlargest
from itertools import pairwise

from catalogue.concepts import Stems, load_concepts, stems_of
from catalogue.listing import FIELDS, Listing, field_bit
from catalogue.profile import Profile
from catalogue.rules import Rules
from catalogue.terms import COMMON, related, stem, text_terms
from catalogue.text import words
from catalogue.vocabulary import Vocabulary

#: How soon a further field with the same word stops counting (the k of BM25, with fields for occurrences).
SATURATION = 2.0
#: How much a word counts that only stands in a long list of others.
LISTED = 0.3
#: The fit is measured against this place of the ranking by topic: one stuffed listing sets no standard.
STANDARD_PLACE = 5


class WantedTerms:
    """The terms of a profile; ``weights`` has those of its topic, by the heaviest part that has each."""

    def __init__(self, profile: Profile, vocabulary: Vocabulary, rules: Rules) -> None:
        self._vocabulary = vocabulary
        self._known: dict[str, frozenset[str]] = {}
        self.weights: dict[str, float] = {}
        #: By term, the stems of what says nearly the same.
        self.related: dict[str, set[Stems]] = {}
        for weight, text, is_name in _parts(profile, rules.topic):
            # A name tells as a name; its words, such as "gifts" or "control", are anybody's.
            for term in sorted(self.of(text)):
                if is_name and not term.startswith("="):
                    continue
                self.weights[term] = max(self.weights.get(term, 0.0), float(weight))
            if not is_name:
                self._relate(text)
        for requirement in profile.requirements:
            self.of(requirement.text)
        for system in profile.legacy:
            # Of one that is kept, too: by its purpose a word that is also its name is told from the name.
            self.of(system.purpose or "")
        #: Every term of every part, whatever texts are read afterwards: it is what listings are read for.
        self.all = frozenset().union(*self._known.values())
        #: The terms that stand side by side in its texts.
        self.pairs = frozenset(pair for text in self._known for pair in pairwise(map(stem, words(text))))

    def of(self, text: str) -> frozenset[str]:
        """The terms of a text, read once."""
        if text not in self._known:
            self._known[text] = text_terms(text, self._vocabulary)
        return self._known[text]

    def _relate(self, text: str) -> None:
        """Note what says nearly the same as the words and phrases of a text."""
        concepts = load_concepts()
        for phrase in concepts.phrases_in(text):
            near = {_telling(other) for other in concepts.related(phrase)} - {()}
            for word in words(phrase):
                if word not in COMMON:
                    self.related.setdefault(stem(word), set()).update(near)


class Topic:
    """The words of a profile, weighed by how rare they are among listings, and the fit of any listing."""

    def __init__(self, wanted: WantedTerms, counts: Mapping[str, int], listings: int, rules: Rules) -> None:
        """Weigh terms of which each is in so many of so many ``listings``; nothing fits until `measure`."""
        self.wanted = wanted
        self.fields = {name: float(weight) for name, weight in rules.topic.items()}
        self._related = float(rules.topic["related"])
        self._rarity = {
            term: math.log(1 + (listings - count + 0.5) / (count + 0.5)) for term, count in counts.items()
        }
        self._unseen = math.log(1 + (listings + 0.5) / 0.5)
        self._known: dict[str, dict[str, float]] = {}
        self._near: dict[str, float] = {}
        self._counts: dict[int, float] = {}
        #: How much the listings have of the topic that fit it wholly.
        self.standard = 0.0
        #: Each term of the topic, what says nearly the same, its weight, its rarity and that of the other.
        self.weighed = [
            (term, related(term), float(weight), self.rarity(term), self.rarity_of_related(term))
            for term, weight in wanted.weights.items()
        ]

    @classmethod
    def of(cls, wanted: WantedTerms, listings: Sequence[Listing], rules: Rules) -> Topic:
        """The topic with everything that it is measured by taken from these listings."""
        topic = cls(
            wanted, Counter(term for listing in listings for term in listing.terms), len(listings), rules
        )
        topic.measure(topic.about(listing) for listing in listings)
        return topic

    def measure(self, about: Iterable[float]) -> None:
        """Set the standard by how much each listing is about the topic; the best few are enough."""
        ranked = nlargest(STANDARD_PLACE, about)
        self.standard = ranked[-1] if ranked else 0.0

    def fit(self, listing: Listing) -> Decimal:
        """How far a listing is about the profile's goal, to two decimals: what is finer is no knowledge."""
        if not self.standard:
            return Decimal(0)
        return Decimal(round(100 * min(1.0, self.about(listing) / self.standard))) / 100

    def terms(self, text: str) -> dict[str, float]:
        """The terms of a text with their rarity among the listings."""
        found = self._known.get(text)
        if found is None:
            found = self._known[text] = {term: self.rarity(term) for term in sorted(self.wanted.of(text))}
        return found

    def rarity(self, term: str) -> float:
        """How much a term tells: high for one that few listings have."""
        return self._rarity.get(term, self._unseen)

    def rarity_of_words(self, text: str) -> float:
        """How much the rarest word of a text tells; 0 where it has none but names."""
        return max(
            (self.rarity(term) for term in self.wanted.of(text) if not term.startswith("=")), default=0.0
        )

    def rarity_of_related(self, term: str) -> float:
        """How much it tells that a listing says nearly the same as a term: never more than the term."""
        found = self._near.get(term)
        if found is None:
            found = self._near[term] = self._related * min(self.rarity(term), self.rarity(related(term)))
        return found

    def about(self, listing: Listing) -> float:
        """How much a listing has of the topic, on a scale of the topic's own."""
        total = 0.0
        has = listing.fields
        for term, near, weight, rarity, rarity_of_related in self.weighed:
            if term in has or near in has:
                told = max(
                    rarity * self._seen(has.get(term, 0)), rarity_of_related * self._seen(has.get(near, 0))
                )
                total += weight * told
        return total

    def _seen(self, fields: int) -> float:
        """How much it counts that these fields have a term: each once, the more the less each."""
        seen = self._counts.get(fields)
        if seen is None:
            plainly = {field for field in FIELDS if fields & field_bit(field, listed=False)}
            listed = {field for field in FIELDS if fields & field_bit(field, listed=True)} - plainly
            seen = sum(self.fields[field] for field in sorted(plainly))
            seen += LISTED * sum(self.fields[field] for field in sorted(listed))
            seen = self._counts[fields] = seen / (seen + SATURATION)
        return seen


def _telling(phrase: str) -> Stems:
    """The stems of a phrase that tell something."""
    return stems_of(" ".join(word for word in words(phrase) if word not in COMMON))


def _parts(profile: Profile, weights: Mapping[str, Decimal]) -> Iterable[tuple[Decimal, str, bool]]:
    """What a profile is about, with what each part counts, and whether it is the name of a system.

    A system that stays as it is says nothing of what is looked for.
    """
    if profile.goal:
        yield weights["goal"], profile.goal, False
    for requirement in profile.requirements:
        if requirement.question is None:
            yield weights[requirement.priority], requirement.text, False
    for system in profile.legacy:
        if system.intent == "keep":
            continue
        for name in (system.system, *system.aliases):
            yield weights["system"], name, True
        if system.purpose:
            yield weights["purpose"], system.purpose, False
