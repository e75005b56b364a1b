"""The project store: each project as its audit trail, in the catalogue's own file.

What a project is follows from its trail alone, read again each time. With it are kept the records that it
was judged by, so that it can be read when the catalogue has moved on. A change is one transaction: whatever
ends the program leaves a trail that verifies.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from catalogue.audit import Entry, next_entry, replayed
from catalogue.canonical import canonical
from catalogue.errors import ProfileError, UsageError
from catalogue.history import Change
from catalogue.instants import instant
from catalogue.project import (
    By,
    Mark,
    ProfileText,
    Project,
    Result,
    actions,
    cautions_of,
    name_key,
    profile_text,
    project_name,
)
from catalogue.records import ServiceRecord, decode_record, encode_record, record_digest
from db.agreements import agreement_dates
from db.catalogue import Catalogue
from db.history import changes_after
from db.reading import read_records

_INSERT = """
INSERT INTO entry (project, number, time, action, inputs, contents, previous, digest, document)
VALUES (:project, :number, :time, :action, :inputs, :contents, :previous, :digest, :document)
"""
_INSERT_LISTED = """
INSERT INTO longlisted (project, place, service, fate, requirement, because, note, actor, time, digest)
VALUES (:project, :place, :service, :fate, :requirement, :because, :note, :actor, :time, :digest)
"""


def _now() -> datetime:
    return datetime.now(UTC)


def _salt() -> str:
    return secrets.token_hex(16)


class ProjectStore:
    """The projects of one catalogue. ``clock`` gives the time of each change, aware; ``actor`` makes it.

    ``actor`` is the name that somebody gave, and ``None`` where nobody did: what a record has to answer for
    is refused then.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        actor: str | None = None,
        clock: Callable[[], datetime] = _now,
        salt: Callable[[], str] = _salt,
    ) -> None:
        self._catalogue = catalogue
        self._actor = actor
        self._clock = clock
        self._salt = salt

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue whose projects these are."""
        return self._catalogue

    @property
    def actor(self) -> str | None:
        """Who makes the changes, as given."""
        return self._actor

    @property
    def now(self) -> datetime:
        """The time, aware UTC to the second."""
        return self._clock().astimezone(UTC).replace(microsecond=0)

    def create(self, name: str, profile_path: Path | None = None) -> Project:
        """Begin a project; its profile is read now and kept as text.

        Raises `UsageError` for a name that cannot be or is taken, `ProfileError` for a profile with mistakes.
        """
        name = project_name(name)
        profile = read_profile_text(profile_path) if profile_path else None
        with self._catalogue.atomic() as db:
            taken = self._find(name)
            if taken:
                raise UsageError(f"project {taken[1]!r} exists already; choose another name")
            db.conn.execute(
                "INSERT INTO project (folded_name, name) VALUES (:folded_name, :name)",
                {"folded_name": name_key(name), "name": name},
            )
            project = self.act(name, actions.Begin(name=name))
            if profile is not None:
                project = self.act(name, actions.TakeProfile(profile=profile))
        return project

    def act(self, project: str | Project, action: actions.Action) -> Project:
        """Take an action and write it into the trail; raises `UsageError` where it is not allowed.

        Of services that the action names, the records are kept as they are.
        """
        with self._catalogue.atomic() as db:
            key, name = self._row(project)
            entries = self._entries(key)
            before = replayed(entries, name=name) if entries else None
            after, entry = next_entry(
                entries,
                before,
                action,
                By(self.now, self._actor),
                salt=self._salt(),
                dates=agreement_dates(self._catalogue),
            )
            db.conn.execute(_INSERT, entry_row(key, entry))
            if after.deleted is not None:
                self._erase(key)
            self._list(key, after)
            self._keep(key, after)
        if after.deleted is not None:
            self._forget_pages()
        return after

    def set_profile(self, project: str | Project, profile_path: Path) -> Project:
        """Give a project this profile from now on; one that it has already changes nothing."""
        profile = read_profile_text(profile_path)
        with self._catalogue.atomic():
            held = self.get(project)
            if held.profile == profile:
                return held
            return self.act(project, actions.TakeProfile(profile=profile))

    def list(self) -> tuple[Project, ...]:
        """Every project, the oldest first, deleted ones too."""
        return tuple(self.get(name) for name in self.names())

    def names(self) -> tuple[str, ...]:
        """The name of every project, the oldest first, whatever state its trail is in."""
        return tuple(name for (name,) in self._catalogue.rows("SELECT name FROM project ORDER BY key"))

    def get(self, project: str | Project) -> Project:
        """The project of this name, in any case; raises `UsageError` naming those that exist."""
        key, name = self._row(project)
        return replayed(self._entries(key), name=name)

    def entries(self, project: str | Project) -> tuple[Entry, ...]:
        """The audit trail of a project, in order."""
        return self._entries(self._row(project)[0])

    def records(self, project: str | Project) -> Mapping[str, ServiceRecord]:
        """The records that are kept with a project, by digest."""
        return {digest: decode_record(text) for digest, text in self.kept_texts(project).items()}

    def kept_texts(self, project: str | Project) -> Mapping[str, str]:
        """The same as the JSON that their digests are of."""
        rows = self._catalogue.rows(
            "SELECT digest, record FROM kept_record WHERE project = :project ORDER BY digest",
            {"project": self._row(project)[0]},
        )
        return dict(rows)

    def mark(self, project: str | Project, service_id: str, note: str | None = None) -> Mark:
        """Put a service on the shortlist. Marking it again keeps its place, and its note unless one is given.

        Where a search is saved this is a disposition like any other. Raises `UsageError` when the catalogue
        holds no such service.
        """
        with self._catalogue.atomic():
            held = self.get(project)
            (service,) = self.results([service_id], held)
            known = held.listed(service.service_id)
            if held.informal:
                if known is None or note is not None:
                    held = self.act(held, actions.MarkService(service=service, note=note))
            else:
                if known is None or known.fate != "shortlisted":
                    held = self.act(held, actions.Shortlist(services=(service,)))
                if note is not None:
                    held = self.act(held, actions.Note(service_id=service.service_id, note=note))
        return next(mark for mark in held.marks if mark.service_id == service.service_id)

    def unmark(
        self, project: str | Project, service_id: str, because: str = "taken off the shortlist"
    ) -> None:
        """Take a service off the shortlist; raises `UsageError` when it is not on it.

        Where a search is saved, its fate is open again.
        """
        service_id = service_id.encode("utf-8", "replace").decode()
        with self._catalogue.atomic():
            held = self.get(project)
            known = held.listed(service_id)
            if known is None or known.fate != "shortlisted":
                raise UsageError(f"service {service_id!r} is not marked in project {held.name!r}")
            if held.informal:
                self.act(held, actions.Unmark(service_id=service_id))
            else:
                self.act(held, actions.Reconsider(services=(service_id,), because=because))

    def marks(self, project: str | Project) -> tuple[Mark, ...]:
        """The services on the shortlist, in the order in which they were marked or found."""
        return self.get(project).marks

    def results(self, service_ids: Iterable[str], of: str | Project | None = None) -> tuple[Result, ...]:
        """These services with the digests of their records as they are; `UsageError` for an unknown one.

        Services of a project ``of`` this name that the catalogue does not have are judged by what was kept:
        a project that was taken in from elsewhere can go on.
        """
        ids = tuple(id.encode("utf-8", "replace").decode() for id in service_ids)
        found = {each.service_id: each.digest for each in self.get(of).longlist} if of is not None else {}
        found |= {record.id: record_digest(record) for record in read_records(self._catalogue, ids)}
        for service_id in ids:
            if service_id not in found:
                raise UsageError(
                    f"no service {service_id!r} in {self._catalogue.path}; 'longlist search' prints the ids"
                )
        return tuple(Result(service_id, found[service_id]) for service_id in ids)

    def changed(self, project: Project) -> tuple[str, ...]:
        """Services of the longlist whose listing is no longer as it was judged, or is gone."""
        ids = [each.service_id for each in project.longlist]
        now = {record.id: record_digest(record) for record in read_records(self._catalogue, ids)}
        return tuple(each.service_id for each in project.longlist if now.get(each.service_id) != each.digest)

    def changes(self, project: Project) -> dict[str, tuple[Change, ...]]:
        """What changed in services of the longlist after they were judged, the oldest first, by id."""
        return changes_after(self._catalogue, {each.service_id: each.by.time for each in project.longlist})

    def cautions(self, project: Project) -> tuple[str, ...]:
        """What an officer should know of a project as it and the catalogue are now."""
        dates = agreement_dates(self._catalogue)
        return cautions_of(project, self.now.date(), self.changed(project), dates)

    def take_in(self, name: str, entries: Iterable[Entry], records: Mapping[str, str]) -> Project:
        """Store a trail that was verified, with its records; one that is here already goes on from there.

        ``records`` are JSON texts by digest.
        """
        entries = tuple(entries)
        with self._catalogue.atomic() as db:
            found = self._find(name)
            if found is None:
                db.conn.execute(
                    "INSERT INTO project (folded_name, name) VALUES (:folded_name, :name)",
                    {"folded_name": name_key(name), "name": name},
                )
            key, name = self._row(name)
            known = len(self._entries(key))
            db.conn.executemany(_INSERT, (entry_row(key, entry) for entry in entries[known:]))
            project = replayed(entries, name=name)
            if project.deleted is not None:
                self._erase(key)
            else:
                self._keep_texts(key, records)
            self._list(key, project)
        return project

    def _entries(self, key: int) -> tuple[Entry, ...]:
        rows = self._catalogue.rows(
            "SELECT number, time, action, inputs, contents, previous, digest, document FROM entry"
            " WHERE project = :project ORDER BY number",
            {"project": key},
        )
        return tuple(
            Entry(number, time, action, tuple(sorted(json.loads(inputs).items())), *rest)
            for number, time, action, inputs, *rest in rows
        )

    def _list(self, key: int, project: Project) -> None:
        """Say in a table where each service stands, for other tools."""
        db = self._catalogue.db
        db.conn.execute("DELETE FROM longlisted WHERE project = :project", {"project": key})
        db.conn.executemany(_INSERT_LISTED, listed_rows(key, project))

    def _keep(self, key: int, project: Project) -> None:
        """Keep every record that the project refers to and the catalogue still has."""
        wanted = {each.digest: each.service_id for each in project.longlist}
        wanted |= {each.digest: each.service_id for search in project.searches for each in search.results}
        kept = {
            digest
            for (digest,) in self._catalogue.rows(
                "SELECT digest FROM kept_record WHERE project = :project", {"project": key}
            )
        }
        ids = dict.fromkeys(service for digest, service in wanted.items() if digest not in kept)
        texts = {}
        for record in read_records(self._catalogue, ids):
            digest = record_digest(record)
            if digest in wanted:
                texts[digest] = encode_record(record).decode()
        self._keep_texts(key, texts)

    def _keep_texts(self, key: int, texts: Mapping[str, str]) -> None:
        self._catalogue.db.conn.executemany(
            "INSERT INTO kept_record VALUES (:project, :digest, :record) ON CONFLICT DO NOTHING",
            ({"project": key, "digest": digest, "record": text} for digest, text in texts.items()),
        )

    def _erase(self, key: int) -> None:
        """Remove what a deleted project held: every document but the tombstone's, and every record."""
        conn = self._catalogue.db.conn
        conn.execute("PRAGMA secure_delete = on")
        conn.execute(
            "UPDATE entry SET document = NULL WHERE project = :project AND number <"
            " (SELECT max(number) FROM entry WHERE project = :project)",
            {"project": key},
        )
        conn.execute("DELETE FROM kept_record WHERE project = :project", {"project": key})

    def _forget_pages(self) -> None:
        """Write what was erased through to the file, so that no copy stays in the write-ahead log."""
        if not self._catalogue.db.conn.in_transaction:
            self._catalogue.db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _find(self, name: str) -> tuple[int, str] | None:
        found = self._catalogue.rows(
            "SELECT key, name FROM project WHERE folded_name = :folded_name", {"folded_name": name_key(name)}
        )
        return (found[0][0], found[0][1]) if found else None

    def _row(self, project: str | Project) -> tuple[int, str]:
        name = project if isinstance(project, str) else project.name
        row = self._find(name)
        if row is None:
            names = ", ".join(map(repr, self.names()))
            advice = f"there are {names}" if names else "there is none yet: longlist project new NAME"
            raise UsageError(f"no project {name!r} in {self._catalogue.path}; {advice}")
        return row


def entry_row(key: int, entry: Entry) -> dict[str, Any]:
    """An entry as a row of table ``entry``."""
    return asdict(entry) | {"project": key, "inputs": canonical(dict(entry.inputs))}


def listed_rows(key: int, project: Project) -> list[dict[str, Any]]:
    """The longlist as rows of table ``longlisted``."""
    return [
        {
            "project": key,
            "place": place,
            "service": each.service_id,
            "fate": each.fate,
            "requirement": each.requirement,
            "because": each.because,
            "note": each.note,
            "actor": each.by.actor,
            "time": instant(each.by.time),
            "digest": each.digest,
        }
        for place, each in enumerate(project.longlist)
    ]


def read_profile_text(path: Path) -> ProfileText:
    """A profile's text to keep with a project. Raises `ProfileError` where it has mistakes or is no text."""
    try:
        # Bytes, so that the digest is that of the file whatever its line ends.
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise ProfileError(str(path), [f"cannot be read: {error.strerror or error}"]) from None
    except UnicodeDecodeError as error:
        raise ProfileError(str(path), [f"is not UTF-8 text: byte {error.start} cannot be read"]) from None
    return profile_text(text, str(path))
