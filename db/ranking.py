"""Which services come first for groups of words: by rank where that is telling and quick, else neutrally.

The rank is FTS5's BM25 with weights for the fields. It costs some 5 to 15 microseconds for each service:
words that thousands of services have are ranked by their strongest fields alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from db.asking import all_of, any_of, count, weight
from db.catalogue import Catalogue
from db.columns import Columns, columns

#: Weights of name, supplier, description, features, benefits, categories, answers.
_RANK = "bm25(service_fts, 10.0, 6.0, 4.0, 4.0, 2.0, 3.0, 1.0)"
#: With fewer results, not every word has to be there.
ENOUGH = 10
#: More services than this are not ranked by all fields.
_RANKED = 2500
#: The share of the catalogue that is looked at to guess whether there are more.
_SAMPLE = 0.05
#: What to rank by instead: the strong fields, or the strongest where even those are too many.
_FIELDS = ("name supplier description features categories", "name")
#: Words that more than this share of the services have do not rank.
_TELLING = 0.4
#: Where words are left out: the share of the asked-for weight that a service must have, how many services of
#: a word to consider, and how many to rank.
_LEAST_SHARE, _CONSIDERED, _RELAXED = 0.5, 6000, 1500


@dataclass(frozen=True, slots=True)
class Ranking:
    """Services for a text, best first, whatever the filters; ``scores`` of those that were ranked."""

    keys: Sequence[int]
    scores: dict[int, float]
    relaxed: bool = False


def ranked(catalogue: Catalogue, groups: Sequence[str]) -> Ranking:
    """All services that have every group."""
    if not groups:
        return Ranking((), {})
    table = columns(catalogue)
    every = all_of(groups)
    scores = _scores(catalogue, every, table)
    if scores is not None:
        return _best_first(scores, table)
    keys = set(_keys(catalogue, every))
    best = _strongest(catalogue, every, table, is_telling=len(keys) <= _TELLING * len(table.neutral))
    rest = keys.difference(best.keys)
    return Ranking([*best.keys, *filter(rest.__contains__, table.neutral)], best.scores)


def _strongest(catalogue: Catalogue, every: str, table: Columns, *, is_telling: bool) -> Ranking:
    """Those of very many services that have the words in strong fields."""
    for fields in _FIELDS if is_telling else ():
        strong = f"{{{fields}}} : ({every})"
        scores = _scores(catalogue, strong, table)
        if scores:
            return _best_first(scores, table)
    # So frequent that no rank means anything: those that bear it in their name come first, in neutral order.
    named = _keys(catalogue, f"{{{_FIELDS[-1]}}} : ({every})")
    return _best_first(dict.fromkeys(named, 0.0), table)


def with_some(catalogue: Catalogue, groups: Sequence[str], full: Ranking) -> Ranking:
    """Services that have all first, then those that have at least half by weight: rare words weigh most."""
    table = columns(catalogue)
    total = len(table.neutral)
    services = {group: count(catalogue, group) for group in groups}
    known = sorted((group for group in groups if services[group]), key=services.__getitem__)
    weights = {group: weight(services[group], total) for group in known}
    covered: dict[int, float] = {}
    for number, group in enumerate(known):
        if number == 0 or services[group] <= _CONSIDERED:
            for key in _keys(catalogue, group):
                covered[key] = covered.get(key, 0.0) + weights[group]
    least = _LEAST_SHARE * sum(weights.values())
    heaviest = sorted(covered, key=lambda key: (-covered[key], table.place[key]))[:_RELAXED]
    half = sum(covered[key] >= least for key in heaviest)
    added = set(heaviest[: max(half, ENOUGH)]).difference(full.keys)
    if not added:
        return full
    telling = [group for group in known if services[group] <= _TELLING * total] or known
    scores = full.scores | _scores_of(catalogue, any_of(telling), added)
    ordered = sorted(added, key=lambda key: (-scores.get(key, 0.0), table.place[key]))
    return Ranking([*full.keys, *ordered], scores, relaxed=True)


def followed_by(ranking: Ranking, others: Ranking) -> Ranking:
    """One ranking, then what another has besides."""
    before = set(ranking.keys)
    added = [key for key in others.keys if key not in before]
    return Ranking([*ranking.keys, *added], others.scores | ranking.scores)


def _best_first(scores: dict[int, float], table: Columns) -> Ranking:
    return Ranking(sorted(scores, key=lambda key: (-scores[key], table.place[key])), scores)


_MATCH = "FROM service_fts WHERE service_fts MATCH :match"
_SCORED = f"SELECT rowid, coalesce(-{_RANK}, 0.0) {_MATCH}"


def _guess(catalogue: Catalogue, match: str, table: Columns) -> float:
    """About how many services have this, from a slice of the catalogue: a twentieth of the time."""
    size = len(table.place)
    width = max(1, int(_SAMPLE * size))
    if size <= 2 * _RANKED:
        return 0
    start = size // 2
    found = catalogue.rows(
        f"SELECT count(*) {_MATCH} AND rowid BETWEEN :start AND :stop",
        {"match": match, "start": start, "stop": start + width - 1},
    )
    return float(found[0][0]) * size / width


def _keys(catalogue: Catalogue, match: str) -> list[int]:
    return [key for (key,) in catalogue.rows(f"SELECT rowid {_MATCH}", {"match": match})]


def _scores(catalogue: Catalogue, match: str, table: Columns) -> dict[int, float] | None:
    """The rank of each service that has this, higher for better; ``None`` where they are too many."""
    if _guess(catalogue, match, table) > _RANKED:
        return None
    rows = catalogue.rows(f"{_SCORED} LIMIT {_RANKED + 1}", {"match": match})
    return dict(rows) if len(rows) <= _RANKED else None


def _scores_of(catalogue: Catalogue, match: str, only: Iterable[int]) -> dict[int, float]:
    """The rank of these services, as far as they have this."""
    # The plus keeps SQLite from asking the index anew for each key.
    among = " AND +rowid IN (SELECT value FROM json_each(:only))"
    return dict(catalogue.rows(_SCORED + among, {"match": match, "only": json.dumps(list(only))}))
