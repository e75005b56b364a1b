"""A marketplace that misbehaves on purpose: what a run makes of it, and that the next one mends all of it.

Every test ends alike: once the marketplace behaves again, the catalogue is the one that an undisturbed run
gives, and no page that answered was asked for twice.
"""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from catalogue.errors import CatalogueError, FetchRefused
from catalogue.records import ServiceRecord
from catalogue.runs import Outcome
from db.runs import runs
from scrapers.plan import Report
from tests import render
from tests.loopback import HTML, NOT_FOUND, Answer, Marketplace, marketplace_of, page
from tests.scrapers.records import LOTS, path, service

RECORDS = [service(number, lot=LOTS[number % 4]) for number in range(1, 25)]
IDS = tuple(record.id for record in RECORDS)


@pytest.fixture
def site() -> Iterator[Marketplace]:
    with marketplace_of(RECORDS).serving() as marketplace:
        yield marketplace


def shown(record: ServiceRecord) -> Answer:
    return page(render.service_page(record))


def instead(site: Marketplace, answer: Answer | Callable[[], Answer], records: Any = RECORDS) -> None:
    """Answer so at the addresses of these services."""
    for record in records:
        site.put(path(record), answer)


def assert_mends(scraper: Any, site: Marketplace) -> Report:
    """Let the marketplace behave, run, and look."""
    for record in RECORDS:
        site.put(path(record), shown(record))
    had = {id_ for id_, state in states(scraper).items() if state == "live"}
    site.asked.clear()
    report: Report = scraper.run(site)
    assert report.outcome is Outcome.FINISHED
    assert scraper.dumped() == {record.id: record for record in RECORDS}
    assert not had & set(site.asked_services()), "a page that the run has was asked for again"
    assert (report.counts.answered, report.counts.left) == (len(RECORDS), 0)
    return report


def states(scraper: Any) -> dict[str, str]:
    """What the newest run has, if it is to be gone on with."""
    newest = runs(scraper.catalogue)[0]
    if not newest.outcome.unfinished:
        return {}
    with scraper.archive() as archive:
        archive.hold()
        return dict(
            archive.rows(
                "SELECT service, state FROM reading WHERE run = :token",
                {"token": scraper.catalogue.rows("SELECT token FROM run ORDER BY key DESC")[0][0]},
            )
        )


# ---- one page of many


def bomb() -> Answer:
    return Answer(
        gzip.compress(b"x" * 60_000_000), headers={"Content-Type": HTML, "Content-Encoding": "gzip"}
    )


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (page("<main>" + "x" * 500, 200), "broken-page"),
        (Answer(shown(RECORDS[7]).body, cut=400), "fetch-failed"),
        (Answer(shown(RECORDS[7]).body, cut=400, reset=True), "fetch-failed"),
        (Answer(shown(RECORDS[7]).body, cut=0, reset=True), "fetch-failed"),
        (page("", 500), "fetch-failed"),
        (Answer(b"", 429), "fetch-failed"),
        (bomb(), "fetch-refused"),
        (Answer(b"", 302, {"Location": "https://elsewhere.example/login"}), "fetch-refused"),
        (Answer(b"", 302, {"Location": path(RECORDS[7])}), "fetch-refused"),
        (Answer(b"{}", headers={"Content-Type": "application/json"}), "broken-page"),
        (shown(RECORDS[8]), "broken-page"),
        (page("<main><h1>Technical difficulties</h1></main>"), "broken-page"),
    ],
    ids=[
        "truncated page",
        "truncated body",
        "reset in the body",
        "reset before the body",
        "500",
        "429",
        "gzip bomb",
        "redirect off the host",
        "redirect in a circle",
        "json",
        "the page of another service",
        "technical difficulties",
    ],
)
def test_one_bad_page_costs_that_page_and_leaves_what_was_known_of_it(
    answer: Answer, kind: str, site: Marketplace, scraper: Any
) -> None:
    scraper.run(site)
    newer = [msgspec.structs.replace(record, description="For all.") for record in RECORDS]
    for record in newer:
        site.put(path(record), shown(record))
    site.put(path(RECORDS[7]), answer)
    report = scraper.run(site)
    assert (report.outcome, report.issues, report.partial) == (Outcome.FINISHED, {kind: 1}, True)
    assert report.published == "whole"
    expected = {record.id: record for record in newer} | {RECORDS[7].id: RECORDS[7]}
    assert scraper.dumped() == expected
    assert_mends(scraper, site)


