"""What a unit of a price is, where the listing says so: "A unit is a learner".

The marketplace lets a supplier price a *unit*, a *person* or a *licence* and never asks what one is; some say
it in their prose. "A customer" or "a tenant" may be the buyer, and so nobody who can be counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from catalogue.model import Service
from catalogue.price import NotComparable, YearlyCost, yearly_cost

#: What begins a sentence or a part of it.
_BEGINS = r"(?:^|(?<=[.;:!?(]) ?)"
#: The units that may be anything, and what stands before the word where it is told what one is. Much is said
#: of persons and licences that is about no price ("whether the person is a resident").
_OPEN = {
    "unit": rf"(?:{_BEGINS}|\b(?:a|one|each|the|per|where) )",
    "person": rf"{_BEGINS}(?:(?:a|one|each) )?",
    "licence": rf"{_BEGINS}(?:(?:a|one|each) )?",
}
_IS = r"(?: ?= ?(?:(?:an?|one|1) )?| (?:is|means|equals|stands for) (?:an?|one|1|each|every) |s are )"
#: Who leaves nobody out: "a concurrent user" or "a new learner" is not each of them.
_WHO = (
    "(?:(?:single|individual|named|registered|enrolled|licensed) )?(?:"
    "(?P<served>(?:learner|pupil|student|resident|inhabitant|citizen|patient|service user)s?)"
    "|(?P<staff>(?:(?:staff )?user|employee|officer|colleague|worker|staff member)s?|members? of staff))"
)
#: What may follow, and leaves nobody out either: "a patient record" is no patient.
_ENDS = (
    r"(?= ?(?:$|[.;:!?()–—]|,(?! or\b))| (?:on roll|of (?:the|your)|enrolled|registered|whatever"
    r"|(?:a|per|each|every) (?:year|annum))\b|(?(staff) (?:who|that|with)\b|(?!)))"
)
_SAID = {
    unit: re.compile(rf"{before}{unit}{_IS}{_WHO}{_ENDS}", re.IGNORECASE) for unit, before in _OPEN.items()
}
#: Anything that a unit is said to be, to the end of the clause.
_TOLD = re.compile(r"\b(?:a|one|each) unit is (?:an?|one) [^.,;:!?()]{1,80}", re.IGNORECASE)


class UnitSaid(NamedTuple):
    """Who is counted: those who are served, or those who work with it; and the words that say so."""

    is_served: bool
    quote: str


def unit_said(service: Service) -> UnitSaid | None:
    """What the listing says that a unit of its price is, if that is somebody who can be counted."""
    price = service.price
    if price is None or price.unit not in _OPEN:
        return None
    found = [
        UnitSaid(said["served"] is not None, said.group().strip())
        for value in prose_of(service)
        # Few texts have the word at all.
        if price.unit in value.lower()
        for said in _SAID[price.unit].finditer(" ".join(value.split()))
    ]
    # One thing here and another there: nobody knows.
    return found[0] if len({said.is_served for said in found}) == 1 else None


def pays_by_user(service: Service) -> bool:
    """Whether the price is for each user, by its unit or by what the listing says that this is."""
    said = unit_said(service)
    return not said.is_served if said else service.price is not None and service.price.unit == "user"


def _told(service: Service) -> str | None:
    """What the listing says that a unit is, whatever that is: "A unit is a robot"."""
    if service.price is None or service.price.unit != "unit":
        return None
    found = (_TOLD.search(" ".join(value.split())) for value in prose_of(service) if "unit" in value.lower())
    return next((told.group().rstrip() for told in found if told), None)


def cost_in_year(service: Service, *, users: int | None, residents: int | None) -> YearlyCost | NotComparable:
    """What a service with a price comes to in a year, its unit taken for what the listing says that it is."""
    price, said = service.price, unit_said(service)
    assert price is not None
    if said is None:
        open_cost = yearly_cost(price, users=users, residents=residents)
        if isinstance(open_cost, NotComparable) and open_cost.readings and (told := _told(service)):
            return replace(open_cost, reason=f"The listing says “{told}”: ask how many units are needed.")
        return open_cost
    count, who = (residents, "people who are served") if said.is_served else (users, "users")
    cost = yearly_cost(replace(price, unit="user"), users=count)
    if isinstance(cost, NotComparable):
        return replace(cost, reason=cost.reason.replace("number of users", f"number of {who}"))
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
