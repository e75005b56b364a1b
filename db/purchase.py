"""The steps of a purchase that read the catalogue: freezing, searching, ranking, locking, verifying.

What commands and screens call; each is one transaction of the project store.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from catalogue.demands import Outcome, gate
from catalogue.errors import UsageError
from catalogue.match import MatchResult
from catalogue.model import SearchQuery
from catalogue.profile import Requirement as ProfileRequirement
from catalogue.profile import parse_profile
from catalogue.project import (
    MOST,
    Filter,
    FilterKind,
    How,
    Project,
    Result,
    actions,
    criteria_of,
    requirements_of,
)
from catalogue.questions import load_crosswalk
from catalogue.read import read_service
from catalogue.replay import match_longlist, rank_action
from catalogue.verify import Verification, verify
from db.projects import ProjectStore, listed_rows
from db.reading import catalogue_digest
from db.search import search


@dataclass(frozen=True, slots=True)
class Narrowing:
    """A filter as it is asked for, with the key of the requirement that it serves.

    The value of an answer is ``QUESTION=VALUE``.
    """

    kind: FilterKind
    value: str
    requirement: str


def freeze_requirements(
    store: ProjectStore, name: str, *, budget: Decimal | None = None, approval: str = ""
) -> Project:
    """Fix the requirements of a project. ``budget`` is in pounds a year, by default the profile's."""
    with store.catalogue.atomic():
        held = store.get(name)
        if budget is None and held.profile is not None:
            budget = parse_profile(held.profile.text).organisation.budget_per_year
        rows = requirements_of(held, budget)
        return store.act(held, actions.Freeze(requirements=rows, budget=budget, approval=approval))


def save_search(
    store: ProjectStore,
    name: str,
    words: str,
    *,
    framework: str,
    lot: str,
    narrowings: Iterable[Narrowing] = (),
    how: How = "first",
    because: str = "",
) -> Project:
    """Search one lot of one framework and save it: everything that is found is the longlist.

    Every result has all that is asked for: unlike a search at large, none is added that has only some of it.
    Each narrowing is counted before and after. Raises `UsageError` for what names nothing in the catalogue.
    """
    catalogue = store.catalogue
    with catalogue.atomic():
        query = SearchQuery(text=words, lots=(lot,), frameworks=(framework,))
        found = left = search(catalogue, query, limit=0, relax=False).total
        filters: list[Filter] = []
        for narrowing in narrowings:
            query = _narrowed(query, narrowing)
            after = search(catalogue, query, limit=0, relax=False).total
            filters.append(Filter(narrowing.kind, narrowing.value, narrowing.requirement, left, after))
            left = after
        page = search(catalogue, query, limit=MOST + 1, relax=False)
        if page.total > MOST:
            raise UsageError(
                f"the search finds {page.total:,} services, and each needs a fate with a reason; at most "
                f"{MOST:,} are taken: narrow it with filters, each tied to a requirement"
            )
        ((newest,),) = catalogue.rows("SELECT max(last_seen) FROM service")
        return store.act(
            name,
            actions.Search(
                words=words,
                framework=framework,
                lot=lot,
                found=found,
                catalogue=catalogue_digest(catalogue),
                filters=tuple(filters),
                results=store.results(hit.id for hit in page.hits),
                newest=newest,
                how=how,
                because=because,
            ),
        )


def _narrowed(query: SearchQuery, narrowing: Narrowing) -> SearchQuery:
    match narrowing.kind:
        case "answer":
            question, equals, value = narrowing.value.partition("=")
            if not (equals and question.strip() and value.strip()):
                raise UsageError(f"filter {narrowing.value!r}: expected QUESTION=VALUE, such as 'API=Yes'")
            return replace(query, answers=(*query.answers, (question.strip(), value.strip())))
        case "category":
            taken, changed = query.categories, replace(query, categories=(narrowing.value,))
        case "supplier":
            taken, changed = query.suppliers, replace(query, suppliers=(narrowing.value,))
    if taken:
        # Two categories would be alternatives, and so no narrowing.
        raise UsageError(
            f"a search narrows by one {narrowing.kind}; found {taken[0]!r} and {narrowing.value!r}"
        )
    return changed


