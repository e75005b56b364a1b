"""The services of a project: each with its fate and the reason, and a box to tick."""

from __future__ import annotations

from collections.abc import Sequence

from textual.reactive import reactive

from catalogue.project import Fate, Listed
from catalogue.records import ServiceRecord
from tui.projects import OpenProject
from tui.widgets.names import short_lot
from tui.widgets.plain import Piece, fitted, one_line
from tui.widgets.rows import RowList

#: A fate as it is told: its mark, its word, and the role that repeats what they say.
FATES: dict[Fate, tuple[str, str, str]] = {
    "open": ("·", "undecided", "muted"),
    "shortlisted": ("★", "kept", "accent"),
    "rejected": ("✕", "rejected", "bad"),
}
#: Cells before the name on a longlist: point, box, mark and word of the fate.
_LEFT = 17


class ListedList(RowList):
    """Services of a longlist in two lines; of an informal shortlist in three, with the note."""

    ticked: reactive[frozenset[str]] = reactive(frozenset[str]())

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._opened: OpenProject | None = None
        self._rows: tuple[Listed, ...] = ()
        self.row_height = 2

    def show(self, opened: OpenProject | None, rows: Sequence[Listed]) -> None:
        """Show these services of the project; ticks stay with those that are still shown."""
        self._opened, self._rows = opened, tuple(rows)
        informal = opened is not None and opened.project.informal
        self.row_height = 3 if informal else 2
        self.ticked = frozenset(each.service_id for each in rows) & self.ticked
        self.total = len(rows)
        self.resized()
        self.post_message(self.Moved(self, self.cursor))

    @property
    def current(self) -> Listed | None:
        """The service under the cursor."""
        return self._rows[self.cursor] if self.cursor < len(self._rows) else None

    @property
    def chosen(self) -> tuple[Listed, ...]:
        """The services that are ticked; where none is, the one under the cursor."""
        ticked = tuple(each for each in self._rows if each.service_id in self.ticked)
        return ticked or ((self.current,) if self.current is not None else ())

    def tick(self) -> None:
        """Tick the service under the cursor, or not, and go on to the next."""
        if self.current is not None:
            self.ticked = self.ticked ^ {self.current.service_id}
            self.cursor += 1

    def tick_all(self) -> None:
        """Tick every service shown, or none where all are ticked."""
        every = frozenset(each.service_id for each in self._rows)
        self.ticked = frozenset() if self.ticked == every else every

    def go_on(self, decided: str) -> None:
        """From the service that was decided, if the cursor is on it, to the next undecided, round again."""
        current = self.current
        if current is None or current.service_id != decided or current.fate == "open":
            return
        after = [*range(self.cursor + 1, len(self._rows)), *range(self.cursor)]
        self.cursor = next((row for row in after if self._rows[row].fate == "open"), self.cursor)

    def draw(self, row: int, line: int, width: int) -> Sequence[Piece]:
        """One service."""
        assert self._opened is not None
        listed = self._rows[row]
        record = self._opened.record(listed)
        changed = listed.service_id in self._opened.changed
        point: Piece = ("▌" if row == self.cursor else " ", "accent")
        name = record.name if record is not None else f"{listed.service_id} is no longer in the catalogue"
        if self._opened.project.informal:
            if line == 0:
                return [point, ("★ ", "accent"), (fitted(name, width - 3), "strong")]
            if line == 1:
                return [point, (fitted(f"  {_about(record, changed=changed)}", width - 1), "muted")]
            note = f"  Note: {listed.note}" if listed.note else "  n adds a note"
            return [point, (fitted(note, width - 1), "" if listed.note else "muted")]
        mark, word, role = FATES[listed.fate]
        if line == 0:
            box = "☑ " if listed.service_id in self.ticked else "☐ "
            return [
                point,
                (box, "accent" if box[0] == "☑" else "muted"),
                (f"{mark} {word:<10} ", role),
                (fitted(name, width - _LEFT + 1), "strong"),
            ]
        flag = "! changed  " if changed else " " * 11
        why = _why(listed) or _about(record, changed=False)
        return [point, ("    ", ""), (flag, "fair"), (fitted(why, width - _LEFT + 1), "muted")]


def _why(listed: Listed) -> str:
    """Why a service has its fate, or what was noted of it."""
    if listed.fate == "rejected":
        return f"{listed.requirement}: {one_line(listed.because)}"
    return one_line(listed.because) or (f"Note: {one_line(listed.note)}" if listed.note else "")


def _about(record: ServiceRecord | None, *, changed: bool) -> str:
    """Supplier, lot and price."""
    if record is None:
        return "its record is not kept"
    parts = ["changed since it was marked"] if changed else []
    parts += [one_line(record.supplier.name), short_lot(record.lot.slug), record.price or "price not stated"]
    return " · ".join(parts)
