"""The line of keys at the bottom: the key for help stays in sight, however many others there are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

#: Cells that the wheel moves the keys by, where not all of them fit.
_TURN = 8


class Key(NamedTuple):
    """A key as it stands in the line. One that is not ``on`` cannot be used now."""

    key: str
    display: str
    does: str
    tooltip: str
    on: bool
    always: bool

    @property
    def cells(self) -> int:
        """How wide it is drawn."""
        return cell_len(self.display) + cell_len(self.does) + 3


class KeysLine(Widget):
    """A line whose last key, at the right, is the one that tells all the others.

    Textual's ``Footer`` makes a widget of every key, and all of them anew where one of them changes: a
    quarter of the time in which a screen opens.
    """

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "keys--key",
        "keys--does",
        "keys--edge",
        "keys--off",
        "keys--hover",
    }
    DEFAULT_CSS = """
    KeysLine {
        dock: bottom;
        height: 1;
        background: $panel;
        color: $footer-foreground;
        & .keys--key { color: $footer-key-foreground; text-style: bold; }
        & .keys--does { color: $footer-description-foreground; }
        & .keys--edge { color: $foreground 20%; }
        & .keys--off { text-style: dim; }
        & .keys--hover { background: $block-hover-background; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.keys: tuple[Key, ...] = ()
        self._turned = 0
        self._under: Key | None = None

    def on_mount(self) -> None:
        """Follow what can be done."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def _changed(self, screen: Screen[object]) -> None:
        if self.app.app_focus and self.is_attached and screen is self.screen:
            self.call_after_refresh(self._take)

    def _take(self) -> None:
        """Show what can be done now, where that is something else."""
        if not self.is_attached:
            return
        found: dict[str, Key] = {}
        for _, binding, enabled, tooltip in self.screen.active_bindings.values():
            if binding.show and binding.action not in found:
                display = self.app.get_key_display(binding)
                always = binding.action == "help"
                found[binding.action] = Key(
                    binding.key, display, binding.description, tooltip, enabled, always
                )
        keys = tuple(found.values())
        if keys != self.keys:
            self.keys, self._turned = keys, 0
            self.refresh()

    def _laid_out(self) -> Iterator[tuple[int, Key]]:
        """Each key with the cell that it begins at: those that move with the wheel, then that for help."""
        at = -self._turned
        for key in self.keys:
            if not key.always:
                yield at, key
                at += key.cells
        fixed = [key for key in self.keys if key.always]
        at = self.size.width - sum(key.cells + 1 for key in fixed)
        for key in fixed:
            yield at + 1, key
            at += key.cells + 1

    @property
    def _room(self) -> int:
        """Cells for the keys that move."""
        return max(0, self.size.width - sum(key.cells + 1 for key in self.keys if key.always))

    def key_at(self, x: int) -> Key | None:
        """The key drawn at a cell."""
        room = self._room
        return next(
            (key for at, key in self._laid_out() if at <= x < at + key.cells and (key.always or x < room)),
            None,
        )

    def render_line(self, y: int) -> Strip:
        """The keys that fit."""
        base = self.rich_style
        if y:
            return Strip.blank(self.size.width, base)
        moving = Strip([each for key in self.keys if not key.always for each in self._drawn(key)])
        room = self._room
        edge = Segment("▏", self.get_component_rich_style("keys--edge"))
        fixed = [each for key in self.keys if key.always for each in (edge, *self._drawn(key))]
        shown = moving.crop(self._turned, self._turned + room).adjust_cell_length(room, base)
        return Strip.join([shown, Strip(fixed)]).adjust_cell_length(self.size.width, base)

    def _drawn(self, key: Key) -> list[Segment]:
        states = [
            name for name, holds in (("keys--off", not key.on), ("keys--hover", key is self._under)) if holds
        ]
        look = self.get_visual_style("keys--key", *states).rich_style
        does = self.get_visual_style("keys--does", *states).rich_style
        return [Segment(f" {key.display} ", look), Segment(f"{key.does} ", does)]

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Lift the key under the pointer, and say what it is for."""
        self._point(self.key_at(event.x))

    def on_leave(self) -> None:
        """The pointer went elsewhere."""
        self._point(None)

    def _point(self, key: Key | None) -> None:
        if key is not self._under:
            self._under = key
            self.tooltip = key.tooltip or None if key is not None else None
            self.refresh()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """A click does what the key does."""
        key = self.key_at(event.x)
        if key is not None and key.on:
            self.app.simulate_key(key.key)
        elif key is not None:
            self.app.bell()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """On to the keys for which there is no room."""
        self._turn(_TURN)
        event.stop()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Back again."""
        self._turn(-_TURN)
        event.stop()

    def _turn(self, cells: int) -> None:
        most = sum(key.cells for key in self.keys if not key.always) - self._room
        self._turned = max(0, min(self._turned + cells, most))
        self.refresh()
