"""What changed, as a list without end, and one change in full: the texts before and after, word by word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.content import Content

from catalogue.dates import long_date
from catalogue.diffs import Stretch, items_changed, words_changed
from catalogue.history import LISTS, NEW, Change, told
from tui.widgets.names import short_lot
from tui.widgets.plain import Piece, fitted, one_line, paragraph, shown
from tui.widgets.prose import Block, Part, labelled, titled
from tui.widgets.windows import WindowedRows

#: Changes read at once.
WINDOW = 100

#: The fields of a service as a reader calls them.
FIELD_NAMES = {
    "status": "Withdrawn, or back",
    "price": "Price",
    "answer": "Answers",
    "features": "Features",
    "benefits": "Benefits",
    "name": "Name",
    "description": "Description",
    "categories": "Categories",
    "supplier": "Supplier",
    "framework": "Framework",
    "lot": "Lot",
    "documents": "Documents",
    "structured": "Details of the price",
    "url": "Address",
    "sections": "Order of answers",
    NEW: "New in the catalogue",
}


class ChangeRows(WindowedRows[Change]):
    """A change in two lines: the day, what and which service; then what happened."""

    window = WINDOW

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.row_height = 2

    def draw(self, row: int, line: int, width: int) -> Sequence[Piece]:
        """One change."""
        change = self.row(row)
        point = "▌" if row == self.cursor else " "
        if change is None:
            return [(fitted(f"{point}  …", width), "muted")]
        if line == 1:
            return [(point, "accent"), (fitted(f"  {told(change)}", width - 1), "muted")]
        mark = mark_of(change)
        return [
            (point, "accent"),
            (f"{mark} ", {"+": "good", "−": "bad"}.get(mark, "accent")),
            (f"{change.at:%d %b %Y}  ", ""),
            (fitted(change.name, width - 16), "strong"),
        ]


def mark_of(change: Change) -> str:
    """``+`` for new or back on offer, ``−`` for ended, ``≠`` for anything else."""
    if change.field == NEW:
        return "+"
    if change.field == "status":
        return "+" if change.after == "live" else "−"
    return "≠"


def change_told(change: Change) -> Iterator[Part]:
    """A change in full."""
    yield Content.styled(one_line(change.name), "bold")
    yield paragraph(one_line(change.supplier), "$text-accent")
    yield ""
    yield labelled("Service", paragraph(f"{change.service}, {change.framework} {short_lot(change.lot)}"))
    yield labelled("Learnt", Content(f"{long_date(change.at)}, {change.at:%H:%M} UTC"))
    yield labelled("From", Content(f"run {change.run}" if change.run is not None else "an import"))
    yield labelled(
        "What", paragraph(one_line(change.question or FIELD_NAMES.get(change.field, change.field)))
    )
    yield ""
    if change.field == NEW:
        yield paragraph("This service was not in the catalogue before.")
    elif change.before is None or change.after is None:
        yield from _one_sided(change)
    elif change.field in LISTS or "\n" in change.before + change.after:
        yield from _items(items_changed(change.before.splitlines(), change.after.splitlines()))
    else:
        yield from _words(words_changed(change.before, change.after))


def _one_sided(change: Change) -> Iterator[Part]:
    was = paragraph("not stated", "$muted italic") if change.before is None else paragraph(change.before)
    now = paragraph("not stated", "$muted italic") if change.after is None else paragraph(change.after)
    yield from (titled("Before"), was, "", titled("After"), now)


def _items(items: Sequence[Stretch]) -> Iterator[Part]:
    """Items with a mark each: what is gone, what came, what stayed."""
    marks = {
        "gone": ("− ", "$text-error", "gone"),
        "came": ("+ ", "$text-success", "new"),
        "same": ("  ", "$muted", ""),
    }
    yield paragraph("− is gone, + is new", "$muted")
    for item in items:
        mark, style, _ = marks[item.fate]
        yield Block(
            paragraph(item.text, "" if item.fate != "same" else "$muted"), Content.styled(mark, style)
        )


def _words(stretches: Sequence[Stretch]) -> Iterator[Part]:
    """Both texts, each with what differs from the other in brackets and bold."""
    for title, fate, left_out, style in (
        ("Before", "gone", "came", "bold $text-error"),
        ("After", "came", "gone", "bold $text-success"),
    ):
        yield titled(title)
        yield Content.assemble(
            *(
                (f"[{shown(stretch.text)}]", style) if stretch.fate == fate else shown(stretch.text)
                for stretch in stretches
                if stretch.fate != left_out
            )
        )
        yield ""
