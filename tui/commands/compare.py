"""``longlist compare``: several services side by side, one question after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from catalogue.agreements import Dates, standing_of, with_standing
from catalogue.comparison import Cell, Row
from catalogue.comparison import compare as compare_services
from catalogue.errors import UsageError
from catalogue.judged_rows import judged_rows
from catalogue.match import Excluded, Match, MatchResult
from catalogue.model import Service
from catalogue.questions import load_crosswalk
from catalogue.read import read_service
from catalogue.records import ServiceRecord
from catalogue.sentences import line
from db.agreements import agreement_dates
from db.catalogue import open_catalogue
from db.reading import read_records
from tui.commands.edge import Settings, is_plain, pass_settings, print_json, tell
from tui.commands.plain import labelled
from tui.matching import match_catalogue, read_profile


@click.command()
@click.argument("services", metavar="ID ID…", nargs=-1, required=True)
@click.option(
    "--profile",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Also show how each does for the organisation of this profile.",
)
@click.option("--differences", is_flag=True, help="Leave out what they all say alike.")
@click.option("--json", "as_json", is_flag=True, help="Print the comparison as JSON.")
@pass_settings
def compare(
    settings: Settings, services: tuple[str, ...], profile: Path | None, differences: bool, as_json: bool
) -> None:
    """Show the services with these IDs side by side, one question after the other.

    Answers stand under today's question, whatever framework they were given on.
    """
    wanted = tuple(dict.fromkeys(services))
    if len(wanted) < 2:
        raise UsageError("a comparison needs at least two different services; see: longlist compare --help")
    organisation = read_profile(profile) if profile else None
    crosswalk = load_crosswalk()
    with open_catalogue(settings.db, read_only=True) as catalogue:
        found = [read_service(record, crosswalk)[0] for record in read_records(catalogue, wanted)]
        if missing := [name for name in wanted if name not in {service.id for service in found}]:
            raise UsageError(
                f"not in the catalogue: {', '.join(map(repr, missing))}; find ids with: longlist search"
            )
        live = [service.id for service in found if service.record.status == "live"]
        result = match_catalogue(catalogue, organisation, also=live) if organisation else None
        dates = agreement_dates(catalogue)
    rows = [row for row in compare_services(found, crosswalk) if row.differs or not differences]
    judged = judged_rows(found, result, crosswalk) if result else ()
    if as_json:
        print_json(_json(found, rows, result))
    else:
        rows = [*(row for row in judged if row.differs or not differences), *rows]
        tell("\n".join(_lines(found, rows, result, dates)))


def _lines(
    services: Sequence[Service], rows: Sequence[Row], result: MatchResult | None, dates: Dates
) -> Iterator[str]:
    letters = [letter_of(number) for number in range(len(services))]
    for letter, service in zip(letters, services, strict=True):
        yield from _head(letter, service.record, dates)
    if result is not None:
        yield ""
        yield f"For {result.profile.organisation.name}"
    yield from row_lines(rows, plain=is_plain())


def row_lines(rows: Sequence[Row], *, plain: bool = False) -> Iterator[str]:
    """The rows under the names of their sections, each with a line for every different answer."""
    section = ""
    for row in rows:
        if row.section != section:
            section = row.section
            yield ""
            yield f"Section: {section}" if plain else section
            yield "-" * len(section)
        yield f"Question: {line(row.label)}" if plain else line(row.label)
        yield from _cells(row.cells, plain=plain)


def _head(letter: str, record: ServiceRecord, dates: Dates) -> Iterator[str]:
    today = datetime.now(UTC).date()
    standing = standing_of(record.framework.slug, today, dates)
    framework = with_standing(line(record.framework.name or record.framework.slug), standing, today)
    supplier = line(record.supplier.name)
    if is_plain():
        yield ""
        yield from labelled(
            [
                (f"Service {letter}", line(record.name)),
                ("Supplier", supplier),
                ("Framework", framework),
                ("Service id", record.id),
            ]
        )
        return
    yield f"{letter}  {line(record.name)} ({supplier}), {record.id}"
    yield f"   {framework}"


def _cells(cells: Sequence[Cell], *, plain: bool) -> Iterator[str]:
    """A line for each different answer, with the letters of those who give it."""
    said: dict[str, list[str]] = {}
    for number, cell in enumerate(cells):
        said.setdefault(cell.text, []).append(letter_of(number))
    for text, those in said.items():
        yield f"  {(' and ' if plain else ', ').join(those)}: {text}"


def _json(services: Sequence[Service], rows: Sequence[Row], result: MatchResult | None) -> dict[str, Any]:
    return {
        "services": [
            {"id": service.id, "name": service.record.name, **_standing_json(service.id, result)}
            for service in services
        ],
        "rows": [
            {
                "section": row.section,
                "question": row.label,
                "differs": row.differs,
                "answers": [
                    {"values": None if cell.values is None else list(cell.values), "state": cell.state.value}
                    for cell in row.cells
                ],
            }
            for row in rows
        ],
    }


def _standing_json(service: str, result: MatchResult | None) -> dict[str, Any]:
    found = result.judged.get(service) if result else None
    if not isinstance(found, Match):
        return {"score": None, "excluded": isinstance(found, Excluded)} if result else {}
    return {
        "score": float(found.score),
        "excluded": False,
        "verdicts": [
            {"need": finding.need, "verdict": finding.verdict.value, "points": float(finding.points)}
            for part in found.contributions
            for finding in part.findings
        ],
    }


def letter_of(number: int) -> str:
    """A, B, … Z, AA, AB: a short name for each service."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
