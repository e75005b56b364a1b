"""A service as texts, and those cut into passages that can be quoted: each a verbatim piece of one value.

Everything that judges a listing works on these. A piece of a list (a feature, a benefit) is a passage; prose
is cut at the ends of sentences, where a judge asks for it. An option that was chosen is no prose and no text.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import msgspec

from catalogue.model import Service
from catalogue.rules import TOP_FIELDS, Saying
from catalogue.rules.sayings import Span
from catalogue.scan import Scan, Scanner, sentence_spans
from catalogue.text import tokens_with_spans, words
from catalogue.vocabulary import AliasMatch, Tokens, Vocabulary, spaced

__all__ = ["Lens", "Listing", "Passage", "Text", "read_listing", "sentence_spans"]

#: A text of so many different items is a list of words and claims little of each.
STUFFED = 8
_BETWEEN = re.compile(r"[,/|•]")
#: The part of a record that a passage stands in, as the topic table names them.
FIELDS = ("name", "description", "features", "benefits", "categories", "price", "answers")
#: Those of them that are lists of short lines.
LINES = ("features", "benefits")


def field_bit(field: str, *, listed: bool) -> int:
    """The bit that stands for a field; where only a list has something, it is another one."""
    return 1 << FIELDS.index(field) + len(FIELDS) * listed


def items_in(text: str) -> int:
    """How many different things a text lists; the same word fifty times is one."""
    if not _BETWEEN.search(text):
        return 1
    return len({item.strip().casefold() for item in _BETWEEN.split(text)})


def is_list(text: str) -> bool:
    """Whether a text lists so many things that it says little of any: what buyers complain of most."""
    return may_be_list(text) and _is_list(text)


def may_be_list(text: str) -> bool:
    """Whether a text has enough of what stands between the items of a list; quick to tell."""
    return text.count(",") + text.count("/") + text.count("|") + text.count("•") >= STUFFED - 1


@lru_cache(maxsize=16384)
def _is_list(text: str) -> bool:
    return items_in(text) >= STUFFED * (1 + text.count("."))


@dataclass(frozen=True)
class Lens:
    """What the texts of a profile's listings are read with: names that are known, and what is looked for."""

    vocabulary: Vocabulary
    scanner: Scanner
    #: The groups of which it is asked where their names mean something else.
    asked: frozenset[str] = frozenset()
    _tokens: dict[str, Tokens] = dataclasses.field(default_factory=dict, repr=False)
    _stems: dict[str, list[tuple[int, str]]] = dataclasses.field(default_factory=dict, repr=False)
    _around: dict[tuple[str, ...], str] = dataclasses.field(default_factory=dict, repr=False)
    #: The texts that were cut into passages.
    cut: list[Text] = dataclasses.field(default_factory=list, repr=False)

    def let_go(self) -> None:
        """Give back the memory of texts that were read closely; what they may hold stays known."""
        self._tokens.clear()
        self._stems.clear()
        self._around.clear()
        for text in self.cut:
            # They hold each other.
            text.__dict__.pop("passages", None)
        self.cut.clear()

    def tokens(self, text: str) -> Tokens:
        """The words of a text with their places; a text that many listings share is read once."""
        found = self._tokens.get(text)
        if found is None:
            found = self._tokens[text] = tokens_with_spans(text)
        return found

    def stems(self, text: str) -> list[tuple[int, str]]:
        """The stems of a text that a wanted term is told by, each with its place."""
        found = self._stems.get(text)
        if found is None:
            found = self._stems[text] = self.scanner.stems(self.tokens(text))
        return found

    def names(
        self, text: str, beside: tuple[str, ...]
    ) -> tuple[tuple[AliasMatch, ...], tuple[AliasMatch, ...]]:
        """The names in a text that the vocabulary knows, with the context of the texts beside it.

        Behind them those of ``asked`` that stand there and seem to mean something else.
        """

        def around() -> str:
            if beside not in self._around:
                found = [word for other in beside for word in words(other)]
                self._around[beside] = spaced(found) if beside else ""
            return self._around[beside]

        tokens = self.scanner.respelt(self.tokens(text))
        found, refused = self.vocabulary.read(text, tokens, around, self.asked)
        return tuple([name for name in found if not name.is_plain]), tuple(refused)


class Text(msgspec.Struct, frozen=True, eq=False, dict=True):
    """One value of a listing that is prose. ``question`` is the canonical id, or the label of a top field."""

    label: str
    question: str
    field: str
    text: str
    scan: Scan
    lens: Lens
    #: The texts that give a name in this one its context, besides itself.
    beside: tuple[str, ...] = ()
    #: Its place among the texts of its listing.
    place: int = 0

    @cached_property
    def tokens(self) -> Tokens:
        """Its words with their places."""
        return self.lens.tokens(self.text)

    @property
    def is_list(self) -> bool:
        """Whether it is no more than a list, see `is_list`."""
        return is_list(self.text)

    @property
    def names(self) -> tuple[AliasMatch, ...]:
        """The names in it that the vocabulary knows. They are read in the whole value: it gives context."""
        return self._read[0]

    @property
    def refused(self) -> tuple[AliasMatch, ...]:
        """The names in it that are also words, and seem to be the word here."""
        return self._read[1]

    @cached_property
    def _read(self) -> tuple[tuple[AliasMatch, ...], tuple[AliasMatch, ...]]:
        return self.lens.names(self.text, self.beside)

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """Its sentences."""
        self.lens.cut.append(self)
        return tuple(
            [
                Passage(self.label, self.question, self.field, self.text[start:end], start, self)
                for start, end in self.scan.sentences
            ]
        )


