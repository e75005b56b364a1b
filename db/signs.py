"""What many texts may say, told for all of them and all sayings of the rules at once, as rows of numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from catalogue.phrases import Phrases, mark_of, sayings_of
from catalogue.rules import Denial, Saying, load_rules

Numbers64 = NDArray[np.uint64]
Places = NDArray[np.int64]

#: Where in a number of two parts the first begins, and all that is below it.
WORD = np.uint64(32)
BELOW_WORD = np.uint64((1 << 32) - 1)


def distinct(numbers: Numbers64) -> Numbers64:
    """The numbers in order, each once. That of numpy is several times as slow where there are many."""
    ordered = np.sort(numbers)
    found: Numbers64 = ordered[np.diff(ordered, prepend=~ordered[:1]) != 0]
    return found


def one_after_another(begins: Places, lengths: Places) -> Places:
    """The places of rows that begin at some places and are so long, those of one after those of another."""
    ends = np.cumsum(lengths)
    found: Places = np.arange(ends[-1] if len(ends) else 0) + np.repeat(begins - ends + lengths, lengths)
    return found


class _Rows:
    """Rows of small numbers, of which many are read at once."""

    def __init__(self, rows: Sequence[Sequence[int]]) -> None:
        self._lengths = np.fromiter(map(len, rows), np.int64, len(rows))
        self._begins = np.cumsum(self._lengths) - self._lengths
        self._numbers = np.fromiter((number for row in rows for number in row), np.int64)

    def __call__(self, wanted: Places) -> tuple[Places, Places]:
        """What the wanted rows hold, one after another: for each number the place of its row, and itself."""
        lengths = self._lengths[wanted]
        places = np.repeat(np.arange(len(wanted)), lengths)
        return places, self._numbers[one_after_another(self._begins[wanted], lengths)]


class Signs:
    """The signs of all that any service may say, which are looked for in flat texts."""

    def __init__(self) -> None:
        rules = load_rules()
        self._phrases = Phrases(sayings_of(rules))
        said = self._phrases.by_sign()
        #: The marks of what a text may say that has none of the signs.
        self.always = sorted(map(mark_of, self._phrases.signed(())))
        #: Those of everything else, by number.
        self.by_number = sorted({mark_of(saying) for some in said for saying in some})
        numbers = {mark: number for number, mark in enumerate(self.by_number)}
        #: By sign, the numbers of the marks of what it may be a sign of.
        self.marks = _Rows([[numbers[mark_of(saying)] for saying in some] for some in said])
        self._denying = list(dict.fromkeys(part for each in rules.denials for part in _sides(each)))
        place = {saying: number for number, saying in enumerate(self._denying)}
        self._denials = _Rows([[place[saying] for saying in some if saying in place] for some in said])
        #: The places there of both sides of each denial.
        self._both = np.array([[place[part] for part in _sides(each)] for each in rules.denials]).reshape(
            -1, 2
        )

    def in_text(self, flattened: str, ends: Places) -> tuple[Places, Places]:
        """The signs in texts that are given flat, one after another, with their ends, each once a text.

        Gives the numbers of the signs, and those of the texts that have them.
        """
        places = np.array(self._phrases.places(flattened), np.int64).reshape(-1, 3)
        of = np.searchsorted(ends, places[:, 1]).astype(np.uint64)
        found = distinct(places[:, 0].astype(np.uint64) << WORD | of)
        return (found >> WORD).astype(np.int64), (found & BELOW_WORD).astype(np.int64)

    def contradicting(self, sign: Places, of: Places) -> Iterator[tuple[int, frozenset[Saying]]]:
        """The texts that may say both sides of a denial, with all that they may say of denials.

        Given are signs and the texts that have them, as `in_text` tells them.
        """
        found, saying = self._denials(sign)
        texts, rows = np.unique(of[found], return_inverse=True)
        may = np.zeros((len(texts), len(self._denying)), np.bool_)
        may[rows, saying] = True
        both = np.flatnonzero((may[:, self._both[:, 0]] & may[:, self._both[:, 1]]).any(axis=1))
        for row in both.tolist():
            yield int(texts[row]), frozenset([self._denying[each] for each in np.flatnonzero(may[row])])


def _sides(denial: Denial) -> tuple[Saying, Saying]:
    return denial.words, denial.against


@lru_cache(maxsize=1)
def all_signs() -> Signs:
    """The signs of the rules that ship with Longlist."""
    return Signs()


@lru_cache(maxsize=1)
def denials_by_field() -> dict[str, list[tuple[Denial, frozenset[Saying]]]]:
    """By the question it is answered under, what may contradict a tick, and the sayings of both sides."""
    found: dict[str, list[tuple[Denial, frozenset[Saying]]]] = {}
    for denial in load_rules().denials:
        for field in denial.fields:
            found.setdefault(field, []).append((denial, frozenset(_sides(denial))))
    return found
