"""A source as its TOML describes it: addresses, etiquette, ways to find services, scopes and bounds."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from importlib import resources
from itertools import product
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote_plus, urlsplit, urlunsplit

from catalogue.errors import DataFileError, UsageError
from catalogue.text import normalise
from scrapers.table import BadValue, Table, bad_values, holes_of, server

_S = TypeVar("_S")

#: What may fill the template of a listing: its place in it, and the key of its values.
_HOLES = {"lot": "lots", "category": "categories", "query": "queries"}
#: The fields of a service page whose known bad values are looked up.
CORRECTED = ("framework.name", "lot.slug", "supplier.name")


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the source is asked, and where people find it. ``service`` holds ``{id}``."""

    base_url: str
    public_url: str
    known_hosts: tuple[str, ...]
    service: str


@dataclass(frozen=True, slots=True)
class Politeness:
    """How the source is asked; seconds and bytes.

    Beside 429, ``slow_down_status`` asks for a pause of ``slow_down_seconds`` where the answer names none.
    Each of them doubles the time between two requests, up to ``slowest_seconds``.
    """

    delay_seconds: float
    jitter: float
    minimum_delay_seconds: float
    timeout_seconds: float
    attempts: int
    back_off_seconds: float
    retry_after_cap_seconds: float
    max_bytes: int
    max_redirects: int
    slow_down_status: int = 429
    slow_down_seconds: float = 0.0
    slowest_seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a healthy run keeps within; outside, the source is taken to have changed."""

    first_pages: int
    broken_share: float
    odd_share: float
    known_share: float
    answered_low: float
    listed_low: float
    listed_high: float
    few_services: int
    gone_share: float
    failures_in_a_row: int
    resume_days: int


@dataclass(frozen=True, slots=True)
class Way:
    """One way to find services.

    ``listing`` and ``live-results`` are addresses, one for each combination of the values that fill the
    template; ``ids`` is a file of ids or addresses; ``catalogue`` is what the catalogue already knows.
    """

    kind: str
    template: str = ""
    lots: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    queries: tuple[str, ...] = ()
    file: Path | None = None

    def places(self, lots: tuple[str, ...]) -> list[Place]:
        """Every listing of this way, those of some lots alone where ``lots`` names any."""
        filled = {
            "lot": [lot for lot in self.lots if not lots or lot in lots],
            "category": list(self.categories),
            "query": list(self.queries),
        }
        named = [name for name in _HOLES if name in holes_of(self.template)]
        return [
            Place(
                self.template.format(
                    **{name: quote_plus(value) for name, value in zip(named, values, strict=True)}
                ),
                dict(zip(named, values, strict=True)),
            )
            for values in product(*(filled[name] for name in named))
        ]


@dataclass(frozen=True, slots=True)
class Place:
    """One listing: its address without the server, and what fills the template, for messages."""

    path: str
    values: dict[str, str]


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
    default_scope: str
    bad_values: tuple[BadValue, ...] = ()

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
        return scope_named(self.scopes, name, self.file)


def scope_named(scopes: dict[str, _S], name: str, file: str) -> _S:
    """The scope of this name. Raises `UsageError` naming those there are."""
    if name not in scopes:
        known = ", ".join(sorted(scopes))
        raise UsageError(f"{file}: there is no scope {name!r}; expected one of {known}")
    return scopes[name]


def load_source(name: str, *, base_url: str | None = None) -> Source:
    """The source of this name that ships with Longlist, or the one that a TOML file at this path describes.

    ``base_url`` asks another server than the table's: a mirror, or a test server.
    """
    return read_source(*source_text(name), base_url=base_url)


def source_text(name: str) -> tuple[str, str, str]:
    """Name, text and file of the table of a source that ships with Longlist, or of a TOML file."""
    if name.endswith(".toml"):
        path = Path(name)
        if not path.is_file():
            raise UsageError(f"{name}: no such file; expected a source as TOML, or the name of a source")
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise DataFileError(f"{name}: not UTF-8 text: byte {error.start} cannot be read") from None
        return path.stem, text, name
    if name not in (names := source_names()):
        known = ", ".join(names)
        raise UsageError(f"there is no source {name!r}; expected one of {known}, or the path of a .toml file")
    text = resources.files("scrapers.sources").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return name, text, f"scrapers/sources/{name}.toml"


def source_names() -> list[str]:
    """The sources that ship with Longlist, by name."""
    files = (item.name for item in resources.files("scrapers.sources").iterdir())
    return sorted(name.removesuffix(".toml") for name in files if name.endswith(".toml"))


def read_source(name: str, text: str, file: str, *, base_url: str | None = None) -> Source:
    """Read a source's table. Raises `DataFileError` naming the file and the key that is wrong."""
    try:
        table = Table(file, "", tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise DataFileError(f"{file}: not TOML: {error}") from None
    addresses = table.table("addresses")
    usual_base = server(addresses.text("base_url"), addresses)
    source = Source(
        name=name,
        file=file,
        title=table.text("title"),
        licence=table.text("licence"),
        licence_url=table.text("licence_url"),
        attribution=table.text("attribution"),
        addresses=Addresses(
            base_url=usual_base if base_url is None else server(base_url, None),
            public_url=server(addresses.text("public_url"), addresses),
            known_hosts=addresses.texts("known_hosts"),
            service=addresses.template("service", "id"),
        ),
        politeness=table.table("politeness").numbers(Politeness),
        ways=tuple(_way(row, Path(file).parent) for row in table.rows("discovery")),
        stale_pages=table.table("walk").whole("stale_pages"),
        bounds=table.table("bounds").numbers(Bounds),
        scopes={key: _scope(key, row) for key, row in table.tables("scopes").items()},
        default_scope=table.text("default_scope"),
        bad_values=bad_values(table, CORRECTED),
    )
    table.done()
    if source.default_scope not in source.scopes:
        raise table.wrong("default_scope", source.default_scope, f"one of {', '.join(source.scopes)}")
    return source


def _way(row: Table, folder: Path) -> Way:
    kind = row.text("kind")
    if kind == "ids":
        return Way(kind, file=folder / row.text("file"))
    if kind == "catalogue":
        return Way(kind)
    if kind not in ("listing", "live-results"):
        raise row.wrong("kind", kind, "listing, live-results, ids or catalogue")
    given = {hole: row.texts(key) if key in row.left else () for hole, key in _HOLES.items()}
    template = row.template("template", *(hole for hole, values in given.items() if values))
    return Way(kind, template, given["lot"], given["category"], given["query"])


def _scope(name: str, row: Table) -> Scope:
    about = row.text("about")
    lots = row.texts("lots") if "lots" in row.left else ()
    words = row.texts("words") if "words" in row.left else ()
    if not words:
        return Scope(name, about, lots)
    choices = "|".join(sorted((re.escape(normalise(word)) for word in words), key=len, reverse=True))
    return Scope(name, about, lots, re.compile(rf"(?<!\w)(?:{choices})(?:e?s)?(?!\w)"))
