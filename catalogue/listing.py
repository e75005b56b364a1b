"""A service cut into passages that can be quoted: each a verbatim piece of one value, with its words.

Everything that judges a listing works on these. A piece of a list (a feature, a benefit) is a passage; prose
is cut at the ends of sentences; a chosen option is a passage of its own and holds no prose.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from catalogue.model import Service
from catalogue.questions import Crosswalk
from catalogue.rules import TOP_FIELDS, Saying, plain
from catalogue.terms import terms_of
from catalogue.text import tokens_with_spans
from catalogue.vocabulary import AliasMatch, Tokens, Vocabulary, spaced

#: The part of a record that a passage stands in, as the topic table names them.
FIELDS = ("name", "description", "features", "benefits", "categories", "price", "answers")

Span = tuple[int, int]
_ENDS = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+|\n+")


@dataclass(frozen=True, slots=True)
class Passage:
    """One quotable piece. ``text`` is a substring of one value of ``label``, character for character.

    ``question`` is the canonical id, or the label of a top field; ``terms`` are what is compared of it.
    ``chosen`` says that the value is an option and no prose; ``names`` are those that the vocabulary knows.
    """

    label: str
    question: str
    field: str
    text: str
    terms: frozenset[str] = frozenset()
    chosen: bool = False
    names: tuple[AliasMatch, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """A service with its passages in page order, and where each of their words and terms occurs."""

    service: Service
    passages: tuple[Passage, ...]
    #: The prose passages with a word, by number, for finding phrases without reading everything.
    words: Mapping[str, frozenset[int]]
    #: The words in order, for those of which only the beginning is known.
    ordered: Sequence[str]
    #: The passages with a term, by number.
    terms: Mapping[str, Sequence[int]]

    def under(self, fields: frozenset[str]) -> Iterator[Passage]:
        """The prose passages under the named questions and top fields; all prose where none is named."""
        return (
            passage
            for passage in self.passages
            if not passage.chosen and (not fields or passage.question in fields)
        )

    def saying(
        self, saying: Saying, fields: frozenset[str] = frozenset()
    ) -> Iterator[tuple[Passage, list[Span]]]:
        """The prose passages under ``fields`` that hold a saying, with its places in each.

        Where no field is named, categories are left out: they are chosen from a list and say little.
        """
        numbers: set[int] = set()
        for words in saying.words:
            numbers |= self._with_all(words)
        for number in sorted(numbers):
            passage = self.passages[number]
            listed = passage.question in fields if fields else passage.field != "categories"
            if listed and (spans := saying.find(passage.text)):
                yield passage, spans

    def _with_all(self, words: Sequence[str]) -> frozenset[int]:
        """The passages with all of these words; one that ends in ``*`` may go on."""
        common: frozenset[int] | None = None
        for word in words:
            found = self._with(word)
            common = found if common is None else common & found
            if not common:
                break
        return frozenset(range(len(self.passages))) if common is None else common

    def _with(self, word: str) -> frozenset[int]:
        if not word.endswith("*"):
            return self.words.get(word, _NOWHERE)
        found: set[int] = set()
        beginning = word[:-1]
        for at in range(bisect_left(self.ordered, beginning), len(self.ordered)):
            if not self.ordered[at].startswith(beginning):
                break
            found |= self.words[self.ordered[at]]
        return frozenset(found)


_NOWHERE: frozenset[int] = frozenset()
_LETTERS = re.compile(r"[^\W_]+")


def read_listing(service: Service, vocabulary: Vocabulary, crosswalk: Crosswalk) -> Listing:
    """Cut a service into passages, and mark the names in each."""
    passages = tuple(_passages(service, vocabulary, crosswalk))
    words: dict[str, set[int]] = {}
    terms: dict[str, list[int]] = {}
    for number, passage in enumerate(passages):
        if not passage.chosen:
            for word in _LETTERS.findall(plain(passage.text)):
                words.setdefault(word, set()).add(number)
            for term in passage.terms:
                terms.setdefault(term, []).append(number)
    places = {word: frozenset(numbers) for word, numbers in words.items()}
    return Listing(service, passages, places, sorted(places), terms)


def _passages(service: Service, vocabulary: Vocabulary, crosswalk: Crosswalk) -> Iterator[Passage]:
    record = service.record
    lists: tuple[tuple[str, Sequence[str]], ...] = (
        ("name", (record.name,)),
        ("description", (record.description or "",)),
        ("features", record.features or ()),
        ("benefits", record.benefits or ()),
    )
    head = f"{record.name} {record.description or ''}"
    around = spaced(word for word, _, _ in tokens_with_spans(head))
    for field, values in lists:
        label = TOP_FIELDS[field]
        tokens = [tokens_with_spans(value) for value in values]
        beside = around if field == "name" else spaced(word for found in tokens for word, _, _ in found)
        for value, found in zip(values, tokens, strict=True):
            yield from _cut(value, found, vocabulary, beside, Passage(label, label, field, ""))
    for path in record.categories or ():
        for name in path[-1:]:
            terms = terms_of((word for word, _, _ in tokens_with_spans(name)), ())
            yield Passage(TOP_FIELDS["categories"], TOP_FIELDS["categories"], "categories", name, terms)
    if record.price:
        yield Passage(TOP_FIELDS["price"], TOP_FIELDS["price"], "price", record.price, chosen=True)
    framework, lot = record.framework.slug, record.lot.slug
    for section in record.sections or ():
        for answer in section.answers:
            question = crosswalk.question_for(framework, lot, answer.question)
            identity = question.id if question else answer.question
            for value in answer.values:
                chosen = question is not None and crosswalk.option_for(question, value, framework) is not None
                if chosen:
                    yield Passage(answer.question, identity, "answers", value, chosen=True)
                else:
                    blank = Passage(answer.question, identity, "answers", "")
                    yield from _cut(value, tokens_with_spans(value), vocabulary, "", blank)


def _cut(
    value: str, tokens: Tokens, vocabulary: Vocabulary, around: str, blank: Passage
) -> Iterator[Passage]:
    """The passages of one value, like ``blank``. Names are read in the whole value: it gives them context."""
    named = vocabulary.find_in(value, tokens, around)
    for start, end in sentence_spans(value):
        names = tuple(match for match in named if start <= match.start < end)
        terms = terms_of(
            (word for word, at, _ in tokens if start <= at < end), (match.group.name for match in names)
        )
        yield Passage(blank.label, blank.question, blank.field, value[start:end], terms, names=names)


def sentence_spans(value: str) -> list[tuple[int, int]]:
    """Where the sentences of a value lie, without the white space around them."""
    spans: list[tuple[int, int]] = []
    start = 0
    for gap in (*_ENDS.finditer(value), None):
        end = gap.start() if gap else len(value)
        piece = value[start:end]
        if kept := piece.strip():
            first = start + piece.index(kept[0])
            spans.append((first, first + len(kept)))
        start = gap.end() if gap else len(value)
    return spans
