"""Words and phrases to look for in prose, compiled once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True, eq=False)
class Saying:
    """Words and phrases to look for, as one pattern over plain text (see `plain`). Equal to itself alone."""

    phrases: tuple[str, ...]
    pattern: re.Pattern[str]

    def find(self, text: str) -> list[tuple[int, int]]:
        """The spans of all occurrences in ``text``."""
        return [match.span() for match in self.pattern.finditer(plain(text))]

    def occurs(self, text: str) -> bool:
        """Whether any of the phrases is in ``text``."""
        return self.pattern.search(plain(text)) is not None


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """The text in small letters with straight quotes and plain spaces, each in its place: spans stay true."""
    small = text.translate(_PLAIN)
    return lowered if len(lowered := small.lower()) == len(small) else small


_PLAIN = str.maketrans({"’": "'", "‘": "'", "\u00a0": " ", "–": "-", "—": "-", "‑": "-", "‐": "-"})
_WORD = r"[\w£'/.@&+-]+"


def saying(phrases: Iterable[str]) -> Saying:
    """Compile phrases. ``*`` alone stands for one word, at the end of a word for any ending."""
    kept = tuple(phrases)
    worded = sorted(
        (_phrase_pattern(phrase) for phrase in kept if phrase[0].isalnum()), key=len, reverse=True
    )
    others = [_phrase_pattern(phrase) for phrase in kept if not phrase[0].isalnum()]
    alternatives = [rf"(?<![\w-])(?:{'|'.join(worded)})", *others] if worded else others
    return Saying(kept, re.compile("|".join(alternatives)))


def _phrase_pattern(phrase: str) -> str:
    words = plain(phrase).split()
    body = r"[\s-]+".join(_WORD if word == "*" else _word_pattern(word) for word in words)
    return body + r"(?!\w)" * words[-1][-1].isalnum()


def _word_pattern(word: str) -> str:
    return re.escape(word.rstrip("*")).replace(r"\-", r"[\s-]?") + r"\w*" * word.endswith("*")
