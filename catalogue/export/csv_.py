"""CSV: a row per service of the shortlist, with its evidence in one cell and its origin in the last columns.

UTF-8 with a byte order mark: without it Excel reads the pounds and dashes of every listing in a legacy code
page; with it pandas and LibreOffice still read the first heading rightly. Lines end with CR LF, as RFC 4180
has it. There are no lines above the heading, so that the file is one table to every reader; what it rests on
is repeated in each row, and goes with a row that is copied elsewhere. The marketplace's own export has lines
above its heading, and so has the sheet that is like it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

from catalogue.export.cells import Cell, Sheet, safe_text
from catalogue.export.sheets import sheet_of
from catalogue.export.values import ExportTable
from catalogue.export.wording import about_lines, evidence_line, telling, unsaid_lines


def write_csv(table: ExportTable) -> bytes:
    """The shortlist as a CSV file."""
    return write_csv_sheet(table, "shortlist")


def write_csv_sheet(table: ExportTable, name: str) -> bytes:
    """One sheet as a CSV file, by its name."""
    found = sheet_of(table, name)
    if found.lead or name == "about":
        return _bytes([*found.lead, found.heading, *found.rows])
    about = about_lines(table.about)
    columns: list[tuple[str, Sequence[Cell]]] = []
    if name == "shortlist":
        columns.append(("Evidence", _evidence(table)))
    columns += [(label, [safe_text(value)] * len(found.rows)) for label, value in about]
    return _bytes(_beside(found, columns))


def _evidence(table: ExportTable) -> list[Cell]:
    return [
        safe_text(
            "\n".join(
                (
                    *map(evidence_line, telling(row)),
                    *(f"{label}: {needs}" for label, needs in unsaid_lines(row)),
                )
            )
        )
        for row in table.rows
    ]


def _beside(sheet: Sheet, columns: Sequence[tuple[str, Sequence[Cell]]]) -> Iterable[Sequence[Cell]]:
    yield (*sheet.heading, *(heading for heading, _ in columns))
    for place, cells in enumerate(sheet.rows):
        yield (*cells, *(values[place] for _, values in columns))


def _bytes(rows: Iterable[Sequence[Cell]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([_number_safe(cell) for cell in cells] for cells in rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _number_safe(cell: Cell) -> Cell:
    """A negative number as text: in CSV nothing tells its sign from the beginning of a formula."""
    is_number = isinstance(cell, int | float | Decimal)
    return safe_text(str(cell)) if is_number and str(cell).startswith("-") else cell
