"""Ranking a catalogue for a profile: gates, findings, scores, and the questions that remain to be asked.

`match` is pure: the same profile, services and rules give the same result whatever the order they come in.
What depends on all services, such as how rare words are, stays with the result as its `Yardstick`: so any
further service is judged as the others were.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from catalogue.audience import judge_audience, judge_filing, kinds_spoken_of, own_kinds
from catalogue.budget import BUDGET_SAYINGS, judge_price
from catalogue.collecting import nothing_collected
from catalogue.demands import Outcome, gate, judge_requirement
from catalogue.filing import Filing
from catalogue.findings import Judged, Standpoint, judge_evidence
from catalogue.listing import Lens, Listing, read_listing
from catalogue.model import CatalogueSummary, Service
from catalogue.needs import Estate, Need, estate_of, needs_of
from catalogue.profile import Profile, Requirement, percentages
from catalogue.questions import Crosswalk, load_crosswalk
from catalogue.rules import Rules, load_rules
from catalogue.scan import Scanner
from catalogue.scoring import Contribution, contributions_of, score_of, weighed
from catalogue.systems import SYSTEM_SAYINGS, judge_host, judge_others, judge_system
from catalogue.topic import Topic, WantedTerms
from catalogue.vocabulary import Vocabulary, load_vocabulary

_JUDGES = {
    "evidence": judge_evidence,
    "systems": judge_system,
    "host": judge_host,
    "others": judge_others,
    "requirement": judge_requirement,
    "price": judge_price,
    "audience": judge_audience,
    "filing": judge_filing,
}
#: More questions than this, and an officer would not send them.
_QUESTIONS = 6


@dataclass(frozen=True, slots=True)
class Match:
    """One service of the ranking. ``fit`` is how far it is about the profile's goal, 0 to 1."""

    rank: int
    service: Service
    score: Decimal
    contributions: tuple[Contribution, ...]
    questions: tuple[str, ...]
    fit: Decimal


