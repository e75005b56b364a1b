"""The interface in a real pseudo-terminal, where the system has them."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import pytest

from tests.interface import NOON
from tui.commands.demo import build_sample

pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")

#: A terminal that hangs up sends a signal; started so, the program never sees it, as under some parents.
_PROGRAM = "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN); from tui.start import main; main()"
#: Seconds after which what was waited for is taken not to come, and between two looks at the screen.
_PATIENCE, _LOOK = 60.0, 0.1
#: Looks in which nothing moved after which nothing is under way.
_STILL = 6


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


class Tmux:
    """The installed command in tmux at 80 by 24, worked by keys. Every wait ends, at last in an error."""

    def __init__(self, program: str, folder: Path, command: str, environment: dict[str, str]) -> None:
        self._call = [program, "-S", str(folder / "tmux"), "-f", os.devnull]
        self._environment = environment
        size = ["-x", "80", "-y", "24"]
        self._run("new-session", "-d", *size, "-c", str(folder), command)

    def _run(self, *arguments: str) -> str:
        done = subprocess.run(
            [*self._call, *arguments], env=self._environment, capture_output=True, text=True, check=True
        )
        return done.stdout

    def press(self, *keys: str) -> None:
        self._run("send-keys", *keys)

    def until_shown(self, *texts: str) -> None:
        until = monotonic() + _PATIENCE
        while True:
            shown = self._run("capture-pane", "-p")
            if all(text in shown for text in texts):
                return
            assert monotonic() < until, f"{texts} did not come; the screen:\n{shown}"
            sleep(_LOOK)

    def until_still(self) -> str:
        """What is shown once nothing has moved, in no colour either, for a few looks."""
        until, looks, before = monotonic() + _PATIENCE, 0, ""
        while looks < _STILL:
            shown = self._run("capture-pane", "-p", "-e")
            looks, before = (looks + 1, shown) if shown == before else (0, shown)
            assert monotonic() < until, f"it goes on moving; the screen:\n{shown}"
            sleep(_LOOK)
        return self._run("capture-pane", "-p")

    def close(self) -> None:
        subprocess.run([*self._call, "kill-server"], capture_output=True, check=False)


def test_from_a_profile_to_an_export_in_tmux(tmp_path: Path, root: Path, own_home: Path) -> None:
    program = shutil.which("tmux")
    if program is None:
        pytest.skip("no tmux on this machine (Debian: apt install tmux)")
    command = Path(sys.executable).parent / "longlist"
    if not command.is_file():
        pytest.skip(f"no installed command at {command}")
    build_sample(tmp_path / "sample.db", at=NOON)
    shutil.copy(root / "catalogue" / "sample" / "profiles" / "brackwater.toml", tmp_path)
    environment = {
        **os.environ,
        "LONGLIST_HOME": str(own_home),
        "LONGLIST_STATE": "",  # as on the second day: no tour
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
    }
    tmux = Tmux(program, tmp_path, f"{shlex.quote(str(command))} --db sample.db", environment)
    try:
        tmux.until_shown("66 services", "Search services")
        tmux.press("F5")
        tmux.until_shown("current folder", "What it says", "Brackwater Borough Council")
        tmux.press("Enter")
        tmux.until_shown("(in u")
        tmux.press("F3")
        tmux.until_shown("54 matches", "Wrackline Citizen Forms", "Evidence")
        tmux.press("Space")
        tmux.until_shown("★ Wrackline Citizen Forms and Account")
        tmux.press("F4")
        tmux.until_shown("Shortlist 1", "e exports it", "1 service ")
        tmux.press("e")
        tmux.until_shown("Write the file", "shortlist.csv")
        while "Write the file" in tmux.until_still():  # from the formats to the name, and on
            tmux.press("Enter")
    finally:
        tmux.close()
    written = (tmp_path / "shortlist.csv").read_text("utf-8-sig")
    assert "Wrackline Citizen Forms and Account" in written
    assert "NEC Revenues & Benefits" in written  # the evidence goes with it
    assert "Dorvane" not in written
