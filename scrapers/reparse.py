"""The archive read again, without asking the source: after a fault of the reader was mended.

Reading a page takes some 20 ms, so pages are read by one process for each core and come back in their order.
At any time a few hundred pages are in memory.
"""

from __future__ import annotations

import gc
import os
import signal
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from multiprocessing import get_context

import msgspec

from catalogue.errors import CatalogueError, LonglistError
from catalogue.questions import load_crosswalk
from catalogue.records import decode_record, encode_record
from catalogue.runs import (
    REPARSE,
    Breach,
    Outcome,
    PageKept,
    PageRead,
    Publication,
    Published,
    RunCounts,
    RunKey,
)
from scrapers.judge import judge_pages
from scrapers.plan import Progress, Report
from scrapers.reading import page_of, read_page
from scrapers.run import with_examples
from scrapers.source import Source
from scrapers.store import Store

#: Services that are handed to a process at a time, and how many such parts wait for each process.
_PART = 16
_AHEAD = 4
#: Fewer services are read here: starting processes takes a second.
_WORTH_PROCESSES = 200

#: A page that was read, and what was read from it.
Reading = tuple[PageKept, PageRead]


def reparse(
    source: Source,
    *,
    store: Store,
    now: Callable[[], datetime],
    unpublished: bool = False,
    processes: int | None = None,
    on_progress: Callable[[Progress], None] = lambda _: None,
) -> Report:
    """Read the newest readable page of each service again, judge, and publish what has changed.

    With ``unpublished``, also pages of runs that were out of bounds, which only a reader that was mended for
    them should read. ``processes`` is how many work; by default as many as there are cores, or this one alone
    for few pages. Services whose record is newer than their pages stay as they are. It is a run of its own in
    the log, with the lock of one; after a stop the next one begins anew, as nothing was asked of anybody.
    """
    run = store.begin(RunKey(source.name, source.base_url, REPARSE), at=now(), resume_since=None)
    counts = RunCounts()
    issues: Counter[str] = Counter()
    breaches: tuple[Breach, ...] = ()
    publication: Publication | None = None
    try:
        outcome, reason = Outcome.FINISHED, ""
        total = store.archived_count(source.name, unpublished=unpublished)
        withdrawn = set(store.missing_since())
        if processes is None:
            processes = 1 if total < _WORTH_PROCESSES else os.cpu_count() or 1
        counts = RunCounts(wanted=total, left=total)
        try:
            services = store.archived(source.name, unpublished=unpublished)
            for part in _readings(services, source, processes):
                store.keep_readings([(page, _kept_off(store, page, read, withdrawn)) for page, read in part])
                issues.update(issue.kind for _, read in part for issue in read.issues)
                done = counts.answered + len(part)
                counts = replace(counts, answered=done, left=total - done)
                on_progress(Progress("reading", done, total, 0))
        except KeyboardInterrupt:
            outcome, reason = Outcome.ABANDONED, "interrupted; nothing was changed"
        tally = store.tally(run)
        # What is left is newer in the catalogue than here, or of a run that is still to be gone on with.
        counts = replace(counts, broken=tally.broken, left=0 if outcome is Outcome.FINISHED else counts.left)
        if outcome is Outcome.FINISHED:
            found = judge_pages(tally, store.last_healthy_of(source.name), source, whole=False)
            breaches = tuple(with_examples(store, run, breach) for breach in found)
            if breaches:
                outcome, reason = Outcome.CHANGED, "; ".join(breach.message for breach in breaches)
            else:
                publication = Publication(True, tally)
        counts = store.end(
            run,
            outcome,
            reason,
            counts,
            at=now(),
            publication=publication,
            on_progress=lambda number: on_progress(Progress("publishing", number, None, 0)),
        )
    except BaseException as error:
        try:
            store.end(run, Outcome.ABANDONED, str(error) or type(error).__name__, counts, at=now())
        except CatalogueError:
            raise error from None  # which is about the same catalogue
        raise
    published: Published = "nothing" if publication is None else "whole"
    return Report(
        run=run,
        outcome=outcome,
        reason=reason,
        counts=counts,
        issues=dict(issues),
        failures=(),
        published=published,
        breaches=breaches,
    )


def _kept_off(store: Store, page: PageKept, read: PageRead, missing: set[str]) -> PageRead:
    """The reading; of a service that was withdrawn because its page is gone, still as withdrawn."""
    if read.record is None or page.service_id not in missing:
        return read
    stored = store.record(page.service_id)
    if stored is None or stored.status != "withdrawn":
        return read
    record = encode_record(msgspec.structs.replace(decode_record(read.record), status="withdrawn"))
    return replace(read, state="withdrawn", record=record, digest=sha256(record).hexdigest())


def _readings(services: Iterable[list[PageKept]], source: Source, processes: int) -> Iterator[list[Reading]]:
    """Each part of the services read, in order; by this process, or by so many others."""
    parts = _parted(services)
    if processes == 1:
        yield from (_read_part(source, part) for part in parts)
        return
    pool = ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=_begin_to_read)
    waiting: deque[Future[list[Reading]]] = deque()
    try:
        for part in parts:
            waiting.append(pool.submit(_read_part, source, part))
            if len(waiting) >= processes * _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool:
        raise LonglistError(
            "a process that read pages was ended from outside, maybe for want of memory; run it again"
        ) from None
    finally:
        pool.shutdown(cancel_futures=True)


def _parted(services: Iterable[list[PageKept]]) -> Iterator[list[list[PageKept]]]:
    part: list[list[PageKept]] = []
    for pages in services:
        part.append(pages)
        if len(part) == _PART:
            yield part
            part = []
    if part:
        yield part


def _begin_to_read() -> None:
    """Prepare a process that reads pages: Ctrl-C is for its parent, and trees are collected between parts."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    load_crosswalk()
    gc.freeze()
    gc.disable()


def _read_part(source: Source, part: list[list[PageKept]]) -> list[Reading]:
    """Of each service, the newest page that can be read; where none can, the newest."""
    found = [_read_service(source, pages) for pages in part]
    if not gc.isenabled():
        gc.collect()
    return found


def _read_service(source: Source, pages: list[PageKept]) -> Reading:
    readings = []
    for page in pages:
        read = read_page(page_of(page, source), source, load_crosswalk())
        readings.append((replace(page, body=b""), read))
        if read.record is not None:
            return readings[-1]
    return readings[0]
