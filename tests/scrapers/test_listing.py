"""Reading listings: ids, total and next page, in ordinary pages and in fragments of JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from catalogue.errors import SourceShapeError
from scrapers.listing import parse_listing, read_cards, read_next, read_total
from scrapers.page import Page

URL = "https://marketplace.example/g-cloud/search?lot=saas"
A, B = "412003001000001", "412003001000002"


def listing(cards: str, *, total: str = "2", after: str = "") -> Page:
    summary = f'<p><span class="app-search-summary__count">{total}</span> results found</p>'
    return Page(URL, 200, f"<main><h1>Results</h1>{summary}<ul>{cards}</ul>{after}</main>")


def card(id_: str, name: str = "Forms") -> str:
    link = f'<h2><a href="/g-cloud/services/{id_}">{name}</a></h2>'
    return f'<li class="app-search-result">{link}<p>Tidewater Ltd</p><p>For councils.</p></li>'


def test_ids_come_once_each_in_page_order_with_the_words_of_their_cards() -> None:
    found = parse_listing(listing(card(B) + card(A) + card(B)))
    assert found.ids == (B, A)
    assert found.texts[A] == "Forms\nFor councils."


def test_links_count_wherever_they_are_and_absolute_ones_too() -> None:
    found = parse_listing(
        listing(f'<li><a href="https://old.example/g-cloud/services/{A}?x=1">Forms</a></li>')
    )
    assert (found.ids, found.texts) == ((A,), {})


@pytest.mark.parametrize(
    "link",
    [
        '<nav><a rel="next" href="/g-cloud/search?page=2">Next page</a></nav>',
        '<nav><a rel="nofollow next" href="/g-cloud/search?page=2">2</a></nav>',
        '<nav><ul><li><a href="/g-cloud/search?page=2">Next page</a></li></ul></nav>',
    ],
)
def test_the_next_page_is_an_absolute_address(link: str) -> None:
    assert (
        parse_listing(listing(card(A), after=link)).next_url
        == "https://marketplace.example/g-cloud/search?page=2"
    )


def test_the_last_page_has_no_next() -> None:
    assert parse_listing(listing(card(A))).next_url is None


def test_a_thousand_results_are_counted_with_their_comma() -> None:
    assert parse_listing(listing(card(A), total="1,234")).total == 1234


def test_no_results_are_a_fact_and_no_links_without_a_total_are_a_change() -> None:
    assert parse_listing(listing("", total="0")).ids == ()
    with pytest.raises(
        SourceShapeError, match="found none on the page 'Results', expected links to services"
    ):
        parse_listing(listing("", total="2"))


def test_fragments_of_json_are_read_like_a_page() -> None:
    html = f'<p class="app-search-summary"><span class="app-search-summary__count">9</span></p>{card(A)}'
    found = parse_listing(Page(URL, 200, json.dumps({"results": {"html": html}}), "application/json"))
    assert (found.total, found.ids) == (9, (A,))


@pytest.mark.parametrize("text", ["{", "{}x", '{"results": 1}', '{"results": {"text": ""}}', "", "<main>"])
def test_what_is_neither_page_nor_fragments_is_a_change(text: str) -> None:
    with pytest.raises(SourceShapeError):
        parse_listing(Page(URL, 200, text))


def test_listings_of_another_kind_on_the_same_site_are_made_of_the_same(shared: Path) -> None:
    found = {}
    for file in (shared / "real" / "dos-pages").glob("*.html"):
        page = Page("https://marketplace.example/", 200, file.read_text(encoding="utf-8"))
        soup = BeautifulSoup(page.text, "lxml")
        cards = read_cards(soup, page)
        assert all(card.name and card.paragraphs and card.labels for card in cards)
        if cards:
            found[file.stem] = (read_total(soup), len(cards), read_next(soup, page) is not None)
    assert sorted(found.values()) == [(20, 20, False), (27, 27, False), (3785, 30, True)]


@pytest.mark.parametrize("total", ["9" * 25, "9" * 5000])
def test_a_total_beyond_belief_counts_as_not_said(total: str) -> None:
    assert parse_listing(listing(card(A), total=total)).total is None


@pytest.mark.parametrize("total", ["9" * 25, "9" * 5000])
def test_a_total_in_words_beyond_belief_counts_as_not_said(total: str) -> None:
    page = Page(URL, 200, f"<main><p class='search-summary'>{total} results</p>{card(A)}</main>")
    assert parse_listing(page).total is None


def test_json_nested_without_end_is_no_listing() -> None:
    with pytest.raises(SourceShapeError, match="RecursionError"):
        parse_listing(Page(URL, 200, '{"a":' * 200_000, "application/json"))
