"""Import beside ``sqlite-utils insert`` of the same file: time, memory, size; then again, and dump.

    python benchmarks/bench_import.py --records services.jsonl
    python benchmarks/bench_import.py --generator ../shared/scale/make_services.py --count 45000

Every step is a process of its own, so that memory is its own peak. Ratios are to sqlite-utils in this run.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

PYTHON = sys.executable
LONGLIST = [PYTHON, "-c", "from tui.commands.main import main; main()"]
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Step:
    """What one process took."""

    name: str
    seconds: float
    megabytes: float


def main() -> None:
    """Run every step ``--rounds`` times and print the quickest of each."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="bench-import-") as folder:
        work = Path(folder)
        records = options.records or _generated(options.generator, options.count, work)
        best: dict[str, Step] = {}
        sizes: dict[str, int] = {}
        for _ in range(options.rounds):
            for step in _round(records, work, sizes):
                if step.name not in best or step.seconds < best[step.name].seconds:
                    best[step.name] = step
        _print(records, list(best.values()), sizes)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--records", type=Path, help="service records, JSON Lines")
    source.add_argument("--generator", type=Path, help="a script that takes --count and --out")
    parser.add_argument("--count", type=int, default=45_000)
    parser.add_argument("--rounds", type=int, default=1)
    return parser.parse_args()


def _generated(generator: Path, count: int, work: Path) -> Path:
    path = work / "services.jsonl"
    subprocess.run([PYTHON, generator.resolve(), "--count", str(count), "--out", path], check=True)
    return path


def _round(records: Path, work: Path, sizes: dict[str, int]) -> list[Step]:
    peer, ours, out = work / "peer.db", work / "ours.db", work / "out.jsonl"
    for path in (*work.glob("peer.db*"), *work.glob("ours.db*")):
        path.unlink()
    given = str(records.resolve())
    steps = [
        _step(
            "sqlite-utils insert",
            [PYTHON, "-m", "sqlite_utils", "insert", str(peer), "service", given, "--nl", "--pk", "id"],
        ),
        _step("longlist import", [*LONGLIST, "--db", str(ours), "import", given]),
        _step("longlist import, same file again", [*LONGLIST, "--db", str(ours), "import", given]),
        _step("longlist dump", [*LONGLIST, "--db", str(ours), "dump", "--out", str(out)]),
    ]
    sizes.update(
        {
            "records": records.stat().st_size,
            "sqlite-utils": peer.stat().st_size,
            "longlist": ours.stat().st_size,
        }
    )
    return steps


def _step(name: str, command: list[str]) -> Step:
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{name}: exit status {process.returncode}")
    # Linux counts kilobytes, macOS bytes.
    return Step(name, seconds, usage.ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2))


def _print(records: Path, steps: list[Step], sizes: dict[str, int]) -> None:
    print(f"{records.name}: {sizes['records'] / 1e6:.0f} MB")
    print(f"{'step':34} {'seconds':>8} {'ratio':>6} {'peak MB':>8}")
    for step in steps:
        print(
            f"{step.name:34} {step.seconds:8.1f} {step.seconds / steps[0].seconds:6.2f} {step.megabytes:8.0f}"
        )
    print(f"\n{'file':34} {'MB':>8} {'to the records':>15}")
    for name in ("sqlite-utils", "longlist"):
        print(f"{name:34} {sizes[name] / 1e6:8.0f} {sizes[name] / sizes['records']:15.2f}")


if __name__ == "__main__":
    main()
