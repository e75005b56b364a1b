"""The filters: every value with how many of the present results have it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from catalogue.bands import STEP
from catalogue.model import FacetCount
from tui.widgets.plain import Piece, fitted, right
from tui.widgets.rows import RowList

#: Filter key (as in `SearchQuery`) and the heading of its group. Questions come after these,
#: each a group of its own under its id.
GROUPS = (
    ("lots", "Lot"),
    ("frameworks", "Framework"),
    ("categories", "Category"),
    ("prices", "Price"),
    ("suppliers", "Supplier"),
)
#: Groups whose values are paths, with levels that open and close.
TREES = ("categories", "prices")
#: Values shown of each group before the rest is asked for.
_FEW = 8

Counts = Mapping[str, tuple[FacetCount, ...]]
Chosen = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class _Row:
    """One line. ``kind`` is ``group`` (a heading), ``value``, ``more`` (of a group), ``find`` or ``ask``.

    ``count`` is ``None`` while it is not counted yet; ``opens`` tells whether there are levels below, and
    ``open`` whether they are shown.
    """

    kind: str
    group: str
    name: str
    value: str = ""
    count: int | None = None
    chosen: bool = False
    depth: int = 0
    opens: bool = False
    open: bool = False

    @property
    def place(self) -> tuple[str, str, str]:
        """What tells it apart from every other line."""
        return self.kind, self.group, self.value


class FilterList(RowList):
    """Headed groups of values to tick; groups and levels fold, and long groups show a few until asked."""

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
        Binding("right", "open(1)", "Open", id="filters.open", tooltip="Open the level or group"),
        Binding("left", "open(0)", "Close", id="filters.close", tooltip="Close the level or group"),
    ]

    class Toggled(Message):
        """A value was set or removed."""

        def __init__(self, group: str, value: str, name: str) -> None:
            self.group, self.value, self.name = group, value, name
            super().__init__()

    class Wanted(Message):
        """All values of a group are to be shown (its key), or questions to choose from (``""``)."""

        def __init__(self, group: str) -> None:
            self.group = group
            super().__init__()

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.counts: Counts = {}
        self._chosen: Chosen = {}
        self._titles: dict[str, str] = {}
        self._folded: set[str] = set()
        #: Groups shown whole, and paths of levels that are open, as (group, path).
        self._open: set[tuple[str, str]] = set()
        self._rows: list[_Row] = []
        #: The group whose first value the cursor goes to once it is there.
        self._wanted: str | None = None

    def show(self, counts: Counts, chosen: Chosen, questions: Mapping[str, str]) -> None:
        """Show these counts; ``chosen`` maps each group to the values set and their names.

        ``questions`` are the ids and labels of the questions that are groups too.
        """
        self.counts, self._chosen = counts, chosen
        self._titles = {**dict(GROUPS), **questions}
        self._arrange()

    def _arrange(self) -> None:
        """Lay the rows out anew; the cursor stays on what it was on."""
        under = self._rows[self.cursor].place if self.cursor < len(self._rows) else None
        rows: list[_Row] = []
        for group, title in self._titles.items():
            folded = group in self._folded
            rows.append(_Row("group", group, title, opens=True, open=not folded))
            if not folded:
                rows += self._tree(group) if group in TREES else self._flat(group)
        rows.append(_Row("ask", "", "+ Answer to a question …"))
        self._rows = rows
        self.total = len(rows)
        self.resized()
        self.cursor = next((row for row, item in enumerate(rows) if item.place == under), self.cursor)
        first = (row for row, item in enumerate(rows) if item.kind == "value" and item.group == self._wanted)
        if (row := next(first, None)) is not None:
            self._wanted, self.cursor = None, row

    def _values(self, group: str) -> list[FacetCount]:
        """The values counted, and those that are set though no result has them."""
        counts = list(self.counts.get(group, ()))
        known = {count.value for count in counts}
        chosen = self._chosen.get(group, {})
        return counts + [FacetCount(value, name, 0) for value, name in chosen.items() if value not in known]

    def _row(self, group: str, count: FacetCount) -> _Row:
        chosen = count.value in self._chosen.get(group, {})
        counted = count.count if group in self.counts else None
        return _Row("value", group, count.name, count.value, counted, chosen=chosen)

    def _flat(self, group: str) -> Iterator[_Row]:
        chosen = self._chosen.get(group, {})
        values = self._values(group)
        if group not in dict(GROUPS):  # options of a question stand in their own order, all of them
            yield from (self._row(group, count) for count in values)
            return
        ordered = sorted(values, key=lambda count: count.value not in chosen)
        whole = (group, "") in self._open
        limit = len(ordered) if whole else max(_FEW, len(chosen))
        yield from (self._row(group, count) for count in ordered[:limit])
        if len(ordered) > limit:
            kind = "find" if group == "suppliers" else "more"
            yield _Row(kind, group, f"{len(ordered) - limit:,} more …")

    def _tree(self, group: str) -> Iterator[_Row]:
        below: dict[str, list[FacetCount]] = {}
        values = self._values(group)
        known = {count.value for count in values}
        for count in values:
            parent = count.value.rpartition(STEP)[0]
            below.setdefault(parent if parent in known else "", []).append(count)

        def level(parent: str, depth: int) -> Iterator[_Row]:
            found = below.get(parent, ())
            if depth == 0:  # the units of prices, too, the most frequent first
                found = sorted(found, key=lambda count: -count.count)
            limit = len(found) if (group, "") in self._open or depth else _FEW
            for count in found[:limit]:
                row = self._row(group, count)
                is_open = (group, count.value) in self._open
                opens = count.value in below
                yield _Row(
                    "value", group, row.name, row.value, row.count, row.chosen, depth, opens, open=is_open
                )
                if is_open:
                    yield from level(count.value, depth + 1)
            if len(found) > limit:
                yield _Row("more", group, f"{len(found) - limit:,} more …")

        return level("", 0)

    def draw(self, row: int, _line: int, width: int) -> Sequence[Piece]:
        """One line."""
        if row >= len(self._rows):
            return []
        item = self._rows[row]
        point = "▌" if row == self.cursor and self.has_focus else " "
        arrow = "▾ " if item.open else "▸ "
        if item.kind == "group":
            return [(point, "accent"), (fitted(arrow + item.name, width - 1), "heading")]
        if item.kind == "ask":
            return [(point, "accent"), (fitted(item.name, width - 1), "accent")]
        if item.kind != "value":
            return [(point, "accent"), (fitted(f"    {item.name}", width - 1), "muted")]
        count = "…" if item.count is None else f"{item.count:,}"
        indent = " " * item.depth
        tree = (arrow if item.opens else "  ") if item.group in TREES else ""
        room = width - 4 - len(indent) - len(tree) - len(count) - 2
        return [
            (point, "accent"),
            (indent + tree, "muted"),
            ("☑ " if item.chosen else "☐ ", "accent" if item.chosen else "muted"),
            (fitted(item.name, room), "strong" if item.chosen else ""),
            (right(count, len(count) + 2) + " ", "muted"),
        ]

    def action_choose(self) -> None:
        """Tick a value, fold a group, or show the rest of a group."""
        self._wanted = None
        if self.total:
            self._choose(self.cursor)

    def on_row_list_chosen(self, event: RowList.Chosen) -> None:
        """A click."""
        event.stop()
        self._choose(event.row)

    def on_click(self, event: events.Click) -> None:
        """A click on the arrow of a level opens or closes it; elsewhere the list takes it as a choice."""
        at = event.get_content_offset_capture(self)
        row = self.row_at(at.y)
        if row is not None and row < len(self._rows):
            item = self._rows[row]
            arrow = 1 + item.depth
            if item.kind == "value" and item.opens and arrow <= at.x < arrow + 2:
                event.stop()
                event.prevent_default()
                self.cursor = row
                self._set_open(item, wanted=not item.open)

    def _choose(self, row: int) -> None:
        item = self._rows[row]
        match item.kind:
            case "value":
                self.post_message(self.Toggled(item.group, item.value, item.name))
            case "group":
                self._set_open(item, wanted=not item.open)
            case "more":
                self._open.add((item.group, ""))
                self._arrange()
            case _:
                self.post_message(self.Wanted(item.group))

    def action_open(self, wanted: int) -> None:
        """Open or close the level or group under the cursor; where it is closed, go to what it is in."""
        if not self.total:
            return
        item = self._rows[self.cursor]
        if item.opens and item.open != bool(wanted):
            self._set_open(item, wanted=bool(wanted))
        elif not wanted:
            above = range(self.cursor - 1, -1, -1)
            self.cursor = next((row for row in above if self._holds(row, item)), self.cursor)

    def _holds(self, row: int, item: _Row) -> bool:
        other = self._rows[row]
        return other.kind == "group" or (other.kind == "value" and other.depth < item.depth)

    def _set_open(self, item: _Row, *, wanted: bool) -> None:
        if item.kind == "group":
            (self._folded.discard if wanted else self._folded.add)(item.group)
        else:
            (self._open.add if wanted else self._open.discard)((item.group, item.value))
        self._arrange()

    def go_to_group(self, group: str) -> None:
        """Put the cursor on the first value of a group, unfolded: now, or when its values are counted."""
        self._folded.discard(group)
        self._wanted = group
        self._arrange()
