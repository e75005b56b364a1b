"""XLSX: sheets shortlist, evidence and about, for Excel and whatever reads its files.

Every text is written as text, never as formula or link, and is neutralised besides, because editing a cell or
saving the sheet as CSV would make a formula of it again.
"""

from __future__ import annotations

import io

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from catalogue.export.cells import Cell, sheets
from catalogue.export.prepare import ExportTable
from catalogue.export.wording import title

#: Column widths in characters: of what the cells hold, but no wider than can be read.
_WIDEST = 60


def write_xlsx(table: ExportTable) -> bytes:
    """The shortlist as a workbook; the same table gives the same bytes."""
    file = io.BytesIO()
    book = Workbook(
        file,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties(
        {
            "title": title(table),
            "comments": table.about.attribution,
            "created": table.about.exported.replace(tzinfo=None),
        }
    )
    heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    body = book.add_format({"text_wrap": True, "valign": "top"})
    for name, rows in sheets(table):
        _fill(book.add_worksheet(name), rows, heading, body)
    book.close()
    return file.getvalue()


def _fill(sheet: Worksheet, rows: list[list[Cell]], heading: Format, body: Format) -> None:
    for column in range(len(rows[0])):
        longest = max(len(line) for cells in rows for line in str(cells[column] or "").split("\n"))
        sheet.set_column(column, column, min(max(longest + 2, 8), _WIDEST))
    for number, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            style = heading if number == 0 else body
            if isinstance(cell, str):
                sheet.write_string(number, column, cell, style)
            elif cell is not None:
                sheet.write_number(number, column, cell, style)
    sheet.freeze_panes(1, 0)
    if len(rows) > 1:
        sheet.autofilter(0, 0, len(rows) - 1, len(rows[0]) - 1)
