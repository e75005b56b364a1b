"""A service page of the marketplace, read into a service record. Pure: no network, no file, no clock.

Headings, the labels of summary lists and nesting are what the reader holds on to; they have stayed the same
through seven years of redesigns, while classes came and went. Sections and questions that nobody has seen
before are kept and reported. A page that is no service page raises `SourceShapeError`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bs4 import BeautifulSoup, SoupStrainer, Tag

from catalogue.errors import SourceShapeError
from catalogue.frameworks import Framework, load_frameworks
from catalogue.model import Issue
from catalogue.questions import Crosswalk, label_key
from catalogue.records import (
    Answer,
    Document,
    FrameworkRef,
    LotRef,
    Section,
    ServiceRecord,
    Status,
    SupplierRef,
    strip_controls,
)
from catalogue.text import normalise
from scrapers.page import (
    HEADINGS,
    Page,
    absolute,
    is_within,
    next_element,
    own_text,
    text_of,
    text_without,
    title_of,
)
from scrapers.structured import AnswerRead, read_answer, read_tables, tree_paths
from scrapers.table import BadValue, corrected

SERVICE_PATH = re.compile(r"/g-cloud/services/(\d{6,20})/?$")
#: Only these are built into a tree: the page proper, the breadcrumbs before it, and the page's own address.
_READ = SoupStrainer(["main", "ol", "link"])
_SUPPLIER_PATH = re.compile(r"/supplier/(\d+)/?$")
_DOCUMENT_PATH = re.compile(r"/(?P<framework>[a-z0-9-]+)/documents/(?P<supplier>\d+)/")
#: What the address of a document looks like, where what stands below the heading is no list.
_FILE = re.compile(r"/documents/|\.(?:pdf|od[tsp]|docx?|xlsx?|pptx?|csv)(?:[?#]|$)", re.IGNORECASE)
_EXPIRED = re.compile(
    r"no longer available to buy|framework (?:has )?expired|services are suspended", re.IGNORECASE
)
_WITHDRAWN = re.compile(r"stopped offering this service|withdrawn", re.IGNORECASE)
_CATEGORY_LABELS = frozenset({"service categories", "service category"})
#: Iterations whose pages do not say which categories a service is in: nothing is stated. Later pages do.
_CATEGORIES_NOT_SHOWN = frozenset(f"g-cloud-{number}" for number in range(1, 14))
#: What stands in these is part of an answer.
_HOLDS_ANSWERS = frozenset({"dd", "table", "dl"})
#: Headings of a service page that do not head a section of questions.
_OWN_HEADINGS = frozenset(
    {
        "features",
        "benefits",
        "pricing",
        "service documents",
        "framework",
        "service id",
        "contact",
        "service description",
    }
)


@dataclass(frozen=True, slots=True)
class ParsedService:
    """A service page read: the record, and what was odd about the page."""

    record: ServiceRecord
    issues: tuple[Issue, ...]


def parse_service(
    page: Page,
    questions: Crosswalk | None = None,
    bad_values: Sequence[BadValue] = (),
    frameworks: Mapping[str, Framework] | None = None,
) -> ParsedService:
    """Read a service page.

    Questions that ``questions`` does not know are kept and reported, as are iterations and lots that are not
    among ``frameworks`` (without them: those that ship). Raises `SourceShapeError` for what is not a whole
    service page: another kind of page, an empty or a truncated one, a page after a redirect.
    """
    expected_id = _asked_id(page)
    if "</main>" not in page.text.lower():
        found = "an empty page" if not page.text.strip() else f"no end of the content {_called(page)}"
        raise _shape(page, "</main>", found, "a whole page")
    soup = BeautifulSoup(page.text, "lxml", parse_only=_READ, multi_valued_attributes=None)
    reading = _Reading(page, soup)
    shown_id = reading.service_id()
    if expected_id is not None and shown_id != expected_id:
        raise _shape(page, "h2 'Service ID'", f"the id {shown_id}", f"the id {expected_id} of the address")
    name, supplier_name = reading.title()
    supplier_name = corrected("supplier.name", supplier_name, bad_values) or supplier_name
    framework, lot = reading.framework(bad_values), reading.lot(bad_values)
    issues = list(page.issues)
    issues += _unknown_place(page, framework, lot, load_frameworks() if frameworks is None else frameworks)
    documents = reading.documents()
    sections, categories, structured = reading.sections(framework.slug, lot.slug, questions, issues)
    record = ServiceRecord(
        id=shown_id,
        url=reading.canonical() or page.public_url or page.url,
        status=reading.status(issues),
        framework=framework,
        lot=lot,
        supplier=SupplierRef(id=reading.supplier_id(documents), name=supplier_name),
        name=name,
        description=reading.description() or None,
        categories=categories or (None if framework.slug in _CATEGORIES_NOT_SHOWN else ()),
        features=reading.bullets("features"),
        benefits=reading.bullets("benefits"),
        price=reading.price(),
        documents=documents,
        sections=sections,
        structured=structured or None,
    )
    return ParsedService(strip_controls(record), tuple(issues))


class _Reading:
    """The parts of one page, found once. Each method reads one part of the record."""

    def __init__(self, page: Page, soup: BeautifulSoup) -> None:
        self.page = page
        self.soup = soup
        main = soup.find("main")
        if not isinstance(main, Tag):
            raise _shape(page, "main", "none", "the content of a page")
        self.main = main
        #: Headings that are no part of an answer, and each block with the heading that it stands under.
        self.headings: list[Tag] = []
        self.blocks: list[tuple[Tag, Tag | None]] = []
        for tag in main.find_all([*HEADINGS, "p", "dl", "table"]):
            if is_within(tag, _HOLDS_ANSWERS):
                continue
            if tag.name in HEADINGS:
                self.headings.append(tag)
            else:
                self.blocks.append((tag, self.headings[-1] if self.headings else None))
        titles = [tag for tag in self.headings if tag.name == "h1"]
        if len(titles) != 1:
            raise _shape(page, "main h1", f"{len(titles)} {_called(page)}", "1, the name of the service")
        self.h1 = titles[0]

    def headed(self, key: str) -> Iterator[Tag]:
        """The headings with this text, in page order."""
        return (tag for tag in self.headings if normalise(text_of(tag)) == key)

    def after(self, key: str, *names: str) -> Tag | None:
        """The first element of one of these names that directly follows a heading with this text."""
        for heading in self.headed(key):
            following = next_element(heading)
            if following is not None and following.name in names:
                return following
        return None

    def service_id(self) -> str:
        """The digits below the heading "Service ID"."""
        shown = self.after("service id", "p", "dd", "div", "span")
        digits = re.sub(r"\D", "", text_of(shown)) if shown is not None else ""
        if not digits:
            found = _called(self.page) if shown is None else f"no digits in {text_of(shown)!r}"
            raise _shape(self.page, "h2 'Service ID' + p", found, "the id of a service")
        return digits

    def title(self) -> tuple[str, str]:
        """The names of the service and of its supplier, which stands before or inside the ``h1``."""
        inside = [tag for tag in (_caption(self.h1), self.h1.find("a")) if isinstance(tag, Tag)]
        before = self.h1.find_previous_sibling()
        caption = inside[0] if inside else before if isinstance(before, Tag) else _caption(self.main)
        supplier = text_of(caption) if caption is not None and caption.name in ("span", "p", "a") else ""
        name = text_without(self.h1, *inside)
        if not supplier:
            raise _shape(self.page, "main .govuk-caption-l", "none", "the name of the supplier")
        if not name:
            raise _shape(self.page, "main h1", "no text", "the name of the service")
        return name, supplier

    def framework(self, bad_values: Sequence[BadValue]) -> FrameworkRef:
        """The framework's name as shown; its slug is the name in lower case with hyphens."""
        shown = self.after("framework", "p", "dd", "div", "span")
        name = text_of(shown) if shown is not None else ""
        name = corrected("framework.name", name, bad_values) or ""
        slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
        if not slug:
            raise _shape(self.page, "h2 'Framework' + p", "none", "a name such as G-Cloud 15")
        return FrameworkRef(slug=slug, name=name)

    def lot(self, bad_values: Sequence[BadValue]) -> LotRef:
        """The lot, from the breadcrumb that leads to its listing."""
        for crumbs in self.soup.find_all("ol"):
            for link in crumbs.find_all("a"):
                slugs = parse_qs(urlsplit(absolute(self.page, link)).query).get("lot")
                if slugs and (slug := corrected("lot.slug", slugs[0].strip(), bad_values)):
                    return LotRef(slug=slug, name=text_of(link) or None)
        raise _shape(self.page, "ol a[href*='lot=']", "none", "the breadcrumb of the lot")

    def canonical(self) -> str | None:
        """The address that the page gives for itself, where it is that of a service."""
        for link in self.soup.find_all("link", rel="canonical"):
            address = absolute(self.page, link)
            if SERVICE_PATH.search(urlsplit(address).path):
                return address
        return None

    def supplier_id(self, documents: tuple[Document, ...]) -> str | None:
        """The supplier's id, read from the address of a document or of the supplier's page."""
        for document in documents:
            if match := _DOCUMENT_PATH.search(urlsplit(document.url).path):
                return match["supplier"]
        for link in self.main.find_all("a"):
            if match := _SUPPLIER_PATH.search(urlsplit(absolute(self.page, link)).path):
                return match[1]
        return None

    def status(self, issues: list[Issue]) -> Status:
        """Live, or what the banner of a page that is no longer offered says."""
        above = self.headings[: self.headings.index(self.h1)]
        banners = [tag for heading in above if (tag := heading.parent) is not None and tag is not self.main]
        banner = " ".join(text_of(tag) for tag in banners)
        if _WITHDRAWN.search(banner):
            return "withdrawn"
        if _EXPIRED.search(banner):
            return "expired"
        if self.page.status == 410:  # gone, says the answer, and the banner does not say why
            message = f"a page answered 410 with the banner {banner[:120]!r}; taken as withdrawn"
            issues.append(Issue("unknown-banner", self.page.url, message))
            return "withdrawn"
        return "live"

    def description(self) -> str:
        """The paragraphs between the name and the next heading, or below a heading of their own."""
        own = [self.h1, *self.headed("service description")]
        paragraphs = (
            text_of(tag)
            for tag, heading in self.blocks
            if tag.name == "p" and any(heading is head for head in own)
        )
        found = "\n\n".join(text for text in paragraphs if text)
        return found or "\n\n".join(self.before_features())

    def before_features(self) -> list[str]:
        """The paragraphs right before "Features" or "Benefits", for a page with its details before them."""
        for heading in (*self.headed("features"), *self.headed("benefits")):
            above: list[str] = []
            before = heading.find_previous_sibling()
            while isinstance(before, Tag) and before.name == "p":
                above.insert(0, text_of(before))
                before = before.find_previous_sibling()
            if above:
                return [text for text in above if text]
        return []

    def bullets(self, key: str) -> tuple[str, ...]:
        """The items of the list below "Features" or "Benefits"."""
        listing = self.after(key, "ul", "ol")
        return tuple(text_of(item) for item in listing.find_all("li")) if listing is not None else ()

    def price(self) -> str | None:
        """The price line; ``None`` where it gives no figure, as in "See pricing"."""
        shown = self.after("pricing", "p")
        line = text_of(shown) if shown is not None else ""
        return line if re.search(r"\d", line) else None

    def documents(self) -> tuple[Document, ...]:
        """The documents named on the page; pages name them once or twice."""
        for heading in self.headed("service documents"):
            listing = next_element(heading)
            if listing is None or listing.name not in ("ul", "ol", "div"):
                continue
            found = (
                Document(own_text(link) or text_of(link), absolute(self.page, link))
                for link in listing.find_all("a", href=True)
                if text_of(link) and (listing.name != "div" or _FILE.search(str(link["href"])))
            )
            if documents := tuple(document for document in found if not document.url.startswith("mailto:")):
                return documents
        return ()

    def sections(
        self, framework: str, lot: str, questions: Crosswalk | None, issues: list[Issue]
    ) -> tuple[tuple[Section, ...], tuple[tuple[str, ...], ...], dict[str, Any]]:
        """Every section of questions in page order, the categories among them, and the structured rows."""
        answers: dict[int, list[Answer]] = {}
        names: dict[int, str] = {}
        categories: tuple[tuple[str, ...], ...] = ()
        structured: dict[str, Any] = {}
        for block, heading in self.blocks:
            if block.name == "p":
                continue
            section = text_of(heading) if heading is not None else ""
            place = id(heading)
            names.setdefault(place, section)
            if block.name == "table":
                read = read_tables([block])
                _add(structured, read.structured)
                if read.unread:
                    answers.setdefault(place, []).append(Answer(section, read.values))
                    issues.append(self.odd("unread-structure", section, section, read.unread))
                continue
            for dt, dd in _rows(block):
                label = text_of(dt)
                if normalise(label) in _CATEGORY_LABELS:
                    categories += tree_paths(dd) or tuple((value,) for value in read_answer(dd, label).values)
                    continue
                read = self.answer(dd, label, section, issues)
                if not read.values:
                    continue
                answers.setdefault(place, []).append(Answer(label, read.values))
                _add(structured, read.structured)
                if not read.structured and not _is_known(questions, framework, lot, label, section):
                    issues.append(self.unknown(label, section, framework, lot))
        self.report_unread_headings(set(names), issues)
        found = tuple(Section(names[place], tuple(given)) for place, given in answers.items())
        return found, categories, structured

    def answer(self, dd: Tag, label: str, section: str, issues: list[Issue]) -> AnswerRead:
        """One answer; a structure without a known shape is reported and kept as values."""
        read = read_answer(dd, label)
        if read.unread:
            issues.append(self.odd("unread-structure", section, label, read.unread))
        return read

    def unknown(self, label: str, section: str, framework: str, lot: str) -> Issue:
        """An issue about a question that the crosswalk does not know."""
        message = (
            f"the question {label!r} of section {section!r} is not in the crosswalk of {framework} {lot}"
        )
        details = {"question": label, "section": section, "framework": framework, "lot": lot}
        return Issue("unknown-question", self.page.url, message, details)

    def report_unread_headings(self, read: set[int], issues: list[Issue]) -> None:
        """Report a heading below which nothing was read: the page shows something unknown to this reader."""
        for heading in self.headings[self.headings.index(self.h1) + 1 :]:
            key = normalise(text_of(heading))
            if key and key not in _OWN_HEADINGS and id(heading) not in read:
                issues.append(self.odd("unread-section", text_of(heading), "", "a heading without questions"))

    def odd(self, kind: str, section: str, label: str, what: str) -> Issue:
        """An issue about one place of this page."""
        where = f"section {section!r}" + (f", question {label!r}" if label and label != section else "")
        return Issue(kind, self.page.url, f"{where}: {what}", {"section": section, "question": label})


