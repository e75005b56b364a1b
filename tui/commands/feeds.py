"""A run of a source of records from the command line: agreements, awards, organisations."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from catalogue import __version__
from db.catalogue import open_catalogue
from db.feeds import FeedLog
from scrapers.feed import Feed, Publisher
from scrapers.fetch import Fetcher, user_agent
from scrapers.gather import gather
from scrapers.plan import Plan, Report
from tui.commands.edge import ExitCode, Settings, print_json, say, stop
from tui.commands.manners import contact, interrupted_by_termination, paced
from tui.commands.progress import shown_progress
from tui.commands.reports import report_json, status_of, tell_issues


def gather_records(
    settings: Settings, feed: Feed, plan: Plan, budget: int | None, delay: float | None, *, as_json: bool
) -> None:
    """Run a plan of a feed, tell what happened, and end with its exit status."""
    publishers = tuple(
        replace(one, politeness=paced(one.politeness, delay, one.base_url, feed.file))
        for one in feed.publishers
    )
    feed = replace(feed, publishers=publishers)
    agent = user_agent(__version__, contact(settings, *(one.base_url for one in publishers)))

    def open_fetcher(publisher: Publisher, left: int | None) -> Fetcher:
        return Fetcher(publisher.base_url, publisher.politeness, agent=agent, budget=left)

    with (
        open_catalogue(settings.db, create=True) as catalogue,
        interrupted_by_termination(),
        shown_progress(feed.title) as on_progress,
    ):
        report = gather(
            feed,
            plan,
            open_fetcher=open_fetcher,
            store=FeedLog(catalogue),
            now=lambda: datetime.now(UTC),
            budget=budget,
            on_progress=on_progress,
        )
    _tell(report)
    if as_json:
        print_json(report_json(report))
    status = status_of(report)
    if status is not ExitCode.DONE:
        stop(status)


def _tell(report: Report) -> None:
    counts = report.counts
    say(
        f"Run {report.run} {report.outcome.value}: {counts.answered} pages of records answered, "
        f"{counts.requests} requests; {counts.added} records new, {counts.changed} changed, "
        f"{counts.unchanged} as before."
    )
    if report.reason:
        say(f"Ended because: {report.reason}")
    if counts.left:
        say(f"{counts.left} windows of time of this publisher are left; run the same command again to go on.")
    tell_issues(report)