def test_a_page_that_comes_byte_by_byte_for_minutes_is_given_up(site: Marketplace, scraper: Any) -> None:
    def ten_seconds() -> None:
        scraper.clock.moment += 10

    slow = Answer(shown(RECORDS[7]).body[:40], drip=ten_seconds)
    site.put(path(RECORDS[7]), slow)
    report = scraper.run(site)
    assert report.issues == {"fetch-failed": 1}
    assert "still not whole after 120 seconds" in report.failures[0].message
    assert len(scraper.dumped()) == len(RECORDS) - 1
    assert_mends(scraper, site)


@pytest.mark.parametrize(
    "fault",
    [
        Answer(shown(RECORDS[7]).body, cut=400),
        Answer(shown(RECORDS[7]).body, cut=0, reset=True),
        page("", 503),
        Answer(b"", 429, {"Content-Type": HTML, "Retry-After": "30"}),
    ],
    ids=["truncated", "reset", "503", "429"],
)
def test_a_fault_that_passes_costs_nothing_but_time(fault: Answer, site: Marketplace, scraper: Any) -> None:
    left = [fault]
    site.put(path(RECORDS[7]), lambda: left.pop() if left else shown(RECORDS[7]))
    report = scraper.run(site)
    assert (report.outcome, report.issues) == (Outcome.FINISHED, {})
    assert scraper.dumped() == {record.id: record for record in RECORDS}


def test_bytes_of_another_charset_than_the_page_declares_are_read_right(
    site: Marketplace, scraper: Any
) -> None:
    record = msgspec.structs.replace(RECORDS[7], name="Café £5", description="“Quick”")
    text = render.service_page(record)
    site.put(path(record), Answer(text.encode("cp1252"), headers={"Content-Type": HTML}))
    report = scraper.run(site)
    assert report.issues == {"wrong-charset": 1}
    assert scraper.dumped()[record.id] == record


# ---- from some page on, all of them


def from_the_eleventh(site: Marketplace, answer: Answer) -> None:
    """Answer the first ten services as they are, and all others so."""

    def answers(record: ServiceRecord) -> Callable[[], Answer]:
        return lambda: shown(record) if len(site.asked_services()) <= 10 else answer

    for record in RECORDS:
        site.put(path(record), answers(record))


@pytest.mark.parametrize(
    "answer",
    [
        page("", 500),
        page("", 403),
        Answer(b"", 429),
        Answer(b"<main>", cut=2, reset=True),
        Answer(b"", 302, {"Location": "http://elsewhere.example/"}),
    ],
    ids=["500", "403", "429", "reset", "elsewhere"],
)
def test_a_source_that_stops_answering_ends_the_run_soon_and_what_it_has_is_published_as_a_part(
    answer: Answer, site: Marketplace, scraper: Any
) -> None:
    from_the_eleventh(site, answer)
    report = scraper.run(site)
    assert (report.outcome, report.published, report.partial) == (Outcome.FAILED, "partial", True)
    assert len(scraper.dumped()) == 10
    assert len(set(site.asked_services())) == 15
    again = assert_mends(scraper, site)
    assert (again.run, again.published) == (report.run, "whole")


@pytest.mark.parametrize(
    "answer",
    [
        page("<main><h1>Technical difficulties</h1></main>"),
        page("<html><body><main><h1>Log in</h1><form></form></main></body></html>"),
        page(""),
    ],
    ids=["difficulties", "login", "empty"],
)
def test_a_source_that_shows_something_else_publishes_nothing_and_yesterday_s_catalogue_stays(
    answer: Answer, site: Marketplace, scraper: Any
) -> None:
    scraper.run(site)
    newer = [msgspec.structs.replace(record, description="For all.") for record in RECORDS]
    for number, record in enumerate(newer):
        site.put(path(record), shown(record) if number % 2 else answer)
    report = scraper.run(site)
    assert (report.outcome, report.published) == (Outcome.CHANGED, "nothing")
    assert scraper.dumped() == {record.id: record for record in RECORDS}
    (breach,) = report.breaches
    assert breach.kind == "pages-unread"
    assert len(breach.examples) == 2
    assert all("/g-cloud/services/" in example.url and example.found for example in breach.examples)
    assert_mends(scraper, site)


def test_a_storm_of_429_slows_the_run_and_the_next_one_begins_as_slowly(
    site: Marketplace, scraper: Any
) -> None:
    from_the_eleventh(site, Answer(b"", 429))
    assert scraper.run(site).outcome is Outcome.FAILED
    scraper.clock.slept.clear()
    assert_mends(scraper, site)
    assert set(scraper.clock.slept) == {60.0}  # politeness.slowest_seconds


