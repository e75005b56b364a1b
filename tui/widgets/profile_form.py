"""The form of a profile: its parts, each made when it is gone to, and a line on what a field is for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.widget import Widget
from textual.widgets import ContentSwitcher, Static

from catalogue.questions import Crosswalk
from catalogue.vocabulary import load_vocabulary
from tui.widgets.fields import Field
from tui.widgets.plain import paragraph
from tui.widgets.profile_parts import gap_fields, organisation_fields, requirements_pane, systems_pane
from tui.widgets.suggest import Suggester
from tui.widgets.tables import TableList, TablePane
from tui.widgets.ticks import Ticks
from tui.widgets.weights import WeightBars, WeightsPane

_WEIGHTS_HINT = (
    "← → change a weight by 1 %, < > by 10 %; the others give way. e: all equal.\n"
    "v: the survey of 2018, how common each barrier is, not how grave for you."
)
_TABLE_HINT = "Enter goes to the fields · a adds one · d removes this one · < > move it"

#: What is said at each place of a profile.
Said = Mapping[str, Sequence[str]]


class ProfileForm(Vertical):
    """The form. It shows a profile's text and tells of edits; it keeps nothing."""

    def __init__(self, crosswalk: Crosswalk, bodies: Suggester, *, id: str) -> None:
        super().__init__(id=id)
        self._crosswalk, self._bodies = crosswalk, bodies

    def compose(self) -> ComposeResult:
        """The first part, and the line."""
        with ContentSwitcher(id="editor-sections", initial="section-organisation"):
            yield self._made("organisation")
        yield Static("", id="editor-hint", markup=False)

    def _made(self, key: str) -> Widget:
        if key == "weights":
            return WeightsPane(id="section-weights")
        if key == "legacy":
            return systems_pane(load_vocabulary())
        if key == "requirement":
            return requirements_pane(self._crosswalk)
        fields = gap_fields() if key == "gaps" else organisation_fields(self._bodies)
        scroll = VerticalScroll(*fields, id=f"section-{key}", classes="editor-fields")
        scroll.can_focus = False
        return scroll

    @property
    def part(self) -> str:
        """The part that is shown."""
        return (self.query_one(ContentSwitcher).current or "section-organisation").removeprefix("section-")

    async def show_part(self, key: str) -> bool:
        """Show a part. Whether it had to be made, and so shows nothing yet."""
        sections = self.query_one(ContentSwitcher)
        new = not sections.query(f"#section-{key}")
        if new:
            await sections.mount(self._made(key))
        sections.current = f"section-{key}"
        return new

    def show(self, tables: Mapping[str, Any], troubles: Said, advice: Said) -> None:
        """Show what a profile says, what is wrong with it and what could be better."""
        for field in self.query(Field):
            if not any(isinstance(above, TablePane) for above in field.ancestors):
                within = tables.get(field.table, {}) if field.table else tables
                field.show(within if isinstance(within, Mapping) else {})
                field.say(troubles.get(field.place, ()), advice.get(field.place, ()))
        for pane in self.query(TablePane):
            pane.show(tables, troubles, advice)
        for weights in self.query(WeightsPane):
            weights.show(tables, troubles)

    def tidy(self) -> None:
        """Show every value as it is kept, also where one is typing."""
        for field in self.query(Field):
            field.tidy()

    def focus_first(self) -> None:
        """To the first field of the part that is shown."""
        _focus_in(self.query_one(f"#section-{self.part}"))

    def focus_place(self, place: str) -> None:
        """To the field of a place, in the part that is shown."""
        for pane in self.query(TablePane):
            row = place.removeprefix(f"{pane.table}[").partition("]")[0]
            if place.startswith(f"{pane.table}[") and row.isdigit():
                pane.list.cursor = int(row) - 1
                pane.show_row()
        for field in self.query(Field):
            if place in map(field.at, field.keys):
                _focus_in(field)
                return

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """Show the value of a field that one has left as it is kept."""
        field = field_of(event.widget)
        if field is not None:
            field.tidy()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Say what the field is for."""
        field = field_of(event.widget)
        if isinstance(event.widget, WeightBars):
            self._hint(_WEIGHTS_HINT)
        elif isinstance(event.widget, TableList):
            self._hint(_TABLE_HINT)
        else:
            self._hint(field.hint if field else "")

    @on(Ticks.Moved)
    def _option_moved(self, event: Ticks.Moved) -> None:
        field = field_of(event.ticks)
        self._hint(" ".join(said for said in (field.hint if field else "", event.hint) if said))

    def _hint(self, said: str) -> None:
        self.query_one("#editor-hint", Static).update(paragraph(said))


def field_of(widget: Widget | None) -> Field | None:
    """The field that a widget is part of."""
    if widget is None:
        return None
    return next((above for above in widget.ancestors_with_self if isinstance(above, Field)), None)


def _focus_in(widget: Widget) -> None:
    first = next((inner for inner in widget.query("*") if inner.focusable), None)
    if first is not None:
        first.focus()
