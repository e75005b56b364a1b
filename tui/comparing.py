"""Choosing services to compare, on any screen that shows services, and opening the comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.binding import Binding

from tui.screens.base import LonglistScreen
from tui.widgets.plain import counted, one_line

if TYPE_CHECKING:
    from tui.app import LonglistApp

#: As many as stand side by side in a wide window.
MOST = 4
BINDINGS = (
    Binding(
        "c", "pick", "To compare", show=False, id="app.choose", tooltip="Choose the service to be compared"
    ),
    Binding(
        "C",
        "compare",
        "Compare",
        show=False,
        id="app.compare",
        tooltip="Compare the services chosen with c, or else the shortlist",
    ),
)


def can_choose(app: LonglistApp) -> bool:
    """Whether the screen in front shows services to choose from."""
    screen = app.screen
    return isinstance(screen, LonglistScreen) and type(screen).under_cursor is not LonglistScreen.under_cursor


def choose(app: LonglistApp) -> None:
    """Choose the service under the cursor, or take it back."""
    screen, chosen = app.screen, app.session.chosen
    current = screen.under_cursor() if isinstance(screen, LonglistScreen) else None
    if current is None:
        return
    service_id, name = current
    if service_id in chosen:
        del chosen[service_id]
        app.say(f"Not to be compared any more: {one_line(name)}")
    elif len(chosen) >= MOST:
        app.say(f"{MOST} services can be compared; c on one of them takes it back. C compares them.")
        return
    else:
        chosen[service_id] = name
        more = "c on another one, then C compares them" if len(chosen) == 1 else "C compares them"
        app.say(f"To compare ({len(chosen)}): {one_line(name)}. {more}.")
    app.sitting_changed.publish("chosen")


def compare(app: LonglistApp) -> None:
    """Open the comparison of the services chosen, or of a shortlist that is short enough."""
    from tui.screens.compare import CompareScreen  # noqa: PLC0415  it is opened by few, and late

    session = app.session
    if isinstance(app.screen, CompareScreen):
        return
    if not session.chosen and 2 <= len(session.marks) <= MOST:
        session.chosen = dict.fromkeys(session.marks, "")
        app.sitting_changed.publish("chosen")
    if len(session.chosen) >= 2:
        app.clear_notifications()
        app.push_screen(CompareScreen())
    elif session.chosen:
        app.say("One service is chosen. c on another one, then C compares them.")
    elif len(session.marks) > MOST:
        marked = counted(len(session.marks), "service")
        app.say(f"Your shortlist has {marked}. Choose two to {MOST} of them with c, then C compares them.")
    else:
        app.say(f"Choose two to {MOST} services with c, then C compares them.")
