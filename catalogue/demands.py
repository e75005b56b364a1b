"""What an organisation demands of any service: its requirements, and that it suits its like."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from msgspec.structs import replace

from catalogue.coverage import passages_with
from catalogue.denials import put_off, refuses
from catalogue.findings import Judged, Standpoint, best_of, denial_of, finding, unanswered
from catalogue.listing import Listing, Passage
from catalogue.model import AnswerState, Service
from catalogue.needs import Need
from catalogue.profile import Requirement
from catalogue.questions import Crosswalk, label_key
from catalogue.rules import Verdict
from catalogue.topic import LISTED


class Outcome(Enum):
    """How a listing answers a requirement that names a question."""

    MET = "met"
    NOT_MET = "not met"
    NOT_STATED = "not stated"


@dataclass(frozen=True, slots=True)
class Gate:
    """The outcome, and the answer it rests on: label and values as shown (of the parent if that is No)."""

    outcome: Outcome
    label: str | None = None
    found: tuple[str, ...] = ()


def gate(requirement: Requirement, service: Service, crosswalk: Crosswalk) -> Gate:
    """Hold a listing's answer against a requirement's question."""
    question = requirement.question
    assert question is not None
    state = crosswalk.state(service, question.id)
    if state is AnswerState.PARENT_NO:
        return _parent_no(question.id, service, crosswalk)
    if state is not AnswerState.ANSWERED:
        return Gate(Outcome.NOT_STATED)
    answers = [
        answer for answer in service.answers[question.id] if any(value.strip() for value in answer.values)
    ]
    values = tuple(dict.fromkeys(value for answer in answers for value in answer.values if value.strip()))
    accepted = [value for value in values if _is_accepted(requirement, value, service, crosswalk)]
    met = bool(accepted) and (requirement.equals is None or len(accepted) == len(values))
    shown = tuple(accepted) if met else values
    label = next(answer.label for answer in answers if shown[0] in answer.values)
    return Gate(Outcome.MET if met else Outcome.NOT_MET, label, shown)


def _is_accepted(requirement: Requirement, value: str, service: Service, crosswalk: Crosswalk) -> bool:
    """Whether one value is one of those required; a newer version of the same standard is accepted too."""
    question = requirement.question
    assert question is not None
    given = crosswalk.option_for(question, value, service.record.framework.slug)
    for text in requirement.accepted:
        if label_key(text) == label_key(value):
            return True
        wanted = crosswalk.option_for(question, text)
        if given is not None and wanted is not None and given.id == wanted.id:
            if wanted.version is None or given.version is None:
                return True
            if _version(given.version) >= _version(wanted.version):
                return True
    return False


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", text))


def _parent_no(question: str, service: Service, crosswalk: Crosswalk) -> Gate:
    """Not met, with the answer of the nearest parent that was given."""
    asking = crosswalk.asking(question, service.record.framework.slug, service.record.lot.slug)
    while asking is not None and asking.parent is not None:
        for answered in service.answers.get(asking.parent, ()):
            if answered.values:
                return Gate(Outcome.NOT_MET, answered.label, answered.values)
        asking = crosswalk.asking(asking.parent, service.record.framework.slug, service.record.lot.slug)
    return Gate(Outcome.NOT_MET)


def judge_requirement(at: Standpoint, need: Need, listing: Listing) -> list[Judged]:
    """Judge a requirement: by its question where it names one, else by how much of it one passage holds."""
    assert need.requirement is not None
    if need.requirement.question is not None:
        return _by_question(at, need, need.requirement, listing)
    return _by_words(at, need, listing)


def _by_question(at: Standpoint, need: Need, requirement: Requirement, listing: Listing) -> list[Judged]:
    assert requirement.question is not None
    question = requirement.question
    held = gate(requirement, listing.service, at.crosswalk)
    if held.outcome is Outcome.NOT_STATED:
        return [replace(unanswered(at, need, listing.service, [question.id]), ask=_ask(requirement))]
    met = held.outcome is Outcome.MET
    verdict = Verdict.STRONG_FOR if met else Verdict.STRONG_AGAINST
    because = "the answer is the one required" if met else "the answer is another than the one required"
    label, quote = (held.label, held.found[0]) if held.found else (None, None)
    judged = Judged(need, verdict, at.fraction(verdict), f"requirement.{question.id}", because, label, quote)
    denial = denial_of(at.rules, question.id, listing) if met else None
    if denial is None:
        return [judged]
    rule, passage = denial
    because = f"{held.label} is answered {held.found[0]!r}, and the prose says otherwise"
    against = finding(at, need, Verdict.STRONG_AGAINST, rule=rule.rule, because=because, passage=passage)
    ask = f"{held.label} is answered “{held.found[0]}”, but it also says “{passage.text}”: which holds?"
    ticked = replace(
        judged, verdict=Verdict.WEAK_FOR, fraction=Decimal(0), because="ticked, and denied in prose"
    )
    return [ticked, replace(against, stops=requirement.gates, ask=ask)]


def _ask(requirement: Requirement) -> str:
    assert requirement.question is not None
    return f"{requirement.question.label}: what is the answer? Required: {' or '.join(requirement.accepted)}."


def _by_words(at: Standpoint, need: Need, listing: Listing) -> list[Judged]:
    """By how much of a requirement's words the listing has, best in one passage, or in few together."""
    weights = at.topic.terms(need.text)
    near = {term: at.topic.rarity_of_related(term) for term in weights}
    whole = sum(weights.values())
    if not whole:  # nothing but words that every text has
        return [unanswered(at, need, listing.service, [])]
    limits = {name: float(value) for name, value in at.rules.requirement.items()}
    fewest = 1 if len(weights) < 3 else 2
    said: list[tuple[float, Judged]] = []
    covered: dict[str, float] = {}
    denied: list[Judged] = []
    enough = limits["quoted"] * whole
    for passage, shared in passages_with(listing, weights, near, least=enough, fewest=fewest):
        held = shared
        cover = sum(held.values()) / whole
        if off := put_off(at.rules, passage, held):
            if sum(held[term] for term in off) / whole >= limits["against"]:
                denied.append(_denied(at, need, passage, strong=cover >= limits["strong"]))
            continue
        verdict = Verdict.STRONG_FOR if cover >= limits["strong"] else Verdict.WEAK_FOR
        because = "it says so in its own words" if cover >= limits["weak"] else "it speaks of part of it"
        judged = finding(at, need, verdict, rule="requirement.words", because=because, passage=passage)
        if passage.of is not None and passage.of.is_list:
            cover, held = cover * LISTED, {term: weight * LISTED for term, weight in held.items()}
        said.append((cover, replace(judged, fraction=_filled(cover, limits))))
        for term, weight in held.items():
            covered[term] = max(weight, covered.get(term, 0.0))
    together = sum(covered.values()) / whole * limits["together"] if whole else 0.0
    if said and together > max(cover for cover, _ in said):
        most = _filled(together, limits)
        said = [(cover, replace(judged, fraction=max(judged.fraction, most))) for cover, judged in said]
        # The passage that holds most comes first: they all count for what they say together.
        said.sort(key=lambda each: -each[0])
    return best_of([*(judged for _, judged in said), *denied]) or [unanswered(at, need, listing.service, [])]


def _filled(cover: float, limits: Mapping[str, float]) -> Decimal:
    """How much of a requirement is filled by so much of its words; nothing below the share that counts."""
    if cover < limits["weak"]:
        return Decimal(0)
    return Decimal(round(min(1.0, cover / 0.75) * 100)) / 100


def _denied(at: Standpoint, need: Need, passage: Passage, *, strong: bool) -> Judged:
    refused = refuses(at.rules, passage.text)
    verdict = Verdict.STRONG_AGAINST if refused and strong else Verdict.WEAK_AGAINST
    because = "it says otherwise" if refused else "it is only planned"
    return finding(at, need, verdict, rule="requirement.denied", because=because, passage=passage)
