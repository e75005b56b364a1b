"""The ranking: score, name and a bar for each barrier; and the list of what a requirement excluded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from textual import events
from textual.reactive import reactive

from catalogue.groups import Group
from catalogue.match import Excluded, Match
from catalogue.sentences import found_sentence
from tui.widgets.bar import COMPARED
from tui.widgets.evidence import BARRIERS, meter
from tui.widgets.names import short_lot
from tui.widgets.plain import Piece, counted, fitted, one_line, right
from tui.widgets.rows import RowList

#: Cells before the name: point, rank, score, chosen and the star.
_LEFT = 16
#: Wide enough for the supplier beside the bars.
_ROOMY = 100
#: Cells of all bars together, at the least and at the most; and what stands around the four of them.
_FEWEST, _MOST, _AROUND = 12, 40, 28


def shares_of_cells(weights: Mapping[str, Decimal], cells: int) -> dict[str, int]:
    """So many cells divided among the barriers as their weights are; one at least where there is a weight."""
    whole = sum(weights.values())
    if not whole:
        return dict.fromkeys(weights, 0)
    exact = {key: weight * cells / whole for key, weight in weights.items()}
    given = {key: max(int(part), 1 if part else 0) for key, part in exact.items()}
    by_rest = sorted(given, key=lambda key: given[key] - exact[key])
    for key in by_rest[: max(0, cells - sum(given.values()))]:
        given[key] += 1
    return given


def moved_mark(before: int | None, rank: int) -> Piece:
    """How far a service moved: up, down, new, or nothing."""
    if before == rank:
        return "", ""
    if before is None:
        return "new", "good"
    up = before - rank
    return (f"▲{up}", "good") if up > 0 else (f"▼{-up}", "bad")


class MatchList(RowList):
    """Matches in the order of their score; one product from several sellers is one row until unfolded."""

    marked: reactive[frozenset[str]] = reactive(frozenset[str]())
    chosen: reactive[frozenset[str]] = reactive(frozenset[str]())

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._matches: tuple[Match, ...] = ()
        self._rows: list[Match] = []
        self._weights: Mapping[str, Decimal] = {}
        self._before: Mapping[str, int] = {}
        self._groups: dict[str, Group] = {}
        #: Ids that do not stand for their group, and those groups, by any id, that are unfolded.
        self._others: set[str] = set()
        self._unfolded: set[str] = set()
        self.row_height = 3

    def show(
        self,
        matches: tuple[Match, ...],
        weights: Mapping[str, Decimal],
        groups: Iterable[Group] = (),
        before: Mapping[str, int] | None = None,
        *,
        anew: bool = True,
    ) -> None:
        """Show these; ``weights`` are the points that each barrier can give.

        ``before`` are ranks to compare with. Unless it begins ``anew``, the cursor stays at its service.
        """
        current = None if anew else self.current
        self._matches, self._weights, self._before = matches, weights, before or {}
        self._groups = {id: group for group in groups for id in (group.head, *group.others)}
        self._others = {id for group in self._groups.values() for id in group.others}
        if anew:
            self._unfolded = set()
        self._fold(current.service.id if current else None)

    def _fold(self, at: str | None) -> None:
        """Draw what is folded as one row; the cursor goes to this service, or to its group."""
        known = {match.service.id: match for match in self._matches}
        self._rows = []
        for match in self._matches:
            group = self._groups.get(match.service.id)
            if match.service.id not in self._others:
                self._rows.append(match)
            if group and match.service.id == group.head and group.head in self._unfolded:
                self._rows += [known[id] for id in group.others]
        group = self._groups.get(at) if at else None
        wanted = (at, group.head if group else None)
        places = {match.service.id: row for row, match in enumerate(self._rows)}
        row = next((places[id] for id in wanted if id in places), 0)
        self.set_reactive(RowList.cursor, row)
        self.set_reactive(RowList.total, len(self._rows))
        self.resized()
        self.show_cursor()
        if self._rows:
            self.post_message(self.Moved(self, row))

    @property
    def current(self) -> Match | None:
        """The match under the cursor."""
        return self._rows[self.cursor] if self._rows else None

    @property
    def group(self) -> Group | None:
        """The sellers of the product under the cursor, where it has several."""
        return self._groups.get(self.current.service.id) if self.current else None

    def toggle_sellers(self) -> None:
        """Show every seller of the product under the cursor by itself, or fold them again."""
        group = self.group
        if group is not None and self.current is not None:
            self._unfolded ^= {group.head, *group.others}
            self._fold(self.current.service.id)

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
        match = self._rows[row]
        point: Piece = ("▌" if row == self.cursor else " ", "accent")
        if line == 0:
            chosen = COMPARED if match.service.id in self.chosen else " "
            star = "★" if match.service.id in self.marked else " "
            return [
                point,
                (right(str(match.rank), 4), "muted"),
                (right(f"{match.score:.1f}", 7), "strong"),
                (f" {chosen}{star} ", "accent"),
                (fitted(match.service.record.name, width - _LEFT), "strong"),
            ]
        record = match.service.record
        price = record.price or "price not stated"
        about = " · ".join([one_line(record.supplier.name), short_lot(record.lot.slug), price])
        if line == 1:
            left = self._moved(match)
            if self.row_height == 3:
                return [point, *left, (fitted(self._sellers(match) + about, width - _LEFT), "muted")]
            bars = self._bars(match, width)
            room = width - _LEFT - sum(len(text) for text, _ in bars)
            return [point, *left, *bars, (fitted(self._sellers(match) + about, room), "muted")]
        return [point, (" " * (_LEFT - 1), ""), *self._bars(match, width)]

    def _moved(self, match: Match) -> list[Piece]:
        """What stands before the second line: how far the service moved."""
        before = self._before.get(match.service.id)
        text, role = moved_mark(before, match.rank) if self._before else ("", "")
        was = f" was {before}" if text and before is not None else ""
        return [(right(text, 5), role), (fitted(was, _LEFT - 6), "muted")]

    def _sellers(self, match: Match) -> str:
        """That there are other sellers, before the supplier's name."""
        group = self._groups.get(match.service.id)
        if group is None:
            return ""
        if match.service.id != group.head:
            return "└ same product: "
        return "" if group.head in self._unfolded else f"+{counted(group.size - 1, 'seller')} · "

    def _bars(self, match: Match, width: int) -> list[Piece]:
        points = {contribution.barrier: contribution.points for contribution in match.contributions}
        cells = shares_of_cells(self._weights, max(_FEWEST, min(_MOST, width - _LEFT - _AROUND)))
        pieces: list[Piece] = []
        for key, letter, _ in BARRIERS:
            value, weight = points.get(key, Decimal(0)), self._weights.get(key, Decimal(0))
            bar = meter(value, weight, cells[key]) if cells.get(key) else ""
            pieces += [(f"{letter} ", "muted"), (bar, "bar"), (right(f"{value:.0f}", 3) + "  ", "")]
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
        asked = f" ({one_line(item.label)})" if item.label else ""
        return [point, (fitted(f"   found:  {found_sentence(item)}{asked}", width - 1), "muted")]
