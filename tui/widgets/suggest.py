"""A line to type in that suggests how to go on: a list below it, taken from with the arrow keys and Enter."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual import events, work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Input

from catalogue.profile.suggesting import Suggestion, closest
from tui.widgets.plain import fitted

#: What may be meant by what was typed, the likeliest first.
Suggester = Callable[[str], Awaitable[Sequence[Suggestion]]]


def among(choices: Sequence[Suggestion]) -> Suggester:
    """Suggests from these."""

    async def suggest(typed: str) -> Sequence[Suggestion]:
        return closest(typed, choices)

    return suggest


class Suggestions(Widget):
    """The list. It lies over what is below it and takes no focus."""

    DEFAULT_CSS = """
    Suggestions {
        overlay: screen;
        constrain: none inside;
        display: none;
        width: 1fr;
        height: auto;
        max-height: 10;
        background: $panel;
        border: round $primary;
        border-subtitle-color: $muted;
    }
    """

    #: The one that Enter takes; -1 for none.
    cursor: reactive[int] = reactive(-1)

    class Picked(Message):
        """A click on one."""

        def __init__(self, value: str) -> None:
            self.value = value
            super().__init__()

    def __init__(self) -> None:
        super().__init__()
        self.found: tuple[Suggestion, ...] = ()
        self.border_subtitle = "↓ ↑ and Enter take one · Esc closes"

    def show(self, found: Sequence[Suggestion]) -> None:
        """Show these, none of them picked."""
        self.found = tuple(found)
        self.cursor = -1
        self.display = bool(found)
        self.refresh(layout=True)

    @property
    def picked(self) -> str | None:
        """The one that Enter takes."""
        return self.found[self.cursor].value if 0 <= self.cursor < len(self.found) else None

    def move(self, by: int) -> None:
        """To the next one, or the one before; before the first is none."""
        self.cursor = max(-1, min(len(self.found) - 1, self.cursor + by))

    def get_content_height(self, _container: Size, _viewport: Size, _width: int) -> int:
        """A line each."""
        return len(self.found)

    def render(self) -> Content:
        """The values, and what is said about them."""
        width = self.content_size.width
        lines = []
        for at, one in enumerate(self.found):
            here = at == self.cursor
            name = min(cell_len(one.value) + 2, width - 2)
            lines.append(
                Content.assemble(
                    ("▸ " if here else "  ", "bold $text-accent"),
                    (fitted(one.value, name), "bold reverse" if here else "bold"),
                    (fitted(one.about, width - 2 - name), "$muted"),
                )
            )
        return Content("\n").join(lines)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take the one that is hit, before the line above loses the focus."""
        event.stop()
        event.prevent_default()
        offset = event.get_content_offset(self)
        if offset is not None and offset.y < len(self.found):
            self.post_message(self.Picked(self.found[offset.y].value))


class SuggestingInput(Input):
    """An input with suggestions; ``below`` shows them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "suggestion(1)", "Suggestions", id="suggest.down", tooltip="To the suggestions"),
        Binding("up", "suggestion(-1)", "Up", show=False, id="suggest.up", tooltip="The suggestion before"),
        Binding("enter", "take", "Take", show=False, id="suggest.take", tooltip="Take the suggestion"),
        Binding("escape", "close", "Close", show=False, id="suggest.close", tooltip="Close the suggestions"),
    ]

    def __init__(self, below: Suggestions, suggester: Suggester, *, placeholder: str = "") -> None:
        super().__init__(placeholder=placeholder)
        self.below = below
        self._ask = suggester

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys mean suggestions while these are shown."""
        if action in ("take", "close") or (action == "suggestion" and parameters == (-1,)):
            return bool(self.below.display)
        return True

    @work(exclusive=True, group="suggest")
    async def suggest(self, *, move: int = 0) -> None:
        """Show what may be meant. ``move`` goes to one of them, or where there are none to the next field."""
        typed = self.value
        found = [one for one in await self._ask(typed) if one.value != typed]
        if self.value != typed or not self.has_focus:
            return
        self.below.show(found if typed.strip() or move else ())
        if found:
            self.below.move(move)
        elif move:
            self.screen.focus_next()

    def action_suggestion(self, by: int) -> None:
        """To the next suggestion, or the one before; ask for some where there are none."""
        if self.below.display:
            self.below.move(by)
        else:
            self.suggest(move=by)

    def action_take(self) -> None:
        """Take the suggestion; without one, go on."""
        picked = self.below.picked
        self.below.show(())
        if picked is not None:
            self.take(picked)
        else:
            self.screen.focus_next()

    def take(self, value: str) -> None:
        """Write this instead of what was typed."""
        self.value = value
        self.cursor_position = len(value)
        self.workers.cancel_group(self, "suggest")
        self.below.show(())

    def action_close(self) -> None:
        """Close the suggestions."""
        self.below.show(())

    def on_blur(self) -> None:
        """Nobody types here any more."""
        self.below.show(())
