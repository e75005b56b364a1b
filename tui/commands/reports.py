"""What a run did, for people on standard error, for programs as JSON, and as an exit status."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from catalogue.runs import Outcome
from scrapers.plan import Report
from tui.commands.edge import ExitCode, say

#: How many failures are written out; all of them are in `longlist runs`.
_FAILURES_SHOWN = 20


def status_of(report: Report) -> ExitCode:
    """The exit status of a run."""
    if report.outcome is Outcome.CHANGED or report.moved:
        return ExitCode.SOURCE
    if report.outcome is Outcome.ABANDONED or (
        report.outcome is Outcome.FAILED and not report.counts.answered
    ):
        return ExitCode.FAILED
    return ExitCode.PARTIAL if report.partial else ExitCode.DONE


def tell_issues(report: Report) -> None:
    """The failures, and how many issues of each kind there were."""
    for issue in report.failures[:_FAILURES_SHOWN]:
        say(
            f"  {issue.kind}: {issue.message}" + ("" if issue.place in issue.message else f" ({issue.place})")
        )
    if len(report.failures) > _FAILURES_SHOWN:
        say(f"  and {len(report.failures) - _FAILURES_SHOWN} more")
    if report.issues:
        kinds = ", ".join(f"{kind} {times}" for kind, times in sorted(report.issues.items()))
        say(f"Issues: {kinds}. All of them: longlist runs {report.run}")


def report_json(report: Report) -> dict[str, Any]:
    """The report for programs."""
    return {
        "run": report.run,
        "outcome": report.outcome.value,
        "reason": report.reason,
        "published": report.published,
        "listing_moved": report.moved,
        "breaches": [asdict(breach) for breach in report.breaches],
        "counts": asdict(report.counts),
        "issues": dict(sorted(report.issues.items())),
        "failures": [
            {"kind": issue.kind, "place": issue.place, "message": issue.message} for issue in report.failures
        ],
    }
