"""Typing errors: what a word that the catalogue does not have was meant to be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from catalogue.ordinary import how_common, is_ordinary
from db.catalogue import Catalogue
from db.index import all_of, any_of, count, phrase
from db.words import Lexicon, is_word

#: Of a text that finds too little, words are also corrected that so small a share of the services have …
_HARDLY_KNOWN = 0.0005
#: … to words that are so many times as frequent: listings have typing errors too. Names of systems are often
#: mistyped, and are what people look for.
_TIMES_MORE, _TIMES_MORE_NAMED = 20, 3
#: … or are words of everyday English so many times as frequent as the word that was typed: planing, planning.
_SAID_MORE = 200
#: American endings and how the same words are spelt here.
_SPELLINGS = tuple(
    (re.compile(american), british)
    for american, british in (
        (r"og(s|ing|ed)?$", r"ogue\1"),
        (r"ter(s|ed)?$", r"tre\1"),
        (r"iz(e|es|ed|ing|ation|ations)$", r"is\1"),
        (r"yz(e|es|ed|ing)$", r"ys\1"),
        (r"([bhlv])or(s|al|ed|ing)?$", r"\1our\2"),
        (r"ense(s|d)?$", r"ence\1"),
        (r"ram(s)?$", r"ramme\1"),
        (r"([aeiou])l(ed|ing|er|ers)$", r"\1ll\2"),
    )
)
#: Neighbours on both sides that decide between two corrections.
_NEIGHBOURS = 2


def british_of(word: str) -> Iterator[str]:
    """The words that an American spelling may stand for, whether or not there are such."""
    for american, british in _SPELLINGS:
        written, changed = american.subn(british, word)
        if changed:
            yield written


class Corrector:
    """Corrects words by the words of one catalogue; when ``doubting``, also those that hardly any has."""

    def __init__(self, catalogue: Catalogue, lexicon: Lexicon, *, doubting: bool) -> None:
        self._catalogue = catalogue
        self._lexicon = lexicon
        self._hardly_known = max(1.0, _HARDLY_KNOWN * lexicon.total) if doubting else 0.0

    def meant(self, typed: Sequence[str], number: int) -> str | None:
        """What the word at this place of what was typed was meant to be; ``None`` where it stands."""
        # The lexicon is a little behind the index; what it knows of is there.
        services = self._lexicon.services.get(typed[number]) or self._count(phrase([typed[number]]))
        if services > self._hardly_known:
            return None
        british = None if services else self._british(typed[number])
        return british or self._meant(typed, number, services)

    def _british(self, word: str) -> str | None:
        return next((each for each in british_of(word) if self._count(phrase([each]))), None)

    def _meant(self, typed: Sequence[str], number: int, services: int) -> str | None:
        word, known = typed[number], self._lexicon.services
        is_known = word in self._lexicon.known or (not services and word in known)
        if not is_word(word) or is_known or self._is_joined(typed, number):
            return None
        before = typed[max(0, number - _NEIGHBOURS) : number]
        after = typed[number + 1 : number + 1 + _NEIGHBOURS]
        candidates = [near for near in self._lexicon.nearest(word) if self._is_meant(near, services)]
        if is_ordinary(word):
            # A word of everyday English that no listing has stands, unless a system is called nearly so or a
            # word is so near that people say many times as often.
            often = _SAID_MORE * how_common(word)
            candidates = [
                near for near in candidates if near in self._lexicon.names or how_common(near) >= often
            ]
        if candidates:
            return max(candidates, key=lambda near: self._company(near, before, after))
        if services:
            return None
        for cut in range(3, len(word) - 2):
            if self._count(phrase([word[:cut], word[cut:]])):
                return f"{word[:cut]} {word[cut:]}"
        if number == len(typed) - 1:
            begun = [longer for longer in known if longer.startswith(word) and known[longer]]
            if begun:
                return max(begun, key=lambda longer: (known[longer], longer))
        return self._lexicon.sounding_like(word)

    def _is_meant(self, near: str, services: int) -> bool:
        """Whether a word is so much more frequent than what was typed, or the name of a system."""
        more = _TIMES_MORE if near not in self._lexicon.names else _TIMES_MORE_NAMED
        return self._lexicon.services[near] >= more * services

    def _company(self, word: str, before: Sequence[str], after: Sequence[str]) -> tuple[int, int]:
        """How often a word stands beside its neighbours, then how often in the same service."""
        beside = [phrase([*before[-1:], word])] if before else []
        beside += [phrase([word, after[0]])] if after else []
        if not beside:
            return (0, 0)
        together = all_of(phrase([other]) for other in (word, *before, *after))
        return (self._count(any_of(beside)), self._count(together))

    def _is_joined(self, typed: Sequence[str], number: int) -> bool:
        """Whether the word and a neighbour are one word that somebody wrote apart."""
        around = typed[max(0, number - 1) : number + 2]
        return any(left + right in self._lexicon.services for left, right in pairwise(around))

    def _count(self, match: str) -> int:
        return count(self._catalogue, match)
