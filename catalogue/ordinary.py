"""Words of everyday English: a product that is called by one is easily taken for the word.

The list is that of *pyspellchecker*, 160,000 words that occur in the subtitles of films: it has *niche*,
*keystone* and *Paris*, and none of *Siebel*, *CareFlow* or *Gartan*. It is read as it lies in the package,
in a hundredth of a second; its own reader takes ten times as long, and a test holds that both say the same.
"""

from __future__ import annotations

import gzip
import re
from bisect import bisect_left
from functools import lru_cache
from importlib import resources

#: Capitals up to this number are an abbreviation that others may use, too: LAS, ESR, EMIS.
_ABBREVIATED = 5
_NUMBER = re.compile(rb"\"\S+\s*(\d+)")
#: More bytes than any line of the list has.
_STEP = 256


@lru_cache(maxsize=512)
def is_ordinary(word: str) -> bool:
    """Whether a word, in whatever case, is one of everyday English."""
    return _place_of(word) >= 0


def is_ambiguous(name: str) -> bool:
    """Whether a name may mean something else: an ordinary word, or capitals that stand for many things."""
    return name.isalpha() and (is_ordinary(name) or (len(name) <= _ABBREVIATED and name.isupper()))


@lru_cache(maxsize=1)
def _list() -> bytes:
    """The list as it is stored: JSON, a word and how often it occurs."""
    return gzip.decompress(resources.files("spellchecker").joinpath("resources/en.json.gz").read_bytes())


@lru_cache(maxsize=4096)
def how_common(word: str) -> int:
    """How often a word, in whatever case, occurs in the list, of some 1,600 million words; 0 if never."""
    at = _place_of(word)
    number = _NUMBER.match(_list(), at) if at >= 0 else None
    return int(number[1]) if number else 0


def _place_of(word: str) -> int:
    """Where the line of a word begins in the list, which is in order; -1 where it has none."""
    listed, key = _list(), f'"{word.casefold()}":'.encode()

    def line_behind(step: int) -> bytes:
        start = listed.find(b"\n", step * _STEP) + 1
        return listed[start : start + len(key)]

    step = bisect_left(range(len(listed) // _STEP), key, key=line_behind)
    return listed.find(key, max(0, step - 1) * _STEP, (step + 1) * _STEP + len(key))
