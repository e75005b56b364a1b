"""What a list can be narrowed by: headed groups of values to tick, each with how many it has."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from catalogue.model import FacetCount
from tui.widgets.plain import Piece, fitted, right
from tui.widgets.rows import RowList


@dataclass(frozen=True, slots=True)
class Group:
    """Values of one kind. Of a group that is ``single`` one at the most is ticked."""

    key: str
    title: str
    values: tuple[FacetCount, ...]
    single: bool = False
    #: Whether the counts say something, or are all the same.
    counted: bool = True


class NarrowList(RowList):
    """Ticks; the screen keeps what is ticked and shows it again."""

    chosen_by_click = True

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter,space",
            "choose",
            "Tick",
            id="narrow.tick",
            tooltip="Set or remove what is under the cursor",
        ),
    ]

    class Toggled(Message):
        """A value was ticked, or no longer is."""

        def __init__(self, narrow: NarrowList, group: Group, value: str) -> None:
            self.narrow, self.group, self.value = narrow, group, value
            super().__init__()

        @property
        def control(self) -> NarrowList:
            """The list."""
            return self.narrow

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows: tuple[tuple[Group, FacetCount | None], ...] = ()
        self._ticked: frozenset[tuple[str, str]] = frozenset()

    def show(self, groups: Sequence[Group], ticked: Collection[tuple[str, str]]) -> None:
        """Show these; ``ticked`` are pairs of group and value."""
        self._ticked = frozenset(ticked)
        self._rows = tuple(
            (group, value) for group in groups if group.values for value in (None, *group.values)
        )
        self.total = len(self._rows)
        self.resized()

    def draw(self, row: int, _line: int, width: int) -> Sequence[Piece]:
        """One heading or value."""
        if row >= len(self._rows):
            return []
        group, value = self._rows[row]
        point = "▌" if row == self.cursor and self.has_focus else " "
        if value is None:
            return [(point, "accent"), (fitted(group.title, width - 1), "heading")]
        ticked = (group.key, value.value) in self._ticked
        count = f"{value.count:,}" if group.counted else ""
        return [
            (point, "accent"),
            ("☑ " if ticked else "☐ ", "accent" if ticked else "muted"),
            (fitted(value.name, width - 6 - len(count)), "strong" if ticked else ""),
            (right(count, len(count) + 2) + " ", "muted"),
        ]

    def action_choose(self) -> None:
        """Tick or untick."""
        if self.cursor < len(self._rows):
            group, value = self._rows[self.cursor]
            if value is not None:
                self.post_message(self.Toggled(self, group, value.value))

    def on_row_list_chosen(self, event: RowList.Chosen) -> None:
        """A click."""
        event.stop()
        self.action_choose()


def toggled(ticked: set[tuple[str, str]], group: Group, value: str) -> set[tuple[str, str]]:
    """What is ticked after a value was chosen."""
    pair = (group.key, value)
    if pair in ticked:
        return ticked - {pair}
    kept = {each for each in ticked if not (group.single and each[0] == group.key)}
    return kept | {pair}


def of_group(ticked: Collection[tuple[str, str]], key: str) -> tuple[str, ...]:
    """The values ticked in a group."""
    return tuple(sorted(value for group, value in ticked if group == key))