def test_a_source_that_bears_it_is_asked_more_often_from_run_to_run(site: Marketplace, scraper: Any) -> None:
    from_the_eleventh(site, Answer(b"", 429))
    scraper.run(site)
    assert_mends(scraper, site)
    delays = []
    for _ in range(6):
        scraper.clock.slept.clear()
        scraper.run(site)
        delays.append(max(scraper.clock.slept))
    assert delays == [60.0, 30.0, 15.0, 7.5, 3.75, 2.0]


def test_a_pause_that_the_source_asks_for_is_kept_by_the_next_run(site: Marketplace, scraper: Any) -> None:
    from_the_eleventh(site, Answer(b"", 429, {"Content-Type": HTML, "Retry-After": "7200"}))
    first = scraper.run(site)
    assert (first.outcome, first.published) == (Outcome.STOPPED, "partial")
    site.asked.clear()
    scraper.clock.moment += 3600
    second = scraper.run(site)
    assert (second.outcome, second.issues) == (Outcome.STOPPED, {"source-busy": 1})
    assert "for a pause" in second.reason
    assert site.asked == []
    scraper.clock.moment += 3600
    assert_mends(scraper, site)


# ---- listings


def test_a_listing_in_another_order_at_each_request_gives_every_service_in_the_end(
    site: Marketplace, scraper: Any
) -> None:
    chance = random.Random(5)
    members = [record for record in RECORDS if record.lot.slug == "saas"]
    for number in range(1, 4):
        following = render.listing_path("saas", number + 1) if number < 3 else None

        def shuffled(following: str | None = following) -> Answer:
            return page(render.listing_page(chance.sample(members, 2), len(members), following))

        site.put(render.listing_path("saas", number), shuffled)
    reports = [scraper.run(site) for _ in range(4)]
    assert "listing-incomplete" in reports[0].issues
    assert {report.published for report in reports} == {"whole"}
    assert scraper.dumped() == {record.id: record for record in RECORDS}


def test_a_listing_that_shows_its_first_page_for_ever_is_left(site: Marketplace, scraper: Any) -> None:
    asked = [0]

    def again() -> Answer:
        asked[0] += 1
        return page(render.listing_page(RECORDS[:10], 10, render.listing_path("saas", asked[0] + 1)))

    for number in range(1, 50):
        site.put(render.listing_path("saas", number), again)
    assert scraper.run(site).outcome is Outcome.FINISHED
    assert asked[0] <= 3


def test_a_listing_that_loses_most_of_a_lot_publishes_nothing_and_shows_two_of_its_pages(
    site: Marketplace, scraper: Any
) -> None:
    many = [*RECORDS, *(service(number) for number in range(100, 160))]
    for record in many[len(RECORDS) :]:
        site.put(path(record), shown(record))
    members = [record for record in many if record.lot.slug == "saas"]
    for address, text in render.listing_pages("saas", members):
        site.put(address, page(text))
    scraper.run(site)
    for address, text in render.listing_pages("saas", members[:33]):
        site.put(address, page(text))
    site.asked.clear()
    report = scraper.run(site)
    assert report.outcome is Outcome.CHANGED
    (breach,) = report.breaches
    assert (breach.kind, breach.place) == ("lot-listed-low", "saas")
    assert "the listings show 33 services, of the last healthy run there were 66" in breach.message
    assert [example.found for example in breach.examples] == ["30 services, of 33", "3 services, of 33"]
    assert site.asked_services() == []
    assert len(scraper.dumped()) == len(many)


# ---- services that move


def test_a_service_whose_id_changes_is_two_services_and_the_old_one_is_withdrawn_when_seen_twice(
    site: Marketplace, scraper: Any
) -> None:
    scraper.run(site)
    old, new = (
        RECORDS[7],
        msgspec.structs.replace(service(900, lot=RECORDS[7].lot.slug), name=RECORDS[7].name),
    )
    site.put(path(old), Answer(b"", 301, {"Location": path(new)}))
    site.put(path(new), shown(new))
    report = scraper.run(site)
    assert report.issues == {"id-changed": 1, "missing": 1}
    assert scraper.dumped()[old.id] == old
    assert scraper.dumped()[new.id] == new
    assert scraper.run(site).issues == {"id-changed": 1, "gone": 1}
    assert scraper.dumped()[old.id].status == "withdrawn"
    assert scraper.dumped()[new.id] == new


