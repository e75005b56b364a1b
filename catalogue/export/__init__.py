"""Writers of an export, one per format, over one prepared table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from catalogue.export.board import Board
from catalogue.export.csv_ import write_csv
from catalogue.export.json_ import write_json
from catalogue.export.ods import write_ods
from catalogue.export.report import write_html, write_markdown
from catalogue.export.summary import write_html_summary, write_markdown_summary
from catalogue.export.values import ExportTable
from catalogue.export.xlsx import write_xlsx

#: Format -> what writes it: the same table gives the same bytes.
WRITERS: Mapping[str, Callable[[ExportTable], bytes]] = MappingProxyType(
    {
        "csv": write_csv,
        "xlsx": write_xlsx,
        "ods": write_ods,
        "json": write_json,
        "md": write_markdown,
        "html": write_html,
    }
)

#: Format -> what writes the summary for a board.
SUMMARIES: Mapping[str, Callable[[Board], bytes]] = MappingProxyType(
    {"html": write_html_summary, "md": write_markdown_summary}
)
