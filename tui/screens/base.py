"""What every screen has: a line at the top, keys at the bottom, and a plain word where there is no room."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events
from textual.app import ComposeResult, SystemCommand
from textual.geometry import Size
from textual.screen import Screen
from textual.widgets import Static
from textual.worker import Worker, get_current_worker

from tui.faults import Steady
from tui.screens.patience import patience
from tui.widgets.bar import TopBar
from tui.widgets.keys import KeysLine

if TYPE_CHECKING:
    from tui.app import LonglistApp

#: Below this the panes would be unreadable.
LEAST = Size(60, 15)
#: Seconds after which a screen behind a box looks whether something is to be laid out.
_SOON = 0.05
#: From here on panes stand side by side.
WIDE = 110


class LonglistScreen(Steady, Screen[None]):
    """A full screen. ``MODE`` is its place in the line at the top, ``ABOUT`` what its help says first."""

    MODE: ClassVar[str] = ""
    ABOUT: ClassVar[str] = ""

    def __init__(self) -> None:
        super().__init__(classes=" ".join(name for name, holds in _fitting(self.app.size).items() if holds))
        #: What is under way and has been told of, the latest last.
        self._awaited: list[Worker[object]] = []
        # A new screen gets its styles as it is made. Textual, which counts in this the changes of a theme
        # that a screen has seen, would otherwise read every style sheet again, twice, when it is first shown.
        self._css_update_count = self.app._css_update_count
        self._is_unpainted = True

    @property
    def longlist(self) -> LonglistApp:
        """The application, with its own type."""
        return cast("LonglistApp", self.app)

    def compose(self) -> ComposeResult:
        """The frame; `body` is what each screen shows in it."""
        yield TopBar(self.MODE)
        yield from self.body()
        yield KeysLine()
        yield Static(
            f"Please make the window at least {LEAST.width} by {LEAST.height}.",
            id="too-small",
            markup=False,
        )

    def body(self) -> ComposeResult:
        """What the screen shows between the two lines."""
        raise NotImplementedError

    def commands(self) -> Iterable[SystemCommand]:
        """What can be found by name on this screen beside what its keys do."""
        return ()

    def on_mount(self) -> None:
        """Follow what is marked and chosen, whichever screen is in front."""
        self.longlist.sitting_changed.subscribe(self, self._sitting_changed)
        self._sitting_changed("shown")
        self._fit(self.app.size)

    def _sitting_changed(self, what: str) -> None:
        session = self.longlist.session
        profile = session.profile.organisation.name if session.profile else None
        self.query_one(TopBar).show(
            profile=profile,
            marked=len(session.marks),
            chosen=len(session.chosen),
            fictional=session.fictional,
        )
        self.sitting_changed(what)

    def sitting_changed(self, what: str) -> None:
        """Screens that show marks, the profile or the catalogue draw them again.

        ``what`` is ``marks``, ``profile``, ``weights`` (tried out), ``chosen`` (to be compared) or
        ``catalogue``; ``opened`` and ``shown`` stand for all of them.
        """

    def under_cursor(self) -> tuple[str, str] | None:
        """Id and name of the service that keys are about, on screens that show services."""
        return None

    @contextmanager
    def waiting(self, what: str) -> Iterator[None]:
        """Around what a worker does: after a moment a spinner says so in the top line, and Esc stops it."""
        worker: Worker[object] = get_current_worker()
        bar = self.query_one(TopBar)

        def say(spinner: str) -> None:
            if worker not in self._awaited:
                self._awaited.append(worker)
            bar.wait_for(f"{spinner} {what}… Esc stops")

        try:
            with patience(self, say):
                yield
        finally:
            if worker in self._awaited:
                self._awaited.remove(worker)
            if not self._awaited:
                bar.wait_for("")

    @property
    def is_waiting(self) -> bool:
        """Whether something is under way that was told of."""
        return bool(self._awaited)

    def stop_waiting(self) -> None:
        """Stop what was told of last."""
        self._awaited.pop().cancel()
        self.longlist.say("Stopped")

    def on_resize(self, event: events.Resize) -> None:
        """Arrange for the new size."""
        self._fit(event.size)

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """The window may have changed while another screen was in front."""
        if self._is_unpainted:  # what was made just now has its styles
            event.refresh_styles = False
            self.call_after_refresh(self._first_painted)
        self._fit(self.app.size)

    def on_layout(self) -> None:
        """Behind a box a screen is still seen; Textual may have let go of a layout that was asked for."""
        if self.app.screen is not self:
            self.set_timer(_SOON, self.check_idle)

    def _first_painted(self) -> None:
        self._is_unpainted = False

    def _fit(self, size: Size) -> None:
        # All at once: each change goes through the styles of everything on the screen.
        self.update_classes(_fitting(size), animate=False)


def _fitting(size: Size) -> dict[str, bool]:
    """The classes that a screen of this size has, and those that it has not."""
    return {
        "-small": size.width < LEAST.width or size.height < LEAST.height,
        "-wide": size.width >= WIDE,
        "-narrow": size.width < WIDE,
    }