@dataclass(frozen=True, slots=True)
class Excluded:
    """A service that a must rules out, with the answer that does; ``found`` is empty where there is none."""

    service: Service
    requirement: Requirement
    label: str | None
    found: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judge:
    """Everything that the services of one profile are judged with, whichever they are."""

    profile: Profile
    rules: Rules
    crosswalk: Crosswalk
    estate: Estate
    needs: tuple[Need, ...]
    wanted: WantedTerms
    lens: Lens
    #: The sectors whose listings suit the profile, and those of which its words speak.
    kinds: frozenset[str]
    spoken_of: frozenset[str]
    filing: Filing

    def excluded(self, service: Service) -> Excluded | None:
        """The first must that a service does not pass, or ``None``."""
        return _failed(self.profile, service, self.crosswalk)

    def listing(self, service: Service) -> Listing:
        """A service as it is judged."""
        return read_listing(service, self.lens)

    def by(self, topic: Topic) -> Yardstick:
        """What each service is judged by where the words of the profile tell so much."""
        at = Standpoint(
            self.profile,
            self.rules,
            self.crosswalk,
            self.estate,
            self.kinds,
            self.spoken_of,
            self.filing,
            topic,
        )
        return Yardstick(at, self.needs)


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What each service is judged by for one profile in one catalogue, whichever others are judged.

    It holds no text of a service, so that it is small enough to be kept.
    """

    at: Standpoint
    needs: tuple[Need, ...]

    def match(self, listing: Listing) -> Match:
        """A listing judged, without its rank."""
        return _match(self.at, self.needs, listing)

    def judged(self, services: Iterable[Service]) -> Iterator[Match | Excluded]:
        """Services as they are judged, without their rank."""
        lens = _lens(self.at.rules, self.needs, self.at.estate, self.at.topic.wanted)
        for service in services:
            failed = _failed(self.at.profile, service, self.at.crosswalk)
            yield failed or self.match(read_listing(service, lens))
        lens.let_go()


@dataclass(frozen=True, slots=True)
class MatchResult:
    """A ranking. ``considered`` counts the services that were judged, matches and excluded together."""

    profile: Profile
    rules: str
    matches: tuple[Match, ...]
    excluded: tuple[Excluded, ...]
    considered: int
    #: By its own weights, which may be others than those of ``profile``.
    yardstick: Yardstick = field(repr=False, compare=False)

    @property
    def judged(self) -> dict[str, Match | Excluded]:
        """Every service that was judged, by id."""
        every: tuple[Match | Excluded, ...] = (*self.matches, *self.excluded)
        return {each.service.id: each for each in every}


def judge_of(
    profile: Profile,
    *,
    rules: Rules | None = None,
    crosswalk: Crosswalk | None = None,
    vocabulary: Vocabulary | None = None,
) -> Judge:
    """What the services of a profile are judged with; the tables are those that ship with Longlist."""
    rules = rules or load_rules()
    estate = estate_of(profile, vocabulary or load_vocabulary())
    needs = needs_of(profile, rules)
    wanted = WantedTerms(profile, estate.vocabulary, rules)
    lens = _lens(rules, needs, estate, wanted)
    kinds, spoken_of = own_kinds(profile, rules), kinds_spoken_of(profile, rules)
    return Judge(
        profile,
        rules,
        crosswalk or load_crosswalk(),
        estate,
        needs,
        wanted,
        lens,
        kinds,
        spoken_of,
        Filing(wanted, rules, kinds | spoken_of, profile.organisation.name or ""),
    )


@nothing_collected()
def match(
    profile: Profile,
    services: Iterable[Service],
    *,
    rules: Rules | None = None,
    crosswalk: Crosswalk | None = None,
    vocabulary: Vocabulary | None = None,
) -> MatchResult:
    """Rank services for a profile."""
    judge = judge_of(profile, rules=rules, crosswalk=crosswalk, vocabulary=vocabulary)
    yardstick, passing, excluded = _measured(judge, services)
    return result_of(yardstick, map(yardstick.match, passing), excluded)


@nothing_collected()
def yardstick_of(profile: Profile, services: Iterable[Service]) -> Yardstick:
    """What `match` judges each of these services by, without judging any."""
    return _measured(judge_of(profile), services)[0]


def _measured(judge: Judge, services: Iterable[Service]) -> tuple[Yardstick, list[Listing], list[Excluded]]:
    """The yardstick, the listings that pass every must, and what does not, each by id."""
    given = {service.id: service for service in services}
    passing: list[Listing] = []
    excluded: list[Excluded] = []
    for name in sorted(given):
        failed = judge.excluded(given[name])
        if failed is not None:
            excluded.append(failed)
        else:
            passing.append(judge.listing(given[name]))
    return judge.by(Topic.of(judge.wanted, passing, judge.rules)), passing, excluded


def result_of(
    yardstick: Yardstick, matches: Iterable[Match] = (), excluded: Iterable[Excluded] = ()
) -> MatchResult:
    """A ranking of what was judged, in whatever order that comes."""
    at, ranked, gone = yardstick.at, in_order(matches), tuple(excluded)
    return MatchResult(at.profile, at.rules.version, ranked, gone, len(ranked) + len(gone), yardstick)


@nothing_collected()
def joined(result: MatchResult, services: Iterable[Service]) -> MatchResult:
    """A ranking with more services, judged as the others were, for whom nothing changes but the rank."""
    known = result.judged
    added = {service.id: service for service in services if service.id not in known}
    judged = list(result.yardstick.judged(added[name] for name in sorted(added)))
    matches = [found for found in judged if isinstance(found, Match)]
    excluded = [found for found in judged if isinstance(found, Excluded)]
    own = result.yardstick.at.profile.weights
    return replace(
        result,
        matches=in_order([*result.matches, *_reweighed(matches, own, result.profile.weights)]),
        excluded=(*result.excluded, *excluded),
        considered=result.considered + len(added),
    )


@nothing_collected()
def re_rank(result: MatchResult, weights: Mapping[str, Decimal]) -> MatchResult:
    """The same services, judged as they are, under other weights (any positive numbers).

    Gives what `match` would with these weights in the profile.
    """
    shares = MappingProxyType(percentages(weights))
    matches = _reweighed(result.matches, result.profile.weights, shares)
    profile = replace(result.profile, weights=shares, preset=None)
    return replace(result, profile=profile, matches=in_order(matches))


def _reweighed(
    matches: Iterable[Match], before: Mapping[str, Decimal], shares: Mapping[str, Decimal]
) -> Iterator[Match]:
    """Matches under other percentages than those before."""
    same = {barrier for barrier, share in shares.items() if share == before[barrier]}
    for found in matches:
        contributions = tuple(
            each if each.barrier in same else weighed(each, shares[each.barrier])
            for each in found.contributions
        )
        yield replace(found, score=score_of(contributions), contributions=contributions)


def in_order(found: Iterable[Match]) -> tuple[Match, ...]:
    """Matches by score, numbered."""
    ranked = sorted(found, key=lambda each: (-each.score, tie_break(each.service.id)))
    return tuple(
        each if each.rank == rank else replace(each, rank=rank) for rank, each in enumerate(ranked, start=1)
    )


def _lens(rules: Rules, needs: tuple[Need, ...], estate: Estate, wanted: WantedTerms) -> Lens:
    """What is looked for in every listing: sayings of the rules, terms and systems of the profile."""
    sayings = [row.words for need in needs for row in need.rule.evidence if row.words is not None]
    asked = {row.question.id for need in needs for row in need.rule.evidence if row.question is not None}
    demanded = [need.requirement.question for need in needs if need.requirement is not None]
    asked |= {question.id for question in demanded if question is not None}
    sayings += [denial.against for denial in rules.denials if denial.question.id in asked]
    sayings += [*rules.audiences.values(), *rules.trades.values()]
    sayings += [rules.cues["kinds"], *SYSTEM_SAYINGS, *BUDGET_SAYINGS]
    terms = wanted.all
    groups = [
        group
        for group in estate.vocabulary.groups
        if group.kind == "system" or group.name in estate.systems or f"={group.name}" in terms
    ]
    doubtful = frozenset(
        group.name for group in estate.vocabulary.groups if group.gated and group.name in estate.systems
    )
    own = [group for group in groups if group.name in estate.systems]
    known = estate.vocabulary.parts
    scanner = Scanner(sayings, terms, groups, wanted.related, own=own, pairs=wanted.pairs, known=known)
    return Lens(estate.vocabulary, scanner, doubtful)


def tie_break(service_id: str) -> str:
    """Orders services of equal score so that no supplier's name is favoured."""
    return hashlib.sha256(service_id.encode()).hexdigest()


