"""Everything that a key does, by name: in the menu of commands and in the help of a screen."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.app import SystemCommand
from textual.screen import Screen

from tui.screens.base import LonglistScreen
from tui.screens.help import HelpScreen, KeyHelp
from tui.themes import THEMES
from tui.widgets.bar import PLACES

if TYPE_CHECKING:
    from tui.app import LonglistApp


def every_command(app: LonglistApp, screen: Screen[Any]) -> Iterable[SystemCommand]:
    """Everything that a key does on a screen, and what has no key."""
    for place in PLACES:
        yield SystemCommand(
            f"Go to {place.name}",
            f"The same as {place.key}",
            partial(app.run_action, f"go('{place.mode}')"),
        )
    yield SystemCommand("Compare", "Services chosen with c, or the shortlist", app.action_compare)
    seen: set[str] = set()
    for active in screen.active_bindings.values():
        binding = active.binding
        if active.node is app or not binding.id or not binding.description or binding.id in seen:
            continue
        if binding.id.startswith("rows."):  # what arrow keys do in any list
            continue
        seen.add(binding.id)
        yield SystemCommand(
            binding.description, binding.tooltip, partial(app.run_action, binding.action, active.node)
        )
    if isinstance(screen, LonglistScreen):
        yield from screen.commands()
    for theme in THEMES:
        name = theme.name.removeprefix("longlist-")
        yield SystemCommand(
            f"Colours: {name}",
            "Change the colours of the interface",
            partial(setattr, app, "theme", theme.name),
        )
    yield SystemCommand("Tour", "Five steps through the places", partial(app.show_step, 0))
    yield SystemCommand("Help", "Keys of this screen", app.action_help)
    yield SystemCommand(
        "Save a picture of the screen", "An SVG file in the current folder", app.action_screenshot
    )
    yield SystemCommand("Quit", "Leave Longlist", app.action_quit)


def help_of(app: LonglistApp, screen: LonglistScreen) -> HelpScreen:
    """What a screen is for, and its keys: those of the screen, then those that work everywhere."""
    here: dict[str, list[str]] = {}
    everywhere: dict[str, list[str]] = {}
    for key, active in screen.active_bindings.items():
        binding = active.binding
        if not binding.tooltip or not binding.id:
            continue
        group = everywhere if active.node is app else here
        group.setdefault(binding.tooltip, []).append(app.get_key_display(binding.with_key(key, None)))
    return HelpScreen(screen.ABOUT, _helps(here), _helps(everywhere))


def _helps(keys: dict[str, list[str]]) -> list[KeyHelp]:
    """A line for each thing that keys do."""
    return [KeyHelp(" ".join(dict.fromkeys(names)), does) for does, names in keys.items()]
