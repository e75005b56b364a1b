"""The systems or requirements of a profile: the list of them, and the fields of the one under the cursor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.message import Message
from textual.widgets import Static

from tui.widgets.fields import Field
from tui.widgets.plain import Piece, fitted
from tui.widgets.rows import RowList


class TableList(RowList):
    """The rows by name, and below them one to add another."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter", "choose", "Fill in", id="table.edit", tooltip="To the fields of this one, or add one"
        ),
        Binding("a,insert,plus", "add", "Add", id="table.add", tooltip="Add another one"),
        Binding("d,delete", "remove", "Remove", id="table.remove", tooltip="Remove this one"),
        Binding(
            "less_than_sign,shift+up,ctrl+up",
            "shift(-1)",
            "Earlier",
            show=False,
            id="table.earlier",
            tooltip="Move this one up in the file",
        ),
        Binding(
            "greater_than_sign,shift+down,ctrl+down",
            "shift(1)",
            "Later",
            show=False,
            id="table.later",
            tooltip="Move this one down in the file",
        ),
    ]

    class Asked(Message):
        """A row is to be added (``what`` is ``add``), removed, or moved ``by`` rows; ``number`` from 1."""

        def __init__(self, rows: TableList, what: str, number: int = 0, by: int = 0) -> None:
            self.rows, self.what, self.number, self.by = rows, what, number, by
            super().__init__()

        @property
        def control(self) -> TableList:
            """The list asked in."""
            return self.rows

    def __init__(self, add: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.adds = add
        self._rows: tuple[tuple[str, str, bool], ...] = ()

    def show(self, rows: Sequence[tuple[str, str, bool]]) -> None:
        """Show these: a word, the name, and whether something is wrong with it."""
        self._rows = tuple(rows)
        self.total = len(rows) + 1
        self.resized()

    @property
    def number(self) -> int | None:
        """The row under the cursor, from 1; ``None`` on the last line."""
        return self.cursor + 1 if self.cursor < len(self._rows) else None

    def draw(self, row: int, _line: int, width: int) -> Sequence[Piece]:
        """One row."""
        point: Piece = ("▌" if row == self.cursor else " ", "accent")
        if row >= len(self._rows):
            return [point, (fitted(f"+ {self.adds}", width - 1), "accent")]
        word, name, wrong = self._rows[row]
        return [
            point,
            ("✕ " if wrong else "  ", "bad"),
            (fitted(word, 8), "muted"),
            (fitted(name or "(no name yet)", width - 11), "strong" if name else "muted"),
        ]

    def action_add(self) -> None:
        """Add a row."""
        self.post_message(self.Asked(self, "add"))

    def action_remove(self) -> None:
        """Remove the row under the cursor."""
        if self.number is not None:
            self.post_message(self.Asked(self, "remove", self.number))

    def action_shift(self, by: int) -> None:
        """Move the row under the cursor."""
        if self.number is not None and 1 <= self.number + by <= len(self._rows):
            self.post_message(self.Asked(self, "move", self.number, by))


class TablePane(Horizontal):
    """List and fields. ``listed``: the key listed first, its usual value, and the key of the name."""

    DEFAULT_CSS = """
    TablePane {
        height: 1fr;
        & TableList { width: 36%; min-width: 24; }
        & .table-fields { width: 1fr; padding: 0 1; }
        & .table-none { display: none; color: $muted; padding: 0 1; width: 1fr; }
        &.-none .table-fields { display: none; }
        &.-none .table-none { display: block; }
    }
    """

    def __init__(
        self,
        table: str,
        fields: Sequence[Field],
        *,
        title: str,
        listed: tuple[str, str, str],
        add: str,
        none: str,
        id: str,
    ) -> None:
        super().__init__(id=id)
        self.table = table
        self._fields = tuple(fields)
        self._word_key, self._usual, self._name_key = listed
        self._none = none
        self.list = TableList(add, id=f"{table}-list")
        self.list.add_class("pane")
        self.list.border_title = title
        self._tables: Sequence[Any] = ()
        self._troubles: Mapping[str, Sequence[str]] = {}
        self._advice: Mapping[str, Sequence[str]] = {}

    def compose(self) -> ComposeResult:
        """The list on the left, the fields on the right."""
        yield self.list
        scroll = VerticalScroll(*self._fields, classes="table-fields")
        scroll.can_focus = False
        yield scroll
        yield Static(self._none, classes="table-none", markup=False)

    @property
    def place(self) -> str | None:
        """The place of the row that the fields show."""
        return f"{self.table}[{self.list.number}]" if self.list.number is not None else None

    def show(
        self,
        tables: Mapping[str, Any],
        troubles: Mapping[str, Sequence[str]],
        advice: Mapping[str, Sequence[str]],
    ) -> None:
        """Show what a profile says, with what is wrong at each place."""
        rows = tables.get(self.table)
        self._tables = rows if isinstance(rows, list) else ()
        self._troubles, self._advice = troubles, advice
        self.list.show(
            [
                (
                    _text(row, self._word_key) or self._usual,
                    _text(row, self._name_key) or _text(row, "question"),
                    any(place.startswith(f"{self.table}[{number}]") for place in troubles),
                )
                for number, row in enumerate(self._tables, start=1)
            ]
        )
        self.show_row()

    def show_row(self) -> None:
        """Show the fields of the row under the cursor."""
        number = self.list.number
        self.set_class(number is None, "-none")
        if number is None or number > len(self._tables):
            return
        row = self._tables[number - 1]
        for field in self._fields:
            field.table = f"{self.table}[{number}]"
            field.show(row if isinstance(row, Mapping) else {})
            field.say(
                [said for key in field.keys for said in self._troubles.get(field.at(key), ())],
                [said for key in field.keys for said in self._advice.get(field.at(key), ())],
            )

    @on(RowList.Moved)
    def _moved(self, event: RowList.Moved) -> None:
        event.stop()
        self.show_row()

    @on(RowList.Chosen)
    def _chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        if self.list.number is None:
            # From here and not from the list: a message goes no further up than whoever sent it.
            self.post_message(TableList.Asked(self.list, "add"))
        else:
            self.to_fields()

    def to_fields(self) -> None:
        """To the first field."""
        self.screen.focus_next(".table-fields *")


def _text(row: Any, key: str) -> str:
    value = row.get(key) if isinstance(row, Mapping) else None
    return value if isinstance(value, str) else ""
