"""A source as its TOML describes it: addresses, etiquette, ways to find services, scopes and bounds."""

from __future__ import annotations

import math
import re
import tomllib
from dataclasses import dataclass, fields
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit, urlunsplit

from catalogue.errors import DataFileError, UsageError
from catalogue.text import normalise

_T = TypeVar("_T")

#: Scheme, host or address, and maybe a port; no user name, path, query or fragment.
_SERVER = re.compile(r"https?://(?:\w[\w-]*(?:\.\w[\w-]*)*\.?|\[[0-9a-f:.]+\])(?::\d+)?/*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the source is asked, and where people find it. ``service`` holds ``{id}``."""

    base_url: str
    public_url: str
    known_hosts: tuple[str, ...]
    service: str


@dataclass(frozen=True, slots=True)
class Politeness:
    """How the source is asked; seconds and bytes."""

    delay_seconds: float
    jitter: float
    minimum_delay_seconds: float
    timeout_seconds: float
    attempts: int
    back_off_seconds: float
    retry_after_cap_seconds: float
    max_bytes: int
    max_redirects: int


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a healthy run keeps within; outside, the source is taken to have changed."""

    first_pages: int
    broken_share: float
    listed_low: float
    listed_high: float
    gone_share: float
    failures_in_a_row: int
    resume_days: int


@dataclass(frozen=True, slots=True)
class Way:
    """One way to find services: a listing for each lot, as a page or as JSON fragments."""

    kind: str
    template: str
    lots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """A part of the source: some lots, and there the listings with one of the words. Empty is everything."""

    name: str
    about: str
    lots: tuple[str, ...] = ()
    words: re.Pattern[str] | None = None

    def wants(self, card: str | None) -> bool:
        """Whether a listing is of this scope, by the words on its card; without a card it cannot be told."""
        return card is None or self.words is None or self.words.search(normalise(card)) is not None


@dataclass(frozen=True, slots=True)
class Source:
    """One source. ``file`` is the table that it was read from, for messages that name what to change."""

    name: str
    file: str
    title: str
    licence: str
    licence_url: str
    attribution: str
    addresses: Addresses
    politeness: Politeness
    ways: tuple[Way, ...]
    stale_pages: int
    bounds: Bounds
    scopes: dict[str, Scope]

    @property
    def base_url(self) -> str:
        """The server that is asked: scheme and host."""
        return self.addresses.base_url

    def service_url(self, service_id: str) -> str:
        """The address at which a service is asked for."""
        return self.base_url + self.addresses.service.format(id=service_id)

    def public_url(self, service_id: str) -> str:
        """The address at which people find a service."""
        return self.addresses.public_url + self.addresses.service.format(id=service_id)

    def local(self, url: str) -> str | None:
        """A link of the source as an address at its base; ``None`` for a link that leaves the source."""
        there, base = urlsplit(url), urlsplit(self.base_url)
        if there.netloc != base.netloc and there.hostname not in self.addresses.known_hosts:
            return None
        return urlunsplit((base.scheme, base.netloc, there.path, there.query, ""))

    def scope(self, name: str) -> Scope:
        """The scope of this name. Raises `UsageError` naming those there are."""
        if name not in self.scopes:
            known = ", ".join(sorted(self.scopes))
            raise UsageError(f"{self.file}: there is no scope {name!r}; expected one of {known}")
        return self.scopes[name]


def load_source(name: str, *, base_url: str | None = None) -> Source:
    """The source of this name that ships with Longlist, or the one that a TOML file at this path describes.

    ``base_url`` asks another server than the table's: a mirror, or a test server.
    """
    if name.endswith(".toml"):
        path = Path(name)
        if not path.is_file():
            raise UsageError(f"{name}: no such file; expected a source as TOML, or the name of a source")
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise DataFileError(f"{name}: not UTF-8 text: byte {error.start} cannot be read") from None
        return read_source(path.stem, text, name, base_url=base_url)
    files = {item.name: item for item in resources.files("scrapers.sources").iterdir()}
    if f"{name}.toml" not in files:
        known = ", ".join(sorted(file.removesuffix(".toml") for file in files if file.endswith(".toml")))
        raise UsageError(f"there is no source {name!r}; expected one of {known}, or the path of a .toml file")
    file = f"scrapers/sources/{name}.toml"
    return read_source(name, files[f"{name}.toml"].read_text(encoding="utf-8"), file, base_url=base_url)


def read_source(name: str, text: str, file: str, *, base_url: str | None = None) -> Source:
    """Read a source's table. Raises `DataFileError` naming the file and the key that is wrong."""
    try:
        table = _Table(file, "", tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise DataFileError(f"{file}: not TOML: {error}") from None
    addresses = table.table("addresses")
    usual_base = _base(addresses.text("base_url"), addresses)
    source = Source(
        name=name,
        file=file,
        title=table.text("title"),
        licence=table.text("licence"),
        licence_url=table.text("licence_url"),
        attribution=table.text("attribution"),
        addresses=Addresses(
            base_url=usual_base if base_url is None else _base(base_url, None),
            public_url=_base(addresses.text("public_url"), addresses),
            known_hosts=addresses.texts("known_hosts"),
            service=addresses.template("service", "id"),
        ),
        politeness=table.table("politeness").numbers(Politeness),
        ways=tuple(_way(row) for row in table.rows("discovery")),
        stale_pages=table.table("walk").whole("stale_pages"),
        bounds=table.table("bounds").numbers(Bounds),
        scopes={key: _scope(key, row) for key, row in table.tables("scopes").items()},
    )
    table.done()
    return source


class _Table:
    """One table of the file, each of whose keys must be read exactly once."""

    def __init__(self, file: str, place: str, values: dict[str, Any]) -> None:
        self.file, self.place, self.left = file, place, dict(values)
        self.below: list[_Table] = []

    def wrong(self, key: str, found: object, expected: str) -> DataFileError:
        return DataFileError(f"{self.file}: {self.place}{key}: found {found!r}, expected {expected}")

    def take(self, key: str, kind: type[_T] | tuple[type[_T], ...], expected: str) -> _T:
        value = self.left.pop(key, None)
        if not isinstance(value, kind) or isinstance(value, bool):
            raise self.wrong(key, value, expected)
        return value

    def text(self, key: str) -> str:
        value = self.take(key, str, "text")
        if not value.strip():
            raise self.wrong(key, value, "text")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        values = self.take(key, list, "a list of texts")
        if not all(isinstance(value, str) and value.strip() for value in values):
            raise self.wrong(key, values, "a list of texts")
        return tuple(cast("list[str]", values))

    def template(self, key: str, hole: str) -> str:
        value = self.text(key)
        rest = value.replace(f"{{{hole}}}", "")
        if rest == value or "{" in rest or "}" in rest or not value.startswith("/"):
            raise self.wrong(key, value, f"a path with {{{hole}}} in it")
        return value

    def whole(self, key: str) -> int:
        value = self.take(key, int, "a whole number above 0")
        if value < 1:
            raise self.wrong(key, value, "a whole number above 0")
        return value

    def number(self, key: str) -> float:
        value = self.take(key, (int, float), "a number, 0 or more")
        if value < 0 or not math.isfinite(value):
            raise self.wrong(key, value, "a number, 0 or more")
        return float(value)

    def numbers(self, shape: type[_T]) -> _T:
        """Fill a dataclass whose fields are all whole numbers or numbers."""
        named = fields(shape)  # type: ignore[arg-type]  # the shapes passed are dataclasses
        given = {f.name: self.whole(f.name) if f.type == "int" else self.number(f.name) for f in named}
        return shape(**given)

    def table(self, key: str) -> _Table:
        below = _Table(self.file, f"{self.place}{key}.", self.take(key, dict, "a table"))
        self.below.append(below)
        return below

    def tables(self, key: str) -> dict[str, _Table]:
        outer = self.table(key)
        return {name: outer.table(name) for name in list(outer.left)}

    def rows(self, key: str) -> list[_Table]:
        values = self.take(key, list, "rows")
        if not values or not all(isinstance(value, dict) for value in values):
            raise self.wrong(key, values, f"rows, each begun with [[{key}]]")
        rows = [_Table(self.file, f"{key} {at}: ", value) for at, value in enumerate(values, 1)]
        self.below += rows
        return rows

    def done(self) -> None:
        """Raise for a key that nothing read, here and below."""
        for key, value in self.left.items():
            raise self.wrong(key, value, "no such key")
        for below in self.below:
            below.done()


def _way(row: _Table) -> Way:
    kind = row.text("kind")
    if kind not in ("listing", "live-results"):
        raise row.wrong("kind", kind, "listing or live-results")
    return Way(kind, row.template("template", "lot"), row.texts("lots"))


def _scope(name: str, row: _Table) -> Scope:
    about = row.text("about")
    lots = row.texts("lots") if "lots" in row.left else ()
    words = row.texts("words") if "words" in row.left else ()
    if not words:
        return Scope(name, about, lots)
    choices = "|".join(sorted((re.escape(normalise(word)) for word in words), key=len, reverse=True))
    return Scope(name, about, lots, re.compile(rf"(?<!\w)(?:{choices})(?:e?s)?(?!\w)"))


def _base(url: str, table: _Table | None) -> str:
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
