"""The run log: what each run did and saw, and the lock that lets one run at a time work on a catalogue."""

from __future__ import annotations

import json
import os
import platform
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

import msgspec

from catalogue.errors import CatalogueError, LockHeld
from catalogue.model import Issue
from catalogue.records import ServiceRecord
from catalogue.runs import (
    REPARSE,
    Example,
    ListingSeen,
    Outcome,
    Pace,
    PageKept,
    PageRead,
    Publication,
    Published,
    RunCounts,
    RunKey,
    RunSummary,
    Tally,
)
from db import readings
from db.archive import Archive, archive_path
from db.catalogue import Catalogue
from db.derived import Derivation
from db.ingest import instant
from db.publishing import missing_examples, publish
from db.reading import read_record
from db.run_issues import note_issues, note_pages
from db.run_lock import held_by, take_note_away

#: The unread pages of so many runs stay in the archive: a fault that comes back is looked at side by side.
_RECENT_RUNS = 3


class RunLog:
    """The runs of one catalogue, and the way in for their pages and records.

    Pages are kept in the archive as they come, and are in the catalogue when `end` publishes them.
    ``process`` is the owner named to others by the locks taken here.
    """

    def __init__(
        self, catalogue: Catalogue, archive: Archive | None = None, *, process: int | None = None
    ) -> None:
        self._catalogue = catalogue
        self._archive = archive or Archive(archive_path(catalogue.path))
        self._process = os.getpid() if process is None else process
        self._derivation = Derivation()
        self._token = ""

    def begin(self, key: RunKey, *, at: datetime, resume_since: datetime | None) -> int:
        """Begin a run and take the lock, or go on with an unfinished run of the same key begun since then.

        Raises `LockHeld` while another run works on the catalogue. Runs that are not gone on with end as
        abandoned.
        """
        try:
            self._archive.hold()
        except LockHeld:
            raise LockHeld(held_by(self._catalogue)) from None
        try:
            with self._catalogue.atomic() as db:
                take_note_away(self._catalogue, at)
                run = (
                    self._unfinished(key, resume_since)
                    or db.conn.execute(
                        "INSERT INTO run (source, base_url, scope, ids, outcome, started, token)"
                        " VALUES (:source, :base_url, :scope, :ids, :outcome, :started, :token)",
                        asdict(key)
                        | {
                            "outcome": Outcome.RUNNING.value,
                            "started": instant(at),
                            "token": secrets.token_hex(8),
                        },
                    ).lastrowid
                )
                assert run is not None
                self._set(run, Outcome.RUNNING)
                db.conn.execute(
                    "INSERT INTO run_lock VALUES (1, :run, :host, :process, :beat)",
                    {"run": run, "host": platform.node(), "process": self._process, "beat": instant(at)},
                )
            self._token = self._token_of(run)
            self._archive.settle(self._unfinished_tokens(), self._published())
        except BaseException:
            self._archive.close()
            raise
        return run

    def counts(self, run: int) -> RunCounts:
        """What the run did in its earlier parts: its pages as the archive has them, however a part ended."""
        kept = self.kept_counts(run)
        states = Counter(readings.states(self._archive, self._token).values())
        return replace(
            kept,
            answered=states.total(),
            **{state: states[state] for state in ("withdrawn", "expired", "missing", "broken")},
        )

    def kept_counts(self, run: int) -> RunCounts:
        """What the run did as it said itself when it was last heard of."""
        return _counts(self._catalogue.rows("SELECT counts FROM run WHERE key = :run", {"run": run})[0][0])

    def states(self, run: int) -> dict[str, str]:  # noqa: ARG002  the archive knows it by its token
        """The services whose pages answered in this run, with what each page turned out to be."""
        return readings.states(self._archive, self._token)

    def listing_page(self, run: int, url: str) -> ListingSeen | None:
        """A page of a listing that answered earlier in this run."""
        rows = self._catalogue.rows(
            "SELECT key, at, total, next_url FROM run_listing WHERE run = :run AND url = :url",
            {"run": run, "url": url},
        )
        if not rows:
            return None
        key, at, total, next_url = rows[0]
        listed = self._catalogue.rows(
            "SELECT service, wanted FROM run_listed WHERE listing = :key ORDER BY position", {"key": key}
        )
        ids = tuple((service, bool(wanted)) for service, wanted in listed)
        return ListingSeen(url, datetime.fromisoformat(at), total, next_url, ids)

    def keep_listing_page(self, run: int, page: ListingSeen) -> None:
        """Remember a page of a listing."""
        with self._catalogue.atomic() as db:
            listing = db.conn.execute(
                "INSERT INTO run_listing (run, url, at, total, next_url)"
                " VALUES (:run, :url, :at, :total, :next_url)",
                {
                    "run": run,
                    "url": page.url,
                    "at": instant(page.at),
                    "total": page.total,
                    "next_url": page.next_url,
                },
            ).lastrowid
            db.conn.executemany(
                "INSERT INTO run_listed VALUES (:listing, :position, :service, :wanted)",
                [
                    {"listing": listing, "position": at, "service": service, "wanted": int(wanted)}
                    for at, (service, wanted) in enumerate(page.ids)
                ],
            )

    def keep_page(self, source: str, page: PageKept, read: PageRead) -> None:
        """Keep a page that answered in this run, and what was read from it."""
        ((_, found),) = self._where_changed([(page, read)])
        self._archive.keep(self._token, source, page, found)

    def archived(self, source: str, *, unpublished: bool) -> Iterator[list[PageKept]]:
        """The pages of each service that can be read again, the newest first; none older than its record.

        Pages of runs that are still to be gone on with are left to them, and without ``unpublished`` also
        those of runs that published nothing.
        """
        seen = dict(self._catalogue.rows("SELECT id, last_seen FROM service"))
        for pages in self._archive.pages(source, but_of=self._unfinished_tokens(), unpublished=unpublished):
            if newer := [page for page in pages if instant(page.at) >= seen.get(page.service_id, "")]:
                yield newer

    def archived_count(self, source: str, *, unpublished: bool) -> int:
        """Of how many services the archive has such a page."""
        return self._archive.count(source, unpublished=unpublished)

    def keep_readings(self, read: Sequence[tuple[PageKept, PageRead]]) -> None:
        """Keep what was read anew from pages of the archive."""
        self._archive.keep_readings(self._token, self._where_changed(read))

    def _where_changed(self, read: Sequence[tuple[PageKept, PageRead]]) -> list[tuple[PageKept, PageRead]]:
        """The same, with records only where the catalogue has another: the others are there already."""
        stored = dict(
            self._catalogue.rows(
                "SELECT id, digest FROM service WHERE id IN (SELECT value FROM json_each(:ids))",
                {"ids": json.dumps([page.service_id for page, _ in read])},
            )
        )
        return [
            (page, replace(found, record=None) if stored.get(page.service_id) == found.digest else found)
            for page, found in read
        ]

    def tally(self, run: int) -> Tally:  # noqa: ARG002
        """What this run is judged by, over all its parts; without what the listings said."""
        return readings.tally(self._archive, self._token)

    def last_healthy(self, key: RunKey) -> Tally | None:
        """The tally of the last run of this key that was published as a whole; none of before judging."""
        rows = self._catalogue.rows(
            "SELECT tally FROM run WHERE source = :source AND base_url = :base_url AND scope = :scope"
            " AND ids = :ids AND published = 'whole' ORDER BY key DESC LIMIT 1",
            asdict(key),
        )
        return msgspec.json.decode(rows[0][0], type=Tally) if rows else None

    def last_healthy_of(self, source: str) -> Tally | None:
        """The tally of the last run of this source that found its services itself and was published whole."""
        rows = self._catalogue.rows(
            "SELECT tally FROM run WHERE source = :source AND ids = '' AND scope <> :reparse"
            " AND published = 'whole' ORDER BY key DESC LIMIT 1",
            {"source": source, "reparse": REPARSE},
        )
        return msgspec.json.decode(rows[0][0], type=Tally) if rows else None

    def examples(self, run: int, kind: str, place: str, *, most: int) -> list[Example]:  # noqa: ARG002
        """Pages of this run that show a breach of this kind, with what was found on them."""
        if kind in ("lot-read-low", "lot-read-high"):
            states = readings.states(self._archive, self._token)
            return missing_examples(self._catalogue, states, place, few=kind == "lot-read-low", most=most)
        return readings.examples(self._archive, self._token, kind, place, most)

    def missing_since(self) -> dict[str, int]:
        """The services whose pages were not there when a run asked last, with the first run that said so."""
        return dict(self._catalogue.rows("SELECT service, run FROM missing_service"))

    def pace(self, base_url: str) -> Pace | None:
        """How slowly a server asked to be asked, the last time that it did."""
        rows = self._catalogue.rows(
            "SELECT delay_seconds, pause_seconds, at FROM pace WHERE base_url = :base_url",
            {"base_url": base_url},
        )
        return Pace(rows[0][0], rows[0][1], datetime.fromisoformat(rows[0][2])) if rows else None

    def keep_pace(self, base_url: str, pace: Pace | None) -> None:
        """Remember how slowly a server wants to be asked; ``None`` forgets it."""
        with self._catalogue.atomic() as db:
            db.conn.execute("DELETE FROM pace WHERE base_url = :base_url", {"base_url": base_url})
            if pace is not None:
                db.conn.execute(
                    "INSERT INTO pace VALUES (:base_url, :delay, :pause, :at)",
                    {
                        "base_url": base_url,
                        "delay": pace.delay_seconds,
                        "pause": pace.pause_seconds,
                        "at": instant(pace.at),
                    },
                )

    def note(self, run: int, issue: Issue, *, at: datetime) -> None:
        """Keep an issue of this run that is not about a page that it has."""
        with self._catalogue.atomic():
            note_issues(self._catalogue, run, [issue], instant(at))

    def known_ids(self) -> Sequence[str]:
        """The services of the catalogue that may still change: those of an iteration that is not over."""
        rows = self._catalogue.rows("SELECT id FROM service WHERE status <> 'expired' ORDER BY id")
        return [service for (service,) in rows if service.isdigit()]

    def in_order(self, ids: Iterable[str]) -> list[str]:
        """The ids in the order in which to ask: shortlisted, then new, then the longest unseen."""
        rows = self._catalogue.rows(
            """
            SELECT wanted.value
            FROM json_each(:ids) AS wanted
            LEFT JOIN service ON service.id = wanted.value
            ORDER BY
                CASE WHEN EXISTS (SELECT 1 FROM longlisted
                    WHERE service = wanted.value AND fate = 'shortlisted') THEN 0
                     WHEN service.key IS NULL THEN 1 ELSE 2 END,
                coalesce(service.last_seen, ''), wanted.key
            """,
            {"ids": json.dumps(list(ids))},
        )
        return [service for (service,) in rows]

    def record(self, service_id: str) -> ServiceRecord | None:
        """The stored record of a service."""
        return read_record(self._catalogue, service_id)

    def last_listed(self, key: RunKey) -> int | None:
        """How many records the last finished run of this key found listed."""
        rows = self._catalogue.rows(
            "SELECT counts FROM run WHERE source = :source AND base_url = :base_url AND scope = :scope"
            " AND ids = :ids AND outcome = 'finished' ORDER BY key DESC LIMIT 1",
            asdict(key),
        )
        return _counts(rows[0][0]).listed or None if rows else None

    def beat(self, run: int, counts: RunCounts, *, at: datetime) -> None:
        """Tell that the run is alive, and how far it is."""
        with self._catalogue.atomic() as db:
            given = {"beat": instant(at), "run": run, "counts": json.dumps(asdict(counts))}
            db.conn.execute("UPDATE run_lock SET beat = :beat WHERE run = :run", given)
            db.conn.execute("UPDATE run SET counts = :counts WHERE key = :run", given)

    def end(
        self,
        run: int,
        outcome: Outcome,
        reason: str,
        counts: RunCounts,
        *,
        at: datetime,
        publication: Publication | None = None,
        published: Published | None = None,
        on_progress: Callable[[int], None] = lambda _: None,
    ) -> RunCounts:
        """End this part of the run, publish what it has if it may be, and release the lock.

        All of it is one transaction: the catalogue has what was published, and the log says so, or neither.
        A run whose records are in the catalogue already says with ``published`` how much they are. Gives the
        counts with what became of the records.
        """
        with self._catalogue.atomic() as db:
            ended = {
                "outcome": outcome.value,
                "reason": reason,
                "ended": instant(at),
                "run": run,
            }
            if publication is not None:
                added, changed, unchanged = publish(
                    self._catalogue,
                    self._archive,
                    run,
                    publication,
                    at=at,
                    derivation=self._derivation,
                    on_progress=on_progress,
                )
                counts = replace(
                    counts,
                    added=counts.added + added,
                    changed=counts.changed + changed,
                    unchanged=counts.unchanged + unchanged,
                )
                note_issues(self._catalogue, run, publication.issues, instant(at))
            note_pages(self._catalogue, self._archive, run, self._token)
            db.conn.execute(
                "UPDATE run SET outcome = :outcome, reason = :reason, counts = :counts, ended = :ended,"
                " published = coalesce(:published, published) WHERE key = :run",
                ended | {"counts": json.dumps(asdict(counts)), "published": published},
            )
            db.conn.execute("DELETE FROM run_lock WHERE run = :run", {"run": run})
        with suppress(CatalogueError):  # the run has ended well; what cannot be tidied now is by the next one
            self._tidy_archive(run)
        self._archive.close()
        return counts

    def _tidy_archive(self, run: int) -> None:
        self._archive.settle(self._unfinished_tokens(), self._published())
        (source,) = self._catalogue.rows("SELECT source FROM run WHERE key = :run", {"run": run})[0]
        recent = self._catalogue.rows(
            "SELECT token FROM run WHERE source = :source ORDER BY key DESC LIMIT :most",
            {"source": source, "most": _RECENT_RUNS},
        )
        self._archive.prune(source, {token for (token,) in recent} | set(self._unfinished_tokens()))

    def _unfinished(self, key: RunKey, since: datetime | None) -> int | None:
        """The run of this key to go on with, if any; the others that were left unfinished are abandoned."""
        found: int | None = None
        for run, started in self._catalogue.rows(
            "SELECT key, started FROM run WHERE source = :source AND base_url = :base_url AND scope = :scope"
            " AND ids = :ids AND outcome IN (SELECT value FROM json_each(:unfinished)) ORDER BY key DESC",
            asdict(key) | {"unfinished": _UNFINISHED},
        ):
            if found is None and since is not None and started >= instant(since):
                found = int(run)
            else:
                self._set(int(run), Outcome.ABANDONED)
                note_pages(self._catalogue, self._archive, int(run), self._token_of(int(run)))
        return found

    def _unfinished_tokens(self) -> list[str]:
        return [
            token
            for (token,) in self._catalogue.rows(
                "SELECT token FROM run WHERE outcome IN (SELECT value FROM json_each(:unfinished))",
                {"unfinished": _UNFINISHED},
            )
        ]

    def _published(self) -> list[tuple[str, int]]:
        return self._catalogue.rows("SELECT token, published_to FROM run WHERE published_to > 0")

    def _token_of(self, run: int) -> str:
        """The name of a run in the archive, which other catalogues may have used before."""
        return str(self._catalogue.rows("SELECT token FROM run WHERE key = :run", {"run": run})[0][0])

    def _set(self, run: int, outcome: Outcome) -> None:
        self._catalogue.db.conn.execute(
            "UPDATE run SET outcome = :outcome WHERE key = :run", {"outcome": outcome.value, "run": run}
        )


