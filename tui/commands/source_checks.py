"""Asking each source whether it still answers as its table expects, for ``longlist doctor``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from catalogue import __version__
from catalogue.checks import Check
from catalogue.errors import CatalogueError, UsageError
from catalogue.questions import load_crosswalk
from db.catalogue import open_catalogue
from db.reading import a_live_service
from scrapers.check import check_feed, check_marketplace
from scrapers.feed import Feed, load
from scrapers.fetch import Fetcher, user_agent
from scrapers.source import Politeness, source_names
from tui.commands.edge import Settings
from tui.commands.manners import contact, is_local

#: A check does not insist: one attempt, and no longer than this for an answer.
_PATIENCE_SECONDS = 20.0


def source_checks(settings: Settings, names: tuple[str, ...], base_url: str | None) -> Iterator[Check]:
    """Whether each source answers as its table expects; one that may not be asked yet is told so."""
    for name in names or source_names():
        source = load(name, base_url=base_url)
        servers = (
            [one.base_url for one in source.publishers] if isinstance(source, Feed) else [source.base_url]
        )
        try:
            agent = user_agent(__version__, contact(settings, *servers))
        except UsageError as error:
            yield Check(source.name, "warn", f"not asked: {error}")
            continue

        def open_fetcher(server: str, politeness: Politeness, agent: str = agent) -> Fetcher:
            brief = replace(
                politeness,
                attempts=1,
                timeout_seconds=min(politeness.timeout_seconds, _PATIENCE_SECONDS),
                delay_seconds=0.0 if is_local(server) else politeness.delay_seconds,
            )
            return Fetcher(server, brief, agent=agent)

        if isinstance(source, Feed):
            found = check_feed(source, open_fetcher, datetime.now(UTC))
        else:
            found = check_marketplace(source, open_fetcher, _known_service(settings.db), load_crosswalk())
        yield from found


def _known_service(db: Path) -> str | None:
    """A live service of the catalogue to look at, where there is one."""
    try:
        with open_catalogue(db, read_only=True) as catalogue:
            return a_live_service(catalogue)
    except CatalogueError:
        return None
