"""Which services have what was asked for, and about how much of it each has: told by the index alone.

A thing counts once for each service, by the strongest part of the listing that has it, and rare things count
more. `db.closeness` then reads the best of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from db.catalogue import Catalogue
from db.columns import Columns, columns
from db.index import all_of, count, inside, keys, phrase, services_with, weight
from db.postings import saying_yes
from db.things import RELATED, Thing

#: With fewer results, not every word has to be there.
ENOUGH = 50
#: What so many times more services have is looked for beside the rest rather than by itself.
_TIMES_MORE = 3
#: More services than this are not ranked, unless by their name or by the fields that say what they are.
_RANKED = 1000
#: Where words are left out: how many services to consider.
_CONSIDERED = 3000
#: … the share of the asked-for weight that a service must have, and how many come in anyhow.
_LEAST_SHARE, _LEAST = 0.5, 20
#: At most so many follow that lack something.
_RELAXED = 1500
#: What a thing counts in the name, in the fields that say what a service is, and anywhere.
_NAME, _HEAD, _ANYWHERE = 0.9, 0.65, 0.4
_HEAD_FIELDS = "name supplier description features categories"
#: Weights of name, supplier, description, features, benefits, categories, answers.
_RANK = """
SELECT rowid, coalesce(-bm25(service_fts, 10.0, 6.0, 4.0, 4.0, 2.0, 3.0, 1.0), 0.0)
FROM service_fts WHERE service_fts MATCH :match
"""
#: How far a thing is weighed by how many services have a related word rather than itself.
_WIDE = 0.3
#: All that only says more of what is wanted weighs at most so much of that together.
_BESIDE = 0.7


@dataclass(frozen=True, slots=True)
class Ranking:
    """Services for a text, best first, whatever the filters; ``scores`` are between 0 and 1."""

    keys: Sequence[int]
    scores: dict[int, float]
    relaxed: bool = False


def weights_of(catalogue: Catalogue, things: Sequence[Thing]) -> list[float]:
    """How telling each thing is: the fewer services have it, the more."""
    total = len(columns(catalogue).neutral)
    weights: list[float] = []
    for thing in things:
        services = _number(catalogue, thing)
        if thing.questions:
            # What is ticked is had as well as what is written.
            services = len(services_with(catalogue, thing.match) | saying_yes(catalogue, thing.questions))
        wide = weight(min(total, services + thing.breadth), total)
        heavy = (1 - _WIDE) * weight(services, total) + _WIDE * wide
        weights.append(heavy * thing.emphasis)
    # However rare or many they are, those that only say more do not lead.
    wanted = sum(heavy for heavy, thing in zip(weights, things, strict=True) if not thing.beside)
    more = sum(weights) - wanted
    share = min(1.0, _BESIDE * wanted / more) if wanted and more else 1.0
    return [heavy * share if thing.beside else heavy for heavy, thing in zip(weights, things, strict=True)]


def ranked(catalogue: Catalogue, things: Sequence[Thing]) -> Ranking:
    """All services that have everything."""
    if not things:
        return Ranking((), {})
    table = columns(catalogue)
    found = _having_all(catalogue, things)
    if len(found) < ENOUGH:
        # All of them will be read, whatever the index says.
        return Ranking(sorted(found, key=table.place.__getitem__), {})
    is_telling = len(found) <= _RANKED
    scores = _by_rank(catalogue, things) if is_telling else _by_name(catalogue, things, found)
    best = _best_first(scores, table)
    rest = found.difference(scores)
    return Ranking([*best.keys, *filter(rest.__contains__, table.neutral if rest else ())], best.scores)


def _by_rank(catalogue: Catalogue, things: Sequence[Thing]) -> dict[int, float]:
    """The services that have everything, with FTS5's BM25, which takes some 5 to 15 microseconds for each."""
    every = all_of(thing.match for thing in things)
    rows = catalogue.rows(_RANK, {"match": every})
    most = max((rank for _, rank in rows), default=0.0) or 1.0
    return {key: rank / most for key, rank in rows}


def _by_name(catalogue: Catalogue, things: Sequence[Thing], found: frozenset[int]) -> dict[int, float]:
    """Those of very many services that have it in their name: so frequent, no rank means anything."""
    scores: dict[int, float] = {}
    for thing, share in zip(things, _shares(catalogue, things), strict=True):
        for key in found.intersection(keys(catalogue, inside("name", thing.match))):
            scores[key] = scores.get(key, 0.0) + share
    return scores


