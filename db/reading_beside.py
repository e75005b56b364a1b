"""The words of services, read in a process beside this one.

An import has two things to do with every text: to store it, and to note its words. Where another processor
notes the words, it hardly waits for them.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from contextlib import suppress
from typing import BinaryIO

from db.signs import all_signs
from db.word_reading import Said, WordReader, WordsRead

_SERVE = "import sys; from db.reading_beside import serve; serve(sys.stdin.buffer, sys.stdout.buffer)"


class ReaderBeside:
    """A `WordReader` in a process of its own, one piece of work at a time; it ends with whoever made it."""

    def __init__(self) -> None:
        # Without -P a folder named db where one stands would be taken for ours.
        self._process = subprocess.Popen(  # noqa: S603  our own function by our own interpreter
            [sys.executable, "-P", "-c", _SERVE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def begin(self, services: Said) -> None:
        """Hand services over. Raises `OSError` where the process has gone."""
        assert self._process.stdin is not None
        pickle.dump(services, self._process.stdin, pickle.HIGHEST_PROTOCOL)
        self._process.stdin.flush()

    def finish(self) -> WordsRead:
        """What was read of them. Raises `OSError` or `EOFError` where the process has gone."""
        assert self._process.stdout is not None
        found = pickle.load(self._process.stdout)  # noqa: S301  from our own process
        assert isinstance(found, WordsRead)
        return found

    def close(self) -> None:
        """End the process, or learn that it has gone."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        self._process.wait()


def serve(given: BinaryIO, told: BinaryIO) -> None:
    """Read what is given until there is no more: what `ReaderBeside` begins."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that is waited for is another
    all_signs()  # what takes longest to make, while the first services are on their way
    reader = WordReader()
    while True:
        try:
            services = pickle.load(given)  # noqa: S301  from our own process
        except EOFError:
            os._exit(0)  # at once: to let go of all that was read, piece by piece, takes a while
        pickle.dump(reader.read(services), told, pickle.HIGHEST_PROTOCOL)
        told.flush()
