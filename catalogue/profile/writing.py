"""Ways to write one change into a profile's text: by lines where it is laid out as usual, else in its tree.

Each gives the new text, or ``None`` where the file is not laid out so that the way could work. Whether the
text then says what was wanted is for the caller to check.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Array, Item

from catalogue.profile.layout import Layout, comment_at
from catalogue.profile.values import BARRIERS

Value: TypeAlias = str | int | Decimal | date | Sequence[str]

#: The tables of a profile and the keys of each, in the order in which they are written.
ORDER: Mapping[str, tuple[str, ...]] = {
    "": ("goal",),
    "organisation": (
        *("name", "sector", "staff_users", "residents"),
        *("budget_per_year", "contract_years", "award_by"),
    ),
    "weights": BARRIERS,
    "legacy": ("system", "aliases", "purpose", "intent", "interfaces"),
    "skills": ("gaps", "team"),
    "resources": ("gaps",),
    "customers": ("needs",),
    "requirement": ("text", "priority", "barrier", "question", "includes", "equals"),
}
_TABLES = tuple(ORDER)
_STEP = re.compile(r"([A-Za-z0-9_-]+)(?:\[(\d+)\])?")


def steps_of(place: str) -> list[tuple[str, int | None]]:
    """A place as keys, each with the number of the row (from 0) where it names one."""
    return [(key, int(number) - 1 if number else None) for key, number in _STEP.findall(place)]


def written(value: Value) -> Item:
    """A value as TOML. A text that holds what is no character gets question marks in its place."""
    if isinstance(value, str):
        return tomlkit.string(value.encode("utf-8", "replace").decode("utf-8"))
    if isinstance(value, Decimal):
        return tomlkit.value(format(value, "f"))
    if isinstance(value, int | date):
        return tomlkit.item(value)
    words = tomlkit.array()
    words.extend(written(word) for word in value)
    return words


def line_of(key: str, value: Value) -> str:
    """A whole line: ``key = value``."""
    return f"{key} = {written(value).as_string()}\n"


# Line by line.


def with_key(layout: Layout, place: str, value: Value) -> str | None:
    """A key that is not there yet, after the keys that usually stand before it."""
    table, _, key = place.rpartition(".")
    block = layout.block(table)
    if block is None:
        return (
            None if table in layout.keys else with_block(layout, table, [f"[{table}]\n", line_of(key, value)])
        )
    before = _before(key, ORDER.get(block.table, ()))
    ends = [
        layout.last_line(other) for other in (f"{table}.{name}" if table else name for name in before)
        if other in layout.keys
    ]  # fmt: skip
    if ends:
        return _joined(layout.lines, max(ends) + 1, [line_of(key, value)])
    if block.header >= 0:
        return _joined(layout.lines, block.header + 1, [line_of(key, value)])
    first = layout.blocks[1].start if len(layout.blocks) > 1 else len(layout.lines)
    return _joined(layout.lines, first, [line_of(key, value), "\n"])


def with_comment_used(layout: Layout, place: str, value: Value) -> str | None:
    """A key that stands in its table as a comment, with the comment sign taken away; notes behind it stay."""
    table, _, key = place.rpartition(".")
    block = layout.block(table)
    if block is None:
        return None
    hidden = re.compile(rf"(\s*)#\s?({re.escape(key)}\s*=.*\n?)")
    for number in range(block.header + 1, block.stop):
        found = hidden.fullmatch(layout.lines[number])
        if found is None or not _is_toml(found[2]):
            continue
        line = _with_note(found[1] + line_of(key, value), found[1] + found[2])
        return "".join([*layout.lines[:number], line, *layout.lines[number + 1 :]])
    return None


def with_value(layout: Layout, place: str, value: Value) -> str | None:
    """Another value on the line of a key, the note behind it in the column where it stood."""
    first = layout.keys.get(place)
    if first is None or layout.last_line(place) != first:
        return None
    line = layout.lines[first]
    head, equals, _ = line.partition("=")
    return "".join(
        [
            *layout.lines[:first],
            _with_note(f"{head}{equals} {written(value).as_string()}\n", line),
            *layout.lines[first + 1 :],
        ]
    )


def with_key_as_comment(layout: Layout, place: str) -> str | None:
    """A key with a note behind it, made a comment together with the note."""
    first = layout.keys.get(place)
    if first is None or layout.last_line(place) != first:
        return None
    line = layout.lines[first]
    if comment_at(line) is None:
        return None
    indent = len(line) - len(line.lstrip())
    hidden = f"{line[:indent]}# {line[indent:]}"
    return "".join([*layout.lines[:first], hidden, *layout.lines[first + 1 :]])


def with_words(layout: Layout, place: str, before: Sequence[str], after: Sequence[str]) -> str | None:
    """A list that has a line for each word: words are made comments and taken from comments, notes stay."""
    first = layout.keys.get(place)
    if first is None or (last := layout.last_line(place)) == first:
        return None
    lines = list(layout.lines)
    for word in before:
        if word not in after:
            at = _line_with(lines, first, last, word, hidden=False)
            if at is None:
                return None
            indent = len(lines[at]) - len(lines[at].lstrip())
            lines[at] = f"{lines[at][:indent]}# {lines[at][indent:]}"
    for word in after:
        if word not in before:
            at = _line_with(lines, first, last, word, hidden=True)
            if at is None:
                lines.insert(last, f"  {written(word).as_string()},\n")
                last += 1
            else:
                lines[at] = re.sub(r"#\s?", "", lines[at], count=1)
    return "".join(lines)


def with_block(layout: Layout, table: str, block: Sequence[str]) -> str | None:
    """One more table: after those of its name, else after the tables that usually come before."""
    if table not in _TABLES:
        return None
    before = _TABLES[: _TABLES.index(table) + 1]
    behind = [other for other in layout.blocks if other.table in before and other.header >= 0]
    ahead = [other for other in layout.blocks if other.table in _TABLES and other.header >= 0]
    if behind:
        latest = max(behind, key=lambda other: (before.index(other.table), other.header))
        return _joined(layout.lines, latest.stop, ["\n", *block])
    if ahead:
        return _joined(layout.lines, ahead[0].start, [*block, "\n"])
    return _joined(layout.lines, len(layout.lines), ["\n", *block] if layout.lines else block)


def without_block(layout: Layout, place: str) -> str | None:
    """Without a table, the comments that go with it, and one of the blank lines around it."""
    block = layout.block(place)
    if block is None:
        return None
    lines, stop = layout.lines, block.stop
    blank_above = block.start == 0 or not lines[block.start - 1].strip()
    if blank_above and stop < len(lines) and not lines[stop].strip():
        stop += 1
    return "".join([*lines[: block.start], *lines[stop:]])


def with_blocks_swapped(layout: Layout, place: str, other_place: str) -> str | None:
    """Two tables, the first in the file first, in each other's place."""
    one, other = layout.block(place), layout.block(other_place)
    if one is None or other is None:
        return None
    lines = _ended(layout.lines)
    pieces = (
        lines[: one.start],
        lines[other.start : other.stop],
        lines[one.stop : other.start],
        lines[one.start : one.stop],
        lines[other.stop :],
    )
    return "".join(line for piece in pieces for line in piece)


