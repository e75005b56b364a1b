"""The end of a run of services: what it did in words, as JSON if asked for, and its exit status."""

from __future__ import annotations

from scrapers.plan import Report
from scrapers.source import Source
from tui.commands.edge import ExitCode, print_json, say, stop
from tui.commands.reports import report_json, status_of, tell_issues

_PUBLISHED = {
    "nothing": "Nothing was published: the catalogue is as it was.",
    "partial": "Published in part: the catalogue has what was read so far, and says that it is a part.",
    "whole": "Published: the catalogue has all of it.",
}


def finish(report: Report, source: Source, *, as_json: bool) -> None:
    """Tell what a run did, and end the command with the exit status that it deserves."""
    tell(report, source)
    if as_json:
        print_json(report_json(report))
    status = status_of(report)
    if status is not ExitCode.DONE:
        stop(status)


def tell(report: Report, source: Source) -> None:
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
    if report.reason and not report.breaches:
        say(f"Ended because: {report.reason}")
    for breach in report.breaches:
        say(f"Out of bounds: {breach.message}")
        for example in breach.examples:
            say(f"  {example.url}: {example.found}")
    say(_PUBLISHED[report.published])
    if counts.left and report.outcome.unfinished:
        say(f"{counts.left} services are left; run the same command again to go on.")
    if report.moved:
        say(
            f"The listing has moved: not all of its addresses show services. Change discovery.template "
            f"in {source.file} (or in a copy of it: longlist scrape COPY.toml), give a list of ids with "
            f"--ids FILE, or read records with longlist import. Known services are refreshed all the same."
        )
    tell_issues(report)
