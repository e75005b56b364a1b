"""XLSX: the sheets as a workbook, for Excel and whatever reads its files.

Every text is written as text, never as formula or link, and is neutralised besides, because editing a cell or
saving the sheet as CSV would make a formula of it again.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from catalogue.export.cells import Sheet
from catalogue.export.layout import lines, pages_wide, widths
from catalogue.export.sheets import sheets
from catalogue.export.values import ExportTable
from catalogue.export.wording import title

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

#: The height of a line in points: Excel's own default.
_POINTS = 15
#: Paper size 9 of OOXML (ECMA-376, 18.3.1.63 pageSetup): A4.
_A4 = 9


def write_xlsx(table: ExportTable) -> bytes:
    """The shortlist as a workbook; the same table gives the same bytes."""
    from xlsxwriter import Workbook  # noqa: PLC0415  only an export needs it, and not each start

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
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    body = book.add_format({"text_wrap": True, "valign": "top"})
    figure = book.add_format({"valign": "top", "align": "right", "indent": 1})
    # A footer takes what follows an ampersand for a command, and doubles one to print it.
    footer = f"&L{table.about.project.replace('&', '&&')}, &A&RPage &P of &N"
    for each in sheets(table):
        page = book.add_worksheet(each.name)
        _fill(page, each, bold, body, figure)
        page.set_landscape()
        page.set_paper(_A4)
        page.set_footer(footer)
    book.close()
    return file.getvalue()


def _fill(page: Worksheet, sheet: Sheet, bold: Format, body: Format, figure: Format) -> None:
    columns = widths(sheet)
    for column, width in enumerate(columns):
        page.set_column(column, column, width)
    page.fit_to_pages(pages_wide(columns), 0)
    top = len(sheet.lead)
    for number, cells in enumerate((*sheet.lead, sheet.heading, *sheet.rows)):
        if (high := lines(cells, columns)) > 1:
            page.set_row(number, _POINTS * high)
        for column, cell in enumerate(cells):
            is_label = number == top or (number < top and column == 0)
            if isinstance(cell, str):
                page.write_string(number, column, cell, bold if is_label else body)
            elif cell is not None:
                page.write_number(number, column, float(cell), figure)
    page.freeze_panes(top + 1, 0)
    page.repeat_rows(top)
    if sheet.rows:
        page.autofilter(top, 0, top + len(sheet.rows), len(sheet.heading) - 1)
