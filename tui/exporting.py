"""What the command and the interface both call to export a project: store, match and table together."""

from __future__ import annotations

from datetime import datetime

from catalogue.errors import UsageError
from catalogue.export.prepare import ExportTable, prepare
from catalogue.profile import parse_profile
from db.agreements import agreement_dates
from db.catalogue import Catalogue
from db.projects import ProjectStore
from db.reading import read_records, summary
from tui.matching import match_catalogue


def export_table(catalogue: Catalogue, project_name: str, *, at: datetime) -> ExportTable:
    """The shortlist of a project as every format writes it. ``at`` is the time of the export, aware.

    Raises `UsageError` for an unknown project, and for one in which nothing is marked.
    """
    store = ProjectStore(catalogue)
    project = store.get(project_name)
    marks = store.marks(project)
    if not marks:
        raise UsageError(
            f"nothing is marked in project {project.name!r}, so there is nothing to export; "
            f"mark services with: longlist project mark {project.name!r} ID"
        )
    records = {record.id: record for record in read_records(catalogue, [mark.service_id for mark in marks])}
    profile = parse_profile(project.profile.text, f"profile of {project.name}") if project.profile else None
    live = [id for id, record in records.items() if record.status == "live"]
    result = match_catalogue(catalogue, profile, also=live) if profile else None
    return prepare(
        project, marks, records, result, summary(catalogue), at=at, dates=agreement_dates(catalogue)
    )
