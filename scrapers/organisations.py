"""The GOV.UK list of organisations, read into public bodies. Pure."""

from __future__ import annotations

from typing import Any

from catalogue.bodies import PublicBody, is_known_type
from catalogue.model import Issue
from scrapers.answers import inside, plain, read_each, read_object, required, rows_of
from scrapers.feed import Feed, FeedPage, Publisher, Tour, Tours
from scrapers.page import Page
from scrapers.table import BadValue, corrected


def tours(feed: Feed, publisher: Publisher) -> Tours:
    """The one list, from its first page."""

    def parse(page: Page) -> FeedPage:
        return parse_organisations(page, feed.bad_values, feed.bounds.broken_share)

    yield Tour(publisher.url("organisations", page=1), parse, "organisations", whole=True)


def parse_organisations(
    page: Page, bad_values: tuple[BadValue, ...] = (), broken_share: float = 0.2
) -> FeedPage:
    """One page of the list. Types that no sector is known of are kept and reported."""
    found = read_object(page)

    def read(row: dict[str, Any]) -> PublicBody:
        name = required(row, "title", "name")
        return PublicBody(
            id=plain(inside(row, "details", "slug")) or required(row, "id", "web_url"),
            name=corrected("name", name, bad_values) or name,
            type=corrected("type", plain(row.get("format")), bad_values),
            abbreviation=plain(inside(row, "details", "abbreviation")),
            url=plain(row.get("web_url")),
            closed=inside(row, "details", "govuk_status") in ("closed", "no_longer_exists")
            or inside(row, "details", "closed_at") is not None,
        )

    bodies, issues = read_each(page, rows_of(page, found, "results"), read, broken_share)
    unknown = dict.fromkeys(body.type for body in bodies if body.type and not is_known_type(body.type))
    issues += [
        Issue(
            "unknown-type",
            page.url,
            f"bodies of the type {kind!r} have no sector; add it to catalogue/bodies.toml",
            {"type": kind},
        )
        for kind in unknown
        if kind
    ]
    total = found.get("total")
    return FeedPage(
        records=tuple(bodies),
        keys=tuple((body.id, False) for body in bodies),
        total=total if isinstance(total, int) and not isinstance(total, bool) else None,
        next_url=plain(found.get("next_page_url")),
        issues=tuple(issues),
    )
