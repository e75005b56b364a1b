"""How a wrong value and what is allowed instead are put in a sentence."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Sequence


def nearest(word: str, allowed: Iterable[str]) -> str | None:
    """The allowed word that was probably meant, or ``None``."""
    folded = {other.casefold(): other for other in allowed}
    found = difflib.get_close_matches(word.casefold(), list(folded), n=1, cutoff=0.6)
    return folded[found[0]] if found else None


def found(value: object) -> str:
    """A value as the profile may have written it, short enough for a sentence."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value if len(value) <= 60 else value[:59] + "…", ensure_ascii=False)
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    shown = str(value)
    return shown if len(shown) <= 40 else shown[:39] + "…"


def listed(labels: Sequence[str]) -> str:
    """The allowed answers, the first dozen of them."""
    shown = "; ".join(labels[:12])
    return shown if len(labels) <= 12 else f"{shown}; and {len(labels) - 12} more"


def meant(word: str, allowed: Iterable[str]) -> str:
    """The question whether another word was meant, or nothing."""
    other = nearest(word, allowed)
    return f". Did you mean {other!r}?" if other else ""
