"""The prepared table as rows of cells, for the formats that a spreadsheet opens.

A listing's text is a supplier's, and a spreadsheet takes a text that begins like a formula for one: such a
text gets an apostrophe in front, which spreadsheets show and never calculate.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

from catalogue.export.prepare import Evidence, ExportTable, Row
from catalogue.export.wording import about_lines, verdict_words
from catalogue.instants import instant
from catalogue.profile import BARRIERS

#: A number stays a number; ``None`` is an empty cell.
Cell: TypeAlias = str | int | float | None

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


def _points(barrier: str) -> Callable[[Row], Cell]:
    return lambda row: dict(row.points).get(barrier)


_SHORTLIST: tuple[tuple[str, Callable[[Row], Cell]], ...] = (
    ("Rank", lambda row: row.rank),
    ("Service ID", lambda row: row.service_id),
    ("Service name", lambda row: row.name),
    ("Supplier name", lambda row: row.supplier),
    ("Framework", lambda row: row.framework),
    ("Lot", lambda row: row.lot),
    ("Status", lambda row: row.status),
    ("Price", lambda row: row.price),
    ("Score", lambda row: row.score),
    *((f"Points: {barrier}", _points(barrier)) for barrier in BARRIERS),
    ("Standing", lambda row: row.standing),
    ("Note", lambda row: row.note),
    ("Marked", lambda row: instant(row.marked)),
    ("Changed since marked", lambda row: row.change),
    ("Questions to ask", lambda row: "\n".join(row.questions)),
    ("Service page URL", lambda row: row.url),
)
_EVIDENCE: tuple[tuple[str, Callable[[Row, Evidence], Cell]], ...] = (
    ("Rank", lambda row, _: row.rank),
    ("Service ID", lambda row, _: row.service_id),
    ("Service name", lambda row, _: row.name),
    ("Barrier", lambda _, evidence: evidence.barrier),
    ("Need", lambda _, evidence: evidence.need),
    ("Verdict", lambda _, evidence: verdict_words(evidence)),
    ("Points", lambda _, evidence: evidence.points),
    ("Quote", lambda _, evidence: evidence.quote),
    ("Question of the listing", lambda _, evidence: evidence.question),
    ("Because", lambda _, evidence: evidence.because),
    ("Rule", lambda _, evidence: evidence.rule),
)


def shortlist_cells(table: ExportTable) -> list[list[Cell]]:
    """A heading row, then a row per marked service; every text safe in a spreadsheet."""
    heading: list[Cell] = [name for name, _ in _SHORTLIST]
    return [heading, *([_safe(value(row)) for _, value in _SHORTLIST] for row in table.rows)]


def evidence_cells(table: ExportTable) -> list[list[Cell]]:
    """A heading row, then a row per finding in the order of the shortlist."""
    heading: list[Cell] = [name for name, _ in _EVIDENCE]
    findings = ((row, evidence) for row in table.rows for evidence in row.evidence)
    return [heading, *([_safe(value(row, evidence)) for _, value in _EVIDENCE] for row, evidence in findings)]


def about_cells(table: ExportTable) -> list[list[Cell]]:
    """What the rows rest on, a label and a value per row."""
    return [
        ["About this export", None],
        *([label, _safe(value)] for label, value in about_lines(table.about)),
    ]


def sheets(table: ExportTable) -> list[tuple[str, list[list[Cell]]]]:
    """The sheets of a workbook by name, each with its heading row first."""
    return [
        ("shortlist", shortlist_cells(table)),
        ("evidence", evidence_cells(table)),
        ("about", about_cells(table)),
    ]


def _safe(value: Cell) -> Cell:
    return safe_text(value) if isinstance(value, str) else value
