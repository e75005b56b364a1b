"""What a text may hold of all that is looked for, told by its words alone, so that little is read closely.

A catalogue holds millions of sentences of which a profile concerns few. Every saying, term and name has words
that a text must have; those are looked up once per text, and only where they all occur is the text cut into
sentences and read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from catalogue.concepts import Stems
from catalogue.rules import Saying, plain
from catalogue.terms import COMMON, related, stem
from catalogue.text import normalise
from catalogue.vocabulary import AliasGroup, Tokens, parts_of

Span = tuple[int, int]
#: What a word may be part of: a wanted term, sayings and related terms with the others they need, a name.
_Telling = tuple[
    str | None,
    Sequence[tuple[Saying, frozenset[str]]],
    bool,
    Sequence[tuple[str, frozenset[str]]],
]
_WORDS = re.compile(r"\d+(?:\.\d+)+|[^\W_]+")
_STARRED = re.compile(r"(?:\d+(?:\.\d+)+|[^\W_]+)\*?")
_ENDS = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+|\n+")


class Scan:
    """One text, whatever listings have it: what it may hold, and where its sentences lie."""

    __slots__ = ("_found", "_sentences", "named", "sayings", "terms", "text")

    def __init__(self, text: str, sayings: frozenset[Saying], terms: frozenset[str], named: bool) -> None:
        self.text = text
        #: The sayings whose words it has; whether it says them is for `Scan.saying` to tell.
        self.sayings = sayings
        #: The wanted terms among its words; names are not words.
        self.terms = terms
        #: Whether it has the words of a wanted name.
        self.named = named
        self._found: dict[Saying, list[tuple[int, list[Span]]]] = {}
        self._sentences: list[Span] | None = None

    @property
    def sentences(self) -> list[Span]:
        """Where its sentences lie, without the white space around them."""
        if self._sentences is None:
            self._sentences = sentence_spans(self.text)
        return self._sentences

    def saying(self, saying: Saying) -> list[tuple[int, list[Span]]]:
        """The sentences that hold a saying, by number, with its places in each."""
        found = self._found.get(saying)
        if found is None:
            found = self._found[saying] = list(self._saying(saying))
        return found

    def _saying(self, saying: Saying) -> Iterator[tuple[int, list[Span]]]:
        if not saying.occurs(self.text):
            return
        for number, (start, end) in enumerate(self.sentences):
            if spans := saying.find(self.text[start:end]):
                yield number, spans


class Scanner:
    """Everything that is looked for, by the words that a text must have for it."""

    def __init__(
        self,
        sayings: Iterable[Saying],
        terms: Iterable[str],
        groups: Iterable[AliasGroup],
        near: Mapping[str, Iterable[Stems]] = MappingProxyType({}),
    ) -> None:
        self.sayings = frozenset(sayings)
        self._terms = frozenset(terms)
        #: stem -> the terms that it, with the other stems of its phrase, is related to.
        self._near: dict[str, list[tuple[str, frozenset[str]]]] = {}
        for term, phrases in near.items():
            for stems in sorted(set(phrases)):
                key = max(stems, key=len)
                self._near.setdefault(key, []).append((related(term), frozenset(stems) - {key}))
        #: word or beginning of a word -> what it may be part of, with the other words needed.
        self._exact: dict[str, list[tuple[Saying, frozenset[str]]]] = {}
        self._begun: dict[str, list[tuple[Saying, frozenset[str]]]] = {}
        for saying in sorted(self.sayings, key=lambda found: found.phrases):
            for phrase in saying.phrases:
                self._note(saying, _STARRED.findall(plain(phrase)))
        self._names: dict[str, list[tuple[frozenset[str], re.Pattern[str] | None]]] = {}
        for group in groups:
            for name in group.names:
                self._note_name(name, gated=name in group.gated)
        self._known: dict[str, _Telling | None] = {}
        self._scans: dict[str, Scan] = {}

    def scan(self, text: str) -> Scan:
        """What a text may hold. Texts that many listings share are read once."""
        found = self._scans.get(text)
        if found is None:
            found = self._scans[text] = self._scan(text)
        return found

    def _scan(self, text: str) -> Scan:
        words = set(_WORDS.findall(plain(text)))
        known = self._known
        sayings: set[Saying] = set()
        terms: set[str] = set()
        named = False
        for word in words:
            telling = known[word] if word in known else self._learn(word)
            if telling is None:
                continue
            term, entries, names, near = telling
            if term is not None:
                terms.add(term)
            for found, others in near:
                if found not in terms and (not others or others <= {stem(each) for each in words}):
                    terms.add(found)
            for saying, others in entries:
                if saying not in sayings and others <= words:
                    sayings.add(saying)
            if names and not named:
                named = self._may_name(word, words, text)
        return Scan(text, frozenset(sayings), frozenset(terms), named)

    def wanted(self, tokens: Tokens, start: int, end: int) -> Iterable[str]:
        """The wanted terms among the words of a part of a text."""
        said = [stem(word) for word, at, _ in tokens if start <= at < end and word not in COMMON]
        for term in said:
            if term in self._terms:
                yield term
            for found, others in self._near.get(term, ()):
                if not others or others.issubset(said):
                    yield found

    def _note(self, saying: Saying, words: Sequence[str]) -> None:
        """File a phrase under its longest word; one of which only the beginning is given counts for less."""
        if not words:
            return
        whole = [word for word in words if not word.endswith("*")]
        key = max(whole or words, key=len)
        others = frozenset(word for word in whole if word != key)
        if key.endswith("*"):
            self._begun.setdefault(key[:-1], []).append((saying, others))
        else:
            self._exact.setdefault(key, []).append((saying, others))

    def _note_name(self, name: str, *, gated: bool) -> None:
        words = _WORDS.findall(" ".join(parts_of(name)))
        if not words:
            return
        first = words[0]
        capital = re.compile(rf"(?<![^\W_]){re.escape(first[0].upper())}(?i:{re.escape(first[1:])})")
        key = max(words, key=len)
        self._names.setdefault(key, []).append((frozenset(words), capital if gated else None))

    def _may_name(self, word: str, words: set[str], text: str) -> bool:
        return any(
            needed <= words and (capital is None or capital.search(text) is not None or text == text.lower())
            for needed, capital in self._names[word]
        )

    def _learn(self, word: str) -> _Telling | None:
        """What a word may be part of, remembered; ``None`` for most words."""
        plain_word = word if word.isascii() else normalise(word)
        term = stem(plain_word) if plain_word not in COMMON and len(plain_word) > 1 else None
        near = self._near.get(term or "", ())
        if term not in self._terms:
            term = None
        entries = list(self._exact.get(word, ()))
        for length in range(1, len(word) + 1):
            entries += self._begun.get(word[:length], ())
        names = word in self._names
        found = (term, entries, names, near) if term is not None or entries or names or near else None
        self._known[word] = found
        return found


def sentence_spans(value: str) -> list[Span]:
    """Where the sentences of a value lie, without the white space around them."""
    spans: list[Span] = []
    start = 0
    for gap in (*_ENDS.finditer(value), None):
        end = gap.start() if gap else len(value)
        piece = value[start:end]
        if kept := piece.strip():
            first = start + piece.index(kept[0])
            spans.append((first, first + len(kept)))
        start = gap.end() if gap else len(value)
    return spans
