"""Words as the index knows them: folded, without accents, and cut to their stem."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from functools import lru_cache
from threading import Lock

#: How the index cuts text into words (as the schema has it): letters and digits, no accents, Porter's stems.
TOKENIZE = "porter unicode61 remove_diacritics 2"


class Stemmer:
    """Asks SQLite itself, in a small index of its own, so that stems are exactly those of the catalogue's."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._connection = sqlite3.connect(":memory:", check_same_thread=False)
        self._connection.execute(f"CREATE VIRTUAL TABLE typed USING fts5 (word, tokenize = '{TOKENIZE}')")
        self._connection.execute("CREATE VIRTUAL TABLE stem USING fts5vocab ('typed', 'instance')")

    def stems(self, words: Sequence[str]) -> list[str]:
        """The stem of each word; the first part's where the index sees several words, ``""`` where none."""
        with self._lock:
            self._connection.executemany("INSERT INTO typed (rowid, word) VALUES (?, ?)", enumerate(words))
            found = dict(self._connection.execute("SELECT doc, term FROM stem WHERE offset = 0").fetchall())
            self._connection.rollback()
        return [found.get(number, "") for number in range(len(words))]

    def close(self) -> None:
        """Let go of the small index."""
        self._connection.close()


@lru_cache(maxsize=4096)
def stem_of(word: str) -> str:
    """The stem of one word, whether the catalogue has it or not."""
    with closing(Stemmer()) as stemmer:
        return stemmer.stems([word])[0] or word
