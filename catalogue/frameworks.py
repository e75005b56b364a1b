"""The framework iterations that Longlist knows: dates, lots and terms, from ``frameworks.toml``.

Listings of an iteration or lot that is not in the table are kept and searched like any other.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Literal

import msgspec

from catalogue.errors import DataFileError

#: The lists of questions that suppliers answer: one for each kind of lot.
QuestionSet = Literal["hosting", "software", "support"]
Award = Literal["direct", "competition"]

_TABLE = "frameworks.toml"


class Lot(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A lot of one iteration. ``call_off`` is in months, first term and extensions; empty where not known."""

    slug: str
    name: str
    number: str
    questions: QuestionSet
    call_off: tuple[int, ...] = ()


class Framework(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One iteration of the framework. A date that is ``None`` is not known here."""

    slug: str
    name: str
    agreement: str
    starts: date | None = None
    ends: date | None = None
    over: bool = False
    reopens: tuple[str, ...] = ()
    award: tuple[Award, ...]
    call_off: tuple[int, ...] = ()
    lots: tuple[Lot, ...]

    def lot(self, slug: str) -> Lot | None:
        """The lot with this slug, or ``None`` where the iteration has no such lot."""
        return next((lot for lot in self.lots if lot.slug == slug), None)

    def call_off_months(self, lot_slug: str) -> tuple[int, ...]:
        """First term and extensions in that lot, in months; empty where they are not known."""
        lot = self.lot(lot_slug)
        return lot.call_off if lot is not None and lot.call_off else self.call_off

    def open_on(self, day: date) -> bool:
        """Whether buyers can call off on that day, as far as the table knows."""
        if self.ends is not None and day > self.ends:
            return False
        if self.starts is not None and day < self.starts:
            return False
        return not self.over or self.ends is not None


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    framework: tuple[Framework, ...]


@cache
def load_frameworks() -> Mapping[str, Framework]:
    """The table that ships with Longlist, by slug, newest first."""
    return read_frameworks(resources.files("catalogue").joinpath(_TABLE).read_text("utf-8"))


def read_frameworks(text: str, source: str = _TABLE) -> Mapping[str, Framework]:
    """Read a table of frameworks from TOML text. Raises `DataFileError` that names the row."""
    try:
        frameworks = msgspec.convert(tomllib.loads(text), _Table).framework
    except (msgspec.ValidationError, tomllib.TOMLDecodeError) as error:
        raise DataFileError(f"{source}: {error}") from None
    table: dict[str, Framework] = {}
    for framework in frameworks:
        if framework.slug in table:
            raise DataFileError(
                f"{source}: framework {framework.slug!r} is there twice; expected one row for it"
            )
        slugs = [lot.slug for lot in framework.lots]
        for slug in slugs:
            if slugs.count(slug) > 1:
                raise DataFileError(f"{source}: framework {framework.slug!r} has lot {slug!r} twice")
        if framework.starts and framework.ends and framework.ends < framework.starts:
            raise DataFileError(
                f"{source}: framework {framework.slug!r} ends on {framework.ends}, before it starts "
                f"on {framework.starts}"
            )
        table[framework.slug] = framework
    return MappingProxyType(table)
