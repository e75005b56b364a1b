"""How wide the columns of a sheet are and how high its rows: in characters and lines, for every format alike.

A spreadsheet only shows a wrapped text in full when its row is high enough, and not every program works that
out when it opens a file.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from catalogue.export.cells import Cell, Sheet

#: Column widths in characters: of what the cells hold, but no wider than can be read.
_NARROWEST, _WIDEST = 8, 48
#: More lines than these are reached by scrolling within the cell: a row is at most 409 points high in Excel
#: ("Excel specifications and limits", support.microsoft.com).
_MOST_LINES = 26
#: So many characters side by side are still read on a sheet of A4 across, at half their size.
_ON_A_PAGE = 240


def widths(sheet: Sheet) -> tuple[int, ...]:
    """The width of each column."""
    return tuple(
        min(max(max(map(_length, cells)) + 2, _NARROWEST), _WIDEST)
        for cells in zip(sheet.heading, *sheet.rows, strict=True)
    )


def lines(cells: Sequence[Cell], columns: Sequence[int]) -> int:
    """How many lines a row needs."""
    needed = [
        sum(max(1, ceil(len(line) / width)) for line in cell.split("\n"))
        for cell, width in zip(cells, columns, strict=False)
        if isinstance(cell, str)
    ]
    return min(max(needed, default=1), _MOST_LINES)


def pages_wide(columns: Sequence[int]) -> int:
    """On how many sheets of paper beside each other it is printed, so that it can be read."""
    return ceil(sum(columns) / _ON_A_PAGE)


def _length(cell: Cell) -> int:
    return max(map(len, str(cell or "").split("\n")))
