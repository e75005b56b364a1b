"""Fields of a form: a label, what one types or ticks, and below it what is wrong with it.

A field shows the value at its place in a profile's text and tells of edits; it keeps nothing itself. What the
text says is always what the form shows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from catalogue.profile.entering import Kind, as_typed, entered
from catalogue.profile.writing import Value
from tui.widgets.plain import one_line, paragraph
from tui.widgets.suggest import Suggester, SuggestingInput, Suggestions
from tui.widgets.ticks import Ticks


class Field(Vertical):
    """A field for one key. ``table`` is the place of the table it is in now (``legacy[2]``)."""

    DEFAULT_CSS = """
    Field {
        height: auto;
        & .field-line { height: auto; }
        & .field-label { width: 15; color: $muted; padding: 0 1 0 0; }
        & .field-said { height: auto; padding: 0 0 0 15; display: none; }
        & Input {
            width: 1fr;
            height: 1;
            background: $surface;
            padding: 0 1 0 0;
            border: none;
            border-left: outer $border-blurred;
            &:focus { background: $primary 25%; border: none; border-left: outer $primary; }
        }
        &.-current .field-label { color: $text; text-style: bold; }
    }
    """

    class Edited(Message):
        """Values are to be put at places; ``about`` names what is typed into: its letters count as one."""

        def __init__(self, field: Field, values: Mapping[str, Value | None], about: str = "") -> None:
            self.field, self.values, self.about = field, values, about
            super().__init__()

    class Ticked(Message):
        """A word is to be put into a list, or taken out."""

        def __init__(self, place: str, word: str, on: bool) -> None:
            self.place, self.word, self.on = place, word, on
            super().__init__()

    def __init__(self, table: str, key: str, label: str, *, hint: str = "") -> None:
        super().__init__(classes="field")
        self.table, self.key, self.label, self.hint = table, key, label, hint
        self._said: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())

    @property
    def place(self) -> str:
        """Where its value stands."""
        return self.at(self.key)

    def at(self, key: str) -> str:
        """Where a key of the same table stands."""
        return f"{self.table}.{key}" if self.table else key

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that it shows, whose mistakes are its own."""
        return (self.key,)

    def control(self) -> Widget:
        """What one types or ticks."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """Label and control in a line, what is wrong below."""
        with Horizontal(classes="field-line"):
            yield Static(self.label, classes="field-label", markup=False)
            yield self.control()
        yield from self.below()
        yield Static("", classes="field-said", markup=False)

    def below(self) -> ComposeResult:
        """What stands between the control and what is wrong."""
        yield from ()

    def show(self, values: Mapping[str, Any]) -> None:
        """Show what the table says."""
        raise NotImplementedError

    def say(self, troubles: Sequence[str], advice: Sequence[str]) -> None:
        """Say what is wrong with it, and what could be better."""
        if (tuple(troubles), tuple(advice)) == self._said:
            return
        self._said = (tuple(troubles), tuple(advice))
        lines = [
            paragraph(f"{sign} {one_line(one)}", style)
            for said, sign, style in ((troubles, "✕", "$text-error"), (advice, "→", "$text-warning"))
            for one in said
        ]
        line = self.query_one(".field-said", Static)
        line.update(Content("\n").join(lines))
        line.display = bool(lines)

    def tidy(self) -> None:
        """Show the value as it is kept, once one has left the field."""

    def on_descendant_focus(self) -> None:
        """Lift the label of the field that one is in."""
        self.add_class("-current")

    def on_descendant_blur(self) -> None:
        """Lower it again."""
        self.remove_class("-current")


class TextField(Field):
    """A line to type in: text, a number, a date, or names with commas between them."""

    def __init__(
        self,
        table: str,
        key: str,
        label: str,
        kind: Kind = "text",
        *,
        hint: str = "",
        placeholder: str = "",
        suggester: Suggester | None = None,
    ) -> None:
        super().__init__(table, key, label, hint=hint)
        self._kind: Kind = kind
        self._value: Any = None
        self._suggestions = Suggestions() if suggester else None
        self.input = (
            SuggestingInput(self._suggestions, suggester, placeholder=placeholder)
            if suggester and self._suggestions
            else Input(placeholder=placeholder)
        )

    def control(self) -> Widget:
        """The line."""
        return self.input

    def below(self) -> ComposeResult:
        """The suggestions."""
        if self._suggestions is not None:
            yield self._suggestions

    def show(self, values: Mapping[str, Any]) -> None:
        """Show the value; what is being typed stays as it is typed."""
        self._value = values.get(self.key)
        if not (
            self.input.has_focus and as_typed(entered(self._kind, self.input.value)) == as_typed(self._value)
        ):
            self._write()

    def tidy(self) -> None:
        """Show the value as it is kept."""
        self._write()
        show_beginning(self.input)

    def _write(self) -> None:
        shown = one_line(as_typed(self._value))
        if self.input.value != shown:
            with self.prevent(Input.Changed):
                self.input.value = shown
            show_beginning(self.input)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if isinstance(self.input, SuggestingInput) and self.input.has_focus:
            self.input.suggest()
        self.post_message(self.Edited(self, {self.place: entered(self._kind, event.value)}, self.place))

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.screen.focus_next()

    @on(Suggestions.Picked)
    def _picked(self, event: Suggestions.Picked) -> None:
        event.stop()
        if isinstance(self.input, SuggestingInput):
            self.input.take(event.value)


class TickField(Field):
    """Words of a fixed list: any of them, or one."""

    def __init__(
        self,
        table: str,
        key: str,
        label: str,
        words: Sequence[str],
        *,
        one: bool = False,
        hint: str = "",
        hints: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(table, key, label, hint=hint)
        self.ticks = Ticks(words, one=one, hints=hints)

    def control(self) -> Widget:
        """The words."""
        return self.ticks

    def show(self, values: Mapping[str, Any]) -> None:
        """Show what is set."""
        self.ticks.show(words_in(values.get(self.key)))

    @on(Ticks.Ticked)
    def _ticked(self, event: Ticks.Ticked) -> None:
        event.stop()
        if self.ticks.one:
            self.post_message(self.Edited(self, {self.place: event.word if event.on else None}))
        else:
            self.post_message(self.Ticked(self.place, event.word, event.on))


def show_beginning(line: Input) -> None:
    """Show the beginning of a long text that one is not typing in."""

    def go_home() -> None:
        if not line.has_focus:
            line.cursor_position = 0
            line.scroll_to(0, animate=False, force=True)

    line.call_after_refresh(go_home)


def words_in(value: Any) -> Collection[str]:
    """The words of a value, whatever the file has there."""
    if value is None:
        return ()
    found = value if isinstance(value, list) else [value]
    return tuple(dict.fromkeys(one if isinstance(one, str) else as_typed(one) for one in found))
