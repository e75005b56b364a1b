"""The price sentence of a listing as a value, and what it comes to in a year where that can be defended.

A sentence is ``£min`` or ``£min to £max``, then ``a <unit>`` and ``a <interval>``, each of which may be
missing: ``£1.20 to £3.50 a user a month``, ``£35 a month``, ``£5 a user a 6 months``. Amounts that a supplier
entered as whole pounds are shown whole, others to the penny, so a very small price may be shown as ``£0.00``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType

from catalogue.errors import LonglistError

#: What a price may be counted in: the choices that the marketplace gives suppliers (G-Cloud 9 to 15).
UNITS = (
    "unit",
    "person",
    "licence",
    "user",
    "device",
    "instance",
    "server",
    "virtual machine",
    "transaction",
    "megabyte",
    "gigabyte",
    "terabyte",
)

#: How often it is charged, and how often that is in a year; ``None`` where a year holds as many as are used.
#: All but the fortnight are choices of the marketplace; that one comes in files of other origin.
INTERVALS: Mapping[str, int | None] = MappingProxyType(
    {
        "second": None,
        "minute": None,
        "hour": None,
        "day": None,
        "week": 52,
        "fortnight": 26,
        "month": 12,
        "quarter": 4,
        "6 months": 2,
        "year": 1,
    }
)

#: Pages show amounts to the penny; below this, half a penny of rounding is a twentieth of the price or more.
_COARSE = Decimal("0.10")

_AMOUNT = r"£ ?([0-9]{1,3}(?:,[0-9]{3}){1,4}|[0-9]{1,15})(\.[0-9]{1,6})?"
_SENTENCE = re.compile(
    rf"{_AMOUNT}(?: ?(?:to|-|–) ?{_AMOUNT})?"
    rf"(?: (?:an?|per) ({'|'.join(UNITS)}))?"
    rf"(?: (?:an?|per) ({'|'.join(INTERVALS)}))?\.?",
    re.IGNORECASE,
)


class PriceError(LonglistError):
    """A price sentence that does not say an amount, a unit and an interval the way that listings do."""


@dataclass(frozen=True, slots=True)
class Price:
    """A price as listed. ``maximum`` is ``None`` for one amount, ``unit`` and ``interval`` where unnamed.

    The amounts keep the decimals that the page shows.
    """

    minimum: Decimal
    maximum: Decimal | None = None
    currency: str = "GBP"
    unit: str | None = None
    interval: str | None = None

    def __str__(self) -> str:
        """The sentence of a listing; `parse_price` reads it back as an equal price."""
        return price_sentence(self)


@dataclass(frozen=True, slots=True)
class YearlyCost:
    """What a price comes to in a year, in pounds, with all that was assumed, each a sentence."""

    minimum: Decimal
    maximum: Decimal | None
    assumptions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotComparable:
    """A price that gives no yearly figure: ``reason`` is a sentence saying what is missing, to ask or decide.

    ``at_least`` is what even the smallest purchase costs in its first year, ``None`` where the page shows no
    lowest amount above £0.00. It may show that a budget is too small, never that it is enough. ``readings``
    are the figures under each meaning that the words could have, for a person to look at; nothing may be
    ranked by them.
    """

    reason: str
    at_least: Decimal | None = None
    readings: tuple[YearlyCost, ...] = ()


def price_sentence(price: Price) -> str:
    """Write a price as listings do: ``£1,200 to £3,600.00 a unit a quarter``."""
    words = [f"£{price.minimum:,f}"]
    if price.maximum is not None:
        words.append(f"to £{price.maximum:,f}")
    words += [f"{_article(word)} {word}" for word in (price.unit, price.interval) if word]
    return " ".join(words)


@lru_cache(maxsize=8192)
def parse_price(sentence: str) -> Price:
    """Read a price sentence. Raises `PriceError` that names what was found."""
    text = " ".join(sentence.split())
    found = _SENTENCE.fullmatch(text)
    if found is None:
        problem = _what_is_wrong(text)
        raise PriceError(f"price {_quoted(text)}: {problem}; expected such as £1.20 to £3.50 a user a month")
    pounds, pence, most_pounds, most_pence, unit, interval = found.groups()
    maximum = None if most_pounds is None else _amount(most_pounds, most_pence)
    minimum = _amount(pounds, pence)
    if maximum is not None and maximum < minimum:
        raise PriceError(f"price {_quoted(text)}: the second amount is lower than the first, expected higher")
    return Price(minimum, maximum, unit=_lower(unit), interval=_lower(interval))


def yearly_cost(
    price: Price, *, users: int | None = None, residents: int | None = None, transactions: int | None = None
) -> YearlyCost | NotComparable:
    """What the price comes to in a year for so many people who work with it, and people served.

    ``transactions`` is their number in a year. Only what an officer could defend becomes a figure: a price
    for each user that is charged by the week or longer, a price without a unit for the whole service, and a
    price for each transaction. Licences, units, devices and persons could each mean several things; then the
    figures of each meaning come as `NotComparable.readings`.
    """
    periods = 1 if price.interval is None else INTERVALS[price.interval]
    at_least = (price.minimum * (periods or 1)) or None
    readings: tuple[YearlyCost, ...] = ()
    missing = _what_is_missing(price, users, transactions)
    if missing is None:
        assert periods is not None
        match price.unit:
            case "transaction":
                return _cost(price, transactions or 0, 1, f"{transactions:,} transactions in a year.")
            case "user":
                return _cost(price, users or 0, periods, f"{users:,} users, each paid for.")
            case None:
                return _cost(price, 1, periods, "One price for the whole service: the listing names no unit.")
        missing, readings = _readings(price, periods, users, residents)
        if price.unit == "person" and users is not None and residents is not None:
            at_least = min(reading.minimum for reading in readings) or None
    elif price.unit == "user" and price.interval is None and users and at_least is not None:
        at_least *= users
    return NotComparable(missing, at_least, readings)


def _what_is_missing(price: Price, users: int | None, transactions: int | None) -> str | None:
    """Why there is no yearly figure whatever the unit means, or ``None``."""
    missing = None
    if not (price.maximum or price.minimum):
        missing = "The page shows £0.00: either free, or rounded from less than half a penny."
    elif price.unit == "transaction" and price.interval is None:
        missing = "The number of transactions in a year is not known." if transactions is None else None
    elif price.interval is None:
        missing = "The listing does not say whether the price is paid once or again each year."
    elif INTERVALS[price.interval] is None:
        missing = f"The price is by the {price.interval}: how many a year are needed is not known."
    elif price.unit == "transaction":
        missing = f"The listing prices a transaction by the {price.interval}: ask what that comes to."
    elif price.unit == "user" and users is None:
        missing = "The number of users is not known."
    return missing


def _readings(
    price: Price, periods: int, users: int | None, residents: int | None
) -> tuple[str, tuple[YearlyCost, ...]]:
    """Why a unit is open to more than one meaning, and the cost under each that the known counts allow."""
    each_user = (users, f"One {price.unit} for each of {users or 0:,} users.")
    organisation = (1, f"One {price.unit} for the whole organisation.")
    match price.unit:
        case "person":
            reason = "A person may be a member of staff or someone who is served: ask which."
            people = (residents, f"Each of {residents or 0:,} people who are served.")
            meanings = [(users, f"Each of {users or 0:,} users among staff."), people]
        case "licence":
            reason = "A licence may be for one user or for the whole organisation: ask which."
            meanings = [each_user, organisation]
        case "unit":
            reason = "The listing does not say what a unit is: ask, and how many are needed."
            meanings = [organisation]
        case "device":
            reason = "The number of devices is not known."
            meanings = [(1, "A single device."), each_user]
        case _:
            return f"How many of the unit ({price.unit}) are needed is not known.", ()
    return reason, tuple(_cost(price, count, periods, why) for count, why in meanings if count is not None)


def _cost(price: Price, count: int, periods: int, counted: str) -> YearlyCost:
    """The amounts times how many and how often, with the assumptions in words."""
    assumptions = [counted]
    if periods != 1:
        assumptions.append(f"Paid {periods} times a year, throughout the year.")
    if price.minimum < _COARSE:
        assumptions.append("The page shows amounts to the penny: one this small may be rounded a good deal.")
    assumptions.append("List price, taken as without VAT and before discounts; without set-up and exit.")
    maximum = None if price.maximum is None else price.maximum * count * periods
    return YearlyCost(price.minimum * count * periods, maximum, tuple(assumptions))


def _amount(pounds: str, pence: str | None) -> Decimal:
    return Decimal(pounds.replace(",", "") + (pence or ""))


def _lower(word: str | None) -> str | None:
    return word.lower() if word else None


def _article(word: str) -> str:
    """The article as the site puts it: ``an hour`` and ``an instance``, but ``a unit`` and ``a user``."""
    return "an" if word[0] in "aeio" or word == "hour" else "a"


def _quoted(text: str) -> str:
    return repr(text if len(text) <= 80 else text[:79] + "…")


def _what_is_wrong(text: str) -> str:
    """The first thing about a sentence that cannot be read, in words."""
    if not text:
        return "there is no text"
    if "£" not in text:
        return "there is no amount in pounds"
    start = re.match(_AMOUNT + rf"(?: ?(?:to|-|–) ?{_AMOUNT})?", text)
    if start is None:
        return "it does not begin with an amount in pounds"
    rest = text[start.end() :].strip()
    words = f"units ({', '.join(UNITS)}) and intervals ({', '.join(INTERVALS)})"
    return f"found {_quoted(rest)} after the amount, which is not among the {words}"
