"""A box with a few fields to fill in; what is wrong is said in it, and nothing typed is lost by that."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static

from catalogue.errors import LonglistError
from tui.screens.patience import patience
from tui.widgets.choices import Choices
from tui.widgets.plain import one_line, paragraph


@dataclass(frozen=True, slots=True)
class Entry:
    """A field: text to type, or one of ``choices`` (what is given, and its label). ``value`` is proposed."""

    key: str
    label: str
    value: str = ""
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()


Values: TypeAlias = Mapping[str, str]


class FormScreen(ModalScreen[bool]):
    """Asks; gives whether it was sent. ``send`` takes what was filled in, and may refuse it with an error."""

    CSS_PATH = "form.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(False)", "Cancel", id="form.cancel", tooltip="Leave all as it is"),
        Binding("ctrl+s", "send", "Send", id="form.send", tooltip="Send what is filled in"),
        Binding("up", "app.focus_previous", show=False, id="form.up", tooltip="The field before"),
        Binding("down", "app.focus_next", show=False, id="form.down", tooltip="The next field"),
    ]

    def __init__(
        self,
        title: str,
        entries: Sequence[Entry],
        send: Callable[[Values], Awaitable[None]],
        *,
        about: str = "",
        button: str = "Save",
    ) -> None:
        super().__init__()
        self._title, self._about, self._button = title, about, button
        self._entries = tuple(entries)
        self._send = send

    def compose(self) -> ComposeResult:
        """What it is about, the fields, what is wrong, and two buttons."""
        box = Vertical(classes="dialog")
        box.border_title = Content(one_line(self._title))
        box.border_subtitle = "Enter goes on · Ctrl+S sends · Esc cancels"
        with box:
            if self._about:
                yield Static(paragraph(self._about, "$muted"), markup=False, id="form-about")
            scroll = VerticalScroll(id="form-fields")
            scroll.can_focus = False
            with scroll:
                for entry in self._entries:
                    with Horizontal(classes="form-line"):
                        yield Static(entry.label, classes="form-label", markup=False)
                        if entry.choices:
                            yield Choices(entry.choices, entry.value, id=f"form-{entry.key}")
                        else:
                            yield Input(
                                one_line(entry.value),
                                placeholder=entry.hint,
                                select_on_focus=False,
                                id=f"form-{entry.key}",
                                classes="line",
                            )
            yield Static("", markup=False, id="form-said")
            with Horizontal(classes="buttons"):
                yield Button(self._button, variant="primary", id="form-button")
                yield Button("Cancel", id="form-stop")

    def on_mount(self) -> None:
        """Make room for the box."""
        self.app.clear_notifications()

    @property
    def values(self) -> Values:
        """What is filled in."""
        return {entry.key: self._value(entry) for entry in self._entries}

    def _value(self, entry: Entry) -> str:
        field = self.query_one(f"#form-{entry.key}")
        return (
            field.value.strip()
            if isinstance(field, Input)
            else field.chosen
            if isinstance(field, Choices)
            else ""
        )

    def say(self, text: str) -> None:
        """Say what is wrong."""
        self.query_one("#form-said", Static).update(paragraph(f"✕ {text}" if text else "", "$text-error"))

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        self._go_on(event.input.id)

    @on(Choices.Chosen)
    def _chosen(self, event: Choices.Chosen) -> None:
        self._go_on(event.rows.id)

    def _go_on(self, field: str | None) -> None:
        """To the next field; from the last one it is sent."""
        if field == f"form-{self._entries[-1].key}":
            self.action_send()
        else:
            self.focus_next()

    @on(Button.Pressed, "#form-button")
    def _pressed(self) -> None:
        self.action_send()

    @on(Button.Pressed, "#form-stop")
    def _stop(self) -> None:
        self.dismiss(False)

    @work(exclusive=True, group="send")
    async def action_send(self) -> None:
        """Send what is filled in; a refusal is told, and can be mended."""
        self.say("")
        said = self.query_one("#form-said", Static)
        try:
            with patience(self, lambda spinner: said.update(f"{spinner} One moment …")):
                await self._send(self.values)
        except LonglistError as error:
            self.say(str(error))
            return
        self.dismiss(True)
