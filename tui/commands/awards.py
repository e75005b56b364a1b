"""``longlist awards``: what public bodies bought from a supplier."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from catalogue.awards import Purchase
from catalogue.errors import UsageError
from catalogue.profile import SECTORS
from db.awards import newest_release, purchases_from
from db.catalogue import open_catalogue
from db.reading import read_record
from tui.commands.edge import Settings, pass_settings, print_json, tell
from tui.commands.purchases import purchase_lines, sector_wanted


@click.command()
@click.argument("supplier", metavar="SUPPLIER")
@click.option("--sector", type=click.Choice(SECTORS), help="Only what bodies of this sector bought.")
@click.option(
    "--profile",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Only what bodies of the sector of this profile bought.",
)
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="The newest so many.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_settings
def awards(
    settings: Settings, supplier: str, *, sector: str | None, profile: Path | None, limit: int, as_json: bool
) -> None:
    """Which public bodies bought from SUPPLIER (a name, or the id of a service), when, and for how much.

    Awards come from: longlist scrape awards. Suppliers are joined by a register's number or by name,
    strictly, and named as published. Awards are never a part of any score.
    """
    wanted = sector_wanted(sector, profile)
    with open_catalogue(settings.db, read_only=True) as catalogue:
        record = read_record(catalogue, supplier)
        name = record.supplier.name if record is not None else supplier
        if not name.strip():
            raise UsageError("SUPPLIER is empty; expected a name, or the id of a service")
        found = purchases_from(catalogue, name)
        any_known = newest_release(catalogue) is not None
    if as_json:
        print_json([_as_json(each) for each in found if wanted is None or each.sector == wanted][:limit])
        return
    lines = purchase_lines(found, wanted, any_known=any_known, most=limit)
    tell("\n".join([f"Bought from {' '.join(name.split())}:", *lines]))


def _as_json(purchase: Purchase) -> dict[str, Any]:
    days = {key: day and day.isoformat() for key, day in asdict(purchase).items() if key in _DAYS}
    amount = None if purchase.amount is None else float(purchase.amount)
    return asdict(purchase) | days | {"amount": amount, "agreements": list(purchase.agreements)}


_DAYS = ("awarded", "starts", "ends")
