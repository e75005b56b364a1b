"""The columns that results are filtered and counted by, in memory: quicker there than any query."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TypeVar

from rapidfuzz import process

from catalogue.errors import UsageError
from catalogue.frameworks import load_frameworks
from catalogue.model import FacetCount, SearchQuery
from catalogue.questions import Question, load_crosswalk
from catalogue.text import normalise, words
from db.catalogue import Catalogue
from db.reading import category_paths

T = TypeVar("T")

#: Sets of services with one answer that are remembered.
_ANSWERS = 16
#: Names that an error message lists in full.
_FEW = 12


@dataclass(frozen=True, slots=True)
class Columns:
    """One entry per key of table ``service``; ``neutral`` has the keys in an order that favours nobody.

    ``categories`` has the keys of all categories of a service and of those above them, each once.
    """

    neutral: Sequence[int]
    place: Sequence[int]
    status: Sequence[str]
    statuses: frozenset[str]
    lot: Sequence[str]
    framework: Sequence[str]
    supplier: Sequence[int]
    categories: Sequence[tuple[int, ...]]
    lot_names: dict[str, str]
    framework_names: dict[str, str]
    suppliers: dict[int, tuple[str | None, str]]
    category_paths: dict[int, tuple[str, ...]]


def columns(catalogue: Catalogue) -> Columns:
    """The columns of the catalogue as it is now."""
    return catalogue.remembered("columns", lambda: _load(catalogue))


def _load(catalogue: Catalogue) -> Columns:
    rows = catalogue.rows(
        "SELECT service.key, status, lot.slug, framework.slug, supplier FROM service"
        " JOIN lot ON lot.key = service.lot JOIN framework ON framework.key = service.framework"
        " ORDER BY shuffle, service.id"
    )
    size = max((row[0] for row in rows), default=0) + 1
    place, status, lot, framework, supplier = [0] * size, [""] * size, [""] * size, [""] * size, [0] * size
    for number, (key, *values) in enumerate(rows):
        place[key] = number
        status[key], lot[key], framework[key], supplier[key] = values
    paths, above = _category_tree(catalogue)
    listed: dict[int, list[int]] = {}
    for key, category in catalogue.rows(
        "SELECT service, category FROM service_category WHERE category IS NOT NULL"
    ):
        listed.setdefault(key, []).append(category)
    categories: list[tuple[int, ...]] = [()] * size
    for key, found in listed.items():
        categories[key] = tuple(set(chain.from_iterable(above[category] for category in found)))
    return Columns(
        neutral=[row[0] for row in rows],
        place=place,
        status=status,
        statuses=frozenset(row[1] for row in rows),
        lot=lot,
        framework=framework,
        supplier=supplier,
        categories=categories,
        lot_names=_names(catalogue, "lot"),
        framework_names=_names(catalogue, "framework"),
        suppliers={
            key: (id_, name) for key, id_, name in catalogue.rows("SELECT key, id, name FROM supplier")
        },
        category_paths=paths,
    )


def _names(catalogue: Catalogue, table: str) -> dict[str, str]:
    rows = catalogue.rows(f"SELECT slug, max(name) FROM {table} GROUP BY slug")  # noqa: S608  our own names
    return {slug: name or slug for slug, name in rows}


def _category_tree(catalogue: Catalogue) -> tuple[dict[int, tuple[str, ...]], dict[int, tuple[int, ...]]]:
    """For each category its path, and its own key with those above it."""
    above: dict[int, tuple[int, ...]] = {}
    # A parent is always added before its children.
    for key, parent in catalogue.rows("SELECT key, parent FROM category ORDER BY key"):
        above[key] = (*above.get(parent, ()), key)
    return category_paths(catalogue), above


Allows = Callable[[int], bool]


def filters(catalogue: Catalogue, query: SearchQuery) -> dict[str, Allows]:
    """One test per filter that is set, by the filter's name. Raises `UsageError` for an unknown name."""
    table = columns(catalogue)
    found: dict[str, Allows] = {}
    if query.statuses and not table.statuses <= set(query.statuses):
        found["statuses"] = _among(table.status, set(query.statuses))
    if query.lots:
        lots = [(lot.slug, lot.name) for framework in load_frameworks().values() for lot in framework.lots]
        found["lots"] = _among(table.lot, _slugs("lot", query.lots, [*lots, *table.lot_names.items()]))
    if query.frameworks:
        iterations = [(slug, framework.name) for slug, framework in load_frameworks().items()]
        iterations += table.framework_names.items()
        found["frameworks"] = _among(table.framework, _slugs("framework", query.frameworks, iterations))
    if query.suppliers:
        found["suppliers"] = _among(table.supplier, _suppliers(table, query.suppliers))
    if query.categories:
        wanted = _categories(table, query.categories)
        found["categories"] = lambda key: not wanted.isdisjoint(table.categories[key])
    for question, value in query.answers:
        found[f"{question}={value}"] = _answering(catalogue, question, value).__contains__
    return found


def having(column: Sequence[tuple[str, ...]], wanted: Iterable[str]) -> Allows:
    """Whether a service has one of these values in a column of several for each."""
    sought = set(wanted)
    return lambda key: not sought.isdisjoint(column[key])


def matching(keys: Iterable[int], tests: dict[str, Allows], *, without: str = "") -> list[int]:
    """The keys that pass every test (but the one named ``without``), in their order."""
    found = list(keys)
    for name, test in tests.items():
        if name != without:
            found = list(filter(test, found))
    return found


def _among(column: Sequence[T], wanted: set[T]) -> Allows:
    return {key for key, value in enumerate(column) if value in wanted}.__contains__


