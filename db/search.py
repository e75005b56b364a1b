"""Search: words and phrases with stemming, other names and corrected typing errors, filters and their counts.

Every word must be there first, as officers know it. Where that finds too little, services follow that have
the rarer words. Equal results are in a neutral order, never in the order of names.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from catalogue.model import Facets, SearchHit, SearchPage, SearchQuery
from catalogue.vocabulary import load_vocabulary
from db.asking import Asked, all_of, any_of, count, understand, weight
from db.catalogue import Catalogue
from db.columns import Columns, columns, count_by, count_categories, filters, matching

#: Weights of name, supplier, description, features, benefits, categories, answers in the ranking.
_RANK = "bm25(service_fts, 10.0, 6.0, 4.0, 4.0, 2.0, 3.0, 1.0)"
#: With fewer results, not every word has to be there.
_ENOUGH = 10
#: More services than this are not ranked by all fields, which takes 3 microseconds each.
_RANKED = 6000
#: What to rank by instead: strong fields first, more of them where few services have all of it in there.
_FIELDS = ("name", "name supplier description features categories")
#: So many ranked services are enough for anybody to look through.
_WELL_RANKED = 100
#: Words that more than this share of the services have do not rank.
_TELLING = 0.5
#: Where words are left out: the share of the asked-for weight that a service must have, and how many to rank.
_LEAST_SHARE, _RELAXED = 0.5, 1500
_REMEMBERED = 24


@dataclass(frozen=True, slots=True)
class _Ranking:
    """Services for a text, best first, whatever the filters; ``scores`` of those that were ranked."""

    keys: Sequence[int]
    scores: dict[int, float]
    relaxed: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    """A text's ranking and how the text was understood."""

    asked: Asked
    ranking: _Ranking


def search(catalogue: Catalogue, query: SearchQuery, *, limit: int = 50, offset: int = 0) -> SearchPage:
    """The window of results from ``offset`` on. No text at all gives every service in a neutral order.

    Any text is accepted. Raises `UsageError` for a filter that names nothing in the catalogue.
    """
    with catalogue.lock:
        tests = filters(catalogue, query)
        found = _found(catalogue, query.text)
        keys = matching(found.ranking.keys, tests)
        if len(keys) < _ENOUGH and len(found.asked.groups) > 1:
            found = _relaxed(catalogue, query.text, found)
            keys = matching(found.ranking.keys, tests)
        offset = max(0, offset)
        window = keys[offset : offset + max(0, limit)]
        return SearchPage(
            total=len(keys),
            hits=_hits(catalogue, window, found.ranking.scores),
            assumed=found.asked.assumed,
            aliases=found.asked.aliases,
            relaxed=found.ranking.relaxed,
        )


def facets(catalogue: Catalogue, query: SearchQuery) -> Facets:
    """Counts for each filter over the results of the query, each as if that filter were not set."""
    with catalogue.lock:
        table = columns(catalogue)
        tests = filters(catalogue, query)
        found = _found(catalogue, query.text)
        if len(found.asked.groups) > 1 and len(matching(found.ranking.keys, tests)) < _ENOUGH:
            found = _relaxed(catalogue, query.text, found)
        results = matching(found.ranking.keys, tests)

        def without(name: str) -> Sequence[int]:
            return matching(found.ranking.keys, tests, without=name) if name in tests else results

        return Facets(
            lots=count_by(without("lots"), table.lot, lambda slug: (slug, table.lot_names[slug])),
            frameworks=count_by(
                without("frameworks"), table.framework, lambda slug: (slug, table.framework_names[slug])
            ),
            suppliers=count_by(without("suppliers"), table.supplier, _supplier(table)),
            categories=count_categories(without("categories"), table),
        )


def _supplier(table: Columns) -> Callable[[int], tuple[str, str]]:
    """How a supplier is named in a filter and shown: by id where the page has one."""

    def shown(key: int) -> tuple[str, str]:
        identity, name = table.suppliers[key]
        return identity or name, name

    return shown


def _found(catalogue: Catalogue, text: str) -> _Found:
    """Services that have everything asked for. Remembered: the next page and the counts use it too."""

    def work_out() -> _Found:
        if not text.strip():
            return _Found(Asked(), _Ranking(columns(catalogue).neutral, {}))
        asked = understand(catalogue, text, load_vocabulary())
        return _Found(asked, _ranked(catalogue, asked.groups))

    return catalogue.remembered("found", work_out, of=text, most=_REMEMBERED)


def _relaxed(catalogue: Catalogue, text: str, found: _Found) -> _Found:
    """The same with services added that lack some of it."""

    def work_out() -> _Found:
        asked = understand(catalogue, text, load_vocabulary(), doubting=True)
        ranking = found.ranking
        if asked.groups != found.asked.groups:
            others = _ranked(catalogue, asked.groups)
            ranking = _followed_by(ranking, others)
            if len(ranking.keys) >= _ENOUGH:
                return _Found(asked, ranking)
        return _Found(asked, _with_some(catalogue, asked.groups, ranking))

    return catalogue.remembered("relaxed", work_out, of=text, most=_REMEMBERED)


