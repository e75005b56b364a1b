"""A page of the marketplace's listing: how many services it says there are, which it shows, what comes next.

Reads the ordinary page and the shorter answer to ``live-results=true``, a JSON object of HTML fragments.
The order of a listing changes between requests, so only the ids matter: a listing is complete when the number
of different ids equals its total.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag

from catalogue.errors import SourceShapeError
from scrapers.marketplace import SERVICE_PATH
from scrapers.page import Page, absolute, text_of, title_of

#: No listing has more services than can be written with so many digits; a longer number counts as not said.
_LONGEST_TOTAL = 9
_TOTAL = re.compile(r"([\d,]+)\s+(?:results?|services?|opportunit(?:y|ies))\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Card:
    """One result as a listing shows it: a headed link, paragraphs and labels, in page order."""

    name: str
    url: str
    paragraphs: tuple[str, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a listing. ``total`` is what it says of all pages, ``None`` where it does not say.

    ``ids`` are the services linked on this page, each once, in page order; ``next_url`` is absolute.
    ``texts`` gives, for an id that has a card, the words on that card.
    """

    total: int | None
    ids: tuple[str, ...]
    next_url: str | None
    texts: dict[str, str]


def parse_listing(page: Page) -> Listing:
    """Read one page of a listing.

    Raises `SourceShapeError` when the page neither links a service nor says that there are none.
    """
    soup = _content(page)
    cards = read_cards(soup, page)
    texts = {
        id_: "\n".join((card.name, *card.paragraphs[1:]))  # the first paragraph is the supplier's name
        for card in cards
        if (id_ := _service_id(card.url))
    }
    links = (_service_id(absolute(page, link)) for link in soup.find_all("a", href=True))
    ids = tuple(dict.fromkeys(id_ for id_ in links if id_))
    total = read_total(soup)
    if not ids and total != 0:
        title = title_of(page.text)
        found = "none" + (f" on the page {title!r}" if title else "")
        raise SourceShapeError(page.url, "a[href*='/g-cloud/services/']", found, "links to services")
    return Listing(total, ids, read_next(soup, page), texts)


def read_cards(soup: Tag, page: Page) -> tuple[Card, ...]:
    """The result cards of a listing; other listings of the same site are made of the same."""
    cards = []
    for item in soup.select(".app-search-result"):
        link = item.select_one("h2 a[href], h3 a[href]")
        if link is not None:
            url = absolute(page, link)
            paragraphs = tuple(text_of(tag) for tag in item.find_all("p", recursive=False))
            labels = tuple(text_of(tag) for tag in item.select("ul > li"))
            cards.append(Card(text_of(link), url, paragraphs, labels))
    return tuple(cards)


def read_next(soup: Tag, page: Page) -> str | None:
    """The absolute address of the next page of a listing, ``None`` on its last."""
    link = soup.select_one("a[rel~=next][href]")
    if link is None:  # the site's pagination of 2020 has no rel
        links = soup.select("nav li a[href]")
        link = next((tag for tag in links if text_of(tag).casefold().startswith("next")), None)
    return absolute(page, link) if link is not None else None


def read_total(soup: Tag) -> int | None:
    """How many results a listing says it has, in all its pages."""
    count = soup.select_one("[class*='search-summary__count']")
    if count is not None:
        return _number(text_of(count))
    for tag in soup.select("[class*='search-summary'], [id*='search-summary']"):
        if match := _TOTAL.search(text_of(tag)):
            return _number(match[1])
    return None


def _number(text: str) -> int | None:
    digits = text.replace(",", "")
    is_number = digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST_TOTAL
    return int(digits) if is_number else None


def _content(page: Page) -> BeautifulSoup:
    """The tree of the page, or of the fragments of a JSON answer put together."""
    text = page.text
    if not text.lstrip().startswith("{"):
        if "</main>" not in text.lower():
            title = title_of(text)
            found = f"no end of the content on the page {title!r}" if title else "none"
            raise SourceShapeError(page.url, "</main>", found, "a whole page of a listing")
        return BeautifulSoup(text, "lxml")
    try:
        fragments = json.loads(text)
        html = "".join(str(part["html"]) for part in fragments.values())
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
        message = f"{type(error).__name__}: {error}"
        raise SourceShapeError(page.url, "*.html", message, "a JSON object of HTML fragments") from None
    return BeautifulSoup(html, "lxml")


def _service_id(url: str) -> str | None:
    match = SERVICE_PATH.search(urlsplit(url).path)
    return match[1] if match else None
