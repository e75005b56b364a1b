"""The state of the catalogue in words: size, age, health, frameworks, or what to do without one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from textual.content import Content

from catalogue.dates import long_date
from catalogue.health import Concern
from catalogue.model import FacetCount
from catalogue.trends import age_told
from catalogue.verdicts import Worth
from tui.overview import Overview
from tui.widgets.names import short_lot
from tui.widgets.plain import counted, fitted, one_line, paragraph, right
from tui.widgets.prose import Block, Part, bullet, labelled, titled

#: A mark and a style for what a run is worth; the word always stands beside it.
MARKS: dict[Worth, tuple[str, str]] = {
    "trusted": ("✓", "$text-success"),
    "part": ("◐", "$text-warning"),
    "not trusted": ("✗", "$text-error"),
    "under way": ("↻", "$text-accent"),
}
#: Cells of the longest bar.
_BAR = 14
#: Characters of a reason to worry that are shown beside other things: two lines.
_MOST = 120


def without(reason: str, path: str) -> list[Part]:
    """What to say when there is no catalogue, or an empty one."""
    return [
        Content.styled("There are no services to search yet", "bold"),
        paragraph(one_line(reason) or f"{one_line(path)} holds no services.", "$muted"),
        "",
        paragraph("Choose how to begin. A catalogue elsewhere opens with: longlist --db FILE", "$muted"),
    ]


def busy(reason: str) -> list[Part]:
    """What to say while the catalogue cannot be read."""
    return [
        Content.styled("The catalogue is being written to", "bold"),
        paragraph(one_line(reason), "$muted"),
        "",
        paragraph(
            "After an update Longlist itself notes the words of all services anew, once: about a minute for "
            "50,000. This page looks again by itself.",
            "$muted",
        ),
    ]


def state_of(found: Overview, now: datetime, path: str) -> list[Part]:
    """The state of a catalogue: what matters first, so that few lines say it."""
    return [
        *_first(found, now),
        *(worry_told(worry, most=_MOST) for worry in found.worries),
        *_frameworks(found, now),
        *_runs(found, now),
        *_lots(found),
        *_counted("By framework", found.held.by_framework),
        "",
        labelled("Newest record", Content(_newest(found)), 15),
        labelled("File", paragraph(one_line(path)), 15),
        labelled("Digest", Content(found.held.digest), 15),
    ]


def worry_told(worry: Concern, *, most: int | None = None) -> Block:
    """A reason to worry: its mark and level before it. Beyond ``most`` characters its end is cut off."""
    text = f"{one_line(worry.about)}: {one_line(worry.text)}"
    if most is not None and len(text) > most:
        text = f"{text[:most].rstrip()}… (5 tells all)"
    mark, style = ("✗ ", "$text-error") if worry.level == "breach" else ("! ", "$text-warning")
    word = "Misleading" if worry.level == "breach" else "Warning"
    return Block(
        Content.assemble((f"{word}: ", f"bold {style}"), text),
        Content.styled(mark, f"bold {style}"),
    )


def _first(found: Overview, now: datetime) -> Iterator[Part]:
    held = found.held
    if held.fictional:
        yield Content.styled(
            "Fictional sample data: every supplier and service is invented", "bold $text-warning"
        )
    if held.partial is not None:
        yield Block(
            paragraph(f"A part of a pass: {held.partial}. Fetch again to go on."),
            Content.styled("! ", "bold $text-warning"),
        )
    age = f"; the newest was seen {age_told(held.newest, now)}" if held.newest else ""
    yield Content.assemble((counted(held.services, "service"), "bold"), f", {held.live:,} live{age}")
    if not found.worries:
        yield Block(Content("Nothing gives reason to worry"), Content.styled("✓ ", "$text-success"))


def _frameworks(found: Overview, now: datetime) -> Iterator[Part]:
    for name, standing in found.standings:
        mark, style = ("✓ ", "$text-success") if standing.open else ("✗ ", "$text-error")
        soon = ""
        if standing.open and standing.ends is not None:
            days = (standing.ends - now.date()).days
            soon = f": {counted(days, 'day')} left" if days <= 90 else ""
        yield Block(
            Content.assemble((one_line(name), "bold"), f": {standing.sentence(now.date())}{soon}"),
            Content.styled(mark, style),
        )


def _runs(found: Overview, now: datetime) -> Iterator[Part]:
    if found.runs:
        yield from ("", titled("Last runs"))
    for run in found.runs:
        good = f"last good run {age_told(run.last_good, now)}" if run.last_good else "no good run yet"
        if run.verdict is None or run.started is None:
            yield bullet(paragraph(f"{one_line(run.about)}: {good}, where this was pulled from"))
            continue
        mark, style = MARKS[run.verdict.worth]
        yield Block(
            Content.assemble(
                (f"{one_line(run.about)}: ", ""),
                (run.verdict.word, "bold"),
                f", begun {age_told(run.started, now)}; {good}",
            ),
            Content.styled(f"{mark} ", style),
        )


def _lots(found: Overview) -> Iterator[Part]:
    if found.signs.lots:
        yield from ("", titled("Live services seen in the last 14 days"))
    for lot in found.signs.lots:
        share = lot.seen / lot.live if lot.live else 0.0
        yield Content.assemble(
            fitted(f"{lot.framework} {short_lot(lot.lot)}", 28),
            right(f"{share:.0%}", 6),
            (right(f"{lot.seen:,} of {lot.live:,}", 18), "$muted"),
        )


def _newest(found: Overview) -> str:
    newest = found.held.newest
    return f"{long_date(newest)}, {newest:%H:%M} UTC" if newest else "not known"


def _counted(title: str, counts: tuple[FacetCount, ...]) -> Iterator[Part]:
    """Counts with a bar each."""
    if not counts:
        return
    yield from ("", titled(title))
    most = max(count.count for count in counts) or 1
    for count in counts:
        yield Content.assemble(
            fitted(count.name, 26),
            right(f"{count.count:,}", 8),
            "  ",
            ("━" * max(1, round(_BAR * count.count / most)), "$primary"),
        )
