"""The service under the cursor beside the list: what it is, and why it was found."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from catalogue.records import ServiceRecord
from tui.widgets.highlight import Sought
from tui.widgets.names import framework_name, lot_name
from tui.widgets.plain import one_line, paragraph
from tui.widgets.prose import Part, Prose, bullet, labelled, titled
from tui.widgets.why import reasons_of


class Preview(VerticalScroll, can_focus=True):
    """A service in short; what was searched for is underlined in the supplier's own text."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._showing: tuple[str, Sought] | None = None

    def compose(self) -> ComposeResult:
        """One text that scrolls."""
        yield Prose(id="preview-text")

    def show(self, record: ServiceRecord, sought: Sought) -> None:
        """Show this service."""
        self.query_one(Prose).update(preview_of(record, sought))
        if self._showing != (record.id, sought):
            self.scroll_home(animate=False)
        self._showing = (record.id, sought)

    def say(self, text: str) -> None:
        """Show a sentence instead of a service."""
        self._showing = None
        self.query_one(Prose).update([paragraph(text, "$muted")] if text else [])


def preview_of(record: ServiceRecord, sought: Sought) -> list[Part]:
    """The service in short."""
    price = paragraph(one_line(record.price)) if record.price else paragraph("not stated", "$muted")
    parts: list[Part] = [
        sought.mark(one_line(record.name), "bold"),
        sought.mark(one_line(record.supplier.name), "$text-accent"),
        "",
        labelled("Price", price, 7),
        labelled("Lot", sought.mark(one_line(lot_name(record)) + ", " + one_line(framework_name(record))), 7),
    ]
    if record.status != "live":
        parts.insert(0, paragraph(f"This service is {record.status}", "bold $text-error"))
    reasons = reasons_of(record, sought)
    if reasons:
        parts += ["", *reasons]
    if record.description:
        parts += ["", sought.mark(record.description)]
    for title, points in (("Features", record.features), ("Benefits", record.benefits)):
        if points:
            parts += ["", titled(title), *(bullet(sought.mark(one_line(point))) for point in points)]
    if record.categories:
        parts += ["", titled("Categories")]
        parts += [bullet(sought.mark(" › ".join(map(one_line, path)))) for path in record.categories if path]
    return parts
