"""One service after another: each adds something, within the budget, and what stays open is told."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.costs import cost_of, cost_sentence, is_over, lowest_of
from catalogue.groups import Group
from catalogue.match import MatchResult, match
from catalogue.model import Service
from catalogue.price import NotComparable, YearlyCost
from catalogue.profile import Profile, parse_profile
from catalogue.sequence import sequence_of

MakeService = Callable[..., Service]

PROFILE = """
goal = "Council tax, parking permits and repairs online"
[organisation]
name = "Westbeck Borough Council"
staff_users = 40
residents = 90000
budget_per_year = {budget}
[[legacy]]
system = "NEC Revenues & Benefits"
intent = "connect"
[[legacy]]
system = "Taranto"
intent = "connect"
[[legacy]]
system = "Liquidlogic"
intent = "connect"
[skills]
gaps = ["training"]
[customers]
needs = ["mobile"]
"""
REVENUES, PARKING = "Connector for NEC Revenues & Benefits", "Connector for Taranto"


def profile_with(budget: int = 30000) -> Profile:
    """The profile with a yearly budget."""
    return parse_profile(PROFILE.format(budget=budget))


@pytest.fixture
def pair(make_service: MakeService) -> list[Service]:
    """Two services that cover a system each, and one that covers what the first does."""
    return [
        make_service(1, name="Council tax forms", features=(REVENUES,), price="£10 a user a month"),
        make_service(2, name="Parking permits", features=(PARKING,), price="£5 a user a month"),
        make_service(3, name="Council tax letters", features=(REVENUES,), price="£10 a user a month"),
    ]


def taken(result: MatchResult, **options: object) -> list[str]:
    """The ids of an order."""
    return [step.match.service.id for step in sequence_of(result, **options).steps]  # type: ignore[arg-type]


def test_what_is_covered_already_is_not_taken_again(pair: list[Service]) -> None:
    order = sequence_of(match(profile_with(), pair))
    ids = {step.match.service.id for step in order.steps}
    assert "2" in ids and len(ids) == 2
    assert (
        order.steps[1].covers[0].need == "connect to Taranto"
        or order.steps[0].covers[0].need == "connect to Taranto"
    )


def test_what_nothing_speaks_for_is_told_at_the_end(pair: list[Service]) -> None:
    order = sequence_of(match(profile_with(), pair))
    assert "connect to Liquidlogic" in [each.need for each in order.uncovered]
    assert "connect to Taranto" not in [each.need for each in (*order.uncovered, *order.partly)]


def test_the_yearly_sum_stays_within_the_budget(pair: list[Service]) -> None:
    order = sequence_of(match(profile_with(6000), pair))
    assert [step.spent for step in order.steps] in ([Decimal(4800)], [Decimal(2400)])
    assert order.passed_over
    assert "above £6,000" in order.passed_over[0].because


def test_a_price_that_does_not_compare_is_not_taken_to_be_nothing(make_service: MakeService) -> None:
    unknown = make_service(1, name="Council tax", features=(REVENUES,), price="£20,000 a unit a year")
    missing = make_service(2, name="Parking", features=(PARKING,))
    order = sequence_of(match(profile_with(), [unknown, missing]))
    assert [(step.counted, step.spent) for step in order.steps] == [(False, Decimal(20000))] * 2


def test_what_stops_a_service_keeps_it_out(make_service: MakeService) -> None:
    dear = make_service(1, name="Council tax", features=(REVENUES,), price="£99,000 a user a year")
    assert taken(match(profile_with(), [dear])) == []


def test_one_seller_of_a_product_is_enough(make_service: MakeService) -> None:
    one = make_service(1, name="Council tax", features=(REVENUES,))
    two = make_service(2, name="Council tax", features=(REVENUES, PARKING))
    three = make_service(3, name="Council tax", features=(PARKING,))
    result = match(profile_with(), [one, two, three])
    assert len(taken(result, groups=(Group("1", ("2", "3")),))) == 1


texts = st.lists(
    st.sampled_from(
        [
            REVENUES,
            PARKING,
            "Connector for Liquidlogic",
            "Does not integrate with Taranto",
            "Works on mobile devices",
            "Training for staff is included",
            "Council tax and permits online",
        ]
    ),
    max_size=4,
    unique=True,
)
prices = st.sampled_from(
    [None, "£10 a user a month", "£5,000 a unit a year", "£40 a user a month", "£9 a transaction"]
)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(texts, prices), max_size=8), st.sampled_from([3000, 9000, 60000]))
def test_every_service_adds_something_and_the_sum_is_within_the_budget(
    make_service: MakeService, drawn: list[tuple[list[str], str | None]], budget: int
) -> None:
    services = [
        make_service(number, features=tuple(features), price=price)
        for number, (features, price) in enumerate(drawn)
    ]
    result = match(profile_with(budget), services)
    order = sequence_of(result)
    together = Decimal(0)
    for step in order.steps:
        assert step.adds > 0
        assert step.covers
        together += step.adds
        assert step.together == together <= 100
        assert step.spent <= budget
    ids = [step.match.service.id for step in order.steps]
    assert len(ids) == len(set(ids))
    assert sequence_of(match(profile_with(budget), services[::-1])) == order
    covered = {each.need for step in order.steps for each in step.covers}
    assert not covered & {each.need for each in order.uncovered}


class TestCosts:
    """A year's cost in words."""

    def test_a_price_by_user_is_a_figure_with_its_assumptions(self, make_service: MakeService) -> None:
        profile = profile_with()
        cost = cost_of(profile, make_service(1, price="£10 to £20 a user a month"))
        assert isinstance(cost, YearlyCost)
        assert cost_sentence(profile, cost).startswith(
            "£4,800 to £9,600. 40 users, each paid for. Paid 12 times"
        )

    def test_a_minimum_order_is_paid_for_and_told(self, make_service: MakeService) -> None:
        profile = profile_with()
        service = make_service(
            1,
            price="£10 a user a month",
            answers={"Service constraints": "Minimum order is 500 named users."},
        )
        cost = cost_of(profile, service)
        assert lowest_of(cost) == 60000
        assert "No fewer can be bought: “Minimum order is 500 named users”" in cost_sentence(profile, cost)
        assert is_over(profile, cost) is True
        assert "Over the budget of £30,000 by £30,000 at least." in cost_sentence(profile, cost)

    @pytest.mark.parametrize(
        ("price", "reason"),
        [
            (None, "states no price"),
            ("on request", "cannot be read"),
            ("£900 a unit a year", "what a unit is"),
            ("£500 a unit a day", "by the day"),
        ],
    )
    def test_a_price_that_does_not_compare_says_why(
        self, make_service: MakeService, price: str | None, reason: str
    ) -> None:
        profile = profile_with()
        cost = cost_of(profile, make_service(1, price=price))
        assert isinstance(cost, NotComparable)
        assert cost_sentence(profile, cost).startswith("not comparable. ")
        assert reason in cost_sentence(profile, cost)

    def test_without_a_budget_nothing_is_over_it(self, make_service: MakeService) -> None:
        profile = parse_profile('[organisation]\nname = "Westbeck"\nstaff_users = 40\n')
        assert is_over(profile, cost_of(profile, make_service(1, price="£999 a user a month"))) is None

    def test_what_costs_more_than_the_budget_is_evidence_against_with_the_sum(
        self, make_service: MakeService
    ) -> None:
        result = match(profile_with(), [make_service(1, name="Council tax", price="£100 a user a month")])
        findings = [finding for part in result.matches[0].contributions for finding in part.findings]
        assert any(
            "£48,000 a year, above £30,000" in finding.because and finding.stops for finding in findings
        )
