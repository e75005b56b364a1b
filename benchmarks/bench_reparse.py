"""The page archive read again: pages a second, memory, and what a page takes in the archive.

    python benchmarks/bench_reparse.py PAGE.html… --services 2000
    python benchmarks/bench_reparse.py --records services.jsonl --services 2000

Pages are service pages as recorded, each used for many services under an id of its own, or such as the tests'
renderer makes of records. They are put into an archive as a scrape would have; then the real command reads
them with one process and with one for each core. Ratios are to one process in this run.
"""

from __future__ import annotations

import argparse
import itertools
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from catalogue.questions import load_crosswalk  # noqa: E402
from catalogue.records import decode_record  # noqa: E402
from catalogue.runs import Outcome, PageKept, RunCounts, RunKey  # noqa: E402
from db.archive import Archive, archive_path  # noqa: E402
from db.catalogue import open_catalogue  # noqa: E402
from db.runs import RunLog  # noqa: E402
from scrapers.reading import page_of, read_page  # noqa: E402
from scrapers.source import load_source  # noqa: E402
from tests.render import service_page  # noqa: E402

LONGLIST = [sys.executable, "-c", "from tui.commands.main import main; main()"]
SOURCE = load_source("marketplace")
_FIRST_ID = 400000000000000


@dataclass(frozen=True, slots=True)
class Step:
    """What one process, with those that it started, took."""

    name: str
    seconds: float
    cpu: float
    megabytes: float


def main() -> None:
    """Make an archive, read it again with one process and with all cores, and print what that took."""
    options = _options()
    texts = [path.read_text("utf-8") for path in options.pages] or list(_rendered(options.records))
    with tempfile.TemporaryDirectory(prefix="bench-reparse-") as folder:
        db = Path(folder) / "catalogue.db"
        packing = _filled(db, texts, options.services)
        cores = os.cpu_count() or 1
        steps = [_step(db, number) for number in dict.fromkeys((1, cores))]
        _print(db, texts, options.services, packing, steps)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pages", type=Path, nargs="*", help="service pages, HTML")
    parser.add_argument("--records", type=Path, help="service records, JSON Lines, to make pages of")
    parser.add_argument("--services", type=int, default=2000)
    options = parser.parse_args()
    if not options.pages and options.records is None:
        parser.error("give pages, or --records")
    return options


def _rendered(records: Path) -> Iterator[str]:
    with records.open("rb") as lines:
        for line in itertools.islice(lines, 0, 20_000, 40):
            yield service_page(decode_record(line))


def _filled(db: Path, texts: list[str], services: int) -> float:
    """An archive of so many services, none of them in the catalogue yet. Gives the CPU seconds a page."""
    at = datetime(2026, 11, 25, tzinfo=UTC)
    usable = [text for text in texts if _reads(text)]
    if not usable:
        raise SystemExit("none of the pages is a service page")
    packing = 0.0
    with open_catalogue(db, create=True) as catalogue, Archive(archive_path(db)) as archive:
        log = RunLog(catalogue, archive)
        run = log.begin(RunKey("marketplace", SOURCE.base_url, "all"), at=at, resume_since=None)
        for number in range(services):
            id_ = str(_FIRST_ID + number)
            page = _page(id_, usable[number % len(usable)], at)
            read = read_page(page_of(page, SOURCE), SOURCE, None)
            began = time.process_time()
            log.keep_page("marketplace", page, read)
            packing += time.process_time() - began
        # Nothing of the run is published, so that reading it again has everything to store.
        log.end(run, Outcome.CHANGED, "", RunCounts(answered=services), at=at)
    return packing / services


def _reads(text: str) -> bool:
    page = _page(str(_FIRST_ID), text, datetime(2026, 11, 25, tzinfo=UTC))
    return read_page(page_of(page, SOURCE), SOURCE, load_crosswalk()).record is not None


def _page(id_: str, text: str, at: datetime) -> PageKept:
    """The text as the page of another service: its own id is put in the place of the one it has."""
    shown = re.search(r"Service ID</h2>.*?</p>", text, re.DOTALL | re.IGNORECASE)
    body = text.replace(shown[0], f"Service ID</h2><p>{id_}</p>", 1) if shown else text
    url = SOURCE.service_url(id_)
    return PageKept(id_, url, at, 200, body.encode(), "text/html; charset=utf-8", url)


def _step(db: Path, processes: int) -> Step:
    began = time.perf_counter()
    command = [*LONGLIST, "--db", str(db), "reparse", "--unpublished", "--processes", str(processes)]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE)
    assert process.stderr is not None
    said = process.stderr.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"reparse: exit status {process.returncode}\n{said}")
    # Linux counts kilobytes, macOS bytes. It is the largest of the processes.
    megabytes = usage.ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
    name = f"longlist reparse --processes {processes}"
    return Step(name, time.perf_counter() - began, usage.ru_utime + usage.ru_stime, megabytes)


def _print(db: Path, texts: list[str], services: int, packing: float, steps: list[Step]) -> None:
    raw = sum(len(text.encode()) for text in texts) / len(texts)
    archive = archive_path(db).stat().st_size
    print(f"{services} services from {len(texts)} pages of {raw / 1000:.0f} kB")
    print(
        f"{'step':34} {'seconds':>8} {'CPU s':>6} {'pages/s':>8} {'a CPU s':>8} {'ratio':>6} {'peak MB':>8}"
    )
    for step in steps:
        print(
            f"{step.name:34} {step.seconds:8.1f} {step.cpu:6.1f} {services / step.seconds:8.0f}"
            f" {services / step.cpu:8.0f} {steps[0].seconds / step.seconds:6.2f} {step.megabytes:8.0f}"
        )
    print(f"\narchive: {archive / 1e6:.1f} MB, {archive / services / 1000:.1f} kB a page; ", end="")
    print(f"keeping a page takes {packing * 1000:.1f} ms of CPU")


if __name__ == "__main__":
    main()
