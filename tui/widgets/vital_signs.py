"""Health in full: reasons to worry, and how each source and lot went over the last runs, as small charts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from textual.content import Content

from catalogue.health import Concern, Span, Vitals
from catalogue.trends import LotTrend, SourceTrend, age_told, seconds_told, sparkline
from tui.widgets.names import short_lot
from tui.widgets.plain import counted, fitted, one_line, paragraph, right
from tui.widgets.prose import Part, labelled, titled
from tui.widgets.standing import worry_told

#: Columns of the bar of the growth chart.
_BAR = 24


@dataclass(frozen=True, slots=True)
class Health:
    """Everything that is shown of the health of a catalogue."""

    signs: Vitals
    worries: tuple[Concern, ...]
    chart: tuple[Span, ...]
    sources: tuple[SourceTrend, ...]
    lots: tuple[LotTrend, ...]


def health_of(health: Health, now: datetime) -> Iterator[Part]:
    """The text: what matters first."""
    signs = health.signs
    newest = f"; the newest was seen {age_told(signs.newest, now)}" if signs.newest else ""
    yield Content.assemble((counted(signs.services, "service"), "bold"), f", {signs.live:,} live{newest}")
    if not health.worries:
        yield Content.assemble(("✓ ", "$text-success"), "Nothing gives reason to worry")
    yield from (worry_told(worry) for worry in health.worries)
    yield from ("", titled("Sources, the last runs from left to right"))
    if not health.sources:
        yield paragraph("No run yet. s begins a scrape.", "$muted")
    for source in health.sources:
        yield from _source(source, _last_good(signs, source, now))
    if signs.lots:
        yield from ("", titled("Lots: live services, run by run"))
        yield from _lots(health)
    if signs.issues:
        yield from ("", titled("Issues of the last runs, and of reading records"))
    for issue in signs.issues:
        yield labelled(
            one_line(issue.kind),
            paragraph(f"{counted(issue.times, 'time')}, such as {one_line(issue.example.message)}"),
            20,
        )
    yield from _growth(health.chart)


def _last_good(signs: Vitals, trend: SourceTrend, now: datetime) -> str:
    for source in signs.sources:
        if (source.source, source.scope) == (trend.source, trend.scope):
            return (
                f"last good run {age_told(source.last_good, now)}" if source.last_good else "no good run yet"
            )
    return ""


def _source(trend: SourceTrend, good: str) -> Iterator[Part]:
    yield Content.assemble((f"{one_line(trend.source)}, {one_line(trend.scope)}", "bold"), f"  {good}")
    yield _row("pages", trend.pages, _whole)
    yield _row("issues", trend.issues, _whole)
    if any(value is not None for value in trend.seconds):
        yield _row("answer time", trend.seconds, seconds_told)


def _row(label: str, values: Sequence[float | None], written: Callable[[float], str]) -> Content:
    """A chart of one line, its numbers beside it."""
    known = [value for value in values if value is not None]
    last = values[-1]
    said = f"last {written(last)}" if last is not None else "not measured last"
    if len(known) > 1:
        said += f"; {written(min(known))} to {written(max(known))} in {counted(len(values), 'run')}"
    return Content.assemble(
        ("  " + fitted(label, 18), "$muted"), (sparkline(values), "$primary"), f"  {said}"
    )


def _lots(health: Health) -> Iterator[Part]:
    trends = {trend.place: trend for trend in health.lots}
    for lot in health.signs.lots:
        trend = trends.get(f"{lot.framework}/{lot.lot}")
        share = lot.seen / lot.live if lot.live else 0.0
        yield Content.assemble(
            (f"{one_line(lot.framework)} {short_lot(one_line(lot.lot))}", "bold"),
            f"  {lot.live:,} live, {share:.0%} seen in the last 14 days",
        )
        if trend is not None:
            yield _row("live when read", trend.live, _whole)
            if trend.known is not None:
                yield Content.assemble(("  " + fitted("answers known", 18), "$muted"), f"{trend.known:.0%}")


def _growth(chart: Sequence[Span]) -> Iterator[Part]:
    if not chart:
        return
    length = (chart[1].starts - chart[0].starts).days if len(chart) > 1 else 1
    yield from ("", titled(f"Growth, a row {'a day' if length == 1 else f'for {length} days'}"))
    yield paragraph("from         services     new changed   ended", "$muted")
    highest = max(span.services for span in chart) or 1
    for span in chart:
        day = span.happened
        yield Content.assemble(
            fitted(_day(span.starts), 11),
            right(f"{span.services:,}", 10),
            right(f"{day.new:,}", 8),
            right(f"{day.changed:,}", 8),
            right(f"{day.ended:,}", 8),
            "  ",
            ("█" * round(_BAR * span.services / highest), "$primary"),
        )


def _day(day: date) -> str:
    return f"{day:%d %b %Y}"


def _whole(value: float) -> str:
    return f"{value:,.0f}"
