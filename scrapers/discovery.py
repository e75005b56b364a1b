"""Finding services: the source's listings, in the order that its TOML gives, as a set of ids.

The order of a listing changes between requests and its pages overlap, so a listing is complete when the
number of different ids equals what it says is its total, and nothing else is taken from its order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from catalogue.errors import FetchRefused, SourceShapeError
from catalogue.model import Issue
from catalogue.runs import Example, ListingSeen
from scrapers.fetch import Expected, Fetcher, FetchFailed, SourceBusy
from scrapers.listing import parse_listing
from scrapers.source import Place, Scope, Source, Way
from scrapers.store import Store

#: A listing is left after this many pages: the largest known has some 1,500.
MOST_PAGES = 10_000
_ID = re.compile(r"(?<!\d)\d{15}(?!\d)")


def ids_in(lines: Iterable[str]) -> tuple[str, ...]:
    """The service ids in a list of ids, addresses or rows, each once, in their order."""
    return tuple(dict.fromkeys(match for line in lines for match in _ID.findall(line)))


@dataclass(slots=True)
class Found:
    """What the listings gave. ``ids`` tells of each service whether the scope wants it.

    ``by_lot`` is how many different services the listing of a lot showed, ``pages`` what each page showed.
    ``moved`` is true when a listing does not answer with services; ``cut_short`` when enough was found early.
    """

    ids: dict[str, bool] = field(default_factory=dict)
    by_lot: dict[str, int] = field(default_factory=dict)
    pages: dict[str, list[Example]] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    moved: bool = False
    cut_short: bool = False

    @property
    def passed(self) -> bool:
        """Whether listings were read, each to its end; one may have shown less than it says it has."""
        whole = all(issue.kind == "listing-incomplete" for issue in self.issues)
        return whole and bool(self.by_lot) and not self.cut_short


@dataclass(frozen=True, slots=True)
class _Walk:
    """One listing walked to its end: whether it answered, and what was wrong with it."""

    answered: bool
    problem: Issue | None = None


@dataclass(slots=True)
class Discovery:
    """One search for services. Pages that answered earlier in the same run are not asked again.

    ``enough`` is shown the ids found so far and may end the search; ``on_page`` is told their number.
    """

    source: Source
    scope: Scope
    fetcher: Fetcher
    store: Store
    run: int
    now: Callable[[], datetime]
    enough: Callable[[dict[str, bool]], bool]
    on_page: Callable[[int], None]
    found: Found = field(default_factory=Found)
    failures_in_a_row: int = 0

    def search(self) -> Found:
        """Try the ways of the source in their order, until one answers for every lot of the scope.

        When listing after listing is not to be had, the rest of them is not tried.
        """
        problems: list[Issue] = []
        answered = False
        for way in self.source.ways:
            if way.kind in ("ids", "catalogue"):
                problem = self.take_list(way)
                if problem is None:
                    return self.found
                problems.append(problem)
                continue
            walks = []
            for place in way.places(self.scope.lots):
                walks.append(self.walk(way, place))
                if self.found.cut_short:
                    return self.found
                if self.failures_in_a_row >= self.source.bounds.failures_in_a_row:
                    self.found.issues += [*problems, *(walk.problem for walk in walks if walk.problem)]
                    return self.found
            wrong = [walk.problem for walk in walks if walk.problem]
            if walks and all(walk.answered for walk in walks):
                self.found.issues += wrong
                return self.found
            if any(walk.answered for walk in walks):
                answered = True
                problems += wrong
            elif not answered:
                problems += wrong[:1]  # one of a way that leads nowhere is enough to tell
        self.found.moved = any(issue.kind == "listing-moved" for issue in problems)
        self.found.issues += problems
        return self.found

    def take_list(self, way: Way) -> Issue | None:
        """Take the ids of a file, or those that the catalogue knows; an issue where there are none."""
        if way.file is None:
            ids, place = tuple(self.store.known_ids()), "the catalogue"
        else:
            place = str(way.file)
            try:
                ids = ids_in(way.file.read_text(encoding="utf-8", errors="replace").splitlines())
            except OSError as error:
                return Issue("listing-failed", place, f"{place}: cannot be read: {error.strerror or error}")
        if not ids:
            return Issue("listing-failed", place, f"{place}: no service id in it")
        self.found.ids.update(dict.fromkeys(ids, True))
        self.on_page(len(self.found.ids))
        return None

    def walk(self, way: Way, place: Place) -> _Walk:
        """Follow one listing from its first page to its last, or until its pages bring nothing new."""
        start = self.source.base_url + place.path
        url: str | None = start
        asked: set[str] = set()
        shown: set[str] = set()
        total: int | None = None
        stale = 0
        endless = False
        while url is not None and url not in asked and stale < self.source.stale_pages and not endless:
            asked.add(url)
            try:
                page = self.store.listing_page(self.run, url) or self.ask(url, way)
                self.failures_in_a_row = 0
            except SourceBusy:
                raise
            except SourceShapeError as error:
                moved = url == start
                message = f"the listing has moved: {error}. See discovery.template in {self.source.file}"
                kind, message = ("listing-moved", message) if moved else ("listing-broken", str(error))
                return _Walk(not moved, Issue(kind, url, message, dict(place.values)))
            except (FetchRefused, FetchFailed) as error:
                self.failures_in_a_row += isinstance(error, FetchFailed)
                return _Walk(url != start, Issue("listing-failed", url, str(error), dict(place.values)))
            total = page.total if page.total is not None else total
            stale = 0 if any(id_ not in self.found.ids for id_, _ in page.ids) else stale + 1
            shown.update(id_ for id_, _ in page.ids)
            lot = " ".join(place.values.values())
            self.found.by_lot[lot] = max(len(shown), self.found.by_lot.get(lot, 0))
            of = "an unknown number" if page.total is None else page.total
            self.found.pages.setdefault(lot, []).append(Example(url, f"{len(page.ids)} services, of {of}"))
            for id_, wanted in page.ids:
                self.found.ids[id_] = self.found.ids.get(id_, False) or wanted
            self.on_page(len(self.found.ids))
            if self.enough(self.found.ids):
                self.found.cut_short = True
                return _Walk(answered=True)
            url = page.next_url
            endless = url is not None and self.is_endless(len(asked), len(shown), total)
        left_early = stale >= self.source.stale_pages and url is not None
        details = place.values | {"total": str(total), "shown": str(len(shown))}
        if endless:
            message = f"the listing does not end: {len(shown)} services on {len(asked)} pages, total {total}"
            return _Walk(answered=True, problem=Issue("listing-broken", start, message, details))
        if total is None or len(shown) == total or (left_early and len(self.found.ids) >= total):
            return _Walk(answered=True)
        message = f"the listing says {total} services; {len(shown)} different ones were shown"
        return _Walk(answered=True, problem=Issue("listing-incomplete", start, message, details))

    def is_endless(self, pages: int, shown: int, total: int | None) -> bool:
        """Whether a listing that goes on has shown too many; some may be added while it is read."""
        beyond = total is not None and pages > 1 and shown > self.source.bounds.listed_high * max(total, 1)
        return beyond or pages >= MOST_PAGES

    def ask(self, url: str, way: Way) -> ListingSeen:
        """Fetch and read one page of a listing, and remember it."""
        expect: Expected = "json" if way.kind == "live-results" else "html"
        page = self.fetcher.get(url, expect)
        if page.status != 200:
            raise SourceShapeError(url, "status", str(page.status), "200")
        listing = parse_listing(page)
        next_url = self.source.local(listing.next_url) if listing.next_url else None
        if next_url and way.kind == "live-results" and "live-results=" not in next_url:
            next_url += "&live-results=true"  # links in the fragments are those of the ordinary page
        ids = tuple((id_, self.scope.wants(listing.texts.get(id_))) for id_ in listing.ids)
        seen = ListingSeen(url, self.now(), listing.total, next_url, ids)
        self.store.keep_listing_page(self.run, seen)
        return seen
