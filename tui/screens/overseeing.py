"""What Home and Upkeep have in common: they tell of the catalogue as a whole, and follow what fills it."""

from __future__ import annotations

from textual import events, getters, work
from textual.worker import Worker

from tui import errands
from tui.screens.base import LonglistScreen
from tui.widgets.under_way import UnderWayLines


class OverseeingScreen(LonglistScreen):
    """A screen that reads the catalogue anew when it changed: at once, or when it comes to the front."""

    lines = getters.query_one(UnderWayLines)

    def __init__(self) -> None:
        super().__init__()
        self._behind = False

    def read(self) -> Worker[None]:
        """Read what the screen tells, and show it."""
        raise NotImplementedError

    def sitting_changed(self, what: str) -> None:
        """Read it anew; behind another screen, when this one comes to the front."""
        if what == "background":
            self.lines.look()
        elif self.is_current or what == "shown":
            self._read_now()
        else:
            self._behind = True

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Show what changed meanwhile."""
        super().on_screen_resume(event)
        if self._behind:
            self._read_now()

    def _read_now(self) -> None:
        self._behind = False
        self.read()

    def on_under_way_lines_over(self) -> None:
        """Another program's run has ended: read what it brought."""
        self.action_look()

    @work(exclusive=True, group="look-again")
    async def action_look(self) -> None:
        """Read the catalogue file again, for every screen."""
        await errands.reload(self.longlist)

    def action_stop(self) -> None:
        """Stop what is under way."""
        errands.stop(self.longlist, self.lines.found)
