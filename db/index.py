"""The full-text index: its query language, and which and how many services have something.

A *match* is an expression in the language of FTS5. Nothing that a user typed can be taken for syntax in it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import msgspec

from catalogue.text import words
from db.catalogue import Catalogue

#: Numbers of services that are remembered.
_COUNTS = 5000
#: Sets of services that are remembered: at most some 4 MB each in a catalogue of 45,000.
_SETS = 16

#: How many pieces are merged: the option, what https://www.sqlite.org/fts5.html gives as usual, and for none.
_MERGING = (("automerge", 4, 0), ("crisismerge", 16, 1000))

_KEYS = msgspec.json.Decoder(list[int])
_MATCHING = "FROM service_fts WHERE service_fts MATCH :match"


def merge_as_written(catalogue: Catalogue, *, merge: bool) -> None:
    """Whether the pieces that each transaction adds to the index are merged on the way, as SQLite does.

    To be called inside `Catalogue.atomic`. Without it a large first import takes a third less for the index,
    which is made one piece at its end anyhow.
    """
    never = bool(catalogue.rows("SELECT 1 FROM service_fts_config WHERE k = 'automerge' AND v = 0"))
    if merge is never:
        for option, usual, none in _MERGING:
            catalogue.db.conn.execute(
                "INSERT INTO service_fts (service_fts, rank) VALUES (:option, :pieces)",
                {"option": option, "pieces": usual if merge else none},
            )


def phrase(tokens: Iterable[str]) -> str:
    """Words next to each other."""
    return '"' + " ".join(tokens).replace('"', '""') + '"'


def said(text: str) -> str:
    """A name or phrase as it is written: the index has a possessive's *s* as a word, which `words` drops."""
    run = phrase(words(text))
    return any_of([run, phrase([text])]) if "'" in text or "’" in text else run


def near(tokens: Iterable[str], within: int) -> str:
    """Words with at most so many others between them, in any order."""
    return f"NEAR({' '.join(phrase([word]) for word in tokens)}, {within})"


def all_of(matches: Iterable[str]) -> str:
    """Services that have each of these."""
    return " AND ".join(f"({match})" for match in matches)


def any_of(matches: Iterable[str]) -> str:
    """Services that have at least one of these."""
    return " OR ".join(f"({match})" for match in matches)


def inside(fields: str, match: str) -> str:
    """Services that have it in one of these fields: columns of the index with spaces between them."""
    return f"{{{fields}}} : ({match})"


def count(catalogue: Catalogue, match: str) -> int:
    """How many services have this."""
    return catalogue.remembered(
        "counts",
        lambda: int(catalogue.rows(f"SELECT count(*) {_MATCHING}", {"match": match})[0][0]),
        of=match,
        most=_COUNTS,
    )


def keys(catalogue: Catalogue, match: str) -> list[int]:
    """The services that have this, by key."""
    # As one JSON text: a third of the time that as many rows take.
    sql = f"SELECT json_group_array(rowid) {_MATCHING}"
    return _KEYS.decode(catalogue.rows(sql, {"match": match})[0][0])


def services_with(catalogue: Catalogue, match: str) -> frozenset[int]:
    """The services that have this, by key; remembered, as a search comes back to them several times."""
    return catalogue.remembered(
        "services with", lambda: frozenset(keys(catalogue, match)), of=match, most=_SETS
    )


def weight(services: int, total: int) -> float:
    """How telling it is that a service has something which so many have: the rarer, the more."""
    return math.log(1 + (total - services + 0.5) / (services + 0.5))
