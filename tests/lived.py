"""A catalogue with a past: a first run, one that found changes, and one that the source was changed for."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from catalogue.questions import load_crosswalk
from catalogue.records import Answer, FrameworkRef, LotRef, Section, ServiceRecord, SupplierRef
from db.archive import Archive, archive_path
from db.catalogue import open_catalogue
from db.runs import RunLog
from scrapers.fetch import Clock, Fetcher
from scrapers.plan import Plan
from scrapers.run import crawl
from scrapers.source import load_source
from tests import render
from tests.loopback import Marketplace, marketplace_of, page

#: When the three runs began.
NIGHTS = tuple(datetime(2026, 11, day, 3, 10, tzinfo=UTC) for day in (19, 20, 21))
#: The address that stands in the place of the server on this machine, which has another port each time.
ADDRESS = "https://marketplace.example"

LOTS = {
    "saas": "Software as a Service (SaaS)",
    "isaas": "Infrastructure Software as a Service (ISaaS)",
    "iaas-and-paas": "IaaS and PaaS",
    "cloud-support": "Cloud support",
}


def service(number: int, lot: str = "saas", **changes: Any) -> ServiceRecord:
    """A service of the marketplace, with what a test changes."""
    fields: dict[str, Any] = {
        "price": "£2.50 a user a month",
        "description": "Online forms that fill themselves in from what the council knows already.",
        "features": ("Drag and drop designer", "Certified connector for payments"),
        "benefits": ("Nobody types an address twice",),
        "sections": (Section("Using the service", (Answer("API", ("Yes",)),)),),
        **changes,
    }
    return ServiceRecord(
        id=f"{412003001000000 + number}",
        name=f"Tidewater Forms {number}",
        framework=FrameworkRef("g-cloud-15", "G-Cloud 15"),
        lot=LotRef(lot, LOTS[lot]),
        supplier=SupplierRef(name="Tidewater Ltd" if lot == "saas" else "Groyne Cloud Ltd"),
        **fields,
    )


FIRST = (
    *(service(number) for number in (1, 2, 3)),
    service(4, "isaas"),
    service(5, "iaas-and-paas"),
    service(6, "cloud-support"),
)
#: As the second run found the first three; the last of them is withdrawn.
CHANGED = (
    msgspec.structs.replace(FIRST[0], price="£3.75 a user a month"),
    msgspec.structs.replace(
        FIRST[1],
        description="Online forms that fill themselves in from what every council knows.",
        features=("Drag and drop designer", "Works without a signal"),
    ),
    msgspec.structs.replace(FIRST[2], status="withdrawn"),
)


def put(site: Marketplace, records: Sequence[ServiceRecord]) -> None:
    """Show these records on their pages."""
    for record in records:
        status = 200 if record.status == "live" else 410
        site.put(f"/g-cloud/services/{record.id}", page(render.service_page(record), status))


def scrape(db: Path, url: str, at: datetime) -> None:
    """One run of everything, without waiting."""
    source = load_source("marketplace", base_url=url)
    source = replace(source, politeness=replace(source.politeness, delay_seconds=0.0, attempts=1))
    with ExitStack() as opened:
        catalogue = opened.enter_context(open_catalogue(db, create=True))
        archive = opened.enter_context(Archive(archive_path(db)))
        fetcher = opened.enter_context(
            Fetcher(url, source.politeness, agent="longlist/test", clock=Clock(sleep=lambda _: None))
        )
        crawl(
            source,
            Plan("all"),
            fetcher=fetcher,
            store=RunLog(catalogue, archive),
            questions=load_crosswalk(),
            now=lambda: at,
        )


def live_through(db: Path) -> None:
    """Make the catalogue at ``db`` with its three runs."""
    with marketplace_of(FIRST).serving() as site:
        scrape(db, site.url, NIGHTS[0])
        put(site, CHANGED)
        scrape(db, site.url, NIGHTS[1])
        for record in FIRST:
            site.put(f"/g-cloud/services/{record.id}", page("<main><h1>Please log in</h1></main>"))
        scrape(db, site.url, NIGHTS[2])
        with open_catalogue(db) as catalogue, catalogue.atomic() as opened:
            given = {"url": site.url, "address": ADDRESS}
            for statement in (
                "UPDATE run SET base_url = :address, reason = replace(reason, :url, :address),"
                " counts = json_set(counts, '$.answer_ms', 400 * json_extract(counts, '$.requests'))",
                "UPDATE run_issue SET place = replace(place, :url, :address),"
                " subject = replace(subject, :url, :address), message = replace(message, :url, :address)",
            ):
                opened.conn.execute(statement, given)
