"""One saying written once for all the ways in which it is put: ``{staff|officers} {can|may} change``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import product

_CHOICE = re.compile(r"\{([^{}]*)\}")
_OPTIONAL = re.compile(r"(?<!\S)\{([^{}]*)\|\}(?!\S)")
_TOKEN = re.compile(r"(?:\{[^{}]*\}|[^\s{])+")


def spelt_out(phrase: str) -> tuple[str, ...]:
    """A phrase with each of its choices, in order and once."""
    if "{" not in phrase:
        return (" ".join(phrase.split()),)
    parts = _CHOICE.split(phrase)
    choices = [part.split("|") if number % 2 else [part] for number, part in enumerate(parts)]
    return tuple(dict.fromkeys(" ".join("".join(chosen).split()) for chosen in product(*choices)))


def without_options(phrases: Iterable[str]) -> tuple[str, ...]:
    """Phrases of which every part is there: one with a choice that may be left out is two."""
    found: dict[str, None] = {}
    for phrase in phrases:
        option = _OPTIONAL.search(phrase)
        if option is None:
            found[phrase] = None
        else:
            before, after = phrase[: option.start()], phrase[option.end() :]
            shorter = " ".join(f"{before} {after}".split())
            found.update(dict.fromkeys(without_options([f"{before}{{{option[1]}}}{after}", shorter])))
    return tuple(found)


def tokens_of(phrase: str) -> list[str]:
    """The words of a phrase; a choice is one, whatever it chooses between."""
    return _TOKEN.findall(phrase)
