"""Saying that something takes a while: only when it does, and never after it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from textual.screen import Screen

#: Below this an answer counts as at once, and a word about waiting would only flicker.
PATIENCE = 0.2


@contextmanager
def patience(screen: Screen[None], say: Callable[[], None]) -> Iterator[None]:
    """Call ``say`` when the block is still under way after `PATIENCE` seconds.

    Stopping the timer is not enough: its call may be queued already while the block ends.
    """
    under_way = True

    def say_if_under_way() -> None:
        if under_way:
            say()

    timer = screen.set_timer(PATIENCE, say_if_under_way)
    try:
        yield
    finally:
        under_way = False
        timer.stop()
