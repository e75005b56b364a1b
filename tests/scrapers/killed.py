"""A program that runs a scrape and ends it with kill -9 at a given moment, again and again.

Reads a line of JSON for each order and answers with one. ``{"db": …, "moment": n}`` runs the scrape of the
marketplace in a process of its own and kills it at its n-th step: 0 lets it end, -1 counts its steps as well,
``null`` only looks into the catalogue. A step is any call of, or return from, a function of the store, of the
run, or of SQLite. The answer tells how the process ended, and what is in the catalogue if it ended well.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import sys
from dataclasses import asdict, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from catalogue.questions import load_crosswalk  # noqa: E402
from catalogue.records import encode_record  # noqa: E402
from db.archive import Archive, archive_path  # noqa: E402
from db.catalogue import open_catalogue  # noqa: E402
from db.reading import dump_records  # noqa: E402
from db.runs import RunLog, runs  # noqa: E402
from scrapers.fetch import Clock, Fetcher  # noqa: E402
from scrapers.plan import Plan  # noqa: E402
from scrapers.run import crawl  # noqa: E402
from scrapers.source import load_source  # noqa: E402

_OURS = tuple(str(ROOT / place) for place in ("db/", "scrapers/run.py", "scrapers/fetch.py"))
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
CLOCK = Clock(sleep=lambda _: None, now=lambda: NOON)


class Steps:
    """Counts the steps of this process and ends it at one of them."""

    def __init__(self, last: int) -> None:
        self.last, self.taken = last, 0

    def __call__(self, frame: FrameType, event: str, function: Any) -> None:
        if event in ("call", "return"):
            if not frame.f_code.co_filename.startswith(_OURS):
                return
        elif type(getattr(function, "__self__", None)) not in (sqlite3.Connection, sqlite3.Cursor):
            return
        self.taken += 1
        if self.taken == self.last:
            os.kill(os.getpid(), signal.SIGKILL)


def scrape(url: str, db: Path, moment: int) -> int:
    """Run the scrape; gives the number of steps it took, where they were counted."""
    source = load_source("marketplace", base_url=url)
    source = replace(source, politeness=replace(source.politeness, delay_seconds=0.0))
    steps = Steps(moment)
    if moment:
        sys.setprofile(steps)
    try:
        with (
            open_catalogue(db, create=True) as catalogue,
            Archive(archive_path(db)) as archive,
            Fetcher(
                url, source.politeness, agent="longlist/test", clock=Clock(sleep=lambda _: None)
            ) as fetcher,
        ):
            crawl(
                source,
                Plan("all"),
                fetcher=fetcher,
                store=RunLog(catalogue, archive),
                questions=load_crosswalk(),
                now=lambda: NOON,
            )
    finally:
        sys.setprofile(None)
    return steps.taken


def look(db: Path) -> dict[str, Any]:
    """What the catalogue holds, and what its newest run says of itself."""
    with open_catalogue(db) as catalogue:
        newest = runs(catalogue)[0]
        held = sha256(b"\n".join(encode_record(record) for record in dump_records(catalogue)))
        return {
            "held": held.hexdigest(),
            "runs": len(runs(catalogue)),
            "outcome": newest.outcome.value,
            "published": newest.published,
            "counts": asdict(newest.counts),
            "issues": newest.issues,
            "changes": catalogue.rows("SELECT count(*) FROM change")[0][0],
            "locks": catalogue.rows("SELECT count(*) FROM run_lock")[0][0],
        }


def in_a_process_of_its_own(url: str, db: Path, moment: int | None) -> dict[str, Any]:
    """What a child of this process found, and how it ended."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ours)
        status = 1
        try:
            steps = 0 if moment is None else scrape(url, db, moment)
            os.write(theirs, json.dumps(look(db) | {"steps": steps}).encode())
            status = 0
        finally:
            os._exit(status)
    os.close(theirs)
    with os.fdopen(ours, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    return (json.loads(said) if said else {}) | {"ended": os.waitstatus_to_exitcode(status)}


def main() -> None:
    """Take orders until there are no more."""
    load_crosswalk()
    url = sys.argv[1]
    for line in sys.stdin:
        order = json.loads(line)
        sys.stdout.write(json.dumps(in_a_process_of_its_own(url, Path(order["db"]), order["moment"])) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
