"""A source that answers with records as JSON, as its TOML describes it: servers, etiquette, scopes, bounds.

The marketplace shows pages to people and has a shape of its own (`scrapers.source`); agreements, awards and
organisations are lists of records, followed page by page. A feed has one publisher or more: servers that give
records of the same kind, each with its own limits.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urljoin, urlsplit, urlunsplit

from catalogue.errors import DataFileError
from catalogue.model import Issue
from catalogue.text import normalise
from scrapers.page import Page
from scrapers.source import Politeness, Source, read_source, scope_named, source_text
from scrapers.table import BadValue, Table, bad_values, server


@dataclass(frozen=True, slots=True)
class Kind:
    """What a table must say for one kind of records.

    ``paths`` are its addresses with the places to fill in, ``corrected`` the fields whose known bad values
    are looked up; ``in_windows`` are those that are asked for window of time by window of time.
    """

    paths: dict[str, tuple[str, ...]]
    corrected: tuple[str, ...]
    in_windows: bool = False


KINDS = {
    "agreements": Kind(
        {
            "agreements": ("page",),
            "suppliers": ("agreement", "page"),
            "lot_suppliers": ("agreement", "lot", "page"),
        },
        ("title", "date", "supplier"),
    ),
    "awards": Kind(
        {"releases": ("since", "until"), "notice": ("id",)}, ("title", "supplier", "buyer", "date"), True
    ),
    "organisations": Kind({"organisations": ("page",)}, ("name", "type")),
}


@dataclass(frozen=True, slots=True)
class Windows:
    """The windows of time that a publisher is asked for, whole multiples of ``hours`` from midnight UTC.

    Between ``since`` and ``until`` (the end of its publishing, where it has ended), the newest first.
    """

    hours: int
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Publisher:
    """One server of a feed. ``paths`` are its addresses by their name in `KINDS`."""

    name: str
    title: str
    base_url: str
    public_url: str
    politeness: Politeness
    paths: dict[str, str]
    windows: Windows | None = None

    def url(self, path: str, **values: object) -> str:
        """The address of one of the paths, filled in."""
        return self.base_url + self.paths[path].format(**values)

    def local(self, url: str) -> str:
        """A link that the publisher gives, as an address at its base; links elsewhere stay what they are."""
        there, base = urlsplit(urljoin(self.base_url, url)), urlsplit(self.base_url)
        if there.hostname != urlsplit(self.public_url).hostname:
            return urljoin(self.base_url, url)
        return urlunsplit((base.scheme, base.netloc, there.path, there.query, ""))


@dataclass(frozen=True, slots=True)
class FeedBounds:
    """What a healthy run keeps within; outside, the source is taken to have changed.

    ``least`` is how many records a whole list has at least; ``listed_low`` is the share of the last one.
    """

    least: int
    listed_low: float
    broken_share: float
    failures_in_a_row: int
    resume_days: int


@dataclass(frozen=True, slots=True)
class FeedScope:
    """A part of a feed: records with one of the words or codes. Without either it is everything.

    In the table an empty list of words is none of it.
    """

    name: str
    about: str
    words: re.Pattern[str] | None = None
    codes: tuple[str, ...] = ()

    def wants(self, text: str, codes: tuple[str, ...] = ()) -> bool:
        """Whether a record with this text and these codes is of the scope."""
        if self.words is None and not self.codes:
            return True
        if any(code.startswith(prefix) for code in codes for prefix in self.codes):
            return True
        return self.words is not None and self.words.search(normalise(text)) is not None


@dataclass(frozen=True, slots=True)
class Feed:
    """One source of records. ``file`` is the table that it was read from, to name what to change."""

    name: str
    file: str
    records: str
    title: str
    licence: str
    licence_url: str
    attribution: str
    publishers: tuple[Publisher, ...]
    bounds: FeedBounds
    scopes: dict[str, FeedScope]
    default_scope: str
    bad_values: tuple[BadValue, ...] = ()

    @property
    def base_url(self) -> str:
        """The servers that are asked, for the run log."""
        return " ".join(dict.fromkeys(publisher.base_url for publisher in self.publishers))

    def scope(self, name: str) -> FeedScope:
        """The scope of this name. Raises `UsageError` naming those there are."""
        return scope_named(self.scopes, name, self.file)


@dataclass(frozen=True, slots=True)
class FeedPage:
    """One page of records read. ``keys`` name them, with whether what belongs to each is to be fetched too.

    ``total`` is what the page says of all pages, ``next_url`` as the page gives it; both may be missing.
    """

    records: tuple[Any, ...]
    keys: tuple[tuple[str, bool], ...]
    total: int | None = None
    next_url: str | None = None
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class Tour:
    """One list to follow from its first page to its last. ``what`` it lists, in words for people.

    ``window`` are the ends of a window of time, which is not asked for again once its list was whole.
    ``settles`` is the agreement and lot whose suppliers the list replaces. ``whole`` tells that the number of
    records is judged by the bounds. ``left`` is how many such lists are still to be asked for, with this one.
    """

    url: str
    parse: Callable[[Page], FeedPage]
    what: str
    window: tuple[str, str] | None = None
    settles: tuple[str, str] | None = None
    whole: bool = False
    left: int = 0


#: Gives tours one after another, and is told the keys that each found.
Tours = Generator[Tour, tuple[tuple[str, bool], ...], None]


def load(name: str, *, base_url: str | None = None) -> Source | Feed:
    """The source of this name that ships with Longlist, or the one that a TOML file describes."""
    stem, text, file = source_text(name)
    try:
        is_feed = "records" in tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DataFileError(f"{file}: not TOML: {error}") from None
    return (read_feed if is_feed else read_source)(stem, text, file, base_url=base_url)


def read_feed(name: str, text: str, file: str, *, base_url: str | None = None) -> Feed:
    """Read a feed's table. Raises `DataFileError` naming the file and the key that is wrong."""
    try:
        table = Table(file, "", tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise DataFileError(f"{file}: not TOML: {error}") from None
    records = table.text("records")
    if records not in KINDS:
        raise table.wrong("records", records, f"one of {', '.join(KINDS)}")
    feed = Feed(
        name=name,
        file=file,
        records=records,
        title=table.text("title"),
        licence=table.text("licence"),
        licence_url=table.text("licence_url"),
        attribution=table.text("attribution"),
        publishers=tuple(_publisher(row, records, base_url) for row in table.rows("publisher")),
        bounds=table.table("bounds").numbers(FeedBounds),
        scopes={key: _scope(key, row) for key, row in table.tables("scopes").items()},
        default_scope=table.text("default_scope"),
        bad_values=bad_values(table, KINDS[records].corrected),
    )
    table.done()
    if feed.default_scope not in feed.scopes:
        raise table.wrong("default_scope", feed.default_scope, f"one of {', '.join(feed.scopes)}")
    names = [publisher.name for publisher in feed.publishers]
    if len(set(names)) < len(names):
        raise table.wrong("publisher", names, "a name of its own for each")
    return feed


def _publisher(row: Table, records: str, base_url: str | None) -> Publisher:
    kind = KINDS[records]
    usual_base = server(row.text("base_url"), row)
    return Publisher(
        name=row.text("name"),
        title=row.text("title"),
        base_url=usual_base if base_url is None else server(base_url, None),
        public_url=usual_base,
        politeness=row.table("politeness").numbers(Politeness),
        paths={path: row.template(path, *holes) for path, holes in kind.paths.items()},
        windows=_windows(row.table("windows")) if kind.in_windows else None,
    )


def _windows(row: Table) -> Windows:
    hours = row.whole("hours")
    if 24 % hours and hours % 24:
        raise row.wrong("hours", hours, "a part or a multiple of a day, such as 6 or 24")
    windows = Windows(hours, row.day("since"), row.day("until") if "until" in row.left else None)
    if windows.until is not None and windows.until <= windows.since:
        raise row.wrong("until", windows.until.isoformat(), f"a day after since, {windows.since}")
    return windows


def _scope(name: str, row: Table) -> FeedScope:
    words = row.texts("words") if "words" in row.left else None
    codes = row.texts("codes") if "codes" in row.left else ()
    pattern = None
    if words is not None and not words:
        pattern = re.compile("(?!)")
    elif words is not None:
        choices = "|".join(sorted((re.escape(normalise(word)) for word in words), key=len, reverse=True))
        pattern = re.compile(rf"(?<!\w)(?:{choices})(?!\w)")
    return FeedScope(name, row.text("about"), pattern, codes)
