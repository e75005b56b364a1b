"""The archive read again after the reader was mended, without asking the source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from catalogue.errors import LockHeld
from catalogue.records import ServiceRecord
from catalogue.runs import Outcome
from db.ingest import ingest
from db.runs import RunLog, runs
from scrapers import reading
from scrapers.marketplace import ParsedService, parse_service
from scrapers.page import Page
from scrapers.plan import Report
from scrapers.reparse import reparse
from tests import render
from tests.loopback import NOT_FOUND, Answer, Marketplace, marketplace_of, page
from tests.scrapers.records import LOTS, asked, path, service

RECORDS = [
    service(number, lot=LOTS[number % 4], price=f"£{number} a user a month", sections=asked(API="Yes"))
    for number in range(1, 25)
]
SHOWN = {record.id: record for record in RECORDS}


@pytest.fixture
def site() -> Iterator[Marketplace]:
    with marketplace_of(RECORDS).serving() as marketplace:
        yield marketplace


def again(scraper: Any, site: Marketplace, *, processes: int = 1, **how: Any) -> Report:
    """Read the archive again; no page may be asked for."""
    site.asked.clear()
    with scraper.archive() as archive:
        report = reparse(
            scraper.source(site),
            store=RunLog(scraper.catalogue, archive),
            now=scraper.clock.now,
            processes=processes,
            **how,
        )
    assert site.asked == []
    return report


def with_a_fault(monkeypatch: pytest.MonkeyPatch, **fault: Any) -> None:
    """Let the reader make this of every page."""

    def parsed(page: Page, questions: Any, bad_values: Any) -> ParsedService:
        found = parse_service(page, questions, bad_values)
        return ParsedService(msgspec.structs.replace(found.record, **fault), found.issues)

    monkeypatch.setattr(reading, "parse_service", parsed)


def test_a_reader_that_was_mended_mends_the_records(
    site: Marketplace, scraper: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        with_a_fault(patch, price=None, features=("?",))
        scraper.run(site)
    assert scraper.dumped() != SHOWN
    report = again(scraper, site)
    assert (report.outcome, report.published) == (Outcome.FINISHED, "whole")
    assert (report.counts.answered, report.counts.changed, report.counts.unchanged) == (24, 24, 0)
    assert scraper.dumped() == SHOWN


def test_the_same_reader_changes_nothing(site: Marketplace, scraper: Any) -> None:
    scraper.run(site)
    report = again(scraper, site)
    assert (report.counts.added, report.counts.changed, report.counts.unchanged) == (0, 0, 24)
    assert scraper.dumped() == SHOWN


def test_several_processes_find_what_one_finds(
    site: Marketplace, scraper: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        with_a_fault(patch, price=None)
        scraper.run(site)
    told: list[tuple[str, int, int | None]] = []
    report = again(
        scraper, site, processes=2, on_progress=lambda at: told.append((at.stage, at.done, at.total))
    )
    assert report.counts.changed == 24
    assert scraper.dumped() == SHOWN
    assert told == [("reading", 16, 24), ("reading", 24, 24), ("publishing", 24, None)]


def test_services_stay_as_last_seen_as_they_were(site: Marketplace, scraper: Any, catalogue: Any) -> None:
    scraper.run(site)
    seen = catalogue.rows("SELECT id, last_seen FROM service ORDER BY id")
    with_fault = catalogue.rows("SELECT count(*) FROM change")
    scraper.clock.moment += 24 * 3600
    again(scraper, site)
    assert catalogue.rows("SELECT id, last_seen FROM service ORDER BY id") == seen
    assert catalogue.rows("SELECT count(*) FROM change") == with_fault


def test_changes_name_the_reading_and_not_a_scrape(
    site: Marketplace, scraper: Any, catalogue: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        with_a_fault(patch, price=None)
        scraper.run(site)
    report = again(scraper, site)
    assert catalogue.rows("SELECT DISTINCT run, field FROM change") == [(report.run, "price")]
    assert [(run.id, run.key.scope) for run in runs(catalogue)] == [(2, "reparse"), (1, "all")]


def test_a_site_that_was_rebuilt_is_read_once_the_reader_can(
    site: Marketplace, scraper: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run that met the new pages published nothing; its pages are there for the mended reader."""
    scraper.run(site)
    newer = {id_: msgspec.structs.replace(record, description="For all.") for id_, record in SHOWN.items()}
    for record in newer.values():
        rebuilt = render.service_page(record).replace("<h2>Service ID</h2>", "<h2>Number</h2>")
        site.put(path(record), page(rebuilt))
    report = scraper.run(site)
    assert (report.outcome, report.published) == (Outcome.CHANGED, "nothing")
    assert scraper.dumped() == SHOWN
    assert again(scraper, site, unpublished=True).counts.changed == 0

    def mended(page: Page, questions: Any, _bad_values: Any) -> ParsedService:
        return parse_service(
            replace(page, text=page.text.replace("<h2>Number</h2>", "<h2>Service ID</h2>")), questions
        )

    monkeypatch.setattr(reading, "parse_service", mended)
    fetched = report.counts.answered
    assert again(scraper, site).counts.changed == 0
    assert again(scraper, site, unpublished=True).counts.changed == fetched
    newest = {record.id: record for record in scraper.dumped().values() if record.description == "For all."}
    assert len(newest) == fetched


