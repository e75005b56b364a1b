"""Which services have a word, a name or an answer: keys out of the index, remembered while they hold."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from catalogue.price import Price, YearlyCost, yearly_cost
from catalogue.profile import Organisation, Requirement
from catalogue.questions import load_crosswalk
from catalogue.text import words
from catalogue.vocabulary import AliasGroup
from db.catalogue import Catalogue
from db.index import any_of, phrase

#: Words and answers that are remembered with their services.
_WORDS, _ANSWERS = 600, 60
#: How many words may lie between an ambiguous name and a word of its trade, unless its group says.
_NEAR = 12
#: The options of questions that say yes.
_YES = ("yes", "yes-extra-cost", "yes-or-standalone")


@dataclass(frozen=True, slots=True)
class Posting:
    """The services that have something: how many, and unless they are too many, which, by key.

    ``head`` are those that have it in their name, description or features.
    """

    count: int
    keys: array[int]
    head: array[int]


_TOO_MANY: array[int] = array("l")


def posting(catalogue: Catalogue, match: str, *, most: float) -> Posting:
    """The services of a query in the index's language; where they are more than ``most``, just how many."""
    counting = "SELECT count(*) FROM service_fts WHERE service_fts MATCH :match"

    def load() -> Posting:
        count = int(catalogue.rows(counting, {"match": match})[0][0])
        if not 0 < count <= most:
            return Posting(count, _TOO_MANY, _TOO_MANY)
        head = f"{{name description features}} : ({match})"
        return Posting(count, array("l", _keys(catalogue, match)), array("l", _keys(catalogue, head)))

    return catalogue.remembered("postings", load, of=match, most=_WORDS)


def naming(catalogue: Catalogue, group: AliasGroup) -> list[int]:
    """Services that name a system; an ambiguous name needs a word of its trade near it."""
    matches = [phrase(words(name)) for name in group.names if name not in group.gated and words(name)]
    company = [phrase(words(name)) for name in group.context if words(name)]
    for name in group.gated:
        if words(name):
            gated = phrase(words(name))
            matches += [f"NEAR({gated} {beside}, {group.within or _NEAR})" for beside in company]
    return list(_keys(catalogue, any_of(dict.fromkeys(matches)))) if matches else []


def answering(catalogue: Catalogue, question: str, options: Iterable[str]) -> frozenset[int]:
    """Services that answer a canonical question with any of these options."""
    wanted = tuple(sorted(options))
    sql = (
        "SELECT answer.service FROM question JOIN answer ON answer.question = question.key"
        " JOIN choice ON choice.question = answer.question AND choice.value = answer.value"
        " WHERE question.canonical = :question AND choice.option IN (SELECT value FROM json_each(:options))"
    )
    return catalogue.remembered(
        "answering",
        lambda: frozenset(
            key for (key,) in catalogue.rows(sql, {"question": question, "options": json.dumps(wanted)})
        ),
        of=(question, wanted),
        most=_ANSWERS,
    )


def saying_yes(catalogue: Catalogue, questions: Iterable[str]) -> frozenset[int]:
    """Services that answer one of these canonical questions with yes, at whatever cost."""
    return frozenset().union(*(answering(catalogue, question, _YES) for question in questions))


def accepting(catalogue: Catalogue, requirement: Requirement) -> frozenset[int]:
    """Services with an answer that a requirement accepts, whatever else they answer."""
    assert requirement.question is not None
    question, crosswalk = requirement.question, load_crosswalk()
    options = [crosswalk.option_for(question, value) for value in requirement.accepted]
    return answering(catalogue, question.id, {option.id for option in options if option is not None})


def affordable(catalogue: Catalogue, organisation: Organisation) -> frozenset[int]:
    """Services that cost no more in a year than the budget, as far as their price can be compared."""
    budget = organisation.budget_per_year
    rows = catalogue.remembered(
        "price rows",
        lambda: catalogue.rows("SELECT service, minimum, maximum, unit, interval FROM price"),
    )
    within: dict[tuple[str, ...], bool] = {}
    found: set[int] = set()
    for key, *shown in rows:
        price = tuple(shown)
        if price not in within:
            minimum, maximum, unit, interval = price
            most = None if maximum is None else Decimal(maximum)
            cost = yearly_cost(
                Price(Decimal(minimum), most, unit=unit, interval=interval),
                users=organisation.staff_users,
                residents=organisation.residents,
            )
            within[price] = (
                budget is not None
                and isinstance(cost, YearlyCost)
                and (cost.maximum or cost.minimum) <= budget
            )
        if within[price]:
            found.add(key)
    return frozenset(found)


def _keys(catalogue: Catalogue, match: str) -> Iterable[int]:
    rows = catalogue.rows("SELECT rowid FROM service_fts WHERE service_fts MATCH :match", {"match": match})
    return (key for (key,) in rows)
