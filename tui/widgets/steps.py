"""The steps of a purchase in a line: which are done, which one is now, and which are to come."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widget import Widget

from catalogue.project import Step, StepName

#: As they are called on the screen.
TITLES: dict[StepName, str] = {
    "requirements": "Requirements",
    "search": "Search",
    "longlist": "Longlist",
    "shortlist": "Shortlist",
    "weights": "Weights",
    "scores": "Scores",
    "lock": "Lock",
    "outcome": "Outcome",
}
#: The mark of a state, and the style that repeats what it says.
MARKS = {
    "done": ("✓", "$text-success"),
    "now": ("▶", "bold $text-accent reverse"),
    "to come": ("·", "$muted"),
    "left out": ("–", "$muted"),
}


class StepsLine(Widget):
    """The eight steps. Where there is room each says its state in words too."""

    DEFAULT_CSS = """
    StepsLine { height: 1; padding: 0 1; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._steps: tuple[Step, ...] = ()

    def show(self, steps: Sequence[Step]) -> None:
        """Show these."""
        self._steps = tuple(steps)
        self.refresh()

    def render(self) -> Content:
        """Marks and names; the step that is next is said to be now."""
        spaced = self._line(spaced=True)
        return spaced if spaced.cell_length <= self.content_size.width else self._line(spaced=False)

    def _line(self, *, spaced: bool) -> Content:
        parts = []
        for step in self._steps:
            mark, style = MARKS[step.state]
            said = f"{mark} {TITLES[step.name]}" if spaced else f"{mark}{TITLES[step.name]}"
            if spaced and step.state in ("done", "now"):
                said += f" {step.state}"
            parts.append(Content.styled(said, style))
        return Content("  " if spaced else " ").join(parts)
