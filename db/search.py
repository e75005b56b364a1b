"""Search: words and phrases with stemming, other names and corrected typing errors, filters and their counts.

Every word must be there first, as officers know it. Where that finds too little, services follow that have
the rarer words. Equal results are in a neutral order, never in the order of names.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from catalogue.model import Facets, SearchHit, SearchPage, SearchQuery
from catalogue.vocabulary import load_vocabulary
from db.asking import Asked, understand
from db.catalogue import Catalogue
from db.columns import Columns, columns, count_by, count_categories, filters, matching
from db.ranking import ENOUGH, Ranking, followed_by, ranked, with_some

#: Texts whose results are remembered.
_REMEMBERED = 24


@dataclass(frozen=True, slots=True)
class _Found:
    """A text's ranking and how the text was understood."""

    asked: Asked
    ranking: Ranking


def search(catalogue: Catalogue, query: SearchQuery, *, limit: int = 50, offset: int = 0) -> SearchPage:
    """The window of results from ``offset`` on. No text at all gives every service in a neutral order.

    Any text is accepted. Raises `UsageError` for a filter that names nothing in the catalogue.
    """
    with catalogue.lock:
        tests = filters(catalogue, query)
        found = _found(catalogue, query.text)
        keys = matching(found.ranking.keys, tests)
        if len(keys) < ENOUGH and len(found.asked.groups) > 1:
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
        if len(found.asked.groups) > 1 and len(matching(found.ranking.keys, tests)) < ENOUGH:
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
            return _Found(Asked(), Ranking(columns(catalogue).neutral, {}))
        asked = understand(catalogue, text, load_vocabulary())
        return _Found(asked, ranked(catalogue, asked.groups))

    return catalogue.remembered("found", work_out, of=text, most=_REMEMBERED)


def _relaxed(catalogue: Catalogue, text: str, found: _Found) -> _Found:
    """The same with services added that lack some of it."""

    def work_out() -> _Found:
        asked = understand(catalogue, text, load_vocabulary(), doubting=True)
        ranking = found.ranking
        if asked.groups != found.asked.groups:
            others = ranked(catalogue, asked.groups)
            ranking = followed_by(ranking, others)
            if len(ranking.keys) >= ENOUGH:
                return _Found(asked, ranking)
        return _Found(asked, with_some(catalogue, asked.groups, ranking))

    return catalogue.remembered("relaxed", work_out, of=text, most=_REMEMBERED)


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
