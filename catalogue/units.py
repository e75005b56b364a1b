"""What a unit of a price is, where the listing says so: "A unit is a learner".

The marketplace lets a supplier price a *unit*, a *person* or a *licence* and never asks what one is; some say
it in their prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from catalogue.model import Service
from catalogue.price import NotComparable, YearlyCost, yearly_cost

#: The units that may be anything.
_OPEN = frozenset(["unit", "person", "licence"])
_SAID = re.compile(
    r"\b(?:a|an|one|each|the) (?P<unit>unit|person|licence) (?:is|means|stands for) (?:an?|one|each|every) "
    r"(?:[a-z-]+ ){0,2}?(?:"
    r"(?P<served>learner|pupil|student|resident|inhabitant|citizen|patient|tenant|customer|service user)"
    r"|(?P<staff>user|employee|officer|colleague|worker|member of staff|staff member))\b",
    re.IGNORECASE,
)


class UnitSaid(NamedTuple):
    """Who is counted: those who are served, or those who work with it; and the words that say so."""

    is_served: bool
    quote: str


def unit_said(service: Service) -> UnitSaid | None:
    """What the listing says that a unit of its price is, if that is somebody who can be counted."""
    price = service.price
    if price is None or price.unit not in _OPEN:
        return None
    for value in prose_of(service):
        # Few texts have the word at all.
        if price.unit in value and (said := _SAID.search(value)) and said["unit"].lower() == price.unit:
            return UnitSaid(said["served"] is not None, said.group())
    return None


def cost_in_year(service: Service, *, users: int | None, residents: int | None) -> YearlyCost | NotComparable:
    """What a service with a price comes to in a year, its unit taken for what the listing says that it is."""
    price, said = service.price, unit_said(service)
    assert price is not None
    if said is None:
        return yearly_cost(price, users=users, residents=residents)
    count = residents if said.is_served else users
    cost = yearly_cost(replace(price, unit="user"), users=count)
    if isinstance(cost, NotComparable):
        return cost
    who = "people who are served" if said.is_served else "users"
    counted = f"{count:,} {who}, each paid for: “{said.quote}”."
    return replace(cost, assumptions=(counted, *cost.assumptions[1:]))


def prose_of(service: Service) -> Iterator[str]:
    """Every value of a service in which its prose may be."""
    record = service.record
    yield record.description or ""
    yield from record.features or ()
    yield from record.benefits or ()
    for section in record.sections or ():
        for answer in section.answers:
            yield from answer.values
