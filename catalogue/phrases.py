"""What a text may say of many sayings, told all at once; and the marks that stand for these in an index."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256

from catalogue.rules import Denial, Rules, Saying, saying
from catalogue.rules.sayings import Literals, has_words, literals_of, words_of


class Phrases:
    """Many sayings, looked for all at once. What is found may be said; only a saying can tell that it is."""

    def __init__(self, sayings: Iterable[Saying]) -> None:
        self._all = [(each, phrase) for each in dict.fromkeys(sayings) for phrase in each.phrases]
        literals = [(literals_of(phrase), number) for number, (_, phrase) in enumerate(self._all)]
        self._literals = Literals(
            ((literal, number) for found, number in literals for literal in found),
            (number for found, number in literals if not found),
        )

    def sayings_in(self, text: str) -> frozenset[Saying]:
        """What a flat text may say (see `catalogue.rules.sayings.flat`)."""
        return frozenset([self._all[number][0] for number in self._literals.in_text(text)])

    def places(self, text: str) -> list[tuple[int, int, int]]:
        """What in a flat text is a sign of sayings, by its number, and where it lies: from, to."""
        return self._literals.places(text)

    def signed(self, signs: Iterable[int]) -> frozenset[Saying]:
        """What a text with these signs may say, which may be something where there are none."""
        return frozenset([self._all[number][0] for number in self._literals.signed(signs)])

    def by_sign(self) -> list[frozenset[Saying]]:
        """For each sign, by its number, what a text with it may say."""
        return [self.signed((number,)) for number in range(len(self._literals))]

    def said_in(self, text: str) -> dict[Saying, tuple[str, ...]]:
        """The same with the phrases that it may say it by."""
        may: dict[Saying, tuple[str, ...]] = {}
        words: set[str] | None = None
        for number in sorted(self._literals.in_text(text)):
            saying, phrase = self._all[number]
            if needed := words_of(phrase):
                if words is None:
                    words = set(text.split())
                if not has_words(needed, text, words):
                    continue
            may[saying] = (*may[saying], phrase) if saying in may else (phrase,)
        return may


def sayings_of(rules: Rules) -> list[Saying]:
    """The sayings by which it is told what any service may hold, whatever the profile."""
    found = [row.words for need in rules.needs for row in need.evidence if row.words is not None]
    found += [part for denial in rules.denials for part in (denial.words, denial.against)]
    return found + [each for words in rules.audiences.values() for each in apart(words)]


@lru_cache(maxsize=64)
def apart(words: Saying) -> tuple[Saying, ...]:
    """The phrases of a saying by themselves, as it matters how many different ones a listing has.

    One that has another in it is left out: a text with it has the other.
    """
    found = [f" {phrase} ".replace("* ", "") for phrase in words.phrases]
    return tuple(
        saying((phrase,))
        for phrase, own in zip(words.phrases, found, strict=True)
        if not any(own != other and other in f"{own} " for other in found)
    )


def choice_mark(question: str, option: str | None) -> str:
    """What stands among the words of a service that chose an option, or answered in other words."""
    return f"{question}={option or ''}"


@lru_cache(maxsize=4096)
def mark_of(saying: Saying) -> str:
    """What stands for a saying among the words of a service; the same for the same phrases."""
    return f"~{sha256('|'.join(saying.phrases).encode()).hexdigest()[:16]}"


def denial_mark(denial: Denial) -> str:
    """What stands among the words of a service whose prose may contradict what it ticks."""
    return f"!{mark_of(denial.words)}{mark_of(denial.against)}"
