"""Prices in bands, so that a list can be narrowed by what a service costs.

Amounts compare only where they are counted in the same thing, so a band is a path of two steps: what the
price is for (``a user a month``), and between which amounts its lowest one lies (``£1 up to £5``).
"""

from __future__ import annotations

from bisect import bisect_right
from decimal import Decimal

from catalogue.price import Price

#: Where bands begin, in pounds; each ends just below the next.
_FROM = (1, 5, 10, 50, 100, 500, 1_000, 5_000, 10_000, 50_000)
#: For a price that the page does not state, one that cannot be read, and one without a unit.
NOT_STATED = "Not stated"
NOT_READ = "Not in the usual words"
_NO_UNIT = "No unit named"
#: Stands between the steps of a path where it is one text, as with categories.
STEP = " > "


def band_of(price: Price) -> tuple[str, str]:
    """What a price is for, and the band of its lowest amount."""
    return _counted_in(price), _name(bisect_right(_FROM, price.minimum))


def band_place(value: str) -> int:
    """Where a band stands among those of its unit, cheapest first; ``value`` may be a whole path."""
    return _PLACES.get(value.rpartition(STEP)[2], len(_PLACES))


def _counted_in(price: Price) -> str:
    """The words after the amount: ``a user a month``."""
    sentence = str(Price(Decimal(1), None, price.currency, price.unit, price.interval))
    return sentence.partition(" ")[2] or _NO_UNIT


def _name(place: int) -> str:
    if place == 0:
        return f"under £{_FROM[0]:,}"
    if place == len(_FROM):
        return f"£{_FROM[-1]:,} and more"
    return f"£{_FROM[place - 1]:,} up to £{_FROM[place]:,}"


_PLACES = {_name(place): place for place in range(len(_FROM) + 1)}
