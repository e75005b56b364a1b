"""What every screen has: a line at the top, keys at the bottom, and a plain word where there is no room."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual import events
from textual.app import ComposeResult
from textual.geometry import Size
from textual.screen import Screen
from textual.widgets import Footer, Static

from tui.widgets.bar import TopBar

if TYPE_CHECKING:
    from tui.app import LonglistApp

#: Below this the panes would be unreadable.
LEAST = Size(60, 15)
#: From here on panes stand side by side.
WIDE = 110


class LonglistScreen(Screen[None]):
    """A full screen. ``MODE`` is its place in the line at the top, ``ABOUT`` what its help says first."""

    MODE: ClassVar[str] = ""
    ABOUT: ClassVar[str] = ""

    @property
    def longlist(self) -> LonglistApp:
        """The application, with its own type."""
        return cast("LonglistApp", self.app)

    def compose(self) -> ComposeResult:
        """The frame; `body` is what each screen shows in it."""
        yield TopBar(self.MODE)
        yield from self.body()
        yield Footer(show_command_palette=False)
        yield Static(
            f"Please make the window at least {LEAST.width} by {LEAST.height}.",
            id="too-small",
            markup=False,
        )

    def body(self) -> ComposeResult:
        """What the screen shows between the two lines."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """Follow what is marked and chosen, whichever screen is in front."""
        self.longlist.sitting_changed.subscribe(self, self._sitting_changed)
        self._sitting_changed("shown")
        self._fit(self.app.size)

    def _sitting_changed(self, what: str) -> None:
        session = self.longlist.session
        profile = session.profile.organisation.name if session.profile else None
        self.query_one(TopBar).show(profile=profile, marked=len(session.marks), fictional=session.fictional)
        self.sitting_changed(what)

    def sitting_changed(self, what: str) -> None:
        """Screens that show marks, the profile or the catalogue draw them again.

        ``what`` is ``marks``, ``profile`` or ``catalogue``; ``opened`` and ``shown`` stand for all of them.
        """

    def on_resize(self, event: events.Resize) -> None:
        """Arrange for the new size."""
        self._fit(event.size)

    def on_screen_resume(self) -> None:
        """The window may have changed while another screen was in front."""
        self._fit(self.app.size)

    def _fit(self, size: Size) -> None:
        self.set_class(size.width < LEAST.width or size.height < LEAST.height, "-small")
        self.set_class(size.width >= WIDE, "-wide")
        self.set_class(size.width < WIDE, "-narrow")
