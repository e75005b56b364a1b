"""Whom services seem to be made for, told by their words alone: what `catalogue.audience` will find."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from catalogue.audience import CLEARLY
from catalogue.match import Judge
from catalogue.phrases import apart, mark_of
from catalogue.rules import Saying
from db.word_reading import BIT_OF, FIELD_BITS, FIELDS

#: By mark the fields of each service that have it, by place, as in `db.word_reading`.
_Held = Mapping[str, NDArray[np.uint16]]
_Some = NDArray[np.bool_]
_Counts = NDArray[np.uint8]

_HEAD = ("name", "description", "categories")


def marks_of_audiences(judge: Judge) -> Iterator[str]:
    """The marks that are asked for in the words of services."""
    for words in judge.rules.audiences.values():
        yield from map(mark_of, apart(words))


def for_others(judge: Judge, held: _Held, knows: _Some) -> tuple[_Some, _Some]:
    """Services made for another kind of organisation than the profile's, and those of which this is a doubt.

    ``knows`` are those that name a system of the profile.
    """
    ours = [words for kind, words in judge.rules.audiences.items() if kind in judge.kinds]
    others = [
        words
        for kind, words in judge.rules.audiences.items()
        if kind not in judge.kinds and kind not in judge.spoken_of
    ]
    spoken, in_head = np.zeros(len(knows), np.uint8), np.zeros(len(knows), np.bool_)
    for words in ours:
        different, head, _ = _spoken(words, held, len(knows))
        spoken, in_head = np.maximum(spoken, different), in_head | (head > 0)
    clear, doubted = np.zeros(len(knows), np.bool_), np.zeros(len(knows), np.bool_)
    for words in others:
        different, head, named = _spoken(words, held, len(knows))
        clear |= ~knows & ((different >= spoken + CLEARLY) | (~in_head & (head > 1)))
        clear |= ~in_head & named
        doubted |= ~in_head & (head > 0)
    return clear, doubted & ~clear & ~knows & (spoken == 0)


def _spoken(words: Saying, held: _Held, services: int) -> tuple[_Counts, _Counts, _Some]:
    """How many different phrases of a saying services have, how many in the head, and whether in the name."""
    counts = np.zeros((3, services), np.uint8)
    for each in apart(words):
        fields = held[mark_of(each)]
        has = np.flatnonzero(fields)
        counts[:, has] += _counted()[:, fields[has]]
    return counts[0], counts[1], counts[2] > 0


@lru_cache(maxsize=1)
def _counted() -> NDArray[np.uint8]:
    """For each set of fields whether a phrase counts there, in how many of a head it is, and in the name."""
    sets = np.arange(1 << FIELD_BITS)
    sets |= sets >> len(FIELDS)
    counts = np.zeros((3, len(sets)), np.uint8)
    for field, bit in BIT_OF.items():
        has = (sets & bit) != 0
        if field != "categories":
            counts[0] |= has
        if field in _HEAD:
            counts[1] += has
    counts[2] = (sets & BIT_OF["name"]) != 0
    return counts
