"""The table that every format writes: marked services, how the match judges them, and where it all came from.

Text is taken as stored, less what would control a terminal; each writer escapes it for its own format.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from catalogue.agreements import Dates, standing_of, with_standing
from catalogue.match import Excluded, Match, MatchResult
from catalogue.model import CatalogueSummary
from catalogue.project import Mark, Project
from catalogue.records import ServiceRecord, record_digest, strip_controls

#: https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/ asks for this sentence where the
#: provider of the information names no other.
ATTRIBUTION = "Contains public sector information licensed under the Open Government Licence v3.0."
INFORMAL = (
    "Informal shortlist: services marked by hand, without a saved search; what else was found, and why it "
    "was left out, is not on record."
)
FICTIONAL = "Fictional sample: no organisation, supplier, service or price in it is real."


@dataclass(frozen=True, slots=True)
class Evidence:
    """One finding of the match: ``quote`` is verbatim from the listing's answer to ``question``.

    ``because`` says in a sentence what the verdict follows from.
    """

    barrier: str
    need: str
    verdict: str
    points: float
    question: str | None
    quote: str | None
    rule: str
    because: str


@dataclass(frozen=True, slots=True)
class Row:
    """One marked service. ``rank``, ``score`` and ``points`` are of the match; ``None`` where it has none.

    ``standing`` says in words how the match left it; ``points`` are (barrier, points) pairs, adding up to the
    score; ``framework`` says until when it is open; ``change`` tells that the listing is not as it was when
    it was marked.
    """

    rank: int | None
    service_id: str
    name: str
    supplier: str
    framework: str
    lot: str
    status: str
    price: str | None
    url: str | None
    score: float | None
    standing: str
    points: tuple[tuple[str, float], ...]
    evidence: tuple[Evidence, ...]
    questions: tuple[str, ...]
    note: str
    marked: datetime
    change: str | None


@dataclass(frozen=True, slots=True)
class About:
    """What the rows rest on: enough to obtain them again. Instants are aware UTC."""

    project: str
    exported: datetime
    catalogue_digest: str
    catalogue_services: int
    catalogue_newest: datetime | None
    profile_name: str | None
    profile_digest: str | None
    rules: str | None
    weights: tuple[tuple[str, float], ...]
    attribution: str
    fictional: str | None
    informal: str | None = None


@dataclass(frozen=True, slots=True)
class ExportTable:
    """Everything an export says, in its final order: ranked services first, then the others by mark."""

    about: About
    rows: tuple[Row, ...]


def prepare(
    project: Project,
    marks: Iterable[Mark],
    records: Mapping[str, ServiceRecord],
    result: MatchResult | None,
    summary: CatalogueSummary,
    *,
    at: datetime,
    dates: Dates | None = None,
    changed: Collection[str] = (),
) -> ExportTable:
    """Put marks, records and the match together as one frozen table.

    The match is ``None`` without a profile, and where no score may be shown yet. ``records`` must hold every
    marked service; ``changed`` are services whose listing is no longer as in these; ``at`` is the time of the
    export, aware. ``dates`` are those of agreements, as their source gives them.
    """
    matches = {found.service.id: found for found in result.matches} if result else {}
    excluded = {gone.service.id: gone for gone in result.excluded} if result else {}
    rows = []
    for mark in marks:
        id = mark.service_id
        standing = _standing(project, records[id], matches.get(id), excluded.get(id), result)
        record = records[id]
        name = record.framework.name or record.framework.slug
        framework = with_standing(name, standing_of(record.framework.slug, at.date(), dates), at.date())
        rows.append(_row(mark, record, matches.get(id), standing, framework, is_changed=id in changed))
    # Sorting is stable: what has no rank stays in the order of marking.
    rows.sort(key=lambda row: (row.rank is None, row.rank or 0))
    return strip_controls(ExportTable(_about(project, result, summary, at), tuple(rows)))


def _standing(
    project: Project,
    record: ServiceRecord,
    match: Match | None,
    excluded: Excluded | None,
    result: MatchResult | None,
) -> str:
    if result is None and project.profile is not None:
        return "no score is shown before the criteria are fixed"
    if result is None:
        return "not assessed: the project has no profile"
    if match:
        return f"rank {match.rank} of {result.considered} assessed"
    if excluded:
        found = ", ".join(excluded.found) or "not asked, because of an answer before it"
        return f"excluded: {excluded.requirement.text} (found: {found})"
    if record.status != "live":
        return f"not assessed: {record.status}"
    return f"not assessed: not among the {result.considered} services that the profile calls for"


def _row(
    mark: Mark, record: ServiceRecord, match: Match | None, standing: str, framework: str, *, is_changed: bool
) -> Row:
    return Row(
        rank=match.rank if match else None,
        service_id=record.id,
        name=record.name,
        supplier=record.supplier.name,
        framework=framework,
        lot=record.lot.name or record.lot.slug,
        status=record.status,
        price=record.price,
        url=record.url,
        score=float(match.score) if match else None,
        standing=standing,
        points=tuple((part.barrier, float(part.points)) for part in match.contributions) if match else (),
        evidence=_evidence(match) if match else (),
        questions=match.questions if match else (),
        note=mark.note,
        marked=mark.time,
        change="the listing is not as it was" if is_changed or record_digest(record) != mark.digest else None,
    )


def _evidence(match: Match) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(
            barrier=part.barrier,
            need=finding.need,
            verdict=finding.verdict.value,
            points=float(finding.points),
            question=finding.question,
            quote=finding.quote,
            rule=finding.rule,
            because=finding.because,
        )
        for part in match.contributions
        for finding in part.findings
    )


def _about(project: Project, result: MatchResult | None, summary: CatalogueSummary, at: datetime) -> About:
    profile = project.profile
    weights = result.profile.weights if result else {}
    return About(
        project=project.name,
        exported=at,
        catalogue_digest=summary.digest,
        catalogue_services=summary.services,
        catalogue_newest=summary.newest,
        profile_name=profile.name if profile else None,
        profile_digest=profile.digest if profile else None,
        rules=result.rules if result else None,
        weights=tuple((barrier, float(weight)) for barrier, weight in weights.items()),
        attribution=ATTRIBUTION,
        fictional=FICTIONAL if summary.fictional else None,
        informal=INFORMAL if project.informal else None,
    )
