"""Releases of the Open Contracting Data Standard, read into awards. Pure.

Publishers differ in what they fill in: titles stand at the award or at the tender, amounts at the award or at
its contract, identifiers at the party. Contact points are not read, and contacts in titles are left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode, urlsplit

from catalogue.awards import Award, Awarded
from catalogue.instants import instant
from catalogue.model import Issue
from catalogue.references import references_in
from catalogue.suppliers import identifiers
from scrapers.answers import (
    OddRecord,
    day,
    inside,
    objects,
    plain,
    read_each,
    read_object,
    required,
    rows_of,
    without_contacts,
)
from scrapers.feed import Feed, FeedPage, FeedScope, Publisher, Tour, Tours, Windows
from scrapers.page import Page
from scrapers.table import BadValue, corrected

#: A window is asked for this long after its end, when everything of it is published.
SETTLED = timedelta(hours=1)
_LONGEST_TITLE = 300


def tours(
    feed: Feed, publisher: Publisher, scope: FeedScope, now: datetime, covered: Collection[tuple[str, str]]
) -> Tours:
    """Each window that was not fetched before, the newest first."""

    def parse(page: Page) -> FeedPage:
        return parse_releases(page, publisher, scope, feed.bad_values, feed.bounds.broken_share)

    assert publisher.windows is not None
    windows = windows_of(publisher.windows, now)
    wanted = [ends for ends in windows if (instant(ends[0]), instant(ends[1])) not in covered]
    for number, (since, until) in enumerate(wanted):
        yield Tour(
            publisher.url("releases", since=_moment(since), until=_moment(until)),
            parse,
            f"awards of {instant(since)[:16]} at {publisher.title}",
            window=(instant(since), instant(until)),
            left=len(wanted) - number,
        )


def windows_of(windows: Windows, now: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The windows that have ended, the newest first; aware UTC."""
    first = datetime.combine(windows.since, time(), UTC)
    last = min(now - SETTLED, datetime.combine(windows.until, time(), UTC) if windows.until else now)
    step = timedelta(hours=windows.hours)
    for number in range((last - first) // step - 1, -1, -1):
        yield first + number * step, first + (number + 1) * step


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S")


def parse_releases(
    page: Page,
    publisher: Publisher,
    scope: FeedScope,
    bad_values: tuple[BadValue, ...] = (),
    broken_share: float = 0.2,
) -> FeedPage:
    """One package of releases: its awards in the scope. Releases without awards say nothing here."""
    found = read_object(page)

    def read(release: dict[str, Any]) -> list[tuple[Award | Issue, bool]]:
        return list(_awards(release, page, publisher, scope, bad_values))

    read_ones, issues = read_each(page, rows_of(page, found, "releases"), read, broken_share)
    awards: list[Award] = []
    for each, wanted in (pair for pairs in read_ones for pair in pairs):
        if isinstance(each, Issue):
            issues.append(each)
        elif wanted:
            awards.append(each)
    keys = tuple((award.key, False) for award in awards)
    return FeedPage(tuple(awards), keys, None, _next(page, found), tuple(issues))


def _next(page: Page, found: dict[str, Any]) -> str | None:
    """The address of the next package: a link, or a cursor to put into the address of this one."""
    if not found["releases"]:
        return None
    links = found.get("links")
    if isinstance(links, dict) and (link := plain(links.get("next"))):
        return link
    for link_row in objects(links):
        if link_row.get("rel") == "next" and (link := plain(link_row.get("href"))):
            return link
    cursor = plain(found.get("nextCursor") or found.get("cursor"))
    if cursor is None:
        return None
    parts = urlsplit(page.url)
    kept = [pair for pair in parts.query.split("&") if not pair.startswith("cursor=")]
    return parts._replace(query="&".join([*kept, urlencode({"cursor": cursor})])).geturl()


def _awards(
    release: dict[str, Any],
    page: Page,
    publisher: Publisher,
    scope: FeedScope,
    bad_values: tuple[BadValue, ...],
) -> Iterator[tuple[Award | Issue, bool]]:
    """The awards of one release, each with whether the scope wants it."""
    rows = objects(release.get("awards"))
    if not rows:
        return
    ocid = required(release, "ocid")
    released = _time(release.get("date"))
    if released is None:
        raise OddRecord(f"release {ocid}: found the date {release.get('date')!r}, expected an ISO time")
    parties = {plain(party.get("id")): party for party in objects(release.get("parties"))}
    buyer = release.get("buyer") if isinstance(release.get("buyer"), dict) else None
    buyer_party = parties.get(plain(buyer.get("id"))) if buyer else None
    buyer_party = buyer_party or next(
        (party for party in parties.values() if "buyer" in (party.get("roles") or ())), None
    )
    name = plain((buyer or {}).get("name")) or plain((buyer_party or {}).get("name"))
    buyer_name = corrected("buyer", name, bad_values)
    if buyer_name is None:
        raise OddRecord(f"release {ocid}: names no buyer")
    codes = tuple(_codes(release))
    for number, row in enumerate(rows, 1):
        award_id = plain(row.get("id")) or str(number)
        suppliers = tuple(_suppliers(row, parties, bad_values))
        key = award_id if award_id.startswith(ocid) else f"{ocid}/{award_id}"
        if not suppliers:
            text = f"award {key} names no supplier; left out"
            yield Issue("no-supplier", page.url, text), False
            continue
        contract = _contract(release, row)
        texts = _texts(release, row)
        title = corrected("title", next(iter(texts), None), bad_values) or "(untitled)"
        value = inside(row, "value") or inside(contract, "value") or {}
        period = inside(row, "contractPeriod") or inside(contract, "period") or {}
        references = references_in("\n".join(texts))
        award = Award(
            publisher=publisher.name,
            key=key,
            released=released,
            title=without_contacts(title)[:_LONGEST_TITLE],
            buyer=buyer_name,
            buyer_types=tuple(_types(buyer_party or {})),
            suppliers=suppliers,
            status=plain(row.get("status")),
            awarded=day(row.get("date"), bad_values) or day(contract.get("dateSigned"), bad_values),
            starts=day(inside(period, "startDate"), bad_values),
            ends=day(inside(period, "endDate"), bad_values),
            amount=_amount(inside(value, "amount")),
            currency=plain(inside(value, "currency")),
            method=plain(inside(release, "tender", "procurementMethodDetails")),
            references=references,
            url=_notice(release, row, publisher),
        )
        yield award, bool(references) or scope.wants("\n".join(texts), codes)


def _suppliers(
    row: dict[str, Any], parties: dict[str | None, dict[str, Any]], bad_values: tuple[BadValue, ...]
) -> Iterator[Awarded]:
    for supplier in objects(row.get("suppliers")):
        party = parties.get(plain(supplier.get("id"))) or {}
        name = (
            plain(supplier.get("name"))
            or plain(party.get("name"))
            or plain(inside(party, "identifier", "legalName"))
        )
        kept = corrected("supplier", name, bad_values)
        if kept is not None:
            numbers = [party.get("identifier"), *objects(party.get("additionalIdentifiers"))]
            pairs = [
                (plain(each.get("scheme")), plain(each.get("id")))
                for each in numbers
                if isinstance(each, dict)
            ]
            yield Awarded(kept, identifiers([*pairs, _numbered(plain(supplier.get("id")))]))


def _numbered(party: str | None) -> tuple[str | None, str | None]:
    """An identifier in the id of a party: ``GB-COH-01234567`` is a scheme and a number."""
    scheme, _, number = (party or "").rpartition("-")
    return scheme or None, number or None


def _texts(release: dict[str, Any], row: dict[str, Any]) -> list[str]:
    """What the notice says it is about: the title first, then wherever an agreement may be named."""
    places: list[tuple[str, ...]] = [
        ("tender", "title"),
        ("title",),
        ("tender", "description"),
        ("description",),
    ]
    said = [row.get("title"), *(inside(release, *path) for path in places), row.get("description")]
    said += [inside(release, "tender", "procurementMethodDetails"), inside(release, "tender", "id")]
    for process in objects(release.get("relatedProcesses")):
        said += [process.get("title"), process.get("identifier")]
    return [text for value in said if (text := plain(value))]


def _contract(release: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
    """The contract of an award, which may hold what the award itself leaves out."""
    for contract in objects(release.get("contracts")):
        if contract.get("awardID") == row.get("id"):
            return contract
    return {}


def _codes(release: dict[str, Any]) -> Iterator[str]:
    """The CPV codes of a release, wherever they stand."""
    tender = release.get("tender")
    tender = tender if isinstance(tender, dict) else {}
    holders = [tender, *objects(tender.get("items")), *objects(tender.get("lots"))]
    for award in objects(release.get("awards")):
        holders += [award, *objects(award.get("items"))]
    for holder in holders:
        for each in (holder.get("classification"), *objects(holder.get("additionalClassifications"))):
            if isinstance(each, dict) and (code := plain(each.get("id"))):
                yield code


def _types(party: dict[str, Any]) -> Iterator[str]:
    """What kind of body a party is said to be: classifications of contracting authorities, id and words."""
    for each in objects(inside(party, "details", "classifications")):
        if "CA_TYPE" in str(each.get("scheme", "")).upper():
            yield from filter(None, (plain(each.get("id")), plain(each.get("description"))))


def _notice(release: dict[str, Any], row: dict[str, Any], publisher: Publisher) -> str | None:
    """The page of the notice for people: as the award links it, else by the number of the release."""
    for document in objects(row.get("documents")):
        url = plain(document.get("url"))
        if document.get("documentType") == "awardNotice" and url and url.startswith("https://"):
            return url
    number = plain(release.get("id"))
    return publisher.public_url + publisher.paths["notice"].format(id=number) if number else None


def _amount(value: Any) -> Decimal | None:
    """An amount above nought; nought is what forms hold that were left as they were."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        return None
    try:
        amount = Decimal(str(value).replace(",", ""))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and amount > 0 else None


def _time(value: Any) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