def _number(catalogue: Catalogue, thing: Thing) -> int:
    """How many services have a thing: a word is quickly counted, what is not one is looked for once."""
    if len(thing.ways[0].words) == 1 and thing.match == phrase(thing.ways[0].words):
        return count(catalogue, thing.match)
    return len(services_with(catalogue, thing.match))


def _having_all(catalogue: Catalogue, things: Sequence[Thing]) -> frozenset[int]:
    first, *others = sorted(things, key=lambda thing: _number(catalogue, thing))
    found = services_with(catalogue, first.match)
    for thing in others:
        if _number(catalogue, thing) <= _TIMES_MORE * len(found):
            found &= services_with(catalogue, thing.match)
        elif found:
            found = found.intersection(keys(catalogue, all_of([first.match, thing.match])))
    return found


def _shares(catalogue: Catalogue, things: Sequence[Thing]) -> list[float]:
    """The part that each thing has of what was asked for."""
    weights = weights_of(catalogue, things)
    return [heavy / sum(weights) for heavy in weights]


def with_some(catalogue: Catalogue, things: Sequence[Thing], full: Ranking) -> Ranking:
    """Services that have all, and those that have much of it or say it in related words: best first."""
    table = columns(catalogue)
    among = set(full.keys).union(_considered(catalogue, things))
    for thing in things:
        if thing.must:
            among.intersection_update(services_with(catalogue, thing.match))
    scores = _scores(catalogue, things, among)
    ordered = _best_first(scores, table).keys[:_RELAXED]
    least = _LEAST_SHARE * _ANYWHERE
    has_all = set(full.keys)
    kept = [
        key for number, key in enumerate(ordered) if scores[key] >= least or number < _LEAST or key in has_all
    ]
    return Ranking(kept, scores, relaxed=len(kept) > len(full.keys))


def _considered(catalogue: Catalogue, things: Sequence[Thing]) -> set[int]:
    """Services that may have much of it: by the rarest things, as many as can be considered."""
    considered: set[int] = set()
    for number, thing in enumerate(sorted(things, key=lambda each: _number(catalogue, each))):
        if number == 0 or len(considered) + _number(catalogue, thing) <= _CONSIDERED:
            considered |= services_with(catalogue, thing.match)
        if thing.related and thing.breadth <= _CONSIDERED - len(considered):
            considered |= services_with(catalogue, thing.related)
    return considered


def _scores(catalogue: Catalogue, things: Sequence[Thing], among: set[int]) -> dict[int, float]:
    """About how much each of these services has of what was asked for, between 0 and 1."""
    scores = dict.fromkeys(among, 0.0)
    for thing, share in zip(things, _shares(catalogue, things), strict=True):
        services = services_with(catalogue, thing.match)
        strengths: dict[int, float] = dict.fromkeys(among & saying_yes(catalogue, thing.questions), RELATED)
        if thing.related and thing.breadth <= _CONSIDERED:
            related = services_with(catalogue, thing.related)
            strengths.update(dict.fromkeys(among & related, RELATED * _ANYWHERE))
            head = keys(catalogue, inside(_HEAD_FIELDS, thing.related))
            strengths.update(dict.fromkeys(among.intersection(head), RELATED * _HEAD))
            named = keys(catalogue, inside("name", thing.related))
            strengths.update(dict.fromkeys(among.intersection(named), RELATED * _NAME))
        for key in among & services:
            strengths[key] = max(strengths.get(key, 0.0), _ANYWHERE)
        if len(services) <= _CONSIDERED:
            head = keys(catalogue, inside(_HEAD_FIELDS, thing.match))
            strengths.update(dict.fromkeys(among.intersection(head), _HEAD))
        named = keys(catalogue, inside("name", thing.match))
        strengths.update(dict.fromkeys(among.intersection(named), _NAME))
        for key, strength in strengths.items():
            scores[key] += share * strength
    return scores


def followed_by(ranking: Ranking, others: Ranking) -> Ranking:
    """One ranking, then what another has besides."""
    before = set(ranking.keys)
    added = [key for key in others.keys if key not in before]
    return Ranking([*ranking.keys, *added], others.scores | ranking.scores)


def _best_first(scores: dict[int, float], table: Columns) -> Ranking:
    return Ranking(sorted(scores, key=lambda key: (-scores[key], table.place[key])), scores)
