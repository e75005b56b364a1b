"""Picking one of many by typing some of its words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from tui.widgets.plain import Piece, fitted, right
from tui.widgets.rows import RowList


class Choice(NamedTuple):
    """Something to pick: what is given back, its name, and a short note at the right."""

    value: str
    name: str
    note: str = ""


class ChoiceList(RowList):
    """The choices that have the words typed."""

    chosen_by_click = True

    def __init__(self, choices: Sequence[Choice]) -> None:
        super().__init__(id="choices")
        self.choices: Sequence[Choice] = choices

    def show(self, choices: Sequence[Choice]) -> None:
        """Show these, from the first on."""
        self.choices = choices
        self.total = len(choices)
        self.cursor = 0
        self.resized()

    def draw(self, row: int, _line: int, width: int) -> Sequence[Piece]:
        """A name and its note."""
        if row >= len(self.choices):
            return []
        choice = self.choices[row]
        note = right(choice.note, min(len(choice.note), width // 2)) if choice.note else ""
        point = "▌" if row == self.cursor else " "
        return [
            (point, "accent"),
            (fitted(choice.name, width - len(note) - 2), ""),
            (f" {note}", "muted"),
        ]


class PickBox(Input):
    """Where one types; the arrow keys move in the list below."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "screen.move(-1)", show=False, id="pick.up", tooltip="The choice above"),
        Binding("down", "screen.move(1)", show=False, id="pick.down", tooltip="The choice below"),
        Binding("pageup", "screen.move(-8)", show=False, id="pick.page-up", tooltip="A page up"),
        Binding("pagedown", "screen.move(8)", show=False, id="pick.page-down", tooltip="A page down"),
    ]


class PickScreen(ModalScreen[Choice | None]):
    """Gives the choice picked, ``None`` when none was."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Cancel", id="pick.cancel", tooltip="Pick nothing"),
    ]
    AUTO_FOCUS = "PickBox"
    DEFAULT_CSS = """
    PickScreen .dialog { height: 24; }
    """

    def __init__(self, title: str, choices: Sequence[Choice]) -> None:
        super().__init__()
        self._title, self._choices = title, choices
        self._words = [f"{choice.name} {choice.note}".casefold() for choice in choices]

    def compose(self) -> ComposeResult:
        """A box to type in, and the choices."""
        box = Vertical(classes="dialog")
        box.border_title = self._title
        box.border_subtitle = "Type to narrow · Enter picks · Esc cancels"
        with box:
            yield PickBox(placeholder="Type some of its words …")
            yield ChoiceList(self._choices)

    def on_mount(self) -> None:
        """Show all of them."""
        self.query_one(ChoiceList).show(self._choices)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        wanted = event.value.casefold().split()
        found = [
            choice
            for choice, text in zip(self._choices, self._words, strict=True)
            if all(word in text for word in wanted)
        ]
        self.query_one(ChoiceList).show(found)

    def action_move(self, rows: int) -> None:
        """Move in the list."""
        self.query_one(ChoiceList).cursor += rows

    @on(Input.Submitted)
    @on(RowList.Chosen)
    def _picked(self) -> None:
        rows = self.query_one(ChoiceList)
        if rows.choices:
            self.dismiss(rows.choices[rows.cursor])
