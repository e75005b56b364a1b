"""JSON: everything the prepared table holds, as data, nothing shortened and nothing neutralised."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import msgspec

from catalogue.export.values import Disposition, ExportTable, Purchase, Row
from catalogue.instants import instant


def write_json(table: ExportTable) -> bytes:
    """The prepared table as one JSON document with a fixed layout. Amounts of money are text."""
    about = asdict(table.about)
    for key in ("exported", "catalogue_newest", "locked"):
        about[key] = instant(about[key]) if about[key] is not None else None
    about["weights"] = dict(table.about.weights)
    document: dict[str, Any] = {"about": about, "shortlist": [_row(row) for row in table.rows]}
    if table.purchase is not None:
        document |= _purchase(table.purchase)
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def _row(row: Row) -> dict[str, Any]:
    return asdict(row) | {"points": dict(row.points), "marked": instant(row.marked)}


def _purchase(purchase: Purchase) -> dict[str, Any]:
    """Keys of a purchase on the record; the longlist of the project is told with its services."""
    project: dict[str, Any] = msgspec.to_builtins(purchase.project)
    del project["longlist"]
    if project["profile"] is not None:
        del project["profile"]["text"]
    return {
        "project": project,
        "goal": purchase.goal,
        "longlist": [_disposition(each) for each in purchase.dispositions],
        "totals": purchase.totals,
        "cautions": purchase.cautions,
        "order_form": purchase.order_form,
        "trail": [msgspec.to_builtins(each) | {"inputs": dict(each.inputs)} for each in purchase.trail],
    }


def _disposition(each: Disposition) -> dict[str, Any]:
    own = {key: getattr(each, key) for key in each.__dataclass_fields__ if key != "row"}
    return own | {"service": _row(each.row)}
