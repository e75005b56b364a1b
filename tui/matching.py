"""One way from an open catalogue and a profile to a ranking, for commands, screens and exports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

from catalogue import denials, prospects
from catalogue.collecting import nothing_collected
from catalogue.errors import ProfileError
from catalogue.match import MatchResult, joined, judge_of, match, result_of, yardstick_of
from catalogue.model import Service
from catalogue.profile import Profile, parse_profile
from catalogue.read import read_service
from catalogue.rules import sayings
from db.catalogue import Catalogue
from db.reading import live_services, read_records

#: How many profiles are remembered with what every service can score.
_PROFILES = 2


def read_profile(path: Path | str) -> Profile:
    """Read and check a profile file. Raises `ProfileError` with all of its problems."""
    return parse_profile(read_profile_text(path), str(path))


def read_profile_text(path: Path | str) -> str:
    """The text of a profile file, unchecked. Raises `ProfileError` where it cannot be read."""
    path = Path(path)
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise ProfileError(str(path), [f"cannot be read: {error.strerror or error}"]) from None
    except UnicodeDecodeError as error:
        raise ProfileError(str(path), [f"is not UTF-8 text: byte {error.start} cannot be read"]) from None


def forget(catalogue: Catalogue) -> None:
    """Give back what only another match of the same catalogue would need: for a sitting it is far off."""
    catalogue.cache.pop("candidates", None)
    denials.let_go()
    sayings.let_go()
    # What SQLite keeps of the tables read, up to 16 MB.
    catalogue.db.conn.execute("PRAGMA shrink_memory")


@nothing_collected()
def match_catalogue(catalogue: Catalogue, profile: Profile, *, also: Iterable[str] = ()) -> MatchResult:
    """Rank the live services of a catalogue for a profile.

    ``also`` are ids of services to judge whatever the profile calls for, such as those of a shortlist.
    """
    live = [service for service, _ in live_services(catalogue)]
    if len(live) <= prospects.WHOLE:
        found = match(profile, _services(catalogue, live))
    else:
        from db.candidates import Candidates  # noqa: PLC0415  its library takes a tenth of a second

        def weighed() -> Candidates:
            return Candidates(catalogue, judge_of(profile))

        of = (profile.digest, tuple(profile.weights.items()))
        candidates = catalogue.remembered("candidates", weighed, of=of, most=_PROFILES)
        found = prospects.match_prospects(candidates.judge, candidates, partial(_services, catalogue))
    return with_services(catalogue, found, also)


@nothing_collected()
def unranked(catalogue: Catalogue, profile: Profile) -> MatchResult:
    """A ranking of nothing yet: `with_services` judges services as `match_catalogue` would, and none besides.

    It takes a third of the time, and how rare words are is the same.
    """
    live = [service for service, _ in live_services(catalogue)]
    if len(live) <= prospects.WHOLE:
        yardstick = yardstick_of(profile, _services(catalogue, live))
    else:
        from db.candidates import Candidates  # noqa: PLC0415  as above

        judge = judge_of(profile)
        candidates = Candidates(catalogue, judge)
        yardstick = prospects.yardstick_of_prospects(judge, candidates, partial(_services, catalogue))
    return result_of(yardstick)


def with_services(catalogue: Catalogue, found: MatchResult, ids: Iterable[str]) -> MatchResult:
    """A ranking of this catalogue with these services, too; they are judged as the others were."""
    beside = sorted(set(ids).difference(found.judged))
    return joined(found, _services(catalogue, beside)) if beside else found


def _services(catalogue: Catalogue, ids: Iterable[str]) -> Iterator[Service]:
    return (read_service(record)[0] for record in read_records(catalogue, ids))
