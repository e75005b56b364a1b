"""Python's search for unused cycles, put off while something is made of millions of small objects."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def nothing_collected() -> Iterator[None]:
    """No search for unused cycles meanwhile: it would go through all that is being made again and again.

    Nor right after: what is left counts as old, and is looked at when all that is old is.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            if not gc.get_freeze_count():  # else thawing would take in what somebody else has frozen
                gc.freeze()
                gc.unfreeze()
            gc.enable()
