"""Agreements of the Government Commercial Agency and the suppliers on them, read from its JSON. Pure."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit, urlunsplit

from catalogue.agreements import Agreement, AgreementLot, AgreementSupplier
from scrapers.answers import day, inside, objects, plain, read_each, read_object, required, rows_of
from scrapers.feed import Feed, FeedPage, FeedScope, Publisher, Tour, Tours
from scrapers.page import Page
from scrapers.table import BadValue, corrected

#: Between the number of an agreement and that of a lot, in the key of a page's record.
_LOT = "\t"


def tours(feed: Feed, publisher: Publisher, scope: FeedScope) -> Tours:
    """The list of agreements, then the suppliers of each lot of those that the scope wants."""
    share = feed.bounds.broken_share

    def parse(page: Page) -> FeedPage:
        return parse_agreements(page, scope, feed.bad_values, share)

    keys = yield Tour(publisher.url("agreements", page=1), parse, "agreements", whole=True)
    for key in [key for key, wanted in keys if wanted]:
        number, _, lot = key.partition(_LOT)
        yield _suppliers(feed, publisher, number, lot)


def _suppliers(feed: Feed, publisher: Publisher, number: str, lot: str) -> Tour:
    def parse(page: Page) -> FeedPage:
        return parse_suppliers(page, number, lot or None, feed.bad_values, feed.bounds.broken_share)

    values = {"agreement": quote(number, safe=""), "page": 1}
    url = (
        publisher.url("lot_suppliers", lot=quote(lot, safe=""), **values)
        if lot
        else publisher.url("suppliers", **values)
    )
    what = f"suppliers of {number}" + (f" lot {lot}" if lot else "")
    return Tour(url, parse, what, settles=(number, lot))


def parse_agreements(
    page: Page, scope: FeedScope, bad_values: tuple[BadValue, ...] = (), broken_share: float = 0.2
) -> FeedPage:
    """One page of the list of agreements with their lots.

    The keys are numbers of agreements and lots; wanted are those of live agreements in the scope.
    """
    found = read_object(page)

    def read(row: dict[str, Any]) -> Agreement:
        title = required(row, "title")
        return Agreement(
            number=required(row, "rm_number").upper().replace(" ", ""),
            title=corrected("title", title, bad_values) or title,
            status=plain(row.get("status")),
            type=plain(row.get("type")),
            pillar=plain(row.get("pillar")),
            category=plain(row.get("category")),
            regulation=plain(row.get("regulation")),
            summary=plain(row.get("summary")),
            starts=day(row.get("start_date"), bad_values),
            ends=day(row.get("end_date"), bad_values),
            lots=tuple(_lots(row.get("lots"), bad_values)),
        )

    agreements, issues = read_each(page, rows_of(page, found, "results"), read, broken_share)
    keys: list[tuple[str, bool]] = []
    for agreement in agreements:
        said = " ".join(
            filter(None, (agreement.number, agreement.title, agreement.pillar, agreement.category))
        )
        wanted = (agreement.status or "live").casefold() == "live" and scope.wants(said)
        lots = agreement.lots
        keys += [(f"{agreement.number}{_LOT}{lot.number}", wanted) for lot in lots] or [
            (agreement.number, wanted)
        ]
    total, next_url = _paging(page, found)
    return FeedPage(tuple(agreements), tuple(keys), total, next_url, tuple(issues))


def _lots(value: Any, bad_values: tuple[BadValue, ...]) -> list[AgreementLot]:
    """The lots of an agreement, from a list or from an object by their numbers; one without a number goes."""
    lots = []
    for row in objects(value):
        number = plain(row.get("lot_number") or row.get("number") or row.get("lot"))
        if number is not None:
            ends = day(row.get("expiry_date") or row.get("end_date"), bad_values)
            lots.append(AgreementLot(number, plain(row.get("title")), plain(row.get("status")), ends))
    return lots


def parse_suppliers(
    page: Page,
    agreement: str,
    lot: str | None,
    bad_values: tuple[BadValue, ...] = (),
    broken_share: float = 0.2,
) -> FeedPage:
    """One page of the suppliers of an agreement or of one of its lots. Contacts of people are not read."""
    found = read_object(page)

    def read(row: dict[str, Any]) -> AgreementSupplier | None:
        name = required(row, "name", "supplier_name")
        kept = corrected("supplier", name, bad_values)
        if kept is None:
            return None
        return AgreementSupplier(
            agreement=agreement,
            lot=lot,
            id=plain(row.get("salesforce_id")) or plain(row.get("id")) or kept,
            name=kept,
            trading_name=plain(row.get("trading_name")),
            duns=plain(row.get("duns_number")),
            website=plain(row.get("website")),
        )

    read_ones, issues = read_each(page, rows_of(page, found, "results"), read, broken_share)
    suppliers = [supplier for supplier in read_ones if supplier is not None]
    total, next_url = _paging(page, found)
    return FeedPage(
        tuple(suppliers),
        tuple((supplier.id, False) for supplier in suppliers),
        total,
        next_url,
        tuple(issues),
    )


def _paging(page: Page, found: dict[str, Any]) -> tuple[int | None, str | None]:
    """How many results there are in all, and the address of the next page while there are more."""
    total, limit, shown, number = (
        _whole(inside(found, "meta", key)) for key in ("total_results", "limit", "results", "page")
    )
    here = number or _whole(parse_qs(urlsplit(page.url).query).get("page", ["1"])[0]) or 1
    size = limit or shown or len(found["results"])
    is_last = not found["results"] or total is None or here * max(size, 1) >= total
    if is_last:
        return total, None
    parts = urlsplit(page.url)
    query = {key: values[0] for key, values in parse_qs(parts.query).items()} | {"page": str(here + 1)}
    return total, urlunsplit(parts._replace(query=urlencode(query)))


def _whole(value: Any) -> int | None:
    text = plain(value) or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
