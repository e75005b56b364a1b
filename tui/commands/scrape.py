"""``longlist scrape``: fetch services politely into the catalogue."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import click

from catalogue import __version__
from catalogue.errors import UsageError
from catalogue.questions import load_crosswalk
from db.archive import Archive, archive_path
from db.catalogue import open_catalogue
from db.runs import RunLog
from scrapers.discovery import ids_in
from scrapers.feed import Feed, load
from scrapers.fetch import Fetcher, user_agent
from scrapers.plan import Plan
from scrapers.run import crawl
from tui.commands.edge import Settings, pass_settings
from tui.commands.feeds import gather_records
from tui.commands.manners import contact, interrupted_by_termination, paced
from tui.commands.progress import shown_progress
from tui.commands.run_report import finish
from tui.commands.watching import watched


@click.command()
@click.argument("source_name", metavar="[SOURCE]", default="marketplace")
@click.option("--base-url", metavar="URL", help="Ask this server instead: a mirror or a test server.")
@click.option(
    "--scope",
    help="Which part of the source; or: all. Left out: what its table says (self-service, digital, all).",
)
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    metavar="N",
    help="At most this many service pages, or pages of records.",
)
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
@watched
@pass_settings
def scrape(
    settings: Settings,
    *,
    source_name: str,
    base_url: str | None,
    scope: str | None,
    limit: int | None,
    budget: int | None,
    delay: float | None,
    ids_file: Any,
    resume: bool,
    as_json: bool,
) -> None:
    """Fetch services, or what is known around them, politely into the catalogue.

    SOURCE is marketplace (the services; this is the default), agreements (frameworks with dates and
    suppliers), awards (who bought what from whom), organisations (public bodies), or a TOML file that
    describes one. A run that was interrupted, or that reached its budget or limit, is gone on with by the
    next one; no page is asked twice. Ctrl-C ends a run in order and keeps what was fetched.

    Services become visible together at the end of a run, if it keeps within the bounds of its source; a part
    of a pass is marked as such.
    """
    source = load(source_name, base_url=base_url)
    scope = source.scope(scope or source.default_scope).name
    if isinstance(source, Feed):
        if ids_file is not None:
            raise UsageError(f"--ids is for service pages; {source.name} has none")
        gather_records(
            settings, source, Plan(scope, limit=limit, resume=resume), budget, delay, as_json=as_json
        )
        return
    pace = paced(source.politeness, delay, source.base_url, source.file)
    source = replace(source, politeness=pace)
    ids = ids_in(ids_file) if ids_file is not None else None
    if ids == ():
        given = getattr(ids_file, "name", "-")
        raise UsageError(f"--ids {given}: no service id in it; expected ids of 15 digits, or addresses")
    plan = Plan(scope, ids=ids, limit=limit, resume=resume)
    agent = user_agent(__version__, contact(settings, source.base_url))
    with (
        open_catalogue(settings.db, create=True) as catalogue,
        Archive(archive_path(settings.db)) as archive,
        Fetcher(source.base_url, source.politeness, agent=agent, budget=budget) as fetcher,
        interrupted_by_termination(),
        shown_progress(source.title) as on_progress,
    ):
        report = crawl(
            source,
            plan,
            fetcher=fetcher,
            store=RunLog(catalogue, archive),
            questions=load_crosswalk(),
            now=lambda: datetime.now(UTC),
            on_progress=on_progress,
        )
    finish(report, source, as_json=as_json)
