"""A question that is answered with one line: a path, an address."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from tui.widgets.plain import paragraph


class AskLineScreen(ModalScreen[str | None]):
    """Gives the line, without space around it; ``None`` when it is left open.

    ``check`` gives what is wrong with a line as a sentence, ``None`` for nothing; such a line is not taken.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Cancel", id="line.cancel", tooltip="Leave all as it is"),
    ]

    def __init__(
        self, title: str, question: str, example: str, check: Callable[[str], str | None], given: str = ""
    ) -> None:
        super().__init__()
        self._title, self._question, self._example = title, question, example
        self._check, self._given = check, given

    def compose(self) -> ComposeResult:
        """The question, a line to write in, and what is wrong with it."""
        box = Vertical(classes="dialog")
        box.border_title = self._title
        box.border_subtitle = "Enter takes it · Esc cancels"
        with box:
            yield Static(paragraph(self._question), markup=False)
            yield Input(self._given, placeholder=self._example, id="line", classes="pane")
            yield Static("", id="line-problem", markup=False)

    @on(Input.Changed)
    def _changed(self) -> None:
        self.query_one("#line-problem", Static).update("")

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        given = event.value.strip()
        problem = self._check(given) if given else "Write it into the line, or press Esc."
        if problem is None:
            self.dismiss(given)
        else:
            self.query_one("#line-problem", Static).update(paragraph(problem, "$text-error"))
