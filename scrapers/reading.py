"""One page as it answered, read into what a run keeps of it. Pure, and the same for a page of the archive."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from urllib.parse import urlsplit

from catalogue.errors import SourceShapeError
from catalogue.model import Issue
from catalogue.questions import Crosswalk
from catalogue.records import encode_record
from catalogue.runs import PageKept, PageRead
from scrapers.marketplace import SERVICE_PATH, parse_service
from scrapers.page import Page, decoded
from scrapers.source import Source

#: Issues of these kinds mean that a part of the page could not be read. Unknown questions are read, and are
#: judged by a bound of their own.
_ODD = ("unread-", "unknown-banner")


def page_of(kept: PageKept, source: Source) -> Page:
    """A page of the archive, decoded as it was when it came."""
    page = decoded(kept.url, kept.status, kept.body, kept.content_type, kept.final_url)
    return replace(page, public_url=source.public_url(kept.service_id))


def read_page(page: Page, source: Source, questions: Crosswalk | None) -> PageRead:
    """What a page that answered 200 or 410 is: a service, one at another's address, or no service at all."""
    if (other := moved_to(page)) is not None:
        message = f"{page.url} leads to service {other}; the two are taken for different ones"
        return PageRead("moved", issues=(Issue("id-changed", page.url, message, {"service": other}),))
    try:
        try:
            parsed = parse_service(page, questions, source.bad_values)
            record = encode_record(parsed.record)
        except (ValueError, RecursionError) as error:  # a page made of what no page is made of
            found = f"{type(error).__name__}: {error}"
            raise SourceShapeError(page.url, "main", found, "a service page") from None
    except SourceShapeError as error:
        return broken(error)
    shown = parsed.record
    answers = sum(len(section.answers) for section in shown.sections or ())
    unknown = sum(1 for issue in parsed.issues if issue.kind == "unknown-question")
    return PageRead(
        shown.status,
        record,
        sha256(record).hexdigest(),
        f"{shown.framework.slug}/{shown.lot.slug}",
        answers,
        max(0, answers - unknown),
        any(issue.kind.startswith(_ODD) for issue in parsed.issues),
        parsed.issues,
    )


def broken(error: SourceShapeError) -> PageRead:
    """A page that is no service page, and why."""
    return PageRead(
        "broken", issues=(Issue("broken-page", error.url, str(error), {"selector": error.selector}),)
    )


def moved_to(page: Page) -> str | None:
    """The id of another service whose page answered, after a redirect, in place of the one asked for."""
    asked = SERVICE_PATH.search(urlsplit(page.url).path)
    answered = SERVICE_PATH.search(urlsplit(page.address).path)
    if asked is None or answered is None or asked[1] == answered[1]:
        return None
    return answered[1]
