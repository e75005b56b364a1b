"""The audit trail of a project: what was done, in order, each entry bound to the one before it by SHA-256.

An entry names the digests of what it rested on (profile, catalogue, records, rules) and of its document,
which holds actor and details. Its own digest covers all of that and the digest of the entry before it: no
entry can be changed, put in, left out or moved without every later digest changing. The document itself may
be removed when the project is deleted: a random salt in it keeps anybody from finding a name by guessing, and
the chain holds without it.

What a chain cannot show is that its end was cut off, or that all of it was written anew: for that, keep a
digest outside the file. Exports carry the last one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import msgspec

from catalogue.agreements import Dates
from catalogue.canonical import canonical, sha256_of
from catalogue.errors import LonglistError, UsageError
from catalogue.instants import instant
from catalogue.project.actions import Action, CarryOver, Freeze, Rank, Search, TakeProfile, kind_of
from catalogue.project.listing import snapshot_digest
from catalogue.project.machine import check_now, step
from catalogue.project.values import By, Project
from catalogue.project.words import tidied

#: What the first entry names in place of an entry before it.
NOTHING_BEFORE = f"sha256:{'0' * 64}"
#: The action that leaves a tombstone: the documents of all entries before it are gone.
_DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a trail. ``number`` counts from 1; ``time`` is UTC to the second, as text.

    ``document`` is canonical JSON with ``actor``, ``details`` and ``salt``; ``None`` once it was removed.
    ``contents`` is its digest, ``previous`` that of the entry before, ``digest`` that of this entry.
    """

    number: int
    time: str
    action: str
    inputs: tuple[tuple[str, str], ...]
    contents: str
    previous: str
    digest: str
    document: str | None

    @property
    def actor(self) -> str | None:
        """Who did it; ``None`` where nobody was named, or where the document was removed or is damaged."""
        return _read(self.document).actor

    @property
    def details(self) -> dict[str, Any] | None:
        """What was given, as plain values; ``None`` where the document was removed or is damaged."""
        return _read(self.document).details


class _Document(msgspec.Struct, frozen=True):
    actor: str | None = None
    details: dict[str, Any] | None = None


def _read(document: str | None) -> _Document:
    """What stands in a document, as far as it can be read."""
    try:
        return msgspec.json.decode(document or "{}", type=_Document)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return _Document()


@dataclass(frozen=True, slots=True)
class Fault:
    """The first entry of a trail that does not fit, and why. ``entry`` is its number."""

    entry: int
    problem: str


def next_entry(
    entries: Sequence[Entry],
    project: Project | None,
    action: Action,
    by: By,
    *,
    salt: str,
    dates: Dates | None = None,
) -> tuple[Project, Entry]:
    """Take an action: the project after it, and the entry that follows those of its trail.

    Texts are tidied first. ``salt`` is a random text that nobody can guess, ``dates`` those of agreements as
    their source gives them. Raises `UsageError` where the action is not allowed.
    """
    action = _tidied(action)
    actor = tidied(by.actor).strip() or None if by.actor is not None else None
    by = By(datetime.fromisoformat(instant(by.time)), actor)
    check_now(project, action, by, dates)
    after = step(project, action, by)
    document = canonical({"actor": by.actor, "details": msgspec.to_builtins(action), "salt": salt})
    entry = sealed(
        number=len(entries) + 1,
        time=instant(by.time),
        action=kind_of(action),
        inputs=inputs_of(action, project, after),
        document=document,
        previous=entries[-1].digest if entries else NOTHING_BEFORE,
    )
    return after, entry


def _tidied(action: Action) -> Action:
    """The action with its texts tidied; the text of a profile stays byte for byte, as its digest is of it."""
    clean = tidied(action)
    if isinstance(action, TakeProfile) and isinstance(clean, TakeProfile):
        return TakeProfile(profile=replace(clean.profile, text=action.profile.text))
    if isinstance(action, CarryOver) and isinstance(clean, CarryOver):
        return msgspec.structs.replace(clean, profile=action.profile, earlier=action.earlier)
    return clean


def is_tidy(entry: Entry) -> bool:
    """Whether an entry holds no control characters, as none that was taken here does."""
    if entry.document is None:
        return True
    action = action_of(entry)
    return _tidied(action) == action and tidied(entry.actor or "") == (entry.actor or "")


def sealed(
    *, number: int, time: str, action: str, inputs: Mapping[str, str], document: str, previous: str
) -> Entry:
    """An entry with its digests worked out."""
    pairs = tuple(sorted(inputs.items()))
    contents = sha256_of(document)
    unsealed = Entry(number, time, action, pairs, contents, previous, "", document)
    return replace(unsealed, digest=digest_of(unsealed))


