"""A marketplace on this machine, a clock that does not wait, and the real crawl into a real catalogue."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from catalogue.questions import load_crosswalk
from catalogue.records import ServiceRecord
from db.archive import Archive, archive_path
from db.catalogue import Catalogue, open_catalogue
from db.reading import dump_records
from db.runs import RunLog
from scrapers.fetch import Clock, Fetcher
from scrapers.plan import Plan, Report
from scrapers.run import crawl
from scrapers.source import Source, load_source
from tests.loopback import Marketplace

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@dataclass
class SlowClock:
    """A clock that moves only when somebody sleeps; it remembers each sleep."""

    moment: float = 0.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.moment += seconds

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.moment)

    @property
    def clock(self) -> Clock:
        return Clock(lambda: self.moment, self.sleep, self.now, lambda: 0.5)


@pytest.fixture
def slow_clock() -> SlowClock:
    return SlowClock()


@pytest.fixture
def site() -> Iterator[Marketplace]:
    with Marketplace().serving() as marketplace:
        yield marketplace


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    with open_catalogue(tmp_path / "catalogue.db", create=True) as opened:
        yield opened


@dataclass
class Scraper:
    """Runs the real crawl into a real catalogue, without waiting."""

    catalogue: Catalogue
    clock: SlowClock
    #: What is to be done with an archive once it is held, such as to make its disk small.
    on_hold: Callable[[Archive], None] = lambda _: None

    def source(self, site: Marketplace) -> Source:
        return load_source("marketplace", base_url=site.url)

    def run(
        self,
        site: Marketplace,
        *,
        scope: str = "all",
        ids: tuple[str, ...] | None = None,
        limit: int | None = None,
        resume: bool = True,
        budget: int | None = None,
        change: Callable[[Source], Source] = lambda source: source,
    ) -> Report:
        source = change(self.source(site))
        source = replace(source, politeness=replace(source.politeness, attempts=2))
        plan = Plan(scope, ids=ids, limit=limit, resume=resume)
        clock = self.clock.clock
        agent = "longlist/test (+https://council.example)"
        with (
            Fetcher(source.base_url, source.politeness, agent=agent, budget=budget, clock=clock) as fetcher,
            self.archive() as archive,
        ):
            return crawl(
                source,
                plan,
                fetcher=fetcher,
                store=RunLog(self.catalogue, archive),
                questions=load_crosswalk(),
                now=self.clock.now,
            )

    def archive(self) -> Archive:
        """The page archive of the catalogue, to be held by one run at a time."""
        on_hold = self.on_hold

        class Watched(Archive):
            def hold(self) -> None:
                super().hold()
                on_hold(self)

        return Watched(archive_path(self.catalogue.path))

    def dumped(self) -> dict[str, ServiceRecord]:
        return {record.id: record for record in dump_records(self.catalogue)}


@pytest.fixture
def scraper(catalogue: Catalogue, slow_clock: SlowClock) -> Scraper:
    return Scraper(catalogue, slow_clock)
