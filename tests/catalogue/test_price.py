from __future__ import annotations

import csv
import json
import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from catalogue.errors import LonglistError
from catalogue.price import (
    INTERVALS,
    UNITS,
    NotComparable,
    Price,
    PriceError,
    YearlyCost,
    parse_price,
    price_sentence,
    yearly_cost,
)

amounts = st.decimals(min_value=0, max_value=Decimal(10**12), places=2) | st.integers(0, 10**12).map(Decimal)


@st.composite
def prices(draw: st.DrawFn) -> Price:
    low, high = sorted((draw(amounts), draw(amounts)))
    maximum = draw(st.sampled_from([high, None]))
    unit = draw(st.sampled_from([None, *UNITS]))
    return Price(low, maximum, unit=unit, interval=draw(st.sampled_from([None, *INTERVALS])))


@pytest.mark.parametrize(
    ("sentence", "price"),
    [
        (
            "£1.20 to £3.50 a user a month",
            Price(Decimal("1.20"), Decimal("3.50"), "GBP", "user", "month"),
        ),
        ("£250 an instance", Price(Decimal(250), unit="instance")),
        ("£5 a user a 6 months", Price(Decimal(5), unit="user", interval="6 months")),
        ("£35 a month", Price(Decimal(35), interval="month")),
        ("£4 a unit a fortnight", Price(Decimal(4), unit="unit", interval="fortnight")),
        ("£88 to £104 an hour", Price(Decimal(88), Decimal(104), interval="hour")),
        ("£0.05 a virtual machine an hour", Price(Decimal("0.05"), unit="virtual machine", interval="hour")),
        ("£12.50", Price(Decimal("12.50"))),
    ],
)
def test_a_sentence_is_read_into_amounts_unit_and_interval(sentence: str, price: Price) -> None:
    assert parse_price(sentence) == price
    assert price_sentence(price) == sentence


def test_thousands_and_pence_stay_as_the_page_shows_them() -> None:
    price = parse_price("£1,250,000 to £1,875,000.00 a unit a second")
    assert (str(price.minimum), str(price.maximum)) == ("1250000", "1875000.00")
    assert str(price) == "£1,250,000 to £1,875,000.00 a unit a second"


def test_white_space_and_no_break_spaces_do_not_matter() -> None:
    assert parse_price(" £9\u00a0to £13\na user  a month ") == parse_price("£9 to £13 a user a month")


@given(prices())
def test_every_price_written_as_a_sentence_is_read_back_equal(price: Price) -> None:
    assert parse_price(price_sentence(price)) == price


@given(st.text() | st.text(alphabet="£0123456789,. atoperusnmh"))
@example("£" + "9" * 400)
@example("£1,23 a unit")
@example("£٣ a user")
@example("£5 a user a 6")
def test_any_text_is_a_price_or_a_price_error(text: str) -> None:
    try:
        price = parse_price(text)
    except PriceError as error:
        assert "expected" in str(error)
    else:
        assert parse_price(price_sentence(price)) == price


@pytest.mark.parametrize(
    ("sentence", "named"),
    [
        ("", "no text"),
        ("See pricing", "no amount"),
        ("from £5 a user", "does not begin"),
        ("£5 a widget a month", "'a widget a month'"),
        ("£5 a month a user", "'a month a user'"),
        ("£600 to £290 a unit a day", "lower than the first"),
    ],
)
def test_an_error_names_what_was_found(sentence: str, named: str) -> None:
    with pytest.raises(PriceError, match=re.escape(named)) as caught:
        parse_price(sentence)
    assert repr(sentence) in str(caught.value)
    assert isinstance(caught.value, LonglistError)


def test_every_price_of_real_listings_is_read(shared: Path) -> None:
    with (shared / "real" / "g-cloud-13-listings.csv").open(encoding="utf-8", newline="") as file:
        shown = [row["price_without_pound_signs"] for row in csv.DictReader(file)]
    sentences = [re.sub(r"(?:^|(?<=to ))(?=[0-9])", "£", text) for text in shown]
    assert len(sentences) > 2000
    assert [str(parse_price(sentence)) for sentence in sentences] == sentences


def test_every_price_of_recorded_and_judged_listings_is_read(shared: Path) -> None:
    pages = shared / "marketplace-pages"
    sentences = [json.loads(path.read_text("utf-8"))["price"] for path in pages.glob("truth-g15/*.json")]
    sentences += [
        json.loads(path.read_text("utf-8"))["display"]["price"] for path in pages.glob("truth/*.json")
    ]
    with (shared / "judged" / "services.jsonl").open(encoding="utf-8") as lines:
        sentences += [json.loads(line)["price"] for line in lines]
    stated = [sentence for sentence in sentences if sentence]
    assert len(stated) > 100
    assert [str(parse_price(sentence)) for sentence in stated] == stated


