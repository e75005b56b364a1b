"""The match of a longlist: worked out from the kept records alone, so that it can be worked out again.

The same records, profile, weights and rules give the same ranking, byte for byte; its digest is what the
trail keeps.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from catalogue import __version__
from catalogue.canonical import canonical, sha256_of
from catalogue.errors import UsageError
from catalogue.match import MatchResult, match, result_of, yardstick_of
from catalogue.model import Service
from catalogue.profile import Profile, parse_profile
from catalogue.project import Listed, Project, actions, snapshot_digest
from catalogue.read import read_service
from catalogue.records import ServiceRecord
from catalogue.tables import tables_digest

#: What is told wherever a match of a longlist is shown.
AMONG = (
    "Judged among the services of this longlist alone, by the records kept with it: how rare a word is, they "
    "tell. Among the whole catalogue a verdict can be another."
)


def match_longlist(project: Project, records: Mapping[str, ServiceRecord]) -> MatchResult:
    """Judge every service on the longlist by the profile; ``records`` are the kept ones, by digest.

    Raises `UsageError` where the project has no profile, or where a record was not kept.
    """
    return match(*_judged_by(project, records))


def unranked_longlist(project: Project, records: Mapping[str, ServiceRecord]) -> MatchResult:
    """A ranking of nothing yet: a service that is `joined` is judged as `match_longlist` judges it.

    Takes a quarter of the time. Raises the same.
    """
    return result_of(yardstick_of(*_judged_by(project, records)))


def _judged_by(project: Project, records: Mapping[str, ServiceRecord]) -> tuple[Profile, Iterator[Service]]:
    """The profile and the services of the longlist."""
    if project.profile is None:
        raise UsageError(
            f"project {project.name!r} has no profile to judge by; give it one with: longlist project profile"
        )
    profile = parse_profile(project.profile.text, f"profile of {project.name}")
    return profile, (read_service(record)[0] for record in kept_records(project.longlist, records))


def kept_records(
    longlist: Iterable[Listed], records: Mapping[str, ServiceRecord]
) -> tuple[ServiceRecord, ...]:
    """The records of these services as they were judged, in their order."""
    longlist = tuple(longlist)
    missing = [each.service_id for each in longlist if each.digest not in records]
    if missing:
        raise UsageError(
            f"the records of {', '.join(missing[:3])} as they were judged are not kept with the project: "
            "decide on them again"
        )
    return tuple(records[each.digest] for each in longlist)


def ranking_digest(result: MatchResult) -> str:
    """``sha256:`` and the digest of order, scores and points, and of what a must ruled out."""
    held = {
        "matches": [
            [
                each.service.id,
                str(each.score),
                [[part.barrier, str(part.points)] for part in each.contributions],
            ]
            for each in result.matches
        ],
        "excluded": [[each.service.id, each.requirement.text] for each in result.excluded],
    }
    return sha256_of(canonical(held))


def rank_action(project: Project, result: MatchResult) -> actions.Rank:
    """What the trail keeps of a ranking that is shown."""
    return actions.Rank(
        profile=result.profile.digest,
        rules=result.rules,
        tables=tables_digest(),
        program=__version__,
        snapshot=snapshot_digest(project.longlist),
        services=result.considered,
        digest=ranking_digest(result),
    )
