"""``longlist doctor``: one plain line per check of the installation and the catalogue."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import click

from catalogue.errors import CatalogueError, LonglistError
from catalogue.frameworks import load_frameworks
from catalogue.model import CatalogueSummary
from catalogue.questions import load_crosswalk
from catalogue.records import strip_controls
from catalogue.rules import load_rules
from catalogue.vocabulary import load_vocabulary
from db.catalogue import Catalogue, open_catalogue
from db.reading import summary
from db.soundness import damage, dangling, missing_abilities, unindexed
from tui.commands.edge import ExitCode, Settings, pass_settings, print_json, stop

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
}
#: Of the longest name of a check; lines are printed as they come, as a large catalogue takes some seconds.
_NAME_WIDTH = max(map(len, _TABLES))


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: ``warn`` works but deserves a look, ``fail`` makes the exit status 1."""

    name: str
    state: Literal["ok", "warn", "fail"]
    detail: str


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print a list of checks as JSON.")
@pass_settings
def doctor(settings: Settings, as_json: bool) -> None:
    """Check Python, SQLite, the terminal, the shipped tables and the catalogue.

    Prints ok, warn or fail for each; the exit status is 1 where anything fails.
    """
    checks = []
    for check in examine(settings.db, now=datetime.now(UTC)):
        checks.append(check)
        if not as_json:
            click.echo(f"{check.state:<4}  {check.name:<{_NAME_WIDTH}}  {strip_controls(check.detail)}")
    if as_json:
        print_json([asdict(check) for check in checks])
    if any(check.state == "fail" for check in checks):
        stop(ExitCode.FAILED)


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
            yield _age(found, now)
            yield _frameworks(found, now)
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


def _age(found: CatalogueSummary, now: datetime) -> Check:
    if found.newest is None:
        return Check("newest record", "warn", "the catalogue is empty; longlist scrape, or longlist import")
    age = now - found.newest
    seen = f"{found.newest:%Y-%m-%d}, {max(age.days, 0)} days ago"
    if age > _FRESH:
        return Check("newest record", "warn", f"{seen}; listings may have changed: longlist scrape")
    return Check("newest record", "ok", seen)


def _frameworks(found: CatalogueSummary, now: datetime) -> Check:
    known = load_frameworks()
    closed = [
        f"{known[each.value].name} ({each.count})"
        for each in found.by_framework
        if each.value in known and not known[each.value].open_on(now.date())
    ]
    unknown = [each.value for each in found.by_framework if each.value not in known]
    remarks = []
    if closed:
        remarks.append(f"not open to buyers today: {', '.join(closed)}")
    if unknown:
        remarks.append(f"not in frameworks.toml, dates unknown: {', '.join(unknown)}")
    if remarks:
        return Check("frameworks", "warn", "; ".join(remarks))
    return Check("frameworks", "ok", "all open to buyers today" if found.by_framework else "none yet")
