"""The longlist: what one saved search found, and the fate of each service on it with its reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from catalogue.canonical import canonical, sha256_of
from catalogue.errors import UsageError
from catalogue.project import actions
from catalogue.project.guards import (
    changeable,
    frozen,
    on_longlist,
    requirement_of,
    searched,
)
from catalogue.project.values import By, Filter, Listed, Project, Result, SavedSearch
from catalogue.project.words import checked, needed

#: So many results nobody gives a fate each; filters tied to requirements make them fewer.
MOST = 2000
_DIGEST_LENGTH = 71
_ID_LENGTH = 100


def search(project: Project, action: actions.Search, by: By) -> Project:
    """Save a search; everything that it found is the longlist.

    A second search stands in place of the first or beside it, and says why. Fates decided before stay with
    services that are found again with the same record; a mark from before the first search does not: it is
    kept as a note, and the service is open.
    """
    changeable(project)
    frozen(project)
    _check_counts(project, action)
    _check_results(action.results)
    _check_order(project, action)
    saved = SavedSearch(
        by,
        checked(action.words, "the words of the search"),
        needed(action.framework, "the framework"),
        needed(action.lot, "the lot"),
        action.found,
        action.filters,
        action.results,
        action.catalogue,
        action.newest,
        action.how,
        action.because,
    )
    before = {each.service_id: each for each in project.longlist}
    found = tuple(_found(result, before, by, marked=project.informal) for result in action.results)
    if action.how == "beside":
        ids = {each.service_id for each in project.longlist}
        found = (*project.longlist, *(each for each in found if each.service_id not in ids))
    searches = (*project.searches, saved) if action.how == "beside" else (saved,)
    return replace(project, searches=searches, longlist=found)


def _found(result: Result, before: Mapping[str, Listed], by: By, *, marked: bool) -> Listed:
    known = before.get(result.service_id)
    if known is None:
        return Listed(result.service_id, result.digest, by)
    if marked or known.digest != result.digest:
        return Listed(result.service_id, result.digest, by, note=known.note)
    return known


def _check_counts(project: Project, action: actions.Search) -> None:
    """Each filter serves a requirement and begins with what the one before it left."""
    left = action.found
    for each in action.filters:
        requirement_of(project, each.requirement)
        needed(each.value, "the value of a filter")
        if not 0 <= each.after <= each.before or each.before != left:
            raise UsageError(
                f"filter {each.value!r} leaves {each.after} of {each.before}, expected of {left}"
            )
        left = each.after
    if left != len(action.results):
        raise UsageError(f"the search counts {left} services and brings {len(action.results)}")
    if left > MOST:
        raise UsageError(
            f"the search finds {left:,} services, and each needs a fate with a reason; at most {MOST:,} are "
            "taken: narrow it with filters, each tied to a requirement"
        )


def _check_results(results: Iterable[Result]) -> None:
    times = Counter(result.service_id for result in results)
    for service, count in times.items():
        if count > 1:
            raise UsageError(f"service {service!r} is among the services {count} times")
        if not service.strip() or len(service) > _ID_LENGTH:
            raise UsageError(f"service id {service[:_ID_LENGTH]!r}: expected 1 to {_ID_LENGTH} characters")


def _check_order(project: Project, action: actions.Search) -> None:
    """The first search needs no reason; any other says why, and comes before the first score."""
    if not project.searches:
        if action.how != "first":
            raise UsageError(f"project {project.name!r} has no saved search yet to add to or to replace")
        return
    if action.how == "first":
        raise UsageError(
            f"project {project.name!r} has a saved search already, and results of two searches are not "
            "mixed; put this one in its place (--instead) or beside it (--add), and say why (--because)"
        )
    needed(action.because, "the reason for another search")
    if project.seen == project.version:
        raise UsageError(
            "scores have been given or shown, so that no other search may change who is judged; a new "
            "version can be begun, saying why: longlist project reopen"
        )


def mark(project: Project, action: actions.MarkService, by: By) -> Project:
    """Mark a service on an informal shortlist. Marking again keeps place and time."""
    changeable(project)
    if project.searches:
        raise UsageError(
            f"project {project.name!r} has a saved search: shortlist or reject the services of its longlist"
        )
    _check_results([action.service])
    known = project.listed(action.service.service_id)
    note = checked(action.note, "note") if action.note is not None else None
    if known is not None:
        return _changed(project, replace(known, note=known.note if note is None else note))
    added = Listed(action.service.service_id, action.service.digest, by, "shortlisted", note=note or "")
    return replace(project, longlist=(*project.longlist, added))


def unmark(project: Project, action: actions.Unmark, by: By) -> Project:  # noqa: ARG001
    """Take a service off an informal shortlist."""
    changeable(project)
    if project.searches:
        raise UsageError(
            f"project {project.name!r} has a saved search: its services are reconsidered, not removed"
        )
    if project.listed(action.service_id) is None:
        raise UsageError(f"service {action.service_id!r} is not marked in project {project.name!r}")
    return replace(
        project, longlist=tuple(each for each in project.longlist if each.service_id != action.service_id)
    )


def shortlist(project: Project, action: actions.Shortlist, by: By) -> Project:
    """Put services on the shortlist, judged by their records as they are now."""
    changeable(project)
    searched(project)
    checked(action.because, "the reason")
    return _decided(project, action.services, Listed("", "", by, "shortlisted", because=action.because))


def reject(project: Project, action: actions.Reject, by: By) -> Project:
    """Reject services, all for one reason that is tied to one requirement."""
    changeable(project)
    searched(project)
    tied = requirement_of(project, action.requirement)
    because = needed(action.because, "the reason")
    return _decided(project, action.services, Listed("", "", by, "rejected", tied.key, because))


def reconsider(project: Project, action: actions.Reconsider, by: By) -> Project:
    """Leave the fate of services open again."""
    changeable(project)
    searched(project)
    needed(action.because, "the reason to reconsider")
    for service in action.services:
        if on_longlist(project, service).fate == "open":
            raise UsageError(f"service {service!r} is open already in project {project.name!r}")
    results = [Result(service, on_longlist(project, service).digest) for service in action.services]
    return _decided(project, results, Listed("", "", by, "open", because=action.because))


def note(project: Project, action: actions.Note, by: By) -> Project:  # noqa: ARG001
    """Write a note about a service; its fate stays."""
    changeable(project)
    known = on_longlist(project, action.service_id)
    return _changed(project, replace(known, note=checked(action.note, "note")))


def _decided(project: Project, services: Iterable[Result], fate: Listed) -> Project:
    """Give these services a fate; notes stay."""
    services = tuple(services)
    if not services:
        raise UsageError("no service is named; expected one at least")
    _check_results(services)
    known = {each.service_id: each for each in project.longlist}
    for service in services:
        if service.service_id not in known:
            on_longlist(project, service.service_id)
    decided = (
        replace(
            fate, service_id=service.service_id, digest=service.digest, note=known[service.service_id].note
        )
        for service in services
    )
    return _changed(project, *decided)


def _changed(project: Project, *changed: Listed) -> Project:
    by_id = {each.service_id: each for each in changed}
    longlist = tuple(by_id.get(each.service_id, each) for each in project.longlist)
    return replace(project, longlist=longlist)


def snapshot_digest(longlist: Iterable[Listed]) -> str:
    """``sha256:`` and the digest of which records the longlist was judged by, whatever its order."""
    held = sorted([each.service_id, each.digest] for each in longlist)
    return sha256_of(canonical(held))


def filters_in_words(filters: Iterable[Filter]) -> tuple[str, ...]:
    """Each filter as a sentence: what it asks, for which requirement, and what it left of how many."""
    return tuple(
        f"{each.kind} {each.value} ({each.requirement}): {each.after:,} of {each.before:,} left"
        for each in filters
    )