_UNFINISHED = json.dumps([outcome.value for outcome in Outcome if outcome.unfinished])


def runs(catalogue: Catalogue) -> list[RunSummary]:
    """Every run, the newest first."""
    found = catalogue.rows(
        "SELECT key, source, base_url, scope, ids, outcome, reason, started, ended, counts, published,"
        " (SELECT json_group_object(kind, times) FROM"
        "  (SELECT kind, sum(times) AS times FROM run_issue WHERE run_issue.run = run.key GROUP BY kind))"
        " FROM run ORDER BY key DESC"
    )
    return [
        RunSummary(
            id=key,
            key=RunKey(source, base_url, scope, ids),
            outcome=Outcome(outcome),
            reason=reason,
            started=datetime.fromisoformat(started),
            ended=datetime.fromisoformat(ended) if ended else None,
            counts=_counts(counts),
            issues=json.loads(issues),
            published=published,
        )
        for (
            key,
            source,
            base_url,
            scope,
            ids,
            outcome,
            reason,
            started,
            ended,
            counts,
            published,
            issues,
        ) in found
    ]


def tallies(catalogue: Catalogue) -> dict[int, Tally]:
    """What each run that was published is judged by, lot by lot."""
    return {
        run: msgspec.json.decode(tally, type=Tally)
        for run, tally in catalogue.rows("SELECT key, tally FROM run WHERE tally <> '{}'")
    }


def issues_of(catalogue: Catalogue, run: int) -> list[tuple[Issue, int]]:
    """The issues of one run with how often each occurred, in the order in which they were met."""
    return [
        (Issue(kind, place, message, json.loads(details)), times)
        for kind, place, message, details, times in catalogue.rows(
            "SELECT kind, place, message, details, times FROM run_issue WHERE run = :run ORDER BY key",
            {"run": run},
        )
    ]


def _counts(text: str) -> RunCounts:
    values: dict[str, Any] = json.loads(text)
    return RunCounts(**values)
