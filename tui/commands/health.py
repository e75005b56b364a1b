"""``longlist health``: whether the catalogue can be trusted, in words, as JSON, and as an exit status."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

import click

from catalogue.health import MAX_AGE, Concern, Day, SourceRuns, Span, Vitals, concerns, growth
from catalogue.instants import instant
from db.catalogue import open_catalogue
from db.health import vitals
from tui.commands.edge import ExitCode, Settings, is_plain, pass_settings, print_json, say, stop, tell

#: Columns of the bar of the growth chart: what is left of 80 beside the figures.
_BAR = 30
#: An example is cut so that it stays a line or two.
_EXAMPLE = 160


@click.command()
@click.option(
    "--max-age",
    type=click.IntRange(1, 3650),
    default=MAX_AGE.days,
    show_default=True,
    metavar="DAYS",
    help="Services and runs older than this are stale.",
)
@click.option("--json", "as_json", is_flag=True, help="Print everything as one JSON object.")
@pass_settings
def health(settings: Settings, max_age: int, as_json: bool) -> None:
    """Whether the catalogue can be trusted: sources, lots, issues, growth, and what to worry about.

    For monitoring, the exit status is 0 when nothing gives reason to worry, 3 with warnings only, and 4 when
    the catalogue misleads: it is empty or long stale, or a source changed and its last run published nothing.
    It is 1 when the catalogue cannot be read at all.
    """
    now, age = datetime.now(UTC), timedelta(days=max_age)
    with open_catalogue(settings.db, read_only=True) as catalogue:
        signs = vitals(catalogue, seen_since=now - age)
    worries = concerns(signs, now=now, max_age=age)
    chart = growth(signs.days, now.date())
    if as_json:
        print_json(_as_json(signs, worries, chart, now))
    else:
        tell("\n".join(_lines(signs, worries, chart, now)))
    if worries:
        breached = any(worry.level == "breach" for worry in worries)
        say(
            f"{'Not to be trusted' if breached else 'Deserves a look'}: {worries[0].about}: {worries[0].text}"
        )
        stop(ExitCode.SOURCE if breached else ExitCode.PARTIAL)


def _lines(signs: Vitals, worries: Sequence[Concern], chart: Sequence[Span], now: datetime) -> Iterator[str]:
    newest = f", the newest seen {_ago(signs.newest, now)}" if signs.newest else ""
    yield f"{signs.services:,} services, {signs.live:,} live{newest}"
    for worry in worries:
        yield f"{worry.level}\t{worry.about}: {_line(worry.text)}"
    if not worries:
        yield "healthy\tnothing gives reason to worry"
    yield from _part("Sources")
    yield from (_source(source, now) for source in signs.sources)
    if not signs.sources:
        yield "no run yet"
    yield from _part("Lots (live services; seen in time)")
    for lot in signs.lots:
        share = 100 * lot.seen / lot.live
        yield (
            f"{lot.framework} {lot.lot}\t{lot.live:,} live, {share:.0f} % seen in time, "
            f"the longest unseen {_ago(lot.oldest, now)}"
        )
    yield from _part("Issues (of the last runs, and of reading records)")
    for issue in signs.issues:
        yield f"{issue.kind}\t{issue.times:,} times, {issue.subjects:,} different"
        yield f"\tsuch as {_cut(issue.example.message)} ({_cut(issue.example.place)})"
    if not signs.issues:
        yield "none"
    if chart:
        yield from _chart(chart)


def _part(heading: str) -> Iterator[str]:
    yield ""
    yield f"Section: {heading}" if is_plain() else heading
    yield "-" * len(heading)


def _source(source: SourceRuns, now: datetime) -> str:
    good = f"last good run ended {_ago(source.last_good, now)}" if source.last_good else "no good run yet"
    if source.last is None:
        return f"{source.source} {source.scope}\t{good}, where this catalogue was pulled from"
    last = source.last
    return (
        f"{source.source} {source.scope}\t{good}; last run {last.id} {last.outcome.value}, "
        f"{last.counts.answered:,} pages, begun {_ago(last.started, now)}"
    )


def _chart(chart: Sequence[Span]) -> Iterator[str]:
    """The growth as a row a span: figures first, so that it reads well aloud, then a bar."""
    length = (chart[1].starts - chart[0].starts).days if len(chart) > 1 else 1
    yield from _part(f"Growth (services known, a row {'a day' if length == 1 else f'for {length} days'})")
    if is_plain():
        for span in chart:
            day = span.happened
            told = (
                f"{span.services:,} services, {day.new:,} new, {day.changed:,} changed, {day.ended:,} ended"
            )
            yield f"From {span.starts}: {told}"
        return
    yield f"{'from':10} {'services':>9} {'new':>7} {'changed':>8} {'ended':>6}"
    highest = max(span.services for span in chart) or 1
    for span in chart:
        day = span.happened
        bar = "█" * round(_BAR * span.services / highest)
        yield (
            f"{span.starts} {span.services:9,} {day.new:7,} {day.changed:8,} {day.ended:6,}  {bar}".rstrip()
        )


def _ago(moment: datetime, now: datetime) -> str:
    age = now - moment
    if age < timedelta(0):
        return instant(moment)
    hours = int(age.total_seconds() // 3600)
    told = f"{hours} hours ago" if hours < 48 else f"{age.days} days ago"
    return f"{moment:%Y-%m-%d %H:%M} ({told})"


def _line(text: str) -> str:
    return " ".join(text.split())


def _cut(text: str) -> str:
    line = _line(text)
    return line if len(line) <= _EXAMPLE else line[: _EXAMPLE - 1] + "…"


def _as_json(
    signs: Vitals, worries: Sequence[Concern], chart: Sequence[Span], now: datetime
) -> dict[str, Any]:
    if not worries:
        state = "healthy"
    else:
        state = "breach" if any(worry.level == "breach" for worry in worries) else "warning"
    return {
        "state": state,
        "at": instant(now),
        "concerns": [asdict(worry) for worry in worries],
        "services": signs.services,
        "live": signs.live,
        "newest": instant(signs.newest) if signs.newest else None,
        "sources": [
            {
                "source": source.source,
                "scope": source.scope,
                "last_good": instant(source.last_good) if source.last_good else None,
                "last_run": source.last.id if source.last else None,
                "outcome": source.last.outcome.value if source.last else None,
                "reason": source.last.reason if source.last else None,
            }
            for source in signs.sources
        ],
        "lots": [
            {
                "framework": lot.framework,
                "lot": lot.lot,
                "live": lot.live,
                "seen": lot.seen,
                "oldest": instant(lot.oldest),
            }
            for lot in signs.lots
        ],
        "issues": [
            {
                "kind": issue.kind,
                "times": issue.times,
                "subjects": issue.subjects,
                "example": asdict(issue.example),
            }
            for issue in signs.issues
        ],
        "growth": [
            {"from": span.starts.isoformat(), "services": span.services, **_day_json(span.happened)}
            for span in chart
        ],
    }


def _day_json(day: Day) -> dict[str, int]:
    return {"new": day.new, "changed": day.changed, "ended": day.ended}