def digest_of(entry: Entry) -> str:
    """The digest of an entry, worked out anew from everything else in it but the document itself."""
    covered = {
        "number": entry.number,
        "time": entry.time,
        "action": entry.action,
        "inputs": dict(entry.inputs),
        "contents": entry.contents,
        "previous": entry.previous,
    }
    return sha256_of(canonical(covered))


def inputs_of(action: Action, before: Project | None, after: Project) -> dict[str, str]:
    """The digests of what an action rested on, by what they are of."""
    found: dict[str, str] = {}
    if isinstance(action, Rank):
        found = {"records": action.snapshot, "tables": action.tables, "ranking": action.digest}
    elif after.longlist != (before.longlist if before is not None else ()):
        found = {"records": snapshot_digest(after.longlist)}
    if isinstance(action, Search):
        found["catalogue"] = action.catalogue
    if isinstance(action, Freeze | Search) and after.frozen is not None:
        found["requirements"] = after.frozen.digest
    if isinstance(action, CarryOver | TakeProfile | Freeze | Rank) and after.profile is not None:
        found["profile"] = after.profile.digest
    return found


def chain_fault(entries: Iterable[Entry]) -> Fault | None:
    """The first entry whose number, digests or predecessor do not fit; ``None`` where all do."""
    entries = tuple(entries)
    previous = NOTHING_BEFORE
    removed_until = len(entries) if entries and entries[-1].action == _DELETE else 0
    for number, entry in enumerate(entries, start=1):
        if entry.number != number:
            return Fault(entry.number, f"it stands at place {number}: an entry is missing, added or moved")
        if entry.previous != previous:
            return Fault(number, "it does not follow the entry before it")
        if entry.document is None:
            if number >= removed_until:
                return Fault(number, "its document is missing, and the project was not deleted")
        elif sha256_of(entry.document) != entry.contents:
            return Fault(number, "its document is not the one that was recorded")
        if digest_of(entry) != entry.digest:
            return Fault(number, "it was changed: its digest does not fit what it says")
        previous = entry.digest
    return None


class TrailError(LonglistError):
    """A trail holds what this version cannot take again; ``fault`` names the entry."""

    def __init__(self, fault: Fault, name: str = "") -> None:
        self.fault = fault
        super().__init__(
            f"entry {fault.entry} of the trail of project {name!r}: {fault.problem}; "
            "see what is left with: longlist project verify"
        )


def replayed(entries: Sequence[Entry], *, name: str = "") -> Project:
    """The project that a trail tells, each action taken again in order.

    ``name`` is what the project is called here, whatever it was called when it began. Raises `TrailError` at
    the first entry that cannot be read or was not allowed.
    """
    project = None
    for _, project in states_of(entries, name=name):  # noqa: B007  the last one is wanted
        pass
    if project is None:
        raise TrailError(Fault(0, "there is none; expected one entry at least"), name)
    return project


def states_of(entries: Sequence[Entry], *, name: str = "") -> Iterator[tuple[Entry, Project]]:
    """Each entry with the project after it; of a deleted project only the last, as no more is left of it."""
    project: Project | None = None
    if entries and entries[-1].action == _DELETE:
        project, entries = Project(name, datetime.fromisoformat(entries[0].time)), entries[-1:]
    for entry in entries:
        project = _taken(project, entry, name)
        if name:
            project = replace(project, name=name)
        yield entry, project


def _taken(project: Project | None, entry: Entry, name: str) -> Project:
    """The project after one entry."""
    try:
        action = action_of(entry)
        after = step(project, action, By(datetime.fromisoformat(entry.time), entry.actor))
    except (UsageError, msgspec.MsgspecError, ValueError, ArithmeticError) as error:
        raise TrailError(Fault(entry.number, str(error)), name) from None
    problem = None
    if kind_of(action) != entry.action:
        problem = f"it is called {entry.action!r} and holds {kind_of(action)!r}"
    elif entry.action != _DELETE and dict(entry.inputs) != inputs_of(action, project, after):
        problem = "the digests it rests on are not those of what it says"
    if problem is not None:
        raise TrailError(Fault(entry.number, problem), name)
    return after


def action_of(entry: Entry) -> Action:
    """What was done, read back from the document of an entry; raises `UsageError` where that is no more."""
    if entry.details is None:
        raise UsageError("its document is missing or cannot be read")
    action: Action = msgspec.convert(entry.details, Action)
    return action


def prefix_of(one: Sequence[Entry], other: Sequence[Entry]) -> bool:
    """Whether the other trail is this one, gone on or not."""
    return [entry.digest for entry in one] == [entry.digest for entry in other[: len(one)]]
