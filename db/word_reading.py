"""The words of services as numbers.

Listings repeat most of what they say: so texts get numbers, and each is handed to the reader and read once.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from catalogue.denials import contradicts
from catalogue.listing import is_list, values_of
from catalogue.model import Service
from catalogue.phrases import choice_mark, denial_mark
from catalogue.rules import Denial, Saying, load_rules
from catalogue.rules.sayings import flat
from catalogue.scan import sentence_spans, split_words, words_in
from catalogue.text import words
from db.signs import BELOW_WORD, WORD, Numbers64, all_signs, denials_by_field, distinct, one_after_another
from db.words import is_word

#: The fields whose words are told apart, lowest bit first; where a list has a word, the bit is six higher.
FIELDS = ("name", "description", "features", "benefits", "categories", "answers")
#: The bits of a number that are for the fields, and those of them that are for lists.
FIELD_BITS = 12
_LISTED = len(FIELDS)
#: The bits of the key of a word in a block that are for the word; the block's are above.
WORD_BITS = 20
BIT_OF = {field: 1 << number for number, field in enumerate(FIELDS)}
#: Characters of text whose numbers are remembered; beyond this they begin anew.
_REMEMBERED = 40_000_000

#: Where in a number the place of a service begins.
PLACE = np.uint64(FIELD_BITS)

Numbers32 = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Said:
    """What some services say. Each of the lists has what the reader was not given before, in order.

    Prose comes in runs: for each, the place of its service and its field, the number of its question, and how
    many texts it has; ``said`` are their numbers. ``chosen`` are the numbers of marks, so many a service.
    """

    services: int
    #: Whether whatever was given before is forgotten.
    afresh: bool
    texts: list[str]
    questions: list[str]
    marks: list[str]
    where: Numbers64
    asked: Numbers32
    runs: Numbers32
    said: Numbers32
    chosen: Numbers32
    choices: Numbers32


class _Numbers(dict[str, int]):
    """The numbers of strings from 0 on; one that is not known yet gets the next one."""

    def __init__(self) -> None:
        super().__init__()
        self.new: list[str] = []

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        self.new.append(word)
        return number

    def take_new(self) -> list[str]:
        """Those that are new since the last call."""
        new, self.new = self.new, []
        return new


class Gathered:
    """Gathers what services say, one after another, for a reader: `take` gives a `Said`."""

    def __init__(self) -> None:
        self._texts, self._questions, self._marks = _Numbers(), _Numbers(), _Numbers()
        self._characters = 0
        self._afresh = True
        self._begin()

    def _begin(self) -> None:
        #: The keys of the services, in the order of their places.
        self.keys: list[int] = []
        self._where, self._asked, self._runs = array("Q"), array("I"), array("I")
        self._said, self._chosen, self._choices = array("I"), array("I"), array("I")

    def mark(self, mark: str) -> int:
        """The number of a mark, which holds as long as this is used."""
        return self._marks[mark]

    def begin(self, key: int) -> None:
        """What is told from here on is of this service."""
        self.keys.append(key)

    def prose(self, field: str, question: str, texts: Sequence[str]) -> None:
        """The texts of one field of the service, under one question."""
        self._where.append(len(self.keys) - 1 << FIELD_BITS | BIT_OF[field])
        self._asked.append(self._questions[question])
        self._runs.append(len(texts))
        if len(texts) == 1:
            self._said.append(self._texts[texts[0]])
        else:
            self._said.extend(map(self._texts.__getitem__, texts))

    def choose(self, marks: Sequence[int]) -> None:
        """The numbers of all marks of the service: to be called once for each."""
        self._chosen.extend(marks)
        self._choices.append(len(marks))

    def take(self, *, everything: bool = False) -> Said:
        """What was said since the last call; with ``everything`` that it refers to, for another reader."""
        new = [each.take_new() for each in (self._texts, self._questions, self._marks)]
        self._characters += sum(map(len, new[0]))
        if everything:
            new = [list(self._texts), list(self._questions), list(self._marks)]
        texts, questions, marks = new
        found = Said(
            services=len(self.keys),
            afresh=self._afresh or everything,
            texts=texts,
            questions=questions,
            marks=marks,
            where=np.array(self._where, np.uint64),
            asked=np.array(self._asked, np.uint32),
            runs=np.array(self._runs, np.uint32),
            said=np.array(self._said, np.uint32),
            chosen=np.array(self._chosen, np.uint32),
            choices=np.array(self._choices, np.uint32),
        )
        self._afresh = False
        return found

    def clear(self) -> None:
        """Be done with these services."""
        self._begin()
        if self._characters > _REMEMBERED:
            # Marks stay: whoever asked for their numbers keeps these.
            self._texts, self._characters, self._afresh = _Numbers(), 0, True
            self._questions.new, self._marks.new = list(self._questions), list(self._marks)


@dataclass(frozen=True, slots=True)
class WordsRead:
    """What some services say. ``words`` are those that the reader had not met before, which it numbers on.

    For each of ``numbers``, the numbers of words in order, ``held`` has from the place in ``starts`` on, in
    order, places of services among those given, and the fields that have the word. ``spelt`` are words of
    table ``word`` that the reader had not met.
    """

    words: list[str]
    spelt: list[str]
    numbers: Numbers64
    starts: NDArray[np.int64]
    held: Numbers32


def held_by_word(numbers: Numbers64) -> tuple[Numbers64, NDArray[np.int64], Numbers32]:
    """The words of sorted numbers, where each begins in what is held, and places and fields, in order.

    Each number is a word, a place and fields; those of one word and one place are put together.
    """
    if not len(numbers):
        return numbers, np.zeros(0, np.int64), numbers.astype(np.uint32)
    holder = numbers >> PLACE
    merged = np.bitwise_or.reduceat(numbers, np.flatnonzero(np.diff(holder, prepend=~holder[:1])))
    word = merged >> WORD
    starts = np.flatnonzero(np.diff(word, prepend=~word[:1]))
    return word[starts], starts, (merged & BELOW_WORD).astype("<u4")


#: What stands between texts that are cut into words together, and its number; no text that is has it.
_END, _END_NUMBER = "\0", 0
#: What makes numbers with a point in them, and every other character of ASCII as `flat` has it.
_POINT = re.compile(r"\.\d")
_SPACED = bytes(ord(chr(number).lower()) if chr(number).isalnum() else 32 for number in range(128))
_SPACED = b"\0" + _SPACED[1:] + bytes(128)


class WordReader:
    """Reads services; what it is given refers to what it was given before."""

    def __init__(self) -> None:
        self._numbers = _Numbers()
        self._numbers[_END] = _END_NUMBER
        #: Whitespace-separated pieces of which the words of table ``word`` are known.
        self._pieces: set[str] = set()
        self._marks: Numbers32 = np.zeros(0, np.uint32)
        #: By the number of a mark among all signs, its number among words; 0 for one not met yet.
        self._mark_words: Numbers64 = np.zeros(0, np.uint64)
        self._forget()

    def _forget(self) -> None:
        self._questions: list[str] = []
        self._marks = np.zeros(0, np.uint32)
        #: By text: where its words begin, with the end of the last; these; and whether it is a list.
        self._begins: NDArray[np.int64] = np.zeros(1, np.int64)
        self._words: Numbers32 = np.zeros(0, np.uint32)
        self._lists: NDArray[np.bool_] = np.zeros(0, np.bool_)
        #: The texts that may say both sides of a denial, with what they may say of denials.
        self._contradicting: dict[int, tuple[str, frozenset[Saying]]] = {}
        self._contradicts: NDArray[np.bool_] = np.zeros(0, np.bool_)
        self._denied: dict[tuple[int, int], tuple[int, ...]] = {}

    def read(self, given: Said) -> WordsRead:
        """The words of some services."""
        if given.afresh:
            self._forget()
        self._questions += given.questions
        self._marks = np.concatenate((self._marks, self._numbered(given.marks)))
        self._learn(given.texts)
        places = np.arange(given.services, dtype=np.uint64) << PLACE
        answers = np.uint64(BIT_OF["answers"])
        chosen = self._marks[given.chosen].astype(np.uint64) << WORD | answers
        chosen |= np.repeat(places, given.choices)
        numbers = np.sort(np.concatenate((chosen, self._denying(given), self._prose(given))))
        return WordsRead(self._numbers.take_new(), self._spelt(given.texts), *held_by_word(numbers))

    def _numbered(self, words: Sequence[str]) -> Numbers32:
        return np.fromiter(map(self._numbers.__getitem__, words), np.uint32, len(words))

    def _prose(self, given: Said) -> Numbers64:
        """The words of texts, with the places and fields of these."""
        begins, lengths = self._begins[given.said], np.diff(self._begins)[given.said]
        where = np.repeat(given.where, given.runs)
        listed = self._lists[given.said]
        fields = where & np.uint64((1 << _LISTED) - 1)
        where[listed] += (fields[listed] << np.uint64(_LISTED)) - fields[listed]
        words = self._words[one_after_another(begins, lengths)]
        found: Numbers64 = words.astype(np.uint64) << WORD | np.repeat(where, lengths)
        return found

    def _denying(self, given: Said) -> Numbers64:
        """The marks of what may contradict a tick: where one sentence has the words of both sides."""
        asked, where = np.repeat(given.asked, given.runs), np.repeat(given.where, given.runs)
        maybe = np.flatnonzero(self._contradicts[given.said])
        found: list[int] = []
        for text, question, service in zip(
            given.said[maybe].tolist(), asked[maybe].tolist(), (where[maybe] >> PLACE).tolist(), strict=True
        ):
            marks = self._denied.get((text, question))
            if marks is None:
                marks = self._denied[text, question] = tuple(
                    self._numbers[denial_mark(denial)] for denial in self._denials_in(text, question)
                )
            for mark in marks:
                found.append((mark << 32) | (service << FIELD_BITS) | BIT_OF["answers"])
        return np.array(found, np.uint64)

    def _denials_in(self, number: int, question: int) -> Iterator[Denial]:
        text, said = self._contradicting[number]
        for denial, both in denials_by_field().get(self._questions[question], ()):
            if both <= said and any(
                contradicts(load_rules(), denial, text[start:end]) for start, end in sentence_spans(text)
            ):
                yield denial

    def _learn(self, texts: Sequence[str]) -> None:
        """Read texts that get the next numbers."""
        first = len(self._lists)
        together = [
            number
            for number, text in enumerate(texts)
            if text.isascii() and _END not in text and not _POINT.search(text)
        ]
        apart = sorted(set(range(len(texts))).difference(together))
        found = [self._words_together(together, texts), self._words_apart(apart, texts)]
        # Each a text and a word of it, or a mark.
        numbers = distinct(np.concatenate(found))
        counts = np.bincount((numbers >> WORD).astype(np.int64), minlength=len(texts))
        self._begins = np.concatenate((self._begins, self._begins[-1] + np.cumsum(counts)))
        self._words = np.concatenate((self._words, (numbers & BELOW_WORD).astype(np.uint32)))
        self._lists = np.concatenate((self._lists, np.fromiter(map(is_list, texts), np.bool_, len(texts))))
        contradicts = np.zeros(len(texts), np.bool_)
        contradicts[[number - first for number in self._contradicting if number >= first]] = True
        self._contradicts = np.concatenate((self._contradicts, contradicts))

    def _words_together(self, numbers: Sequence[int], texts: Sequence[str]) -> Numbers64:
        """The words and marks of texts of ASCII without decimals: many times as quick as one by one."""
        if not numbers:
            return np.zeros(0, np.uint64)
        joined = f" {_END} ".join([texts[number] for number in numbers])
        pieces = f"{joined} {_END}".encode().translate(_SPACED).decode().split()
        words = self._numbered(pieces)
        ends = words == _END_NUMBER
        of = np.array(numbers, np.uint64)[(np.cumsum(ends) - ends)[~ends]]
        flattened = f" {' '.join(pieces)} "
        marks = self._marks_in(
            flattened, np.flatnonzero(np.frombuffer(flattened.encode(), np.uint8) == 0), numbers, texts
        )
        return np.concatenate((of << WORD | words[~ends], marks))

    def _words_apart(self, numbers: Sequence[int], texts: Sequence[str]) -> Numbers64:
        """The words and marks of texts of any characters."""
        if not numbers:
            return np.zeros(0, np.uint64)
        flattened = [flat(texts[number]) for number in numbers]
        words = [
            split_words(text, plainly.split()) if text.isascii() else words_in(text)
            for text, plainly in zip([texts[number] for number in numbers], flattened, strict=True)
        ]
        of = np.repeat(np.array(numbers, np.uint64), list(map(len, words)))
        marks = self._marks_in(
            _END.join(flattened), np.cumsum([len(each) + 1 for each in flattened]) - 1, numbers, texts
        )
        return np.concatenate((of << WORD | self._numbered([word for each in words for word in each]), marks))

    def _marks_in(
        self, flattened: str, ends: NDArray[np.int64], numbers: Sequence[int], texts: Sequence[str]
    ) -> Numbers64:
        """The marks of what texts may say, which are given flat, one after another, each with its end."""
        signs = all_signs()
        if not len(self._mark_words):
            self._mark_words = np.zeros(len(signs.by_number), np.uint64)
        sign, of = signs.in_text(flattened, ends)
        found, marks = signs.marks(sign)
        for mark in np.flatnonzero(
            np.bincount(marks, minlength=len(signs.by_number)) * (self._mark_words == 0)
        ):
            self._mark_words[mark] = self._numbers[signs.by_number[mark]]
        for place, said in signs.contradicting(sign, of):
            self._contradicting[len(self._lists) + numbers[place]] = texts[numbers[place]], said
        of_text = np.array(numbers, np.uint64)
        always = self._numbered(signs.always).astype(np.uint64)
        return np.concatenate(
            (
                np.repeat(of_text << WORD, len(always)) | np.tile(always, len(of_text)),
                of_text[of[found]] << WORD | self._mark_words[marks],
            )
        )

    def _spelt(self, texts: Iterable[str]) -> list[str]:
        """The words of some texts that can be mistyped, but for those of pieces that were met before."""
        pieces = set("\n".join(texts).split()) - self._pieces
        self._pieces |= pieces
        return sorted({word for piece in pieces for word in words(piece) if is_word(word)})


def gather(gathered: Gathered, key: int, service: Service) -> None:
    """Take in what a service of this key says."""
    gathered.begin(key)
    for _, question, field, text in values_of(service):
        gathered.prose(field, question, (text,))
    marks = [
        choice_mark(question, option)
        for question, answers in service.answers.items()
        for answered in answers
        for option in answered.options or [None] * len(answered.values)
    ]
    gathered.choose(list(map(gathered.mark, marks)))
