"""``longlist project show``: where a purchase stands, on one page."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import click

from catalogue.history import told
from catalogue.instants import instant
from catalogue.project import By, Listed, Project, filters_in_words, kept_until, stage_of
from catalogue.records import ServiceRecord
from db.projects import ProjectStore
from db.reading import read_records
from tui.commands.edge import Settings, is_plain, pass_settings, print_json, say, tell
from tui.commands.plain import labelled
from tui.commands.project.beginning import with_profile
from tui.commands.project.options import JSON, NAME, caution, plain, projects
from tui.commands.project.wording import award_sentence, project_json


@click.command()
@NAME
@JSON
@pass_settings
def show(settings: Settings, name: str, as_json: bool) -> None:
    """Show where PROJECT stands, and its shortlist.

    A service whose listing changed after it was judged says so, and how.
    """
    with projects(settings, read_only=True) as store:
        found, records = store.get(name), records_as_judged(store, name)
        changed, changes = store.changed(found), store.changes(found)
        if as_json:
            head = store.entries(name)[-1].digest
            print_json(
                project_json(
                    found,
                    records,
                    changed=changed,
                    changes=changes,
                    cautions=store.cautions(found),
                    head=head,
                )
            )
            return
        for text in _lines(found):
            tell(text)
        for each in found.of_fate("shortlisted"):
            for text in listed_lines(each, records, changed):
                tell(text)
            for change in changes.get(each.service_id, ()):
                tell(f"\tchanged since, {change.at:%Y-%m-%d}: {plain(told(change))}")
        if not found.marks and found.informal and found.deleted is None:
            say(f"Nothing is marked. Mark services with: longlist project mark {found.name!r} ID")
        caution(store, found)


def records_as_judged(store: ProjectStore, name: str) -> Mapping[str, ServiceRecord]:
    """The records of the longlist by digest: as kept, or as they are where none was kept."""
    kept = dict(store.records(name))
    missing = {each.service_id: each.digest for each in store.get(name).longlist if each.digest not in kept}
    for record in read_records(store.catalogue, missing):
        kept[missing[record.id]] = record
    return kept


def listed_lines(
    listed: Listed, records: Mapping[str, ServiceRecord], changed: Collection[str]
) -> Iterator[str]:
    """A service of the longlist: a line for the service, one for its fate, one for its note."""
    record = records.get(listed.digest)
    if is_plain():
        yield ""
        yield from _spoken(listed, record, changed=listed.service_id in changed)
        return
    what = (
        f"{plain(record.name)}\t{plain(record.supplier.name)}\t{record.status}"
        if record
        else "no longer in the catalogue\t\t"
    )
    flag = "\tchanged since judged" if listed.service_id in changed else ""
    yield f"{listed.service_id}\t{what}{flag}"
    if listed.fate == "rejected":
        yield f"\trejected ({listed.requirement}): {plain(listed.because)}"
    elif listed.because:
        yield f"\t{listed.fate}: {plain(listed.because)}"
    if listed.note:
        yield f"\t{plain(listed.note)}"


def _spoken(listed: Listed, record: ServiceRecord | None, *, changed: bool) -> Iterator[str]:
    """A service of the longlist as a line for each fact."""
    yield from labelled(
        [
            ("Service", plain(record.name) if record else "no longer in the catalogue"),
            ("Supplier", plain(record.supplier.name) if record else None),
            ("Service id", listed.service_id),
            ("Status", record.status if record else None),
            ("Changed", "since it was judged" if changed else None),
            ("Fate", listed.fate),
            ("Requirement", listed.requirement if listed.fate == "rejected" else None),
            ("Because", plain(listed.because) if listed.because else None),
            ("Note", plain(listed.note) if listed.note else None),
        ]
    )


def _lines(project: Project) -> Iterator[str]:
    yield f"{project.name}, begun {instant(project.created)}{with_profile(project)}"
    if project.deleted is not None:
        yield f"Deleted {_signed(project.deleted.by)}: {plain(project.deleted.because)}"
        return
    if stage_of(project) != "informal" or project.version > 1:
        yield f"Stage: {stage_of(project)}, version {project.version}"
    for version in project.versions:
        yield f"Version {version.number} since {version.by.time:%Y-%m-%d}: {plain(version.because)}"
    if project.frozen is not None:
        frozen = project.frozen
        yield f"Requirements: {len(frozen.requirements)}, frozen {_signed(frozen.by)}"
        if frozen.approval:
            yield f"Approval: {plain(frozen.approval)}"
    for search in project.searches:
        words = plain(search.words) or "no words"
        yield f"Search: {words}, {search.framework} {search.lot}, saved {_signed(search.by)}"
        yield f"  {search.found:,} found, {len(search.results):,} after filters"
        yield from (f"  {plain(each)}" for each in filters_in_words(search.filters))
    if not project.informal:
        yield (
            f"Longlist: {len(project.longlist)}, of them {len(project.of_fate('shortlisted'))} shortlisted, "
            f"{len(project.of_fate('rejected'))} rejected, {len(project.of_fate('open'))} open"
        )
    if project.criteria is not None:
        names = ", ".join(f"{plain(each.name)} {each.weight}" for each in project.criteria.criteria)
        yield f"Criteria: {project.criteria.method}, {names}"
    if project.locked is not None:
        yield f"Locked {_signed(project.locked.by)}"
    if project.outcome is not None:
        outcome = project.outcome
        yield f"Outcome: {award_sentence(outcome.award) if outcome.award else outcome.kind}"
        if outcome.because:
            yield f"  because: {plain(outcome.because)}"
        yield f"Kept until {kept_until(project)}, then it may be deleted"


def _signed(by: By) -> str:
    return f"by {plain(by.actor) if by.actor else 'somebody not named'} on {by.time:%Y-%m-%d}"
