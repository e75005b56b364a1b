"""What the interface can write of a project: every format, the summary for a board, and the bundle."""

from __future__ import annotations

from typing import NamedTuple

from catalogue.bundle import write_bundle
from catalogue.export import SUMMARIES, WRITERS
from catalogue.export.csv_ import write_csv_sheet
from db.bundles import bundle_of
from db.projects import ProjectStore
from tui.exporting import export_board, export_table, exports_of, make_ready


class Offer(NamedTuple):
    """A file that can be written: what is in it, its suffix, and what it is for.

    ``of_record`` are offered of a project with a saved search only.
    """

    kind: str
    suffix: str
    purpose: str
    of_record: bool = False


OFFERS = (
    Offer("csv", "csv", "for a spreadsheet"),
    Offer("md", "md", "Markdown, to read and to pass on"),
    Offer("xlsx", "xlsx", "Excel workbook"),
    Offer("ods", "ods", "OpenDocument spreadsheet"),
    Offer("html", "html", "Web page, to print"),
    Offer("json", "json", "JSON, for a program"),
    Offer("board-html", "html", "Summary for the board, to print"),
    Offer("board-md", "md", "Summary for the board, as text"),
    Offer("marketplace", "csv", "Columns of the official export", of_record=True),
    Offer("bundle", "zip", "All of it, to hand over", of_record=True),
)


def file_name(project: str, offer: Offer) -> str:
    """The name that is proposed for a file."""
    about = {"board-html": "-board", "board-md": "-board", "marketplace": "-marketplace"}
    return f"{project.replace(' ', '-')}{about.get(offer.kind, '')}.{offer.suffix}"


def written(store: ProjectStore, name: str, kind: str, *, draft: bool = False) -> bytes:
    """The bytes of a file. A project with a saved search is locked by it, unless it is a draft.

    A bundle locks nothing. Raises `UsageError` where the project is not ready for it.
    """
    at = store.now
    if kind == "bundle":
        return write_bundle(bundle_of(store, name, exports_of(store.catalogue, name, at=at)))
    board, _, format = kind.rpartition("-")
    make_ready(store, name, "csv" if kind == "marketplace" else format, draft=draft)
    if board:
        return SUMMARIES[format](export_board(store.catalogue, name, at=at))
    table = export_table(store.catalogue, name, at=at)
    return write_csv_sheet(table, "marketplace") if kind == "marketplace" else WRITERS[format](table)
