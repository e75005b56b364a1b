"""A new profile: asks who buys, and begins it with what such bodies usually run, lack, need and require."""

from __future__ import annotations

from typing import Any, ClassVar, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from catalogue.bodies import sector_of
from catalogue.profile import SECTORS
from catalogue.starting import load_starting, propose
from tui.widgets.fields import Field, TextField, TickField
from tui.widgets.plain import paragraph
from tui.widgets.suggest import Suggester

_COUNTS = ("staff_users", "residents", "budget")


class Begun(NamedTuple):
    """A profile to go on with: its text, and the name of the organisation."""

    text: str
    organisation: str


class NewProfileScreen(ModalScreen[Begun | None]):
    """Asks; gives the text of a profile in order, or ``None``."""

    CSS_PATH = "new_profile.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Cancel", id="new.cancel", tooltip="Begin nothing"),
        Binding("ctrl+s", "begin", "Begin", id="new.begin", tooltip="Begin the profile"),
        Binding("up", "app.focus_previous", show=False, id="new.up", tooltip="The field before"),
        Binding("down", "app.focus_next", show=False, id="new.down", tooltip="The next field"),
    ]

    def __init__(self, bodies: Suggester) -> None:
        super().__init__()
        self._bodies = bodies
        self._starting = load_starting()
        self._given: dict[str, Any] = {"sector": "local-government"}
        #: A sector that was chosen is not changed by what the name says.
        self._sector_chosen = False
        self._kind = TickField("", "kind", "Kind", (), one=True, hint="")

    def compose(self) -> ComposeResult:
        """A box with a field for each thing that shapes the proposals."""
        box = Vertical(classes="dialog")
        box.border_title = "New profile"
        box.border_subtitle = "Ctrl+S begins it · Esc cancels"
        with box:
            scroll = VerticalScroll(id="new-fields")
            scroll.can_focus = False
            with scroll:
                yield TextField(
                    "", "name", "Name", placeholder="Fenmoor District Council", suggester=self._bodies
                )
                yield TickField("", "sector", "Sector", SECTORS, one=True)
                yield self._kind
                yield TextField(
                    "", "staff_users", "Staff users", "number", placeholder="who would work with it"
                )
                yield TextField("", "residents", "Residents", "number", placeholder="people served")
                yield TextField("", "budget", "Budget a year", "number", placeholder="£, without VAT")
                yield Static("", markup=False, id="new-size")
            with Horizontal(classes="buttons"):
                yield Button("Begin", variant="primary", id="new-begin")
                yield Button("Cancel", id="new-cancel")

    def on_mount(self) -> None:
        """Show what is given."""
        self._show()

    def _count(self, key: str) -> int | None:
        """A count as it was typed, where it is one that a profile may have."""
        value = self._given.get(key)
        return value if isinstance(value, int) and value > 0 else None

    def _show(self) -> None:
        sector = self._given.get("sector")
        kinds = tuple(body.kind for body in self._starting.bodies if body.sector == sector and body.kind)
        self._kind.display = bool(kinds)
        if self._given.get("kind") not in kinds:
            usual = self._starting.body(sector).kind if sector else None
            self._given["kind"] = usual
            self._kind.ticks.offer(kinds)
        for field in self.query(Field):
            field.show(self._given)
            wrong = field.key in _COUNTS and field.key in self._given and self._given[field.key] is not None
            field.say(["expected a whole number"] if wrong and self._count(field.key) is None else [], [])
        said = "Choose a sector."
        if sector:
            body = self._starting.body(sector, self._given.get("kind"))
            size, why = self._starting.size(body, self._count("staff_users"), self._count("residents"))
            said = f"Proposals for {body.called} of {size} size ({why}). Nothing in them is known of yours."
        self.query_one("#new-size", Static).update(paragraph(said, "$muted"))

    @on(Field.Edited)
    def _edited(self, event: Field.Edited) -> None:
        for place, value in event.values.items():
            if place == "sector" and value is None:
                continue  # there is always one
            self._given[place] = value
            if place == "name" and (sector := sector_of(str(value or ""))) and not self._sector_chosen:
                self._given["sector"] = sector
            self._sector_chosen |= place == "sector"
        self._show()

    @on(Button.Pressed, "#new-cancel")
    def _cancel(self) -> None:
        self.dismiss(None)

    @on(Button.Pressed, "#new-begin")
    def _begin(self) -> None:
        self.action_begin()

    def action_begin(self) -> None:
        """Begin the profile."""
        body = self._starting.body(self._given["sector"], self._given.get("kind"))
        name = self._given.get("name")
        text = propose(
            self._starting,
            body,
            name=name,
            staff_users=self._count("staff_users"),
            residents=self._count("residents"),
            budget=self._count("budget"),
        )
        self.dismiss(Begun(text, name or body.called.partition(" ")[2]))
