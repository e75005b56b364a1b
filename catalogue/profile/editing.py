"""Changes to the text of a profile that leave everything else in it as a person wrote it.

Each function takes TOML text and gives TOML text. Comments, order, blank lines and the way that other values
are written stay. A key that is taken out and has a note behind it becomes a comment, and a key or word that
stands in the file as a comment is used again rather than written anew: so the notes of a proposed profile
stay beside what they explain. A row (a system, a requirement) goes with the comments right above it.

Places are named as messages name them: ``goal``, ``organisation.name``, ``legacy[2].system``. What comes out
is read again and compared with what was wanted, so that no edit changes anything else unseen; where a file is
laid out so that this fails, `UsageError` says so and the text stays as it was.
"""

from __future__ import annotations

import copy
import re
import tomllib
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, TypeAlias

from catalogue.errors import UsageError
from catalogue.profile import writing
from catalogue.profile.layout import layout_of
from catalogue.profile.writing import Value, steps_of

_Tables: TypeAlias = dict[str, Any]


def tables_of(text: str) -> _Tables | None:
    """What the text says, unchecked; ``None`` where it is not TOML."""
    try:
        return tomllib.loads(text.removeprefix("\ufeff"), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, ValueError, ArithmeticError, RecursionError):
        return None


def value_at(tables: Mapping[str, Any], place: str) -> Any:
    """The value at a place, ``None`` where there is none."""
    found: Any = tables
    for key, number in steps_of(place):
        found = found.get(key) if isinstance(found, Mapping) else None
        if number is not None:
            found = found[number] if isinstance(found, list) and number < len(found) else None
    return found


def put(text: str, place: str, value: Value | None) -> str:
    """The text with this value at a place; ``None`` takes the key out."""
    return put_all(text, {place: value})


def put_all(text: str, values: Mapping[str, Value | None]) -> str:
    """The text with several values changed, one after the other."""
    for place, value in values.items():
        text = _put(text, place, value)
    return text


def tick(text: str, place: str, word: str, on: bool) -> str:
    """The text with a word in the list at a place, or without it."""
    words = value_at(tables_of(text) or {}, place)
    listed = words if isinstance(words, list) else []
    if (word in listed) is on:
        return text
    wanted = [*listed, word] if on else [other for other in listed if other != word]
    return _put(text, place, wanted if on or listed else None)


def add_row(text: str, table: str, values: Mapping[str, Value]) -> str:
    """The text with one more row of ``legacy`` or ``requirement``, after the others."""
    wanted = _wanted(text)
    rows = wanted.setdefault(table, [])
    if not isinstance(rows, list):
        raise _cannot(table)
    rows.append(dict(values))
    written = [f"[[{table}]]\n", *(writing.line_of(key, value) for key, value in values.items())]
    return _by_one_of(
        text,
        wanted,
        table,
        lambda body: writing.with_block(layout_of(body), table, written),
        lambda body: writing.with_row_in_tree(body, table, values),
    )


def remove_row(text: str, table: str, number: int) -> str:
    """The text without the row of this number (from 1) and the comments right above it."""
    place = f"{table}[{number}]"
    wanted = _wanted(text)
    if not isinstance(value_at(wanted, place), Mapping):
        raise _cannot(place)
    del wanted[table][number - 1]

    return _by_one_of(
        text,
        wanted,
        place,
        lambda body: writing.without_block(layout_of(body), place),
        lambda body: writing.without_row_in_tree(body, table, number),
    )


def move_row(text: str, table: str, number: int, by: int) -> str:
    """The text with the row of this number and the one ``by`` rows (1 or -1) away in each other's place."""
    first, second = sorted((number, number + by))
    places = [f"{table}[{row}]" for row in (first, second)]
    wanted = _wanted(text)
    if first < 1 or any(not isinstance(value_at(wanted, place), Mapping) for place in places):
        raise _cannot(f"{table}[{number}]")
    rows = wanted[table]
    rows[first - 1], rows[second - 1] = rows[second - 1], rows[first - 1]

    return _by_one_of(
        text, wanted, places[0], lambda body: writing.with_blocks_swapped(layout_of(body), *places)
    )


# How an edit is done: the ways in turn, each checked by reading the result.


def _put(text: str, place: str, value: Value | None) -> str:
    wanted = _wanted(text)
    before = value_at(wanted, place)
    if type(before) is type(value) and before == value:
        return text
    *above, (key, _) = steps_of(place)
    _put_in(wanted, above, key, value, place)
    ways: list[Callable[[str], str | None]] = []
    if before is None and value is not None:
        ways += [
            lambda body: writing.with_comment_used(layout_of(body), place, value),
            lambda body: writing.with_key(layout_of(body), place, value),
        ]
    elif value is None:
        ways.append(lambda body: writing.with_key_as_comment(layout_of(body), place))
    elif isinstance(before, list) and isinstance(value, list | tuple):
        ways += [
            lambda body: writing.with_words(layout_of(body), place, before, value),
            lambda body: writing.with_words_in_tree(body, place, before, value),
        ]
    elif value is not None:
        ways.append(lambda body: writing.with_value(layout_of(body), place, value))
    ways.append(lambda body: writing.with_value_in_tree(body, place, value))
    return _by_one_of(text, wanted, place, *ways)


def _wanted(text: str) -> _Tables:
    """What the text says, to be changed into what it should say."""
    tables = tables_of(text)
    if tables is None:
        raise UsageError("this file is not TOML; put it right in a text editor first")
    return copy.deepcopy(tables)


def _put_in(tables: _Tables, above: list[tuple[str, int | None]], key: str, value: Any, place: str) -> None:
    parent: Any = tables
    for name, number in above:
        if not isinstance(parent, dict):
            raise _cannot(place)
        parent = parent.setdefault(name, {}) if number is None else parent.get(name)
        if number is not None:
            parent = parent[number] if isinstance(parent, list) and number < len(parent) else None
    if not isinstance(parent, dict):
        raise _cannot(place)
    if value is None:
        parent.pop(key, None)
    else:
        parent[key] = value


def _by_one_of(text: str, wanted: _Tables, place: str, *ways: Callable[[str], str | None]) -> str:
    """The text after the first way that gives what is wanted; ways see plain line feeds and no mark."""
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    body = text.removeprefix("\ufeff")
    of_windows = "\r\n" in body and not re.search(r"(?<!\r)\n", body)
    if of_windows:
        body = body.replace("\r\n", "\n")
    for way in ways:
        after = way(body)
        if after is not None and (found := tables_of(after)) is not None and _same(found, wanted):
            return mark + (after.replace("\n", "\r\n") if of_windows else after)
    raise _cannot(place)


def _same(found: _Tables, wanted: _Tables) -> bool:
    return repr(_comparable(found)) == repr(_comparable(wanted))


def _comparable(value: Any) -> Any:
    """A value without what does not matter: the order of keys and words, and what is there but empty."""
    if isinstance(value, Mapping):
        return sorted((key, _comparable(part)) for key, part in value.items() if part not in ({}, [], ()))
    if isinstance(value, list | tuple):
        parts = [_comparable(part) for part in value]
        return parts if any(isinstance(part, Mapping) for part in value) else sorted(parts, key=repr)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Decimal(value).normalize()
    return value


def _cannot(place: str) -> UsageError:
    return UsageError(f"{place} cannot be changed here, as this file is laid out; change it in a text editor")
