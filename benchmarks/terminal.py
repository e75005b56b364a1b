"""A terminal for a program under measurement: what it paints, when, and what that took of a processor.

While the program is at work, each piece of what it writes is only noted with the moment it came; what stands
on the screen is made of it afterwards, by pyte, so that reading it costs the program nothing.
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyte

#: Seconds without anything painted after which nothing more is expected.
QUIET = 0.35
#: Seconds after which something that moves all the time, as a spinner, is not waited for any longer.
_STILL = 15.0
#: Seconds after which what was waited for is taken not to come.
_PATIENCE = 120.0


@dataclass(frozen=True)
class Moment:
    """Seconds by the clock, and of processor time of the program, all its threads together."""

    wall: float
    cpu: float

    def since(self, began: Moment) -> tuple[float, float]:
        """How much later this is, in milliseconds: by the clock, of a processor."""
        return (self.wall - began.wall) * 1000, (self.cpu - began.cpu) * 1000


@dataclass(frozen=True)
class Painted:
    """What stood on the screen, line by line, once a piece of output had come."""

    at: Moment
    lines: tuple[str, ...]


class Terminal:
    """A program in a pseudo-terminal of a size in columns and rows."""

    def __init__(self, command: Sequence[str], size: tuple[int, int], environment: Mapping[str, str]) -> None:
        columns, rows = size
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._pieces: list[tuple[Moment, bytes]] = []
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.began = Moment(time.perf_counter(), 0.0)
        self.process = subprocess.Popen(
            command,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**environment, "TERM": "xterm-256color"},
            start_new_session=True,
        )
        os.close(theirs)

    def now(self) -> Moment:
        """This moment."""
        return Moment(time.perf_counter(), _processor_seconds(self.process.pid))

    def send(self, keys: str) -> Moment:
        """Type, and say when."""
        at = self.now()
        os.write(self._ours, keys.encode())
        return at

    def read(self, seconds: float) -> bool:
        """Wait so long for a piece of output; whether one came."""
        if not select.select([self._ours], [], [], seconds)[0]:
            return False
        try:
            piece = os.read(self._ours, 1 << 16)
        except OSError:  # the program has ended
            return False
        self._pieces.append((self.now(), piece))
        return True

    def take(self) -> list[Painted]:
        """What was painted since the last time."""
        painted = []
        for at, piece in self._pieces:
            self._stream.feed(piece)
            painted.append(Painted(at, tuple(line.rstrip() for line in self._screen.display)))
        self._pieces.clear()
        return painted

    def shown(self) -> tuple[str, ...]:
        """What stands on the screen, line by line."""
        self.take()
        return tuple(line.rstrip() for line in self._screen.display)

    def still(self, quiet: float = QUIET) -> list[Painted]:
        """What is painted until nothing more comes."""
        until = time.monotonic() + _STILL
        while time.monotonic() < until and self.read(quiet):
            pass
        return self.take()

    def until(self, there: Callable[[Sequence[str]], bool], what: str) -> Painted:
        """What stood on the screen when this was there first."""
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            self.read(0.05)
            if found := next((each for each in self.take() if there(each.lines)), None):
                return found
        shown = "\n".join(self._screen.display)
        raise SystemExit(f"{what}: not there after {_PATIENCE:.0f} seconds; the screen:\n{shown}")

    def close(self) -> None:
        """End the program."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        os.close(self._ours)

    def memory(self) -> tuple[float, float, float]:
        """Megabytes: resident; of that not shared with anybody; of that not pages of a file."""
        found = dict[str, float]()
        for line in Path(f"/proc/{self.process.pid}/smaps_rollup").read_text("ascii").splitlines()[1:]:
            name, size, *_ = line.split()
            found[name.rstrip(":")] = int(size) / 1024
        return found["Rss"], found["Private_Clean"] + found["Private_Dirty"], found["Anonymous"]


def _processor_seconds(process: int) -> float:
    """Processor time of a process so far, in nanoseconds' steps where its threads go on."""
    seconds = 0.0
    try:
        for thread in Path(f"/proc/{process}/task").iterdir():
            seconds += int((thread / "schedstat").read_text("ascii").split()[0]) / 1e9
    except (OSError, IndexError):  # a thread that has just ended
        return seconds
    return seconds
