"""What a service costs this organisation in a year: a figure with what was assumed, or why there is none."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from catalogue.budget import MINIMUM_USERS
from catalogue.model import Service
from catalogue.needs import pounds
from catalogue.price import NotComparable, YearlyCost
from catalogue.profile import Profile
from catalogue.units import cost_in_year, pays_by_user, prose_of

Cost = YearlyCost | NotComparable

#: Less than this in a year is the price of one unit where nobody knows how many are needed: it tells nothing.
_TELLING = Decimal(100)
#: More users than this in a sentence are no minimum order.
_MOST_USERS = 1_000_000


def cost_of(profile: Profile, service: Service) -> Cost:
    """A year of the service for the organisation's users and residents, or as many as must be paid for."""
    price, organisation = service.price, profile.organisation
    if price is None:
        stated = (service.record.price or "").strip()
        return NotComparable(
            "The price cannot be read: ask for it." if stated else "The listing states no price: ask for it."
        )
    staff = organisation.staff_users
    least, quote = _least_users(service)
    binding = least is not None and staff is not None and least > staff
    cost = cost_in_year(service, users=least if binding else staff, residents=organisation.residents)
    if binding and isinstance(cost, YearlyCost) and pays_by_user(service):
        assumption = f"No fewer can be bought: “{quote}”"
        return replace(cost, assumptions=(cost.assumptions[0], assumption, *cost.assumptions[1:]))
    return cost


def lowest_of(cost: Cost) -> Decimal | None:
    """What the service costs in a year at the very least; ``None`` where not even that is known."""
    if isinstance(cost, YearlyCost):
        return cost.minimum
    readings = [reading.minimum for reading in cost.readings]
    lowest = max(filter(None, (cost.at_least, min(readings, default=None))), default=Decimal(0))
    return lowest if lowest >= _TELLING else None


def is_over(profile: Profile, cost: Cost) -> bool | None:
    """Whether even the lowest cost is above the yearly budget; ``None`` where one of them is not known."""
    budget, lowest = profile.organisation.budget_per_year, lowest_of(cost)
    return None if budget is None or lowest is None else lowest > budget


def cost_sentence(profile: Profile, cost: Cost) -> str:
    """The cost in words, with its assumptions or the reason why it cannot be compared."""
    if isinstance(cost, YearlyCost):
        top = "" if cost.maximum is None else f" to {pounds(cost.maximum)}"
        told = f"{pounds(cost.minimum)}{top}. {' '.join(cost.assumptions)}"
    else:
        at_least = lowest_of(cost)
        told = f"not comparable. {cost.reason}"
        if at_least is not None:
            told += f" At least {pounds(at_least)}."
    if is_over(profile, cost):
        lowest, budget = lowest_of(cost), profile.organisation.budget_per_year
        assert lowest is not None and budget is not None
        told += f" Over the budget of {pounds(budget)} by {pounds(lowest - budget)} at least."
    return told


def _least_users(service: Service) -> tuple[int | None, str | None]:
    """The smallest order of users that the prose of a listing names, and the words that say so."""
    for value in prose_of(service):
        small = value.lower()
        # Every way of saying it has one of these, and few texts do.
        if ("minimum" in small or "at least" in small) and (match := MINIMUM_USERS.search(value)):
            least = int(next(group for group in match.groups() if group).replace(",", ""))
            if least <= _MOST_USERS:
                return least, match.group()
    return None, None
