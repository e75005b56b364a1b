"""The sheets of a spreadsheet, by name: of an informal shortlist, or of a purchase on the record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from catalogue.export.cells import Sheet, sheet
from catalogue.export.columns import EVIDENCE, INFORMAL, ranked
from catalogue.export.record_sheets import RECORD_SHEETS
from catalogue.export.values import ExportTable
from catalogue.export.wording import about_lines, total_label


def _shortlist(table: ExportTable) -> Sheet:
    """A row for each service on the shortlist."""
    columns = INFORMAL if table.purchase is None else ranked(total_label(table.purchase))
    return sheet(
        "shortlist",
        (heading for heading, _ in columns),
        ([value(row) for _, value in columns] for row in table.rows),
    )


def _evidence(table: ExportTable) -> Sheet:
    """A row per finding: of the shortlist in its order, then of what else was judged."""
    rows = list(table.rows)
    fates: dict[str, str] = {}
    if table.purchase is not None:
        fates = {each.row.service_id: each.fate for each in table.purchase.dispositions}
        rows += [each.row for each in table.purchase.dispositions if each.fate != "shortlisted"]
    headings = [heading for heading, _ in EVIDENCE]
    if table.purchase is not None:
        # A rank alone would be taken for that by the criteria.
        headings = ["Match rank", *headings[1:], "Fate"]
    return sheet(
        "evidence",
        headings,
        (
            [value(row, found) for _, value in EVIDENCE] + ([fates[row.service_id]] if fates else [])
            for row in rows
            for found in row.evidence
        ),
    )


def _about(table: ExportTable) -> Sheet:
    """What all of it rests on."""
    return sheet("about", ("About this export", None), about_lines(table.about))


_SHORTLIST_SHEETS: Mapping[str, Callable[[ExportTable], Sheet]] = MappingProxyType(
    {"shortlist": _shortlist, "evidence": _evidence, "about": _about}
)
#: The sheets of a purchase on the record, in their order; an informal one has three of them.
SHEETS = ("shortlist", *list(RECORD_SHEETS)[:1], "evidence", *list(RECORD_SHEETS)[1:], "about")


def sheet_names(table: ExportTable) -> tuple[str, ...]:
    """The names of the sheets that there are, in the order in which a workbook shows them."""
    return tuple(_SHORTLIST_SHEETS) if table.purchase is None else SHEETS


def sheets(table: ExportTable) -> list[Sheet]:
    """Every sheet, in the order in which a workbook shows them."""
    return [sheet_of(table, name) for name in sheet_names(table)]


def sheet_of(table: ExportTable, name: str) -> Sheet:
    """One sheet by its name, one of `sheet_names`."""
    if name in _SHORTLIST_SHEETS or table.purchase is None:
        return _SHORTLIST_SHEETS[name](table)
    return RECORD_SHEETS[name](table, table.purchase)