def _ranked(catalogue: Catalogue, groups: Sequence[str]) -> _Ranking:
    """All services that have every group, by rank; very many are ranked by their strongest fields alone."""
    if not groups:
        return _Ranking((), {})
    table = columns(catalogue)
    every = all_of(groups)
    keys = _keys(catalogue, every)
    if len(keys) <= _RANKED:
        return _best_first(_scores(catalogue, every), table)
    scores: dict[int, float] = {}
    is_telling = any(count(catalogue, group) <= _TELLING * len(table.neutral) for group in groups)
    for fields in _FIELDS:
        strong = f"{{{fields}}} : ({every})"
        found = _keys(catalogue, strong)
        if len(found) > _RANKED or not is_telling:
            # So frequent that no rank means anything: those that bear it here come first, in neutral order.
            scores = scores or dict.fromkeys(found, 0.0)
            break
        scores = _scores(catalogue, strong)
        if len(found) >= _WELL_RANKED:
            break
    best = _best_first(scores, table)
    rest = set(keys).difference(best.keys)
    return _Ranking([*best.keys, *filter(rest.__contains__, table.neutral)], best.scores)


def _best_first(scores: dict[int, float], table: Columns) -> _Ranking:
    return _Ranking(sorted(scores, key=lambda key: (-scores[key], table.place[key])), scores)


def _followed_by(ranking: _Ranking, others: _Ranking) -> _Ranking:
    before = set(ranking.keys)
    added = [key for key in others.keys if key not in before]
    return _Ranking([*ranking.keys, *added], others.scores | ranking.scores)


def _with_some(catalogue: Catalogue, groups: Sequence[str], full: _Ranking) -> _Ranking:
    """Services that have all first, then those that have at least half by weight: rare words weigh most."""
    table = columns(catalogue)
    total = len(table.neutral)
    services = {group: count(catalogue, group) for group in groups}
    known = sorted((group for group in groups if services[group]), key=services.__getitem__)
    weights = {group: weight(services[group], total) for group in known}
    covered: dict[int, float] = {}
    for number, group in enumerate(known):
        if number == 0 or services[group] <= _RANKED:
            for key in _keys(catalogue, group):
                covered[key] = covered.get(key, 0.0) + weights[group]
    least = _LEAST_SHARE * sum(weights.values())
    heaviest = sorted(covered, key=lambda key: (-covered[key], table.place[key]))[:_RELAXED]
    half = sum(covered[key] >= least for key in heaviest)
    best = heaviest[: max(half, _ENOUGH)]
    added = set(best).difference(full.keys)
    if not added:
        return full
    scores = full.scores | _scores(catalogue, any_of(known), added)
    ordered = sorted(added, key=lambda key: (-scores[key], table.place[key]))
    return _Ranking([*full.keys, *ordered], scores, relaxed=True)


def _keys(catalogue: Catalogue, match: str) -> list[int]:
    sql = "SELECT rowid FROM service_fts WHERE service_fts MATCH :match"
    return [key for (key,) in catalogue.rows(sql, {"match": match})]


def _scores(catalogue: Catalogue, match: str, only: Iterable[int] | None = None) -> dict[int, float]:
    """The rank of each service that has this; higher is better."""
    sql = f"SELECT rowid, coalesce(-{_RANK}, 0.0) FROM service_fts WHERE service_fts MATCH :match"  # noqa: S608  our own text
    if only is None:
        return dict(catalogue.rows(sql, {"match": match}))
    # The plus keeps SQLite from asking the index anew for each key.
    sql += " AND +rowid IN (SELECT value FROM json_each(:only))"
    return dict(catalogue.rows(sql, {"match": match, "only": json.dumps(list(only))}))


_SHOWN = """
SELECT service.key, service.id, service.name, supplier.name, framework.slug, lot.slug, status, price,
    description
FROM json_each(:keys) AS wanted
CROSS JOIN service ON service.key = wanted.value
JOIN supplier ON supplier.key = service.supplier
JOIN framework ON framework.key = service.framework
JOIN lot ON lot.key = service.lot
ORDER BY wanted.key
"""


def _hits(catalogue: Catalogue, keys: Sequence[int], scores: dict[int, float]) -> tuple[SearchHit, ...]:
    rows = catalogue.rows(_SHOWN, {"keys": json.dumps(keys)})
    return tuple(
        SearchHit(
            id=service,
            name=name,
            supplier=supplier,
            framework=framework,
            lot=lot,
            status=status,
            price=price,
            description=description,
            score=scores.get(key, 0.0),
        )
        for key, service, name, supplier, framework, lot, status, price, description in rows
    )
