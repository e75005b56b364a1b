"""What services cost, as columns to hold against a budget all at once."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from catalogue.budget import lowest_cost
from catalogue.price import Price, YearlyCost, yearly_cost
from catalogue.profile import Organisation
from db.catalogue import Catalogue

_Share = NDArray[np.float64]
_Places = NDArray[np.int64]
_Columns = dict[tuple[str | None, str | None], tuple[_Places, _Share, _Share]]

_PRICES = """
SELECT service, CAST(minimum AS REAL), CAST(coalesce(maximum, minimum) AS REAL), unit, interval FROM price
"""
#: A price to try out what others of its unit and interval come to in a year; no threshold of any is near it.
_TRIED = Decimal(1_000_000_000)


def yearly_factors(unit: str | None, interval: str | None, organisation: Organisation) -> tuple[float, float]:
    """What a pound of such a price is in a year at the least, and at the most where that can be compared.

    The first is 0 where not even the least is known, the second infinite where prices do not compare. By the
    price alone: what a listing says of its unit (`catalogue.units`) is told where it is judged.
    """
    price = Price(_TRIED, None, unit=unit, interval=interval)
    cost = yearly_cost(price, users=organisation.staff_users, residents=organisation.residents)
    least = lowest_cost(cost, price) or Decimal(0)
    within = float(cost.minimum / _TRIED) if isinstance(cost, YearlyCost) else float("inf")
    return float(least / _TRIED), within


def price_columns(catalogue: Catalogue, places_of: _Places) -> _Columns:
    """By unit and interval the services so priced, by place, with the least and the most of each."""

    def load() -> _Columns:
        rows = catalogue.rows(_PRICES)
        columns = list(zip(*rows, strict=True)) if rows else [(), (), (), (), ()]
        places = places_of[np.array(columns[0], np.int64)]
        least, highest = (np.array(column, np.float64) for column in columns[1:3])
        groups = list(zip(*columns[3:], strict=True))
        number_of = {group: number for number, group in enumerate(dict.fromkeys(groups))}
        numbers = np.array([number_of[group] for group in groups], np.int64)
        of_group = {
            group: np.flatnonzero((numbers == number) & (places >= 0)) for group, number in number_of.items()
        }
        return {group: (places[rows], least[rows], highest[rows]) for group, rows in of_group.items()}

    return catalogue.remembered("prices", load)
