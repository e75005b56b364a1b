"""Saying what takes a while, where somebody hears it.

A catalogue is opened in many places, and few of them have anybody to tell: who does, sets `hearer`.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar

hearer: ContextVar[Callable[[str], None] | None] = ContextVar("hearer", default=None)


def say(text: str) -> None:
    """Say something to whoever hears it."""
    hear = hearer.get()
    if hear is not None:
        hear(text)
