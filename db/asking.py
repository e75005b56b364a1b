"""What a user typed, as groups of things to find: words, phrases, other names of a thing, corrected words."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from catalogue.model import Assumed
from catalogue.text import normalise, tokens_with_spans, words
from catalogue.vocabulary import Vocabulary
from db.catalogue import Catalogue
from db.words import Lexicon, is_word, load_lexicon

#: What is read of a text that somebody pasted by mistake.
_LONGEST_TEXT = 400
_MOST_GROUPS = 12
#: Numbers of services that are remembered.
_COUNTS = 5000
#: Words that listings need for grammar: asked for only within a phrase, or where there is nothing else.
_GRAMMAR = frozenset(
    words("a an and are as at be by for from in is of on or our that the their this to we with your")
)
#: Of a text that finds too little, words are also corrected that so small a share of the services have …
_HARDLY_KNOWN = 0.0005
#: … to words that are so many times as frequent: listings have typing errors too.
_TIMES_MORE = 20
_QUOTED = re.compile(r'"([^"]*)"')
#: Words that may stand between the words of a name.
_NEAR = 8
#: The share of services from which on a word is no clue.
_COMMON = 0.3
#: Neighbours on both sides that decide between two corrections.
_NEIGHBOURS = 2


@dataclass(frozen=True, slots=True)
class Asked:
    """A text understood: ``groups`` are what a service should have, in the index's own query language.

    ``aliases`` are (as typed, other names looked for), for the user to see.
    """

    groups: tuple[str, ...] = ()
    assumed: tuple[Assumed, ...] = ()
    aliases: tuple[tuple[str, str], ...] = ()


def understand(catalogue: Catalogue, text: str, vocabulary: Vocabulary, *, doubting: bool = False) -> Asked:
    """Read what was typed, whatever it is: text that holds no word at all gives no groups.

    Words that no service has are corrected; when ``doubting``, words that hardly any has as well.
    """
    return _Reading(catalogue, vocabulary, doubting).read(text)


def phrase(tokens: Iterable[str]) -> str:
    """Words next to each other, in the index's query language; nothing in them can be taken for syntax."""
    return '"' + " ".join(tokens).replace('"', '""') + '"'


def all_of(matches: Iterable[str]) -> str:
    """Services that have each of these."""
    return " AND ".join(f"({match})" for match in matches)


def any_of(matches: Iterable[str]) -> str:
    """Services that have at least one of these."""
    return " OR ".join(f"({match})" for match in matches)


@dataclass(frozen=True, slots=True)
class _Token:
    """A word with its place in the text, and the match that stands for it if it is not the word itself."""

    word: str
    start: int
    end: int
    match: str = ""


