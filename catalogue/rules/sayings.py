"""Words and phrases to look for in prose, many at once and each compiled when it is first met.

A text is searched for what stands in every phrase, as a string of words with single spaces; only the phrases
that it may have are then looked for by their patterns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, product

from ahocorasick_rs import AhoCorasick

from catalogue.rules.variants import spelt_out, tokens_of

#: Where something lies in a text: from, to.
Span = tuple[int, int]
#: What a text with a phrase has for each of its words: one of some words, or one of some literals.
WordsOf = tuple[tuple[frozenset[str], tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Saying:
    """Words and phrases to look for in plain text (see `plain`). Equal to itself alone."""

    phrases: tuple[str, ...]

    def find(self, text: str) -> tuple[Span, ...]:
        """The spans of all occurrences in ``text``."""
        return _found(self, text)

    def occurs(self, text: str) -> bool:
        """Whether any of the phrases is in ``text``."""
        return bool(_found(self, text))


def saying(phrases: Iterable[str]) -> Saying:
    """Phrases to look for: ``*`` alone is one word, ``**`` up to four, at the end of a word any ending."""
    return Saying(tuple(phrases))


def spans_of(phrases: tuple[str, ...], text: str) -> tuple[Span, ...]:
    """The spans of any of some phrases; of those that overlap the first counts, then the longest."""
    small = plain(text)
    found: list[Span] = []
    for phrase in phrases:
        pattern, at_word = _pattern(phrase)
        match = pattern.search(small)
        while match is not None:
            start, end = match.span()
            if at_word and start and (small[start - 1].isalnum() or small[start - 1] in "_-"):
                end = start + 1
            else:
                found.append((start, end))
            match = pattern.search(small, end)
    if len(found) > 1:
        found = _apart(found)
    return tuple(found)


def _apart(spans: Iterable[Span]) -> list[Span]:
    """The spans that overlap none before them."""
    apart: list[Span] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not apart or start >= apart[-1][1]:
            apart.append((start, end))
    return apart


@lru_cache(maxsize=8192)
def _found(saying: Saying, text: str) -> tuple[Span, ...]:
    """The spans of a saying; remembered, as many needs look for the same in the same passages."""
    phrases = _phrases_of(saying).said_in(flat(text))
    return spans_of(phrases, text) if phrases else ()


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """The text in small letters with straight quotes and plain spaces, each in its place: spans stay true."""
    return text.translate(_PLAIN).lower()


@lru_cache(maxsize=4096)
def flat(text: str) -> str:
    """The words of a text in small letters, with a space before, between and after them."""
    if not text.isascii():
        text = _BETWEEN.sub(" ", plain(text))
    return f" {' '.join(text.translate(_SPACED).split())} "


def let_go() -> None:
    """Give back the memory of the texts that were looked through."""
    for remembered in (_found, plain, flat):
        remembered.cache_clear()


#: With the one letter of Unicode that has two characters when it is small.
_PLAIN = str.maketrans({"’": "'", "‘": "'", "\u00a0": " ", "–": "-", "—": "-", "‑": "-", "‐": "-", "İ": "i"})
_SPACED = {number: chr(number).lower() if chr(number).isalnum() else " " for number in range(128)} | {
    ord("£"): " £ "
}
_BETWEEN = re.compile(r"[^\w£]|_")
_WORD = r"[\w£'/.@&+-]+"
#: What stands for any word, and for up to four.
_GAPS = ("*", "**")
#: Up to four words between two others.
_GAP = rf"(?:{_WORD}[\s-]+){{0,4}}"


class Literals:
    """Strings that flat texts are searched for all at once, each with what it may be a sign of."""

    def __init__(self, signs: Iterable[tuple[str, int]], always: Iterable[int]) -> None:
        by_literal: dict[str, list[int]] = {}
        for literal, sign in signs:
            if literal in by_literal:
                by_literal[literal].append(sign)
            else:
                by_literal[literal] = [sign]
        self._signs = list(by_literal.values())
        self._always = frozenset(always)
        self._automaton = AhoCorasick(list(by_literal))

    def __len__(self) -> int:
        return len(self._signs)

    def in_text(self, text: str) -> frozenset[int]:
        """What a flat text may hold."""
        return self.signed({hit[0] for hit in self.places(text)})

    def places(self, text: str) -> list[tuple[int, int, int]]:
        """The number of each literal in a flat text, and where it lies: from, to."""
        return self._automaton.find_matches_as_indexes(text, overlapping=True)

    def signed(self, literals: Iterable[int]) -> frozenset[int]:
        """What a text with these literals may hold, none of them included."""
        return self._always.union(*[self._signs[literal] for literal in literals])


class _Phrases:
    """The phrases of one saying."""

    def __init__(self, phrases: tuple[str, ...]) -> None:
        self._phrases = phrases
        literals = [literals_of(phrase) for phrase in phrases]
        self._literals = Literals(
            ((literal, number) for number, found in enumerate(literals) for literal in found),
            (number for number, found in enumerate(literals) if not found),
        )

    def said_in(self, text: str) -> tuple[str, ...]:
        """The phrases that a flat text may have, in order."""
        may = [self._phrases[number] for number in sorted(self._literals.in_text(text))]
        if not may:
            return ()
        words = set(text.split())
        return tuple([phrase for phrase in may if has_words(words_of(phrase), text, words)])


@lru_cache(maxsize=1024)
def _phrases_of(saying: Saying) -> _Phrases:
    return _Phrases(saying.phrases)


@lru_cache(maxsize=32768)
def literals_of(phrase: str) -> frozenset[str]:
    """What a flat text has one of where it has a phrase; none where that cannot be told.

    It is the longest run of words without a gap, however its hyphens are written, of each of its variants.
    What lies between two gaps is spelt out by itself: all of it together may be thousands of variants.
    """
    parts = [
        {_longest_run(variant) for variant in spelt_out(" ".join(part))}
        for is_gap, part in groupby(tokens_of(phrase), key=_GAPS.__contains__)
        if not is_gap
    ]
    shortest = [min(map(_letters, runs)) for runs in parts]
    found: set[str] = set()
    for number, runs in enumerate(parts):
        # Of runs of the same length the first is the longest.
        before, after = max(shortest[:number], default=-1), max(shortest[number + 1 :], default=0)
        for run in runs:
            if _letters(run) > before and _letters(run) >= after:
                literals = _literals_of(run)
                if not literals:
                    return frozenset()
                found |= literals
    return frozenset(found)


def has_words(needed: WordsOf, text: str, words: set[str]) -> bool:
    """Whether a flat text that has the literals of a phrase has something for each of its words too.

    Most that have the longest run of a phrase with gaps have nothing of the rest, and this is told at once.
    ``words`` are those of the text.
    """
    for whole, others in needed:
        if words.isdisjoint(whole):
            for literal in others:
                if literal in text:
                    break
            else:
                return False
    return True


@lru_cache(maxsize=8192)
def words_of(phrase: str) -> WordsOf:
    """For each word of a phrase, or choice of words, its literals: first those that are one whole word.

    None where the literals of the phrase say all.
    """
    if "*" not in phrase:
        return ()
    found: list[tuple[frozenset[str], tuple[str, ...]]] = []
    for token in tokens_of(plain(phrase)):
        if literals := literals_of(token):
            whole = {
                literal
                for literal in literals
                if literal == f" {literal.strip()} " and " " not in literal[1:-1]
            }
            found.append((frozenset(map(str.strip, whole)), tuple(sorted(literals - whole))))
    # What has fewest forms is missing most often.
    return tuple(sorted(found, key=lambda each: len(each[0]) + len(each[1])))


def _longest_run(phrase: str) -> tuple[str, ...]:
    """The words of the longest run without a gap, by letters; the first of some that are equally long."""
    runs: list[list[str]] = [[]]
    for word in (phrase.lower() if phrase.isascii() else plain(phrase)).split():
        if word not in _GAPS:
            runs[-1].append(word)
        if word.endswith("*"):
            runs.append([])
    return tuple(max(runs, key=_letters))


def _letters(run: Iterable[str]) -> int:
    return len("".join(run))


def _literals_of(longest: Sequence[str]) -> frozenset[str]:
    begun = "".join(longest).endswith("*")
    if (letters := "".join(longest).rstrip("*")).isalnum() and letters.isascii():  # most, and they are flat
        words = " ".join(longest).rstrip("*")
        return frozenset([f" {words}" if begun else f" {words} "])
    found: set[str] = set()
    for written in product(*((word.replace("-", " "), word.replace("-", "")) for word in longest)):
        literal = flat(" ".join(written))
        if literal.isspace():
            return frozenset()
        found.add(literal.rstrip() if begun else literal)
    return frozenset(found)


@lru_cache(maxsize=4096)
def _pattern(phrase: str) -> tuple[re.Pattern[str], bool]:
    """A phrase as a word or words of a text, and whether it has to begin where a word does.

    The pattern does not ask that: one that begins with its letters is found several times as fast.
    """
    return re.compile(_phrase_pattern(phrase)), spelt_out(phrase)[0][0].isalnum()


def _phrase_pattern(phrase: str) -> str:
    between = r"[\s-]+"
    parts = [_token_pattern(token) for token in tokens_of(plain(phrase))]
    return between.join(parts).replace(_GAP + between, _GAP)


def _token_pattern(part: str) -> str:
    if part in _GAPS:
        return _WORD if part == "*" else _GAP
    if "{" in part:
        chosen = sorted(map(_phrase_pattern, spelt_out(part)), key=len, reverse=True)
        return f"(?:{'|'.join(chosen)})"
    pattern = re.escape(part.rstrip("*")).replace(r"\-", r"[\s-]?")
    return pattern + (r"\w*" if part.endswith("*") else r"(?!\w)" * part[-1].isalnum())
