"""Cells that are safe in a spreadsheet, and the sheets that they make.

A listing's text is a supplier's, and a spreadsheet takes a text that begins like a formula for one: such a
text gets an apostrophe in front, which spreadsheets show and never calculate.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

#: A number stays a number; ``None`` is an empty cell.
Cell: TypeAlias = str | int | float | Decimal | None

#: Signs that begin a formula (https://owasp.org/www-community/attacks/CSV_Injection), and their full-width
#: forms, which Excel reads alike in East Asian locales; also behind space or invisible characters, which some
#: readers trim.
_FORMULA = re.compile(
    r"[\s\x00-\x1f\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*[=+\-@＝＋－＠]|[\t\r\n]"
)
#: Excel holds 32,767 UTF-16 units in a cell ("Excel specifications and limits", support.microsoft.com).
CELL_UNITS = 32_000
_CUT = " … [cut: longer than a spreadsheet cell; see the JSON export]"
#: What XML 1.0 cannot hold at all, so that neither an XLSX nor an ODS may.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def safe_text(text: str) -> str:
    """Text that no spreadsheet takes for a formula, and that fits a cell."""
    text = _NOT_IN_XML.sub("\ufffd", text)
    if _FORMULA.match(text):
        text = "'" + text
    return _cut(text) if len(text) > CELL_UNITS // 2 else text


def _cut(text: str) -> str:
    raw = text.encode("utf-16-le")
    if len(raw) <= CELL_UNITS * 2:
        return text
    return raw[: (CELL_UNITS - len(_CUT)) * 2].decode("utf-16-le", "ignore") + _CUT


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: ``lead`` are rows above the heading, all others as long as it. Every text is safe."""

    name: str
    heading: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    lead: tuple[tuple[Cell, ...], ...] = ()


def sheet(
    name: str, heading: Iterable[Cell], rows: Iterable[Iterable[Cell]], lead: Iterable[Iterable[Cell]] = ()
) -> Sheet:
    """A sheet of these cells, each text made safe; an empty text is an empty cell."""
    return Sheet(name, _safe(heading), tuple(map(_safe, rows)), tuple(map(_safe, lead)))


def _safe(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    return tuple((safe_text(cell) or None) if isinstance(cell, str) else cell for cell in cells)
