"""The interface in a real pseudo-terminal, where the system has them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")

#: A terminal that hangs up sends a signal; started so, the program never sees it, as under some parents.
_PROGRAM = "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN); from tui.start import main; main()"


def test_it_ends_when_the_terminal_hangs_up(tmp_path: Path, root: Path) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, "demo"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=tmp_path,
        env={**os.environ, "TERM": "xterm-256color", "PYTHONPATH": str(root)},
        start_new_session=True,
    )
    os.close(theirs)
    try:
        shown = b""
        while b"services" not in shown:
            shown += os.read(ours, 65536)
        os.close(ours)
        process.wait(timeout=60)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            process.wait()
    assert process.returncode is not None
    assert process.returncode >= 0
