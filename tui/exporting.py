"""What the command and the interface both call to export a project: store, match and table together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from catalogue.errors import UsageError
from catalogue.export import WRITERS
from catalogue.export.prepare import ExportTable, prepare
from catalogue.match import MatchResult
from catalogue.profile import parse_profile
from catalogue.project import Project
from catalogue.records import ServiceRecord
from catalogue.replay import kept_records, match_longlist
from db.agreements import agreement_dates
from db.catalogue import Catalogue
from db.projects import ProjectStore
from db.purchase import lock, rank
from db.reading import read_records, summary
from tui.matching import match_catalogue


def export_table(catalogue: Catalogue, project_name: str, *, at: datetime) -> ExportTable:
    """The shortlist of a project as every format writes it. ``at`` is the time of the export, aware.

    An informal shortlist is matched against the catalogue as it is; a longlist is matched as it was judged,
    and without scores before its criteria are fixed. A locked project is of the time of its lock. Raises
    `UsageError` for an unknown project, and for one with nothing on its shortlist.
    """
    store = ProjectStore(catalogue)
    project = store.get(project_name)
    if not project.marks:
        advice = f"mark services with: longlist project mark {project.name!r} ID"
        if not project.informal:
            advice = (
                f"shortlist services of its longlist with: longlist project shortlist {project.name!r} ID"
            )
        raise UsageError(
            f"nothing is marked in project {project.name!r}, so there is nothing to export; {advice}"
        )
    records, result = _as_marked(catalogue, project) if project.informal else _as_judged(store, project)
    return prepare(
        project,
        project.marks,
        records,
        result,
        summary(catalogue),
        at=project.locked.by.time if project.locked is not None else at,
        changed=store.changed(project),
        dates=agreement_dates(catalogue),
    )


def make_ready(store: ProjectStore, project_name: str, format: str, *, draft: bool = False) -> bool:
    """Do what comes before an export of a project with a saved search, and say whether it was locked now.

    It is locked, or, for a draft, its ranking is noted as shown. An informal shortlist needs neither.
    """
    project = store.get(project_name)
    if project.informal or project.locked is not None or project.outcome is not None:
        return False
    if not draft:
        lock(store, project_name, format=format)
        return True
    if project.profile is not None and project.criteria is not None:
        rank(store, project_name)
    return False


def _as_marked(catalogue: Catalogue, project: Project) -> tuple[dict[str, ServiceRecord], MatchResult | None]:
    """The records as they are in the catalogue, and the match of all of it."""
    kept = ProjectStore(catalogue).records(project)
    records = {mark.service_id: kept[mark.digest] for mark in project.marks if mark.digest in kept}
    records |= {
        each.id: each for each in read_records(catalogue, [mark.service_id for mark in project.marks])
    }
    profile = parse_profile(project.profile.text, f"profile of {project.name}") if project.profile else None
    live = [id for id, record in records.items() if record.status == "live"]
    return records, match_catalogue(catalogue, profile, also=live) if profile else None


def _as_judged(store: ProjectStore, project: Project) -> tuple[dict[str, ServiceRecord], MatchResult | None]:
    """The records that are kept, and the match of the longlist once scores may be shown."""
    records = store.records(project)
    shown = project.profile is not None and project.criteria is not None
    return (
        {record.id: record for record in kept_records(project.of_fate("shortlisted"), records)},
        match_longlist(project, records) if shown else None,
    )


def exports_of(catalogue: Catalogue, project_name: str, *, at: datetime) -> Mapping[str, bytes]:
    """Every export of a project by the name of its file.

    None where nothing is on its shortlist, and none before it is locked: there are drafts only.
    """
    project = ProjectStore(catalogue).get(project_name)
    if not project.marks or not (project.informal or project.locked is not None):
        return {}
    table = export_table(catalogue, project_name, at=at)
    return {f"shortlist.{kind}": write(table) for kind, write in WRITERS.items()}
