"""One run in plain words: what it is worth, why, what it did, and what to do about what it met."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from catalogue.dates import long_date
from catalogue.runs import RunSummary, Tally
from catalogue.trends import long_told
from catalogue.verdicts import counts_told, verdict_of
from tui.commands.issue_kinds import load_issue_kinds
from tui.widgets.names import short_lot
from tui.widgets.plain import counted, one_line, paragraph
from tui.widgets.prose import Block, Part, bullet, labelled, titled
from tui.widgets.standing import MARKS


def run_report(run: RunSummary, tally: Tally | None, *, at_work: bool) -> Iterator[Part]:
    """The report of a run; ``tally`` is what it was judged by, where it was published."""
    verdict = verdict_of(run, at_work=at_work)
    mark, style = MARKS[verdict.worth]
    yield Content.assemble((f"{mark} ", style), (f"Run {run.id}: {verdict.word}", "bold"))
    yield paragraph(verdict.told)
    if run.reason:
        yield labelled("Because", paragraph(one_line(run.reason)))
    if verdict.advice:
        yield labelled("What to do", paragraph(verdict.advice))
    yield ""
    yield labelled("Source", paragraph(f"{one_line(run.key.source)}, {one_line(run.key.scope)}"))
    yield labelled("Asked at", paragraph(one_line(run.key.base_url)))
    yield labelled("Begun", Content(f"{long_date(run.started)}, {run.started:%H:%M} UTC"))
    if run.ended is not None and not at_work:
        took = long_told(run.ended - run.started)
        yield labelled("Ended", Content(f"{long_date(run.ended)}, {run.ended:%H:%M} UTC, after {took}"))
    yield from ("", titled("What it did"))
    yield from (bullet(Content(told)) for told in counts_told(run))
    if tally is not None and tally.lots:
        yield from ("", titled("Lot by lot"))
        for place, lot in sorted(tally.lots.items()):
            framework, _, slug = place.partition("/")
            known = f", {lot.known / lot.answers:.0%} of answers known" if lot.answers else ""
            told = f"{counted(lot.read, 'page')}, {lot.live:,} live{known}"
            yield bullet(
                Content.assemble((f"{one_line(framework)} {short_lot(one_line(slug))}", "bold"), f": {told}")
            )
    yield from _issues(run)


def _issues(run: RunSummary) -> Iterator[Part]:
    yield from ("", titled("Issues"))
    if not run.issues:
        yield paragraph("None.", "$muted")
    kinds = load_issue_kinds()
    for kind, times in sorted(run.issues.items(), key=lambda item: (-item[1], item[0])):
        yield bullet(Content.assemble((one_line(kind), "bold"), f", {counted(times, 'time')}"))
        if (known := kinds.get(kind)) is not None:
            yield Block(paragraph(known.means), Content("  "))
            yield Block(paragraph(f"What to do: {known.do}", "$muted"), Content("  "))
