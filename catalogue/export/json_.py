"""JSON: everything the prepared table holds, as data, nothing shortened and nothing neutralised."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import msgspec

from catalogue.export.prepare import ExportTable, Row
from catalogue.instants import instant


def write_json(table: ExportTable) -> bytes:
    """The prepared table as one JSON document with a fixed layout."""
    about = asdict(table.about)
    about |= {
        "exported": instant(table.about.exported),
        "catalogue_newest": instant(table.about.catalogue_newest) if table.about.catalogue_newest else None,
        "weights": dict(table.about.weights),
    }
    document = {"about": about, "shortlist": [_row(row) for row in table.rows]}
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def _row(row: Row) -> dict[str, Any]:
    return asdict(row) | {"points": dict(row.points), "marked": instant(row.marked)}
