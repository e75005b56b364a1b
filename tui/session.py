"""What one sitting at the interface holds: the catalogue file, the profile chosen, the open project.

Screens reach the store only through `Session.ask` and `Session.change`, which work in a thread with a
connection of their own. Nothing here knows Textual.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from catalogue.errors import CatalogueError, LonglistError, UsageError
from catalogue.match import MatchResult, re_rank
from catalogue.model import CatalogueSummary
from catalogue.profile import Profile
from catalogue.profile.suggesting import Suggestion
from catalogue.project import Mark, Project, name_key
from catalogue.records import ServiceRecord
from db.bodies import suggest_bodies
from db.catalogue import Catalogue, open_catalogue
from db.projects import ProjectStore
from db.reading import read_record, summary
from tui.commands.edge import Settings
from tui.commands.output import write_whole
from tui.drafts import Draft
from tui.matching import forget, match_catalogue, read_profile, unranked, with_services
from tui.offers import written
from tui.projects import PROJECT, OpenProject, read_project, to_open
from tui.tidying import give_back

T = TypeVar("T")

#: The lane of searches and counts. Its connections share what they have worked out, as none of it stands on a
#: connection: a key that comes while another's search is under way need not work it out again.
SEARCHING = "search"
#: Records kept after they were read, so that going back and forth reads nothing twice.
_RECORDS = 64


class Session:
    """One sitting: ``profile`` is ``None`` until one is chosen; ``marks`` are those of the open project.

    ``project`` is ``None`` until it is begun, which the first mark does; ``actor`` is who works here, as that
    person says, and ``None`` until somebody says.
    """

    def __init__(self, settings: Settings, clock: Callable[[], datetime]) -> None:
        self.settings = settings
        #: The time now, aware UTC.
        self.clock = clock
        self.profile: Profile | None = None
        self.profile_path: Path | None = None
        #: The profile being edited, if any; it stays until it is saved or given up.
        self.draft: Draft | None = None
        self.actor = settings.actor
        #: The open project: its name, what it was when last read or changed, and why it cannot be read.
        self.project_name = PROJECT
        self.project: Project | None = None
        self.project_trouble = ""
        self.marks: dict[str, Mark] = {}
        #: Weights tried out in the place of the profile's: percentages that sum to 100. ``None``: its own.
        self.tried: Mapping[str, Decimal] | None = None
        #: Services chosen to be compared, in that order: their ids and names.
        self.chosen: dict[str, str] = {}
        self.fictional = settings.demo
        #: Changes of the open project that were begun here.
        self._acts = 0
        self._matching = asyncio.Lock()
        self._matched: tuple[str, MatchResult] | None = None
        #: What services are judged by before the catalogue was matched.
        self._unranked: tuple[str, MatchResult] | None = None
        #: What was matched and ranked with other weights last, and how it was ranked then.
        self._tried_on: tuple[MatchResult, MatchResult] | None = None
        self._idle: dict[str, list[Catalogue]] = {}
        #: What the connections for searching have worked out together.
        self._worked_out: dict[str, dict[object, Any]] = {}
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
            worked_out = self._worked_out
        catalogue = open_catalogue(self.path, read_only=True)
        return replace(catalogue, cache=worked_out) if lane == SEARCHING else catalogue

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
            self._worked_out = {}
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
        self._matched = self._unranked = self._tried_on = None

    async def load(self, wanted: str | None = None) -> CatalogueSummary:
        """Read what the catalogue holds, and open the project ``wanted``, by default the one that is open."""
        self.forget()
        wanted = wanted or self.project_name

        def read(catalogue: Catalogue) -> tuple[CatalogueSummary, str, Project | None, str]:
            store = self._store(catalogue)
            name = to_open(store, wanted)
            return (summary(catalogue), name, *_read(store, name))

        held, self.project_name, project, self.project_trouble = await self.ask(read)
        self._take_project(project)
        self.fictional = held.fictional or self.settings.demo
        return held

    async def open_project(self, name: str) -> None:
        """Work on this project from now on; one that cannot be read says so in ``project_trouble``."""
        project, self.project_trouble = await self.ask(lambda catalogue: _read(self._store(catalogue), name))
        self.project_name = project.name if project is not None else name
        self._take_project(project)

    async def look_again(self) -> bool:
        """Read the open project again, which another program may have changed; whether it is another now."""
        name, acts = self.project_name, self._acts
        project, trouble = await self.ask(lambda catalogue: _read(self._store(catalogue), name))
        if (name, acts) != (self.project_name, self._acts) or project == self.project:
            return False
        self.project_trouble = trouble
        self._take_project(project)
        return True

    def _take_project(self, project: Project | None) -> None:
        self.project = project
        self.marks = {mark.service_id: mark for mark in project.marks} if project is not None else {}

    def _store(self, catalogue: Catalogue) -> ProjectStore:
        return ProjectStore(catalogue, actor=self.actor, clock=self.clock)

    async def in_projects(self, question: Callable[[ProjectStore], T]) -> T:
        """What the question finds in the project store, which it only reads."""
        return await self.ask(lambda catalogue: question(self._store(catalogue)))

    async def in_projects_writing(self, action: Callable[[ProjectStore], T]) -> T:
        """What the action returns after it changed the project store, whichever project it was about."""
        return await self.change(lambda catalogue: action(self._store(catalogue)))

    async def act(self, action: Callable[[ProjectStore, str], T]) -> T:
        """What the action returns after it changed the open project, whose name it is given."""
        name = self.project_name
        self._acts += 1

        def change(catalogue: Catalogue) -> tuple[T, Project | None, str]:
            store = self._store(catalogue)
            done = action(store, name)
            return (done, *_read(store, name))

        done, project, self.project_trouble = await self.change(change)
        self._acts += 1
        if name == self.project_name:
            self._take_project(project)
        return done

    async def begin_project(self, name: str, profile_path: Path | None) -> None:
        """Begin a project and open it."""
        made = await self.change(lambda catalogue: self._store(catalogue).create(name, profile_path))
        self.project_name, self.project_trouble = made.name, ""
        self._take_project(made)

    async def read_open(self, known: OpenProject | None) -> OpenProject | None:
        """The open project with all that is shown of it; ``None`` where it has not begun.

        ``known`` is what was read before, whose records are not read again.
        """
        if self.project is None:
            return None
        name, records = self.project_name, known.records if known is not None else None
        return await self.in_projects(lambda store: read_project(store, name, records))

    async def mark(self, service_id: str, note: str | None = None) -> None:
        """Put a service on the shortlist of the open project, or give it another note."""

        def put(store: ProjectStore, name: str) -> None:
            if name_key(name) not in map(name_key, store.names()):
                store.create(name)
            store.mark(name, service_id, note)

        await self.act(put)

    async def unmark(self, service_id: str) -> None:
        """Take a service off the shortlist of the open project."""
        await self.act(lambda store, name: store.unmark(name, service_id))

    async def export(self, kind: str, path: Path, *, draft: bool = False) -> None:
        """Write the open project to a file of one of the kinds of `OFFERS`."""
        if not path.resolve().parent.is_dir():  # before anything is locked for it
            raise UsageError(f"{path}: there is no folder {path.parent}; create it or choose another place")
        data = await self.exported(kind, draft=draft)

        def write() -> None:
            try:
                write_whole(path, data, private=True)
            except OSError as error:
                raise UsageError(
                    f"{path}: cannot be written ({error.strerror}); choose another place"
                ) from None

        await asyncio.to_thread(write)

    async def exported(self, kind: str, *, draft: bool = False) -> bytes:
        """The open project as one of the kinds of `OFFERS`; until it is frozen, by the profile in use."""
        profile_path = self.profile_path

        def make(store: ProjectStore, name: str) -> bytes:
            if profile_path is not None and store.get(name).frozen is None:
                store.set_profile(name, profile_path)
            return written(store, name, kind, draft=draft)

        return await self.act(make)

    async def judged(self, service_id: str) -> MatchResult:
        """How a service stands to the profile, which must have been chosen: a ranking with it.

        Where the catalogue was not matched yet, it is the only one in that, and judged as it would be then.
        """
        profile = self.profile
        assert profile is not None

        def ready(kept: tuple[str, MatchResult] | None) -> bool:
            return kept is not None and kept[0] == profile.digest

        if not ready(self._matched) and not ready(self._unranked):
            async with self._matching:  # a ranking under way is waited for: two at once take twice the memory
                if not ready(self._matched) and not ready(self._unranked):
                    self._unranked = profile.digest, await self._worked_out_once(unranked, profile)
        if ready(self._matched) or self._unranked is None:
            return await self.ranked([service_id])
        found = await self._with(self._unranked[1], [service_id])
        return found if self.tried is None else await asyncio.to_thread(re_rank, found, self.tried)

    async def _with(self, found: MatchResult, ids: Collection[str]) -> MatchResult:
        """A ranking with these services, too."""
        if set(ids) <= found.judged.keys():
            return found
        return await self.ask(lambda catalogue: with_services(catalogue, found, ids))

    async def _worked_out_once(
        self, work_out: Callable[[Catalogue, Profile], MatchResult], profile: Profile
    ) -> MatchResult:
        """What is worked out of the whole catalogue; nothing that is only of use for it stays in memory."""

        def answer(catalogue: Catalogue) -> MatchResult:
            found = work_out(catalogue, profile)
            forget(catalogue)
            return found

        found = await self.ask(answer)
        await asyncio.to_thread(give_back)
        return found

    async def matched(self) -> MatchResult:
        """The catalogue matched against the profile, which must have been chosen; worked out once."""
        profile = self.profile
        assert profile is not None
        async with self._matching:
            if self._matched is None or self._matched[0] != profile.digest:
                found = await self._worked_out_once(match_catalogue, profile)
                self._matched, self._unranked, self._tried_on = (profile.digest, found), None, None
            return self._matched[1]

    async def ranked(self, also: Collection[str] = ()) -> MatchResult:
        """The catalogue matched, with the weights that are tried out, if any, in the place of the profile's.

        ``also`` are services that must be among those judged, which is not kept.
        """
        own, tried = await self.matched(), self.tried
        found = await self._with(own, also)
        if tried is None:
            return found
        if found is not own:
            return await asyncio.to_thread(re_rank, found, tried)
        # From one weight to the next little changes: from the weights tried before it is a shorter way.
        if self._tried_on is None or self._tried_on[0] is not found:
            self._tried_on = found, found
        moved = await asyncio.to_thread(re_rank, self._tried_on[1], tried)
        self._tried_on = found, moved
        return moved

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


def _read(store: ProjectStore, name: str) -> tuple[Project | None, str]:
    """The project, or why it cannot be read; neither where it has not begun."""
    if name not in store.names():
        return None, ""
    try:
        return store.get(name), ""
    except LonglistError as error:
        return None, str(error)
