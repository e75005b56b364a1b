"""What publishing and pulling a catalogue takes: bytes, and CPU seconds of each command, transfer left aside.

    python benchmarks/bench_sharing.py --records services.jsonl --later later.jsonl

The records are imported and published, and pulled into nothing; then the later ones are imported, published
and pulled again, and once more where nothing is new. The files are served on this machine.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LONGLIST = [sys.executable, "-c", "from tui.commands.main import main; main()"]


class Quiet(SimpleHTTPRequestHandler):
    """The standard library's static server, without a line for each request."""

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


def main() -> None:
    """Run every step once and print what it took."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--records", type=Path, required=True, help="service records, JSON Lines")
    parser.add_argument("--later", type=Path, required=True, help="the same, a night later")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-sharing-") as folder:
        work = Path(folder)
        www = work / "www"
        www.mkdir()
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(www)))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}/"
        team, mine = work / "team.db", work / "mine.db"
        print(f"{'step':34} {'CPU s':>7} {'peak MB':>8}")
        step("import", work, "--db", team, "import", options.records.resolve())
        step("publish", work, "--db", team, "publish", www)
        step("pull into nothing", work, "--db", mine, "pull", url)
        step("import a night later", work, "--db", team, "import", options.later.resolve())
        step("publish", work, "--db", team, "publish", www)
        step("pull what changed", work, "--db", mine, "pull")
        step("pull what is here already", work, "--db", mine, "pull")
        print(f"\n{'file':34} {'MB':>7}")
        for path in (team, mine, *sorted(www.glob("*.xz")), www / "catalogue.json"):
            print(f"{path.name:34} {path.stat().st_size / 1e6:7.1f}")


def step(name: str, work: Path, *arguments: object) -> None:
    """Run one command as a process of its own and print its CPU time, of user and system, and its memory."""
    command = [*LONGLIST, *map(str, arguments)]
    environment = os.environ | {"LONGLIST_HOME": str(work / "home")}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{name}: exit status {process.returncode}")
    megabytes = usage.ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
    print(f"{name:34} {usage.ru_utime + usage.ru_stime:7.1f} {megabytes:8.0f}", flush=True)


if __name__ == "__main__":
    main()
