"""What one sitting at the interface holds: the catalogue file, the profile chosen, the services marked.

Screens reach the store only through `Session.ask` and `Session.change`, which work in a thread with a
connection of their own. Nothing here knows Textual.
"""

from __future__ import annotations

import asyncio
import gc
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from threading import Lock
from typing import TypeVar

from catalogue.errors import CatalogueError, UsageError
from catalogue.export import WRITERS
from catalogue.match import MatchResult, re_rank
from catalogue.model import CatalogueSummary
from catalogue.profile import Profile
from catalogue.profile.suggesting import Suggestion
from catalogue.project import Mark, name_key
from catalogue.records import ServiceRecord
from db.bodies import suggest_bodies
from db.catalogue import Catalogue, open_catalogue
from db.projects import ProjectStore
from db.reading import read_record, summary
from tui.commands.edge import Settings
from tui.commands.output import write_whole
from tui.drafts import Draft
from tui.exporting import export_table, make_ready
from tui.matching import match_catalogue, read_profile

T = TypeVar("T")

#: The project that services marked in the interface belong to.
PROJECT = "shortlist"
#: Records kept after they were read, so that going back and forth reads nothing twice.
_RECORDS = 64


class Session:
    """One sitting: ``profile`` is ``None`` until one is chosen; ``marks`` maps service ids to their marks."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime]) -> None:
        self.settings = settings
        #: The time now, aware UTC.
        self.clock = clock
        self.profile: Profile | None = None
        self.profile_path: Path | None = None
        #: The profile being edited, if any; it stays until it is saved or given up.
        self.draft: Draft | None = None
        self.marks: dict[str, Mark] = {}
        #: Weights tried out in the place of the profile's: percentages that sum to 100. ``None``: its own.
        self.tried: Mapping[str, Decimal] | None = None
        #: Services chosen to be compared, in that order: their ids and names.
        self.chosen: dict[str, str] = {}
        self.fictional = settings.demo
        self._matching = asyncio.Lock()
        self._matched: tuple[str, MatchResult] | None = None
        self._idle: dict[str, list[Catalogue]] = {}
        self._generation = 0
        self._lock = Lock()
        self._records: OrderedDict[str, ServiceRecord] = OrderedDict()

    @property
    def path(self) -> Path:
        """The catalogue file."""
        return self.settings.db

    async def ask(self, question: Callable[[Catalogue], T], *, lane: str = "") -> T:
        """What the question finds, read in a thread by a connection that no other question uses meanwhile.

        Questions of one lane use the same connections again, with what these have worked out already.
        Cancelling interrupts the reading. Raises `CatalogueError` where the catalogue cannot be read.
        """
        at_work: list[Catalogue] = []
        cancelled = False
        generation = self._generation

        def work() -> T:
            catalogue = self._take(lane)
            with self._lock:
                at_work.append(catalogue)
            answered = False
            try:
                answer = question(catalogue)
                answered = True
            finally:
                with self._lock:
                    at_work.clear()
                    keep = (answered or cancelled) and generation == self._generation
                    if keep:
                        self._idle.setdefault(lane, []).append(catalogue)
                if not keep:
                    catalogue.close()
            return answer

        try:
            return await asyncio.to_thread(work)
        except asyncio.CancelledError:
            with self._lock:
                cancelled = True
                for catalogue in at_work:
                    catalogue.db.conn.interrupt()
            raise

    def _take(self, lane: str) -> Catalogue:
        with self._lock:
            idle = self._idle.get(lane)
            if idle:
                return idle.pop()
        return open_catalogue(self.path, read_only=True)

    async def change(self, action: Callable[[Catalogue], T]) -> T:
        """What the action returns after it changed the catalogue file, in a thread."""

        def work() -> T:
            with open_catalogue(self.path) as catalogue:
                return action(catalogue)

        return await asyncio.to_thread(work)

    def close(self) -> None:
        """Close every connection: those that nobody uses now, the others when their question is answered."""
        with self._lock:
            self._generation += 1
            for catalogues in self._idle.values():
                while catalogues:
                    catalogues.pop().close()

    async def record(self, service_id: str) -> ServiceRecord | None:
        """The service with this id, or ``None`` where the catalogue has none."""
        if service_id not in self._records:
            record = await self.ask(lambda catalogue: read_record(catalogue, service_id))
            if record is None:
                return None
            self._records[service_id] = record
            while len(self._records) > _RECORDS:
                self._records.popitem(last=False)
        return self._records[service_id]

    def forget(self) -> None:
        """Read and match anew from now on: the file may be another one."""
        self.close()
        self._records.clear()
        self._matched = None

    async def load(self) -> CatalogueSummary:
        """Read what the catalogue holds, and what is on the shortlist."""
        self.forget()
        held, self.marks = await self.ask(lambda catalogue: (summary(catalogue), _marks(catalogue)))
        self.fictional = held.fictional or self.settings.demo
        return held

    def _store(self, catalogue: Catalogue) -> ProjectStore:
        return ProjectStore(catalogue, actor=self.settings.actor, clock=self.clock)

    async def mark(self, service_id: str, note: str | None = None) -> None:
        """Put a service on the shortlist, or give it another note."""

        def put(catalogue: Catalogue) -> dict[str, Mark]:
            store = self._store(catalogue)
            if not _begun(store):
                store.create(PROJECT)
            store.mark(PROJECT, service_id, note)
            return _marks(catalogue)

        self.marks = await self.change(put)

    async def unmark(self, service_id: str) -> None:
        """Take a service off the shortlist."""

        def take_off(catalogue: Catalogue) -> dict[str, Mark]:
            self._store(catalogue).unmark(PROJECT, service_id)
            return _marks(catalogue)

        self.marks = await self.change(take_off)

    async def export(self, kind: str, path: Path) -> None:
        """Write the shortlist, judged by the profile in use, to a file of one of the formats of `WRITERS`."""
        data = await self.exported(kind)

        def write() -> None:
            try:
                write_whole(path, data, private=True)
            except OSError as error:
                raise UsageError(
                    f"{path}: cannot be written ({error.strerror}); choose another place"
                ) from None

        await asyncio.to_thread(write)

    async def exported(self, kind: str) -> bytes:
        """The shortlist, judged by the profile in use, in one of the formats of `WRITERS`."""
        profile_path = self.profile_path

        def make(catalogue: Catalogue) -> bytes:
            if profile_path is not None:
                self._store(catalogue).set_profile(PROJECT, profile_path)
            make_ready(self._store(catalogue), PROJECT, kind)
            return WRITERS[kind](export_table(catalogue, PROJECT, at=self.clock()))

        return await self.change(make)

    async def matched(self) -> MatchResult:
        """The catalogue matched against the profile, which must have been chosen; worked out once."""
        profile = self.profile
        assert profile is not None
        async with self._matching:
            if self._matched is None or self._matched[0] != profile.digest:
                found = await self.ask(lambda catalogue: match_catalogue(catalogue, profile))
                self._matched = (profile.digest, found)
                # What was read for it stays: looking through all of it for unused cycles, again and again,
                # would make a key wait for 150 ms now and then.
                gc.freeze()
            return self._matched[1]

    async def ranked(self, also: Iterable[str] = ()) -> MatchResult:
        """The catalogue matched, with the weights that are tried out, if any, in the place of the profile's.

        ``also`` are live services that must be among those judged; where they are not, all is judged anew
        with them, and that is not kept.
        """
        found, tried = await self.matched(), self.tried
        judged = {each.service.id for each in found.matches} | {each.service.id for each in found.excluded}
        if beside := sorted(set(also) - judged):
            profile = found.profile
            found = await self.ask(lambda catalogue: match_catalogue(catalogue, profile, also=beside))
        return found if tried is None else await asyncio.to_thread(re_rank, found, tried)

    async def bodies(self, typed: str) -> list[Suggestion]:
        """Public bodies whose name may be meant; none where no catalogue knows any."""
        try:
            found = await self.ask(lambda catalogue: suggest_bodies(catalogue, typed), lane="bodies")
        except CatalogueError:
            return []
        return [
            Suggestion(body.name, ", ".join(part for part in (body.abbreviation, body.sector) if part))
            for body in found
        ]

    async def choose_profile(self, path: Path) -> Profile:
        """Read and take this profile; one with mistakes raises `ProfileError` and the one before stays."""
        profile = await asyncio.to_thread(read_profile, path)
        if self.profile is None or profile.digest != self.profile.digest:
            self.tried = None
        self.profile, self.profile_path = profile, path
        return profile


def _begun(store: ProjectStore) -> bool:
    return any(name_key(name) == PROJECT for name in store.names())


def _marks(catalogue: Catalogue) -> dict[str, Mark]:
    store = ProjectStore(catalogue)
    return {mark.service_id: mark for mark in store.marks(PROJECT)} if _begun(store) else {}
