"""ODS: the sheets of the workbook in the open format that public bodies are asked to accept.

Written with the standard library: a table of texts and numbers is a small part of OpenDocument 1.3
(https://docs.oasis-open.org/office/OpenDocument/v1.3/), and a library brings its template's language, fonts
and dates along, and no lines within a cell. Texts are texts, and neutralised besides, because editing a cell
or saving the sheet as CSV would make a formula of it again.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from catalogue.export.cells import Cell, Sheet
from catalogue.export.sheets import sheets
from catalogue.export.values import ExportTable
from catalogue.export.wording import title
from catalogue.instants import instant

_MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" '
    'xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.3"'
)
_MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
    'manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{_MIMETYPE}"/>'
    + "".join(
        f'<manifest:file-entry manifest:full-path="{part}" manifest:media-type="text/xml"/>'
        for part in ("content.xml", "styles.xml", "meta.xml")
    )
    + "</manifest:manifest>"
)
_STYLES = (
    '<office:styles><style:default-style style:family="table-cell">'
    '<style:table-cell-properties style:vertical-align="top" fo:wrap-option="wrap"/>'
    '<style:text-properties fo:language="en" fo:country="GB"/></style:default-style></office:styles>'
    '<office:automatic-styles><style:page-layout style:name="A4"><style:page-layout-properties '
    'fo:page-width="29.7cm" fo:page-height="21cm" style:print-orientation="landscape" fo:margin="1cm" '
    'style:scale-to-X="1" style:scale-to-Y="0"/></style:page-layout></office:automatic-styles>'
    '<office:master-styles><style:master-page style:name="Default" style:page-layout-name="A4"/>'
    "</office:master-styles>"
)
_CELL_STYLES = (
    '<office:automatic-styles><style:style style:name="sheet" style:family="table" '
    'style:master-page-name="Default"/><style:style style:name="narrow" style:family="table-column">'
    '<style:table-column-properties style:column-width="2.5cm"/></style:style>'
    '<style:style style:name="wide" style:family="table-column">'
    '<style:table-column-properties style:column-width="8cm"/></style:style>'
    '<style:style style:name="heading" style:family="table-cell">'
    '<style:text-properties fo:font-weight="bold"/></style:style></office:automatic-styles>'
)
_HEADING = ' table:style-name="heading"'
#: Two spaces or more, or a tab: XML would make one space of them.
_GAPS = re.compile(r"\t| {2,}|^ ")
#: Columns whose texts are longer than this are wide.
_NARROW = 16


def write_ods(table: ExportTable) -> bytes:
    """The shortlist as an OpenDocument spreadsheet; the same table gives the same bytes."""
    about = table.about
    content = "".join(map(_sheet, sheets(table)))
    meta = (
        f"<dc:title>{escape(title(table))}</dc:title>"
        f"<dc:description>{escape(about.attribution)}</dc:description><dc:language>en-GB</dc:language>"
        f"<meta:creation-date>{instant(about.exported)}</meta:creation-date>"
    )
    parts = [
        (
            "content.xml",
            f"<office:document-content {_NAMES}>{_CELL_STYLES}<office:body><office:spreadsheet>"
            f"{content}</office:spreadsheet></office:body></office:document-content>",
        ),
        ("styles.xml", f"<office:document-styles {_NAMES}>{_STYLES}</office:document-styles>"),
        (
            "meta.xml",
            f"<office:document-meta {_NAMES}><office:meta>{meta}</office:meta></office:document-meta>",
        ),
        ("META-INF/manifest.xml", _MANIFEST),
    ]
    file = io.BytesIO()
    with ZipFile(file, "w") as archive:
        # The type stands first and uncompressed; every entry has the oldest date of a ZIP, for stable bytes.
        archive.writestr(ZipInfo("mimetype"), _MIMETYPE, ZIP_STORED)
        for name, part in parts:
            archive.writestr(ZipInfo(name), _XML + part, ZIP_DEFLATED)
    return file.getvalue()


def _sheet(sheet: Sheet) -> str:
    columns = "".join(
        f'<table:table-column table:style-name="{"wide" if _is_wide(cells) else "narrow"}"/>'
        for cells in zip(sheet.heading, *sheet.rows, strict=True)
    )
    return (
        f'<table:table table:name={quoteattr(sheet.name)} table:style-name="sheet">{columns}'
        + "".join(_row(cells, first=_HEADING) for cells in sheet.lead)
        + f"<table:table-header-rows>{_row(sheet.heading, _HEADING, _HEADING)}</table:table-header-rows>"
        + "".join(_row(cells) for cells in sheet.rows)
        + "</table:table>"
    )


def _is_wide(cells: tuple[Cell, ...]) -> bool:
    return any(isinstance(cell, str) and len(cell) > _NARROW for cell in cells)


def _row(cells: Sequence[Cell], style: str = "", first: str = "") -> str:
    written = "".join(_cell(cell, style if place else first) for place, cell in enumerate(cells))
    return f"<table:table-row>{written or '<table:table-cell/>'}</table:table-row>"


def _cell(cell: Cell, style: str) -> str:
    if cell is None:
        return "<table:table-cell/>"
    if isinstance(cell, str):
        paragraphs = "".join(f"<text:p>{_text(line)}</text:p>" for line in cell.split("\n"))
        return f'<table:table-cell office:value-type="string"{style}>{paragraphs}</table:table-cell>'
    return (
        f'<table:table-cell office:value-type="float" office:value="{cell}"{style}>'
        f"<text:p>{cell}</text:p></table:table-cell>"
    )


def _text(line: str) -> str:
    return _GAPS.sub(_gap, escape(line))


def _gap(gap: re.Match[str]) -> str:
    return "<text:tab/>" if gap[0] == "\t" else f'<text:s text:c="{len(gap[0])}"/>'
