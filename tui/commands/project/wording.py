"""Projects as JSON for scripts: every field by its name, instants and amounts as text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from catalogue.history import Change, told
from catalogue.instants import instant
from catalogue.project import (
    Award,
    Clarification,
    Criteria,
    Listed,
    Project,
    Requirement,
    SavedSearch,
    Total,
    kept_until,
    requirements_of,
    stage_of,
)
from catalogue.records import ServiceRecord


def summary_json(project: Project) -> dict[str, Any]:
    """A project in a list."""
    profile = project.profile
    return {
        "name": project.name,
        "created": instant(project.created),
        "profile": {"name": profile.name, "digest": profile.digest} if profile else None,
        "stage": stage_of(project),
        "version": project.version,
        "listed": len(project.longlist),
        "marked": len(project.marks),
    }


def project_json(
    project: Project,
    records: Mapping[str, ServiceRecord],
    *,
    changed: Collection[str],
    changes: Mapping[str, Sequence[Change]],
    cautions: Iterable[str],
    head: str,
) -> dict[str, Any]:
    """The whole of a project. ``records`` are by digest; ``head`` is the digest of the last entry."""
    frozen, outcome, until = project.frozen, project.outcome, kept_until(project)
    fates = Counter(each.fate for each in project.longlist)
    return summary_json(project) | {
        "informal": project.informal,
        "requirements": [requirement_json(each) for each in _requirements(project)],
        "frozen": {
            "time": instant(frozen.by.time),
            "actor": frozen.by.actor,
            "digest": frozen.digest,
            "budget": str(frozen.budget) if frozen.budget is not None else None,
            "approval": frozen.approval,
        }
        if frozen
        else None,
        "searches": [search_json(each) for each in project.searches],
        "dispositions": {fate: fates[fate] for fate in ("open", "shortlisted", "rejected")},
        "criteria": criteria_json(project.criteria) if project.criteria else None,
        "questions": [question_json(each) for each in project.questions],
        "locked": msgspec.to_builtins(project.locked),
        "outcome": msgspec.to_builtins(outcome),
        "kept_until": until.isoformat() if until else None,
        "versions": msgspec.to_builtins(project.versions),
        "deleted": msgspec.to_builtins(project.deleted),
        "trail": head,
        "cautions": list(cautions),
        "marks": [
            listed_json(each, records.get(each.digest), changed)
            | {"changes": [change_json(change) for change in changes.get(each.service_id, ())]}
            for each in project.of_fate("shortlisted")
        ],
    }


def _requirements(project: Project) -> tuple[Requirement, ...]:
    return () if project.deleted is not None else requirements_of(project)


def requirement_json(row: Requirement) -> dict[str, Any]:
    """A requirement."""
    found: dict[str, Any] = msgspec.to_builtins(row)
    return found


def search_json(search: SavedSearch) -> dict[str, Any]:
    """A saved search; its results are on the longlist."""
    return {
        "time": instant(search.by.time),
        "actor": search.by.actor,
        "words": search.words,
        "framework": search.framework,
        "lot": search.lot,
        "found": search.found,
        "filters": msgspec.to_builtins(search.filters),
        "results": [each.service_id for each in search.results],
        "catalogue": search.catalogue,
        "newest": instant(search.newest) if search.newest else None,
        "how": search.how,
        "because": search.because,
    }


def listed_json(listed: Listed, record: ServiceRecord | None, changed: Collection[str]) -> dict[str, Any]:
    """A service of the longlist as it was judged; ``record`` is ``None`` where none was kept."""
    return {
        "id": listed.service_id,
        "name": record.name if record else None,
        "supplier": record.supplier.name if record else None,
        "status": record.status if record else None,
        "price": record.price if record else None,
        "fate": listed.fate,
        "requirement": listed.requirement,
        "because": listed.because,
        "note": listed.note,
        "time": instant(listed.by.time),
        "actor": listed.by.actor,
        "digest": listed.digest,
        "changed": listed.service_id in changed,
    }


def change_json(change: Change) -> dict[str, Any]:
    """What changed in a listing after it was judged."""
    return {
        "at": instant(change.at),
        "field": change.field,
        "question": change.question,
        "told": told(change),
    }


def criteria_json(criteria: Criteria) -> dict[str, Any]:
    """How the shortlist is judged."""
    return {
        "time": instant(criteria.by.time),
        "actor": criteria.by.actor,
        "method": criteria.method,
        "scale": criteria.scale,
        "criteria": [{"name": each.name, "weight": str(each.weight)} for each in criteria.criteria],
        "because": criteria.because,
    }


def total_json(total: Total) -> dict[str, Any]:
    """What a service comes to."""
    return {
        "rank": total.rank,
        "id": total.service_id,
        "total": str(total.total) if total.total is not None else None,
        "parts": [
            {"criterion": name, "score": str(score), "points": str(points)}
            for name, score, points in total.parts
        ],
        "missing": list(total.missing),
    }


def question_json(question: Clarification) -> dict[str, Any]:
    """A clarification question with its answer, if there is one."""
    reply = question.reply
    return {
        "number": question.number,
        "id": question.service_id,
        "question": question.text,
        "on": question.on.isoformat(),
        "channel": question.channel,
        "actor": question.by.actor,
        "answer": {
            "text": reply.text,
            "on": reply.on.isoformat(),
            "channel": reply.channel,
            "effect": reply.effect,
            "actor": reply.by.actor,
        }
        if reply
        else None,
    }


def award_sentence(award: Award) -> str:
    """The contract in a sentence."""
    return (
        f"awarded to {award.winner} for £{award.value:,} from {award.start} to {award.end}, "
        f"bought by {award.buyer}, signed {award.signed}"
    )
