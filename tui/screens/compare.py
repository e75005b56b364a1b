"""Compare: two to four services side by side, the musts of the profile first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from catalogue.comparison import Row, compare
from catalogue.errors import LonglistError
from catalogue.judged_rows import judged_rows
from catalogue.model import Service
from catalogue.questions import load_crosswalk
from catalogue.read import read_service
from catalogue.sentences import line
from db.reading import read_records
from tui.commands.compare import letter_of, row_lines
from tui.screens.base import LonglistScreen
from tui.screens.service import ServiceScreen
from tui.widgets.plain import Piece, counted, fitted, one_line, paragraph, shown
from tui.widgets.rows import RowList
from tui.widgets.side_by_side import Head, SideBySide, wrap


class CompareHead(Widget):
    """The names above the columns, which stay while the rows are scrolled."""

    DEFAULT_CSS = """
    CompareHead { height: 3; }
    """

    def __init__(self, table: SideBySide) -> None:
        super().__init__()
        self._table = table

    def render(self) -> Content:
        """Letter and name of each service in view, and its supplier below."""
        table = self._table
        view, width, left = table.in_view, table.column_width, table.question_width
        others = len(view) < len(table.heads)
        which = f"  {view.start + 1} to {view.stop} of {len(table.heads)}" if others else ""
        lines: list[list[Piece]] = [
            [(fitted(text, left), "$muted")] for text in (which, "  ← → others" if others else "", "")
        ]
        for at in view:
            head = table.heads[at]
            here = at == table.column
            mark = f"{'▸' if here else ' '}{head.letter} {'★ ' if head.marked else ''}"
            first, *rest = wrap(mark + head.name, width - 1)
            style = "bold reverse" if here else "bold"
            lines[0] += [(fitted(first, width - 1), style), (" ", "")]
            lines[1] += [
                (fitted(f"   {' '.join(rest)}" if rest else "", width - 1), style if rest else ""),
                (" ", ""),
            ]
            lines[2] += [("│ ", "$muted"), (fitted(head.supplier, width - 2), "$muted")]
        return Content("\n").join([Content.assemble(*line) for line in lines])


class CompareScreen(LonglistScreen):
    """The services chosen, side by side."""

    CSS_PATH = "compare.tcss"
    AUTO_FOCUS = "#side-by-side"
    ABOUT = (
        "Services side by side, each question once, under today's wording whatever framework it was answered "
        "on. The musts of your profile come first, then points and verdicts by barrier, a year's cost, and "
        "every answer. ≠ marks what they do not say alike. The same as longlist compare."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", id="compare.back", tooltip="Leave the search, then the comparison"),
        Binding(
            "d",
            "differences",
            "Differences",
            id="compare.differences",
            tooltip="Only what differs, or everything",
        ),
        Binding("slash", "find", "Find", id="compare.find", tooltip="Search inside the comparison"),
        Binding(
            "c",
            "app.pick",
            "Take out",
            id="compare.take-out",
            tooltip="Take this service out of the comparison",
        ),
        Binding(
            "space,m",
            "mark",
            "Mark",
            id="compare.mark",
            tooltip="Put this service on the shortlist, or take it off",
        ),
        Binding("y", "copy", "Copy", id="compare.copy", tooltip="Copy what is shown as text"),
    ]

    table = getters.query_one("#side-by-side", SideBySide)
    find_box = getters.query_one("#compare-find", Input)

    def __init__(self) -> None:
        super().__init__()
        self._services: tuple[Service, ...] = ()
        self._rows: tuple[Row, ...] = ()
        self._shown: tuple[Row, ...] = ()
        self._only_differences = False

    def body(self) -> ComposeResult:
        """A line about it, the search, the names and the rows."""
        yield Static("Reading …", id="about-compare", markup=False)
        box = Input(placeholder="Search inside the comparison …", id="compare-find", classes="pane")
        box.border_title = "Find"
        box.display = False
        yield box
        table = SideBySide(id="side-by-side")
        yield CompareHead(table)
        yield table

    def on_mount(self) -> None:
        """Read the services."""
        self.read()

    def sitting_changed(self, what: str) -> None:
        """Other services, another profile or other weights are read anew; stars follow the shortlist."""
        if what == "marks":
            self._show()
        elif what == "chosen" and len(self.longlist.session.chosen) < 2:
            self.dismiss()
        elif what != "shown":
            self.read()

    def under_cursor(self) -> tuple[str, str] | None:
        """The service of the column that is current."""
        if self.table.column >= len(self._services):
            return None
        record = self._services[self.table.column].record
        return record.id, record.name

    @work(exclusive=True, group="read")
    async def read(self) -> None:
        """Read the services, judge them where there is a profile, and show the rows."""
        session = self.longlist.session
        wanted, crosswalk = tuple(session.chosen), load_crosswalk()

        try:
            with self.waiting("Comparing"):
                found = await session.ask(
                    lambda catalogue: tuple(
                        read_service(record, crosswalk)[0] for record in read_records(catalogue, wanted)
                    )
                )
                live = [service.id for service in found if service.record.status == "live"]
                result = await session.ranked(also=live) if session.profile is not None else None
        except LonglistError as error:
            self.longlist.tell(error)
            return
        judged = judged_rows(found, result, crosswalk) if result is not None else ()
        self._services, self._rows = found, (*judged, *compare(found, crosswalk))
        self._show()

    def stop_waiting(self) -> None:
        """Stop, and say how to go on."""
        super().stop_waiting()
        if not self._rows:
            self.query_one("#about-compare", Static).update("Stopped. Esc goes back, C compares again.")

    def _show(self) -> None:
        wanted = self.find_box.value.casefold().split()
        self._shown = tuple(
            row
            for row in self._rows
            if (row.differs or not self._only_differences) and all(word in _text(row) for word in wanted)
        )
        marks = self.longlist.session.marks
        heads = [
            Head(
                letter_of(number),
                one_line(service.record.name),
                one_line(service.record.supplier.name),
                service.id in marks,
            )
            for number, service in enumerate(self._services)
        ]
        self.table.show(heads, self._shown)
        self.find_box.border_subtitle = counted(len(self._shown), "row")
        profile = self.longlist.session.profile
        said = ["Only what differs" if self._only_differences else "Everything; ≠ differs"]
        said.append(
            f"for {one_line(profile.organisation.name)}"
            if profile
            else "a profile adds its musts and verdicts"
        )
        if self.longlist.session.tried is not None:
            said.append("with weights tried out")
        if not self._shown and self._rows:
            said.append("nothing to show: d shows everything" if not wanted else "no row has these words")
        self.query_one("#about-compare", Static).update(paragraph(" · ".join(said), "$muted"))

    @on(SideBySide.Turned)
    def _turned(self) -> None:
        self.query_one(CompareHead).refresh()

    @on(RowList.Chosen, "#side-by-side")
    def _open(self) -> None:
        current = self.under_cursor()
        if current is not None:
            self.app.push_screen(ServiceScreen(current[0]))

    @on(Input.Changed, "#compare-find")
    def _typed(self) -> None:
        self._show()

    @on(Input.Submitted, "#compare-find")
    def _submitted(self) -> None:
        self.table.focus()

    def action_find(self) -> None:
        """Go to the search inside the comparison."""
        self.find_box.display = True
        self.find_box.focus()

    def action_differences(self) -> None:
        """Only what differs, or everything."""
        self._only_differences = not self._only_differences
        self._show()

    def action_mark(self) -> None:
        """Put the current service on the shortlist, or take it off."""
        current = self.under_cursor()
        if current is not None:
            self.longlist.toggle_mark(*current)

    def action_copy(self) -> None:
        """Copy the rows shown, as ``longlist compare`` prints them."""
        self.app.copy_to_clipboard(shown(_as_text(self._services, self._shown)))
        self.longlist.say(f"Copied {counted(len(self._shown), 'row')}")

    def action_back(self) -> None:
        """Leave the search, then the comparison."""
        if self.find_box.display:
            self.find_box.value = ""
            self.find_box.display = False
            self.table.focus()
        else:
            self.dismiss()


def _text(row: Row) -> str:
    """Everything that can be searched for in a row."""
    return " ".join((row.section, row.label, *(cell.text for cell in row.cells))).casefold()


def _as_text(services: Sequence[Service], rows: Sequence[Row]) -> str:
    heads = [
        f"{letter_of(at)}  {line(service.record.name)} ({line(service.record.supplier.name)}), {service.id}"
        for at, service in enumerate(services)
    ]
    return "\n".join([*heads, *row_lines(rows)]) + "\n"
