"""Two lines about what is under way on the catalogue, on the screens where one looks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual import work
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from catalogue.errors import LonglistError
from tui.background import Job
from tui.under_way import Pulse, UnderWay, far_told, pace_told, under_way
from tui.widgets.plain import one_line

if TYPE_CHECKING:
    from tui.app import LonglistApp

#: Seconds between two looks. A page comes every second or two.
_EVERY = 1.0
_BAR = 14


class UnderWayLines(Static):
    """Nothing while nothing is under way; otherwise how far it is, how fast, and how to stop it."""

    DEFAULT_CSS = """
    UnderWayLines {
        display: none;
        height: auto;
        padding: 0 2;
        background: $panel;
        &.-shown { display: block; }
    }
    """

    class Over(Message):
        """A run that another program began has ended."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__("", id=id, markup=False)
        self.found: UnderWay | None = None
        self._pulse = Pulse()
        self._said = Content("")

    @property
    def longlist(self) -> LonglistApp:
        """The application, with its own type."""
        return cast("LonglistApp", self.app)

    def on_mount(self) -> None:
        """Look now and again."""
        self.set_interval(_EVERY, self.look_if_in_front)
        self.look()

    def look_if_in_front(self) -> None:
        """Look, unless another screen is in front."""
        if self.screen.is_current:
            self.look()

    @work(exclusive=True, group="under-way")
    async def look(self) -> None:
        """See what is under way."""
        session = self.longlist.session
        before = self.found
        try:
            self.found = await session.ask(
                lambda catalogue: under_way(catalogue, session.clock()), lane="under-way"
            )
        except LonglistError:
            self.found = None
        job = self.longlist.background.job
        if self.found is not None:
            self._pulse.take(self.found)
        elif before is not None and job is None:
            self.post_message(self.Over())
        said = _told(self.found, job, self._pulse.rate)
        if said != self._said:  # drawing again arranges the whole screen
            self._said = said
            self.set_class(bool(said), "-shown")
            self.update(said)


def _told(found: UnderWay | None, job: Job | None, rate: float | None) -> Content:
    if found is None:
        if job is None:
            return Content("")
        said = job.said
        return Content.assemble(
            ("↻ ", "$text-accent"),
            (f"{job.title} is under way", "bold"),
            "  ",
            one_line(said[-1]) if said else "",
        )
    key = found.run.key
    what = f"{job.title}" if job is not None else f"Run {found.run.id}"
    where = f" ({one_line(key.source)}, {one_line(key.scope)})"
    bar = ""
    if found.share is not None:
        full = round(_BAR * found.share)
        bar = f"  {'━' * full}{'╌' * (_BAR - full)} {found.share:.0%}"
    parts = [*pace_told(found, rate), "x stops it"]
    if job is None:
        machine = "" if found.work.here else f" on {one_line(found.work.host)}"
        parts.insert(0, f"begun by another program{machine}")
    return Content.assemble(
        ("↻ ", "$text-accent"),
        (f"{what}{where}: {far_told(found)}", "bold"),
        (bar, "$primary"),
        "\n  ",
        (" · ".join(parts), "$muted"),
    )