def _failed(profile: Profile, service: Service, crosswalk: Crosswalk) -> Excluded | None:
    """The first gate that a service does not pass, or ``None``."""
    for requirement in profile.requirements:
        if requirement.gates:
            held = gate(requirement, service, crosswalk)
            if held.outcome is Outcome.NOT_MET:
                return Excluded(service, requirement, held.label, held.found)
    return None


def _match(at: Standpoint, needs: tuple[Need, ...], listing: Listing) -> Match:
    judged = [found for need in needs for found in _JUDGES[need.rule.reads](at, need, listing)]
    fit = at.topic.fit(listing)
    contributions = contributions_of(judged, at.profile.weights, fit, at.rules.strength)
    return Match(0, listing.service, score_of(contributions), contributions, _questions(judged, fit), fit)


def _questions(judged: list[Judged], fit: Decimal) -> tuple[str, ...]:
    """What to ask the supplier: gates first, then what could add most; little of what does not fit."""
    asking = [found for found in judged if found.ask]
    gates = [found for found in asking if found.need.requirement and found.need.requirement.gates]
    rest = sorted(
        (found for found in asking if found not in gates and fit >= Decimal("0.2")),
        key=lambda f: -f.need.share,
    )
    return tuple(dict.fromkeys(found.ask for found in (*gates, *rest) if found.ask))[
        : max(_QUESTIONS, len(gates))
    ]


def match_json(result: MatchResult, summary: CatalogueSummary) -> dict[str, Any]:
    """The result in the shape that scripts depend on. Numbers are exact to their printed decimal."""
    profile = result.profile
    return {
        "profile": {"name": profile.organisation.name, "digest": profile.digest},
        "catalogue": {
            "digest": summary.digest,
            "services": summary.services,
            "newest": summary.newest.strftime("%Y-%m-%dT%H:%M:%SZ") if summary.newest else None,
        },
        "rules": result.rules,
        "weights": {barrier: float(weight) for barrier, weight in profile.weights.items()},
        "matches": [_match_json(found) for found in result.matches],
        "excluded": [
            {
                "id": gone.service.id,
                "name": gone.service.record.name,
                "requirement": gone.requirement.text,
                "found": list(gone.found),
            }
            for gone in result.excluded
        ],
    }


def _match_json(found: Match) -> dict[str, Any]:
    record = found.service.record
    return {
        "rank": found.rank,
        "id": record.id,
        "name": record.name,
        "supplier": record.supplier.name,
        "lot": record.lot.slug,
        "price": record.price,
        "score": float(found.score),
        "contributions": [
            {
                "barrier": contribution.barrier,
                "points": float(contribution.points),
                "findings": [
                    {
                        "need": finding.need,
                        "verdict": finding.verdict.value,
                        "points": float(finding.points),
                        "question": finding.question,
                        "quote": finding.quote,
                        "rule": finding.rule,
                    }
                    for finding in contribution.findings
                ],
            }
            for contribution in found.contributions
        ],
        "questions": list(found.questions),
    }
