"""The words of every service, kept so that all services can be weighed at once without reading a text.

Services are noted a block at a time. Each word of a block has one number for each service with it, which says
which service of the block that is and which of its fields have the word. A text that is no more than a list
counts apart, as it says little of what it lists. Beside words stand the marks of what a service may say: the
options that it chose, and the phrases of the rules (see `catalogue.phrases`).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress

import numpy as np
from numpy.typing import NDArray

from catalogue.read import read_service
from db.catalogue import Catalogue
from db.reading import records_by_key
from db.reading_beside import ReaderBeside
from db.signs import WORD, Numbers64
from db.word_reading import (
    FIELD_BITS,
    PLACE,
    WORD_BITS,
    Gathered,
    Numbers32,
    Said,
    WordReader,
    WordsRead,
    gather,
    held_by_word,
)

#: Words beyond so many in one catalogue are not noted, as their keys would not fit.
_MOST_WORDS = (1 << WORD_BITS) - 1
_BATCH = 2000
#: A block of fewer services is small; of more than so many small ones is made one.
_SMALL, _MANY = 1000, 16
#: From so many services at a time on it is worth having them read beside.
BESIDE = 1500
#: The reader's first number stands for no word.
_NO_KEYS = np.zeros(1, np.uint64)


class ServiceWords:
    """Writes the words of services. Of a transaction that failed, it remembers too much: make a new one."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._known: dict[str, int] | None = None
        #: What the services say that are to be noted next.
        self.gathered = Gathered()
        self._reader = WordReader()
        self._beside: ReaderBeside | None = None
        #: By the number that the reader has for a word, the key that the catalogue has.
        self._keys = _NO_KEYS
        self._has_all = True

    def expect(self, services: int) -> None:
        """Have a reader beside ready for so many services, where that is worth it: it takes a moment."""
        if self._beside is None and services >= BESIDE and (os.cpu_count() or 1) > 1:
            with suppress(OSError):
                self._beside = ReaderBeside()
                self._keys, self._has_all = _NO_KEYS, False

    def begin(self) -> None:
        """Begin to read what is gathered; `finish` writes the words."""
        self.expect(len(self.gathered.keys))
        try:
            if self._beside is not None:
                self._beside.begin(self._taken())
        except OSError:
            self._alone()

    def finish(self) -> Sequence[str]:
        """Note the words of services that have none noted. To be called inside `Catalogue.atomic`.

        Returns the words of their texts that can be mistyped, those left out that were returned before.
        """
        found: WordsRead | None = None
        if not self.gathered.keys:
            return ()
        if self._beside is not None:
            try:
                found = self._beside.finish()
            except (OSError, EOFError):
                self._alone()
        if found is None:
            found = self._reader.read(self._taken())
        self._keys = np.concatenate((self._keys, self._keys_of(found.words)))
        _write_block(self._catalogue, self.gathered.keys, self._keys[found.numbers], found.starts, found.held)
        self.gathered.clear()
        return found.spelt

    def close(self) -> None:
        """End the process that reads beside, if there is one."""
        if self._beside is not None:
            self._alone()

    def _taken(self) -> Said:
        said = self.gathered.take(everything=not self._has_all)
        self._has_all = True
        return said

    def _alone(self) -> None:
        """Go on without another process, whatever became of it."""
        beside, self._beside = self._beside, None
        self._reader, self._keys, self._has_all = WordReader(), _NO_KEYS, False
        if beside is not None:
            beside.close()

    def _keys_of(self, words: Sequence[str]) -> Numbers64:
        """The keys of words, new ones stored; 0 where there is no room."""
        if self._known is None:
            self._known = dict(self._catalogue.rows("SELECT word, key FROM indexed_word"))
        known = self._known
        unknown = [word for word in words if word not in known]
        new = list(zip(unknown, range(len(known) + 1, _MOST_WORDS + 1), strict=False))
        known.update(new)
        self._catalogue.db.conn.executemany(
            "INSERT INTO indexed_word VALUES (?, ?)", ((key, word) for word, key in new)
        )
        return np.array([known.get(word, 0) for word in words], np.uint64)


_LAST_BLOCK = """
SELECT max(
    (SELECT coalesce(max(block), 0) FROM service_words),
    (SELECT coalesce(max(key), 0) >> :bits FROM word_block)
)
"""


def _write_block(
    catalogue: Catalogue,
    keys: Sequence[int],
    words: Numbers64,
    starts: NDArray[np.int64],
    held: Numbers32,
) -> None:
    """Write a block of services, given by their keys in the order of their places.

    Of each of ``words``, given by its key (0 for one that is not noted), ``held`` has from its place in
    ``starts`` on the places and fields.
    """
    block: int = 1 + catalogue.rows(_LAST_BLOCK, {"bits": WORD_BITS})[0][0]
    ends = np.append(starts[1:], len(held))
    order = np.argsort(words)
    order = order[words[order] > 0]
    blob = held.astype("<u4").tobytes()
    catalogue.db.conn.executemany(
        "INSERT INTO word_block VALUES (?, ?)",
        zip(
            (words[order].astype(np.int64) + (block << WORD_BITS)).tolist(),
            map(blob.__getitem__, map(slice, (4 * starts[order]).tolist(), (4 * ends[order]).tolist())),
            strict=True,
        ),
    )
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
        places = place_of[np.minimum((held >> PLACE).astype(np.int64), len(place_of) - 1)]
        kept = places >= 0
        fields = held & np.uint64((1 << FIELD_BITS) - 1)
        numbers.append((words << WORD | places.astype(np.uint64) << PLACE | fields)[kept])
        catalogue.db.conn.execute("DELETE FROM word_block WHERE key BETWEEN :first AND :last", span)
        catalogue.db.conn.execute("DELETE FROM service_words WHERE block = :block", {"block": block})
    if keys:
        _write_block(catalogue, keys, *held_by_word(np.sort(np.concatenate(numbers))))


def note_words_again(catalogue: Catalogue) -> None:
    """Note the words of every service anew. To be called inside `Catalogue.atomic`."""
    catalogue.db.conn.execute("DELETE FROM service_words")
    catalogue.db.conn.execute("DELETE FROM word_block")
    catalogue.db.conn.execute("DELETE FROM indexed_word")
    writer = ServiceWords(catalogue)
    keys = [key for (key,) in catalogue.rows("SELECT key FROM service ORDER BY key")]
    for start in range(0, len(keys), _BATCH):
        records = records_by_key(catalogue, keys[start : start + _BATCH])
        for key, record in records.items():
            gather(writer.gathered, key, read_service(record)[0])
        writer.begin()
        writer.finish()
    writer.close()