def unmet(store: ProjectStore, name: str, key: str) -> list[tuple[Result, str]]:
    """Open services that answer otherwise than a requirement with a question wants, each with what it says.

    Judged by the records that are kept. Raises `UsageError` where the requirement names no question.
    """
    project = store.get(name)
    wanted = _with_question(project, key)
    records, crosswalk = store.records(name), load_crosswalk()
    found = []
    for each in project.of_fate("open"):
        held = gate(wanted, read_service(records[each.digest], crosswalk)[0], crosswalk)
        if held.outcome is Outcome.NOT_MET:
            says = f"{held.label}: {'; '.join(held.found)}" if held.found else "not asked, as answered before"
            found.append((Result(each.service_id, each.digest), says))
    return found


def _with_question(project: Project, key: str) -> ProfileRequirement:
    row = project.frozen.requirement(key) if project.frozen is not None else None
    if row is None:
        raise UsageError(f"there is no frozen requirement {key!r} in project {project.name!r}")
    if project.profile is not None:
        profile = parse_profile(project.profile.text, f"profile of {project.name}")
        for each in profile.requirements:
            if each.text == row.text and each.question is not None:
                return each
    raise UsageError(
        f"requirement {row.key} names no question of the catalogue, so that no answer can be held against "
        "it; name the services to reject"
    )


def reject_unmet(store: ProjectStore, name: str, key: str) -> tuple[Project, int]:
    """Reject every open service that answers otherwise than a requirement wants, each with its answer."""
    with store.catalogue.atomic():
        found = unmet(store, name, key)
        project = store.get(name)
        for service, says in found:
            because = f"the listing answers {says}"
            project = store.act(name, actions.Reject(services=(service,), requirement=key, because=because))
    return project, len(found)


def rank(store: ProjectStore, name: str) -> MatchResult:
    """The match of the longlist, which the trail notes when it is shown for the first time.

    Refused before the criteria are fixed. Showing the same again writes nothing.
    """
    project = store.get(name)
    criteria_of(project)
    result = match_longlist(project, store.records(name))
    action = rank_action(project, result)
    if project.outcome is None and not _is_noted(project, action):
        store.act(name, action)
    return result


def _is_noted(project: Project, action: actions.Rank) -> bool:
    """Whether this very ranking was shown before in this version."""
    shown = project.ranking
    return (
        shown is not None
        and project.seen == project.version
        and (shown.digest, shown.snapshot) == (action.digest, action.snapshot)
    )


def lock(store: ProjectStore, name: str, *, format: str = "") -> Project:
    """Fix a project, noting which of its services changed since they were judged.

    Where there are a profile and criteria, the ranking is noted first, so that it can be worked out again.
    """
    with store.catalogue.atomic():
        project = store.get(name)
        if project.locked is None and project.profile is not None and project.criteria is not None:
            rank(store, name)
        return store.act(name, actions.SetLock(format=format, changed=store.changed(project)))


def verify_project(store: ProjectStore, name: str) -> Verification:
    """Check the record of a project, and that the table for other tools says what the trail says."""
    with store.catalogue.snapshot():
        entries = store.entries(name)
        found = verify(entries, store.kept_texts(name), name=name)
        if found.fault is None and not _listed_as_told(store, name):
            note = "table longlisted says otherwise than the trail; the next change writes it anew"
            found = replace(found, notes=(*found.notes, note))
    return found


def _listed_as_told(store: ProjectStore, name: str) -> bool:
    project = store.get(name)
    rows = store.catalogue.rows(
        "SELECT longlisted.project, place, service, fate, requirement, because, note, actor, time, digest"
        " FROM longlisted JOIN project ON project.key = longlisted.project WHERE folded_name = :key"
        " ORDER BY place",
        {"key": project.key},
    )
    expected = listed_rows(rows[0][0] if rows else 0, project)
    return [tuple(row.values()) for row in expected] == rows
