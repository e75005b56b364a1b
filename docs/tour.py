"""Runs the README's tour and writes what it prints into the README: ``python docs/tour.py``.

In a block of the kind ``console`` each line that begins with ``$`` is run, in order, in one empty folder with
a loopback marketplace beside it, and what follows is what it printed on both streams. Times are kept out.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from catalogue.records import decode_record  # noqa: E402
from tests import loopback  # noqa: E402

README = ROOT / "README.md"
#: The address that the README shows; the server of a run has a port of its own.
SHOWN = "http://127.0.0.1:8765"
_BLOCK = re.compile(r"(```console\n)(.*?)(```)", re.DOTALL)
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|\+00:00)?")


def rewritten(readme: str) -> str:
    """The README with its tour run anew."""
    sample = ROOT / "catalogue" / "sample"
    records = [
        decode_record(line)
        for file in sorted(sample.glob("*.jsonl"))
        for line in file.read_bytes().splitlines()
    ]
    with tempfile.TemporaryDirectory() as folder, loopback.marketplace_of(records).serving() as market:
        where = Path(folder)
        profile = (sample / "profiles" / "brackwater.toml").read_bytes()
        (where / "brackwater.toml").write_bytes(profile)

        def run_block(match: re.Match[str]) -> str:
            commands = [line for line in match[2].splitlines() if line.startswith("$ ")]
            shown = [f"{line}\n{_output(line[2:], where, market.url)}" for line in commands]
            return match[1] + "\n".join(shown) + match[3]

        return _BLOCK.sub(run_block, readme)


def _output(command: str, folder: Path, market: str) -> str:
    """What one command prints, as the README shows it."""
    words = shlex.split(command.replace(SHOWN, market))
    if words[0] == "head":
        lines = (folder / words[-1]).read_text("utf-8-sig").splitlines()
        return "\n".join(lines[: int(words[2])]) + "\n"
    if words[0] != "longlist":
        return ""
    done = subprocess.run(
        [sys.executable, "-c", "from tui.start import main; main()", *words[1:]],
        cwd=folder,
        env={
            **os.environ,
            "LONGLIST_HOME": str(folder / "home"),
            "LONGLIST_DB": "tour.db",
            "PYTHONPATH": str(ROOT),
            "COLUMNS": "100",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=True,
    )
    return _TIME.sub("2026-11-23T03:10:00Z", done.stdout.replace(market, SHOWN))


if __name__ == "__main__":
    README.write_text(rewritten(README.read_text("utf-8")), encoding="utf-8", newline="\n")
