"""A service cut into passages that can be quoted: each a verbatim piece of one value, with its words.

Everything that judges a listing works on these. A piece of a list (a feature, a benefit) is a passage; prose is
cut at the ends of sentences and at semicolons; a chosen option is a passage of its own and holds no prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from catalogue.model import Service
from catalogue.questions import Crosswalk
from catalogue.rules import TOP_FIELDS, Saying, straight
from catalogue.text import tokens_with_spans
from catalogue.vocabulary import AliasMatch, Vocabulary

#: The part of a record that a passage stands in, as the topic table names them.
FIELDS = ("name", "description", "features", "benefits", "categories", "price", "answers")

_ENDS = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+|\n+|;\s+")


@dataclass(frozen=True, slots=True)
class Passage:
    """One quotable piece. ``text`` is a substring of one value of ``label``, character for character.

    ``question`` is the canonical id, or the label of a top field; ``chosen`` says that the value is an option
    and no prose. ``names`` are those that the vocabulary knows.
    """

    label: str
    question: str
    field: str
    text: str
    words: tuple[str, ...]
    chosen: bool = False
    names: tuple[AliasMatch, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """A service with its passages in page order."""

    service: Service
    passages: tuple[Passage, ...]

    def under(self, fields: frozenset[str]) -> Iterator[Passage]:
        """The prose passages under the named questions and top fields; all prose where none is named."""
        return (
            passage
            for passage in self.passages
            if not passage.chosen and (not fields or passage.question in fields)
        )


def read_listing(service: Service, vocabulary: Vocabulary, crosswalk: Crosswalk) -> Listing:
    """Cut a service into passages, and mark the names in each."""
    return Listing(service, tuple(_passages(service, vocabulary, crosswalk)))


def _passages(service: Service, vocabulary: Vocabulary, crosswalk: Crosswalk) -> Iterator[Passage]:
    record = service.record
    lists: tuple[tuple[str, Sequence[str]], ...] = (
        ("name", (record.name,)),
        ("description", (record.description or "",)),
        ("features", record.features or ()),
        ("benefits", record.benefits or ()),
    )
    head = f"{record.name} {record.description or ''}"
    around = [word for word, _, _ in tokens_with_spans(head)]
    for field, values in lists:
        label = TOP_FIELDS[field]
        beside = (
            around if field == "name" else [w for value in values for w, _, _ in tokens_with_spans(value)]
        )
        for value in values:
            yield from _cut(value, label, label, field, vocabulary, beside)
    for path in record.categories or ():
        for name in path[-1:]:
            words = tuple(word for word, _, _ in tokens_with_spans(name))
            yield Passage(TOP_FIELDS["categories"], TOP_FIELDS["categories"], "categories", name, words)
    if record.price:
        yield Passage(TOP_FIELDS["price"], TOP_FIELDS["price"], "price", record.price, (), chosen=True)
    framework, lot = record.framework.slug, record.lot.slug
    for section in record.sections or ():
        for answer in section.answers:
            question = crosswalk.question_for(framework, lot, answer.question)
            identity = question.id if question else answer.question
            for value in answer.values:
                chosen = question is not None and crosswalk.option_for(question, value, framework) is not None
                if chosen:
                    yield Passage(answer.question, identity, "answers", value, (), chosen=True)
                else:
                    yield from _cut(value, answer.question, identity, "answers", vocabulary, ())


def _cut(
    value: str, label: str, question: str, field: str, vocabulary: Vocabulary, around: Sequence[str]
) -> Iterator[Passage]:
    """The passages of one value. Names are looked for in the whole value, which is what gives them context."""
    tokens = tokens_with_spans(value)
    named = vocabulary.find_in(value, tokens, around)
    for start, end in sentence_spans(value):
        inside = tuple(word for word, at, _ in tokens if start <= at < end)
        names = tuple(match for match in named if start <= match.start < end)
        yield Passage(label, question, field, value[start:end], inside, names=names)


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


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """A word without its common English endings: enough to compare, not to read."""
    if len(word) <= 3 or not word.isalpha():
        return word
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: len(word) - len(ending)] + instead
            break
    for ending in ("ation", "ition", "ment", "at", "or", "er", "al", "e", "i", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            word = word[: -len(ending)]
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "sl":
        word = word[:-1]
    return word


_ENDINGS = (
    ("ations", "ation"),
    ("ies", "y"),
    ("sses", "ss"),
    ("ches", "ch"),
    ("xes", "x"),
    ("ings", ""),
    ("ing", ""),
    ("ied", "y"),
    ("ed", ""),
    ("ss", "ss"),
    ("us", "us"),
    ("is", "is"),
    ("s", ""),
)


@dataclass(frozen=True, slots=True)
class Reading:
    """How far a passage can be believed: what it denies, only plans, or charges extra for."""

    denies: tuple[tuple[int, int], ...]
    planned: bool
    costs: bool


def read_cues(text: str, exempt: Saying, denies: Saying, planned: Saying, costs: Saying) -> Reading:
    """Find denials in a passage, leaving sayings aside that only look like one."""
    plain = list(straight(text))
    for start, end in exempt.find(text):
        plain[start:end] = "\x00" * (end - start)
    masked = "".join(plain)
    return Reading(tuple(denies.find(masked)), planned.occurs(masked), costs.occurs(masked))
