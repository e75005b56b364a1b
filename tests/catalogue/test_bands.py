"""Prices fall into bands of what they are for, and every price has one."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.bands import STEP, band_of, band_place
from catalogue.price import INTERVALS, UNITS, Price, parse_price


@pytest.mark.parametrize(
    ("sentence", "band"),
    [
        ("£1.20 to £3.50 a user a month", ("a user a month", "£1 up to £5")),
        ("£0.99 a user a month", ("a user a month", "under £1")),
        ("£5 an instance an hour", ("an instance an hour", "£5 up to £10")),
        ("£1,000 a unit", ("a unit", "£1,000 up to £5,000")),
        ("£50,000", ("No unit named", "£50,000 and more")),
    ],
)
def test_the_lowest_amount_chooses_the_band_among_prices_for_the_same(
    sentence: str, band: tuple[str, str]
) -> None:
    assert band_of(parse_price(sentence)) == band


amounts = st.decimals(0, 10**6, places=2, allow_nan=False, allow_infinity=False)


@given(
    st.sampled_from([None, *UNITS]),
    st.sampled_from([None, *INTERVALS]),
    st.lists(amounts, min_size=2, max_size=9),
)
def test_a_higher_amount_never_stands_in_a_lower_band(
    unit: str | None, interval: str | None, amounts: list[Decimal]
) -> None:
    bands = [band_of(Price(amount, unit=unit, interval=interval)) for amount in sorted(amounts)]
    places = [band_place(STEP.join(band)) for band in bands]
    assert places == sorted(places)
    assert len({kind for kind, _ in bands}) == 1
