"""What a run asks of the place where it keeps things; the catalogue's run log gives it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from catalogue.model import Issue
from catalogue.records import ServiceRecord
from catalogue.runs import ListingSeen, Outcome, PageSeen, RunCounts, RunKey


class Store(Protocol):
    """Memory of runs and pages, and the place where records go."""

    def begin(self, key: RunKey, *, at: datetime, resume_since: datetime | None) -> int:
        """Begin a run and take the lock, or go on with an unfinished run of the same key begun since then.

        Raises `LockHeld` while another run works on the catalogue.
        """

    def counts(self, run: int) -> RunCounts:
        """What the run did in its earlier parts."""

    def statuses(self, run: int) -> dict[str, int]:
        """The services whose pages answered in this run, with the status of each."""

    def listing_page(self, run: int, url: str) -> ListingSeen | None:
        """A page of a listing that answered earlier in this run."""

    def keep_listing_page(self, run: int, page: ListingSeen) -> None:
        """Remember a page of a listing."""

    def keep(
        self, run: int, records: Sequence[ServiceRecord], pages: Sequence[PageSeen], *, at: datetime
    ) -> tuple[int, int, int]:
        """Store records, then remember their pages. Gives how many were added, changed and unchanged."""

    def note(self, run: int, issue: Issue, *, at: datetime) -> None:
        """Keep an issue of this run."""

    def known_ids(self) -> Sequence[str]:
        """The services in the catalogue that may still change, for a refresh."""

    def in_order(self, ids: Iterable[str]) -> list[str]:
        """The ids in the order in which to ask: shortlisted, then new, then the longest unseen."""

    def record(self, service_id: str) -> ServiceRecord | None:
        """The stored record of a service."""

    def last_listed(self, key: RunKey) -> int | None:
        """How many services the last finished run of this key found listed."""

    def beat(self, run: int, *, at: datetime) -> None:
        """Tell that the run is alive, so that its lock does not count as left behind."""

    def end(self, run: int, outcome: Outcome, reason: str, counts: RunCounts, *, at: datetime) -> None:
        """End this part of the run and release the lock."""
