"""The project store: projects and their marks, in the catalogue's own file.

A mark holds the service's id and the digest of its record, not the record: it survives every import, and
tells whether the listing has changed since.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

from catalogue.errors import ProfileError, UsageError
from catalogue.instants import instant
from catalogue.project import Mark, ProfileText, Project, mark_note, name_key, profile_text, project_name
from catalogue.records import record_digest
from db.catalogue import Catalogue
from db.reading import read_record

#: Key, name, time of creation; digest, name and text of the profile where there is one.
_ProjectRow: TypeAlias = tuple[Any, ...]

_PROJECTS = """
SELECT project.key, project.name, project.created, profile.digest, profile.name, profile.text
FROM project LEFT JOIN profile ON profile.digest = project.profile
"""


def _now() -> datetime:
    return datetime.now(UTC)


class ProjectStore:
    """The projects of one catalogue. ``clock`` gives the time of each change, aware."""

    def __init__(self, catalogue: Catalogue, *, clock: Callable[[], datetime] = _now) -> None:
        self._catalogue = catalogue
        self._clock = clock

    def create(self, name: str, profile_path: Path | None = None) -> Project:
        """Begin a project; its profile is read now and kept as text.

        Raises `UsageError` for a name that cannot be or is taken, `ProfileError` for a profile with mistakes.
        """
        name = project_name(name)
        profile = _read_profile(profile_path) if profile_path else None
        project = Project(name=name, created=self._time(), profile=profile)
        with self._catalogue.atomic() as db:
            taken = self._find(name)
            if taken:
                raise UsageError(f"project {taken[1]!r} exists already; choose another name")
            self._keep(profile)
            db.conn.execute(
                "INSERT INTO project (folded_name, name, created, profile)"
                " VALUES (:folded_name, :name, :created, :profile)",
                {
                    "folded_name": name_key(name),
                    "name": name,
                    "created": instant(project.created),
                    "profile": profile.digest if profile else None,
                },
            )
        return project

    def set_profile(self, project: str | Project, profile_path: Path) -> Project:
        """Give a project this profile from now on; those it had before stay in the file."""
        profile = _read_profile(profile_path)
        with self._catalogue.atomic() as db:
            key, name, *_ = self._row(project)
            self._keep(profile)
            db.conn.execute(
                "UPDATE project SET profile = :profile WHERE key = :key",
                {"profile": profile.digest, "key": key},
            )
        return self.get(name)

    def list(self) -> tuple[Project, ...]:
        """Every project, the oldest first."""
        return tuple(_project(row) for row in self._catalogue.rows(_PROJECTS + "ORDER BY project.key"))

    def get(self, name: str) -> Project:
        """The project of this name, in any case; raises `UsageError` naming those that exist."""
        return _project(self._row(name))

    def mark(self, project: str | Project, service_id: str, note: str | None = None) -> Mark:
        """Put a service on the shortlist. Marking it again keeps its place, and its note unless one is given.

        Raises `UsageError` when the catalogue holds no such service.
        """
        new_note = None if note is None else mark_note(note)
        with self._catalogue.atomic() as db:
            key, name, *_ = self._row(project)
            record = read_record(self._catalogue, service_id)
            if record is None:
                raise UsageError(
                    f"no service {service_id!r} in {self._catalogue.path}; 'longlist search' prints the ids"
                )
            db.conn.execute(
                "INSERT INTO mark (project, service, note, time, digest)"
                " VALUES (:project, :service, coalesce(:note, ''), :time, :digest)"
                " ON CONFLICT (project, service) DO UPDATE SET note = coalesce(:note, note)",
                {
                    "project": key,
                    "service": record.id,
                    "note": new_note,
                    "time": instant(self._time()),
                    "digest": record_digest(record),
                },
            )
        return next(mark for mark in self.marks(name) if mark.service_id == record.id)

    def unmark(self, project: str | Project, service_id: str) -> None:
        """Take a service off the shortlist; raises `UsageError` when it is not on it."""
        with self._catalogue.atomic() as db:
            key, name, *_ = self._row(project)
            deleted = db.conn.execute(
                "DELETE FROM mark WHERE project = :project AND service = :service",
                {"project": key, "service": service_id.encode("utf-8", "replace").decode()},
            )
            if deleted.rowcount == 0:
                raise UsageError(f"service {service_id!r} is not marked in project {name!r}")

    def marks(self, project: str | Project) -> tuple[Mark, ...]:
        """The services on the shortlist, in the order in which they were marked."""
        found = self._catalogue.rows(
            "SELECT service, note, time, digest FROM mark WHERE project = :project ORDER BY key",
            {"project": self._row(project)[0]},
        )
        return tuple(
            Mark(service, note, datetime.fromisoformat(time), digest) for service, note, time, digest in found
        )

    def _time(self) -> datetime:
        return self._clock().astimezone(UTC).replace(microsecond=0)

    def _keep(self, profile: ProfileText | None) -> None:
        if profile:
            self._catalogue.db.conn.execute(
                "INSERT INTO profile VALUES (:digest, :name, :text) ON CONFLICT DO NOTHING",
                {"digest": profile.digest, "name": profile.name, "text": profile.text},
            )

    def _find(self, name: str) -> _ProjectRow | None:
        found = self._catalogue.rows(
            _PROJECTS + "WHERE project.folded_name = :folded_name", {"folded_name": name_key(name)}
        )
        return found[0] if found else None

    def _row(self, project: str | Project) -> _ProjectRow:
        name = project if isinstance(project, str) else project.name
        row = self._find(name)
        if row is None:
            names = ", ".join(repr(other.name) for other in self.list())
            advice = f"there are {names}" if names else "there is none yet: longlist project new NAME"
            raise UsageError(f"no project {name!r} in {self._catalogue.path}; {advice}")
        return row


def _project(row: _ProjectRow) -> Project:
    _, name, created, digest, profile_name, text = row
    profile = ProfileText(profile_name, digest, text) if digest else None
    return Project(name, datetime.fromisoformat(created), profile)


def _read_profile(path: Path) -> ProfileText:
    try:
        # Bytes, so that the digest is that of the file whatever its line ends.
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise ProfileError(str(path), [f"cannot be read: {error.strerror or error}"]) from None
    except UnicodeDecodeError as error:
        raise ProfileError(str(path), [f"is not UTF-8 text: byte {error.start} cannot be read"]) from None
    return profile_text(text, str(path))