class Passage(msgspec.Struct, frozen=True, eq=False, dict=True):
    """One quotable piece. ``text`` is a substring of one value of ``label``, character for character."""

    label: str
    question: str
    field: str
    text: str
    start: int = 0
    of: Text | None = None

    @cached_property
    def names(self) -> tuple[AliasMatch, ...]:
        """The names in it that the vocabulary knows; their places are those in the whole value."""
        end = self.start + len(self.text)
        found = self.of.names if self.of is not None else ()
        return tuple(match for match in found if self.start <= match.start < end)

    def place_of(self, name: AliasMatch) -> Span:
        """Where one of its names lies in it, and not in the whole value."""
        return name.start - self.start, name.end - self.start

    @cached_property
    def terms(self) -> frozenset[str]:
        """Its terms among those that are looked for; see `catalogue.terms`."""
        if self.of is None:
            return frozenset()
        end = self.start + len(self.text)
        found = set(self.of.lens.scanner.wanted(self.of.lens.stems(self.of.text), self.start, end))
        if self.of.scan.named:
            found.update(f"={match.group.name}" for match in self.names)
        return frozenset(found)


@dataclass(frozen=True, eq=False)
class Listing:
    """A service with its texts in page order, and which of them may hold what is looked for."""

    service: Service
    texts: tuple[Text, ...]
    price: Passage | None
    #: By term, the texts that have it, and the fields of these (see `field_bit`).
    terms: Mapping[str, Sequence[Text]]
    fields: Mapping[str, int]
    lens: Lens = dataclasses.field(repr=False)
    _says: dict[tuple[Saying, frozenset[str]], bool] = dataclasses.field(default_factory=dict, repr=False)

    @cached_property
    def sayings(self) -> Mapping[Saying, Sequence[Text]]:
        """By saying, the texts with its words."""
        sayings: dict[Saying, list[Text]] = {}
        for text in self.texts:
            for saying in text.scan.sayings:
                sayings.setdefault(saying, []).append(text)
        return sayings

    def saying(
        self, saying: Saying, fields: frozenset[str] = frozenset()
    ) -> Iterator[tuple[Passage, tuple[Span, ...]]]:
        """The prose passages under ``fields`` that hold a saying, with its places in each.

        Where no field is named, categories are left out: they are chosen from a list and say little.
        """
        for text in self._texts_with(saying):
            if text.question in fields if fields else text.field != "categories":
                for number, spans in text.scan.saying(saying):
                    yield text.passages[number], spans

    def says(self, saying: Saying, fields: frozenset[str] = frozenset()) -> bool:
        """Whether any of these passages holds a saying; remembered, as several needs ask."""
        said = self._says.get((saying, fields))
        if said is None:
            said = self._says[saying, fields] = any(True for _ in self.saying(saying, fields))
        return said

    def may_say(self, saying: Saying) -> bool:
        """Whether any text has the words of a saying."""
        return bool(self._texts_with(saying))

    def _texts_with(self, saying: Saying) -> Sequence[Text]:
        """The texts that may hold a saying; all, where it is none that every text is searched for."""
        return self.sayings.get(saying, () if saying in self.lens.scanner.sayings else self.texts)

    @cached_property
    def systems_named(self) -> frozenset[str]:
        """The systems and platforms that its texts name beside what is looked for."""
        kinds = ("system", "platform")
        return frozenset(
            name.group.name for text in self.named for name in text.names if name.group.kind in kinds
        )

    @cached_property
    def named(self) -> tuple[Text, ...]:
        """The texts that name something that is looked for."""
        return tuple(text for text in self.texts if text.scan.named and text.names)


def read_listing(service: Service, lens: Lens) -> Listing:
    """Take a service's texts, and note what each may hold."""
    texts = tuple(_texts(service, lens))
    terms: dict[str, list[Text]] = {}
    fields: dict[str, int] = {}
    for text in texts:
        has = text.scan.terms
        if text.scan.named and text.field != "categories":
            has = has.union(f"={match.group.name}" for match in text.names)
        bit = field_bit(text.field, listed=text.is_list) if has else 0
        for term in has:
            terms.setdefault(term, []).append(text)
            fields[term] = fields.get(term, 0) | bit
    label, price = TOP_FIELDS["price"], service.record.price
    priced = Passage(label, label, "price", price) if price else None
    return Listing(service, texts, priced, terms, fields, lens)


def _texts(service: Service, lens: Lens) -> Iterator[Text]:
    scan = lens.scanner.scan
    values = list(values_of(service))
    # What a listing is about gives the names in all of its texts their context.
    beside = tuple([value for _, _, field, value in values if field != "answers"])
    for place, (label, question, field, value) in enumerate(values):
        yield Text(label, question, field, value, scan(value), lens, beside, place)


def values_of(service: Service) -> Iterator[tuple[str, str, str, str]]:
    """Every value of a service that is prose, in page order: label, question, field and the value."""
    record = service.record
    lists: tuple[tuple[str, Sequence[str]], ...] = (
        ("name", (record.name,)),
        ("description", (record.description,) if record.description else ()),
        ("features", record.features or ()),
        ("benefits", record.benefits or ()),
        ("categories", tuple(path[-1] for path in record.categories or () if path)),
    )
    for field, values in lists:
        label = TOP_FIELDS[field]
        for value in values:
            yield label, label, field, value
    known = {
        (answered.label, answered.values): (question, answered.options)
        for question, answers in service.answers.items()
        for answered in answers
    }
    for section in record.sections or ():
        for answer in section.answers:
            question, options = known.get((answer.question, answer.values), (answer.question, ()))
            for number, value in enumerate(answer.values):
                if not options or options[number] is None:
                    yield answer.question, question, "answers", value
