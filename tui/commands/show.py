"""``longlist show``: one service with all that its page says, as text that reads well aloud."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import msgspec
from rapidfuzz import process

from catalogue.agreements import standing_of, with_standing
from catalogue.errors import UsageError
from catalogue.profile import SECTORS
from catalogue.records import ServiceRecord, encode_record
from db.agreements import agreement_dates
from db.awards import newest_release, purchases_from
from db.catalogue import Catalogue, open_catalogue
from db.reading import known_ids, read_record
from tui.commands.edge import Settings, is_plain, pass_settings, print_json, tell
from tui.commands.purchases import purchase_lines, sector_wanted

_NOT_STATED = "not stated"
#: What a heading is called where no line is drawn below it.
_HEADINGS = {"=": "Service", "-": "Section"}
#: Purchases told of the supplier; all of them are in `longlist awards`.
_PURCHASES = 10


@click.command()
@click.argument("service", metavar="ID")
@click.option("--sector", type=click.Choice(SECTORS), help="Awards: only what bodies of this sector bought.")
@click.option(
    "--profile",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Awards: only what bodies of the sector of this profile bought.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the service record as JSON.")
@pass_settings
def show(
    settings: Settings, service: str, *, sector: str | None, profile: Path | None, as_json: bool
) -> None:
    """Show the service with this ID: everything its page says, section by section.

    At the end: which public bodies bought from its supplier (see longlist awards).
    """
    wanted = sector_wanted(sector, profile)
    today = datetime.now(UTC).date()
    with open_catalogue(settings.db, read_only=True) as catalogue:
        record = read_record(catalogue, service)
        if record is None:
            raise UsageError(_unknown(catalogue, service))
        purchases = purchases_from(catalogue, record.supplier.name)
        any_known = newest_release(catalogue) is not None
        dates = agreement_dates(catalogue)
    if as_json:
        print_json(msgspec.json.decode(encode_record(record)))
        return
    name = record.framework.name or record.framework.slug
    framework = with_standing(name, standing_of(record.framework.slug, today, dates), today)
    bought = purchase_lines(purchases, wanted, any_known=any_known, most=_PURCHASES)
    lines = list(_lines(record, framework))
    if any_known:
        lines += _part("Bought from this supplier", bought)
    tell("\n".join(lines))


def _unknown(catalogue: Catalogue, service: str) -> str:
    near = process.extract(service, sorted(known_ids(catalogue)), limit=3, score_cutoff=85)
    advice = (
        f"nearest: {', '.join(name for name, _, _ in near)}" if near else "find ids with: longlist search"
    )
    return f"there is no service {service!r} in the catalogue; {advice}"


def _lines(record: ServiceRecord, framework: str) -> Iterator[str]:
    """The whole record: headings underlined, then a line for each statement."""
    yield from _heading(record.name, "=")
    supplier = record.supplier.name + (f" ({record.supplier.id})" if record.supplier.id else "")
    yield f"Supplier: {supplier}"
    yield f"Framework: {framework}"
    yield f"Lot: {record.lot.name or record.lot.slug}"
    yield f"Status: {record.status}"
    yield f"Price: {record.price or _NOT_STATED}"
    yield f"Service id: {record.id}"
    yield f"Page: {record.url or _NOT_STATED}"
    yield from _part("Description", None if record.description is None else [record.description])
    for name, items in (("Features", record.features), ("Benefits", record.benefits)):
        yield from _part(name, None if items is None else [_item(item) for item in items])
    paths = record.categories
    yield from _part("Categories", None if paths is None else [_item(" > ".join(path)) for path in paths])
    for section in record.sections or ():
        answers = [
            line for answer in section.answers for line in _statement(answer.question, list(answer.values))
        ]
        yield from _part(section.name, answers)
    if record.structured is not None:
        yield from _part("Price details", list(_nested(record.structured)))
    documents = record.documents
    yield from _part(
        "Documents", None if documents is None else [_item(f"{each.name}: {each.url}") for each in documents]
    )


def _heading(text: str, line: str) -> Iterator[str]:
    text = " ".join(text.split())
    if is_plain():
        yield f"{_HEADINGS[line]}: {text}"
        return
    yield text
    yield line * len(text)


def _part(name: str, lines: Iterable[str] | None) -> Iterator[str]:
    yield ""
    yield from _heading(name, "-")
    stated = [_NOT_STATED] if lines is None else list(lines)
    yield from stated or ["none"]


def _item(text: str) -> str:
    return "- " + text.replace("\n", "\n  ")


def _statement(label: str, values: list[str]) -> Iterator[str]:
    """A question and its answer: on one line where it fits, else a line for each value."""
    if is_plain():
        yield from (f"{label}: {value}" for value in (values or ["no value"]))
        return
    if len(values) == 1 and "\n" not in values[0]:
        yield f"{label}: {values[0]}"
        return
    yield f"{label}:" if values else f"{label}: no value"
    yield from ("  " + _item(value).replace("\n", "\n  ") for value in values)


def _nested(value: Any, depth: int = 0) -> Iterator[str]:
    """What a page shows as a table or formula, as indented lines."""
    indent = "  " * depth
    for name, item in value.items() if isinstance(value, dict) else enumerate(value, start=1):
        label = str(name).replace("_", " ")
        if isinstance(item, dict | list):
            yield f"{indent}{label}:"
            yield from _nested(item, depth + 1)
        else:
            yield f"{indent}{label}: {_NOT_STATED if item is None else item}"