def _unknown_place(
    page: Page, framework: FrameworkRef, lot: LotRef, frameworks: Mapping[str, Framework]
) -> Iterator[Issue]:
    """Issues about an iteration or a lot that the table does not know; the listing is kept all the same."""
    known = frameworks.get(framework.slug)
    details = {"framework": framework.slug, "lot": lot.slug}
    advice = "kept as shown; add it to catalogue/frameworks.toml for its dates, terms and questions"
    if known is None:
        yield Issue(
            "unknown-framework", page.url, f"the framework {framework.slug!r} is not known; {advice}", details
        )
    elif known.lot(lot.slug) is None:
        message = f"the lot {lot.slug!r} of {framework.slug} is not known; {advice}"
        yield Issue("unknown-lot", page.url, message, details)


def _is_known(questions: Crosswalk | None, framework: str, lot: str, label: str, section: str) -> bool:
    """Whether a question is in the crosswalk, or left out of it on purpose. Without one, all are."""
    if questions is None or label_key(label) in questions.left_out:
        return True
    return questions.question_for(framework, lot, label, section) is not None


def _rows(listing: Tag) -> Iterator[tuple[Tag, Tag]]:
    """The questions and answers of one summary list, without those of lists inside its answers."""
    for dt in listing.find_all("dt"):
        if next((parent for parent in dt.parents if parent.name == "dl"), None) is not listing:
            continue
        dd = dt.find_next_sibling("dd")
        if isinstance(dd, Tag):
            yield dt, dd


def _add(structured: dict[str, Any], found: dict[str, Any]) -> None:
    """Add structured rows to those found before; a rate card may come in several tables."""
    for key, value in found.items():
        if isinstance(value, list):
            structured.setdefault(key, []).extend(value)
        else:
            structured.setdefault(key, value)


def _caption(node: Tag) -> Tag | None:
    tag = node.select_one("[class*='caption']")
    return tag if isinstance(tag, Tag) else None


def _asked_id(page: Page) -> str | None:
    """The id in the address asked for. Raises `SourceShapeError` when a redirect led somewhere else."""
    asked = SERVICE_PATH.search(urlsplit(page.url).path)
    if asked and not SERVICE_PATH.search(path := urlsplit(page.address).path):
        raise _shape(page, "Location", f"a redirect to {path}", f"the page of service {asked[1]}")
    return asked[1] if asked else None


def _called(page: Page) -> str:
    title = title_of(page.text)
    return f"on the page {title!r}" if title else "on a page without a title"


def _shape(page: Page, selector: str, found: str, expected: str) -> SourceShapeError:
    return SourceShapeError(page.url, selector, found, expected)
