"""The words of services as numbers, read in this process or in one beside it.

An import has two things to do with every text: to store it, and to note its words. Each takes about as long
as the other: a large import takes little more than half the time where another processor notes the words.
"""

from __future__ import annotations

import pickle
import signal
import subprocess
import sys
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from catalogue.listing import is_list, may_be_list, values_of
from catalogue.model import Service
from catalogue.phrases import Phrases, choice_mark, denial_mark, mark_of, sayings_of
from catalogue.rules import Denial, Saying, load_rules
from catalogue.rules.sayings import flat
from catalogue.scan import sentence_spans, split_words, words_in

#: The fields whose words are told apart, lowest bit first; where a list has a word, the bit is six higher.
FIELDS = ("name", "description", "features", "benefits", "categories", "answers")
#: The bits of a number that are for the fields, and those of them that are for lists.
FIELD_BITS = 12
_LISTED = len(FIELDS)
_BITS = {field: number for number, field in enumerate(FIELDS)}
#: Texts that are remembered with their words: listings repeat two thirds of what they say.
_TEXTS = 50_000
#: Bytes of a number of a word while it is on its way.
_NUMBER = array("I").itemsize

#: Where in a number the word and the place of a service begin.
WORD, PLACE = np.uint64(32), np.uint64(FIELD_BITS)

#: What a service says: its key, field, question and text of all its prose, and the marks of what it chose.
Said = tuple[int, Sequence[tuple[str, str, str]], Sequence[str]]


@dataclass(frozen=True, slots=True)
class WordsRead:
    """What some services say. ``words`` are those that the reader had not met before, which it numbers on.

    Each of ``numbers`` is a word's number, the place of a service among those given, and a field.
    """

    words: list[str]
    numbers: NDArray[np.uint64]


class _Numbers(dict[str, int]):
    """The numbers of words from 0 on; a word that is not known yet gets the next one."""

    def __init__(self) -> None:
        super().__init__()
        self.new: list[str] = []

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        self.new.append(word)
        return number


class WordReader:
    """Reads services in this process."""

    def __init__(self) -> None:
        self._numbers = _Numbers()
        self._texts: dict[str, tuple[bytes, frozenset[Saying]]] = {}

    def read(self, services: Sequence[Said]) -> WordsRead:
        """The words of some services."""
        #: The numbers of words, and of which service, by its place here, and of which field these are.
        said: list[bytes] = []
        where: list[int] = []
        for place, (_, prose, chosen) in enumerate(services):
            said.append(self._numbered([*chosen, *self._denied(prose)]))
            where.append(place << FIELD_BITS | 1 << _BITS["answers"])
            for bit, texts in _by_field(prose):
                said += [self._read(text)[0] for text in texts]
                where += [place << FIELD_BITS | 1 << bit] * len(texts)
        words = np.frombuffer(b"".join(said), np.uint32).astype(np.uint64)
        lengths = np.fromiter(map(len, said), np.int64, len(said)) // _NUMBER
        numbers = np.sort(words << WORD | np.repeat(np.array(where, np.uint64), lengths))
        new, self._numbers.new = self._numbers.new, []
        return WordsRead(new, numbers)

    def _numbered(self, words: Iterable[str]) -> bytes:
        return array("I", map(self._numbers.__getitem__, words)).tobytes()

    def _read(self, text: str) -> tuple[bytes, frozenset[Saying]]:
        """The numbers of a text's words and of the marks of what it may say, and what of a denial it may say.

        Texts that repeat are read once.
        """
        found = self._texts.get(text)
        if found is None:
            if len(self._texts) >= _TEXTS:
                self._texts.clear()
            flattened = flat(text)
            words = set(split_words(text, flattened.split()) if text.isascii() else words_in(text))
            said = _phrases().sayings_in(flattened)
            words.update(map(mark_of, said))
            found = self._texts[text] = self._numbered(words), said & _denying()
        return found

    def _denied(self, prose: Sequence[tuple[str, str, str]]) -> Iterator[str]:
        """The marks of what may contradict a tick: where one sentence has the words of both sides."""
        by_question = _denials()
        for _, question, text in prose:
            if question in by_question and (said := self._read(text)[1]):
                for denial, both in by_question[question]:
                    if both <= said and any(
                        both <= _phrases().sayings_in(flat(text[start:end]))
                        for start, end in sentence_spans(text)
                    ):
                        yield denial_mark(denial)


_SERVE = "import sys; from db.word_reading import serve; serve(sys.stdin.buffer, sys.stdout.buffer)"


class ReaderBeside:
    """The same in a process of its own, one piece of work at a time; it ends with whoever made it."""

    def __init__(self) -> None:
        # Without -P a folder named db where one stands would be taken for ours.
        self._process = subprocess.Popen(  # noqa: S603  our own function by our own interpreter
            [sys.executable, "-P", "-c", _SERVE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def begin(self, services: Sequence[Said]) -> None:
        """Hand services over. Raises `OSError` where the process has gone."""
        assert self._process.stdin is not None
        pickle.dump(services, self._process.stdin, pickle.HIGHEST_PROTOCOL)
        self._process.stdin.flush()

    def finish(self) -> WordsRead:
        """What was read of them. Raises `OSError` or `EOFError` where the process has gone."""
        assert self._process.stdout is not None
        found = pickle.load(self._process.stdout)  # noqa: S301  from our own process
        assert isinstance(found, WordsRead)
        return found

    def close(self) -> None:
        """End the process."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
        self._process.wait()


def serve(given: BinaryIO, told: BinaryIO) -> None:
    """Read what is given until there is no more: what `ReaderBeside` begins."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that is waited for is another
    reader = WordReader()
    while True:
        try:
            services = pickle.load(given)  # noqa: S301  from our own process
        except EOFError:
            return
        pickle.dump(reader.read(services), told, pickle.HIGHEST_PROTOCOL)
        told.flush()


def said_of(key: int, service: Service) -> Said:
    """What a service of this key says."""
    marks = [
        choice_mark(question, option)
        for question, answers in service.answers.items()
        for answered in answers
        for option in answered.options or [None] * len(answered.values)
    ]
    return key, [(field, question, text) for _, question, field, text in values_of(service)], marks


@lru_cache(maxsize=1)
def _denials() -> dict[str, list[tuple[Denial, frozenset[Saying]]]]:
    """By the question it is answered under, what may contradict a tick, and the sayings of both sides."""
    found: dict[str, list[tuple[Denial, frozenset[Saying]]]] = {}
    for denial in load_rules().denials:
        for field in denial.fields:
            found.setdefault(field, []).append((denial, frozenset([denial.words, denial.against])))
    return found


def _by_field(values: Sequence[tuple[str, str, str]]) -> Iterator[tuple[int, list[str]]]:
    """The texts of each field, under the bits that stand for it; those that are lists by themselves."""
    said: dict[str, list[str]] = {}
    for field, _, text in values:
        said.setdefault(field, []).append(text)
    for field, texts in said.items():
        listed = [text for text in texts if is_list(text)] if may_be_list("".join(texts)) else []
        plainly = [text for text in texts if text not in listed] if listed else texts
        for bit, some in ((_BITS[field], plainly), (_BITS[field] + _LISTED, listed)):
            if some:
                yield bit, some


@lru_cache(maxsize=1)
def _denying() -> frozenset[Saying]:
    """The sayings of all denials."""
    return frozenset().union(*(both for rows in _denials().values() for _, both in rows))


@lru_cache(maxsize=1)
def _phrases() -> Phrases:
    return Phrases(sayings_of(load_rules()))
