"""One saying written once for all the ways in which it is put: ``{staff|officers} {can|may} change``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import product

_CHOICE = re.compile(r"\{([^{}]*)\}")


def spelt_out(phrases: Iterable[str]) -> tuple[str, ...]:
    """Every phrase with each of its choices, in order and once. An empty choice leaves its place out."""
    found: dict[str, None] = {}
    for phrase in phrases:
        parts = _CHOICE.split(phrase)
        choices = [part.split("|") if number % 2 else [part] for number, part in enumerate(parts)]
        for chosen in product(*choices):
            found[" ".join("".join(chosen).split())] = None
    return tuple(found)
