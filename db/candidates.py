"""Which services of a large catalogue are worth judging for a profile: an estimate from the index alone.

A small catalogue is judged whole. In a large one every service gets an estimate of its score from what can be
told without reading a text: which systems it names, how much it has of the words of each requirement, how far
it is about the goal, what it answers and what it costs. The best are judged, and they are the same ones
whatever order they were imported in.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from heapq import nlargest, nsmallest

from catalogue.needs import Need, estate_of, needs_of
from catalogue.profile import Profile
from catalogue.rules import Rules, load_rules
from catalogue.terms import COMMON
from catalogue.text import words
from catalogue.vocabulary import Vocabulary, load_vocabulary
from db.catalogue import Catalogue
from db.columns import columns
from db.index import any_of, phrase
from db.postings import Posting, accepting, affordable, answering, naming, posting

#: A catalogue of up to this many live services is judged whole.
WHOLE = 1000
#: At most this many are judged, and of those that a must rules out so many are told.
MOST = 200
_RULED_OUT = 100
#: Of those, so many come in by each system and each requirement in words, however little these weigh.
_BY_NEED = 12
#: Where words find fewer than this, services that answer as required fill the rest, in a neutral order.
LEAST = 100
#: Words that a larger share of the services have tell little, and are not looked for.
_COMMON_SHARE = 0.25
#: The services most about the goal that are estimated closely, besides those that name a system.
_ABOUT = 6000
#: What a word counts elsewhere and at the head of a listing, both with a limit (see `catalogue.topic`).
_ELSEWHERE, _AT_THE_HEAD = 1 / 3, 3 / 5
#: The fit is measured against this place of the ranking by topic.
_STANDARD_PLACE = 5
#: Naming a system may mean anything: so much of the strongest evidence.
_NAMED = 0.8
#: A requirement counts from this share of its words on.
_COVERED = 0.5
#: How many profiles are remembered with their candidates.
_PROFILES = 8

#: By barrier, what is left empty of it for each service that has something for it.
_Empty = dict[str, dict[int, float]]


def candidate_ids(catalogue: Catalogue, profile: Profile, vocabulary: Vocabulary | None = None) -> list[str]:
    """The ids of the live services to judge, in order of id."""
    with catalogue.lock:
        live = _live(catalogue)
        if len(live) <= WHOLE:
            return sorted(live.values())
        known = vocabulary or load_vocabulary()
        return catalogue.remembered(
            "candidates",
            lambda: _chosen(catalogue, profile, known, live),
            of=(profile.digest, tuple(profile.weights.items()), id(known)),
            most=_PROFILES,
        ).copy()


def _chosen(
    catalogue: Catalogue, profile: Profile, vocabulary: Vocabulary, live: Mapping[int, str]
) -> list[str]:
    estimates, by_need = _estimates(catalogue, profile, vocabulary, len(live))
    failing = _failing(catalogue, profile)

    def best_of(keys: Iterable[int], most: int, *, ruled_out: bool = False) -> list[str]:
        ranked = (
            (-round(estimates[key], 6), live[key])
            for key in keys
            if key in live and (key in failing) is ruled_out
        )
        return [service for _, service in nsmallest(most, ranked)]

    chosen = dict.fromkeys(service for keys in by_need for service in best_of(keys, _BY_NEED))
    chosen.update(dict.fromkeys(best_of(estimates, MOST)))
    best = list(chosen)[:MOST] + best_of(estimates, _RULED_OUT, ruled_out=True)
    if len(best) < LEAST:
        best += _accepting_most(catalogue, profile, set(best), LEAST - len(best))
    return sorted(best)


def _estimates(
    catalogue: Catalogue, profile: Profile, vocabulary: Vocabulary, services: int
) -> tuple[dict[int, float], list[list[int]]]:
    """About how many points each service would get, by key, of those that have something to do with it.

    Beside it, for each system and each requirement in words, the services that may have something for it.
    """
    found = _Found(catalogue, vocabulary, services)
    topic = found.topic(profile)
    standard = min(nlargest(_STANDARD_PLACE, topic.values()), default=1.0)
    estate = estate_of(profile, vocabulary)
    named = {
        number: naming(catalogue, group)
        for group in estate.vocabulary.groups
        if (number := estate.systems.get(group.name)) is not None
    }
    keys = set(nlargest(_ABOUT, topic, key=lambda key: (topic[key], -key))).union(*named.values())
    fit = {key: min(1.0, topic[key] / standard) for key in keys}
    rules = load_rules()
    by_need: list[list[int]] = []
    empty: _Empty = {barrier: {} for barrier in profile.weights}
    for need in needs_of(profile, rules):
        share, depends = float(need.share), float(need.fit)
        left = empty[need.barrier]
        speaking = _speaking(found, profile, rules, need, named)
        if need.system is not None or (need.requirement and need.requirement.question is None):
            by_need.append([key for key in speaking if key in fit])
        for key, strength in speaking.items():
            if key in fit:
                left[key] = left.get(key, 1.0) * (1 - strength * share * (1 - depends + depends * fit[key]))
    weights = {barrier: float(weight) for barrier, weight in profile.weights.items()}
    estimates = {
        key: sum(weight * (1 - empty[barrier].get(key, 1.0)) for barrier, weight in weights.items())
        for key in keys
    }
    return estimates, by_need


def _speaking(
    found: _Found, profile: Profile, rules: Rules, need: Need, named: Mapping[int, list[int]]
) -> dict[int, float]:
    """The services that may have something for a need, with how strong it may be."""
    if need.system is not None:
        return dict.fromkeys(named.get(need.system, ()), _NAMED)
    requirement = need.requirement
    if requirement is not None and requirement.question is not None:
        return dict.fromkeys(accepting(found.catalogue, requirement), 1.0)
    if requirement is not None:
        return found.covering(requirement.text)
    if need.rule.reads == "price":
        return dict.fromkeys(affordable(found.catalogue, profile.organisation), 1.0)
    speaking: dict[int, float] = {}
    for row in need.rule.evidence if need.share else ():
        if row.question is not None and row.verdict.side > 0:
            strength = float(rules.strength[row.verdict.value.removesuffix("-for")])
            for key in answering(found.catalogue, row.question.id, row.options):
                speaking[key] = max(strength, speaking.get(key, 0.0))
    return speaking


class _Found:
    """The words of one profile, each with its services and with how telling it is."""

    def __init__(self, catalogue: Catalogue, vocabulary: Vocabulary, services: int) -> None:
        self.catalogue = catalogue
        self._vocabulary = vocabulary
        self._services = services

    def topic(self, profile: Profile) -> defaultdict[int, float]:
        """How far services are about a profile, by key."""
        wanted: dict[str, float] = {}
        for weight, text in _parts(profile):
            for match in self._matches(text):
                wanted[match] = max(wanted.get(match, 0.0), weight)
        topic: defaultdict[int, float] = defaultdict(float)
        for match, weight in wanted.items():
            posted = self._posting(match)
            elsewhere = weight * self._rarity(posted) * _ELSEWHERE
            more = weight * self._rarity(posted) * _AT_THE_HEAD - elsewhere
            for key in posted.keys:
                topic[key] += elsewhere
            for key in posted.head:
                topic[key] += more
        return topic

    def covering(self, text: str) -> dict[int, float]:
        """The services that have much of a text, anywhere, with how much: rare words count more."""
        postings = [self._posting(match) for match in self._matches(text)]
        whole = sum(self._rarity(posted) for posted in postings if posted.keys)
        covered: defaultdict[int, float] = defaultdict(float)
        for posted in postings:
            for key in posted.keys:
                covered[key] += self._rarity(posted) / whole
        # The words of a service stand in many passages, of which one alone is judged.
        return {key: share * share for key, share in covered.items() if share >= _COVERED}

    def _matches(self, text: str) -> list[str]:
        """What to look for of a text: its telling words, and what it names under all its names."""
        matches = {phrase([word]) for word in words(text) if word not in COMMON and len(word) > 1}
        for surface, others in self._vocabulary.expansions(text):
            matches.add(any_of(phrase(words(name)) for name in (surface, *others) if words(name)))
        return sorted(matches)

    def _posting(self, match: str) -> Posting:
        return posting(self.catalogue, match, most=self._services * _COMMON_SHARE)

    def _rarity(self, posted: Posting) -> float:
        return math.log(1 + (self._services - posted.count + 0.5) / (posted.count + 0.5))


def _parts(profile: Profile) -> Iterator[tuple[float, str]]:
    """What a profile is about, with what each part counts, as in `catalogue.topic`."""
    weights = load_rules().topic
    if profile.goal:
        yield float(weights["goal"]), profile.goal
    for requirement in profile.requirements:
        if requirement.question is None:
            yield float(weights[requirement.priority]), requirement.text
    for system in profile.legacy:
        if system.purpose:
            yield float(weights["purpose"]), system.purpose


def _failing(catalogue: Catalogue, profile: Profile) -> set[int]:
    """Services that answer otherwise than a must requires."""
    failing: set[int] = set()
    for requirement in profile.requirements:
        if requirement.gates and requirement.question is not None:
            options = {option.id for option in requirement.question.options}
            answered = answering(catalogue, requirement.question.id, options)
            failing |= answered - accepting(catalogue, requirement)
    return failing


def _accepting_most(catalogue: Catalogue, profile: Profile, known: set[str], most: int) -> list[str]:
    """Services that answer as most of the requirements want that name a question."""
    met: Counter[int] = Counter()
    for requirement in profile.requirements:
        if requirement.question is not None:
            met.update(accepting(catalogue, requirement))
    place = columns(catalogue).place
    left = (
        (-met[key], place[key], service) for key, service in _live(catalogue).items() if service not in known
    )
    return [service for _, _, service in nsmallest(most, left)]


def _live(catalogue: Catalogue) -> dict[int, str]:
    def load() -> dict[int, str]:
        return dict(catalogue.rows("SELECT key, id FROM service WHERE status = 'live'"))

    return catalogue.remembered("live services", load)
