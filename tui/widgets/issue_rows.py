"""The issues of a run as a list, and one of them in full with what to do about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from textual.content import Content

from catalogue.model import FacetCount, Issue
from tui.commands.issue_kinds import load_issue_kinds
from tui.widgets.names import short_lot
from tui.widgets.narrow import Group
from tui.widgets.plain import Piece, counted, fitted, one_line, paragraph
from tui.widgets.prose import Part, labelled, titled
from tui.widgets.rows import RowList

#: What a page of no known lot is filed under.
NO_LOT = ""


@dataclass(frozen=True, slots=True)
class Met:
    """An issue and how often a run met it."""

    issue: Issue
    times: int

    @property
    def lot(self) -> str:
        """The slug of the lot that it is about, as far as it says."""
        return self.issue.details.get("lot", NO_LOT)


class IssueRows(RowList):
    """An issue in two lines: its kind and how often; then what was met."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._met: tuple[Met, ...] = ()
        self.row_height = 2

    def show(self, met: Sequence[Met]) -> None:
        """Show these from the top."""
        self._met = tuple(met)
        self.total = len(met)
        self.cursor = 0
        self.resized()
        self.post_message(self.Moved(self, 0))

    @property
    def current(self) -> Met | None:
        """The issue under the cursor."""
        return self._met[self.cursor] if self.cursor < len(self._met) else None

    def draw(self, row: int, line: int, width: int) -> Sequence[Piece]:
        """One issue."""
        met = self._met[row]
        point = "▌" if row == self.cursor else " "
        if line == 1:
            return [(point, "accent"), (fitted(f"  {met.issue.message}", width - 1), "muted")]
        often = f"  {counted(met.times, 'time')}" if met.times > 1 else ""
        return [(point, "accent"), (fitted(f"{met.issue.kind}{often}", width - 1), "strong")]


def groups_of(met: Sequence[Met]) -> list[Group]:
    """What issues can be narrowed by: kind, and lot where any says one."""
    kinds: Counter[str] = Counter()
    lots: Counter[str] = Counter()
    for each in met:
        kinds[each.issue.kind] += each.times
        lots[each.lot] += each.times
    found = [
        Group("kind", "Kind", tuple(FacetCount(kind, kind, times) for kind, times in kinds.most_common()))
    ]
    if set(lots) != {NO_LOT}:
        values = (
            FacetCount(lot, short_lot(lot) or "no lot named", times) for lot, times in lots.most_common()
        )
        found.append(Group("lot", "Lot", tuple(values)))
    return found


def issue_told(met: Met) -> Iterator[Part]:
    """An issue in full: what it means, what was met, on which page, and what to do."""
    issue = met.issue
    yield titled(one_line(issue.kind))
    known = load_issue_kinds().get(issue.kind)
    if known is not None:
        yield from (paragraph(known.means), "")
    yield labelled("Met", paragraph(issue.message))
    yield labelled("Times", Content(f"{met.times:,}"))
    yield labelled("Such as on", paragraph(one_line(issue.place)))
    for name, value in issue.details.items():
        if value and value not in issue.message:
            yield labelled(one_line(name).capitalize(), paragraph(one_line(value)))
    if known is not None:
        yield from ("", titled("What to do"), paragraph(known.do))