def _with_note(line: str, old: str) -> str:
    """A line with the comment that stands behind an old one, in its column where there is room."""
    note = comment_at(old)
    if note is None:
        return line if old.endswith("\n") else line.rstrip("\n")
    line = line.rstrip("\n")
    return f"{line:<{note}}{'' if len(line) < note else '  '}{old[note:]}"


def _before(key: str, order: Sequence[str]) -> Sequence[str]:
    return order[: order.index(key)] if key in order else order


def _line_with(lines: Sequence[str], first: int, last: int, word: str, *, hidden: bool) -> int | None:
    """The line of a list that holds this word alone, as it is or as a comment."""
    quoted = re.escape(written(word).as_string())
    shape = re.compile(rf"\s*{'#' if hidden else ''}\s*{quoted}\s*,?\s*(#.*)?\n?")
    return next((at for at in range(first, last + 1) if shape.fullmatch(lines[at])), None)


def _is_toml(line: str) -> bool:
    try:
        tomllib.loads(line)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _joined(lines: list[str], at: int, more: Sequence[str]) -> str:
    return "".join([*_ended(lines[:at]), *more, *lines[at:]])


def _ended(lines: list[str]) -> list[str]:
    """The lines, the last of them with a line feed too."""
    return [*lines[:-1], lines[-1] + "\n"] if lines and not lines[-1].endswith("\n") else lines


# In the tree, for files that write tables in one line, with dots, or otherwise unlike our own.


def with_value_in_tree(text: str, place: str, value: Value | None) -> str | None:
    """A key with another value, or without one."""

    def change(parent: Any, key: str) -> None:
        if value is None:
            del parent[key]
        else:
            parent[key] = written(value)

    return _in_tree(text, place, change)


def with_words_in_tree(text: str, place: str, before: Sequence[str], after: Sequence[str]) -> str | None:
    """A list with words taken out and put in, its layout kept."""

    def change(parent: Any, key: str) -> None:
        words: Array = parent[key]
        for word in before:
            if word not in after:
                words.remove(word)
        for word in after:
            if word not in before:
                words.append(written(word))

    return _in_tree(text, place, change)


def with_row_in_tree(text: str, table: str, values: Mapping[str, Value]) -> str | None:
    """One more row of a list of tables."""

    def change(parent: Any, key: str) -> None:
        row = tomlkit.inline_table()
        row.update({name: written(value) for name, value in values.items()})
        parent[key].append(row)

    return _in_tree(text, table, change)


def without_row_in_tree(text: str, table: str, number: int) -> str | None:
    """Without the row of this number (from 1)."""
    return _in_tree(text, table, lambda parent, key: parent[key].pop(number - 1))


def _in_tree(text: str, place: str, change: Callable[[Any, str], object]) -> str | None:
    try:
        document = tomlkit.parse(text)
        *above, (key, _) = steps_of(place)
        parent: Any = document
        for name, number in above:
            if name not in parent:
                parent[name] = tomlkit.table()
            parent = parent[name] if number is None else parent[name][number]
        change(parent, key)
        return tomlkit.dumps(document)
    except (TOMLKitError, KeyError, IndexError, TypeError, ValueError, AttributeError):
        return None
