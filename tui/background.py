"""Commands of this program in a process of their own: a scrape, an import, a pull, beside the interface.

The interface stays quick, the lock of a run is respected as between any two programs, and what is under way
can be left running when the interface ends. What the process says goes to a file that belongs to nobody, so
that it needs no one to read it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from catalogue.errors import UsageError
from tui.commands.plain import PLAIN_VARIABLE

#: Of what a process said, so many bytes from the end are read.
_LAST = 8_000
#: Lines that are told of a process that failed.
_TOLD = 4


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: its title, exit status, and the last that it said."""

    title: str
    kind: str
    status: int
    said: str


class Job:
    """One command under way. ``kind`` is its name, such as ``scrape``; ``title`` says it to a reader."""

    def __init__(self, kind: str, title: str, process: subprocess.Popen[bytes], output: IO[bytes]) -> None:
        self.kind, self.title, self.process = kind, title, process
        self._output = output

    @property
    def said(self) -> list[str]:
        """The last lines that it said."""
        size = os.fstat(self._output.fileno()).st_size
        self._output.seek(max(0, size - _LAST))
        lines = self._output.read().decode("utf-8", "replace").splitlines()
        return [line for line in lines if line.strip()]

    def close(self) -> None:
        """Let go of what it said."""
        self._output.close()


class Background:
    """At most one command at a time. Belongs to one thread, and never waits."""

    def __init__(self) -> None:
        self.job: Job | None = None

    def begin(self, db: Path, kind: str, title: str, arguments: Sequence[str] = ()) -> Job:
        """Start ``longlist KIND ARGUMENTS`` on this catalogue.

        Raises `UsageError` while another command is under way.
        """
        if self.job is not None:
            raise UsageError(f"{self.job.title} is still under way; wait until it has ended, or stop it")
        descriptor, name = tempfile.mkstemp(prefix="longlist-")
        output = open(name, "rb")  # noqa: PTH123, SIM115  open until the command has ended
        try:
            process = subprocess.Popen(  # noqa: S603  this program itself
                [sys.executable, "-P", "-m", "tui", "--db", str(db.absolute()), kind, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=descriptor,
                stderr=subprocess.STDOUT,
                env=_environment(os.environ),
                # Of a group of its own: Ctrl-C and a closed terminal are meant for the interface.
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )
        except OSError as error:
            output.close()
            raise UsageError(f"{title} could not be started: {error.strerror or error}") from None
        finally:
            os.close(descriptor)
            with suppress(OSError):  # Windows keeps the name of a file that is open
                Path(name).unlink()
        self.job = Job(kind, title, process, output)
        return self.job

    def stop(self) -> None:
        """Ask the command to end in order; it keeps what it has."""
        if self.job is not None:
            self.job.process.terminate()

    def close(self) -> None:
        """Let go of what is under way; it goes on."""
        if self.job is not None:
            self.job.close()

    def look(self) -> Ended | None:
        """How the command ended, once; ``None`` while there is none or it is under way."""
        job = self.job
        if job is None or job.process.poll() is None:
            return None
        self.job = None
        said = "\n".join(job.said[-_TOLD:])
        job.close()
        return Ended(job.title, job.kind, job.process.returncode, said)


def _environment(given: Mapping[str, str]) -> dict[str, str]:
    """Plain text, and nothing that only the interface needs."""
    return {name: value for name, value in given.items() if name != "TEXTUAL_DRIVER"} | {
        PLAIN_VARIABLE: "1",
        "PYTHONIOENCODING": "utf-8",
    }
