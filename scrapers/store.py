"""What a run asks of the place where it keeps things; the catalogue's run log gives it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Protocol

from catalogue.model import Issue
from catalogue.records import ServiceRecord
from catalogue.runs import (
    Example,
    ListingSeen,
    Outcome,
    Pace,
    PageKept,
    PageRead,
    Publication,
    RunCounts,
    RunKey,
    Tally,
)


class Store(Protocol):
    """Memory of runs and pages, and the place where records go. One run at a time."""

    def begin(self, key: RunKey, *, at: datetime, resume_since: datetime | None) -> int:
        """Begin a run and take the lock, or go on with an unfinished run of the same key begun since then.

        Raises `LockHeld` while another run works on the catalogue.
        """

    def counts(self, run: int) -> RunCounts:
        """What the run did in its earlier parts."""

    def states(self, run: int) -> dict[str, str]:
        """The services whose pages answered in this run, with what each page turned out to be."""

    def listing_page(self, run: int, url: str) -> ListingSeen | None:
        """A page of a listing that answered earlier in this run."""

    def keep_listing_page(self, run: int, page: ListingSeen) -> None:
        """Remember a page of a listing."""

    def keep_page(self, source: str, page: PageKept, read: PageRead) -> None:
        """Keep a page that answered in this run, and what was read from it."""

    def note(self, run: int, issue: Issue, *, at: datetime) -> None:
        """Keep an issue of this run that is not about a page that it has."""

    def known_ids(self) -> Sequence[str]:
        """The services in the catalogue that may still change, for a refresh."""

    def in_order(self, ids: Iterable[str]) -> list[str]:
        """The ids in the order in which to ask: shortlisted, then new, then the longest unseen."""

    def record(self, service_id: str) -> ServiceRecord | None:
        """The stored record of a service."""

    def missing_since(self) -> dict[str, int]:
        """The services whose pages were not there when a run asked last, with the first run that said so."""

    def tally(self, run: int) -> Tally:
        """What this run is judged by, over all its parts; without what the listings said."""

    def last_healthy(self, key: RunKey) -> Tally | None:
        """The tally of the last run of this key that was published as a whole."""

    def last_healthy_of(self, source: str) -> Tally | None:
        """The tally of the last run of this source that found its services itself and was published whole."""

    def examples(self, run: int, kind: str, place: str, *, most: int) -> list[Example]:
        """Pages of this run that show a breach of this kind, with what was found on them."""

    def pace(self, base_url: str) -> Pace | None:
        """How slowly a server asked to be asked, the last time that it did."""

    def keep_pace(self, base_url: str, pace: Pace | None) -> None:
        """Remember how slowly a server wants to be asked; ``None`` forgets it."""

    def archived(self, source: str, *, unpublished: bool) -> Iterator[list[PageKept]]:
        """The pages of each service that can be read again, the newest first; none older than its record.

        Without ``unpublished``, none of a run that published nothing.
        """

    def archived_count(self, source: str, *, unpublished: bool) -> int:
        """Of how many services the archive has such a page."""

    def keep_readings(self, read: Sequence[tuple[PageKept, PageRead]]) -> None:
        """Keep what was read anew from pages of the archive."""

    def beat(self, run: int, counts: RunCounts, *, at: datetime) -> None:
        """Tell that the run is alive, and how far it is."""

    def end(
        self,
        run: int,
        outcome: Outcome,
        reason: str,
        counts: RunCounts,
        *,
        at: datetime,
        publication: Publication | None = None,
        on_progress: Callable[[int], None] = lambda _: None,
    ) -> RunCounts:
        """End this part of the run, publish what it has if it may be, and release the lock.

        All of it happens or nothing. Gives the counts with what became of the records.
        """
