"""Words that say nearly the same in public services, so that a listing is found by what it means.

The families are rows of ``concepts.toml``. They are looser than the names of `catalogue.vocabulary`: what is
found by a related word counts for less than what is found by the word itself.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from catalogue.errors import DataFileError
from catalogue.terms import stem
from catalogue.text import words

#: A word or phrase as it is compared: the stems of its words.
Stems = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Concept:
    """One family of words and short phrases, and why they belong together."""

    words: tuple[str, ...]
    reason: str
    #: It only widens searches: too loose for judging a listing.
    loose: bool = False
    #: Its words are names of one and the same thing, and not only of what belongs together.
    near: bool = False


@dataclass(frozen=True, slots=True)
class Concepts:
    """The families, by the stems of each of their words."""

    families: tuple[Concept, ...]
    _by_stems: Mapping[Stems, tuple[Concept, ...]]
    #: The most words that any phrase has.
    longest: int

    def related(self, text: str) -> tuple[str, ...]:
        """The other words and phrases of the families that a word or phrase belongs to, in table order.

        Compared by stem, so that ``booked`` belongs where ``booking`` does; empty for what no family has.
        """
        return self._others(text, self._by_stems.get(stems_of(text), ()))

    def same(self, text: str) -> tuple[str, ...]:
        """Those of the related words and phrases that are other names of the same thing."""
        return self._others(text, [each for each in self._by_stems.get(stems_of(text), ()) if each.near])

    def _others(self, text: str, families: Sequence[Concept]) -> tuple[str, ...]:
        own = stems_of(text)
        found = {stems_of(word): word for family in reversed(families) for word in reversed(family.words)}
        found.pop(own, None)
        return tuple(reversed(found.values()))

    def phrases_in(self, text: str) -> Iterator[str]:
        """The words and phrases of a text that a family has, longest first at each place, not overlapping."""
        said = words(text)
        compared = [stem(word) for word in said]
        at = 0
        while at < len(said):
            for length in range(min(self.longest, len(said) - at), 0, -1):
                if tuple(compared[at : at + length]) in self._by_stems:
                    yield " ".join(said[at : at + length])
                    at += length
                    break
            else:
                at += 1


@lru_cache(maxsize=16384)
def stems_of(text: str) -> Stems:
    """A word or phrase by the stems of its words."""
    return tuple(stem(word) for word in words(text))


@lru_cache(maxsize=2)
def load_concepts(*, loose: bool = False) -> Concepts:
    """The shipped families, read once; with those that only widen searches, if ``loose``.

    Raises `DataFileError` naming the row that is wrong.
    """
    every = _shipped()
    return every if loose else build_concepts(family for family in every.families if not family.loose)


@lru_cache(maxsize=1)
def _shipped() -> Concepts:
    """Every family of the table, read once for both."""
    return parse_concepts(resources.files("catalogue").joinpath("concepts.toml").read_text(encoding="utf-8"))


def parse_concepts(text: str, source: str = "concepts.toml") -> Concepts:
    """Read the table. Raises `DataFileError` naming the row that is wrong and what it should be."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DataFileError(f"{source}: not TOML: {error}") from None
    rows = table.get("concept", [])
    if set(table) - {"concept"} or not isinstance(rows, list) or not rows:
        raise DataFileError(
            f"{source}: expected [[concept]] rows and nothing else, found {', '.join(table) or 'none'}"
        )
    return build_concepts(
        _concept(row, f"{source}: concept {number}") for number, row in enumerate(rows, start=1)
    )


def build_concepts(families: Iterable[Concept]) -> Concepts:
    """Index families by each of their words."""
    kept = tuple(families)
    by_stems: dict[Stems, list[Concept]] = {}
    for family in kept:
        for stems in dict.fromkeys(stems_of(word) for word in family.words):
            by_stems.setdefault(stems, []).append(family)
    return Concepts(
        kept, {stems: tuple(found) for stems, found in by_stems.items()}, max(map(len, by_stems), default=0)
    )


def _concept(row: object, place: str) -> Concept:
    if not isinstance(row, dict):
        raise DataFileError(f"{place}: expected a table, found {row!r}")
    if unknown := sorted(set(row) - {"words", "reason", "loose", "near"}):
        raise DataFileError(f"{place}: unknown key {unknown[0]!r}; expected words, reason, loose and near")
    found, reason = row.get("words"), row.get("reason")
    if not isinstance(found, list) or not all(isinstance(word, str) and words(word) for word in found):
        raise DataFileError(f"{place}: words must be a list of words and phrases, found {found!r}")
    place = f"{place} ({', '.join(found[:2])})"
    if len({stems_of(word) for word in found}) < 2:
        raise DataFileError(f"{place}: a family has at least two words that differ by more than their ending")
    if not isinstance(reason, str) or not reason.strip():
        raise DataFileError(f"{place}: reason must be text, found {reason!r}")
    loose = row.get("loose", False)
    if not isinstance(loose, bool):
        raise DataFileError(f"{place}: loose must be true or false, found {loose!r}")
    near = row.get("near", False)
    if not isinstance(near, bool):
        raise DataFileError(f"{place}: near must be true or false, found {near!r}")
    return Concept(tuple(found), reason, loose, near)
