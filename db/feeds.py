"""What a run of a feed asks of the catalogue: the run log, the memory of windows, the way in for records.

A page is stored together with the memory of it: whatever ends the program, no page is asked for twice and no
record is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from catalogue.agreements import Agreement, AgreementSupplier
from catalogue.awards import Award
from catalogue.bodies import PublicBody
from catalogue.instants import instant
from catalogue.model import Issue
from catalogue.runs import ListingSeen, Outcome, Pace, RunCounts, RunKey
from db.agreements import keep_agreements, keep_suppliers, settle_suppliers
from db.awards import keep_awards
from db.bodies import keep_bodies
from db.catalogue import Catalogue
from db.runs import RunLog

#: Records added, changed and unchanged.
Kept = tuple[int, int, int]


class FeedLog:
    """The runs of feeds of one catalogue."""

    def __init__(self, catalogue: Catalogue, log: RunLog | None = None) -> None:
        self._catalogue = catalogue
        self._log = log or RunLog(catalogue)

    def begin(self, key: RunKey, *, at: datetime, resume_since: datetime | None) -> int:
        """Begin a run and take the lock, or go on with an unfinished one; see `RunLog.begin`."""
        return self._log.begin(key, at=at, resume_since=resume_since)

    def counts(self, run: int) -> RunCounts:
        """What the run did in its earlier parts."""
        return self._log.kept_counts(run)

    def page(self, run: int, url: str) -> ListingSeen | None:
        """A page that answered earlier in this run."""
        return self._log.listing_page(run, url)

    def keep(self, run: int, page: ListingSeen, records: Sequence[Any], *, at: datetime) -> Kept:
        """Store the records of a page and the memory of it, together."""
        with self._catalogue.atomic():
            kept = self._store(records, run, at)
            self._log.keep_listing_page(run, page)
        return kept

    def _store(self, records: Sequence[Any], run: int, at: datetime) -> Kept:
        added = changed = unchanged = 0
        ways: tuple[tuple[type, Callable[[list[Any]], Kept]], ...] = (
            (Agreement, lambda found: keep_agreements(self._catalogue, found, at=at)),
            (AgreementSupplier, lambda found: keep_suppliers(self._catalogue, found, run=run)),
            (Award, lambda found: keep_awards(self._catalogue, found)),
            (PublicBody, lambda found: keep_bodies(self._catalogue, found, at=at)),
        )
        for kind, keep in ways:
            if found := [record for record in records if isinstance(record, kind)]:
                more = keep(found)
                added, changed, unchanged = added + more[0], changed + more[1], unchanged + more[2]
        return added, changed, unchanged

    def settle_suppliers(self, agreement: str, lot: str, run: int, *, least_share: float) -> str | None:
        """Remove the suppliers of a lot that its whole list no longer shows; see `db.agreements`."""
        return settle_suppliers(self._catalogue, agreement, lot, run=run, least_share=least_share)

    def windows(self, source: str, publisher: str, base_url: str, scope: str) -> set[tuple[str, str]]:
        """The windows that were fetched whole, in this run or an earlier one."""
        return {
            (starts, ends)
            for starts, ends in self._catalogue.rows(
                "SELECT starts, ends FROM fetched_window WHERE source = :source AND publisher = :publisher"
                " AND base_url = :base_url AND scope = :scope",
                {"source": source, "publisher": publisher, "base_url": base_url, "scope": scope},
            )
        }

    def keep_window(
        self, source: str, publisher: str, base_url: str, scope: str, window: tuple[str, str], *, at: datetime
    ) -> None:
        """Remember that a window was fetched whole."""
        with self._catalogue.atomic() as db:
            db.conn.execute(
                "INSERT OR REPLACE INTO fetched_window"
                " VALUES (:source, :publisher, :base_url, :scope, :starts, :ends, :at)",
                {
                    "source": source,
                    "publisher": publisher,
                    "base_url": base_url,
                    "scope": scope,
                    "starts": window[0],
                    "ends": window[1],
                    "at": instant(at),
                },
            )

    def note(self, run: int, issue: Issue, *, at: datetime) -> None:
        """Keep an issue of this run."""
        self._log.note(run, issue, at=at)

    def last_listed(self, key: RunKey) -> int | None:
        """How many records the last finished run of this key found listed."""
        return self._log.last_listed(key)

    def pace(self, base_url: str) -> Pace | None:
        """How slowly a server asked to be asked, the last time that it did."""
        return self._log.pace(base_url)

    def keep_pace(self, base_url: str, pace: Pace | None) -> None:
        """Remember how slowly a server wants to be asked; ``None`` forgets it."""
        self._log.keep_pace(base_url, pace)

    def beat(self, run: int, counts: RunCounts, *, at: datetime) -> None:
        """Tell that the run is alive, and how far it is."""
        self._log.beat(run, counts, at=at)

    def end(self, run: int, outcome: Outcome, reason: str, counts: RunCounts, *, at: datetime) -> None:
        """End this part of the run and release the lock. A finished one needs no memory of its pages."""
        is_whole = outcome is Outcome.FINISHED
        if is_whole:
            with self._catalogue.atomic() as db:
                db.conn.execute("DELETE FROM run_listing WHERE run = :run", {"run": run})
        self._log.end(run, outcome, reason, counts, at=at, published="whole" if is_whole else "partial")
