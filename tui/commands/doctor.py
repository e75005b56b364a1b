"""``longlist doctor``: one plain line per check of the installation, the catalogue and the sources."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path

import click

from catalogue.agreements import Dates, standing_of
from catalogue.bodies import load_sectors
from catalogue.checks import Check
from catalogue.errors import CatalogueError, LonglistError
from catalogue.frameworks import load_frameworks
from catalogue.model import CatalogueSummary
from catalogue.questions import load_crosswalk
from catalogue.references import load_references
from catalogue.rules import load_rules
from catalogue.suppliers import load_rules as load_rules_of_names
from catalogue.vocabulary import load_vocabulary
from db.agreements import agreement_dates
from db.catalogue import Catalogue, open_catalogue
from db.reading import summary
from db.soundness import damage, dangling, missing_abilities, unindexed
from tui.commands.edge import ExitCode, Settings, pass_settings, print_json, stop, tell
from tui.commands.source_checks import source_checks

#: The oldest Python that is tested.
_PYTHON = (3, 11)
#: The smallest terminal in which every screen is readable.
_COLUMNS, _LINES = 80, 24
#: Listings change and services are withdrawn weekly; past two missed weeks the results are worth a warning.
_FRESH = timedelta(days=14)

#: The tables of the domain that ship with the program, and what reads and checks each.
_TABLES: dict[str, Callable[[], object]] = {
    "frameworks.toml": load_frameworks,
    "questions.toml": load_crosswalk,
    "vocabulary.toml": load_vocabulary,
    "barriers.toml": load_rules,
    "bodies.toml": load_sectors,
    "suppliers.toml": load_rules_of_names,
    "references.toml": load_references,
}
#: Of the longest name of a check; lines are printed as they come, as a large catalogue takes some seconds.
_NAME_WIDTH = len("awards contracts-finder")


@click.command()
@click.option(
    "--source",
    "sources",
    multiple=True,
    metavar="SOURCE",
    help="Ask this source alone (more than once for several); a name, or a TOML file.",
)
@click.option("--base-url", metavar="URL", help="Ask the sources at this server instead.")
@click.option("--offline", is_flag=True, help="Ask no source.")
@click.option("--json", "as_json", is_flag=True, help="Print a list of checks as JSON.")
@pass_settings
def doctor(
    settings: Settings, *, sources: tuple[str, ...], base_url: str | None, offline: bool, as_json: bool
) -> None:
    """Check Python, SQLite, the terminal, the shipped tables, the catalogue and the sources.

    Each source is asked for robots.txt and a page or two, as slowly as a scrape asks. Prints ok, warn or fail
    for each check; the exit status is 1 where anything fails, and 4 where nothing fails but a source that
    answers and not as expected.
    """
    checks = []
    found = examine(settings.db, now=datetime.now(UTC))
    asked = iter(()) if offline else source_checks(settings, sources, base_url)
    for check in chain(found, asked):
        checks.append(check)
        if not as_json:
            tell(_told(check, plain=settings.plain))
    if as_json:
        print_json([{key: getattr(check, key) for key in ("name", "state", "detail")} for check in checks])
    failed = [check for check in checks if check.state == "fail"]
    if failed:
        stop(ExitCode.SOURCE if all(check.changed for check in failed) else ExitCode.FAILED)


def _told(check: Check, *, plain: bool) -> str:
    """A check as a line: state, name and detail in columns, or what it is about before what was found."""
    if plain:
        return f"{check.name}: {check.state}, {check.detail}"
    return f"{check.state:<4}  {check.name:<{_NAME_WIDTH}}  {check.detail}"


def examine(db: Path, *, now: datetime) -> Iterator[Check]:
    """Every check in order; ``now`` is aware."""
    yield _python()
    yield _sqlite()
    yield _terminal()
    yield _colour()
    for name, load in _TABLES.items():
        yield _table(name, load)
    yield from _catalogue(db, now)


def _python() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < _PYTHON:
        return Check("python", "fail", f"{version}; needs {'.'.join(map(str, _PYTHON))} or newer")
    return Check("python", "ok", version)


def _sqlite() -> Check:
    missing = missing_abilities()
    if missing:
        return Check(
            "sqlite", "fail", f"{sqlite3.sqlite_version} lacks {', '.join(missing)}; use a newer Python build"
        )
    return Check("sqlite", "ok", f"{sqlite3.sqlite_version} with STRICT tables and FTS5")


def _terminal() -> Check:
    if not sys.stdout.isatty():
        return Check("terminal", "ok", "none here (output goes to a file or pipe); commands need none")
    size = shutil.get_terminal_size()
    found = f"{size.columns} by {size.lines}"
    if size.columns < _COLUMNS or size.lines < _LINES:
        return Check(
            "terminal", "warn", f"{found}; the interface needs {_COLUMNS} by {_LINES} to be readable"
        )
    return Check("terminal", "ok", found)


def _colour() -> Check:
    if os.environ.get("NO_COLOR"):
        return Check("colour", "ok", "switched off by NO_COLOR; nothing is said by colour alone")
    term = os.environ.get("TERM", "")
    if os.environ.get("COLORTERM") in {"truecolor", "24bit"}:
        return Check("colour", "ok", "24 bit")
    if term == "dumb" and sys.stdout.isatty():
        return Check("colour", "warn", "TERM=dumb: the interface cannot draw; set TERM, e.g. xterm-256color")
    return Check("colour", "ok", f"as {term or 'the system'} has it; nothing is said by colour alone")


def _table(name: str, load: Callable[[], object]) -> Check:
    try:
        load()
    except LonglistError as error:
        return Check(name, "fail", str(error))
    return Check(name, "ok", "loads")


def _catalogue(db: Path, now: datetime) -> Iterator[Check]:
    if not db.exists():
        yield Check(
            "catalogue", "warn", f"{db}: not there yet; make one with: longlist scrape, or: longlist import"
        )
        return
    try:
        with open_catalogue(db, read_only=True) as catalogue:
            found = summary(catalogue)
            yield Check("catalogue", "ok", f"{db}: {found.services} services, {found.live} live")
            yield from _whole(catalogue)
            yield _pass(found)
            yield _age(found, now)
            dates = agreement_dates(catalogue)
            yield _frameworks(found, now, dates)
            yield from _other_dates(found, dates)
    except CatalogueError as error:
        yield Check("catalogue", "fail", str(error))


def _whole(catalogue: Catalogue) -> Iterator[Check]:
    advice = "dump what can be read and import it into a new file"
    signs = damage(catalogue)
    yield (
        Check("integrity", "fail", f"{'; '.join(signs)}; {advice}")
        if signs
        else Check("integrity", "ok", "the file is whole")
    )
    rows = dangling(catalogue)
    yield (
        Check("references", "fail", f"{'; '.join(rows)}; {advice}")
        if rows
        else Check("references", "ok", "every row refers to what is there")
    )
    missing = unindexed(catalogue)
    yield (
        Check("search index", "fail", f"{missing} services cannot be found by their words; {advice}")
        if missing
        else Check("search index", "ok", "holds every service")
    )


def _pass(found: CatalogueSummary) -> Check:
    if found.partial is not None:
        return Check("pass", "warn", f"{found.partial}; go on with: longlist scrape")
    return Check("pass", "ok", "no part of a scrape is outstanding")


def _age(found: CatalogueSummary, now: datetime) -> Check:
    if found.newest is None:
        return Check("newest record", "warn", "the catalogue is empty; longlist scrape, or longlist import")
    age = now - found.newest
    seen = f"{found.newest:%Y-%m-%d}, {max(age.days, 0)} days ago"
    if age > _FRESH:
        return Check("newest record", "warn", f"{seen}; listings may have changed: longlist scrape")
    return Check("newest record", "ok", seen)


def _frameworks(found: CatalogueSummary, now: datetime, dates: Dates) -> Check:
    today = now.date()
    standings = [(each, standing_of(each.value, today, dates)) for each in found.by_framework]
    closed = [
        f"{standing.framework} ({each.count}; {standing.sentence(today)})"
        for each, standing in standings
        if standing is not None and not standing.open
    ]
    unknown = [each.value for each, standing in standings if standing is None]
    remarks = []
    if closed:
        remarks.append(f"not open to buyers today: {', '.join(closed)}")
    if unknown:
        remarks.append(f"not in frameworks.toml, dates unknown: {', '.join(unknown)}")
    if remarks:
        return Check("frameworks", "warn", "; ".join(remarks))
    open_ones = ", ".join(
        f"{standing.framework} {standing.sentence(today)}" for _, standing in standings if standing
    )
    return Check("frameworks", "ok", open_ones or "none yet")


def _other_dates(found: CatalogueSummary, dates: Dates) -> Iterator[Check]:
    """Where the agreements' source gives another last day than frameworks.toml."""
    table = load_frameworks()
    for each in found.by_framework:
        framework = table.get(each.value)
        published = dates.get(framework.agreement.upper()) if framework is not None else None
        if framework is None or published is None or published[1] is None or framework.ends is None:
            continue
        if published[1] != framework.ends:
            detail = (
                f"{framework.name} ends on {framework.ends} in catalogue/frameworks.toml and on "
                f"{published[1]} in the agreements as fetched; the latter is shown. "
                "Change the table if it is right"
            )
            yield Check("dates", "warn", detail)
