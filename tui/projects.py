"""What the interface shows of projects: the open one with all that its screens draw, and the list of them.

Read in one go in a thread; nothing here knows Textual.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from catalogue.errors import LonglistError
from catalogue.history import Change
from catalogue.project import (
    Listed,
    Project,
    StepName,
    cautions_of,
    next_step,
    progress_of,
    stage_of,
)
from catalogue.records import ServiceRecord
from db.agreements import agreement_dates
from db.projects import ProjectStore
from tui.commands.project.showing import records_as_judged

#: The project that services marked before any other was begun belong to.
PROJECT = "shortlist"


@dataclass(frozen=True, slots=True)
class OpenProject:
    """The open project as it and the catalogue are now.

    ``records`` are those that its services were judged by, by digest; ``changed`` the services whose listing
    is another since, with what changed in ``changes``.
    """

    project: Project
    records: Mapping[str, ServiceRecord] = field(default_factory=dict)
    changed: frozenset[str] = frozenset()
    changes: Mapping[str, tuple[Change, ...]] = field(default_factory=dict)
    cautions: tuple[str, ...] = ()

    def record(self, listed: Listed) -> ServiceRecord | None:
        """The record that a service of the longlist was judged by, if there is one."""
        return self.records.get(listed.digest)

    def name_of(self, service_id: str) -> str:
        """The name of a service of the longlist; its id where no record is kept."""
        listed = self.project.listed(service_id)
        record = self.record(listed) if listed is not None else None
        return record.name if record is not None else service_id


class ProjectRow(NamedTuple):
    """A project in the list. ``trouble`` says why its trail cannot be read, where it cannot."""

    name: str
    touched: str = ""
    stage: str = ""
    next: StepName | None = None
    progress: str = ""
    listed: int = 0
    marked: int = 0
    trouble: str = ""


def read_project(
    store: ProjectStore, name: str, known: Mapping[str, ServiceRecord] | None = None
) -> OpenProject:
    """The project with all that is shown of it. ``known`` are records, by digest, that were read before."""
    with store.catalogue.snapshot():
        project = store.get(name)
        wanted = {each.digest for each in project.longlist}
        records = known if known is not None and wanted <= known.keys() else records_as_judged(store, name)
        changed = store.changed(project)
        listed = (each for each in project.longlist if each.digest in records)
        names = {each.service_id: records[each.digest].name for each in listed}
        cautions = cautions_of(project, store.now.date(), changed, agreement_dates(store.catalogue), names)
        changes = store.changes(project) if changed else {}
        return OpenProject(project, records, frozenset(changed), changes, cautions)


def list_projects(store: ProjectStore) -> tuple[ProjectRow, ...]:
    """Every project, the one that was changed last first."""
    rows = []
    with store.catalogue.snapshot():
        for name in store.names():
            try:
                project, entries = store.get(name), store.entries(name)
            except LonglistError as error:
                rows.append(ProjectRow(name, trouble=str(error)))
                continue
            rows.append(
                ProjectRow(
                    name,
                    entries[-1].time,
                    stage_of(project),
                    next_step(project),
                    progress_of(project),
                    len(project.longlist),
                    len(project.marks),
                )
            )
    return tuple(sorted(rows, key=lambda row: row.touched, reverse=True))


def to_open(store: ProjectStore, wanted: str | None) -> str:
    """The name of the project to open: the one wanted, that of marks, or the one changed last that goes on.

    The name of marks where there is none: it is begun with the first mark.
    """
    by_key = {name.casefold(): name for name in store.names()}
    for name in (wanted, PROJECT):
        if name is not None and name.casefold() in by_key:
            return by_key[name.casefold()]
    going_on = (row.name for row in list_projects(store) if row.stage not in ("", "closed", "deleted"))
    return next(going_on, PROJECT)
