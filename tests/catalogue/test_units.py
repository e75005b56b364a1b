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
        ("£6.20 a unit a year", "Units are learners.", True),
        ("£6.20 a unit a year", "Each Unit\nis a resident (mid-year estimate)", True),
        ("£6.20 a unit a year", "Priced per unit, where unit = one patient", True),
        ("£6.20 a unit a year", "One unit equals one pupil on roll", True),
        ("£6.20 a licence a year", "A person is an employee. A licence is one user.", False),
        # The buyer, or what a person has, or not each of them.
        ("£6.20 a unit a year", "A unit is a customer.", None),
        ("£6.20 a unit a year", "A unit is a tenant.", None),
        ("£6.20 a unit a year", "A unit is a patient record.", None),
        ("£6.20 a unit a year", "A unit is a pupil’s place", None),
        ("£6.20 a unit a year", "A unit is a user group", None),
        ("£6.20 a unit a year", "A unit is a resident or a business", None),
        ("£6.20 a unit a year", "A unit is a learner, or a parent", None),
        ("£6.20 a unit a year", "A unit is one hundred learners", None),
        ("£6.20 a unit a year", "A unit is a concurrent user", None),
        ("£6.20 a unit a year", "A unit is a student in residence", None),
        # One thing here and another there.
        ("£6.20 a unit a year", "A unit is a learner. In the office module a unit is one user.", None),
        # Nothing about a price.
        ("£6.20 a person a year", "Checks that the person is a resident.", None),
        ("£6.20 a person a year", "Once a person is a patient, letters follow.", None),
        ("£6.20 a licence a year", "Tell us whether a licence is a user.", None),
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
    assert cost.reason == "The number of people who are served is not known."


def test_over_the_budget_so_it_stops(
    make_service: MakeService,
    make_profile: Callable[[str], Profile],
    rank: Callable[..., MatchResult],
    findings_on: Callable[[MatchResult, str], list[Finding]],
) -> None:
    service = make_service(price="£6.20 a unit a year", features=("A unit is a learner",))
    found = findings_on(rank(make_profile(PROFILE), service), "within £36,000 a year")[0]
    assert (found.verdict, found.stops) == (Verdict.STRONG_AGAINST, True)
    assert found.because == (
        "the lowest it can cost is £53,320 a year, above £36,000: "
        "8,600 people who are served, each paid for: “A unit is a learner”"
    )


@pytest.mark.parametrize(
    ("unit", "price", "quote"),
    [
        # 250 users are too many for the budget, 180 would not be.
        ("A licence is a user", "£170 a licence a year", "Minimum order of 250 users"),
        # It is the learners, or one for each officer, that cost too much: not the smallest order.
        ("A licence is a learner", "£6.20 a licence a year", "£6.20 a licence a year"),
        ("A licence is a user", "£270 a licence a year", "£270 a licence a year"),
    ],
)
def test_a_smallest_order_is_quoted_where_it_breaks_the_budget(
    unit: str,
    price: str,
    quote: str,
    make_service: MakeService,
    make_profile: Callable[[str], Profile],
    rank: Callable[..., MatchResult],
    findings_on: Callable[[MatchResult, str], list[Finding]],
) -> None:
    service = make_service(price=price, features=(unit, "Minimum order of 250 users"))
    found = findings_on(rank(make_profile(PROFILE), service), "within £36,000 a year")[0]
    assert (found.verdict, found.quote) == (Verdict.STRONG_AGAINST, quote)


def test_a_smallest_order_is_told_of_a_licence_that_is_a_user(
    make_service: MakeService, make_profile: Callable[[str], Profile]
) -> None:
    features = ("A licence is a user", "Minimum order of 250 users")
    cost = cost_of(make_profile(PROFILE), make_service(price="£10 a licence a year", features=features))
    assert isinstance(cost, YearlyCost)
    assert cost.minimum == Decimal(2500)
    assert cost.assumptions[1] == "No fewer can be bought: “Minimum order of 250 users”"


def test_what_cannot_be_counted_is_quoted(
    make_service: MakeService, make_profile: Callable[[str], Profile]
) -> None:
    service = make_service(price="£900 a unit a year", description="A unit is a robot; most have four.")
    cost = cost_of(make_profile(PROFILE), service)
    assert isinstance(cost, NotComparable)
    assert cost.reason == "The listing says “A unit is a robot”: ask how many units are needed."
