"""The run log: what each run did and saw, and the lock that lets one run at a time work on a catalogue."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from catalogue.errors import LockHeld
from catalogue.model import Issue
from catalogue.records import ServiceRecord
from catalogue.runs import ListingSeen, Outcome, PageSeen, RunCounts, RunKey, RunSummary
from db.catalogue import Catalogue
from db.derived import Derivation
from db.ingest import ingest, instant
from db.reading import read_record

#: A lock that was not renewed for so long was left behind. Longer than the longest pause that a run makes.
STALE_AFTER = timedelta(minutes=15)
#: Issues of these kinds are about a question or a section, not about one page: told once, and counted.
_ABOUT_EVERY_PAGE = ("unknown-", "unread-")


class RunLog:
    """The runs of one catalogue, and the way in for their records.

    ``process`` is the owner of the locks taken here; ``is_alive`` tells whether another owner still lives.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        process: int | None = None,
        is_alive: Callable[[int], bool] | None = None,
    ) -> None:
        self._catalogue = catalogue
        self._process = os.getpid() if process is None else process
        self._is_alive = is_alive or _is_alive
        self._derivation = Derivation()

    def begin(self, key: RunKey, *, at: datetime, resume_since: datetime | None) -> int:
        """Begin a run and take the lock, or go on with an unfinished run of the same key begun since then.

        Raises `LockHeld` while another run works on the catalogue. Runs that are not gone on with end as
        abandoned.
        """
        with self._catalogue.atomic() as db:
            self._check_lock(at)
            unfinished = self._catalogue.rows(
                "SELECT key, started FROM run WHERE source = :source AND base_url = :base_url"
                " AND scope = :scope AND ids = :ids"
                " AND outcome IN (SELECT value FROM json_each(:unfinished)) ORDER BY key DESC",
                asdict(key) | {"unfinished": json.dumps([o.value for o in Outcome if o.unfinished])},
            )
            run: int | None = None
            for found, started in unfinished:
                if run is None and resume_since is not None and started >= instant(resume_since):
                    run = int(found)
                else:
                    self._set(int(found), Outcome.ABANDONED)
            if run is None:
                row = asdict(key) | {"outcome": Outcome.RUNNING.value, "started": instant(at)}
                run = db.conn.execute(
                    "INSERT INTO run (source, base_url, scope, ids, outcome, started)"
                    " VALUES (:source, :base_url, :scope, :ids, :outcome, :started)",
                    row,
                ).lastrowid
            assert run is not None
            self._set(run, Outcome.RUNNING)
            db.conn.execute(
                "INSERT INTO run_lock VALUES (1, :run, :host, :process, :beat)",
                {"run": run, "host": platform.node(), "process": self._process, "beat": instant(at)},
            )
        return run

    def counts(self, run: int) -> RunCounts:
        """What the run did in its earlier parts."""
        return _counts(self._catalogue.rows("SELECT counts FROM run WHERE key = :run", {"run": run})[0][0])

    def statuses(self, run: int) -> dict[str, int]:
        """The services whose pages answered in this run, with the status of each; 0 is an unreadable one."""
        return dict(
            self._catalogue.rows("SELECT service, status FROM run_page WHERE run = :run", {"run": run})
        )

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

    def keep(
        self, run: int, records: Sequence[ServiceRecord], pages: Sequence[PageSeen], *, at: datetime
    ) -> tuple[int, int, int]:
        """Store records, then remember their pages. Gives how many were added, changed and unchanged."""
        kept = ingest(self._catalogue, records, at=at, run_id=run, derivation=self._derivation)
        with self._catalogue.atomic() as db:
            db.conn.executemany(
                "INSERT OR REPLACE INTO run_page VALUES (:run, :service, :url, :at, :status, :digest)",
                [
                    {
                        "run": run,
                        "service": page.service_id,
                        "url": page.url,
                        "at": instant(page.at),
                        "status": page.status,
                        "digest": page.digest,
                    }
                    for page in pages
                ],
            )
        return kept.added, kept.changed, kept.unchanged

    def note(self, run: int, issue: Issue, *, at: datetime) -> None:
        """Keep an issue of this run; one that every page has is kept once and counted."""
        shared = issue.kind.startswith(_ABOUT_EVERY_PAGE)
        with self._catalogue.atomic() as db:
            db.conn.execute(
                "INSERT INTO run_issue (run, kind, subject, place, message, details, times, at)"
                " VALUES (:run, :kind, :subject, :place, :message, :details, 1, :at)"
                " ON CONFLICT (run, kind, subject) DO UPDATE SET times = times + 1",
                {
                    "run": run,
                    "kind": issue.kind,
                    "subject": issue.message if shared else f"{issue.place}\n{issue.message}",
                    "place": issue.place,
                    "message": issue.message,
                    "details": json.dumps(issue.details, ensure_ascii=False),
                    "at": instant(at),
                },
            )

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
                CASE WHEN EXISTS (SELECT 1 FROM mark WHERE mark.service = wanted.value) THEN 0
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
        """How many services the last finished run of this key found listed."""
        rows = self._catalogue.rows(
            "SELECT counts FROM run WHERE source = :source AND base_url = :base_url AND scope = :scope"
            " AND ids = :ids AND outcome = 'finished' ORDER BY key DESC LIMIT 1",
            asdict(key),
        )
        return _counts(rows[0][0]).listed or None if rows else None

    def beat(self, run: int, *, at: datetime) -> None:
        """Tell that the run is alive, so that its lock does not count as left behind."""
        with self._catalogue.atomic() as db:
            db.conn.execute(
                "UPDATE run_lock SET beat = :beat WHERE run = :run", {"beat": instant(at), "run": run}
            )

    def end(self, run: int, outcome: Outcome, reason: str, counts: RunCounts, *, at: datetime) -> None:
        """End this part of the run and release the lock."""
        with self._catalogue.atomic() as db:
            db.conn.execute(
                "UPDATE run SET outcome = :outcome, reason = :reason, counts = :counts, ended = :ended"
                " WHERE key = :run",
                {
                    "outcome": outcome.value,
                    "reason": reason,
                    "counts": json.dumps(asdict(counts)),
                    "ended": instant(at),
                    "run": run,
                },
            )
            db.conn.execute("DELETE FROM run_lock WHERE run = :run", {"run": run})

    def _set(self, run: int, outcome: Outcome) -> None:
        self._catalogue.db.conn.execute(
            "UPDATE run SET outcome = :outcome WHERE key = :run", {"outcome": outcome.value, "run": run}
        )

    def _check_lock(self, at: datetime) -> None:
        """Remove a lock that was left behind. Raises `LockHeld` for one whose owner works."""
        for run, host, process, beat in self._catalogue.rows("SELECT run, host, process, beat FROM run_lock"):
            is_old = at - datetime.fromisoformat(beat) > STALE_AFTER
            has_ended = host == platform.node() and not self._is_alive(process)
            if not (is_old or has_ended):
                raise LockHeld(
                    f"{self._catalogue.path}: run {run} works on this catalogue (process {process} on "
                    f"{host}, last heard of at {beat}); wait until it has ended, or choose another with --db"
                )
            self._catalogue.db.conn.execute("DELETE FROM run_lock")


def runs(catalogue: Catalogue) -> list[RunSummary]:
    """Every run, the newest first."""
    found = catalogue.rows(
        "SELECT key, source, base_url, scope, ids, outcome, reason, started, ended, counts,"
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
        )
        for key, source, base_url, scope, ids, outcome, reason, started, ended, counts, issues in found
    ]


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


def _is_alive(process: int) -> bool:
    """Whether a process of this machine lives. Only where asking is harmless; elsewhere it may live."""
    if os.name != "posix":  # on Windows, os.kill ends the process that it is asked about
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
