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
from db.word_reading import FIELD_BITS, WORD_BITS

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
    rows = {
        name: [[tuple([row_of[key] for key in part]) for part in phrase] for phrase in phrases]
        for name, phrases in keyed.items()
    }
    held = {name: np.zeros(int(np.count_nonzero(place_of >= 0)), np.uint16) for name in wanted}
    for services, words in _words(catalogue, used):
        places = place_of[services]
        kept = np.flatnonzero(places >= 0)
        into = _slice_of(places[kept])
        joined: dict[tuple[int, ...], Fields] = {}
        for name, found in rows.items():
            if found:
                has = _together(words, found[0], joined)
                for phrase in found[1:]:
                    has = has | _together(words, phrase, joined)
                held[name][into] = has if len(kept) == len(has) else has[kept]
    return held


def in_order_of_notes(catalogue: Catalogue, keys: Sequence[int]) -> NDArray[np.int64]:
    """Keys of services in the order in which their words are noted: `holdings` is quickest with it."""
    noted = [
        services
        for blocks in catalogue.remembered("blocks", partial(_blocks, catalogue))
        for _, services in blocks
    ]
    wanted = np.array(keys, np.int64)
    found = np.concatenate([*noted, np.zeros(0, np.int64)])
    found = found[np.isin(found, wanted)]
    return np.concatenate((found, wanted[~np.isin(wanted, found)]))


def _slice_of(places: NDArray[np.int64]) -> NDArray[np.int64] | slice:
    """Places that follow one another as a slice, as that is quicker; others as they are."""
    if len(places) and np.array_equal(places, np.arange(places[0], places[0] + len(places))):
        return slice(int(places[0]), int(places[0]) + len(places))
    return places


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
        flat = words.reshape(-1)
        start = 0
        for block, keys in blocks:
            found = catalogue.rows(
                "SELECT json_each.key, held FROM json_each(:keys)"
                " CROSS JOIN word_block ON word_block.key = value",
                {"keys": json.dumps([(block << WORD_BITS) + word for word in used])},
            )
            held = np.frombuffer(b"".join([blob for _, blob in found]), "<u4")
            begins = np.array([row for row, _ in found], np.int64) * len(services) + start
            begins = np.repeat(begins, [len(blob) // 4 for _, blob in found])
            places = held >> np.uint32(FIELD_BITS)
            fields = held & np.uint32((1 << FIELD_BITS) - 1)
            if len(places) and places.max() >= len(keys):
                inside = places < len(keys)
                begins, places, fields = begins[inside], places[inside], fields[inside]
            flat[begins + places] = fields
            start += len(keys)
        yield services, words


def _blocks(catalogue: Catalogue) -> list[list[tuple[int, NDArray[np.int64]]]]:
    """The blocks with the keys of their services by place, together as they are looked at."""
    rows = catalogue.rows("SELECT service, block, place FROM service_words")
    if not rows:
        return []
    services, blocks, places = (np.array(column, np.int64) for column in zip(*rows, strict=True))
    together: list[list[tuple[int, NDArray[np.int64]]]] = [[]]
    for block in np.unique(blocks).tolist():
        of_block = blocks == block
        keys = np.zeros(int(places[of_block].max()) + 1, np.int64)
        keys[places[of_block]] = services[of_block]
        if sum(len(others) for _, others in together[-1]) > _TOGETHER:
            together.append([])
        together[-1].append((block, keys))
    return together


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
    with_stem = _with_stems(catalogue, {text for kind, text in wanted if kind != "word"})
    for part in wanted:
        kind, text = part
        if kind == "word":
            found[part] = [known[text]] if text in known else []
        else:
            found[part] = [
                key
                for word, key in with_stem[text]
                if kind == "stem" or (word not in COMMON and len(word) > 1)
            ]
    return found


def _with_stems(catalogue: Catalogue, stems: set[str]) -> dict[str, list[tuple[str, int]]]:
    """By stem, the words that have it."""
    found: dict[str, list[tuple[str, int]]] = {each: [] for each in stems}
    begins: list[str] = []
    # Of a long word an ending is cut, or becomes a y.
    for begun in sorted({each.removesuffix("y") or each for each in stems}):
        if not begins or not begun.startswith(begins[-1]):
            begins.append(begun)
    words = catalogue.rows(
        "SELECT word, indexed_word.key FROM json_each(:begins)"
        " CROSS JOIN indexed_word ON word >= value AND word < value || char(0x10ffff)",
        {"begins": json.dumps(begins)},
    )
    foreign = catalogue.remembered("foreign words", partial(_foreign, catalogue)) if stems else ()
    for word, key in (*words, *foreign):
        if (each := stem(word)) in found:
            found[each].append((word, key))
    return found


def _foreign(catalogue: Catalogue) -> list[tuple[str, int]]:
    """The words with letters beyond ASCII as they are compared: that may begin otherwise."""
    rows = catalogue.rows("SELECT word, key FROM indexed_word WHERE word GLOB '*[^\x01-\x7f]*'")
    return [(normalise(word), key) for word, key in rows]
