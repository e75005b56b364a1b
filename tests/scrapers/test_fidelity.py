"""A scrape followed by a dump gives what the pages show: recorded pages served here, against their truth.

Two live frameworks share one path, so each folder of pages is a site of its own.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from catalogue.records import ServiceRecord, encode_record
from scrapers.listing import parse_listing
from scrapers.page import Page
from tests.loopback import Answer, Marketplace

SPACE = re.compile(r"[ \t\r\n]+")


@pytest.fixture(scope="session")
def pages(shared: Path) -> Path:
    return shared / "marketplace-pages"


def entries(pages: Path, manifest: str = "manifest.json") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((pages / manifest).read_text(encoding="utf-8"))
    return found


def serve(site: Marketplace, pages: Path, recorded: list[dict[str, Any]]) -> None:
    for entry in recorded:
        headers = {"Content-Type": entry.get("headers", {}).get("Content-Type", "text/html; charset=utf-8")}
        body = (pages / "pages" / entry["file"]).read_bytes()
        site.put(entry["path"], Answer(body, entry["status"], headers))


def plain(text: str) -> str:
    return SPACE.sub(" ", text).strip(" ")


def plains(texts: Any) -> list[str]:
    return [plain(text) for text in texts or ()]


def lined(text: str) -> str:
    """Line breaks as a page shows them: of CRLF alone, three or more become two, spaces around them go."""
    lines = [SPACE.sub(" ", line).strip(" ") for line in text.split("\r\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n ")


def assert_equals_truth(record: ServiceRecord, truth: dict[str, Any], status: str) -> None:
    shown, service = truth["display"], truth["service"]
    assert plain(record.name) == plain(shown["name"])
    assert plain(record.supplier.name) == plain(shown["supplierName"])
    assert record.supplier.id == str(service["supplierId"])
    assert (record.framework.slug, record.framework.name) == (
        service["frameworkSlug"],
        shown["frameworkName"],
    )
    assert (record.lot.slug, record.lot.name) == (service["lot"], shown["lotName"])
    assert record.status == status
    assert plain(record.description or "") == plain(shown["description"] or "")
    assert plains(record.features) == plains(shown["features"])
    assert plains(record.benefits) == plains(shown["benefits"])
    assert (record.price or "") == (shown["price"] or "")
    documents = [(document.name, document.url) for document in record.documents or ()]
    assert documents == [(document["name"], document["url"]) for document in shown["documents"] or ()]
    assert [section.name for section in record.sections or ()] == [s["name"] for s in shown["sections"]]
    for section, expected in zip(record.sections or (), shown["sections"], strict=True):
        assert plains(a.question for a in section.answers) == plains(r["label"] for r in expected["rows"])
        for answer, row in zip(section.answers, expected["rows"], strict=True):
            assert plains(answer.values) == plains(row["display"])
            if row["type"] == "textbox_large":
                assert list(answer.values) == [lined(value) for value in row["display"]]


def expected_status(truth: dict[str, Any]) -> str:
    if truth["http_status"] == 200:
        return "live"
    return "withdrawn" if truth["service"]["status"] in ("disabled", "enabled") else "expired"


@pytest.mark.parametrize(("folder", "services"), [("g12", 34), ("g13", 16)])
def test_a_scrape_and_a_dump_give_every_recorded_service_as_its_page_shows_it(
    folder: str, services: int, pages: Path, site: Marketplace, scraper: Any
) -> None:
    recorded = [entry for entry in entries(pages) if entry["file"].startswith(f"{folder}/")]
    serve(site, pages, recorded)
    shown = [e for e in recorded if e["kind"] == "service" and e["status"] in (200, 410)]

    report = scraper.run(site, ids=tuple(entry["service_id"] for entry in shown))

    dumped = scraper.dumped()
    assert len(dumped) == len(shown) == services
    assert report.issues == {}
    for entry in shown:
        truth = json.loads((pages / entry["truth"]).read_text(encoding="utf-8"))
        record = dumped[entry["service_id"]]
        assert_equals_truth(record, truth, expected_status(truth))
        assert record.url is not None
        assert record.url.endswith(entry["path"])


def test_no_contact_of_a_person_is_kept(pages: Path, site: Marketplace, scraper: Any) -> None:
    recorded = [entry for entry in entries(pages) if entry["file"].startswith("g12/")]
    serve(site, pages, recorded)
    shown = [e for e in recorded if e["kind"] == "service" and e["status"] in (200, 410)]
    scraper.run(site, ids=tuple(entry["service_id"] for entry in shown))
    dumped = scraper.dumped()
    for entry in shown:
        truth = json.loads((pages / entry["truth"]).read_text(encoding="utf-8"))
        text = encode_record(dumped[entry["service_id"]]).decode()
        contact = truth["display"]["contact"]
        for detail in (contact["email"], contact["phoneNumber"]):
            assert not detail or detail not in text


@pytest.mark.parametrize("variant", ["", "_again"])
def test_a_scrape_and_a_dump_give_every_page_in_the_newer_markup(
    variant: str, pages: Path, site: Marketplace, scraper: Any
) -> None:
    recorded = {}
    for entry in entries(pages, "manifest-g15.json"):
        if entry["kind"] == "service":
            is_again = Path(entry["file"]).stem.endswith("_again")
            if not is_again or variant:
                recorded[entry["path"]] = entry  # the page "again" stands in for the one before it
    serve(site, pages, list(recorded.values()))

    report = scraper.run(site, ids=tuple(entry["service_id"] for entry in recorded.values()))

    dumped = scraper.dumped()
    assert len(dumped) == 15
    assert set(report.issues) <= {"unknown-question"}
    for entry in recorded.values():
        truth = json.loads((pages / entry["truth"]).read_text(encoding="utf-8"))
        record = json.loads(encode_record(dumped[entry["service_id"]]))
        record.setdefault("structured", {})
        assert record == truth


@pytest.mark.parametrize("manifest", ["manifest.json", "manifest-g15.json"])
def test_every_recorded_listing_gives_its_ids_order_total_and_next_page(manifest: str, pages: Path) -> None:
    listings = [e for e in entries(pages, manifest) if e["kind"] == "search" and e["status"] == 200]
    assert listings
    for entry in listings:
        text = (pages / "pages" / entry["file"]).read_text(encoding="utf-8")
        listing = parse_listing(Page("https://marketplace.example" + entry["path"], 200, text))
        expected = entry["expected"]
        assert (listing.total, list(listing.ids)) == (expected["total"], expected["service_ids_in_order"])
        if "next" in expected:
            following = expected["next"]
            assert listing.next_url == (following and f"https://marketplace.example{following}")


def test_a_listing_that_shows_fewer_different_services_than_it_says_is_reported(
    pages: Path, site: Marketplace, scraper: Any
) -> None:
    recorded = entries(pages, "manifest-g15.json")
    serve(site, pages, [e for e in recorded if e["kind"] in ("search", "service")])

    report = scraper.run(site)

    expected = {
        id_
        for e in recorded
        if e["kind"] == "search"
        for id_ in e["expected"].get("service_ids_in_order", ())
    }
    assert len(expected) == 110
    assert set(site.asked_services()) == expected
    incomplete = [issue for issue in report.failures if issue.kind == "listing-incomplete"]
    assert [(issue.details["total"], issue.details["shown"]) for issue in incomplete] == [("112", "110")]
    assert report.partial
