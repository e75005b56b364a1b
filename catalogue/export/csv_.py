"""CSV: one row per marked service, with its evidence in one cell and its origin in the last columns.

UTF-8 with a byte order mark: without it Excel reads the pounds and dashes of every listing in a legacy code
page; with it pandas and LibreOffice still read the first heading rightly. Lines end with CR LF, as RFC 4180
has it. There are no lines above the heading, so that the file is one table to every reader; what it rests on
is repeated in each row, and goes with a row that is copied elsewhere.
"""

from __future__ import annotations

import csv
import io

from catalogue.export.cells import Cell, safe_text, shortlist_cells
from catalogue.export.prepare import ExportTable
from catalogue.export.wording import about_lines, evidence_line, telling, unsaid_lines


def write_csv(table: ExportTable) -> bytes:
    """The shortlist as a CSV file."""
    heading, *rows = shortlist_cells(table)
    about = about_lines(table.about)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([*heading, "Evidence", *(label for label, _ in about)])
    origin = [safe_text(value) for _, value in about]
    for row, cells in zip(table.rows, rows, strict=True):
        evidence = [evidence_line(item) for item in telling(row)]
        evidence += [f"{label}: {needs}" for label, needs in unsaid_lines(row)]
        writer.writerow([_number_safe(cell) for cell in (*cells, safe_text("\n".join(evidence)), *origin)])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _number_safe(cell: Cell) -> Cell:
    """A negative number as text: in CSV nothing tells its sign from the beginning of a formula."""
    return safe_text(str(cell)) if isinstance(cell, int | float) and str(cell).startswith("-") else cell
