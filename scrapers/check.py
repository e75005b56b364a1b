"""Whether each source still answers as it did: reachable, allowed, and of the known shape on one page.

One robots.txt and one page are asked of each server, at the pace that its table sets. What is wrong is told
with the key of the table to change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime

from catalogue.checks import Check
from catalogue.errors import FetchRefused, SourceShapeError
from catalogue.questions import Crosswalk
from scrapers import agreements, awards, organisations
from scrapers.feed import Feed, Publisher, Tour
from scrapers.fetch import Expected, Fetcher, FetchFailed
from scrapers.listing import parse_listing
from scrapers.marketplace import parse_service
from scrapers.source import Politeness, Source

#: Opens the connection to a server.
Open = Callable[[str, Politeness], AbstractContextManager[Fetcher]]


def check_feed(feed: Feed, open_fetcher: Open, now: datetime) -> Iterator[Check]:
    """Ask each publisher of a feed for one page."""
    for publisher in feed.publishers:
        name = feed.name if len(feed.publishers) == 1 else f"{feed.name} {publisher.name}"
        first = _first(feed, publisher, now)
        if first is None:
            yield Check(name, "ok", "has no window to ask for")
            continue
        path = next(iter(publisher.paths))
        place = f"[[publisher]] {publisher.name}, base_url or {path}, in {feed.file}"
        with open_fetcher(publisher.base_url, publisher.politeness) as fetcher:
            yield _checked(name, place, fetcher, lambda: _feed_page(first, fetcher))  # noqa: B023  called here


def _first(feed: Feed, publisher: Publisher, now: datetime) -> Tour | None:
    """The list that a run would ask for first, if there is one."""
    scope = feed.scope(feed.default_scope)
    if feed.records == "awards":
        return next(awards.tours(feed, publisher, scope, now, ()), None)
    if feed.records == "agreements":
        return next(agreements.tours(feed, publisher, scope))
    return next(organisations.tours(feed, publisher))


def _feed_page(tour: Tour, fetcher: Fetcher) -> str:
    found = tour.parse(fetcher.get(tour.url, "json"))
    return f"{tour.what}: {len(found.keys)} records on one page, as expected"


def check_marketplace(
    source: Source, open_fetcher: Open, service_id: str | None, questions: Crosswalk
) -> Iterator[Check]:
    """Ask for the first listing of each way until one answers, and for one service that is known."""
    with open_fetcher(source.base_url, source.politeness) as fetcher:
        yield _listing(source, fetcher)
        name = f"{source.name} service"
        if service_id is None:
            yield Check(name, "ok", "none is known yet, so none was asked for")
            return
        url = source.service_url(service_id)
        place = f"addresses.base_url or addresses.service of {source.file}; if pages have changed, the parser"

        def service() -> str:
            page = fetcher.get(url)
            if page.status == 404:
                raise SourceShapeError(url, "status", "404", "200, or 410 where it is withdrawn")
            public = replace(page, public_url=source.public_url(service_id))
            parsed = parse_service(public, questions, source.bad_values)
            answers = sum(len(section.answers) for section in parsed.record.sections or ())
            return f"service {service_id} reads: {answers} answers, {len(parsed.issues)} issues"

        yield _checked(name, place, fetcher, service)


def _listing(source: Source, fetcher: Fetcher) -> Check:
    """The first listing that answers; what each way that does not answers, where none does."""
    name = f"{source.name} listing"
    wrong: list[Check] = []
    for number, way in enumerate(source.ways, 1):
        places = way.places(source.scope(source.default_scope).lots)
        if not places:
            continue
        url = source.base_url + places[0].path
        expect: Expected = "json" if way.kind == "live-results" else "html"

        def listing(url: str = url, expect: Expected = expect) -> str:
            page = fetcher.get(url, expect)
            if page.status != 200:
                raise SourceShapeError(url, "status", str(page.status), "200")
            found = parse_listing(page)
            total = "no total" if found.total is None else f"{found.total:,} services"
            return f"{total}, {len(found.ids)} on the first page"

        place = f"[[discovery]] {number}, template, in {source.file}"
        checked = _checked(name, place, fetcher, listing)
        if checked.state == "ok":
            if wrong:
                detail = f"{checked.detail}; an earlier way does not answer: {wrong[0].detail}"
                return replace(checked, state="warn", detail=detail)
            return checked
        wrong.append(checked)
    if not wrong:
        return Check(name, "ok", "no listing is configured; ids come from elsewhere")
    others = "other ways in: longlist scrape --ids FILE, longlist import; known services refresh all the same"
    return replace(wrong[0], detail=f"{wrong[0].detail}; {others}")


def _checked(name: str, place: str, fetcher: Fetcher, look: Callable[[], str]) -> Check:
    """What a look at one page found, in the terms of a check."""
    try:
        fetcher.open()
        return Check(name, "ok", look())
    except SourceShapeError as error:
        return Check(name, "fail", f"answers, but not as expected: {error}. Change {place}", True)
    except FetchRefused as error:
        return Check(name, "fail", f"cannot be asked: {error}. See {place}")
    except FetchFailed as error:
        return Check(name, "fail", f"does not answer: {error}. If it has moved, change {place}")
