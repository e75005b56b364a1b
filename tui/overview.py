"""What the home screen shows: the state of the catalogue, projects under way, and what changed in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from catalogue.agreements import Standing, standing_of
from catalogue.errors import LonglistError
from catalogue.health import MAX_AGE, Concern, Vitals, concerns
from catalogue.history import Change, told
from catalogue.model import CatalogueSummary
from catalogue.project import Project, kept_until, stage_of
from catalogue.verdicts import Verdict, verdict_of
from db.agreements import agreement_dates
from db.catalogue import Catalogue
from db.health import pulled, vitals
from db.projects import ProjectStore
from db.reading import read_record, summary
from db.run_lock import at_work
from tui.widgets.plain import counted

#: Each stage of a project in a word or two.
STAGES: Mapping[str, str] = {
    "informal": "being prepared",
    "search": "requirements fixed",
    "longlist": "longlist",
    "locked": "record locked",
    "closed": "closed",
    "deleted": "deleted",
}


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """A project under way: its stage and its next step in words."""

    name: str
    stage: str
    next: str


@dataclass(frozen=True, slots=True)
class Changed:
    """A service of a project's longlist that changed after it was judged, and how, the last change first."""

    project: str
    service_id: str
    name: str
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LastRun:
    """The last run of a source and scope: its worth and beginning, and when the last good one ended."""

    about: str
    verdict: Verdict | None
    started: datetime | None
    last_good: datetime | None


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything that the home screen shows. ``pulled_from`` is the address of the last pull."""

    held: CatalogueSummary
    signs: Vitals
    worries: tuple[Concern, ...]
    runs: tuple[LastRun, ...]
    standings: tuple[tuple[str, Standing], ...]
    projects: tuple[ProjectLine, ...]
    changed: tuple[Changed, ...]
    pulled_from: str = ""


def overview(catalogue: Catalogue, now: datetime) -> Overview:
    """Read it all; ``now`` is aware."""
    with catalogue.snapshot():
        held = summary(catalogue)
        signs = vitals(catalogue, seen_since=now - MAX_AGE)
        dates = agreement_dates(catalogue)
        store = ProjectStore(catalogue)
        projects: list[Project] = []
        lines: list[ProjectLine] = []
        changed: list[Changed] = []
        for name in reversed(store.names()):
            try:
                project = store.get(name)
            except LonglistError:
                lines.append(
                    ProjectLine(name, "cannot be read", f"longlist project verify {name!r} tells why")
                )
                continue
            if stage_of(project) not in ("closed", "deleted"):
                projects.append(project)
                lines.append(ProjectLine(project.name, STAGES[stage_of(project)], next_told(project)))
        for project in projects:
            changed += _changed(store, project)
        at_present = at_work(catalogue, now)
        working = at_present.run if at_present else None
        return Overview(
            held=held,
            signs=signs,
            worries=tuple(concerns(signs, now=now)),
            runs=tuple(
                LastRun(
                    f"{source.source}, {source.scope}",
                    verdict_of(source.last, at_work=source.last.id == working) if source.last else None,
                    source.last.started if source.last else None,
                    source.last_good,
                )
                for source in signs.sources
            ),
            standings=tuple(
                (count.name, standing)
                for count in held.by_framework
                if (standing := standing_of(count.value, now.date(), dates)) is not None
            ),
            projects=tuple(lines),
            changed=tuple(changed),
            pulled_from=str(pulled(catalogue).get("url", "")),
        )


def next_told(project: Project) -> str:
    """The next step of a project, as what to do."""
    match stage_of(project):
        case "informal" if project.marks:
            return f"{counted(len(project.marks), 'service')} marked: export them, or freeze the requirements"
        case "informal":
            return "look for services, and mark with Space what may fit"
        case "search":
            return "search, and save the results as the longlist"
        case "longlist":
            return _next_decision(project)
        case "locked":
            return "record the outcome"
        case _:
            return f"keep its record until {kept_until(project)}"


def _next_decision(project: Project) -> str:
    undecided = len(project.of_fate("open"))
    unanswered = sum(1 for question in project.questions if question.reply is None)
    steps = (
        (undecided, f"decide on {undecided:,} of {counted(len(project.longlist), 'service')}"),
        (unanswered, f"{counted(unanswered, 'question')} to suppliers without an answer"),
        (project.criteria is None, "fix how the shortlist is judged"),
        (not project.scores, "score the shortlist"),
    )
    return next((told for due, told in steps if due), "export it, which locks the record")


def _changed(store: ProjectStore, project: Project) -> Iterator[Changed]:
    """What changed in the services that are still wanted, those on the shortlist first."""
    changes = store.changes(project)
    wanted = [*project.of_fate("shortlisted"), *project.of_fate("open")]
    for listed in wanted:
        if found := changes.get(listed.service_id):
            yield Changed(
                project.name, listed.service_id, _name(store, listed.service_id, found), _told(found)
            )


def _name(store: ProjectStore, service_id: str, found: tuple[Change, ...]) -> str:
    record = read_record(store.catalogue, service_id)
    return record.name if record is not None else found[-1].name


def _told(found: tuple[Change, ...]) -> tuple[str, ...]:
    return tuple(told(change) for change in reversed(found))