def test_a_price_for_each_user_a_month_is_paid_twelve_times_by_every_user() -> None:
    cost = yearly_cost(parse_price("£1.20 to £3.50 a user a month"), users=420)
    assert isinstance(cost, YearlyCost)
    assert (cost.minimum, cost.maximum) == (Decimal("6048.00"), Decimal("17640.00"))
    assert any("420 users" in sentence for sentence in cost.assumptions)
    assert any("12 times" in sentence for sentence in cost.assumptions)


def test_a_price_without_unit_is_for_the_whole_service() -> None:
    cost = yearly_cost(parse_price("£45 to £160 a month"))
    assert isinstance(cost, YearlyCost)
    assert (cost.minimum, cost.maximum) == (Decimal(540), Decimal(1920))


@pytest.mark.parametrize(
    ("interval", "times"),
    [("week", 52), ("fortnight", 26), ("month", 12), ("quarter", 4), ("6 months", 2), ("year", 1)],
)
def test_each_interval_is_paid_as_often_as_it_comes_in_a_year(interval: str, times: int) -> None:
    cost = yearly_cost(parse_price(f"£10 a user a {interval}"), users=3)
    assert isinstance(cost, YearlyCost)
    assert cost.minimum == 30 * times
    assert cost.maximum is None


def test_without_a_count_of_users_a_price_for_each_is_not_comparable() -> None:
    cost = yearly_cost(parse_price("£10 a user a month"), residents=95000)
    assert cost == NotComparable("The number of users is not known.", Decimal(120))


@pytest.mark.parametrize("sentence", ["£290 to £600 a unit a day", "£55 an hour", "£1 a user a day"])
def test_a_rate_for_time_is_not_comparable_as_the_days_are_not_known(sentence: str) -> None:
    cost = yearly_cost(parse_price(sentence), users=10, residents=1000)
    assert isinstance(cost, NotComparable)
    assert "how many a year" in cost.reason
    assert cost.at_least == parse_price(sentence).minimum


def test_a_price_that_may_be_paid_once_is_not_taken_as_yearly() -> None:
    cost = yearly_cost(parse_price("£20 a user"), users=10)
    assert isinstance(cost, NotComparable)
    assert cost.at_least == 200


def test_a_licence_is_either_for_a_user_or_for_all_and_both_readings_are_shown() -> None:
    cost = yearly_cost(parse_price("£45,000 a licence a year"), users=100)
    assert isinstance(cost, NotComparable)
    assert [reading.minimum for reading in cost.readings] == [4_500_000, 45_000]
    assert cost.at_least == 45_000


def test_a_person_is_either_staff_or_a_resident() -> None:
    cost = yearly_cost(parse_price("£0.15 to £0.28 a person a year"), users=100, residents=10_000)
    assert isinstance(cost, NotComparable)
    assert [reading.maximum for reading in cost.readings] == [28, 2800]
    assert cost.at_least == 15


def test_transactions_are_counted_only_when_their_number_is_given() -> None:
    price = parse_price("£0.80 a transaction")
    assert isinstance(yearly_cost(price, users=5, residents=10), NotComparable)
    cost = yearly_cost(price, transactions=2000)
    assert isinstance(cost, YearlyCost)
    assert cost.minimum == 1600


def test_a_price_shown_as_nothing_has_no_yearly_cost() -> None:
    cost = yearly_cost(parse_price("£0.00 a user a month"), users=5)
    assert isinstance(cost, NotComparable)
    assert cost.at_least is None


def test_a_price_of_pennies_says_that_it_may_be_rounded() -> None:
    cost = yearly_cost(parse_price("£0.01 a user a month"), users=5)
    assert isinstance(cost, YearlyCost)
    assert any("rounded" in sentence for sentence in cost.assumptions)


counts = st.none() | st.integers(0, 10**8)


@given(prices(), counts, counts, counts)
def test_a_yearly_cost_is_never_guessed_and_always_explained(
    price: Price, users: int | None, residents: int | None, transactions: int | None
) -> None:
    cost = yearly_cost(price, users=users, residents=residents, transactions=transactions)
    if isinstance(cost, NotComparable):
        assert cost.reason.endswith(".")
    else:
        assert cost.assumptions
        assert (cost.maximum is None) == (price.maximum is None)
        assert cost.maximum is None or cost.minimum <= cost.maximum
