"""``longlist scrape``: fetch services politely into the catalogue."""

from __future__ import annotations

import math
import os
import signal
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn
from urllib.parse import urlsplit

import click

from catalogue import __version__
from catalogue.errors import UsageError
from catalogue.questions import load_crosswalk
from catalogue.runs import Outcome
from db.catalogue import open_catalogue
from db.runs import RunLog
from scrapers.discovery import ids_in
from scrapers.fetch import Fetcher, user_agent
from scrapers.run import Plan, Report, crawl
from scrapers.source import Source, load_source
from tui.commands.edge import ExitCode, Settings, pass_settings, print_json, say, stop
from tui.commands.progress import shown_progress

#: A web or mail address where the source's operator can reach whoever runs this.
CONTACT_VARIABLE = "LONGLIST_CONTACT"
#: How many failures are written out; all of them are in `longlist runs`.
_FAILURES_SHOWN = 20


@click.command()
@click.argument("source_name", metavar="[SOURCE]", default="marketplace")
@click.option("--base-url", metavar="URL", help="Ask this server instead: a mirror or a test server.")
@click.option("--scope", default="self-service", show_default=True, help="Which part of the source; or: all.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most this many service pages.")
@click.option("--budget", type=click.IntRange(min=1), metavar="REQUESTS", help="At most this many requests.")
@click.option(
    "--delay", type=click.FloatRange(0, 86_400), metavar="SECONDS", help="Time between two requests."
)
@click.option(
    "--ids",
    "ids_file",
    type=click.File(encoding="utf-8", errors="replace"),
    metavar="FILE",
    help="Fetch the services whose ids or addresses are in this file (- for standard input); no listing.",
)
@click.option(
    "--resume/--no-resume",
    default=True,
    show_default=True,
    help="Go on with an unfinished run, or begin anew.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@pass_settings
def scrape(
    settings: Settings,
    *,
    source_name: str,
    base_url: str | None,
    scope: str,
    limit: int | None,
    budget: int | None,
    delay: float | None,
    ids_file: Any,
    resume: bool,
    as_json: bool,
) -> None:
    """Fetch services politely into the catalogue.

    SOURCE is the name of a source, or a TOML file that describes one. A run that was interrupted, or that
    reached its budget or limit, is gone on with by the next one; no page is asked twice. Ctrl-C ends a run
    in order and keeps what was fetched.
    """
    source = _paced(load_source(source_name, base_url=base_url), delay)
    source.scope(scope)
    ids = ids_in(ids_file) if ids_file is not None else None
    if ids == ():
        given = getattr(ids_file, "name", "-")
        raise UsageError(f"--ids {given}: no service id in it; expected ids of 15 digits, or addresses")
    plan = Plan(scope, ids=ids, limit=limit, resume=resume)
    agent = user_agent(__version__, _contact(settings, source))
    with (
        open_catalogue(settings.db, create=True) as catalogue,
        Fetcher(source.base_url, source.politeness, agent=agent, budget=budget) as fetcher,
        _interrupted_by_termination(),
        shown_progress(source.title) as on_progress,
    ):
        report = crawl(
            source,
            plan,
            fetcher=fetcher,
            store=RunLog(catalogue),
            questions=load_crosswalk(),
            now=lambda: datetime.now(UTC),
            on_progress=on_progress,
        )
    _tell(report, source)
    if as_json:
        print_json(_as_json(report))
    status = _status(report)
    if status is not ExitCode.DONE:
        stop(status)


def _paced(source: Source, delay: float | None) -> Source:
    """The source with the delay asked for, which for servers of others may not be less than they allow."""
    if delay is None:
        return source
    if math.isnan(delay):  # lies within every range
        raise UsageError("--delay nan: expected a number of seconds")
    least = source.politeness.minimum_delay_seconds
    if delay < least and not _is_local(source.base_url):
        raise UsageError(
            f"--delay {delay:g}: {source.base_url} may be asked every {least:g} seconds at most "
            f"(politeness.minimum_delay_seconds of {source.file})"
        )
    return replace(source, politeness=replace(source.politeness, delay_seconds=delay))


def _contact(settings: Settings, source: Source) -> str | None:
    """Where the source's operator can reach us. Servers of others are not asked without."""
    contact = os.environ.get(CONTACT_VARIABLE) or _settings_contact(settings.paths.settings)
    if contact:
        if not contact.isascii() or not contact.isprintable():
            raise UsageError(f"contact: found {contact!r}, expected a web or mail address in ASCII")
        return contact
    if _is_local(source.base_url):
        return None
    raise UsageError(
        f"{source.base_url} is asked under a name with which its operator can reach you: set "
        f"{CONTACT_VARIABLE} to a web or mail address, or write into {settings.paths.settings} a line like "
        f'contact = "https://council.example/contact"'
    )


def _settings_contact(file: Path) -> str | None:
    if not file.is_file():
        return None
    try:
        contact = tomllib.loads(file.read_text(encoding="utf-8")).get("contact")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: not TOML: {error}") from None
    if contact is not None and not isinstance(contact, str):
        raise UsageError(f"{file}: contact: found {contact!r}, expected a web or mail address")
    return contact


def _is_local(url: str) -> bool:
    return urlsplit(url).hostname in ("127.0.0.1", "localhost", "::1")


@contextmanager
def _interrupted_by_termination() -> Iterator[None]:
    """Let a request to terminate end the run in the same order as Ctrl-C."""

    def interrupt(_signal: int, _frame: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _status(report: Report) -> ExitCode:
    """The exit status of a run."""
    if report.outcome is Outcome.CHANGED or report.moved:
        return ExitCode.SOURCE
    if report.outcome is Outcome.FAILED and not report.counts.answered:
        return ExitCode.FAILED
    return ExitCode.PARTIAL if report.partial else ExitCode.DONE


def _tell(report: Report, source: Source) -> None:
    """The report in words, on standard error."""
    counts = report.counts
    say(
        f"Run {report.run} {report.outcome.value}: {counts.answered} service pages answered, "
        f"{counts.requests} requests; {counts.added} services new, {counts.changed} changed, "
        f"{counts.unchanged} as before."
    )
    ended = [
        (counts.withdrawn, "withdrawn"),
        (counts.expired, "expired"),
        (counts.gone, "gone and kept as withdrawn"),
    ]
    if any(number for number, _ in ended):
        say("Of these " + ", ".join(f"{number} {what}" for number, what in ended if number) + ".")
    if report.reason:
        say(f"Ended because: {report.reason}")
    if counts.left:
        say(f"{counts.left} services are left; run the same command again to go on.")
    if report.moved:
        say(
            f"The listing has moved: not all of its addresses show services. Change discovery.template "
            f"in {source.file} (or in a copy of it: longlist scrape COPY.toml), give a list of ids with "
            f"--ids FILE, or read records with longlist import. Known services are refreshed all the same."
        )
    for issue in report.failures[:_FAILURES_SHOWN]:
        say(
            f"  {issue.kind}: {issue.message}" + ("" if issue.place in issue.message else f" ({issue.place})")
        )
    if len(report.failures) > _FAILURES_SHOWN:
        say(f"  and {len(report.failures) - _FAILURES_SHOWN} more")
    if report.issues:
        kinds = ", ".join(f"{kind} {times}" for kind, times in sorted(report.issues.items()))
        say(f"Issues: {kinds}. All of them: longlist runs {report.run}")


def _as_json(report: Report) -> dict[str, Any]:
    """The report for programs."""
    return {
        "run": report.run,
        "outcome": report.outcome.value,
        "reason": report.reason,
        "listing_moved": report.moved,
        "counts": asdict(report.counts),
        "issues": dict(sorted(report.issues.items())),
        "failures": [
            {"kind": issue.kind, "place": issue.place, "message": issue.message} for issue in report.failures
        ],
    }
