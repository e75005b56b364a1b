"""``longlist runs``: what the scrapes did."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from catalogue.errors import UsageError
from catalogue.instants import instant
from catalogue.model import Issue
from catalogue.records import strip_controls
from catalogue.runs import RunSummary
from db.catalogue import open_catalogue
from db.runs import issues_of
from db.runs import runs as all_runs
from tui.commands.edge import Settings, is_plain, pass_settings, print_json, say, tell, tell_row
from tui.commands.issue_kinds import load_issue_kinds


@click.command()
@click.argument("run", type=int, required=False)
@click.option(
    "--limit", type=click.IntRange(min=1), default=20, show_default=True, help="The newest so many."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_settings
def runs(settings: Settings, run: int | None, limit: int, as_json: bool) -> None:
    """What the scrapes did, the newest first; with RUN, that one with all its issues."""
    with open_catalogue(settings.db, read_only=True) as catalogue:
        found = all_runs(catalogue)
        if run is None:
            _list(found[:limit], as_json)
            return
        one = next((each for each in found if each.id == run), None)
        if one is None:
            raise UsageError(f"there is no run {run}; see longlist runs")
        _one(one, issues_of(catalogue, run), as_json)


def _list(found: list[RunSummary], as_json: bool) -> None:
    if as_json:
        print_json([run_as_json(each) for each in found])
        return
    if not found:
        say("No run yet. Fetch services with: longlist scrape")
    for each in found:
        counts = each.counts
        issues = sum(each.issues.values())
        found_there = (
            f"{counts.answered} pages, {counts.added} new, {counts.changed} changed, {counts.left} left, "
            f"{issues} issues"
        )
        tell_row(
            ("Run", str(each.id)),
            ("Started", instant(each.started)),
            ("Source", f"{each.key.source} {each.key.scope}"),
            ("Outcome", each.outcome.value),
            ("Published", f"{each.published}" if is_plain() else f"published {each.published}"),
            ("Counts", found_there),
        )


def _one(one: RunSummary, issues: list[tuple[Issue, int]], as_json: bool) -> None:
    if as_json:
        listed = [asdict(issue) | {"times": times} for issue, times in issues]
        print_json(run_as_json(one) | {"issues": listed})
        return
    ended = instant(one.ended) if one.ended else "not yet"
    facts = {"run": str(one.id), "outcome": one.outcome.value, "published": str(one.published)}
    if one.reason:
        facts["reason"] = one.reason
    facts["source"] = f"{one.key.source} at {one.key.base_url}, scope {one.key.scope}"
    facts |= {"started": instant(one.started), "ended": ended}
    facts |= {name: str(number) for name, number in asdict(one.counts).items()}
    between = ": " if is_plain() else "\t"
    for name, value in facts.items():
        tell(f"{name}{between}{_one_line(value)}")
    for issue, times in issues:
        often = f" ({times} times)" if times > 1 else ""
        tell_row(
            ("Issue", issue.kind),
            ("Message", f"{_one_line(issue.message)}{often}"),
            ("Place", _one_line(issue.place)),
        )
    known = load_issue_kinds()
    for kind in dict.fromkeys(issue.kind for issue, _ in issues):
        if kind in known:
            tell_row(("What to do about", kind), ("Advice", f"{known[kind].means} {known[kind].do}"))


def _one_line(text: str) -> str:
    """One line without anything that a terminal would obey: messages quote pages."""
    return strip_controls(text).replace("\n", " ")


def run_as_json(one: RunSummary) -> dict[str, Any]:
    """One run for programs."""
    return {
        "run": one.id,
        "source": one.key.source,
        "base_url": one.key.base_url,
        "scope": one.key.scope,
        "outcome": one.outcome.value,
        "reason": one.reason,
        "published": one.published,
        "started": instant(one.started),
        "ended": instant(one.ended) if one.ended else None,
        "counts": asdict(one.counts),
        "issues": dict(sorted(one.issues.items())),
    }