def _slugs(what: str, wanted: Sequence[str], known: Sequence[tuple[str, str]]) -> set[str]:
    """Slugs of what is named, by slug or by name in any case."""
    by_name = {normalise(name): slug for slug, name in known} | {slug: slug for slug, _ in known}
    return {_found(what, name, by_name) for name in wanted}


def _found(what: str, name: str, by_name: dict[str, T]) -> T:
    plain = normalise(name)
    if plain not in by_name:
        raise UsageError(f"there is no {what} {name!r}{_near(plain, by_name)}")
    return by_name[plain]


def _near(name: str, known: Iterable[str]) -> str:
    names = list(known)
    near = [found for found, _, _ in process.extract(name, names, limit=3, score_cutoff=60)]
    if near:
        return f"; nearest: {', '.join(near)}"
    return f"; there are: {', '.join(names)}" if 0 < len(names) <= _FEW else ""


def _suppliers(table: Columns, wanted: Sequence[str]) -> set[int]:
    """Suppliers by id or by name, or else all whose name has every word of it."""
    found: set[int] = set()
    for name in wanted:
        plain = normalise(name)
        exact = {
            key for key, (id_, known) in table.suppliers.items() if name == id_ or plain == normalise(known)
        }
        parts = set(words(name))
        some = exact or {
            key for key, (_, known) in table.suppliers.items() if parts and parts <= set(words(known))
        }
        if not some:
            known_names = (normalise(known) for _, known in table.suppliers.values())
            raise UsageError(f"there is no supplier {name!r}{_near(plain, known_names)}")
        found |= some
    return found


def _categories(table: Columns, wanted: Sequence[str]) -> set[int]:
    """Categories by their name, or by their path written with ``>``."""
    by_name: dict[str, set[int]] = {}
    for key, path in table.category_paths.items():
        by_name.setdefault(normalise(path[-1]), set()).add(key)
        by_name.setdefault(normalise(" > ".join(path)), set()).add(key)
    return set().union(*(_found("category", name, by_name) for name in wanted))


def _answering(catalogue: Catalogue, name: str, value: str) -> set[int]:
    """The services that give this answer: the option chosen, or the text within what they wrote."""
    return catalogue.remembered(
        "answering", lambda: _find_answering(catalogue, name, value), of=(name, value), most=_ANSWERS
    )


def _find_answering(catalogue: Catalogue, name: str, value: str) -> set[int]:
    question, labelled = _question(catalogue, name)
    options = _options(question, value)
    parameters: dict[str, object] = {
        "question": question.id if question else None,
        "labels": json.dumps(labelled),
        "options": json.dumps(options),
    }
    if options:
        return {key for (key,) in catalogue.rows(_CHOSEN, parameters)}
    plain = normalise(value)
    return {
        key
        for key, text in catalogue.rows(_WRITTEN, parameters)
        if plain in (text.lower() if text.isascii() else normalise(text))
    }


_ASKED = """question IN (
    SELECT key FROM question WHERE canonical = :question OR key IN (SELECT value FROM json_each(:labels))
)"""
_CHOSEN = f"""
SELECT answer.service FROM (
    SELECT question, value FROM choice WHERE {_ASKED} AND option IN (SELECT value FROM json_each(:options))
) AS chosen CROSS JOIN answer ON answer.question = chosen.question AND answer.value = chosen.value
"""  # noqa: S608  our own text
_WRITTEN = f"""
SELECT service, text FROM answer JOIN value ON value.key = answer.value WHERE {_ASKED}
"""  # noqa: S608  our own text


def _question(catalogue: Catalogue, name: str) -> tuple[Question | None, list[int]]:
    """The canonical question of a name, and the stored questions that have it as their label."""
    plain = normalise(name)
    labelled = [
        key for key, label in catalogue.rows("SELECT key, label FROM question") if normalise(label) == plain
    ]
    try:
        return load_crosswalk().find(name), labelled
    except UsageError:
        if labelled:
            return None, labelled
        raise


def _options(question: Question | None, value: str) -> list[str]:
    """The ids of the options that a value names: one as a rule."""
    if question is None:
        return []
    plain = normalise(value)
    named = [option.id for option in question.options if plain in (normalise(option.label), option.id)]
    found = load_crosswalk().option_for(question, value)
    return list(dict.fromkeys([*named, *([found.id] if found else [])]))


def count_by(
    keys: Iterable[int], column: Sequence[T], show: Callable[[T], tuple[str, str]]
) -> tuple[FacetCount, ...]:
    """How many of the services have each value of a column, the most frequent first."""
    return _counted(Counter(map(column.__getitem__, keys)), show)


def count_several(
    keys: Iterable[int], column: Sequence[tuple[str, ...]], show: Callable[[str], tuple[str, str]]
) -> tuple[FacetCount, ...]:
    """The same for a column that has several values for each service."""
    together = Counter(map(column.__getitem__, keys))
    counts: Counter[str] = Counter()
    for values, count in together.items():
        for value in values:
            counts[value] += count
    return _counted(counts, show)


def count_categories(keys: Iterable[int], table: Columns) -> tuple[FacetCount, ...]:
    """How many of the services are in each category or below it. The value is the path, for the filter."""
    counts = Counter(chain.from_iterable(map(table.categories.__getitem__, keys)))
    return _counted(
        counts, lambda key: (" > ".join(table.category_paths[key]), table.category_paths[key][-1])
    )


def _counted(counts: Counter[T], show: Callable[[T], tuple[str, str]]) -> tuple[FacetCount, ...]:
    merged: Counter[tuple[str, str]] = Counter()
    for value, count in counts.items():
        merged[show(value)] += count
    ordered = sorted(merged.items(), key=lambda item: (-item[1], item[0][1]))
    return tuple(FacetCount(value, name, count) for (value, name), count in ordered)