def test_many_services_that_lead_to_others_are_a_move_of_the_site(site: Marketplace, scraper: Any) -> None:
    scraper.run(site)
    instead(site, Answer(b"", 301, {"Location": path(RECORDS[0])}), RECORDS[1:])
    report = scraper.run(site)
    assert (report.outcome, report.published) == (Outcome.CHANGED, "nothing")
    assert report.breaches[0].kind == "services-missing"
    assert scraper.dumped() == {record.id: record for record in RECORDS}


# ---- robots.txt


@pytest.mark.parametrize("status", [500, 503, 429])
def test_without_robots_nothing_is_asked_and_the_catalogue_stays(
    status: int, site: Marketplace, scraper: Any
) -> None:
    scraper.run(site)
    site.asked.clear()
    robots = site.answers["/robots.txt"]
    site.put("/robots.txt", page("", status))
    with pytest.raises(FetchRefused):
        scraper.run(site)
    assert site.asked == []
    assert scraper.dumped() == {record.id: record for record in RECORDS}
    site.put("/robots.txt", robots)
    assert_mends(scraper, site)


def test_a_source_that_robots_forbids_is_not_asked(site: Marketplace, scraper: Any) -> None:
    robots = site.answers["/robots.txt"]
    site.put("/robots.txt", Answer(b"User-agent: *\nDisallow: /\n"))
    report = scraper.run(site)
    assert (site.asked, report.published) == ([], "nothing")
    site.put("/robots.txt", robots)
    assert_mends(scraper, site)


# ---- this machine


def test_a_clock_that_goes_back_in_the_middle_disturbs_nothing(
    site: Marketplace, scraper: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = scraper.clock.now
    monkeypatch.setattr(
        scraper.clock,
        "now",
        lambda: now() - timedelta(days=400) if len(site.asked_services()) > 10 else now(),
    )
    stopped = scraper.run(site, limit=15)
    assert (stopped.published, len(scraper.dumped())) == ("partial", 15)
    report = assert_mends(scraper, site)
    assert report.run == stopped.run
    assert scraper.run(site).counts.unchanged == len(RECORDS)


def test_a_pause_in_the_future_of_a_clock_that_went_back_is_none(site: Marketplace, scraper: Any) -> None:
    from_the_eleventh(site, Answer(b"", 429, {"Content-Type": HTML, "Retry-After": "7200"}))
    scraper.run(site)
    scraper.clock.moment -= 24 * 3600
    assert_mends(scraper, site)


def test_a_full_disk_under_the_archive_ends_the_run_and_with_more_space_it_goes_on(
    site: Marketplace, scraper: Any
) -> None:
    def fill(archive: Any) -> None:
        (pages,) = archive.rows("PRAGMA page_count")[0]
        with archive.atomic() as connection:
            connection.execute(f"PRAGMA max_page_count = {pages + 4}")

    scraper.on_hold = fill
    with pytest.raises(CatalogueError, match="disk is full"):
        scraper.run(site)
    assert scraper.dumped() == {}
    scraper.on_hold = lambda _: None
    had = states(scraper)
    assert len(had) >= 2
    assert_mends(scraper, site)


def test_a_full_disk_under_the_catalogue_publishes_nothing_and_asks_nothing_again(
    site: Marketplace, scraper: Any
) -> None:
    connection = scraper.catalogue.db.conn
    # Small pages have no room left for what is fetched.
    for pragma in ("journal_mode = DELETE", "page_size = 1024"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("VACUUM")
    connection.execute("PRAGMA journal_mode = WAL")
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(CatalogueError, match="disk is full"):
        scraper.run(site)
    assert scraper.dumped() == {}
    connection.execute("PRAGMA max_page_count = 1000000")
    asked = set(site.asked_services())
    site.asked.clear()
    report = scraper.run(site)
    assert (report.outcome, report.run) == (Outcome.FINISHED, 1)
    assert scraper.dumped() == {record.id: record for record in RECORDS}
    assert not asked & set(site.asked_services())


def test_404_for_everything_is_an_outage(site: Marketplace, scraper: Any) -> None:
    scraper.run(site)
    instead(site, NOT_FOUND)
    report = scraper.run(site)
    assert (report.outcome, report.breaches[0].kind) == (Outcome.CHANGED, "services-missing")
    assert [example.found for example in report.breaches[0].examples] == ["answered 404", "answered 404"]
    assert_mends(scraper, site)
