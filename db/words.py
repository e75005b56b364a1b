"""The words of the catalogue: collected as texts come in, and what a mistyped word was meant to be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

from jellyfish import metaphone
from rapidfuzz import process
from rapidfuzz.distance import OSA

from catalogue.text import words
from db.catalogue import Catalogue
from db.stemming import Stemmer

_PENDING = "words_pending"
#: Words are counted again when this share of the services changed since, or this many if that is more.
_SHARE, _AT_LEAST = 0.02, 50
#: Shorter words are never corrected, nor corrected to: three letters are near to too much.
SHORTEST = 4
#: Words that sound alike are looked for from so many letters on: shorter ones sound like too much.
_HEARD = 8
#: No correction to words that more than this share of the services have, by the length of the word: a short
#: common word is near to many names (civic to Civica), a long one to hardly any.
_COMMON = {4: 0.02, 5: 0.02, 6: 0.25}


class Words:
    """Collects the words of new texts into table ``word``, during one ingest."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._connection = catalogue.db.conn
        self._seen: set[str] = set()

    def add_from(self, texts: Iterable[str]) -> None:
        """Add the words of texts. To be called inside `Catalogue.atomic`."""
        self.add(word for text in texts for piece in text.split() for word in words(piece) if is_word(word))

    def add(self, spelt: Iterable[str]) -> None:
        """Add words that can be mistyped (see `is_word`). To be called inside `Catalogue.atomic`."""
        new = sorted(set(spelt) - self._seen)
        self._seen.update(new)
        if not new:
            return
        with closing(Stemmer()) as stemmer:
            stems = stemmer.stems(new)
        self._connection.executemany(
            "INSERT OR IGNORE INTO word VALUES (?, ?, 0)",
            [row for row in zip(new, stems, strict=True) if row[1]],
        )


def is_word(word: str) -> bool:
    """Whether a word can be mistyped and recognised: letters alone, and enough of them."""
    return len(word) >= SHORTEST and word.isalpha()


def note_changed(catalogue: Catalogue, services: int) -> None:
    """Note that so many services changed, in the transaction that changes them: a kill loses none of it."""
    catalogue.take_note(_PENDING, str(changed_since(catalogue) + services))


def changed_since(catalogue: Catalogue) -> int:
    """How many services changed since words were counted."""
    return int(catalogue.note(_PENDING) or 0)


def count_words(catalogue: Catalogue) -> None:
    """Count again in how many services each word occurs, if enough services changed since the last time.

    To be called inside `Catalogue.atomic`. Until then, a word of only the newest listings counts as rare.
    """
    pending = changed_since(catalogue)
    services = int(catalogue.rows("SELECT count(*) FROM service")[0][0])
    enough = pending > max(_SHARE * services, _AT_LEAST) or services <= 10 * _AT_LEAST
    if enough:
        found: dict[str, int] = dict(catalogue.rows("SELECT term, doc FROM service_fts_word"))
        counted = [(found.get(stem, 0), word) for word, stem in catalogue.rows("SELECT word, stem FROM word")]
        catalogue.db.conn.executemany("UPDATE word SET services = ? WHERE word = ?", counted)
        catalogue.db.conn.execute("DELETE FROM word WHERE services = 0")
        catalogue.take_note(_PENDING, None)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words that a typed word may have been meant to be, by length, with the services that have them."""

    by_length: Mapping[int, Sequence[str]]
    services: Mapping[str, int]
    #: The stem that the index has for each word, and the words of each stem.
    stems: Mapping[str, str]
    by_stem: Mapping[str, Sequence[str]]
    total: int
    #: Names of systems that are one word, and no everyday word.
    names: frozenset[str] = frozenset()
    #: Words that the tables of the domain have: they are no typing errors, even if no listing has them.
    known: frozenset[str] = frozenset()

    def stem(self, word: str) -> str:
        """The word as the index compares it. Words that are no words of the catalogue stay as they are."""
        return self.stems.get(word, word)

    def nearest(self, typed: str, limit: int = 6) -> list[str]:
        """The words within one typing error (two from eight letters on), nearest first, then commonest.

        Words of five letters and fewer keep their first letter; common words are no candidates.
        """
        allowed = 1 if len(typed) < 8 else 2
        near: list[tuple[int, int, str]] = []
        for length in range(max(SHORTEST, len(typed) - allowed), len(typed) + allowed + 1):
            for word, distance, _ in process.extract(
                typed, self.by_length.get(length, ()), scorer=OSA.distance, score_cutoff=allowed, limit=50
            ):
                if self._is_candidate(typed, word):
                    near.append((int(distance), -self.services[word], word))
        return [word for _, _, word in sorted(near)[:limit]]

    def sounding_like(self, typed: str) -> str | None:
        """The commonest word that is said as the typed one is: a name heard on the telephone, written anew.

        Both have the first letter and about the length in common.
        """
        if len(typed) < _HEARD:
            return None
        sound = metaphone(typed)
        heard = (
            word
            for length in range(len(typed) - 2, len(typed) + 3)
            for word in self.by_length.get(length, ())
            if word[0] == typed[0] and self.services[word] and metaphone(word) == sound
        )
        return max(heard, key=lambda word: (self.services[word], word), default=None)

    def _is_candidate(self, typed: str, word: str) -> bool:
        if len(typed) < 6 and word[0] != typed[0]:
            return False
        if word in self.names:
            return True
        share = self.services[word] / max(self.total, 1)
        return share <= _COMMON.get(len(word), 1.0) or self.services[word] <= 5


def load_lexicon(
    catalogue: Catalogue, also: Iterable[str], names: frozenset[str], known: frozenset[str]
) -> Lexicon:
    """The words of the catalogue, and ``also``: those that the vocabulary knows, even if nobody has them."""
    rows = catalogue.rows("SELECT word, services, stem FROM word")
    services: dict[str, int] = dict.fromkeys((word for word in also if is_word(word)), 0)
    services.update((word, found) for word, found, _ in rows)
    by_length: dict[int, list[str]] = {}
    for word in services:
        by_length.setdefault(len(word), []).append(word)
    total = int(catalogue.rows("SELECT count(*) FROM service")[0][0])
    stems = {word: stem for word, _, stem in rows}
    by_stem: dict[str, list[str]] = {}
    for word, stem in stems.items():
        by_stem.setdefault(stem, []).append(word)
    return Lexicon(by_length, services, stems, by_stem, total, names, known)