class _Reading:
    """One text being read, with the catalogue at hand to see which words it has."""

    def __init__(self, catalogue: Catalogue, vocabulary: Vocabulary, doubting: bool) -> None:
        self._catalogue = catalogue
        self._vocabulary = vocabulary
        self._doubting = doubting
        self._assumed: list[Assumed] = []

    def read(self, text: str) -> Asked:
        text = normalise(text.replace("\x00", " "))[:_LONGEST_TEXT]
        quoted = [tokens for part in _QUOTED.findall(text) if (tokens := words(part))]
        rest = _QUOTED.sub(" ", text)
        rest = self._corrected(rest)
        matches = [phrase(tokens) for tokens in quoted]
        aliases: list[tuple[str, str]] = []
        covered: list[tuple[int, int]] = []
        for surface, others in self._vocabulary.expansions(rest):
            start = rest.find(surface, covered[-1][1] if covered else 0)
            covered.append((start, start + len(surface)))
            matches.append(self._named(surface, others))
            aliases.append((surface, ", ".join(others)))
        free = [
            _Token(*token)
            for token in tokens_with_spans(rest)
            if not any(start <= token[1] < end for start, end in covered)
        ]
        for token in self._joined(_telling(free, matches)):
            others = self._other_names(token)
            if others:
                aliases.append((token.word, ", ".join(others)))
            matches.append(self._named(token.word, others) if others else token.match or phrase([token.word]))
        groups = tuple(dict.fromkeys(matches))[:_MOST_GROUPS]
        return Asked(groups, tuple(self._assumed), tuple(aliases))

    def _corrected(self, text: str) -> str:
        """The text with each word that the catalogue does not have replaced by the one it was meant to be."""
        tokens = [_Token(*token) for token in tokens_with_spans(text)][: 3 * _MOST_GROUPS]
        names = [surface for surface, _ in self._vocabulary.expansions(text)]
        named = {word for name in names for word in words(name)}
        corrected = text
        for number in reversed(range(len(tokens))):
            token = tokens[number]
            if token.word in named or token.word in _GRAMMAR:
                continue
            services = self._count(phrase([token.word]))
            hardly_known = max(1, _HARDLY_KNOWN * self._lexicon().total) if self._doubting else 0
            if services > hardly_known:
                continue
            meant = self._meant(tokens, number, services)
            if meant is not None:
                self._assumed.insert(0, Assumed(token.word, meant))
                corrected = corrected[: token.start] + meant + corrected[token.end :]
        return corrected

    def _meant(self, tokens: list[_Token], number: int, services: int) -> str | None:
        """What the word at this place, which so many services have, was meant to be, or ``None``."""
        typed = tokens[number].word
        lexicon = self._lexicon()
        is_name = not services and typed in lexicon.services
        if not is_word(typed) or is_name or self._is_joined(tokens, number):
            return None
        before = [token.word for token in tokens[max(0, number - _NEIGHBOURS) : number]]
        after = [token.word for token in tokens[number + 1 : number + 1 + _NEIGHBOURS]]
        candidates = [
            word for word in lexicon.nearest(typed) if lexicon.services[word] >= _TIMES_MORE * services
        ]
        if candidates:
            return max(candidates, key=lambda word: self._company(word, before, after))
        if services:
            return None
        for cut in range(3, len(typed) - 2):
            if self._count(phrase([typed[:cut], typed[cut:]])):
                return f"{typed[:cut]} {typed[cut:]}"
        if number == len(tokens) - 1:
            begun = (word for word in lexicon.services if word.startswith(typed) and lexicon.services[word])
            return max(begun, key=lambda word: (lexicon.services[word], word), default=None)
        return None

    def _company(self, word: str, before: list[str], after: list[str]) -> tuple[int, int]:
        """How often a word stands beside its neighbours, then how often in the same service."""
        beside = [phrase([*before[-1:], word])] if before else []
        beside += [phrase([word, after[0]])] if after else []
        if not beside:
            return (0, 0)
        together = all_of(phrase([other]) for other in (word, *before, *after))
        return (self._count(any_of(beside)), self._count(together))

    def _is_joined(self, tokens: list[_Token], number: int) -> bool:
        """Whether the word and a neighbour are one word that somebody wrote apart."""
        known = self._lexicon().services
        pairs = zip(tokens[max(0, number - 1) : number + 1], tokens[number : number + 2], strict=False)
        return any(left.word + right.word in known for left, right in pairs if left is not right)

    def _joined(self, tokens: list[_Token]) -> Iterator[_Token]:
        """The words, with two neighbours that the catalogue also has as one word looked for as either."""
        known = self._lexicon().services
        number = 0
        while number < len(tokens):
            token = tokens[number]
            after = tokens[number + 1] if number + 1 < len(tokens) else None
            joined = token.word + after.word if after else ""
            if after and min(len(token.word), len(after.word)) >= 3 and known.get(joined):
                apart = all_of(phrase([part.word]) for part in (token, after))
                yield _Token(joined, token.start, after.end, any_of([phrase([joined]), apart]))
                number += 2
            else:
                yield token
                number += 1

    def _named(self, surface: str, others: Iterable[str]) -> str:
        """A thing under any of its names. The words of the name as typed may also stand a little apart."""
        matches = [phrase(tokens) for tokens in _phrases((surface, *others))]
        apart = [phrase([word]) for word in words(surface) if word not in _GRAMMAR]
        common = _COMMON * self._lexicon().total
        # Words that every other service has stand near each other by chance, and take long to look for.
        if len(apart) > 1 and all(self._count(word) <= common for word in apart):
            matches.append(f"NEAR({' '.join(apart)}, {_NEAR})")
        return any_of(dict.fromkeys(matches))

    def _other_names(self, token: _Token) -> tuple[str, ...]:
        """In doubt, the other names of a word that is only sometimes a name, and has no context here."""
        group = self._vocabulary.group_of(token.word) if self._doubting and not token.match else None
        return tuple(name for name in group.names if name not in group.gated) if group else ()

    def _count(self, match: str) -> int:
        return count(self._catalogue, match)

    def _lexicon(self) -> Lexicon:
        names = (word for group in self._vocabulary.groups for name in group.names for word in words(name))
        return self._catalogue.remembered("lexicon", lambda: load_lexicon(self._catalogue, names))


def count(catalogue: Catalogue, match: str) -> int:
    """How many services have this."""
    sql = "SELECT count(*) FROM service_fts WHERE service_fts MATCH :match"
    return catalogue.remembered(
        "counts", lambda: int(catalogue.rows(sql, {"match": match})[0][0]), of=match, most=_COUNTS
    )


def weight(services: int, total: int) -> float:
    """How telling it is that a service has something which so many have: the rarer, the more."""
    return math.log(1 + (total - services + 0.5) / (services + 0.5))


def _telling(tokens: list[_Token], others: list[str]) -> list[_Token]:
    """Without the words of grammar, unless nothing else is asked for."""
    telling = [token for token in tokens if token.word not in _GRAMMAR]
    return telling if telling or others else tokens


def _phrases(names: Iterable[str]) -> list[tuple[str, ...]]:
    """The names as words without grammar at their ends, ``and`` also left out; none that contains another."""
    found: dict[tuple[str, ...], None] = {}
    for name in names:
        tokens = words(name)
        telling = [number for number, word in enumerate(tokens) if word not in _GRAMMAR]
        if telling:
            core = tokens[telling[0] : telling[-1] + 1]
            found[tuple(core)] = None
            found[tuple(word for word in core if word != "and")] = None
    padded = {tokens: f" {' '.join(tokens)} " for tokens in found}
    return [
        tokens
        for tokens in found
        if not any(padded[other] in padded[tokens] for other in found if other != tokens)
    ]
