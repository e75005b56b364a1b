"""What an organisation demands of any service: its requirements, its budget, and that it suits its like."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum

from catalogue.findings import (
    Judged,
    Standpoint,
    best_of,
    denial_of,
    finding,
    held_by,
    masked,
    passages_with,
    refuses,
    unanswered,
)
from catalogue.listing import Listing, Passage
from catalogue.model import AnswerState, Service
from catalogue.needs import Need, pounds
from catalogue.price import NotComparable, Price, YearlyCost, yearly_cost
from catalogue.profile import Requirement
from catalogue.questions import Crosswalk, label_key
from catalogue.rules import TOP_FIELDS, Verdict, saying
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
    limits = {name: float(value) for name, value in at.rules.requirement.items()}
    fewest = 1 if len(weights) < 3 else 2
    said: list[tuple[float, Judged]] = []
    covered: dict[str, float] = {}
    denied: list[Judged] = []
    for passage in passages_with(listing, weights, near, least=limits["quoted"] * whole, fewest=fewest):
        held = held_by(passage, weights, near)
        cover = sum(held.values()) / whole
        if refuses(at.rules, passage.text) or at.rules.cues["planned"].occurs(masked(at.rules, passage.text)):
            if cover >= limits["against"]:
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


#: How listings set the smallest order of users.
MINIMUM_USERS = re.compile(
    r"minimum (?:order |purchase |contract )?(?:is |of |number of users is )*"
    r"(\d[\d,]*) (?:named |full )?(?:users|licences|seats)"
    r"|(\d[\d,]*) (?:users|licences|seats) (?:is the )?minimum"
    r"|at least (\d[\d,]*) (?:named )?(?:users|licences|seats)",
    re.IGNORECASE,
)
_LEAST = saying(["minimum", "at least"])
_AMOUNT = re.compile(r"£ ?(\d[\d,]*(?:\.\d+)?)(k|m)?\b(?! (?:an?|per|each) (?:day|hour))", re.IGNORECASE)
_BY_TIME = saying(["an hour", "a day", "per day", "per hour", "day rate", "hourly"])
_SET_UP = saying(
    [
        "implementation",
        "set-up",
        "setup",
        "onboarding",
        "once",
        "one-off",
        "in year one",
        "first year",
        "connector*",
        "adaptor*",
        "adapter*",
        "separately",
        "extra",
        "in addition",
        "plus",
        "course",
        "training",
        "migration",
        "licence",
    ]
)


#: Words of a head by which a person may be a member of staff.
_OF_STAFF = saying(
    [
        "staff",
        "employee*",
        "workforce",
        "payroll",
        "hr",
        "roster*",
        "rota*",
        "worker*",
        "officers",
        "colleague*",
    ]
)

#: Looked for in every listing.
DEMAND_SAYINGS = (_LEAST, _SET_UP, _OF_STAFF)


def judge_price(at: Standpoint, need: Need, listing: Listing) -> list[Judged]:
    """Judge the price against the yearly budget, never by a guess at what a price means."""
    organisation = at.profile.organisation
    budget = organisation.budget_per_year
    assert budget is not None
    price = listing.service.price
    price_passage = listing.price
    if price is None or price_passage is None:
        return [unanswered(at, need, listing.service, [])]
    least, users = _least_users(listing, organisation.staff_users)
    cost = yearly_cost(price, users=users, residents=organisation.residents)
    lowest = _lowest(cost, price)
    by_person = _for_each_served(at, need, listing, cost, budget)
    if by_person is not None:
        return [by_person]
    found: list[Judged] = []
    if lowest is not None and lowest > budget:
        because = f"the lowest it can cost is {pounds(lowest)} a year, above {pounds(budget)}"
        quoted = (
            least
            if least is not None and lowest > budget >= _for_staff(price, organisation.staff_users)
            else price_passage
        )
        judged = finding(
            at, need, Verdict.STRONG_AGAINST, rule="resources.above-budget", because=because, passage=quoted
        )
        return [replace(judged, stops=True)]
    if isinstance(cost, YearlyCost):
        highest = cost.maximum or cost.minimum
        within = highest <= budget
        because = (
            f"{pounds(cost.minimum)} to {pounds(highest)} a year: {' '.join(cost.assumptions).rstrip('.')}"
        )
        verdict = Verdict.STRONG_FOR if within else Verdict.WEAK_FOR
        found.append(
            finding(at, need, verdict, rule="resources.within-budget", because=because, passage=price_passage)
        )
    elif len(cost.readings) > 1:
        # Within the budget whatever it means: that is no guess.
        most = max(reading.maximum or reading.minimum for reading in cost.readings)
        if most <= budget:
            found.append(
                finding(
                    at,
                    need,
                    Verdict.WEAK_FOR,
                    rule="resources.within-budget",
                    because=f"at most {pounds(most)} a year, whatever it means: {cost.reason.rstrip('.')}",
                    passage=price_passage,
                )
            )
    found += _fees(at, need, listing, lowest or Decimal(0), budget)
    if best := best_of(found):
        return best
    assert not isinstance(cost, YearlyCost)
    return [
        Judged(
            need,
            Verdict.SILENT,
            Decimal(0),
            need.rule.id,
            f"the price cannot be compared: {cost.reason.rstrip('.')}",
            price_passage.label,
            price_passage.text,
            ask=f"{cost.reason} What does a year cost for an organisation of our size?",
        )
    ]


def _for_each_served(
    at: Standpoint, need: Need, listing: Listing, cost: YearlyCost | NotComparable, budget: Decimal
) -> Judged | None:
    """A price for each person that people served would pay for, where that alone exceeds the budget.

    The marketplace does not say who a person is. Where the head of a listing speaks of staff, staff may be
    meant, and nothing is concluded.
    """
    price, residents = listing.service.price, at.profile.organisation.residents
    if price is None or price.unit != "person" or residents is None or not isinstance(cost, NotComparable):
        return None
    served = [
        reading.minimum for reading in cost.readings if f"{residents:,} people" in reading.assumptions[0]
    ]
    if not served or served[0] <= budget or any(listing.saying(_OF_STAFF, _TELLING)):
        return None
    because = (
        f"at least {pounds(served[0])} a year if each of {residents:,} people served is a person, "
        f"above {pounds(budget)}; the listing does not speak of staff"
    )
    judged = finding(
        at,
        need,
        Verdict.STRONG_AGAINST,
        rule="resources.above-budget",
        because=because,
        passage=listing.price,
    )
    return replace(
        judged, stops=True, ask=f"{cost.reason} What does a year cost for an organisation of our size?"
    )


def _lowest(cost: object, price: Price) -> Decimal | None:
    """What the service costs in a year at the very least, or ``None``."""
    if isinstance(cost, YearlyCost):
        return cost.minimum
    readings = [reading.minimum for reading in getattr(cost, "readings", ())]
    at_least = getattr(cost, "at_least", None)
    assert price is not None
    return max(filter(None, (at_least, min(readings, default=None))), default=None)


def _for_staff(price: Price, staff: int | None) -> Decimal:
    lowest = _lowest(yearly_cost(price, users=staff), price)
    return Decimal(0) if lowest is None else lowest


def _least_users(listing: Listing, staff: int | None) -> tuple[Passage | None, int | None]:
    """The passage that sets a minimum of users above what is needed, and the users to pay for."""
    for passage, _ in listing.saying(_LEAST):
        if match := MINIMUM_USERS.search(passage.text):
            least = int(next(group for group in match.groups() if group).replace(",", ""))
            if staff is not None and staff < least <= 1_000_000:
                return passage, least
    return None, staff


def _fees(at: Standpoint, need: Need, listing: Listing, lowest: Decimal, budget: Decimal) -> Iterator[Judged]:
    """What the prose charges on top."""
    for passage, _ in listing.saying(_SET_UP):
        text = passage.text
        if "£" not in text or passage.field in ("name", "categories") or _BY_TIME.occurs(text):
            continue
        amounts = [_pounds_of(match) for match in _AMOUNT.finditer(text)]
        largest = max(amounts, default=Decimal(0))
        if largest * 50 < budget:
            continue
        breaks = lowest + largest > budget
        because = f"{pounds(largest)} comes on top" + (", which exceeds the budget" if breaks else "")
        verdict = Verdict.STRONG_AGAINST if breaks else Verdict.WEAK_AGAINST
        judged = finding(at, need, verdict, rule="resources.fees", because=because, passage=passage)
        yield replace(judged, stops=breaks)


def _pounds_of(match: re.Match[str]) -> Decimal:
    scale = {"k": 1000, "m": 1_000_000}.get((match[2] or "").lower(), 1)
    return Decimal(match[1].replace(",", "")) * scale


_TELLING = frozenset(
    [TOP_FIELDS["name"], TOP_FIELDS["description"], TOP_FIELDS["categories"], "service-constraints"]
)
_ANYBODY = saying(["public sector", "any organisation", "all sectors", "public bodies", "public services"])


def judge_audience(at: Standpoint, need: Need, listing: Listing) -> list[Judged]:
    """Judge whether a listing is made for another kind of organisation."""
    own = at.profile.organisation.sector or "other"
    kin = (own, *at.rules.kin.get(own, ()))
    ours = [at.rules.audiences[sector] for sector in kin if sector in at.rules.audiences]
    if any(any(listing.saying(words, _TELLING)) for words in ours):
        return [unanswered(at, need, listing.service, [])]
    only = at.rules.cues["only"]
    found: list[Judged] = []
    told: dict[str, int] = {}
    for sector, words in at.rules.audiences.items():
        for passage, spans in listing.saying(words, _TELLING) if sector not in kin else ():
            if _ANYBODY.occurs(passage.text):
                continue
            because = f"it is made for another kind of organisation ({sector})"
            stops = passage.field == "name" or (
                passage.question == "service-constraints" and only.occurs(passage.text)
            )
            if passage.field == "answers" and not stops:
                continue
            told[sector] = told.get(sector, 0) + len(spans)
            judged = finding(
                at,
                need,
                Verdict.STRONG_AGAINST if stops or told[sector] > 1 else Verdict.WEAK_AGAINST,
                rule="customers.other-audience",
                because=because,
                passage=passage,
            )
            found.append(replace(judged, stops=stops))
    return best_of(found) or [unanswered(at, need, listing.service, [])]
