"""Which services of a large catalogue are worth judging for a profile: a bounded net.

A small catalogue is judged whole. In a large one, services come in by the systems they name, by each
requirement in the profile's own words, and by its goal: the same ones whatever order they were imported in.
"""

from __future__ import annotations

import heapq
import json
from collections import Counter
from collections.abc import Iterable, Iterator

from catalogue.needs import estate_of
from catalogue.profile import Profile
from catalogue.terms import COMMON
from catalogue.text import words
from catalogue.vocabulary import AliasGroup, Vocabulary, load_vocabulary
from db.asking import any_of, phrase
from db.catalogue import Catalogue
from db.columns import columns

#: A catalogue of up to this many live services is judged whole.
WHOLE = 2000
#: Services taken by each system that the profile names, by each requirement, and by goal and purposes.
_BY_SYSTEM, _BY_REQUIREMENT, _BY_GOAL = 120, 120, 240
#: At most this many in all; those found in more ways, and higher, are kept.
MOST = 500
#: Where words find fewer than this, services that answer as required fill the rest, in a neutral order.
LEAST = 100
#: Words of a text that are looked for, rarest first; above this share of services a word tells little.
_WORDS, _COMMON_SHARE = 10, 0.2

_RANK = "bm25(service_fts, 10.0, 2.0, 5.0, 5.0, 2.0, 4.0, 1.0)"


def candidate_ids(catalogue: Catalogue, profile: Profile, vocabulary: Vocabulary | None = None) -> list[str]:
    """The ids of the live services to judge, in order of id."""
    with catalogue.lock:
        live = len(_live(catalogue))
        if live <= WHOLE:
            return sorted(_live(catalogue).values())
        found: dict[str, float] = {}
        for match, most in _nets(catalogue, profile, vocabulary or load_vocabulary(), live):
            for place, service in enumerate(_caught(catalogue, match, most)):
                found[service] = found.get(service, 0.0) + 1 / (60 + place)
        best = sorted(found, key=lambda service: (-found[service], service))[:MOST]
        if len(best) < LEAST:
            best += _answering(catalogue, profile, set(best), LEAST - len(best))
        return sorted(best)


def _nets(
    catalogue: Catalogue, profile: Profile, vocabulary: Vocabulary, services: int
) -> Iterator[tuple[str, int]]:
    """Queries in the index's language, each with how many services to take."""
    estate = estate_of(profile, vocabulary)
    for group in estate.vocabulary.groups:
        if group.name in estate.systems and (match := _naming(group)):
            yield match, _BY_SYSTEM
    for requirement in profile.requirements:
        if requirement.question is None and (
            match := _telling(catalogue, requirement.text, vocabulary, services)
        ):
            yield match, _BY_REQUIREMENT
    purposes = " ".join(filter(None, (profile.goal, *(system.purpose for system in profile.legacy))))
    if match := _telling(catalogue, purposes, vocabulary, services):
        yield match, _BY_GOAL


def _naming(group: AliasGroup) -> str:
    """Services that name a system; an ambiguous name needs a word of its field in the same service."""
    plain = [phrase(words(name)) for name in group.names if name not in group.gated and words(name)]
    gated = [phrase(words(name)) for name in group.gated if words(name)]
    company = [phrase(words(name)) for name in group.context if words(name)]
    if gated and company:
        plain.append(f"({any_of(gated)}) AND ({any_of(company)})")
    return any_of(dict.fromkeys(plain))


def _telling(catalogue: Catalogue, text: str, vocabulary: Vocabulary, services: int) -> str:
    """Services with the rare words of a text, or other names for what it names."""
    expansions = [
        phrase(words(name)) for surface, others in vocabulary.expansions(text) for name in (surface, *others)
    ]
    counted = {
        word: _services_with(catalogue, word) for word in dict.fromkeys(words(text)) if word not in COMMON
    }
    rare = [word for word, count in counted.items() if 0 < count <= max(10, services * _COMMON_SHARE)]
    kept = sorted(rare, key=lambda word: (counted[word], word))[:_WORDS]
    return any_of(dict.fromkeys((*(phrase([word]) for word in kept), *expansions)))


def _services_with(catalogue: Catalogue, word: str) -> int:
    def count() -> int:
        rows = catalogue.rows(
            "SELECT count(*) FROM service_fts WHERE service_fts MATCH :match", {"match": phrase([word])}
        )
        return int(rows[0][0])

    return catalogue.remembered("candidate words", count, of=word, most=1000)


def _caught(catalogue: Catalogue, match: str, most: int) -> Iterable[str]:
    """The best services of one query, of equal ones those with the lowest ids, whenever they came in."""
    live = _live(catalogue)
    for fetched in (2 * most + 100, -1):
        # Without a join: SQLite would ask the index anew for each live service.
        rows = catalogue.rows(
            f"SELECT rowid, round({_RANK}, 6) AS score FROM service_fts"  # noqa: S608  our own text
            " WHERE service_fts MATCH :match ORDER BY score LIMIT :fetched",
            {"match": match, "fetched": fetched},
        )
        ranked = sorted((score, live[key]) for key, score in rows if key in live)[:most]
        # What was not fetched may be as good as the last that was.
        if len(rows) < fetched or (len(ranked) == most and ranked[-1][0] < rows[-1][1]):
            break
    return [service for _, service in ranked]


def _answering(catalogue: Catalogue, profile: Profile, known: set[str], most: int) -> list[str]:
    """Services that answer as most of the requirements want that name a question."""
    met: Counter[int] = Counter()
    for requirement in profile.requirements:
        if requirement.question is not None:
            met.update(
                key
                for (key,) in catalogue.rows(
                    "SELECT DISTINCT service FROM question JOIN answer ON answer.question = question.key"
                    " JOIN value ON value.key = answer.value WHERE question.canonical = :question"
                    " AND value.text IN (SELECT value FROM json_each(:values))",
                    {"question": requirement.question.id, "values": json.dumps(requirement.accepted)},
                )
            )
    place = columns(catalogue).place
    left = (
        (-met[key], place[key], service) for key, service in _live(catalogue).items() if service not in known
    )
    return [service for _, _, service in heapq.nsmallest(most, left)]


def _live(catalogue: Catalogue) -> dict[int, str]:
    def load() -> dict[int, str]:
        return dict(catalogue.rows("SELECT key, id FROM service WHERE status = 'live'"))

    return catalogue.remembered("live services", load)
