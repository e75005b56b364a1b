"""The first ten of a ranking while a profile is edited, and how far each has moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from catalogue.match import Match
from tui.widgets.matches import moved_mark
from tui.widgets.names import short_lot
from tui.widgets.plain import Piece, fitted, one_line, right
from tui.widgets.rows import RowList

TEN = 10


class TopTen(RowList):
    """Ten services in two lines each."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._matches: tuple[Match, ...] = ()
        self._before: Mapping[str, int] = {}
        self.row_height = 2

    def show(self, matches: Sequence[Match], before: Mapping[str, int]) -> None:
        """Show the first ten; ``before`` is the rank that each service had in the file as it was opened."""
        self._matches, self._before = tuple(matches[:TEN]), before
        self.total = len(self._matches)
        self.resized()

    @property
    def current(self) -> Match | None:
        """The match under the cursor."""
        return self._matches[self.cursor] if self._matches else None

    def draw(self, row: int, line: int, width: int) -> Sequence[Piece]:
        """One service."""
        match = self._matches[row]
        point: Piece = ("▌" if row == self.cursor and self.has_focus else " ", "accent")
        record = match.service.record
        if line:
            about = " · ".join(
                [
                    one_line(record.supplier.name),
                    short_lot(record.lot.slug),
                    record.price or "price not stated",
                ]
            )
            return [point, (" " * 15, ""), (fitted(about, width - 16), "muted")]
        return [
            point,
            (right(str(match.rank), 2), "muted"),
            (right(f"{match.score:.1f}", 6), "strong"),
            self._moved(match),
            (fitted(record.name, width - 16), "strong"),
        ]

    def _moved(self, match: Match) -> Piece:
        if not self._before:
            return (" " * 7, "")
        text, role = moved_mark(self._before.get(match.service.id), match.rank)
        return (right(text, 6) + " ", role)
