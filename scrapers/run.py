"""One run of a source: find services, fetch their pages, judge what they show, publish it, and report.

A run is bounded by its plan and goes on where it stopped. Every page that answers is kept in the archive at
once, so whatever ends the program keeps what was fetched and no page is asked for twice. The catalogue gets
what a run has read at its end, all together, and only if the run is within the bounds of its source.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from catalogue.errors import CatalogueError, FetchRefused, SourceShapeError
from catalogue.model import Issue
from catalogue.questions import Crosswalk
from catalogue.runs import (
    Breach,
    Outcome,
    PageKept,
    PageRead,
    Publication,
    Published,
    RunCounts,
    Tally,
)
from scrapers.discovery import Discovery
from scrapers.fetch import BudgetSpent, Fetcher, FetchFailed, SourceBusy, SourceSilent
from scrapers.judge import ENOUGH, judge_listings, judge_pages
from scrapers.missing import missing_services, publication_of
from scrapers.pace import keep_to_pace, remember_pace
from scrapers.page import Page
from scrapers.plan import FAILURES, Plan, Progress, Report
from scrapers.reading import broken, read_page
from scrapers.source import Source
from scrapers.store import Store

#: So many known services in a row that answer 404 are an outage or a move.
_GONE_IN_A_ROW = 20
#: Pages that are named with a breach.
_EXAMPLES = 2


class _Changed(Exception):
    """The source changed: the run must end, and nothing of it is published."""

    def __init__(self, *breaches: Breach) -> None:
        super().__init__("; ".join(breach.message for breach in breaches))
        self.breaches = breaches


def with_examples(store: Store, run: int, breach: Breach) -> Breach:
    """The breach with pages of the run that show it."""
    return replace(breach, examples=tuple(store.examples(run, breach.kind, breach.place, most=_EXAMPLES)))


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
    """Run a plan to its end, to its budget, or until it is interrupted; publish what may be; and report.

    Raises `LockHeld` while another run works on the catalogue, `FetchRefused` when robots.txt cannot be read,
    and whatever the store raises; then the run is marked as failed and can be gone on with.
    """
    since = now() - timedelta(days=source.bounds.resume_days) if plan.resume else None
    run = store.begin(plan.key(source), at=now(), resume_since=since)
    work = _Run(source, plan, fetcher, store, questions, now, on_progress, run, store.counts(run))
    try:
        outcome, reason = work.ended()
        return work.judged(outcome, reason)
    except BaseException as error:
        work.give_up(str(error) or type(error).__name__)
        raise


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
    #: Whether the listings were read to their end, or none were to be.
    passed: bool = True
    counts: RunCounts = field(default_factory=RunCounts)
    listed: dict[str, int] = field(default_factory=dict)
    #: The services to ask for in this part of the run, in order.
    queue: list[str] = field(default_factory=list)
    #: Seconds that the source asks the next run to wait.
    pause: float = 0.0
    breaches: tuple[Breach, ...] = ()
    #: Pages read and not read in this part of the run.
    good: int = 0
    broken: int = 0
    gone_in_a_row: int = 0
    failures_in_a_row: int = 0

    def ended(self) -> tuple[Outcome, str]:
        """Work until the end, and how and why that came."""
        self.counts = replace(self.before, left=0)
        try:
            return self.go()
        except KeyboardInterrupt:
            return Outcome.INTERRUPTED, "interrupted; run again to go on"
        except BudgetSpent as pause:
            return Outcome.STOPPED, str(pause)
        except SourceBusy as pause:
            self.note(Issue("source-busy", self.source.base_url, str(pause)))
            self.pause = pause.pause_seconds
            return Outcome.STOPPED, str(pause)
        except SourceSilent as silence:
            return Outcome.FAILED, str(silence)
        except _Changed as change:
            self.breaches = change.breaches
            return Outcome.CHANGED, str(change)

    def go(self) -> tuple[Outcome, str]:
        """Find services and fetch them."""
        keep_to_pace(self.fetcher, self.store, self.now())
        self.fetcher.open()
        answered = self.store.states(self.run)
        wanted, cut_short = self.find(set(answered))
        self.queue = self.store.in_order(id_ for id_ in wanted if id_ not in answered)
        self.count(wanted=len(wanted), left=len(self.queue))
        seen = {*wanted, *answered}
        done, most = 0, self.plan.limit
        while done < len(self.queue) and (most is None or done < most):
            moved_to = self.fetch(self.queue[done])
            if moved_to is not None and moved_to not in seen:
                seen.add(moved_to)
                self.queue.append(moved_to)
            done += 1
            self.count(left=len(self.queue) - done)
            self.beat()
            total = len(self.queue) if most is None else min(most, len(self.queue))
            self.on_progress(Progress("services", done, total, self.fetcher.requests))
        if self.broken and not self.good:
            raise self.unread(f"none of {self.broken} pages was a service page")
        if done < len(self.queue) or cut_short:
            return Outcome.STOPPED, "as many pages as asked for were fetched; run again to go on"
        return Outcome.FINISHED, ""

    def find(self, answered: set[str]) -> tuple[list[str], bool]:
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
            self.beat()
            self.on_progress(Progress("listing", ids, None, self.fetcher.requests))

        scope = self.source.scope(self.plan.scope)
        found = Discovery(
            self.source, scope, self.fetcher, self.store, self.run, self.now, enough, on_page
        ).search()
        for issue in found.issues:
            self.note(issue)
        self.moved, self.passed = found.moved, found.passed
        self.count(listed=len(found.ids))
        if found.passed:
            self.listed = found.by_lot
            last = self.store.last_healthy(self.plan.key(self.source))
            moved = [
                replace(breach, examples=tuple(found.pages.get(breach.place, ())[:_EXAMPLES]))
                for breach in judge_listings(found.by_lot, last, self.source)
            ]
            if moved:
                raise _Changed(*moved)
        known = self.store.known_ids()
        if found.issues and not (found.ids or known or found.moved):
            raise SourceSilent(f"no service was found. The last: {found.issues[-1].message}")
        wanted = dict.fromkeys((id_ for id_, is_wanted in found.ids.items() if is_wanted), True)
        return list(wanted | dict.fromkeys(known, True)), found.cut_short

    def fetch(self, service_id: str) -> str | None:
        """Fetch one service page and keep it, or note why not. Gives the id that it has moved to, if any."""
        url = self.source.service_url(service_id)
        try:
            page = self.fetcher.get(url)
        except SourceBusy:
            raise
        except SourceShapeError as error:  # not even of the type of a page
            self.keep(PageKept(service_id, url, self.now(), 0), broken(error))
        except (FetchFailed, FetchRefused) as error:
            kind = "fetch-refused" if isinstance(error, FetchRefused) else "fetch-failed"
            self.lose(Issue(kind, url, str(error)))
        else:
            return self.take(service_id, replace(page, public_url=self.source.public_url(service_id)))
        return None

    def take(self, service_id: str, page: Page) -> str | None:
        """Take what a page answered. Gives the id that it has moved to, if any."""
        kept = PageKept(
            service_id, page.url, self.now(), page.status, page.body, page.content_type, page.final_url
        )
        if page.status == 404:
            if self.store.record(service_id) is None:
                issue = Issue("not-found", page.url, f"there is no service {service_id}")
                self.keep(replace(kept, body=b""), PageRead("missing", issues=(issue,)))
            else:
                self.keep(replace(kept, body=b""), PageRead("gone"))
                self.gone_in_a_row += 1
                if self.gone_in_a_row >= _GONE_IN_A_ROW:
                    raise _Changed(self.gone_breach(f"{_GONE_IN_A_ROW} known services in a row answered 404"))
            return None
        self.gone_in_a_row = 0
        if page.status not in (200, 410):
            said = f"answered with status {page.status}; expected 200, 410 or 404"
            self.lose(Issue("fetch-failed", page.url, said))
            return None
        read = read_page(page, self.source, self.questions)
        if read.state == "moved":  # the page is of the other service, which is asked for at its own address
            self.keep(replace(kept, body=b""), read)
            return read.issues[0].details["service"]
        self.keep(kept, read)
        return None

    def keep(self, page: PageKept, read: PageRead) -> None:
        """Keep a page that answered, count it, and end the run when pages stop being service pages."""
        self.store.keep_page(self.source.name, page, read)
        self.failures_in_a_row = 0
        self.count(answered=self.counts.answered + 1)
        if read.state in ("withdrawn", "expired", "missing", "broken"):
            self.count(**{read.state: getattr(self.counts, read.state) + 1})
        for issue in read.issues:
            self.met(issue)
        if read.record is not None:
            self.good += 1
        elif read.state == "broken":
            self.broken += 1
            self.check_broken()

    def lose(self, issue: Issue) -> None:
        """Note a page that was not obtained. It stays to be asked; too many in a row end the run."""
        self.note(issue)
        self.count(failed=self.counts.failed + 1)
        self.failures_in_a_row += 1
        if self.failures_in_a_row >= self.source.bounds.failures_in_a_row:
            raise SourceSilent(
                f"{self.failures_in_a_row} pages in a row were not obtained; the last: {issue.message}"
            )

    def check_broken(self) -> None:
        """End the run when pages stop looking like service pages."""
        pages = self.broken + self.good
        first_ones = not self.good and self.broken >= self.source.bounds.first_pages
        if first_ones or (pages >= ENOUGH and self.broken > self.source.bounds.broken_share * pages):
            raise self.unread(f"{self.broken} of {pages} pages were no service pages")

    def unread(self, found: str) -> _Changed:
        """What ends a run whose pages are something else."""
        message = (
            f"{found}; the site has changed its pages, or shows something else in their place. "
            f"The last: {self.failures[-1].message}"
        )
        return _Changed(with_examples(self.store, self.run, Breach("pages-unread", message)))

    def judged(self, outcome: Outcome, reason: str) -> Report:
        """Judge what the run has, publish it if it is within its bounds, and end the run."""
        publication: Publication | None = None
        if outcome is not Outcome.CHANGED:
            whole = outcome is Outcome.FINISHED and self.passed
            missing = missing_services(self.store, self.run)
            tally = replace(self.store.tally(self.run), listed=self.listed)
            self.breaches = tuple(self.bounds_left(tally, len(missing), whole=whole))
            if self.breaches:
                outcome, reason = Outcome.CHANGED, "; ".join(breach.message for breach in self.breaches)
            elif whole or self.counts.answered:
                publication = publication_of(self.source, self.store, self.run, tally, missing, whole=whole)
                for issue in publication.issues:
                    self.met(issue)
                self.count(gone=self.counts.gone + len(publication.withdrawn))
        remember_pace(self.fetcher, self.store, self.source.politeness, self.pause, self.now())
        counts = self.store.end(
            self.run,
            outcome,
            reason,
            self.counted(outcome),
            at=self.now(),
            publication=publication,
            on_progress=lambda done: self.on_progress(
                Progress("publishing", done, None, self.fetcher.requests)
            ),
        )
        published: Published = (
            "nothing" if publication is None else "whole" if publication.whole else "partial"
        )
        return Report(
            run=self.run,
            outcome=outcome,
            reason=reason,
            counts=counts,
            issues=self.issues,
            failures=tuple(self.failures),
            moved=self.moved,
            published=published,
            breaches=self.breaches,
        )

    def bounds_left(self, tally: Tally, missing: int, *, whole: bool) -> Iterator[Breach]:
        """The bounds that the run is outside of, with pages that show it."""
        last = self.store.last_healthy(self.plan.key(self.source))
        for breach in judge_pages(tally, last, self.source, whole=whole):
            yield with_examples(self.store, self.run, breach)
        asked = len(self.store.states(self.run)) - self.counts.missing
        if missing > max(2, self.source.bounds.gone_share * asked):
            yield self.gone_breach(f"the pages of {missing} of {asked} services of the catalogue are gone")

    def gone_breach(self, found: str) -> Breach:
        """What is said when known services are missing by the dozen."""
        message = f"{found}; this looks like an outage or a move (bounds.gone_share of {self.source.file})"
        return with_examples(self.store, self.run, Breach("services-missing", message))

    def count(self, **numbers: int) -> None:
        """Set numbers of the counts."""
        self.counts = replace(self.counts, **numbers)

    def counted(self, outcome: Outcome | None = None) -> RunCounts:
        """The counts with the requests of every part; at the end, pages as the archive has them."""
        counts = replace(
            self.counts,
            requests=self.before.requests + self.fetcher.requests,
            answer_ms=self.before.answer_ms + round(1000 * self.fetcher.answering_seconds),
        )
        if outcome is None:
            return counts
        kept, states = self.store.counts(self.run), self.store.states(self.run)
        left = sum(1 for id_ in self.queue if id_ not in states)
        return replace(
            counts,
            answered=kept.answered,
            withdrawn=kept.withdrawn,
            expired=kept.expired,
            missing=kept.missing,
            broken=kept.broken,
            left=left if outcome is Outcome.INTERRUPTED else counts.left,
        )

    def beat(self) -> None:
        """Tell that the run is alive."""
        self.store.beat(self.run, self.counted(), at=self.now())

    def note(self, issue: Issue) -> None:
        """Keep and count an issue that is not about a page that the run has."""
        self.store.note(self.run, issue, at=self.now())
        self.met(issue)

    def met(self, issue: Issue) -> None:
        """Count an issue."""
        self.issues[issue.kind] = self.issues.get(issue.kind, 0) + 1
        if issue.kind in FAILURES:
            self.failures.append(issue)

    def give_up(self, reason: str) -> None:
        """End the run after an error that the caller will hear of, as well as it still can be ended."""
        try:
            self.store.end(self.run, Outcome.FAILED, reason, self.counted(Outcome.FAILED), at=self.now())
        except CatalogueError:
            return  # the error on its way to the caller is about the same catalogue
