"""Pages of G-Cloud 15 that differ a little from the reconstructed ones still read as what they say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from catalogue.records import encode_record
from scrapers.marketplace import parse_service
from scrapers.page import Page
from tests.scrapers.altered import REORDERED, SAME, Alter, altered


def read(url_path: str, status: int, text: str) -> dict[str, Any]:
    page = Page(f"https://marketplace.example{url_path}", status, text)
    record: dict[str, Any] = json.loads(encode_record(parse_service(page).record))
    return record


#: Both shells, both kinds of markup, and each structure once: formula, bands, rate cards in and out of a dl.
TYPICAL = (
    "448701225234339",
    "789867515220355",
    "197924820231034",
    "129187740222208",
    "707754876481483_again",
    "676565270234702",
)


@pytest.fixture(scope="module")
def as_they_were(shared: Path) -> dict[str, dict[str, Any]]:
    """What the typical pages say as they are."""
    return {entry["file"]: read(entry["path"], entry["status"], text) for entry, text in typical(shared)}


def typical(shared: Path) -> list[tuple[dict[str, Any], str]]:
    found = [each for each in services(shared) if each[0]["file"].split("services_")[1][:-5] in TYPICAL]
    assert len(found) == len(TYPICAL)
    return found


def services(shared: Path) -> list[tuple[dict[str, Any], str]]:
    pages = shared / "marketplace-pages"
    entries = json.loads((pages / "manifest-g15.json").read_text(encoding="utf-8"))
    return [
        (entry, (pages / "pages" / entry["file"]).read_text(encoding="utf-8"))
        for entry in entries
        if entry["kind"] == "service"
    ]


def regardless_of_order(record: dict[str, Any]) -> dict[str, Any]:
    """The record with sections, answers and structured rows in an order of their own."""
    by_text = lambda value: json.dumps(value, sort_keys=True)  # noqa: E731
    sections = [
        {"name": section["name"], "answers": sorted(section["answers"], key=by_text)}
        for section in record["sections"] or ()
    ]
    structured = {
        key: sorted(rows, key=by_text) if isinstance(rows, list) else rows
        for key, rows in (record.get("structured") or {}).items()
    }
    return record | {"sections": sorted(sections, key=by_text), "structured": structured}


@pytest.mark.parametrize("alter", SAME, ids=lambda alter: alter.__name__)
def test_a_page_made_otherwise_says_the_same(
    alter: Alter, shared: Path, as_they_were: dict[str, dict[str, Any]]
) -> None:
    for entry, text in typical(shared):
        now = read(entry["path"], entry["status"], altered(text, alter))
        assert now == as_they_were[entry["file"]], entry["file"]


@pytest.mark.parametrize("alter", REORDERED, ids=lambda alter: alter.__name__)
def test_a_page_in_another_order_says_the_same_in_that_order(
    alter: Alter, shared: Path, as_they_were: dict[str, dict[str, Any]]
) -> None:
    moved = 0
    for entry, text in typical(shared):
        as_it_was = as_they_were[entry["file"]]
        now = read(entry["path"], entry["status"], altered(text, alter))
        assert regardless_of_order(now) == regardless_of_order(as_it_was), entry["file"]
        moved += now != as_it_was
    assert moved == len(TYPICAL)


def test_several_differences_at_once_change_nothing_either(shared: Path) -> None:
    together = [alter for alter in SAME if alter.__name__ not in ("no_classes", "bare_rows")]
    for entry, text in services(shared):
        as_it_was = read(entry["path"], entry["status"], text)
        assert read(entry["path"], entry["status"], altered(text, *together)) == as_it_was, entry["file"]
