"""Advice on a profile: what is no mistake, and could be said better."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "vague-word",
    "could-name-question",
    "shared-name",
    "name-never-found",
    "name-found-everywhere",
    "name-without-purpose",
]


@dataclass(frozen=True, slots=True)
class Advice:
    """One piece of advice. ``place`` is a key of the profile, ``found`` words of it as they are written."""

    place: str
    line: int | None
    kind: Kind
    found: str
    advice: str

    def __str__(self) -> str:
        at = f"line {self.line}: " if self.line else ""
        return f"{at}{self.place}: {self.found!r} {self.advice}"
