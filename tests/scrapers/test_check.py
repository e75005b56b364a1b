"""Whether each source still answers as its table expects, and what to change where it does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from catalogue.checks import Check
from catalogue.questions import load_crosswalk
from catalogue.records import FrameworkRef, LotRef, ServiceRecord, SupplierRef
from scrapers.check import check_feed, check_marketplace
from scrapers.feed import Feed, load
from scrapers.fetch import Fetcher
from scrapers.source import Politeness, Source
from tests import feeds
from tests.feeds import EmptyWindows, agreement, answer, organisation
from tests.loopback import NOT_FOUND, Answer, Marketplace, marketplace_of, page
from tests.scrapers.conftest import SlowClock

RECORD = ServiceRecord(
    id="412003001000001",
    framework=FrameworkRef("g-cloud-15", "G-Cloud 15"),
    lot=LotRef("saas", "SaaS"),
    supplier=SupplierRef(name="Tidewater Ltd"),
    name="Forms",
)
Checker = Callable[..., list[Check]]


@pytest.fixture
def site() -> Iterator[Marketplace]:
    with EmptyWindows().serving() as serving:
        feeds.put_organisations(serving, [organisation("a", "Department A", "Ministerial department")])
        feeds.put_agreements(serving, [agreement("RM1", "Cloud", ["1"])], {})
        yield serving


@pytest.fixture
def market() -> Iterator[Marketplace]:
    with marketplace_of([RECORD]).serving() as serving:
        yield serving


@pytest.fixture
def check(slow_clock: SlowClock) -> Checker:
    def run(name: str, site: Marketplace, known: str | None = None) -> list[Check]:
        source = load(name, base_url=site.url)

        def open_fetcher(server: str, politeness: Politeness) -> Fetcher:
            brief = replace(politeness, attempts=1)
            return Fetcher(server, brief, agent="longlist/test", clock=slow_clock.clock)

        if isinstance(source, Feed):
            return list(check_feed(source, open_fetcher, slow_clock.now()))
        assert isinstance(source, Source)
        return list(check_marketplace(source, open_fetcher, known, load_crosswalk()))

    return run


@pytest.mark.parametrize(("name", "servers"), [("organisations", 1), ("agreements", 1), ("awards", 2)])
def test_a_source_that_answers_is_ok_after_one_page_of_each_server(
    name: str, servers: int, site: Marketplace, check: Checker
) -> None:
    found = check(name, site)
    assert [one.state for one in found] == ["ok"] * servers
    assert len(site.asked) == servers


def test_another_shape_names_the_key_to_change(site: Marketplace, check: Checker) -> None:
    site.put("/api/organisations?page=1", answer({"bodies": []}))
    (found,) = check("organisations", site)
    assert (found.state, found.changed) == ("fail", True)
    assert (
        "[[publisher]] gov-uk, base_url or organisations, in scrapers/sources/organisations.toml"
        in found.detail
    )


@pytest.mark.parametrize(
    ("path", "given", "words", "changed"),
    [
        ("/api/organisations?page=1", NOT_FOUND, "found 404, expected 200", True),
        ("/api/organisations?page=1", page("<main><h1>Log in</h1></main>"), "text/html", True),
        ("/api/organisations?page=1", Answer(b"", 503), "does not answer", False),
        ("/robots.txt", Answer(b"User-agent: *\nDisallow: /api\n"), "cannot be asked", False),
        ("/robots.txt", Answer(b"", 500), "Without robots.txt nothing is fetched", False),
        (
            "/api/organisations?page=1",
            Answer(b"", 302, {"Location": "https://elsewhere.example/"}),
            "change addresses.base_url",
            False,
        ),
    ],
)
def test_each_way_to_fail_is_told(
    path: str, given: Answer, words: str, changed: bool, site: Marketplace, check: Checker
) -> None:
    site.put(path, given)
    (found,) = check("organisations", site)
    assert (found.state, found.changed) == ("fail", changed)
    assert words in found.detail


def test_the_marketplace_is_asked_for_a_listing_and_a_known_service(
    market: Marketplace, check: Checker
) -> None:
    search = "/g-cloud/search?lot=isaas"
    market.put(search, market.answers["/g-cloud/search?lot=saas"])
    found = check("marketplace", market, RECORD.id)
    assert [(one.name, one.state) for one in found] == [
        ("marketplace listing", "ok"),
        ("marketplace service", "ok"),
    ]
    assert market.asked == [search, f"/g-cloud/services/{RECORD.id}"]


def test_a_listing_that_moved_names_the_row_and_the_other_ways_in(
    market: Marketplace, check: Checker
) -> None:
    for path in [path for path in market.answers if "search" in path]:
        market.put(path, NOT_FOUND)
    listing, service = check("marketplace", market, RECORD.id)
    assert (listing.state, listing.changed, service.state) == ("fail", True, "ok")
    for words in ("[[discovery]] 1, template", "marketplace.toml", "--ids FILE", "longlist import"):
        assert words in listing.detail


def test_a_later_way_that_answers_is_a_warning_about_the_first(market: Marketplace, check: Checker) -> None:
    market.put("/g-cloud/search?lot=cloud-software", market.answers["/g-cloud/search?lot=saas"])
    listing, _ = check("marketplace", market)
    assert listing.state == "warn"
    assert "an earlier way does not answer" in listing.detail


@pytest.mark.parametrize("given", [NOT_FOUND, page("<html><main><h1>Sorry</h1></main></html>")])
def test_a_service_page_of_another_shape_fails(given: Answer, market: Marketplace, check: Checker) -> None:
    market.put(f"/g-cloud/services/{RECORD.id}", given)
    _, service = check("marketplace", market, RECORD.id)
    assert (service.state, service.changed) == ("fail", True)
    assert "addresses.service of scrapers/sources/marketplace.toml" in service.detail
