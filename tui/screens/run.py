"""One run in full."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from catalogue.runs import RunSummary, Tally
from tui.screens.base import LonglistScreen
from tui.widgets.prose import Prose
from tui.widgets.run_report import run_report


class RunScreen(LonglistScreen):
    """The report of a run, over the list of runs."""

    AUTO_FOCUS = "#run-report"
    ABOUT = "What one run is worth, what it did, and what to do about what it met."

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter", "dismiss", "Back", id="run.back", tooltip="Back to the runs"),
    ]

    def __init__(self, run: RunSummary, tally: Tally | None, *, at_work: bool) -> None:
        super().__init__()
        self._report = tuple(run_report(run, tally, at_work=at_work))
        self._title = f"Run {run.id}"

    def body(self) -> ComposeResult:
        """The report."""
        pane = VerticalScroll(Prose(self._report), id="run-report", classes="pane text")
        pane.border_title = self._title
        pane.border_subtitle = "Esc goes back"
        pane.can_focus = True
        yield pane
