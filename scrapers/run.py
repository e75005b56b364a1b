"""One run of a source: find services, fetch their pages, store what they show, and tell what happened.

A run is bounded by its plan, remembers every page that answered, and goes on where it stopped. Records are
stored in small batches as they come, so whatever ends the program keeps what was fetched. When the pages stop
looking like service pages the run ends: nothing is ever stored from a page that could not be read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256

import msgspec

from catalogue.errors import CatalogueError, FetchRefused, SourceShapeError
from catalogue.model import Issue
from catalogue.questions import Crosswalk
from catalogue.records import ServiceRecord, record_digest
from catalogue.runs import Outcome, PageSeen, RunCounts, RunKey
from scrapers.discovery import Discovery
from scrapers.fetch import BudgetSpent, Fetcher, FetchFailed, SourceBusy
from scrapers.marketplace import parse_service
from scrapers.page import Page
from scrapers.source import Source
from scrapers.store import Store

#: A batch is stored when it has so many pages, when its oldest page is so old, or at once where there is a
#: wait before the next request anyway: a kill loses next to nothing.
BATCH_PAGES = 10
BATCH_AGE = timedelta(seconds=1)
#: Shares of broken pages are looked at from this many pages on.
_ENOUGH_TO_JUDGE = 20
#: So many known services in a row that answer 404 are an outage or a move.
_GONE_IN_A_ROW = 20
#: Issues that mean that something asked for was not obtained; the others only say that something was odd.
_FAILURES = frozenset(
    {
        "listing-moved",
        "listing-broken",
        "listing-failed",
        "listing-incomplete",
        "not-found",
        "broken-page",
        "fetch-failed",
        "fetch-refused",
        "source-busy",
    }
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is to do. ``ids`` stand in for the listings; ``limit`` counts service pages."""

    scope: str
    ids: tuple[str, ...] | None = None
    limit: int | None = None
    resume: bool = True

    def key(self, source: Source) -> RunKey:
        """What this plan shares with the runs that it may go on with."""
        digest = sha256("\n".join(self.ids).encode()).hexdigest()[:16] if self.ids is not None else ""
        return RunKey(source.name, source.base_url, self.scope, digest)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is. ``total`` is ``None`` while services are still being found.

    ``stage`` is ``listing`` or ``services``, or what a run of records is at, in words.
    """

    stage: str
    done: int
    total: int | None
    requests: int


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did. ``issues`` counts by kind; ``failures`` are the first issues that mean a loss."""

    run: int
    outcome: Outcome
    reason: str
    counts: RunCounts
    issues: dict[str, int]
    failures: tuple[Issue, ...]
    moved: bool = False

    @property
    def partial(self) -> bool:
        """Whether something that was asked for was not obtained."""
        ended_early = self.outcome in (Outcome.INTERRUPTED, Outcome.FAILED)
        return ended_early or bool(_FAILURES & self.issues.keys())


class _Changed(Exception):
    """The source changed: the run must end."""


class _Silent(Exception):
    """The source does not answer: the run ends and can be gone on with."""


def crawl(
    source: Source,
    plan: Plan,
    *,
    fetcher: Fetcher,
    store: Store,
    questions: Crosswalk | None,
    now: Callable[[], datetime],
    on_progress: Callable[[Progress], None] = lambda _: None,
) -> Report:
    """Run a plan to its end, to its budget, or until it is interrupted, and report.

    Raises `LockHeld` while another run works on the catalogue, `FetchRefused` when robots.txt cannot be read,
    and whatever the store raises; then the run is marked as failed and can be gone on with.
    """
    since = now() - timedelta(days=source.bounds.resume_days) if plan.resume else None
    run = store.begin(plan.key(source), at=now(), resume_since=since)
    work = _Run(source, plan, fetcher, store, questions, now, on_progress, run, store.counts(run))
    outcome, reason = Outcome.FAILED, ""
    try:
        try:
            outcome, reason = work.go()
        except KeyboardInterrupt:
            outcome, reason = Outcome.INTERRUPTED, "interrupted; run again to go on"
        except BudgetSpent as pause:
            outcome, reason = Outcome.STOPPED, str(pause)
        except SourceBusy as pause:
            outcome, reason = Outcome.STOPPED, str(pause)
            work.note(Issue("source-busy", source.base_url, reason))
        except _Silent as silence:
            outcome, reason = Outcome.FAILED, str(silence)
        except (_Changed, SourceShapeError) as change:
            outcome, reason = Outcome.CHANGED, str(change)
        work.flush()
        if outcome is not Outcome.CHANGED:
            outcome, reason = work.settle_gone(outcome, reason)
    except BaseException as error:
        reason = str(error) or type(error).__name__
        work.give_up(reason)
        raise
    counts = work.end(outcome, reason)
    return Report(run, outcome, reason, counts, work.issues, tuple(work.failures), work.moved)


