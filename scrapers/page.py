"""A page as fetched, and how its text is read: white space and line breaks as a browser would show them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement, PreformattedString

from catalogue.model import Issue
from scrapers.charset import decode

#: What HTML calls white space. U+00A0 and U+200B are text: suppliers use them and the record keeps them.
SPACE = " \t\r\n\f"
_RUN = re.compile(f"[{SPACE}]+")
#: Elements that head what follows them.
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of a source, decoded.

    ``url`` is what was asked for and ``final_url`` what answered, after redirects. ``public_url`` is the
    address that people use for the page, which differs when a mirror or a test server was asked. ``body`` is
    what was decoded.
    """

    url: str
    status: int
    text: str
    content_type: str = "text/html"
    final_url: str = ""
    public_url: str | None = None
    issues: tuple[Issue, ...] = ()
    body: bytes = field(default=b"", repr=False)

    @property
    def address(self) -> str:
        """Where the answer came from: the last address of a chain of redirects."""
        return self.final_url or self.url


def decoded(url: str, status: int, body: bytes, content_type: str, final_url: str = "") -> Page:
    """An answer as a page; a charset that is not what the answer declares is an issue of it."""
    text, problem = decode(body, content_type)
    issues = (Issue("wrong-charset", url, problem),) if problem else ()
    return Page(url, status, text, content_type, final_url, issues=issues, body=body)


def text_of(node: PageElement) -> str:
    """The text of an element: white space collapsed, ``<br>`` as a line feed, nothing at either end."""
    return _tidy(_pieces(node))


def joined_text(nodes: Iterable[PageElement]) -> str:
    """The text of several neighbours, read as one run."""
    return _tidy(piece for node in nodes for piece in _pieces(node))


def text_without(node: Tag, *left_out: Tag) -> str:
    """The text of an element without that of some elements inside it."""
    return _tidy(_pieces(node, left_out))


def own_text(node: Tag) -> str:
    """The text directly in an element, without that of the elements inside it."""
    return _tidy(str(child) for child in node.children if _is_text(child))


def next_element(node: Tag) -> Tag | None:
    """The element that follows among the siblings."""
    following = node.find_next_sibling()
    return following if isinstance(following, Tag) else None


def is_within(node: Tag, names: frozenset[str]) -> bool:
    """Whether one of the elements around it has one of these names."""
    return any(parent.name in names for parent in node.parents)


def absolute(page: Page, link: Tag) -> str:
    """The address that a link leads to; empty for one that is no address."""
    try:
        return urljoin(page.address, str(link.get("href", "")))
    except ValueError:  # such as "http://[", typed by somebody
        return ""


def title_of(text: str) -> str:
    """What a page calls itself, for messages about pages that are not what was expected."""
    soup = BeautifulSoup(text, "lxml")
    for name in ("h1", "title"):
        tag = soup.find(name)
        if isinstance(tag, Tag) and text_of(tag):
            return text_of(tag)[:80]
    return ""


def _is_text(node: object) -> bool:
    return isinstance(node, NavigableString) and not isinstance(node, PreformattedString)


def _pieces(node: PageElement, left_out: tuple[Tag, ...] = ()) -> Iterator[str | None]:
    """The strings below a node in page order, and ``None`` for each line break."""
    if _is_text(node):
        yield str(node)
    elif isinstance(node, Tag) and node.name == "br":
        yield None
    elif isinstance(node, Tag) and not any(node is tag for tag in left_out):
        for child in node.children:
            yield from _pieces(child, left_out)


def _tidy(pieces: Iterable[str | None]) -> str:
    lines = [""]
    for piece in pieces:
        if piece is None:
            lines.append("")
        else:
            lines[-1] += piece
    return "\n".join(_RUN.sub(" ", line).strip(SPACE) for line in lines).strip(SPACE)
