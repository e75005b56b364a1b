"""What a service costs in a year, held against the budget, and never by a guess at what a price means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from msgspec.structs import replace

from catalogue.findings import HEAD, Judged, Standpoint, best_of, finding, unanswered
from catalogue.listing import Listing, Passage
from catalogue.model import Service
from catalogue.needs import Need, pounds
from catalogue.price import NotComparable, Price, YearlyCost
from catalogue.profile import Organisation
from catalogue.rules import Verdict, saying
from catalogue.units import cost_in_year, unit_said

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
BUDGET_SAYINGS = (_LEAST, _SET_UP, _OF_STAFF)


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
    cost = cost_in_year(listing.service, users=users, residents=organisation.residents)
    lowest = lowest_cost(cost, price)
    by_person = _for_each_served(at, need, listing, cost, budget)
    if by_person is not None:
        return [by_person]
    found: list[Judged] = []
    if lowest is not None and lowest > budget:
        because = f"the lowest it can cost is {pounds(lowest)} a year, above {pounds(budget)}"
        if isinstance(cost, YearlyCost) and unit_said(listing.service):
            because += f": {cost.assumptions[0].rstrip('.')}"
        quoted = (
            least
            if least is not None and budget >= _for_staff(listing.service, organisation)
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
    if not served or served[0] <= budget or any(listing.saying(_OF_STAFF, HEAD)):
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


def lowest_cost(cost: object, price: Price) -> Decimal | None:
    """What the service costs in a year at the very least, or ``None``."""
    if isinstance(cost, YearlyCost):
        return cost.minimum
    readings = [reading.minimum for reading in getattr(cost, "readings", ())]
    at_least = getattr(cost, "at_least", None)
    assert price is not None
    return max(filter(None, (at_least, min(readings, default=None))), default=None)


def _for_staff(service: Service, organisation: Organisation) -> Decimal:
    """What the service costs at the very least without a smallest order of users."""
    assert service.price is not None
    cost = cost_in_year(service, users=organisation.staff_users, residents=organisation.residents)
    return lowest_cost(cost, service.price) or Decimal(0)


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
