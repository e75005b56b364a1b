"""Whether a project's record holds: the chain, what it tells, the records it rests on, its rankings again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from catalogue.audit import Entry, Fault, TrailError, action_of, chain_fault, states_of
from catalogue.canonical import sha256_of
from catalogue.errors import LonglistError
from catalogue.project import Project, actions
from catalogue.records import ServiceRecord, decode_record
from catalogue.replay import match_longlist, rank_action

#: ``same`` and ``differs`` say how the ranking came out again; ``other-tables`` that it differs under other
#: rules or tables than it was made with, so that neither is wrong; ``no-records`` that it cannot be tried.
Replayed = Literal["same", "differs", "other-tables", "no-records"]


@dataclass(frozen=True, slots=True)
class Replay:
    """One ranking of the trail, worked out again: ``entry`` is its number, ``problem`` what is in the way."""

    entry: int
    result: Replayed
    services: int
    recorded: str
    found: str | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found. ``head`` is the digest of the last entry: what exports carry.

    ``fault`` is the first entry that does not fit. ``damaged`` are digests of kept records whose text is
    another, ``lost`` services of which a record that they were judged by is not kept, and ``notes`` what does
    not break the record.
    """

    entries: int
    head: str
    fault: Fault | None
    records: int
    damaged: tuple[str, ...]
    lost: tuple[str, ...]
    replays: tuple[Replay, ...]
    notes: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing contradicts the record."""
        differs = any(each.result == "differs" for each in self.replays)
        return self.fault is None and not self.damaged and not self.lost and not differs


def verify(entries: Sequence[Entry], texts: Mapping[str, str], *, name: str = "") -> Verification:
    """Check a trail against itself and against the kept records (JSON by digest), and rank again."""
    head = entries[-1].digest if entries else ""
    read = {digest: _read(digest, text) for digest, text in texts.items()}
    sound = {digest: record for digest, record in read.items() if record is not None}
    damaged = tuple(digest for digest in texts if digest not in sound)
    fault = chain_fault(entries)
    states: list[tuple[Entry, Project]] = []
    if fault is None:
        try:
            states += states_of(entries, name=name)
        except TrailError as error:
            fault = error.fault
    return Verification(
        entries=len(entries),
        head=head,
        fault=fault,
        records=len(texts),
        damaged=damaged,
        lost=_lost(states, sound),
        replays=tuple(_replays(states, sound)),
        notes=tuple(_notes(entries)),
    )


def _read(digest: str, text: str) -> ServiceRecord | None:
    """A kept record, or ``None`` where its text is not the one that was kept."""
    if sha256_of(text) != f"sha256:{digest}":
        return None
    try:
        return decode_record(text)
    except LonglistError:
        return None


def _lost(states: Sequence[tuple[Entry, Project]], records: Mapping[str, ServiceRecord]) -> tuple[str, ...]:
    """Services judged by a record that is not kept, but for marks from before there was a trail."""
    judged: dict[tuple[str, str], None] = {}
    carried: set[tuple[str, str]] = set()
    for entry, project in states:
        listed = [(each.service_id, each.digest) for each in project.longlist]
        if entry.action == "carry-over":
            carried.update(listed)
        judged |= dict.fromkeys(listed)
    return tuple(
        dict.fromkeys(id for id, digest in judged if digest not in records and (id, digest) not in carried)
    )


def _replays(
    states: Sequence[tuple[Entry, Project]], records: Mapping[str, ServiceRecord]
) -> Iterator[Replay]:
    for entry, project in states:
        recorded = action_of(entry) if entry.document is not None else None
        if not isinstance(recorded, actions.Rank):
            continue
        try:
            again = rank_action(project, match_longlist(project, records))
        except LonglistError as error:
            yield Replay(entry.number, "no-records", recorded.services, recorded.digest, None, str(error))
            continue
        if again.digest == recorded.digest:
            yield Replay(entry.number, "same", again.services, recorded.digest, again.digest)
        elif _made_with(again) == _made_with(recorded):
            yield Replay(entry.number, "differs", again.services, recorded.digest, again.digest)
        else:
            problem = f"made with {_in_words(recorded)}; this is {_in_words(again)}"
            yield Replay(entry.number, "other-tables", again.services, recorded.digest, again.digest, problem)


def _made_with(ranking: actions.Rank) -> tuple[str, str, str]:
    return ranking.rules, ranking.tables, ranking.program


def _in_words(ranking: actions.Rank) -> str:
    return f"rules {ranking.rules} (tables {ranking.tables[:19]}…) of Longlist {ranking.program}"


def _notes(entries: Sequence[Entry]) -> Iterator[str]:
    for before, entry in pairwise(entries):
        if entry.time < before.time:
            yield (
                f"entry {entry.number} is of {entry.time}, before entry {before.number} of {before.time}: "
                "a clock was set back; the order of entries is that of their numbers"
            )
    if any(entry.document is None for entry in entries):
        yield "the project was deleted: of all entries but the last only digests are left"
