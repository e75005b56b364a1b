"""What the command and the interface both call to export a project: store, match and table together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from catalogue.errors import UsageError
from catalogue.export import SUMMARIES, WRITERS
from catalogue.export.board import Board, board_of
from catalogue.export.prepare import prepare
from catalogue.export.purchase import prepare_purchase
from catalogue.export.values import ExportTable
from catalogue.match import MatchResult
from catalogue.profile import parse_profile
from catalogue.project import Project
from catalogue.records import ServiceRecord
from catalogue.replay import match_longlist
from db.agreements import agreement_dates
from db.catalogue import Catalogue
from db.projects import ProjectStore
from db.purchase import lock, rank
from db.reading import are_fictional, read_records, summary
from tui.matching import match_catalogue


def export_table(catalogue: Catalogue, project_name: str, *, at: datetime) -> ExportTable:
    """A project as every format writes it. ``at`` is the time of the export, aware.

    An informal shortlist is matched against the catalogue as it is. A purchase on the record is matched as it
    was judged, without scores before its criteria are fixed; nothing in it depends on ``at``. Raises
    `UsageError` for an unknown project, and for one of which there is nothing to export.
    """
    return _prepared(catalogue, project_name, at)[0]


def export_board(catalogue: Catalogue, project_name: str, *, at: datetime) -> Board:
    """The same for the summary that a board reads."""
    return board_of(*_prepared(catalogue, project_name, at))


def _prepared(
    catalogue: Catalogue, project_name: str, at: datetime
) -> tuple[ExportTable, MatchResult | None]:
    store = ProjectStore(catalogue)
    with catalogue.snapshot():
        project = store.get(project_name)
        if project.deleted is not None:
            raise UsageError(f"project {project.name!r} was deleted, so that there is nothing to export")
        if not project.informal:
            return _on_record(store, project)
        if not project.marks:
            raise UsageError(
                f"nothing is marked in project {project.name!r}, so there is nothing to export; mark "
                f"services with: longlist project mark {project.name!r} ID"
            )
        records, result = _as_marked(catalogue, project)
        changed = store.changed(project)
        return (
            prepare(
                project,
                project.marks,
                records,
                result,
                summary(catalogue),
                at=at,
                dates=agreement_dates(catalogue),
                changed=changed,
            ),
            result,
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


def _on_record(store: ProjectStore, project: Project) -> tuple[ExportTable, MatchResult | None]:
    """The project by the records that are kept, with the match of the longlist once scores may be shown."""
    records = store.records(project)
    shown = project.profile is not None and project.criteria is not None
    result = match_longlist(project, records) if shown else None
    locked = project.locked
    table = prepare_purchase(
        project,
        store.entries(project),
        records,
        result,
        changed=locked.changed if locked is not None else store.changed(project),
        dates=agreement_dates(store.catalogue) if locked is None else None,
        fictional=are_fictional(each.service_id for each in project.longlist),
    )
    return table, result


def exports_of(catalogue: Catalogue, project_name: str, *, at: datetime) -> Mapping[str, bytes]:
    """Every export of a project by the name of its file.

    None where there is nothing to export, and none before it is locked: there are drafts only.
    """
    project = ProjectStore(catalogue).get(project_name)
    if project.deleted is not None or not (project.marks if project.informal else project.locked):
        return {}
    table, result = _prepared(catalogue, project_name, at)
    board = board_of(table, result)
    files = {f"shortlist.{kind}": write(table) for kind, write in WRITERS.items()}
    return files | {f"board-summary.{kind}": write(board) for kind, write in SUMMARIES.items()}
