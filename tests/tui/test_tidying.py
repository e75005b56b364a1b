"""Unused cycles are looked for while nobody waits, and not while somebody is at work."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from tui import tidying
from tui.tidying import IDLE, Tidying


class Cycle:
    """Something that refers to itself, so that only a look for cycles lets it go."""

    left = 0

    def __init__(self) -> None:
        self.itself = self
        Cycle.left += 1

    def __del__(self) -> None:
        Cycle.left -= 1


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """The time, to be moved; what Python does by itself is as before afterwards."""
    thresholds, now = gc.get_threshold(), [100.0]
    monkeypatch.setattr(tidying, "monotonic", lambda: now[0])
    monkeypatch.setattr(tidying, "_WORTH", 0)
    monkeypatch.setattr(gc, "freeze", lambda: None)
    gc.collect()
    gc.disable()
    Cycle.left = 0
    yield now
    gc.enable()
    gc.set_threshold(*thresholds)


def test_nothing_is_looked_for_soon_after_a_key(clock: list[float]) -> None:
    tidy = Tidying()
    Cycle()
    clock[0] += IDLE
    tidy.noted()
    clock[0] += IDLE / 2
    tidy.tidy()
    assert Cycle.left == 1


def test_cycles_are_found_when_nobody_waits(clock: list[float]) -> None:
    tidy = Tidying()
    Cycle()
    clock[0] += IDLE
    tidy.tidy()
    assert Cycle.left == 0


def test_old_objects_are_left_alone_from_the_beginning_on(clock: list[float]) -> None:
    before = gc.get_threshold()
    Tidying().begin()
    assert gc.get_threshold()[2] > 10 * before[2]


def test_memory_is_given_back_where_the_system_can_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[int] = []
    monkeypatch.setattr(tidying, "_trim", lambda: kept.append)
    tidying.give_back()
    assert kept == [0]  # nothing is kept for later
    monkeypatch.setattr(tidying, "_trim", lambda: None)
    tidying.give_back()
    assert kept == [0]
