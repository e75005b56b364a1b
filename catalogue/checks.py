"""One thing that ``longlist doctor`` looked at, and how it was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Check:
    """``warn`` works but deserves a look, ``fail`` does not work.

    ``changed`` tells of a source that it answers, and not as its table expects.
    """

    name: str
    state: Literal["ok", "warn", "fail"]
    detail: str
    changed: bool = False
