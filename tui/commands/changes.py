"""``longlist changes``: what changed in the listings, and when the catalogue learnt of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

import click

from catalogue.history import FIELDS, NEW, Change, told
from catalogue.instants import instant
from db.catalogue import open_catalogue
from db.history import HistoryQuery, count_changes
from db.history import changes as read_changes
from db.history import shortlisted as read_shortlisted
from tui.commands.edge import Settings, is_plain, pass_settings, print_json, say, tell
from tui.commands.plain import labelled


def _moment(_context: click.Context, _parameter: click.Parameter, value: str | None) -> datetime | None:
    """A date, or a date and time, in UTC unless it says otherwise; a date alone is its beginning."""
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise click.BadParameter(
            f"{value!r}: expected a date such as 2026-11-20, or 2026-11-20T03:10:00Z"
        ) from None


@click.command()
@click.option("--since", callback=_moment, metavar="DATE", help="From this date (or date and time, UTC) on.")
@click.option("--run", type=int, metavar="RUN", help="Only what this run found; see longlist runs.")
@click.option(
    "--service", "services", multiple=True, metavar="ID", help="Only this service; may be repeated."
)
@click.option(
    "--field",
    "fields",
    multiple=True,
    type=click.Choice(FIELDS),
    metavar="FIELD",
    help=f"Only changes of this field; may be repeated. One of {', '.join(FIELDS)}.",
)
@click.option(
    "--lot",
    "lots",
    multiple=True,
    metavar="LOT",
    help="Only services of this lot (its slug); may be repeated.",
)
@click.option(
    "--supplier",
    "suppliers",
    multiple=True,
    metavar="NAME",
    help="Only services of this supplier, by its name as listed; may be repeated.",
)
@click.option("--shortlisted", is_flag=True, help="Only services on the shortlist of a project.")
@click.option(
    "--limit", type=click.IntRange(min=1), default=50, show_default=True, help="The newest so many changes."
)
@click.option("--json", "as_json", is_flag=True, help="Print a list of changes as JSON.")
@pass_settings
def changes(
    settings: Settings,
    *,
    since: datetime | None,
    run: int | None,
    services: tuple[str, ...],
    fields: tuple[str, ...],
    lots: tuple[str, ...],
    suppliers: tuple[str, ...],
    shortlisted: bool,
    limit: int,
    as_json: bool,
) -> None:
    """What changed in the services of the catalogue, the newest first.

    Each change of a price, an answer, a feature or anything else that a page shows is kept with the time at
    which the catalogue learnt of it. Services that are new are counted; --field new lists them.
    """
    with open_catalogue(settings.db, read_only=True) as catalogue, catalogue.snapshot():
        wanted: Collection[str] | None = services or None
        if shortlisted:
            wanted = read_shortlisted(catalogue) & set(services) if services else read_shortlisted(catalogue)
        query = HistoryQuery(since, run, wanted, fields, lots, suppliers)
        arrivals = replace(query, fields=(NEW,))
        found = read_changes(catalogue, query, limit=limit)
        changed, total = count_changes(catalogue, query)
        new, _ = count_changes(catalogue, arrivals)
    if as_json:
        print_json([_as_json(change) for change in found])
    elif found:
        tell("\n".join(_lines(found)))
    if len(found) < total:
        say(f"The newest {len(found):,} of {total:,} changes. More with --limit.")
    noun = "service" if changed == 1 else "services"
    if NEW in fields:
        say(f"{changed:,} {noun} new or changed.")
    else:
        say(f"{changed:,} {noun} changed, {new:,} new{'; list these with --field new' if new else ''}.")


def _lines(found: Sequence[Change]) -> Iterator[str]:
    """The changes of a service at one time under one heading."""
    for (at, service), together in groupby(found, key=lambda change: (change.at, change.service)):
        group = list(together)
        name, supplier = (" ".join(text.split()) for text in (group[0].name, group[0].supplier))
        if is_plain():
            yield ""
            yield from labelled(
                [("Service", name), ("Supplier", supplier), ("Service id", service), ("Time", instant(at))]
            )
            yield from labelled(("Change", told(change)) for change in group)
            continue
        yield f"{instant(at)}\t{service}\t{name} ({supplier})"
        yield from (f"\t{told(change)}" for change in group)


def _as_json(change: Change) -> dict[str, Any]:
    return {
        "service": change.service,
        "name": change.name,
        "supplier": change.supplier,
        "framework": change.framework,
        "lot": change.lot,
        "at": instant(change.at),
        "run": change.run,
        "field": change.field,
        "question": change.question,
        "before": change.before,
        "after": change.after,
    }
