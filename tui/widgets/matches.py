"""The ranking: score, name and a small bar for each barrier; and the list of what a requirement excluded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from textual import events
from textual.reactive import reactive

from catalogue.match import Excluded, Match
from tui.widgets.evidence import BARRIERS, meter
from tui.widgets.names import short_lot
from tui.widgets.plain import Piece, fitted, one_line, right
from tui.widgets.rows import RowList

#: Cells before the name: point, rank, score and the star.
_LEFT = 16
#: Wide enough for the supplier beside the bars.
_ROOMY = 100


class MatchList(RowList):
    """Matches in the order of their score."""

    marked: reactive[frozenset[str]] = reactive(frozenset[str]())

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._matches: tuple[Match, ...] = ()
        self._weights: Mapping[str, Decimal] = {}
        self.row_height = 3

    def show(self, matches: tuple[Match, ...], weights: Mapping[str, Decimal]) -> None:
        """Show these; ``weights`` are the points that each barrier can give."""
        self._matches, self._weights = matches, weights
        self.total = len(matches)
        self.set_reactive(RowList.cursor, 0)
        self.scroll_to(y=0, animate=False, force=True)
        self.resized()
        if matches:
            self.post_message(self.Moved(self, 0))

    @property
    def current(self) -> Match | None:
        """The match under the cursor."""
        return self._matches[self.cursor] if self._matches else None

    def on_resize(self, event: events.Resize) -> None:
        """Two lines where there is room, else three."""
        self.row_height = 2 if self.body_width >= _ROOMY else 3
        super().on_resize(event)

    def heading(self, width: int) -> Sequence[Piece] | None:
        """What the letters of the bars mean."""
        key = "  ".join(f"{letter} {name.split()[0].lower()}" for _, letter, name in BARRIERS)
        return [("    #  Score    ", "heading"), (fitted(key, width - _LEFT), "heading")]

    def draw(self, row: int, line: int, width: int) -> Sequence[Piece]:
        """One match."""
        match = self._matches[row]
        point: Piece = ("▌" if row == self.cursor else " ", "accent")
        if line == 0:
            return [
                point,
                (right(str(match.rank), 4), "muted"),
                (right(f"{match.score:.1f}", 7), "strong"),
                ("  ★ " if match.service.id in self.marked else "    ", "accent"),
                (fitted(match.service.record.name, width - _LEFT), "strong"),
            ]
        record = match.service.record
        price = record.price or "price not stated"
        about = " · ".join([one_line(record.supplier.name), short_lot(record.lot.slug), price])
        if self.row_height == 3 and line == 1:
            return [point, (" " * (_LEFT - 1), ""), (fitted(about, width - _LEFT), "muted")]
        bars = self._bars(match)
        if self.row_height == 3:
            return [point, (" " * (_LEFT - 1), ""), *bars]
        room = width - _LEFT - sum(len(text) for text, _ in bars)
        return [point, (" " * (_LEFT - 1), ""), *bars, (fitted(about, room), "muted")]

    def _bars(self, match: Match) -> list[Piece]:
        points = {contribution.barrier: contribution.points for contribution in match.contributions}
        pieces: list[Piece] = []
        for key, letter, _ in BARRIERS:
            value = points.get(key, Decimal(0))
            pieces += [
                (f"{letter} ", "muted"),
                (meter(value, self._weights.get(key, Decimal(0)), 4), "bar"),
                (right(f"{value:.0f}", 3) + "  ", ""),
            ]
        return pieces


class ExcludedList(RowList):
    """Services that do not meet a must, each with what was asked and what was found."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._excluded: tuple[Excluded, ...] = ()
        self.row_height = 3

    def show(self, excluded: tuple[Excluded, ...]) -> None:
        """Show these."""
        self._excluded = excluded
        self.total = len(excluded)
        self.resized()

    @property
    def current(self) -> Excluded | None:
        """The service under the cursor."""
        return self._excluded[self.cursor] if self._excluded else None

    def draw(self, row: int, line: int, width: int) -> Sequence[Piece]:
        """One service, its requirement, and what it answered."""
        item = self._excluded[row]
        point: Piece = ("▌" if row == self.cursor else " ", "accent")
        if line == 0:
            return [point, (" ✕ ", "bad"), (fitted(item.service.record.name, width - 4), "strong")]
        if line == 1:
            return [point, (fitted(f"   needed: {item.requirement.text}", width - 1), "")]
        found = "; ".join(one_line(value) for value in item.found) or "nothing stated"
        return [point, (fitted(f"   found:  {found}", width - 1), "muted")]