@dataclass(slots=True)
class _Run:
    """The state of one run while it works."""

    source: Source
    plan: Plan
    fetcher: Fetcher
    store: Store
    questions: Crosswalk | None
    now: Callable[[], datetime]
    on_progress: Callable[[Progress], None]
    run: int
    before: RunCounts
    issues: dict[str, int] = field(default_factory=dict)
    failures: list[Issue] = field(default_factory=list)
    moved: bool = False
    counts: RunCounts = field(default_factory=RunCounts)
    #: Pages read and not read in this part of the run.
    good: int = 0
    broken: int = 0
    gone_in_a_row: int = 0
    failures_in_a_row: int = 0
    records: list[ServiceRecord] = field(default_factory=list)
    pages: list[PageSeen] = field(default_factory=list)

    def go(self) -> tuple[Outcome, str]:
        """Find services and fetch them."""
        self.counts = replace(self.before, left=0)
        self.fetcher.open()
        answered = self.store.statuses(self.run)
        wanted, cut_short = self.find(answered)
        left = self.store.in_order(id_ for id_ in wanted if id_ not in answered)
        limit = len(left) if self.plan.limit is None else self.plan.limit
        self.count(wanted=len(wanted), left=len(left))
        total = min(limit, len(left))
        for done, service_id in enumerate(left[:limit], 1):
            self.fetch(service_id)
            self.count(left=len(left) - done)
            self.on_progress(Progress("services", done, total, self.fetcher.requests))
        if self.broken and not self.good:
            raise _Changed(
                f"none of {self.broken} pages was a service page. The last: {self.failures[-1].message}"
            )
        if limit < len(left) or cut_short:
            return Outcome.STOPPED, "as many pages as asked for were fetched; run again to go on"
        return Outcome.FINISHED, ""

    def find(self, answered: dict[str, int]) -> tuple[list[str], bool]:
        """The ids that this run is about, and whether the search for them was cut short."""
        if self.plan.ids is not None:
            self.count(listed=len(self.plan.ids))
            return list(self.plan.ids), False
        budget, limit = self.fetcher.budget, self.plan.limit

        def enough(ids: dict[str, bool]) -> bool:
            ends = [end for end in (limit, budget and budget - self.fetcher.requests) if end is not None]
            waiting = sum(1 for id_, wanted in ids.items() if wanted and id_ not in answered)
            return bool(ends) and waiting >= min(ends)

        def on_page(ids: int) -> None:
            self.store.beat(self.run, at=self.now())
            self.on_progress(Progress("listing", ids, None, self.fetcher.requests))

        scope = self.source.scope(self.plan.scope)
        found = Discovery(
            self.source, scope, self.fetcher, self.store, self.run, self.now, enough, on_page
        ).search()
        for issue in found.issues:
            self.note(issue)
        self.moved = found.moved
        self.count(listed=len(found.ids))
        if found.complete:
            self.check_listed(len(found.ids))
        known = self.store.known_ids()
        if found.issues and not (found.ids or known or found.moved):
            raise _Silent(f"no service was found. The last: {found.issues[-1].message}")
        wanted = dict.fromkeys((id_ for id_, is_wanted in found.ids.items() if is_wanted), True)
        return list(wanted | dict.fromkeys(known, True)), found.cut_short

    def check_listed(self, listed: int) -> None:
        """End the run when the listings have shrunk or grown beyond belief since the last whole run."""
        last = self.store.last_listed(self.plan.key(self.source))
        low, high = self.source.bounds.listed_low, self.source.bounds.listed_high
        if last and not low * last <= listed <= high * last:
            raise _Changed(
                f"the listings show {listed} services, the last whole run found {last}; "
                f"expected {low * last:.0f} to {high * last:.0f}. If this is right, widen bounds.listed_low "
                f"or bounds.listed_high of {self.source.file}"
            )

    def fetch(self, service_id: str) -> None:
        """Fetch one service page and take what it shows, or note why not."""
        url = self.source.service_url(service_id)
        try:
            page = self.fetcher.get(url)
            self.take(service_id, replace(page, public_url=self.source.public_url(service_id)))
        except SourceBusy:
            raise
        except SourceShapeError as error:
            self.seen(PageSeen(service_id, url, self.now(), 0))
            self.note(Issue("broken-page", url, str(error), {"selector": error.selector}))
            self.count(broken=self.counts.broken + 1)
            self.broken += 1
            self.check_broken()
        except (FetchFailed, FetchRefused) as error:
            kind = "fetch-refused" if isinstance(error, FetchRefused) else "fetch-failed"
            self.lose(Issue(kind, url, str(error)))
        if self.pages and (
            self.fetcher.politeness.delay_seconds >= BATCH_AGE.total_seconds()
            or len(self.pages) >= BATCH_PAGES
            or self.now() - self.pages[0].at >= BATCH_AGE
        ):
            self.flush()
        self.store.beat(self.run, at=self.now())

    def take(self, service_id: str, page: Page) -> None:
        """Take what a page answered. Raises `SourceShapeError` for no service page in its place."""
        if page.status == 404:
            self.seen(PageSeen(service_id, page.url, self.now(), 404))
            if self.store.record(service_id) is None:
                self.count(missing=self.counts.missing + 1)
                self.note(Issue("not-found", page.url, f"there is no service {service_id}"))
            else:
                self.gone_in_a_row += 1
                if self.gone_in_a_row >= _GONE_IN_A_ROW:
                    raise _Changed(f"{_GONE_IN_A_ROW} known services in a row answered 404; none was changed")
            return
        self.gone_in_a_row = 0
        if page.status not in (200, 410):
            self.lose(
                Issue(
                    "fetch-failed", page.url, f"answered with status {page.status}; expected 200, 410 or 404"
                )
            )
            return
        try:
            parsed = parse_service(page, self.questions, self.source.bad_values)
            digest = record_digest(parsed.record)
        except (ValueError, RecursionError) as error:  # a page made of what no page is made of
            found = f"{type(error).__name__}: {error}"
            raise SourceShapeError(page.url, "main", found, "a service page") from None
        record = parsed.record
        self.good += 1
        self.records.append(record)
        self.seen(PageSeen(service_id, page.url, self.now(), page.status, digest))
        if record.status == "withdrawn":
            self.count(withdrawn=self.counts.withdrawn + 1)
        elif record.status == "expired":
            self.count(expired=self.counts.expired + 1)
        for issue in parsed.issues:
            self.note(issue)

    def lose(self, issue: Issue) -> None:
        """Note a page that was not obtained. It stays to be asked; too many in a row end the run."""
        self.note(issue)
        self.count(failed=self.counts.failed + 1)
        self.failures_in_a_row += 1
        if self.failures_in_a_row >= self.source.bounds.failures_in_a_row:
            raise _Silent(
                f"{self.failures_in_a_row} pages in a row were not obtained; the last: {issue.message}"
            )

    def check_broken(self) -> None:
        """End the run when pages stop looking like service pages."""
        broken, bounds = self.broken, self.source.bounds
        pages = broken + self.good
        first_ones = not self.good and broken >= bounds.first_pages
        share = broken / pages
        if first_ones or (pages >= _ENOUGH_TO_JUDGE and share > bounds.broken_share):
            raise _Changed(
                f"{broken} of {pages} pages were no service pages; the site has changed its pages, or "
                f"shows something else in their place. The last: {self.failures[-1].message}"
            )

    def settle_gone(self, outcome: Outcome, reason: str) -> tuple[Outcome, str]:
        """Mark the services whose pages are gone (404) as withdrawn, unless there are too many to believe."""
        statuses = self.store.statuses(self.run)
        stored = ((id_, self.store.record(id_)) for id_, status in statuses.items() if status == 404)
        gone = [record for _, record in stored if record is not None and record.status == "live"]
        if not gone:
            return outcome, reason
        asked = len(statuses) - self.counts.missing
        if len(gone) > max(2, self.source.bounds.gone_share * asked):
            return Outcome.CHANGED, (
                f"{len(gone)} of {asked} services of the catalogue answered 404; this looks like an outage, "
                f"so none of them was changed (bounds.gone_share of {self.source.file})"
            )
        for record in gone:
            url = self.source.service_url(record.id)
            self.note(Issue("gone", url, f"the page of {record.name!r} is gone (404); marked as withdrawn"))
        withdrawn = [msgspec.structs.replace(record, status="withdrawn") for record in gone]
        self.add(self.store.keep(self.run, withdrawn, (), at=self.now()))
        self.count(gone=self.counts.gone + len(gone))
        return outcome, reason

    def seen(self, page: PageSeen) -> None:
        """Take note that a page answered; it is remembered when the batch is stored."""
        self.failures_in_a_row = 0
        self.pages.append(page)
        self.count(answered=self.counts.answered + 1)

    def flush(self) -> None:
        """Store the batch: records first, then the memory of their pages."""
        if self.pages or self.records:
            self.add(self.store.keep(self.run, self.records, self.pages, at=self.now()))
            self.records, self.pages = [], []

    def add(self, kept: tuple[int, int, int]) -> None:
        """Count what became of records."""
        added, changed, unchanged = kept
        self.count(
            added=self.counts.added + added,
            changed=self.counts.changed + changed,
            unchanged=self.counts.unchanged + unchanged,
        )

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
        counts = replace(self.counts, requests=self.before.requests + self.fetcher.requests)
        self.store.end(self.run, outcome, reason, counts, at=self.now())
        return counts

    def give_up(self, reason: str) -> None:
        """End the run after an error that the caller will hear of, as well as it still can be ended."""
        try:
            self.flush()
            self.end(Outcome.FAILED, reason)
        except CatalogueError:
            return  # the error on its way to the caller is about the same catalogue
