"""Every way of finding services, in the order that the table gives."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from catalogue.errors import DataFileError
from catalogue.records import FrameworkRef, LotRef, ServiceRecord, SupplierRef
from catalogue.runs import Outcome
from scrapers.source import Source, Way, read_source
from tests import render
from tests.loopback import Marketplace, page


def service(number: int, name: str = "Forms") -> ServiceRecord:
    return ServiceRecord(
        id=f"{412003001000000 + number}",
        framework=FrameworkRef("g-cloud-15", "G-Cloud 15"),
        lot=LotRef("saas", "SaaS"),
        supplier=SupplierRef(name="Tidewater Ltd"),
        name=f"{name} {number}",
    )


def put(site: Marketplace, *records: ServiceRecord) -> None:
    for record in records:
        site.put(f"/g-cloud/services/{record.id}", page(render.service_page(record)))


def listing(*records: ServiceRecord) -> Any:
    return page(next(iter(render.listing_pages("saas", list(records), per_page=30)))[1])


def ways(*them: Way) -> Any:
    return lambda source: replace(source, ways=them)


def test_a_listing_for_each_category_and_word_gives_them_all_once(site: Marketplace, scraper: Any) -> None:
    a, b, c = service(1), service(2), service(3)
    put(site, a, b, c)
    site.put("/g-cloud/search?lot=saas&q=case+management&c=forms", listing(a, b))
    site.put("/g-cloud/search?lot=saas&q=case+management&c=r%26b", listing(b))
    site.put("/g-cloud/search?lot=saas&q=crm&c=forms", listing(c, a))
    site.put("/g-cloud/search?lot=saas&q=crm&c=r%26b", listing(c))
    way = Way(
        "listing",
        "/g-cloud/search?lot={lot}&q={query}&c={category}",
        ("saas",),
        ("forms", "r&b"),
        ("case management", "crm"),
    )
    report = scraper.run(site, change=ways(way))
    assert (report.outcome, set(scraper.dumped())) == (Outcome.FINISHED, {a.id, b.id, c.id})
    assert len(site.asked) == 4 + 3


def test_a_template_that_names_no_lot_is_one_listing(site: Marketplace, scraper: Any) -> None:
    put(site, service(1))
    site.put("/g-cloud/all", listing(service(1)))
    assert scraper.run(site, change=ways(Way("listing", "/g-cloud/all"))).counts.added == 1


def test_a_file_of_ids_stands_in_for_a_listing_that_moved(
    site: Marketplace, scraper: Any, tmp_path: Path
) -> None:
    put(site, service(1), service(2))
    file = tmp_path / "saved.txt"
    file.write_text(
        f"https://x.example/g-cloud/services/{service(1).id}\n{service(2).id},b\n", encoding="utf-8"
    )
    moved = Way("listing", "/g-cloud/search?lot={lot}", ("saas",))
    report = scraper.run(site, change=ways(moved, Way("ids", file=file)))
    assert set(scraper.dumped()) == {service(1).id, service(2).id}
    assert (report.moved, report.outcome) == (False, Outcome.FINISHED)


def test_the_order_of_the_table_decides(site: Marketplace, scraper: Any, tmp_path: Path) -> None:
    put(site, service(1), service(2))
    site.put("/g-cloud/search?lot=saas", listing(service(2)))
    file = tmp_path / "saved.txt"
    file.write_text(service(1).id, encoding="utf-8")
    scraper.run(
        site, change=ways(Way("ids", file=file), Way("listing", "/g-cloud/search?lot={lot}", ("saas",)))
    )
    assert site.asked == [f"/g-cloud/services/{service(1).id}"]


@pytest.mark.parametrize("text", [None, "nothing here"])
def test_a_file_that_gives_no_id_is_told_and_the_next_way_is_tried(
    text: str | None, site: Marketplace, scraper: Any, tmp_path: Path
) -> None:
    put(site, service(2))
    site.put("/g-cloud/search?lot=saas", listing(service(2)))
    file = tmp_path / "saved.txt"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    report = scraper.run(
        site, change=ways(Way("ids", file=file), Way("listing", "/g-cloud/search?lot={lot}", ("saas",)))
    )
    assert set(scraper.dumped()) == {service(2).id}
    assert report.outcome is Outcome.FINISHED


def test_the_catalogue_itself_may_be_the_way_so_that_a_refresh_asks_no_listing(
    site: Marketplace, scraper: Any
) -> None:
    put(site, service(1))
    scraper.run(site, ids=(service(1).id,))
    report = scraper.run(site, change=ways(Way("catalogue"), Way("listing", "/g-cloud/search")))
    assert (report.counts.unchanged, report.outcome) == (1, Outcome.FINISHED)
    assert not [path for path in site.asked if "search" in path]


def test_an_empty_catalogue_is_no_way(site: Marketplace, scraper: Any) -> None:
    put(site, service(1))
    site.put("/g-cloud/search?lot=saas", listing(service(1)))
    scraper.run(site, change=ways(Way("catalogue"), Way("listing", "/g-cloud/search?lot={lot}", ("saas",))))
    assert set(scraper.dumped()) == {service(1).id}


@pytest.fixture
def table(root: Path) -> str:
    return (root / "scrapers" / "sources" / "marketplace.toml").read_text(encoding="utf-8")


def read_with(table: str, rows: str) -> Source:
    head, _, rest = table.partition("[[discovery]]")
    return read_source(
        "marketplace", f"{head}{rows}\n[walk]{rest.partition('[walk]')[2]}", "folder/copy.toml"
    )


def test_the_table_names_every_kind_of_way(table: str) -> None:
    source = read_with(
        table,
        """
        [[discovery]]
        kind = "listing"
        template = "/search?q={query}"
        queries = ["crm"]
        [[discovery]]
        kind = "ids"
        file = "saved.txt"
        [[discovery]]
        kind = "catalogue"
        """,
    )
    assert [way.kind for way in source.ways] == ["listing", "ids", "catalogue"]
    assert [place.path for place in source.ways[0].places(())] == ["/search?q=crm"]
    assert source.ways[1].file == Path("folder") / "saved.txt"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ('kind = "listing"\ntemplate = "/s?q={query}"', "template: found '/s?q={query}', expected a path"),
        (
            'kind = "listing"\ntemplate = "/s"\nlots = ["a"]',
            r"template: found '/s', expected a path with {lot}",
        ),
        ('kind = "ids"', "file: found None"),
        ('kind = "catalogue"\nlots = ["a"]', "lots: found"),
    ],
)
def test_a_wrong_way_is_told(row: str, message: str, table: str) -> None:
    with pytest.raises(DataFileError) as raised:
        read_with(table, f"[[discovery]]\n{row}")
    assert message in str(raised.value)
