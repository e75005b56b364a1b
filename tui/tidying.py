"""Looking for unused cycles while nobody waits: with a catalogue in memory it takes up to 300 ms.

Python looks by itself in the middle of whatever is under way, and then a key waits for it. Here it looks at
what is old only where there was no key for a moment.
"""

from __future__ import annotations

import ctypes
import gc
from collections.abc import Callable
from functools import cache
from time import monotonic

#: Seconds without a key from which on nobody waits.
IDLE = 2.0
#: Collections of young objects after which a look at the old ones is worth it.
_WORTH = 4
#: The youngest are looked at after so many new objects, the next every so many times. The last number
#: leaves the old ones to `Tidying`; a sitting in which somebody never pauses still comes to it.
_THRESHOLDS = (5000, 8, 500)


class Tidying:
    """``noted`` is told of every key and click, ``tidy`` is called now and then."""

    def __init__(self) -> None:
        self._last = monotonic()
        self._begun = False

    def begin(self) -> None:
        """Leave old objects alone from now on, until there is time."""
        gc.set_threshold(*_THRESHOLDS)

    def noted(self) -> None:
        """Somebody is at work."""
        self._last = monotonic()

    def tidy(self) -> None:
        """Look, if nobody waits. What is in memory after the first time, mostly the catalogue, stays."""
        if monotonic() - self._last < IDLE or gc.get_count()[2] < _WORTH:
            return
        gc.collect()
        give_back()
        if not self._begun:
            self._begun = True
            gc.freeze()


def give_back() -> None:
    """Give the system the memory back that is free, where it can be asked for.

    The C library of Linux keeps what threads leave for their next need, as if each needed as much again:
    after a match of 45,000 services 30 MB. It takes some milliseconds, so a thread should do it.
    """
    if (trim := _trim()) is not None:
        trim(0)


@cache
def _trim() -> Callable[[int], int] | None:
    """glibc's ``malloc_trim(3)``; other systems have none, and need none."""
    try:
        found: Callable[[int], int] = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return None
    return found
