"""The table that every format writes: marked services, how the match judges them, and where it all came from.

Text is taken as stored, less what would control a terminal; each writer escapes it for its own format.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from catalogue.agreements import Dates, standing_of, with_standing
from catalogue.costs import cost_of, cost_sentence, is_over, lowest_of
from catalogue.export.values import About, Evidence, ExportTable, Row, Year
from catalogue.match import Excluded, Match, MatchResult
from catalogue.model import CatalogueSummary, Service
from catalogue.price import YearlyCost
from catalogue.profile import Profile
from catalogue.project import Mark, Project
from catalogue.quality import flags_of
from catalogue.read import read_service
from catalogue.records import ServiceRecord, record_digest, strip_controls

#: https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/ asks for this sentence where the
#: provider of the information names no other.
ATTRIBUTION = "Contains public sector information licensed under the Open Government Licence v3.0."
INFORMAL = (
    "Informal shortlist: services marked by hand, without a saved search; what else was found, and why it "
    "was left out, is not on record."
)
FICTIONAL = "Fictional sample: no organisation, supplier, service or price in it is real."


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
    """Put marks, records and the match together as one frozen table: an informal shortlist.

    The match is ``None`` without a profile. ``records`` must hold every marked service; ``changed`` are
    services whose listing is no longer as in these; ``at`` is the time of the export, aware. ``dates`` are
    those of agreements, as their source gives them.
    """
    rows = rows_of(project, marks, records, result, at=at, dates=dates, changed=changed)
    # Sorting is stable: what has no rank stays in the order of marking.
    rows.sort(key=lambda row: (row.rank is None, row.rank or 0))
    profile = project.profile
    about = About(
        project=project.name,
        exported=at,
        catalogue_digest=summary.digest,
        catalogue_services=summary.services,
        catalogue_newest=summary.newest,
        profile_name=profile.name if profile else None,
        profile_digest=profile.digest if profile else None,
        rules=result.rules if result else None,
        weights=weights_of(result),
        attribution=ATTRIBUTION,
        fictional=FICTIONAL if summary.fictional else None,
        informal=INFORMAL if project.informal else None,
    )
    return strip_controls(ExportTable(about, tuple(rows)))


def rows_of(
    project: Project,
    marks: Iterable[Mark],
    records: Mapping[str, ServiceRecord],
    result: MatchResult | None,
    *,
    at: datetime,
    dates: Dates | None,
    changed: Collection[str],
) -> list[Row]:
    """A row for each of these services, in their order."""
    matches = {found.service.id: found for found in result.matches} if result else {}
    excluded = {gone.service.id: gone for gone in result.excluded} if result else {}
    rows = []
    for mark in marks:
        id = mark.service_id
        standing = _standing(project, records[id], matches.get(id), excluded.get(id), result)
        row = _row(mark, records[id], matches.get(id), standing, is_changed=id in changed)
        open_until = standing_of(records[id].framework.slug, at.date(), dates)
        judged = matches.get(id) or excluded.get(id)
        service = judged.service if judged else read_service(records[id])[0]
        year = _year(result.profile, service) if result else None
        rows.append(
            replace(
                row,
                framework=with_standing(row.framework, open_until, at.date()),
                year=year,
                flags=flags_of(service),
            )
        )
    return rows


def weights_of(result: MatchResult | None) -> tuple[tuple[str, float], ...]:
    """How much each barrier counts in a match, in per cent."""
    weights = result.profile.weights if result else {}
    return tuple((barrier, float(weight)) for barrier, weight in weights.items())


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
    mark: Mark,
    record: ServiceRecord,
    match: Match | None,
    standing: str,
    *,
    is_changed: bool,
) -> Row:
    return Row(
        rank=match.rank if match else None,
        service_id=record.id,
        name=record.name,
        supplier=record.supplier.name,
        framework=record.framework.name or record.framework.slug,
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


def _year(profile: Profile, service: Service) -> Year:
    cost = cost_of(profile, service)
    return Year(
        comparable=isinstance(cost, YearlyCost),
        least=lowest_of(cost),
        most=cost.maximum if isinstance(cost, YearlyCost) else None,
        over=is_over(profile, cost),
        told=cost_sentence(profile, cost),
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
