"""``longlist agreements``: frameworks that buyers can use, their lots, dates and suppliers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

import click

from catalogue.agreements import Agreement, AgreementSupplier
from catalogue.dates import long_date
from catalogue.instants import instant
from catalogue.text import normalise
from db.agreements import AgreementSeen, suppliers_of
from db.agreements import agreements as all_agreements
from db.catalogue import open_catalogue
from tui.commands.edge import Settings, is_plain, pass_settings, print_json, say, tell


@click.command()
@click.argument("text", nargs=-1)
@click.option("--open", "only_open", is_flag=True, help="Only those that buyers can call off today.")
@click.option("--suppliers", is_flag=True, help="Also the suppliers of each, by lot.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_settings
def agreements(
    settings: Settings, text: tuple[str, ...], *, only_open: bool, suppliers: bool, as_json: bool
) -> None:
    """Agreements of the Government Commercial Agency with their lots and dates.

    With TEXT, those in which all of its words occur. They come from: longlist scrape agreements. Those that
    end last stand first.
    """
    today = datetime.now(UTC).date()
    with open_catalogue(settings.db, read_only=True) as catalogue:
        everything = all_agreements(catalogue)
        found = [
            each
            for each in everything
            if _has(each.agreement, text) and (not only_open or _is_open(each.agreement, today))
        ]
        on_them = {
            each.agreement.number: suppliers_of(catalogue, each.agreement.number) if suppliers else []
            for each in found
        }
    if as_json:
        print_json([_as_json(each, on_them[each.agreement.number], suppliers) for each in found])
        return
    if not everything:
        say("No agreements are in the catalogue. Fetch them with: longlist scrape agreements")
    elif not found:
        say(f"None of {len(everything)} agreements fits. Try fewer or other words.")
    for each in found:
        tell("\n".join(_lines(each, on_them[each.agreement.number], today)))


def _has(agreement: Agreement, text: tuple[str, ...]) -> bool:
    said = (agreement.number, agreement.title, agreement.pillar, agreement.category, agreement.summary)
    there = normalise(" ".join(part for part in said if part))
    return all(word in there for word in normalise(" ".join(text)).split())


def _is_open(agreement: Agreement, today: date) -> bool:
    begun = agreement.starts is None or agreement.starts <= today
    live = (agreement.status or "live").casefold() == "live"
    return live and begun and (agreement.ends is None or today <= agreement.ends)


def _lines(seen: AgreementSeen, suppliers: list[AgreementSupplier], today: date) -> Iterator[str]:
    agreement = seen.agreement
    if is_plain():
        yield ""
        yield f"Agreement: {agreement.number}"
        yield f"Title: {agreement.title}"
    else:
        yield f"{agreement.number}  {agreement.title}"
    if agreement.ends is None:
        until = "end not stated"
    else:
        until = f"{'ended' if agreement.ends < today else 'until'} {long_date(agreement.ends)}"
    since = f"from {long_date(agreement.starts)}, " if agreement.starts else ""
    count = f"suppliers known: {seen.suppliers:,}" if seen.suppliers else "suppliers not fetched"
    status = "Status: " if is_plain() else "     "
    yield f"{status}{agreement.status or 'status not stated'}, {since}{until}; {count}"
    for lot in agreement.lots:
        ends = f", until {long_date(lot.ends)}" if lot.ends and lot.ends != agreement.ends else ""
        yield f"     Lot {lot.number}: {lot.title or 'no title'}{ends}"
        yield from _named(supplier for supplier in suppliers if supplier.lot == lot.number)
    yield from _named(supplier for supplier in suppliers if supplier.lot is None)


def _named(suppliers: Iterator[AgreementSupplier]) -> Iterator[str]:
    for supplier in suppliers:
        also = f" (trading as {supplier.trading_name})" if supplier.trading_name else ""
        yield f"{'Supplier: ' if is_plain() else '       '}{supplier.name}{also}"


def _as_json(seen: AgreementSeen, suppliers: list[AgreementSupplier], with_them: bool) -> dict[str, Any]:
    agreement = asdict(seen.agreement)
    for row in (agreement, *agreement["lots"]):
        row |= {key: day.isoformat() for key, day in row.items() if isinstance(day, date)}
    found = agreement | {"suppliers_known": seen.suppliers, "last_seen": instant(seen.last_seen)}
    return found | ({"suppliers": [asdict(each) for each in suppliers]} if with_them else {})
