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
from catalogue.export.layout import pages_wide, widths
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
_CELL = '<style:table-cell-properties style:vertical-align="top" fo:wrap-option="wrap"/>'
_STYLES = (
    '<office:styles><style:style style:name="Default" style:family="table-cell">'
    f'{_CELL}<style:paragraph-properties fo:margin-left="0.15cm"/>'
    '<style:text-properties style:font-name="Liberation Sans" fo:font-size="10pt" fo:language="en" '
    'fo:country="GB"/></style:style></office:styles>'
)
#: The width of a character of ten points, in centimetres.
_CHARACTER = 0.2
_HEADING = ' table:style-name="heading"'
#: Two spaces or more, or a tab: XML would make one space of them.
_GAPS = re.compile(r"\t| {2,}|^ ")


def write_ods(table: ExportTable) -> bytes:
    """The shortlist as an OpenDocument spreadsheet; the same table gives the same bytes."""
    about = table.about
    made = sheets(table)
    content = "".join(map(_sheet, made))
    layouts = [widths(sheet) for sheet in made]
    meta = (
        f"<dc:title>{escape(title(table))}</dc:title>"
        f"<dc:description>{escape(about.attribution)}</dc:description><dc:language>en-GB</dc:language>"
        f"<meta:creation-date>{instant(about.exported)}</meta:creation-date>"
    )
    parts = [
        (
            "content.xml",
            f"<office:document-content {_NAMES}>{_automatic_styles(layouts)}<office:body>"
            f"<office:spreadsheet>{content}{_filters(made)}</office:spreadsheet></office:body></office:document-content>",
        ),
        (
            "styles.xml",
            f"<office:document-styles {_NAMES}>{_STYLES}{_pages(layouts)}</office:document-styles>",
        ),
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


def _automatic_styles(layouts: Sequence[Sequence[int]]) -> str:
    """A style for each width of a column, height of a row, and number of pages side by side."""
    columns = "".join(
        f'<style:style style:name="w{width}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{width * _CHARACTER:.1f}cm"/></style:style>'
        for width in sorted({width for layout in layouts for width in layout})
    )
    tables = "".join(
        f'<style:style style:name="pages{wide}" style:family="table" style:master-page-name="Pages{wide}"/>'
        for wide in sorted(set(map(pages_wide, layouts)))
    )
    return (
        f'<office:automatic-styles>{columns}{tables}<style:style style:name="row" '
        'style:family="table-row"><style:table-row-properties style:use-optimal-row-height="true"/>'
        '</style:style><style:style style:name="heading" style:family="table-cell" '
        f'style:parent-style-name="Default">{_CELL}<style:text-properties fo:font-weight="bold"/>'
        "</style:style></office:automatic-styles>"
    )


def _pages(layouts: Sequence[Sequence[int]]) -> str:
    """Sheets are printed across, on so many pages side by side that they can be read."""
    wides = sorted(set(map(pages_wide, layouts)))
    return (
        "<office:automatic-styles>"
        + "".join(
            f'<style:page-layout style:name="A4-{wide}"><style:page-layout-properties '
            'fo:page-width="29.7cm" fo:page-height="21cm" style:print-orientation="landscape" '
            f'fo:margin="1cm" style:scale-to-X="{wide}" style:scale-to-Y="0"/></style:page-layout>'
            for wide in wides
        )
        + "</office:automatic-styles><office:master-styles>"
        + "".join(
            f'<style:master-page style:name="Pages{wide}" style:page-layout-name="A4-{wide}"/>'
            for wide in wides
        )
        + "</office:master-styles>"
    )


def _filters(made: Sequence[Sheet]) -> str:
    """Buttons to filter by, in the heading of each sheet."""
    ranges = "".join(
        f'<table:database-range table:name="filter{number}" table:target-range-address='
        f"{quoteattr(_address(sheet))} "
        'table:display-filter-buttons="true"/>'
        for number, sheet in enumerate(made, start=1)
        if sheet.rows
    )
    return f"<table:database-ranges>{ranges}</table:database-ranges>"


def _address(sheet: Sheet) -> str:
    """The heading and rows of a sheet as OpenDocument names cells (part 3, 19.651)."""
    top, name = len(sheet.lead) + 1, f"'{sheet.name}'"
    return f"{name}.A{top}:{name}.{_letters(len(sheet.heading))}{top + len(sheet.rows)}"


def _letters(column: int) -> str:
    """The name of a column, from 1: A to Z, then AA."""
    before, letter = divmod(column - 1, 26)
    return (_letters(before) if before else "") + chr(ord("A") + letter)


def _sheet(sheet: Sheet) -> str:
    layout = widths(sheet)
    columns = "".join(
        f'<table:table-column table:style-name="w{width}" table:default-cell-style-name="Default"/>'
        for width in layout
    )
    return (
        f"<table:table table:name={quoteattr(sheet.name)} "
        f'table:style-name="pages{pages_wide(layout)}">{columns}'
        + "".join(_row(cells, first=_HEADING) for cells in sheet.lead)
        + f"<table:table-header-rows>{_row(sheet.heading, _HEADING, _HEADING)}</table:table-header-rows>"
        + "".join(_row(cells) for cells in sheet.rows)
        + "</table:table>"
    )


def _row(cells: Sequence[Cell], style: str = "", first: str = "") -> str:
    written = "".join(_cell(cell, style if place else first) for place, cell in enumerate(cells))
    return f'<table:table-row table:style-name="row">{written or "<table:table-cell/>"}</table:table-row>'


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
