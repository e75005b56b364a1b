"""What a text may hold of all that is looked for, told by its words alone, so that little is read closely.

A catalogue holds millions of sentences of which a profile concerns few. Every saying, term and name has words
that a text must have; those are looked up once per text, and only where they all occur is the text cut into
sentences and read.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from types import MappingProxyType

from catalogue.concepts import Stems
from catalogue.phrases import Phrases
from catalogue.rules import Saying, plain
from catalogue.rules.sayings import Span, flat, spans_of
from catalogue.spelling import Spellings
from catalogue.terms import COMMON, related, stem
from catalogue.text import normalise
from catalogue.vocabulary import AliasGroup, Tokens, parts_of

#: What a word may be part of: wanted terms, a name, related terms with the other stems they need.
_Telling = tuple[frozenset[str], bool, Sequence[tuple[str, frozenset[str]]]]
_WORDS = re.compile(r"\d+(?:\.\d+)+|[^\W_]+")
_POINT = re.compile(r"\.\d")
_DOTTED = re.compile(r"\d+(?:\.\d+)+")
#: Every character of ASCII that is in no word becomes a space, capitals small letters.
_SPACED = {number: chr(number).lower() if chr(number).isalnum() else " " for number in range(128)}
#: What ends a sentence, from its last mark on, and the white space behind. It begins with one of a few
#: characters, as what begins with a look behind is found several times as slowly.
_ENDS = re.compile(r"[.!?…\n](?:(?<!\n)[\"'”’)]*\s+|(?<=\n)\n*)")


class Scan:
    """One text, whatever listings have it: what it may hold, and where its sentences lie."""

    __slots__ = ("_found", "_phrases", "_sayings", "_sentences", "named", "terms", "text")

    def __init__(self, text: str, phrases: Phrases, terms: frozenset[str], named: bool) -> None:
        self.text = text
        self._phrases = phrases
        self._sayings: dict[Saying, tuple[str, ...]] | None = None
        #: The wanted terms among its words; names are not words.
        self.terms = terms
        #: Whether it has the words of a wanted name.
        self.named = named
        self._found: dict[Saying, list[tuple[int, tuple[Span, ...]]]] = {}
        self._sentences: list[Span] | None = None

    @property
    def sayings(self) -> Mapping[Saying, tuple[str, ...]]:
        """The sayings whose words it has, and the phrases; whether it says them is for `saying` to tell."""
        if self._sayings is None:
            self._sayings = self._phrases.said_in(flat(self.text))
        return self._sayings

    @property
    def sentences(self) -> list[Span]:
        """Where its sentences lie, without the white space around them."""
        if self._sentences is None:
            self._sentences = sentence_spans(self.text)
        return self._sentences

    def saying(self, saying: Saying) -> list[tuple[int, tuple[Span, ...]]]:
        """The sentences that hold a saying, by number, with its places in each."""
        found = self._found.get(saying)
        if found is None:
            found = self._found[saying] = list(self._saying(saying))
        return found

    def _saying(self, saying: Saying) -> Iterator[tuple[int, tuple[Span, ...]]]:
        if saying not in self.sayings:
            spans = saying.find(self.text)
        else:
            spans = spans_of(self.sayings[saying], self.text)
        if not spans:
            return
        numbers = [bisect_right(self.sentences, (start, len(self.text))) - 1 for start, _ in spans]
        if all(end <= self.sentences[number][1] for number, (_, end) in zip(numbers, spans, strict=True)):
            for number, found in groupby(zip(numbers, spans, strict=True), key=itemgetter(0)):
                first = self.sentences[number][0]
                yield number, tuple([(start - first, end - first) for _, (start, end) in found])
            return
        # It reaches from one sentence into the next: none says it so, but each may beside.
        for number, (start, end) in enumerate(self.sentences):
            if within := saying.find(self.text[start:end]):
                yield number, within


class Scanner:
    """Everything that is looked for, by the words that a text must have for it."""

    def __init__(
        self,
        sayings: Iterable[Saying],
        terms: Iterable[str],
        groups: Sequence[AliasGroup],
        near: Mapping[str, Iterable[Stems]] = MappingProxyType({}),
        *,
        own: Iterable[AliasGroup] = (),
        pairs: Iterable[tuple[str, str]] = (),
        known: Collection[str] = (),
    ) -> None:
        """Look for all of these; ``own`` are the groups of which a misspelt name counts, too.

        ``pairs`` are terms that stand side by side where they are wanted, ``known`` words that are never
        misspelt.
        """
        self.sayings = frozenset(sayings)
        self.terms = frozenset(terms)
        #: stem -> the terms that it, with the other stems of its phrase, is related to.
        self._near: dict[str, list[tuple[str, frozenset[str]]]] = {}
        #: By term, the stems of what says nearly the same.
        self.near = near
        for term, phrases in near.items():
            for stems in sorted(set(phrases)):
                key = max(stems, key=len)
                self._near.setdefault(key, []).append((related(term), frozenset(stems) - {key}))
        #: For each of those other stems, the words met that have it.
        self._with_stem: dict[str, set[str]] = {
            other: set() for found in self._near.values() for _, others in found for other in others
        }
        self._stems = _TellingStems(
            self.terms.union(found for phrases in near.values() for stems in phrases for found in stems)
        )
        self._spellings = Spellings(self.terms, pairs, known)
        parts = (part for group in own for name in group.names for part in _name_words(name))
        self._own = Spellings(parts, known=known)
        #: By word, the stems that are meant by it, where it is misspelt.
        self._meant: dict[str, tuple[str, ...]] = {}
        #: By word, the word of a name that is meant by it.
        self._spelt: dict[str, str] = {}
        self._phrases = Phrases(self.sayings)
        #: By the longest word of a name all of its words, and whether it has to have a capital.
        self._names: dict[str, list[tuple[frozenset[str], bool]]] = {}
        for group in groups:
            for name in group.names:
                self._note_name(name, gated=name in group.gated)
        #: By group, the words of each of its names.
        self.names = {
            group.name: tuple(frozenset(_name_words(name)) for name in group.names if _name_words(name))
            for group in groups
        }
        #: What words may be part of, of those that may, and all the words of which it is known.
        self._tells: dict[str, _Telling] = {}
        self._telling_words: set[str] = set()
        self._known: set[str] = set()
        self._scans: dict[str, Scan] = {}

    def scan(self, text: str) -> Scan:
        """What a text may hold. Texts that many listings share are read once."""
        found = self._scans.get(text)
        if found is None:
            found = self._scans[text] = self._scan(text)
        return found

    def _scan(self, text: str) -> Scan:
        words = set(flat(text).split())
        if not text.isascii() or _POINT.search(text):
            words = set(words_in(text))
        for word in words - self._known:
            self._learn(word)
        terms: set[str] = set()
        named = False
        for word in words & self._telling_words:
            own, names, near = self._tells[word]
            terms |= own
            for found, others in near:
                if found not in terms and not any(
                    words.isdisjoint(self._with_stem[other]) for other in others
                ):
                    terms.add(found)
            if names and not named:
                named = self._may_name(word, words, text)
        return Scan(text, self._phrases, frozenset(terms), named)

    def stems(self, tokens: Tokens) -> list[tuple[int, str]]:
        """The stems among some words that a wanted term is told by, each with its place."""
        stems = self._stems
        found = [(at, found) for word, at, _ in tokens if (found := stems[word])]
        if self._meant:
            found += [(at, meant) for word, at, _ in tokens for meant in self._meant.get(word, ())]
        return found

    def wanted(self, stems: Iterable[tuple[int, str]], start: int, end: int) -> Iterable[str]:
        """The wanted terms among the words of a part of a text."""
        said = [found for at, found in stems if start <= at < end]
        for term in said:
            if term in self.terms:
                yield term
            for found, others in self._near.get(term, ()):
                if not others or others.issubset(said):
                    yield found

    def _note_name(self, name: str, *, gated: bool) -> None:
        words = _name_words(name)
        if not words:
            return
        key = max(words, key=len)
        self._names.setdefault(key, []).append((frozenset(words), gated))

    def _may_name(self, word: str, words: set[str], text: str) -> bool:
        for needed, gated in self._names[word]:
            if needed <= words and (not gated or _capital(word).search(text) or text == text.lower()):
                return True
        return False

    def _learn(self, word: str) -> None:
        """Find out what a word may be part of: for most, nothing."""
        self._known.add(word)
        if (own := stem(word)) in self._with_stem:
            self._with_stem[own].add(word)
        plain_word = word if word.isascii() else normalise(word)
        term = stem(plain_word) if plain_word not in COMMON and len(plain_word) > 1 else ""
        near = self._near.get(term, ())
        wanted = self.terms & {term}
        names = word in self._names
        if wanted or names or near:
            wanted |= {found for found, others in near if not others}
            told: _Telling = wanted, names, [each for each in near if each[1]]
        else:
            told = self._misspelt(plain_word)
        if any(told):
            self._tells[word] = told
            self._telling_words.add(word)

    def _misspelt(self, word: str) -> _Telling:
        """What a word may be part of that is none of those looked for: one of them misspelt."""
        name = self._own.meant_by(word)
        if name is not None:
            self._spelt[word] = name
            self._names[word] = [(frozenset(), False)]
            return frozenset(), True, ()
        meant = self._spellings.stems_meant_by(word)
        if meant:
            self._meant[word] = meant
        return frozenset(meant), False, ()

    def respelt(self, tokens: Tokens) -> Tokens:
        """Words with their places, those that are the words of a name misspelt as that has them."""
        if not self._spelt:
            return tokens
        return [(self._spelt.get(word, word), start, end) for word, start, end in tokens]


class _TellingStems(dict[str, str]):
    """By word its stem, where a wanted term is told by it; others have none. Filled as words are met."""

    def __init__(self, telling: frozenset[str]) -> None:
        self._telling = telling

    def __missing__(self, word: str) -> str:
        found = "" if word in COMMON else stem(word)
        self[word] = found = found if found in self._telling else ""
        return found


@lru_cache(maxsize=4096)
def _capital(word: str) -> re.Pattern[str]:
    """A word that has a capital letter, as *Confirm* and *iTrent* have."""
    small = rf"(?<!{re.escape(word)})" if word[0].isalpha() else ""
    return re.compile(rf"(?<![^\W_])[{word[0].upper()}{word[0]}](?i:{re.escape(word[1:])}){small}")


def _name_words(name: str) -> list[str]:
    return _WORDS.findall(" ".join(parts_of(name)))


def words_in(text: str) -> list[str]:
    """The words of a text by which it is told what it may hold; simpler than those of `catalogue.text`.

    They come in no particular order.
    """
    if not text.isascii():
        return _WORDS.findall(plain(text))
    # Many times as quick as looking for words in a pattern.
    return split_words(text, text.translate(_SPACED).split())


def split_words(text: str, pieces: list[str]) -> list[str]:
    """The words of an ASCII text that was cut into pieces at all that is neither letter nor digit."""
    for start, end in _dotted(text):
        if text[end : end + 1].isalpha():
            return _WORDS.findall(text.lower())
        pieces.append(text[start:end])
        for part in text[start:end].split("."):
            pieces.remove(part)
    return pieces


def _dotted(text: str) -> Iterator[Span]:
    """Where numbers with a point in them lie; a number that goes on from a letter is none."""
    done = 0
    for point in _POINT.finditer(text):
        start = point.start()
        while start > done and text[start - 1].isdigit():
            start -= 1
        if (
            point.start() > start
            and not text[start - 1 : start].isalpha()
            and (found := _DOTTED.match(text, start))
        ):
            done = found.end()
            yield start, done


def sentence_spans(value: str) -> list[Span]:
    """Where the sentences of a value lie, without the white space around them."""
    spans: list[Span] = []
    start = 0
    for gap in (*_ENDS.finditer(value), None):
        end = len(value) if gap is None else gap.start() + (value[gap.start()] != "\n")
        piece = value[start:end]
        if kept := piece.strip():
            first = start + piece.index(kept[0])
            spans.append((first, first + len(kept)))
        start = gap.end() if gap else len(value)
    return spans
