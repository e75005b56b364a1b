"""What the services of a catalogue hold of what is looked for, told from their words alone, all at once.

What is looked for is given as a `Wording`. A service holds it where one field has all the words of one of the
alternatives: that is true of every service in which a text says it, and of some others.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from catalogue.terms import COMMON, stem
from catalogue.text import normalise
from db.catalogue import Catalogue
from db.service_words import WORD_BITS
from db.word_reading import FIELD_BITS

K = TypeVar("K", bound=Hashable)

#: A word or mark as it stands, or a word with this stem: only where it is a term, or any word.
Part = tuple[Literal["word", "term", "stem"], str]
#: Alternatives, each of words that stand in one field.
Wording = Sequence[Sequence[Part]]
#: The fields of each service that have something, as in `db.word_reading`.
Fields = NDArray[np.uint16]
#: The same with the keys of words in place of words: alternatives, parts, forms of a part.
_Keyed = list[list[list[int]]]

#: About so many services are looked at together: enough to be quick, few enough to stay small.
_TOGETHER = 12_000
#: The shortest stem that a word is cut to (see `catalogue.terms.stem`).
_CUT = 3


def names_wording(names: Iterable[Iterable[str]]) -> Wording:
    """Something under any of its names, of which the words are given."""
    return [[("word", word) for word in sorted(name)] for name in names]


def stems_wording(phrases: Iterable[Iterable[str]]) -> Wording:
    """Any of some phrases, of which the stems are given."""
    return [
        [("stem" if len(stems) > 1 else "term", each) for each in stems]
        for phrase in phrases
        if (stems := tuple(phrase))
    ]


def holdings(
    catalogue: Catalogue, place_of: NDArray[np.int64], wanted: Mapping[K, Wording]
) -> dict[K, Fields]:
    """For each thing that is wanted, the fields that hold it, by place of the service.

    ``place_of`` gives the places of services by their keys, -1 for a service that is left out.
    """
    parts = {part for wording in wanted.values() for phrase in wording for part in phrase}
    keys = _keys_of(catalogue, parts)
    keyed: dict[K, _Keyed] = {
        name: [forms for phrase in wording if all(forms := [keys[part] for part in phrase])]
        for name, wording in wanted.items()
    }
    used = sorted(
        {key for phrases in keyed.values() for key in chain.from_iterable(chain.from_iterable(phrases))}
    )
    row_of = {key: row for row, key in enumerate(used)}
    held = {name: np.zeros(int(np.count_nonzero(place_of >= 0)), np.uint16) for name in wanted}
    for services, words in _words(catalogue, used):
        places = place_of[services]
        kept = np.flatnonzero(places >= 0)
        joined: dict[tuple[int, ...], Fields] = {}
        for name, found in keyed.items():
            has = np.zeros(len(services), np.uint16)
            for phrase in found:
                has |= _together(words, [tuple([row_of[key] for key in part]) for part in phrase], joined)
            held[name][places[kept]] = has[kept]
    return held


def _together(
    words: Fields, phrase: Sequence[tuple[int, ...]], forms: dict[tuple[int, ...], Fields]
) -> Fields:
    """The fields that have every part of a phrase, in any of its forms."""
    both: Fields | None = None
    for part in phrase:
        if len(part) == 1:
            has: Fields = words[part[0]]
        else:
            if part not in forms:
                forms[part] = np.bitwise_or.reduce(words[list(part)], axis=0)
            has = forms[part]
        both = has if both is None else both & has
    assert both is not None
    return both


def _words(catalogue: Catalogue, used: Sequence[int]) -> Iterator[tuple[NDArray[np.int64], Fields]]:
    """The keys of the services of some blocks, with the fields of each, across, that have each word, down.

    A place whose service is noted elsewhere by now has the key 0.
    """
    # Much of a large table is read, once: mapped into memory or kept in the cache, it would stay there.
    catalogue.db.conn.execute("PRAGMA mmap_size = 0")
    catalogue.db.conn.execute("PRAGMA cache_size = -16384")
    for blocks in catalogue.remembered("blocks", partial(_blocks, catalogue)):
        services = np.concatenate([keys for _, keys in blocks])
        words = np.zeros((len(used), len(services)), np.uint16)
        start = 0
        for block, keys in blocks:
            found = catalogue.rows(
                "SELECT json_each.key, held FROM json_each(:keys)"
                " CROSS JOIN word_block ON word_block.key = value",
                {"keys": json.dumps([(block << WORD_BITS) + word for word in used])},
            )
            held = np.frombuffer(b"".join([blob for _, blob in found]), "<u4")
            rows = np.repeat([row for row, _ in found], [len(blob) // 4 for _, blob in found]).astype(
                np.int64
            )
            places = held >> np.uint32(FIELD_BITS)
            inside = places < len(keys)
            words[rows[inside], start + places[inside]] = held[inside] & np.uint32((1 << FIELD_BITS) - 1)
            start += len(keys)
        yield services, words


def _blocks(catalogue: Catalogue) -> list[list[tuple[int, NDArray[np.int64]]]]:
    """The blocks with the keys of their services by place, together as they are looked at."""
    places: dict[int, list[tuple[int, int]]] = {}
    for service, block, place in catalogue.rows("SELECT service, block, place FROM service_words"):
        places.setdefault(block, []).append((place, service))
    together: list[list[tuple[int, NDArray[np.int64]]]] = [[]]
    for block, found in sorted(places.items()):
        services = np.zeros(max(found)[0] + 1, np.int64)
        services[[place for place, _ in found]] = [service for _, service in found]
        if sum(len(keys) for _, keys in together[-1]) > _TOGETHER:
            together.append([])
        together[-1].append((block, services))
    return together if places else []


def _keys_of(catalogue: Catalogue, parts: Iterable[Part]) -> dict[Part, list[int]]:
    """The keys of the words of the catalogue that each part may be."""
    found: dict[Part, list[int]] = {}
    wanted = set(parts)
    words = sorted(text for kind, text in wanted if kind == "word")
    known = dict(
        catalogue.rows(
            "SELECT word, indexed_word.key FROM json_each(:words) CROSS JOIN indexed_word ON word = value",
            {"words": json.dumps(words)},
        )
    )
    foreign = _foreign(catalogue) if any(kind in ("term", "stem") for kind, _ in wanted) else []
    for part in wanted:
        kind, text = part
        if kind == "word":
            found[part] = [known[text]] if text in known else []
        else:
            # Of a long word an ending is cut, or becomes another last letter.
            begun = _beginning(catalogue, text[:-1] if len(text) >= _CUT else text)
            words_with = [(word, key) for word, key in begun if stem(word) == text]
            words_with += [(word, key) for word, key in foreign if stem(word) == text]
            found[part] = [
                key for word, key in words_with if kind == "stem" or (word not in COMMON and len(word) > 1)
            ]
    return found


def _beginning(catalogue: Catalogue, text: str) -> list[tuple[str, int]]:
    """The words that begin so."""
    return catalogue.rows(
        "SELECT word, key FROM indexed_word WHERE word >= :text AND word < :next",
        {"text": text, "next": f"{text}\U0010ffff"},
    )


def _foreign(catalogue: Catalogue) -> list[tuple[str, int]]:
    """The words with letters beyond ASCII as they are compared: that may begin otherwise."""
    rows = catalogue.rows("SELECT word, key FROM indexed_word WHERE word GLOB '*[^\x01-\x7f]*'")
    return [(normalise(word), key) for word, key in rows]
