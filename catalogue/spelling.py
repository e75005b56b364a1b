"""Words of listings that are misspelt: suppliers type *repiars*, *Liquidlogik* and *counciltax* too.

Only what is looked for is ever meant, and only by a word that is neither English nor part of a name that is
known: a word that is right as it stands is never taken for its neighbour.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from rapidfuzz.distance import OSA

from catalogue.ordinary import is_ordinary
from catalogue.terms import stem

#: A word of fewer letters has too many neighbours to be another one misspelt.
_FEWEST = 6
#: The letters of the shorter of two words written as one, at least.
_HALF = 3
#: Endings that the list of English words often leaves to the reader.
_ENDINGS = ("s", "es", "d", "ed", "ing", "r", "rs", "er", "ers")


class Spellings:
    """Some words, or their stems, and what other words are one of them with a single typing error."""

    def __init__(
        self, words: Iterable[str], pairs: Iterable[tuple[str, str]] = (), known: Collection[str] = ()
    ) -> None:
        """``pairs`` are those of the words that stand side by side somewhere, and may be written as one.

        ``known`` are words of names, which are right as they stand: *Mosaic* is no *Mosaiq* misspelt.
        """
        self._pairs = frozenset(pairs)
        self._known = known
        #: By each word, and by what is left of it without any one of its letters.
        self._near: dict[str, list[str]] = {}
        for word in sorted(set(words)):
            if len(word) >= _FEWEST and word.isalpha():
                for spelling in _without_one(word):
                    self._near.setdefault(spelling, []).append(word)

    def meant_by(self, word: str) -> str | None:
        """Which of the words is meant: a letter too many, too few, another, or two of them changed round.

        The first letter is right, as few mistype that. A word that is right as it stands means none.
        """
        meant = self._near_by(word)
        return None if meant is None or self._is_right(word) else meant

    def _near_by(self, word: str) -> str | None:
        if len(word) < _FEWEST or not word.isalpha():
            return None
        for spelling in _without_one(word):
            for meant in self._near.get(spelling, ()):
                if meant[0] == word[0] and OSA.distance(word, meant) == 1:
                    return meant
        return None

    def stems_meant_by(self, word: str) -> tuple[str, ...]:
        """The same of stems, for a word as it is written; or two of them, where it is two words in one."""
        if len(word) < _FEWEST or not word.isalpha():
            return ()
        meant = self._near_by(stem(word))
        if meant is not None:
            return () if self._is_right(word) else (meant,)
        for cut in range(_HALF, len(word) - _HALF + 1):
            both = stem(word[:cut]), stem(word[cut:])
            if both in self._pairs:
                return () if self._is_right(word) else both
        return ()

    def _is_right(self, word: str) -> bool:
        return word in self._known or _is_english(word)


def _is_english(word: str) -> bool:
    """Whether a word is English, as it stands, without its ending, or as it is spelt in America."""
    forms = {word, *(word.removesuffix(ending) for ending in _ENDINGS)}
    forms |= {each.replace("ys", "yz").replace("is", "iz") for each in forms}
    return any(is_ordinary(each) for each in forms if len(each) >= _FEWEST - 1)


def _without_one(word: str) -> set[str]:
    """A word, and what is left of it without any one of its letters."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}
