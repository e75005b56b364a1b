"""What a unit of a price is, where a listing says so, and what that comes to in a year."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from catalogue.costs import cost_of, is_over
from catalogue.match import MatchResult
from catalogue.model import Service
from catalogue.price import NotComparable, YearlyCost
from catalogue.profile import Profile
from catalogue.rules import Verdict
from catalogue.scoring import Finding
from catalogue.units import unit_said

MakeService = Callable[..., Service]

PROFILE = """
goal = "Learners enrol online"
[organisation]
name = "Thornmere College"
sector = "education"
staff_users = 180
residents = 8600
budget_per_year = 36000
[resources]
gaps = ["money"]
"""


@pytest.mark.parametrize(
    ("price", "prose", "is_served"),
    [
        ("£6.20 to £9.40 a unit a year", "Apply and enrol. A unit is a learner.", True),
        ("£6.20 a unit a year", "One unit is one enrolled student, on whatever course.", True),
        ("£6.20 a licence a year", "A licence is a member of staff who signs in.", False),
        ("£6.20 a person a year", "Each person is a member of staff.", False),
        ("£6.20 a unit a year", "A unit is a robot; most have four.", None),
        ("£6.20 a user a year", "A unit is a learner.", None),
        ("£6.20 a unit a year", "A business unit is a user of it.", None),
        (None, "A unit is a learner.", None),
    ],
)
def test_the_prose_says_what_a_unit_is(
    price: str | None, prose: str, is_served: bool | None, make_service: MakeService
) -> None:
    said = unit_said(make_service(price=price, description=prose))
    assert (said.is_served if said else None) is is_served


def test_a_unit_that_is_a_learner_costs_as_many_times(
    make_service: MakeService, make_profile: Callable[[str], Profile]
) -> None:
    profile = make_profile(PROFILE)
    service = make_service(price="£6.20 to £9.40 a unit a year", features=("A unit is a learner",))
    cost = cost_of(profile, service)
    assert isinstance(cost, YearlyCost)
    assert (cost.minimum, cost.maximum) == (Decimal("53320.00"), Decimal("80840.00"))
    assert cost.assumptions[0] == "8,600 people who are served, each paid for: “A unit is a learner”."
    assert is_over(profile, cost)


def test_nobody_is_counted_where_their_number_is_not_known(
    make_service: MakeService, make_profile: Callable[[str], Profile]
) -> None:
    profile = make_profile(PROFILE.replace("residents = 8600", ""))
    cost = cost_of(profile, make_service(price="£6 a unit a year", features=("A unit is a learner",)))
    assert isinstance(cost, NotComparable)
    assert "is not known" in cost.reason


def test_over_the_budget_so_it_stops(
    make_service: MakeService,
    make_profile: Callable[[str], Profile],
    rank: Callable[..., MatchResult],
    findings_on: Callable[[MatchResult, str], list[Finding]],
) -> None:
    service = make_service(price="£6.20 a unit a year", features=("A unit is a learner",))
    found = findings_on(rank(make_profile(PROFILE), service), "within £36,000 a year")[0]
    assert (found.verdict, found.stops) == (Verdict.STRONG_AGAINST, True)
