"""The filters: every value with how many of the present results have it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from catalogue.model import FacetCount, Facets
from tui.widgets.plain import Piece, fitted, right
from tui.widgets.rows import RowList

#: Filter key (as in `SearchQuery` and `Facets`) and the heading of its group.
GROUPS = (("lots", "Lot"), ("frameworks", "Framework"), ("categories", "Category"), ("suppliers", "Supplier"))
#: Values shown of each group before "more".
_FEW = 8


@dataclass(frozen=True, slots=True)
class _Row:
    """A heading (``value`` is ``None``), a value, or the "more" row of a group (``more`` values hidden)."""

    group: str
    name: str
    value: str | None = None
    count: int = 0
    chosen: bool = False
    more: int = 0


class FilterList(RowList):
    """Headed groups of values to tick; groups fold, and long ones show a few until asked."""

    chosen_by_click = True

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "choose",
            "Tick",
            id="filters.toggle",
            tooltip="Set or remove this filter, or fold a group",
        ),
        Binding(
            "space",
            "choose",
            "Tick",
            show=False,
            id="filters.toggle-space",
            tooltip="Set or remove this filter",
        ),
    ]

    class Toggled(Message):
        """A value was set or removed."""

        def __init__(self, group: str, value: str, name: str) -> None:
            self.group, self.value, self.name = group, value, name
            super().__init__()

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._facets = Facets()
        self._chosen: Mapping[str, Mapping[str, str]] = {}
        self._folded: set[str] = set()
        self._unfolded: set[str] = set()
        self._rows: list[_Row] = []

    def show(self, facets: Facets, chosen: Mapping[str, Mapping[str, str]]) -> None:
        """Show these counts; ``chosen`` maps each group to the values set and their names."""
        self._facets, self._chosen = facets, chosen
        self._arrange()

    def _arrange(self) -> None:
        rows: list[_Row] = []
        for group, title in GROUPS:
            counts: tuple[FacetCount, ...] = getattr(self._facets, group)
            chosen = self._chosen.get(group, {})
            rows.append(_Row(group, title))
            if group in self._folded:
                continue
            known = {count.value for count in counts}
            rows += [
                _Row(group, name, value, 0, chosen=True)
                for value, name in chosen.items()
                if value not in known
            ]
            ordered = sorted(counts, key=lambda count: count.value not in chosen)
            limit = len(ordered) if group in self._unfolded else max(_FEW, len(chosen))
            rows += [
                _Row(group, count.name, count.value, count.count, chosen=count.value in chosen)
                for count in ordered[:limit]
            ]
            if len(ordered) > limit:
                rows.append(_Row(group, "", more=len(ordered) - limit))
        self._rows = rows
        self.total = len(rows)
        self.resized()

    def draw(self, row: int, _line: int, width: int) -> Sequence[Piece]:
        """One heading or value."""
        if row >= len(self._rows):
            return []
        item = self._rows[row]
        point = "▌" if row == self.cursor and self.has_focus else " "
        if item.more:
            return [(point, "accent"), (fitted(f"    {item.more} more …", width - 1), "muted")]
        if item.value is None:
            fold = "▸" if item.group in self._folded else "▾"
            return [(point, "accent"), (fitted(f"{fold} {item.name}", width - 1), "heading")]
        count = f"{item.count:,}"
        room = width - 4 - len(count) - 2
        return [
            (point, "accent"),
            ("☑ " if item.chosen else "☐ ", "accent" if item.chosen else "muted"),
            (fitted(item.name, room), "strong" if item.chosen else ""),
            (right(count, len(count) + 2) + " ", "muted"),
        ]

    def action_choose(self) -> None:
        """Tick a value, fold a group, or show the rest of a group."""
        if self.total:
            self._choose(self.cursor)

    def on_row_list_chosen(self, event: RowList.Chosen) -> None:
        """A click."""
        event.stop()
        self._choose(event.row)

    def _choose(self, row: int) -> None:
        item = self._rows[row]
        if item.value is not None:
            self.post_message(self.Toggled(item.group, item.value, item.name))
            return
        folds = self._unfolded if item.more else self._folded
        folds.symmetric_difference_update({item.group})
        self._arrange()
