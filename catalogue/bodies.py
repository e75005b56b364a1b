"""Public bodies: what they are called and which sector they are of, by their type or their name.

The rows are in ``bodies.toml``. A body that no row knows has no sector: *not stated*, never guessed.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import msgspec

from catalogue.errors import DataFileError
from catalogue.profile import SECTORS
from catalogue.text import normalise, words

_TABLE = "bodies.toml"


@dataclass(frozen=True, slots=True)
class PublicBody:
    """One body as a register names it. ``id`` is the register's; ``closed`` bodies no longer buy."""

    id: str
    name: str
    type: str | None = None
    abbreviation: str | None = None
    url: str | None = None
    closed: bool = False


@dataclass(frozen=True, slots=True)
class BodySuggestion:
    """A body that a typed name may mean, with the sector that its type or its name says."""

    name: str
    sector: str | None
    type: str | None = None
    abbreviation: str | None = None


class _TypeRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    types: tuple[str, ...]
    sector: str | None = None


class _NameRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sector: str
    patterns: tuple[str, ...]


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    type: tuple[_TypeRow, ...]
    name: tuple[_NameRow, ...]


@dataclass(frozen=True, slots=True)
class Sectors:
    """The table, ready to use. A type that is known to mean no sector has ``None``."""

    types: Mapping[str, str | None]
    names: tuple[tuple[str, re.Pattern[str]], ...]


@cache
def load_sectors() -> Sectors:
    """The table that ships with Longlist."""
    return read_sectors(resources.files("catalogue").joinpath(_TABLE).read_text("utf-8"))


def read_sectors(text: str, source: str = _TABLE) -> Sectors:
    """Read the table from TOML text. Raises `DataFileError` that names the row."""
    try:
        table = msgspec.convert(tomllib.loads(text), _Table)
    except (msgspec.ValidationError, tomllib.TOMLDecodeError) as error:
        raise DataFileError(f"{source}: {error}") from None
    types: dict[str, str | None] = {}
    for number, row in enumerate(table.type, 1):
        _check(row.sector, f"{source}: [[type]] {number}")
        for kind in row.types:
            if normalise(kind) in types:
                raise DataFileError(
                    f"{source}: [[type]] {number}: {kind!r} is there twice; expected one sector"
                )
            types[normalise(kind)] = row.sector
    names = []
    for number, names_row in enumerate(table.name, 1):
        _check(names_row.sector, f"{source}: [[name]] {number}")
        for pattern in names_row.patterns:
            try:
                names.append((names_row.sector, re.compile(pattern)))
            except re.error as error:
                raise DataFileError(f"{source}: [[name]] {number}: {pattern!r}: {error}") from None
    return Sectors(types, tuple(names))


def _check(sector: str | None, place: str) -> None:
    if sector is not None and sector not in SECTORS:
        raise DataFileError(f"{place}: sector {sector!r}; expected one of: {', '.join(SECTORS)}")


def sector_of(name: str | None, types: Iterable[str] = (), sectors: Sectors | None = None) -> str | None:
    """The sector of a body by its name, else by one of its types; ``None`` where neither says."""
    sectors = sectors or load_sectors()
    plain = normalise(name or "")
    for sector, pattern in sectors.names:
        if pattern.search(plain):
            return sector
    for kind in types:
        if found := sectors.types.get(normalise(kind)):
            return found
    return None


def is_known_type(kind: str, sectors: Sectors | None = None) -> bool:
    """Whether the table says what a type means, if only that it means no sector."""
    return normalise(kind) in (sectors or load_sectors()).types


def name_key(name: str) -> str:
    """A body's name as it is compared: small letters, no article, no punctuation, ``and`` for ``&``."""
    key = [word for word in words(name.replace("&", " & ")) if word != "the"]
    return " ".join(key)
