"""Columns that are read when somebody first narrows or orders by them: answers, prices, orders.

Each is in memory from then on, as in `db.columns`; one of 45,000 services takes some 20 ms to read (answers),
70 ms (an order) or 100 ms (prices).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from catalogue.bands import NOT_READ, NOT_STATED, STEP, band_of
from catalogue.errors import UsageError
from catalogue.model import SearchQuery
from catalogue.price import Price
from catalogue.questions import load_crosswalk
from db.catalogue import Catalogue
from db.columns import Allows, columns, having

#: Questions whose answers are remembered: some 400 kB each for 45,000 services.
_QUESTIONS = 12
#: Stands for a service that ticked none of a question's options: it said nothing, or was not asked.
NO_OPTION = "-"

_OPTIONS = """
SELECT answer.service, choice.option FROM question
JOIN answer ON answer.question = question.key
JOIN choice ON choice.question = answer.question AND choice.value = answer.value
WHERE question.canonical = :question
"""
_PRICES = """
SELECT service.key, service.price IS NOT NULL, minimum, unit, interval
FROM service LEFT JOIN price ON price.service = service.key
"""
_ORDERS = {
    "name": "SELECT key FROM service ORDER BY name COLLATE NOCASE, shuffle, id",
    "supplier": "SELECT service.key FROM service JOIN supplier ON supplier.key = service.supplier"
    " ORDER BY supplier.name COLLATE NOCASE, service.name COLLATE NOCASE, shuffle, service.id",
    "price": "SELECT service.key FROM service LEFT JOIN price ON price.service = service.key"
    " ORDER BY minimum IS NULL, CAST(minimum AS REAL), shuffle, service.id",
    "newest": "SELECT key FROM service ORDER BY first_seen DESC, shuffle, id",
}


def option_column(catalogue: Catalogue, question: str) -> Sequence[tuple[str, ...]]:
    """For each key of table ``service`` the options that it ticked of a canonical question."""

    def load() -> Sequence[tuple[str, ...]]:
        ticked: dict[int, tuple[str, ...]] = {}
        same: dict[tuple[str, ...], tuple[str, ...]] = {}
        for key, option in catalogue.rows(_OPTIONS, {"question": question}):
            before = ticked.get(key, ())
            if option not in before:
                both = (*before, option)
                ticked[key] = same.setdefault(both, both)
        none = (NO_OPTION,)
        return [ticked.get(key, none) for key in range(len(columns(catalogue).place))]

    return catalogue.remembered("options", load, of=question, most=_QUESTIONS)


def band_column(catalogue: Catalogue) -> Sequence[tuple[str, ...]]:
    """For each key of table ``service`` what its price is for, and the path of its band."""

    def load() -> Sequence[tuple[str, ...]]:
        banded: list[tuple[str, ...]] = [()] * len(columns(catalogue).place)
        known: dict[tuple[str, str | None, str | None], tuple[str, ...]] = {}
        for key, stated, minimum, unit, interval in catalogue.rows(_PRICES):
            if minimum is None:
                banded[key] = (NOT_READ,) if stated else (NOT_STATED,)
                continue
            price = (minimum, unit, interval)
            if price not in known:
                kind, band = band_of(Price(Decimal(minimum), unit=unit, interval=interval))
                known[price] = (kind, f"{kind}{STEP}{band}")
            banded[key] = known[price]
        return banded

    return catalogue.remembered("bands", load)


def order_column(catalogue: Catalogue, sort: str) -> Sequence[int]:
    """For each key of table ``service`` its place in an order of `catalogue.model.SORTS` but the first."""

    def load() -> Sequence[int]:
        places = [0] * len(columns(catalogue).place)
        for place, (key,) in enumerate(catalogue.rows(_ORDERS[sort])):
            places[key] = place
        return places

    return catalogue.remembered("order", load, of=sort, most=len(_ORDERS))


def asked_questions(catalogue: Catalogue) -> frozenset[str]:
    """The canonical questions that the services of the catalogue were asked."""
    rows = catalogue.rows("SELECT DISTINCT canonical FROM question WHERE canonical IS NOT NULL")
    return frozenset(question for (question,) in rows)


def filters_on_demand(catalogue: Catalogue, query: SearchQuery) -> dict[str, Allows]:
    """A test for the prices of a query and one for each question, by the question's id.

    Raises `UsageError` for a price or an option that is unknown.
    """
    found: dict[str, Allows] = {}
    if query.prices:
        column = band_column(catalogue)
        known = catalogue.remembered("band values", lambda: {value for values in column for value in values})
        _check("price", query.prices, known)
        found["prices"] = having(column, query.prices)
    for name, wanted in query.options:
        question = load_crosswalk().find(name)
        _check(f"option of {question.label!r}", wanted, {NO_OPTION} | {each.id for each in question.options})
        found[question.id] = having(option_column(catalogue, question.id), wanted)
    return found


def _check(what: str, wanted: Sequence[str], known: set[str]) -> None:
    for value in wanted:
        if value not in known:
            raise UsageError(f"there is no {what} {value!r}; there are: {', '.join(sorted(known))}")