def test_what_a_run_out_of_bounds_has_read_stays_out_of_the_catalogue(
    site: Marketplace, scraper: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        with_a_fault(patch, price=None)
        scraper.run(site)
    for number, record in enumerate(RECORDS):
        emptied = msgspec.structs.replace(record, sections=())
        no_page = page("<main><h1>Technical difficulties</h1></main>")
        site.put(path(record), no_page if number % 2 else page(render.service_page(emptied)))
    assert scraper.run(site).published == "nothing"
    report = again(scraper, site)
    assert (report.counts.answered, report.counts.changed) == (24, 24)
    assert scraper.dumped() == SHOWN


def test_a_page_that_is_none_leaves_the_newest_readable_one_to_be_read(
    site: Marketplace, scraper: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        with_a_fault(patch, price=None)
        scraper.run(site)
        site.put(path(RECORDS[3]), page("<main><h1>Technical difficulties</h1></main>"))
        scraper.run(site)
    report = again(scraper, site)
    assert (report.counts.changed, report.counts.broken) == (24, 0)
    assert scraper.dumped() == SHOWN


def test_a_reader_that_reads_next_to_nothing_publishes_nothing(
    site: Marketplace, scraper: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    scraper.run(site)

    def worse(page: Page, questions: Any, _bad_values: Any) -> ParsedService:
        return parse_service(replace(page, text=page.text.replace("<h2>Service ID</h2>", "")), questions)

    monkeypatch.setattr(reading, "parse_service", worse)
    report = again(scraper, site)
    assert (report.outcome, report.published) == (Outcome.CHANGED, "nothing")
    assert report.breaches[0].kind == "pages-unread"
    assert len(report.breaches[0].examples) == 2
    assert scraper.dumped() == SHOWN


def test_a_reader_that_loses_answers_publishes_nothing(
    site: Marketplace, scraper: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = [msgspec.structs.replace(record, lot=RECORDS[0].lot) for record in RECORDS]
    for record in records:
        site.put(path(record), page(render.service_page(record)))
    scraper.run(site)
    before = scraper.dumped()
    with_a_fault(monkeypatch, sections=())
    report = again(scraper, site)
    assert [breach.kind for breach in report.breaches] == ["questions-unanswered"]
    assert [example.found for example in report.breaches[0].examples] == ["0 answers to known questions"] * 2
    assert scraper.dumped() == before


def test_an_imported_record_that_is_newer_than_the_page_stays(site: Marketplace, scraper: Any) -> None:
    scraper.run(site)
    scraper.clock.moment += 3600
    imported: ServiceRecord = msgspec.structs.replace(RECORDS[0], description="As imported.")
    ingest(scraper.catalogue, [imported], at=scraper.clock.now())
    report = again(scraper, site)
    assert report.counts.answered == 23
    assert scraper.dumped() == SHOWN | {imported.id: imported}


def test_a_service_whose_page_is_gone_stays_withdrawn(
    site: Marketplace, scraper: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        with_a_fault(patch, price=None)
        scraper.run(site)
        site.put(path(RECORDS[0]), NOT_FOUND)
        scraper.run(site)
        scraper.run(site)
    again(scraper, site)
    assert scraper.dumped()[RECORDS[0].id] == msgspec.structs.replace(RECORDS[0], status="withdrawn")


def test_pages_of_a_run_that_is_to_be_gone_on_with_are_left_to_it(site: Marketplace, scraper: Any) -> None:
    site.put(path(RECORDS[9]), Answer(b"", 429, {"Retry-After": "7200"}))
    first = scraper.run(site)
    assert again(scraper, site).counts.answered == 0
    scraper.clock.moment += 7200
    site.put(path(RECORDS[9]), page(render.service_page(RECORDS[9])))
    assert scraper.run(site).run == first.run
    assert again(scraper, site).counts.answered == 24


def test_ctrl_c_changes_nothing(site: Marketplace, scraper: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        with_a_fault(patch, price=None)
        scraper.run(site)
    before = scraper.dumped()

    def press(_progress: object) -> None:
        raise KeyboardInterrupt

    report = again(scraper, site, on_progress=press)
    assert (report.outcome, report.published) == (Outcome.ABANDONED, "nothing")
    assert scraper.dumped() == before
    assert again(scraper, site).counts.changed == 24


def test_it_waits_for_no_run_that_works(site: Marketplace, scraper: Any) -> None:
    scraper.run(site)
    with scraper.archive() as held:
        held.hold()
        with pytest.raises(LockHeld):
            again(scraper, site)


def test_pages_come_out_with_the_charset_they_came_in_with(site: Marketplace, scraper: Any) -> None:
    record = msgspec.structs.replace(RECORDS[0], name="Café £5")
    text = render.service_page(record).replace('<meta charset="utf-8">', "")
    latin = {"Content-Type": "text/html; charset=iso-8859-1"}
    site.put(path(record), Answer(text.encode("latin-1"), headers=latin))
    scraper.run(site)
    assert again(scraper, site).counts.unchanged == 24
    assert scraper.dumped()[record.id].name == "Café £5"
