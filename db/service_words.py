"""The words of every service, kept so that all services can be weighed at once without reading a text.

Services are noted a block at a time. Each word of a block has one number for each service with it, which says
which service of the block that is and which of its fields have the word. A text that is no more than a list
counts apart, as it says little of what it lists. Beside words stand the marks of what a service may say: the
options that it chose, and the phrases of the rules (see `catalogue.phrases`).
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from catalogue.listing import is_list, may_be_list, values_of
from catalogue.model import Service
from catalogue.phrases import Phrases, denial_mark, mark_of, sayings_of
from catalogue.read import read_service
from catalogue.rules import Denial, Saying, load_rules
from catalogue.rules.sayings import flat
from catalogue.scan import sentence_spans, split_words, words_in
from db.catalogue import Catalogue
from db.reading import records_by_key

#: The fields whose words are told apart, lowest bit first; where a list has a word, the bit is six higher.
FIELDS = ("name", "description", "features", "benefits", "categories", "answers")
#: The bits of a number that are for the fields, and those of them that are for lists.
FIELD_BITS = 12
_LISTED = len(FIELDS)
_BITS = {field: number for number, field in enumerate(FIELDS)}
#: The bits of the key of a word in a block that are for the word; the block's are above.
WORD_BITS = 20
#: Words beyond so many in one catalogue are not noted, as their keys would not fit.
_MOST_WORDS = (1 << WORD_BITS) - 1
_BATCH = 2000
#: A block of fewer services is small; of more than so many small ones is made one.
_SMALL, _MANY = 1000, 16
#: Texts that are remembered with their words: listings repeat two thirds of what they say.
_TEXTS = 50_000
#: Bytes of a key while it is on its way.
_KEY = array("I").itemsize


#: Where in a number the word and the place of a service begin.
_WORD, _PLACE = np.uint64(32), np.uint64(FIELD_BITS)

#: What a service says: its key, field, question and text of all its prose, and the marks of what it chose.
Said = tuple[int, Sequence[tuple[str, str, str]], Sequence[str]]


def choice_mark(question: str, option: str | None) -> str:
    """What stands among the words of a service that chose an option, or answered in other words."""
    return f"{question}={option or ''}"


class _Keys(dict[str, int]):
    """The keys of words; a word that is not known yet gets the next one."""

    def __init__(self, known: Iterable[tuple[str, int]]) -> None:
        super().__init__(known)
        #: Words without a key in the catalogue.
        self.new: list[tuple[int, str]] = []

    def __missing__(self, word: str) -> int:
        key = len(self) + 1 if len(self) < _MOST_WORDS else 0
        if key:
            self[word] = key
            self.new.append((key, word))
        return key


class ServiceWords:
    """Writes the words of services. Of a transaction that failed, it remembers too much: make a new one."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._known: _Keys | None = None
        self._texts: dict[str, tuple[bytes, frozenset[Saying]]] = {}

    @property
    def _keys(self) -> _Keys:
        if self._known is None:
            self._known = _Keys(self._catalogue.rows("SELECT word, key FROM indexed_word"))
        return self._known

    def add(self, services: Iterable[Said]) -> None:
        """Note the words of services that have none noted. To be called inside `Catalogue.atomic`."""
        keys: list[int] = []
        #: The keys of words, and of which service, by its place here, and of which field these are.
        said: list[bytes] = []
        where: list[int] = []
        for place, (key, prose, chosen) in enumerate(services):
            keys.append(key)
            said.append(self._keyed([*chosen, *self._denied(prose)]))
            where.append(place << FIELD_BITS | 1 << _BITS["answers"])
            for bit, texts in _by_field(prose):
                said += [self._read(text)[0] for text in texts]
                where += [place << FIELD_BITS | 1 << bit] * len(texts)
        if not keys:
            return
        self._catalogue.db.conn.executemany("INSERT INTO indexed_word VALUES (?, ?)", self._keys.new)
        self._keys.new.clear()
        words = np.frombuffer(b"".join(said), np.uint32).astype(np.uint64)
        numbers = words << _WORD | np.repeat(
            np.array(where, np.uint64), np.fromiter(map(len, said), np.int64) // _KEY
        )
        _write_block(self._catalogue, keys, numbers[words > 0])

    def _keyed(self, words: Iterable[str]) -> bytes:
        return array("I", map(self._keys.__getitem__, words)).tobytes()

    def _read(self, text: str) -> tuple[bytes, frozenset[Saying]]:
        """The keys of a text's words and of the marks of what it may say, and what of a denial it may say.

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
            found = self._texts[text] = self._keyed(words), said & _denying()
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


_LAST_BLOCK = """
SELECT max(
    (SELECT coalesce(max(block), 0) FROM service_words),
    (SELECT coalesce(max(key), 0) >> :bits FROM word_block)
)
"""


def _write_block(catalogue: Catalogue, keys: Sequence[int], numbers: NDArray[np.uint64]) -> None:
    """Write a block of services, given by their keys in the order of their places.

    Each number is a word, a place and fields; those that several numbers of a word and a place have are put
    together.
    """
    block: int = 1 + catalogue.rows(_LAST_BLOCK, {"bits": WORD_BITS})[0][0]
    both = np.sort(numbers)
    holder = both >> _PLACE
    merged = (
        np.bitwise_or.reduceat(both, np.flatnonzero(np.diff(holder, prepend=~holder[:1])))
        if len(both)
        else both
    )
    word = merged >> _WORD
    starts = np.flatnonzero(np.diff(word, prepend=~word[:1]))
    held = (merged & np.uint64((1 << 32) - 1)).astype("<u4")
    rows = (
        (block << WORD_BITS | key, held[start:end].tobytes())
        for key, (start, end) in zip(
            word[starts].tolist(), pairwise([*starts.tolist(), len(held)]), strict=True
        )
    )
    catalogue.db.conn.executemany("INSERT INTO word_block VALUES (?, ?)", rows)
    catalogue.db.conn.executemany(
        "INSERT INTO service_words VALUES (?, ?, ?)", ((key, block, place) for place, key in enumerate(keys))
    )


def join_blocks(catalogue: Catalogue) -> None:
    """Make one of the small blocks where there are many. To be called inside `Catalogue.atomic`.

    A block becomes small as services change, which are noted anew in another one.
    """
    blocks = [
        block
        for (block,) in catalogue.rows("SELECT DISTINCT key >> :bits FROM word_block", {"bits": WORD_BITS})
    ]
    live = dict(catalogue.rows("SELECT block, count(*) FROM service_words GROUP BY block"))
    small = [block for block in blocks if live.get(block, 0) < _SMALL]
    if len(small) <= _MANY:
        return
    keys: list[int] = []
    numbers: list[NDArray[np.uint64]] = []
    for block in small:
        services = catalogue.rows(
            "SELECT service, place FROM service_words WHERE block = :block", {"block": block}
        )
        place_of = np.full(max((place for _, place in services), default=-1) + 2, -1)
        place_of[[place for _, place in services]] = np.arange(len(keys), len(keys) + len(services))
        keys += [service for service, _ in services]
        span = {"first": block << WORD_BITS, "last": (block + 1 << WORD_BITS) - 1}
        rows = catalogue.rows("SELECT key, held FROM word_block WHERE key BETWEEN :first AND :last", span)
        held = np.frombuffer(b"".join(blob for _, blob in rows), "<u4").astype(np.uint64)
        words = np.array([key & _MOST_WORDS for key, _ in rows], np.uint64)
        words = np.repeat(words, [len(blob) // 4 for _, blob in rows])
        places = place_of[np.minimum((held >> _PLACE).astype(np.int64), len(place_of) - 1)]
        kept = places >= 0
        fields = held & np.uint64((1 << FIELD_BITS) - 1)
        numbers.append((words << _WORD | places.astype(np.uint64) << _PLACE | fields)[kept])
        catalogue.db.conn.execute("DELETE FROM word_block WHERE key BETWEEN :first AND :last", span)
        catalogue.db.conn.execute("DELETE FROM service_words WHERE block = :block", {"block": block})
    if keys:
        _write_block(catalogue, keys, np.concatenate(numbers))


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


def note_words_again(catalogue: Catalogue) -> None:
    """Note the words of every service anew. To be called inside `Catalogue.atomic`."""
    catalogue.db.conn.execute("DELETE FROM service_words")
    catalogue.db.conn.execute("DELETE FROM word_block")
    catalogue.db.conn.execute("DELETE FROM indexed_word")
    writer = ServiceWords(catalogue)
    keys = [key for (key,) in catalogue.rows("SELECT key FROM service ORDER BY key")]
    for start in range(0, len(keys), _BATCH):
        records = records_by_key(catalogue, keys[start : start + _BATCH])
        writer.add(_said(key, read_service(record)[0]) for key, record in records.items())


def _said(key: int, service: Service) -> Said:
    marks = [
        choice_mark(question, option)
        for question, answers in service.answers.items()
        for answered in answers
        for option in answered.options or [None] * len(answered.values)
    ]
    return key, [(field, question, text) for _, question, field, text in values_of(service)], marks
