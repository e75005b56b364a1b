"""One run of a feed: its lists followed page by page, what they show stored, and what happened told.

A page is stored with the memory of it, so a run goes on where it stopped; a window of time that was fetched
whole is not asked for again in later runs either. A list of another shape ends the run: nothing of it is
stored.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from catalogue.errors import CatalogueError, FetchRefused, SourceShapeError
from catalogue.model import Issue
from catalogue.runs import ListingSeen, Outcome, Pace, Published, RunCounts, RunKey
from scrapers import agreements, awards, organisations
from scrapers.feed import Feed, FeedPage, Publisher, Tour, Tours
from scrapers.fetch import BudgetSpent, Fetcher, FetchFailed, SourceBusy
from scrapers.pace import keep_to_pace, remember_pace
from scrapers.plan import Plan, Progress, Report

#: A list is left after this many pages; the longest known, all suppliers of a framework, has some fifty.
MOST_PAGES = 2_000
#: Issues that mean that something asked for was not obtained.
_FAILURES = frozenset(
    {"fetch-failed", "fetch-refused", "source-busy", "listing-broken", "listing-incomplete"}
)


class FeedStore(Protocol):
    """Memory of runs, pages and windows, and the place where records go."""

    def begin(self, key: RunKey, *, at: datetime, resume_since: datetime | None) -> int:
        """Begin a run and take the lock, or go on with an unfinished run of the same key begun since then."""

    def counts(self, run: int) -> RunCounts:
        """What the run did in its earlier parts."""

    def page(self, run: int, url: str) -> ListingSeen | None:
        """A page that answered earlier in this run."""

    def keep(
        self, run: int, page: ListingSeen, records: Sequence[Any], *, at: datetime
    ) -> tuple[int, int, int]:
        """Store the records of a page and the memory of it; how many were added, changed and unchanged."""

    def settle_suppliers(self, agreement: str, lot: str, run: int, *, least_share: float) -> str | None:
        """Remove the suppliers of a lot that its whole list did not show, or say why not."""

    def windows(self, source: str, publisher: str, base_url: str, scope: str) -> Collection[tuple[str, str]]:
        """The windows that were fetched whole, ever."""

    def keep_window(
        self, source: str, publisher: str, base_url: str, scope: str, window: tuple[str, str], *, at: datetime
    ) -> None:
        """Remember that a window was fetched whole."""

    def note(self, run: int, issue: Issue, *, at: datetime) -> None:
        """Keep an issue of this run."""

    def last_listed(self, key: RunKey) -> int | None:
        """How many records the last finished run of this key found listed."""

    def pace(self, base_url: str) -> Pace | None:
        """How slowly a server asked to be asked, the last time that it did."""

    def keep_pace(self, base_url: str, pace: Pace | None) -> None:
        """Remember how slowly a server wants to be asked; ``None`` forgets it."""

    def beat(self, run: int, counts: RunCounts, *, at: datetime) -> None:
        """Tell that the run is alive, and how far it is."""

    def end(self, run: int, outcome: Outcome, reason: str, counts: RunCounts, *, at: datetime) -> None:
        """End this part of the run and release the lock."""


#: Opens the connection to a publisher, with what is left of the budget of requests.
OpenFetcher = Callable[[Publisher, int | None], AbstractContextManager[Fetcher]]


class _Changed(Exception):
    """The source changed: the run must end."""


class _Silent(Exception):
    """A publisher does not answer: its part of the run ends."""


class _Enough(Exception):
    """As many pages as asked for were fetched."""


def gather(
    feed: Feed,
    plan: Plan,
    *,
    open_fetcher: OpenFetcher,
    store: FeedStore,
    now: Callable[[], datetime],
    budget: int | None = None,
    on_progress: Callable[[Progress], None] = lambda _: None,
) -> Report:
    """Run a plan to its end, to its budget, or until it is interrupted, and report.

    Raises `LockHeld` while another run works on the catalogue, and whatever the store raises; then the run is
    marked as failed and can be gone on with.
    """
    key = RunKey(feed.name, feed.base_url, plan.scope)
    since = now() - timedelta(days=feed.bounds.resume_days) if plan.resume else None
    run = store.begin(key, at=now(), resume_since=since)
    work = _Gathering(feed, plan, open_fetcher, store, now, budget, on_progress, run, key, store.counts(run))
    outcome, reason = Outcome.FAILED, ""
    try:
        try:
            outcome, reason = work.go()
        except KeyboardInterrupt:
            outcome, reason = Outcome.INTERRUPTED, "interrupted; run again to go on"
        except BudgetSpent as pause:
            outcome, reason = Outcome.STOPPED, str(pause)
        except _Enough:
            outcome, reason = Outcome.STOPPED, "as many pages as asked for were fetched; run again to go on"
        except _Changed as change:
            outcome, reason = Outcome.CHANGED, str(change)
    except BaseException as error:
        work.give_up(str(error) or type(error).__name__)
        raise
    counts = work.end(outcome, reason)
    # Records of feeds are stored page by page, as they come.
    published: Published = "whole" if outcome is Outcome.FINISHED else "partial"
    return Report(run, outcome, reason, counts, work.issues, tuple(work.failures), published=published)


@dataclass(slots=True)
class _Gathering:
    """The state of one run while it works."""

    feed: Feed
    plan: Plan
    open_fetcher: OpenFetcher
    store: FeedStore
    now: Callable[[], datetime]
    budget: int | None
    on_progress: Callable[[Progress], None]
    run: int
    key: RunKey
    before: RunCounts
    issues: dict[str, int] = field(default_factory=dict)
    failures: list[Issue] = field(default_factory=list)
    counts: RunCounts = field(default_factory=RunCounts)
    fetcher: Fetcher | None = None
    #: Requests of publishers that are done with, and pages fetched in this part of the run.
    requests: int = 0
    answering_seconds: float = 0.0
    pages: int = 0
    failures_in_a_row: int = 0

    def go(self) -> tuple[Outcome, str]:
        """Follow every list of every publisher. One that does not answer does not stop the others."""
        self.counts = replace(self.before, left=0, listed=0)
        silent: list[str] = []
        for publisher in self.feed.publishers:
            left = None if self.budget is None else self.budget - self.requests
            if left is not None and left <= 0:
                raise BudgetSpent(f"the budget of {self.budget} requests is spent")
            try:
                with self.open_fetcher(publisher, left) as fetcher:
                    self.fetcher = fetcher
                    pause_seconds = 0.0
                    try:
                        keep_to_pace(fetcher, self.store, self.now())
                        fetcher.open()
                        self.follow_all(publisher)
                    except SourceBusy as pause:
                        pause_seconds = pause.pause_seconds
                        raise
                    finally:
                        remember_pace(fetcher, self.store, publisher.politeness, pause_seconds, self.now())
                        self.requests += fetcher.requests
                        self.answering_seconds += fetcher.answering_seconds
                        self.fetcher = None
            except SourceBusy as pause:
                self.note(Issue("source-busy", publisher.base_url, str(pause)))
                silent.append(str(pause))
            except (FetchRefused, FetchFailed, _Silent) as silence:
                if not isinstance(silence, _Silent):  # robots.txt; the others are noted where they occur
                    self.note(Issue("fetch-refused", publisher.base_url, str(silence)))
                silent.append(str(silence))
        if silent:
            return Outcome.FAILED, "; ".join(silent)
        return Outcome.FINISHED, ""

    def tours(self, publisher: Publisher) -> Tours:
        """The lists of a publisher that are to be followed."""
        feed, scope = self.feed, self.feed.scope(self.plan.scope)
        if feed.records == "awards":
            covered = self.store.windows(feed.name, publisher.name, publisher.base_url, scope.name)
            return awards.tours(feed, publisher, scope, self.now(), covered)
        if feed.records == "agreements":
            return agreements.tours(feed, publisher, scope)
        return organisations.tours(feed, publisher)

    def follow_all(self, publisher: Publisher) -> None:
        """Follow the lists of one publisher, one after another."""
        tours = self.tours(publisher)
        self.failures_in_a_row = 0
        try:
            tour = next(tours)
            while True:
                tour = tours.send(self.follow(publisher, tour))
        except StopIteration:
            return

    def follow(self, publisher: Publisher, tour: Tour) -> tuple[tuple[str, bool], ...]:
        """Follow one list and give the keys of its records; one that breaks off stays to be asked for."""
        self.count(left=tour.left)
        keys: dict[str, bool] = {}
        url: str | None = tour.url
        asked: set[str] = set()
        whole = True
        while url is not None:
            if url in asked or len(asked) >= MOST_PAGES:
                message = f"the list does not end: page {len(asked)} leads to {url} again"
                self.note(Issue("listing-broken", tour.url, message))
                whole = False
                break
            asked.add(url)
            try:
                seen = self.store.page(self.run, url) or self.ask(tour, url)
            except SourceShapeError as error:
                if tour.settles is not None and error.selector == "status":  # one lot, not the source
                    self.lose(Issue("fetch-failed", url, f"{tour.what}: {error}"))
                    whole = False
                    break
                where = f"See [[publisher]] {publisher.name} in {self.feed.file}"
                raise _Changed(f"{tour.what}: the source has changed or moved: {error}. {where}") from None
            except (FetchRefused, FetchFailed) as error:
                if isinstance(error, SourceBusy):
                    raise
                self.lose(Issue("fetch-failed", url, f"{tour.what}: {error}"))
                whole = False
                break
            keys.update(seen.ids)
            url = publisher.local(seen.next_url) if seen.next_url else None
        if tour.settles is None:
            self.count(listed=self.counts.listed + len(keys))
        if whole:
            self.complete(publisher, tour, len(keys))
        return tuple(keys.items())

    def ask(self, tour: Tour, url: str) -> ListingSeen:
        """Fetch one page, store what it shows, and remember it."""
        assert self.fetcher is not None
        if self.plan.limit is not None and self.pages >= self.plan.limit:
            raise _Enough
        answer = self.fetcher.get(url, "json")
        page: FeedPage = tour.parse(answer)
        seen = ListingSeen(url, self.now(), page.total, page.next_url, page.keys)
        added, changed, unchanged = self.store.keep(self.run, seen, page.records, at=self.now())
        self.failures_in_a_row = 0
        self.pages += 1
        self.count(
            answered=self.counts.answered + 1,
            added=self.counts.added + added,
            changed=self.counts.changed + changed,
            unchanged=self.counts.unchanged + unchanged,
        )
        for issue in (*answer.issues, *page.issues):
            self.note(issue)
        self.store.beat(self.run, self.counts, at=self.now())
        records = self.counts.added + self.counts.changed + self.counts.unchanged
        self.on_progress(Progress(tour.what, records, None, self.requests + self.fetcher.requests))
        return seen

    def complete(self, publisher: Publisher, tour: Tour, listed: int) -> None:
        """What follows from a list that was followed to its end."""
        bounds = self.feed.bounds
        if tour.whole:
            last = self.store.last_listed(self.key)
            expected = max(bounds.least, round(bounds.listed_low * last) if last else 0)
            if listed < expected:
                raise _Changed(
                    f"{tour.what}: the whole list shows {listed}, expected {expected} at least. If this is "
                    f"right, change bounds.least or bounds.listed_low of {self.feed.file}"
                )
        if tour.settles is not None:
            agreement, lot = tour.settles
            kept = self.store.settle_suppliers(agreement, lot, self.run, least_share=bounds.listed_low)
            if kept is not None:
                self.note(Issue("listing-incomplete", tour.url, kept))
        if tour.window is not None:
            self.count(left=tour.left - 1)
            self.store.keep_window(
                self.feed.name,
                publisher.name,
                publisher.base_url,
                self.plan.scope,
                tour.window,
                at=self.now(),
            )

    def lose(self, issue: Issue) -> None:
        """Note a list that was not obtained. Too many in a row end the publisher's part of the run."""
        self.note(issue)
        self.count(failed=self.counts.failed + 1)
        self.failures_in_a_row += 1
        if self.failures_in_a_row >= self.feed.bounds.failures_in_a_row:
            raise _Silent(f"{self.failures_in_a_row} lists in a row were not obtained; {issue.message}")

    def count(self, **numbers: int) -> None:
        """Set numbers of the counts."""
        self.counts = replace(self.counts, **numbers)

    def note(self, issue: Issue) -> None:
        """Keep and count an issue."""
        self.store.note(self.run, issue, at=self.now())
        self.issues[issue.kind] = self.issues.get(issue.kind, 0) + 1
        if issue.kind in _FAILURES:
            self.failures.append(issue)

    def end(self, outcome: Outcome, reason: str) -> RunCounts:
        """End the run with what was counted."""
        counts = replace(
            self.counts,
            requests=self.before.requests + self.requests,
            answer_ms=self.before.answer_ms + round(1000 * self.answering_seconds),
        )
        self.store.end(self.run, outcome, reason, counts, at=self.now())
        return counts

    def give_up(self, reason: str) -> None:
        """End the run after an error that the caller will hear of, as well as it still can be ended."""
        try:
            self.end(Outcome.FAILED, reason)
        except CatalogueError:
            return  # the error on its way to the caller is about the same catalogue
