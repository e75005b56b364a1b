"""The tour of a first visit: five steps, each before the screen that it is about."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from tui.widgets.bar import PLACES
from tui.widgets.prose import Prose


class Step(NamedTuple):
    """A step: the screen behind it, its title, and what it says."""

    mode: str
    title: str
    text: tuple[str, ...]


STEPS = (
    Step(
        "browse",
        "Search",
        (
            "Type what you need in your own words. Results appear as you type, spelling is forgiven, and "
            "other names of the same product are looked for too.",
            "↓ goes to the results, Enter opens one, Space puts it on your shortlist, f filters.",
        ),
    ),
    Step(
        "profile",
        "Say who you are",
        (
            "A profile says which systems you have, what you lack, and what you must have. n begins one that "
            "is half filled in for your kind of organisation; e edits it in a form.",
            "Beside the form stand the ten best services for it, and they change as you write.",
        ),
    ),
    Step(
        "matches",
        "See what fits, and why",
        (
            "Services are ranked for your profile. Beside each stands what speaks for and against it, quoted "
            "word for word from its listing. w tries other weights and shows who moves up or down.",
            "t goes through the tabs: what a must excludes and why, what to ask suppliers, how steady the "
            "ranks are, which to take first. c chooses a service, C compares those chosen.",
        ),
    ),
    Step(
        "project",
        "Keep and hand on",
        (
            "What you marked with Space, anywhere, with a note for each. For a purchase on the record, x "
            "leads from step to step: requirements, search, a fate for each service, weights, scores.",
            "e writes it to a file: a spreadsheet, a document, a web page, a summary for the board.",
        ),
    ),
    Step(
        "browse",
        "Find your way",
        (
            f"{PLACES[0].key} to {PLACES[-1].key} go from place to place (while typing F2 to F6, and F9 for "
            "home). ? or F1 tells what a screen is for and every key on it. Ctrl+P finds any command by "
            "name, and the colours: dark, light, high contrast.",
            "Esc goes back. Ctrl+Q leaves; you come back to where you were. This tour is under Ctrl+P: Tour.",
        ),
    ),
)


class TourScreen(ModalScreen[int | None]):
    """One step. Gives the number of the step to show next, ``None`` to end."""

    CSS_PATH = "tour.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,right,space,n", "step(1)", "Next", id="tour.next", tooltip="The next step"),
        Binding("left,backspace,p", "step(-1)", "Back", id="tour.back", tooltip="The step before"),
        Binding("escape,q", "dismiss(None)", "End", id="tour.end", tooltip="End the tour"),
    ]

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number

    def compose(self) -> ComposeResult:
        """A box at the foot of the screen."""
        step = STEPS[self._number]
        parts = [part for paragraph in step.text for part in (paragraph, "")][:-1]
        box = Vertical(Prose(parts), classes="dialog")
        box.border_title = f"{self._number + 1} of {len(STEPS)}: {step.title}"
        last = self._number == len(STEPS) - 1
        box.border_subtitle = (
            "Enter begins · ← back" if last else "Enter goes on · ← back · Esc ends the tour"
        )
        yield box

    def action_step(self, by: int) -> None:
        """To another step; past the last is the end."""
        there = self._number + by
        if there >= 0:
            self.dismiss(there if there < len(STEPS) else None)
