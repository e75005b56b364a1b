"""The table of a purchase on the record: what was found and what became of it, from its trail alone.

Nothing here depends on a clock or on the catalogue as it is now: the same trail, kept records and rules give
the same table, and so the same bytes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from catalogue.agreements import Dates
from catalogue.audit import Entry
from catalogue.export.order_form import order_form
from catalogue.export.prepare import ATTRIBUTION, FICTIONAL, rows_of, weights_of
from catalogue.export.telling import trail_entry
from catalogue.export.values import About, Disposition, ExportTable, Purchase, Row
from catalogue.match import MatchResult
from catalogue.profile import parse_profile
from catalogue.project import Listed, Mark, Project, Total, cautions_of, snapshot_digest, totals_of
from catalogue.records import ServiceRecord, strip_controls
from catalogue.replay import kept_records, rank_action

DRAFT = "Draft: the project is not locked, and what is in it may still change."


def prepare_purchase(
    project: Project,
    entries: Sequence[Entry],
    records: Mapping[str, ServiceRecord],
    result: MatchResult | None,
    *,
    changed: Collection[str] = (),
    dates: Dates | None = None,
    fictional: bool = False,
) -> ExportTable:
    """Put a project with a saved search, its trail and its kept records together as one frozen table.

    ``records`` are by digest. The match is that of the longlist, and ``None`` where no score may be shown
    yet; ``changed`` are services whose listing is no longer as it was judged, ``dates`` those of agreements,
    which only a draft depends on. Raises `UsageError` where a
    record was not kept.
    """
    listed = project.longlist
    totals = totals_of(project) if project.criteria is not None else ()
    as_of = datetime.fromisoformat(entries[-1].time)
    by_id = {record.id: record for record in kept_records(listed, records)}
    marks = [Mark(each.service_id, each.note, each.by.time, each.digest) for each in listed]
    rows = {
        row.service_id: row
        for row in rows_of(project, marks, by_id, result, at=as_of, dates=dates, changed=changed)
    }
    for total in totals:
        rows[total.service_id] = replace(rows[total.service_id], place=total.rank, total=total.total)
    profile = project.profile
    goal = parse_profile(profile.text, f"profile of {project.name}").goal if profile else None
    award = project.outcome.award if project.outcome is not None else None
    purchase = Purchase(
        project=replace(project, profile=replace(profile, text="")) if profile else project,
        goal=goal,
        dispositions=tuple(
            _disposition(number, each, rows[each.service_id], by_id[each.service_id])
            for number, each in enumerate(listed, start=1)
        ),
        totals=totals,
        trail=tuple(trail_entry(entry) for entry in entries),
        cautions=cautions_of(project, as_of.date(), changed, dates),
        order_form=order_form(project, goal, by_id[award.winner] if award is not None else None),
    )
    shortlist = [rows[each.service_id] for each in project.of_fate("shortlisted")]
    about = _about(project, entries, result, fictional=fictional)
    return strip_controls(ExportTable(about, tuple(_in_order(shortlist, totals)), purchase))


def _in_order(shortlist: Sequence[Row], totals: Sequence[Total]) -> list[Row]:
    """The best by the criteria first, then by the match; what has neither stays in the longlist's order."""
    order = {total.service_id: place for place, total in enumerate(totals) if total.total is not None}
    return sorted(
        shortlist,
        key=lambda row: (order.get(row.service_id, len(order)), row.rank is None, row.rank or 0),
    )


def _disposition(number: int, listed: Listed, row: Row, record: ServiceRecord) -> Disposition:
    return Disposition(
        number=number,
        row=row,
        description=record.description,
        fate=listed.fate,
        requirement=listed.requirement,
        because=listed.because,
        actor=listed.by.actor,
        digest=listed.digest,
    )


def _about(
    project: Project, entries: Sequence[Entry], result: MatchResult | None, *, fictional: bool
) -> About:
    profile, searches = project.profile, project.searches
    fixed = project.locked is not None or project.outcome is not None
    return About(
        project=project.name,
        exported=datetime.fromisoformat(entries[-1].time),
        catalogue_digest=", ".join(dict.fromkeys(each.catalogue for each in searches)),
        catalogue_services=None,
        catalogue_newest=max(filter(None, (each.newest for each in searches)), default=None),
        profile_name=profile.name if profile else None,
        profile_digest=profile.digest if profile else None,
        rules=result.rules if result else None,
        weights=weights_of(result),
        attribution=ATTRIBUTION,
        fictional=FICTIONAL if fictional else None,
        draft=None if fixed else DRAFT,
        locked=project.locked.by.time if project.locked else None,
        head=entries[-1].digest,
        entries=len(entries),
        requirements_digest=project.frozen.digest if project.frozen else None,
        records_digest=snapshot_digest(project.longlist),
        ranking=_ranking(project, result),
    )


def _ranking(project: Project, result: MatchResult | None) -> str | None:
    """Whether the ranking shown is the one that the trail noted."""
    noted = project.ranking
    if noted is None or result is None:
        return None
    if rank_action(project, result).digest == noted.digest:
        return f"{noted.digest}, as noted in the trail on {noted.by.time:%Y-%m-%d}"
    return (
        f"noted in the trail: {noted.digest}, by rules {noted.rules} of Longlist {noted.program}; it comes "
        "out differently here, so that match ranks and scores in this export are not those seen then"
    )
