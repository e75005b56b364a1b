"""Which agreements a text names: ``G-Cloud 12``, ``RM1557.12``, ``RM1557xii``, ``GCloud13``, ``RM6187``.

The patterns are rows of ``references.toml``.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

import msgspec

from catalogue.errors import DataFileError
from catalogue.text import normalise

_TABLE = "references.toml"
_ROMAN = {"i": 1, "v": 5, "x": 10}


@dataclass(frozen=True, slots=True)
class Reference:
    """An agreement named in a text. ``framework`` is the slug of its listings, where it has any."""

    agreement: str
    framework: str | None = None


class _Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pattern: str
    agreement: str
    framework: str | None = None


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reference: tuple[_Row, ...]


_Patterns = tuple[tuple[re.Pattern[str], str, str | None], ...]


@cache
def load_references() -> _Patterns:
    """The table that ships with Longlist."""
    return read_references(resources.files("catalogue").joinpath(_TABLE).read_text("utf-8"))


def read_references(text: str, source: str = _TABLE) -> _Patterns:
    """Read the table from TOML text. Raises `DataFileError` that names the row."""
    try:
        rows = msgspec.convert(tomllib.loads(text), _Table).reference
    except (msgspec.ValidationError, tomllib.TOMLDecodeError) as error:
        raise DataFileError(f"{source}: {error}") from None
    patterns = []
    for number, row in enumerate(rows, 1):
        try:
            pattern = re.compile(row.pattern)
        except re.error as error:
            raise DataFileError(f"{source}: [[reference]] {number}: {row.pattern!r}: {error}") from None
        if "number" not in pattern.groupindex:
            raise DataFileError(f"{source}: [[reference]] {number}: the pattern has no group named 'number'")
        patterns.append((pattern, row.agreement, row.framework))
    return tuple(patterns)


def references_in(text: str, patterns: _Patterns | None = None) -> tuple[Reference, ...]:
    """Every agreement that a text names, each once, in the order of the table and then of the text."""
    plain = normalise(text)
    found: dict[str, Reference] = {}
    for pattern, agreement, framework in patterns or load_references():
        for match in pattern.finditer(plain):
            number = _figures(match["number"])
            if number is None:
                continue
            name = agreement.format(number=number)
            if not any(known.startswith(f"{name}.") for known in found):  # RM1557 alone, beside RM1557.12
                found.setdefault(name, Reference(name, framework and framework.format(number=number)))
    return tuple(found.values())


def _figures(number: str) -> str | None:
    """A number in figures: Roman ones are read, leading noughts dropped. ``None`` for no number."""
    if not number:
        return None
    if not number.isalpha():
        whole, point, part = number.partition(".")
        return f"{int(whole)}{point}{part}" if int(whole) else None
    total = 0
    values = [_ROMAN[letter] for letter in number]
    for at, value in enumerate(values):
        total += -value if any(later > value for later in values[at + 1 : at + 2]) else value
    return str(total)
