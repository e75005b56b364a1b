"""One way from an open catalogue and a profile to a ranking, for commands, screens and exports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from catalogue.errors import ProfileError
from catalogue.match import MatchResult, match
from catalogue.model import Service
from catalogue.profile import Profile, parse_profile
from catalogue.questions import load_crosswalk
from catalogue.read import read_service
from db.candidates import candidate_ids
from db.catalogue import Catalogue
from db.reading import read_records


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


def match_catalogue(
    catalogue: Catalogue, profile: Profile, *, also: Iterable[str] = (), limit: int | None = None
) -> MatchResult:
    """Rank the live services of a catalogue for a profile.

    ``also`` are ids of live services to judge whatever the profile calls for, such as those of a shortlist.
    """
    crosswalk = load_crosswalk()
    ids = candidate_ids(catalogue, profile)
    beside = sorted(set(also).difference(ids))

    def services(wanted: Iterable[str]) -> Iterator[Service]:
        return (read_service(record, crosswalk)[0] for record in read_records(catalogue, wanted))

    return match(profile, services(ids), also=services(beside), crosswalk=crosswalk, limit=limit)
