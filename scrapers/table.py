"""A table of a TOML file read strictly: each key once; a mistake names file, key and what was expected."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import MISSING, dataclass, fields
from datetime import date
from string import Formatter
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from catalogue.errors import DataFileError, UsageError

_T = TypeVar("_T")

#: Scheme, host or address, and maybe a port; no user name, path, query or fragment.
_SERVER = re.compile(r"https?://(?:\w[\w-]*(?:\.\w[\w-]*)*\.?|\[[0-9a-f:.]+\])(?::\d+)?/*", re.IGNORECASE)


class Table:
    """One table of the file, each of whose keys must be read exactly once."""

    def __init__(self, file: str, place: str, values: dict[str, Any]) -> None:
        self.file, self.place, self.left = file, place, dict(values)
        self.below: list[Table] = []

    def wrong(self, key: str, found: object, expected: str) -> DataFileError:
        """An error about one key: what was found there, and what was expected."""
        return DataFileError(f"{self.file}: {self.place}{key}: found {found!r}, expected {expected}")

    def take(self, key: str, kind: type[_T] | tuple[type[_T], ...], expected: str) -> _T:
        """The value of a key, which must be of this type."""
        value = self.left.pop(key, None)
        if not isinstance(value, kind) or isinstance(value, bool):
            raise self.wrong(key, value, expected)
        return value

    def text(self, key: str) -> str:
        """A text that is not blank."""
        value = self.take(key, str, "text")
        if not value.strip():
            raise self.wrong(key, value, "text")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, none of them blank."""
        values = self.take(key, list, "a list of texts")
        if not all(isinstance(value, str) and value.strip() for value in values):
            raise self.wrong(key, values, "a list of texts")
        return tuple(cast("list[str]", values))

    def template(self, key: str, *holes: str) -> str:
        """A path with exactly these places to fill in it, each at least once."""
        value = self.text(key)
        if not value.startswith("/") or holes_of(value) != set(holes):
            needed = " and ".join(f"{{{hole}}}" for hole in holes)
            raise self.wrong(key, value, f"a path with {needed} in it" if holes else "a path")
        return value

    def whole(self, key: str) -> int:
        """A whole number above 0."""
        value = self.take(key, int, "a whole number above 0")
        if value < 1:
            raise self.wrong(key, value, "a whole number above 0")
        return value

    def number(self, key: str) -> float:
        """A finite number, 0 or more."""
        value = self.take(key, (int, float), "a number, 0 or more")
        if value < 0 or not math.isfinite(value):
            raise self.wrong(key, value, "a number, 0 or more")
        return float(value)

    def numbers(self, shape: type[_T]) -> _T:
        """Fill a dataclass whose fields are all whole numbers or numbers."""
        named = fields(shape)  # type: ignore[arg-type]  # the shapes passed are dataclasses
        given = {
            f.name: self.whole(f.name) if f.type == "int" else self.number(f.name)
            for f in named
            if f.default is MISSING or f.name in self.left
        }
        return shape(**given)

    def day(self, key: str) -> date:
        """A date, written without quotation marks."""
        return self.take(key, date, "a date such as 2026-11-25, without quotation marks")

    def table(self, key: str) -> Table:
        """The table under a key."""
        below = Table(self.file, f"{self.place}{key}.", self.take(key, dict, "a table"))
        self.below.append(below)
        return below

    def tables(self, key: str) -> dict[str, Table]:
        """The tables under a key, by their names."""
        outer = self.table(key)
        return {name: outer.table(name) for name in list(outer.left)}

    def rows(self, key: str) -> list[Table]:
        """The rows under a key, at least one."""
        values = self.take(key, list, "rows")
        if not values or not all(isinstance(value, dict) for value in values):
            raise self.wrong(key, values, f"rows, each begun with [[{key}]]")
        rows = [Table(self.file, f"{key} {at}: ", value) for at, value in enumerate(values, 1)]
        self.below += rows
        return rows

    def maybe_rows(self, key: str) -> list[Table]:
        """Rows that may be left out."""
        return self.rows(key) if key in self.left else []

    def done(self) -> None:
        """Raise for a key that nothing read, here and below."""
        for key, value in self.left.items():
            raise self.wrong(key, value, "no such key")
        for below in self.below:
            below.done()


def server(url: str, table: Table | None) -> str:
    """Scheme and host of a server, without a slash at the end."""
    if not _SERVER.fullmatch(url) or not _has_port(url):
        expected = "a server such as https://marketplace.example, without a path"
        if table is None:
            raise UsageError(f"--base-url: found {url!r}, expected {expected}")
        raise table.wrong("base_url", url, expected)
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _has_port(url: str) -> bool:
    """Whether the port of a server, where it has one, can be a port."""
    try:
        return urlsplit(url).port != 0
    except ValueError:  # not a number below 65536, or a broken IPv6 address
        return False


def holes_of(template: str) -> set[str]:
    """The names of the places to fill in a template; a lone brace counts as a place without a name."""
    try:
        return {name for _, name, _, _ in Formatter().parse(template) if name is not None}
    except ValueError:
        return {""}


@dataclass(frozen=True, slots=True)
class BadValue:
    """A value of a source that is known to be wrong: read as ``instead``, or as not stated."""

    field: str
    found: str
    instead: str | None
    why: str


def bad_values(table: Table, known: Iterable[str]) -> tuple[BadValue, ...]:
    """The rows ``[[bad_value]]``, whose fields must be among those that the reader of the source looks up."""
    found = []
    for row in table.maybe_rows("bad_value"):
        value = BadValue(
            row.text("field"),
            row.text("found"),
            row.text("instead") if "instead" in row.left else None,
            row.text("why"),
        )
        if value.field not in known:
            raise row.wrong("field", value.field, f"one of {', '.join(known)}")
        found.append(value)
    return tuple(found)


def corrected(field: str, value: str | None, rows: Iterable[BadValue]) -> str | None:
    """The value of a field, after the known bad values; ``None`` where nothing is stated by it."""
    plain = " ".join((value or "").split())
    if not plain:
        return None
    for row in rows:
        if row.field == field and row.found.casefold() == plain.casefold():
            return row.instead
    return value  # as given: spaces of other kinds are text
