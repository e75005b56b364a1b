"""How large a catalogue grows when it keeps every change of thirty nights, against what it was at first.

    python benchmarks/bench_history.py --generator ../shared/scale/make_services.py --count 4500

Each night the generator changes another share of the services and withdraws a tenth as many; in the first a
fifth as many are new. The changes add up. A night is stored as the run of a source stores it: what changed is
written, everything else is marked as seen again. Sizes are of the file with its write-ahead log folded in.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

import msgspec  # noqa: E402

from catalogue.records import decode_record  # noqa: E402
from db.catalogue import Catalogue, open_catalogue  # noqa: E402
from db.ingest import ingest  # noqa: E402

FIRST = datetime(2026, 11, 1, 3, 10, tzinfo=UTC)


def main() -> None:
    """Store the first night and the nights after it, and print what each adds."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="bench-history-") as folder:
        work = Path(folder)
        first = _lines(options, work, night=0)
        latest = dict(first)
        path = work / "catalogue.db"
        with open_catalogue(path, create=True) as catalogue:
            _store(catalogue, latest, night=0)
            size_at_first = _size(catalogue)
            print(f"{len(first):,} services, {sum(map(len, first.values())) / 1e6:.0f} MB of records")
            print(f"{'night':>5} {'services':>9} {'changed':>8} {'MB':>8} {'ratio':>6} {'CPU s':>6}")
            print(f"{0:5} {len(latest):9,} {0:8,} {size_at_first / 1e6:8.1f} {1:6.3f}")
            for night in range(1, options.nights + 1):
                latest |= {
                    service: line
                    for service, line in _lines(options, work, night=night).items()
                    if first.get(service) != line
                }
                began = time.process_time()
                changed = _store(catalogue, latest, night=night)
                took = time.process_time() - began
                size = _size(catalogue)
                print(
                    f"{night:5} {len(latest):9,} {changed:8,} {size / 1e6:8.1f} {size / size_at_first:6.3f} "
                    f"{took:6.1f}",
                    flush=True,
                )
            (rows, texts) = catalogue.rows(
                "SELECT count(*), sum(length(coalesce(before, '')) + length(coalesce(after, ''))) FROM change"
            )[0]
            print(f"{rows:,} changes kept, {texts / 1e6:.1f} MB of text before and after")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--generator", type=Path, required=True, help="a script that writes service records")
    parser.add_argument("--count", type=int, default=4_500)
    parser.add_argument("--nights", type=int, default=30)
    parser.add_argument("--changed", type=float, default=2.0, help="per cent of the services each night")
    return parser.parse_args()


def _lines(options: argparse.Namespace, work: Path, *, night: int) -> dict[str, bytes]:
    """The records of a night by id, as the lines that the generator writes."""
    out = work / "night.jsonl"
    change = ["--changed", str(options.changed), "--seed2", str(night)] if night else []
    command = [sys.executable, options.generator, "--count", str(options.count), *change, "--out", out]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    return {msgspec.json.decode(line)["id"]: line for line in out.read_bytes().splitlines()}


def _store(catalogue: Catalogue, lines: dict[str, bytes], *, night: int) -> int:
    """Store one night; gives how many services changed or are new."""
    done = ingest(
        catalogue,
        (decode_record(line) for line in lines.values()),
        at=FIRST + timedelta(days=night),
        run_id=night + 1,
    )
    return done.changed + done.added if night else 0


def _size(catalogue: Catalogue) -> int:
    catalogue.rows("PRAGMA wal_checkpoint (TRUNCATE)")
    return catalogue.path.stat().st_size


if __name__ == "__main__":
    main()
