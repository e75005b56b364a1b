"""Saying that something takes a while: only when it does, and never after it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle
from typing import Any

from textual.screen import Screen
from textual.timer import Timer

#: Below this an answer counts as at once, and a word about waiting would only flicker.
PATIENCE = 0.2


#: The spinner, a frame at a time; no faster than this many seconds, as each is traffic on a line.
FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_TURN = 0.2


@contextmanager
def patience(screen: Screen[Any], say: Callable[[str], None]) -> Iterator[None]:
    """Call ``say`` with a frame of the spinner, again and again, once the block took `PATIENCE` seconds.

    Stopping the timer is not enough: its call may be queued already while the block ends.
    """
    under_way = True
    frames = cycle(FRAMES)
    turning: list[Timer] = []

    def say_if_under_way() -> None:
        if under_way:
            say(next(frames))

    def begin() -> None:
        say_if_under_way()
        if under_way:
            turning.append(screen.set_interval(_TURN, say_if_under_way))

    turning.append(screen.set_timer(PATIENCE, begin))
    try:
        yield
    finally:
        under_way = False
        for timer in turning:
            timer.stop()
