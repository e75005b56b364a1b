"""Search: words and phrases with stemming, other names and corrected typing errors, filters and their counts.

Every word must be there, as officers know it. Where that finds too little, services come in that have the
rarer words, say it in related words or are about the same as the best. The first of the results are read
closely, and the closest come first. Equal results are in a neutral order, never in the order of names.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from heapq import nsmallest

from catalogue.bands import STEP, band_place
from catalogue.errors import UsageError
from catalogue.model import SORTS, FacetCount, SearchHit, SearchPage, SearchQuery
from catalogue.questions import load_crosswalk
from catalogue.vocabulary import load_vocabulary
from db.asking import Asked, lexicon, understand
from db.catalogue import Catalogue
from db.closeness import READ, closeness
from db.columns import (
    Allows,
    Columns,
    columns,
    count_by,
    count_categories,
    count_several,
    filters,
    matching,
)
from db.columns_on_demand import NO_OPTION, band_column, filters_on_demand, option_column, order_column
from db.likeness import likeness
from db.ranking import ENOUGH, Ranking, followed_by, ranked, weights_of, with_some
from db.words import Lexicon

#: Texts whose results are remembered.
_REMEMBERED = 24
#: With fewer services that have everything, words that hardly any service has are doubted.
_FEW = 10
#: Where fewer are found, services follow that are about the same as the best: so many in all.
_FILLED = 20
#: … if they have so much of the words of the best.
_ALIKE_LEAST = 0.35
#: What being about the same adds to how close a service comes, of what the best one has.
_ALIKE = 0.4


@dataclass(frozen=True, slots=True)
class _Found:
    """A text's ranking and how the text was understood."""

    asked: Asked
    ranking: Ranking
    #: How much services have of the words of the best.
    alike: Mapping[int, float] = field(default_factory=dict)


def search(
    catalogue: Catalogue, query: SearchQuery, *, limit: int = 50, offset: int = 0, relax: bool = True
) -> SearchPage:
    """The window of results from ``offset`` on. No text at all gives every service in a neutral order.

    Any text is accepted. Without ``relax`` every result has all that is asked for, however few there are.
    Raises `UsageError` for a filter that names nothing in the catalogue.
    """
    with catalogue.lock:
        found, tests = _found(catalogue, query, relax=relax)
        keys = matching(found.ranking.keys, tests)
        offset, limit = max(0, offset), max(0, limit)
        if query.sort == SORTS[0]:
            ordered, scores = _closest_first(catalogue, query.text, found, keys)
        else:
            place = order_column(catalogue, query.sort)
            ordered, scores = sorted(keys, key=place.__getitem__), found.ranking.scores
        return SearchPage(
            total=len(keys),
            hits=_hits(catalogue, ordered[offset : offset + limit], scores),
            assumed=found.asked.assumed,
            aliases=found.asked.aliases,
            related=found.asked.related if found.ranking.relaxed else (),
            relaxed=found.ranking.relaxed,
            holds_any=bool(columns(catalogue).neutral),
        )


def warm(catalogue: Catalogue) -> None:
    """Work out what the first search with words would: who types soon after opening need not wait for it."""
    search(catalogue, SearchQuery("service"), limit=1)


#: The filters whose values are counted; besides them every question with options is one, by its id.
FILTERS = ("lots", "frameworks", "suppliers", "categories", "prices")


def count_filter(catalogue: Catalogue, query: SearchQuery, name: str) -> tuple[FacetCount, ...]:
    """How many results have each value of one of `FILTERS` or of a question, as if it were not set itself.

    The most frequent come first; bands of prices and options of a question in their own order.
    """
    with catalogue.lock:
        table = columns(catalogue)
        found, tests = _found(catalogue, query)
        keys = matching(found.ranking.keys, tests, without=name)
        match name:
            case "lots":
                return count_by(keys, table.lot, lambda slug: (slug, table.lot_names[slug]))
            case "frameworks":
                return count_by(keys, table.framework, lambda slug: (slug, table.framework_names[slug]))
            case "suppliers":
                return count_by(keys, table.supplier, _supplier(table))
            case "categories":
                return count_categories(keys, table)
            case "prices":
                counts = count_several(
                    keys, band_column(catalogue), lambda value: (value, value.rpartition(STEP)[2])
                )
                return tuple(sorted(counts, key=lambda count: band_place(count.value)))
        question = load_crosswalk().find(name)
        names = {option.id: option.label for option in question.options} | {NO_OPTION: "No option ticked"}
        places = {option: place for place, option in enumerate(names)}
        ticked = option_column(catalogue, question.id)
        counts = count_several(keys, ticked, lambda option: (option, names.get(option, option)))
        return tuple(sorted(counts, key=lambda count: places.get(count.value, len(places))))


def _supplier(table: Columns) -> Callable[[int], tuple[str, str]]:
    """How a supplier is named in a filter and shown: by id where the page has one."""

    def shown(key: int) -> tuple[str, str]:
        identity, name = table.suppliers[key]
        return identity or name, name

    return shown


def _found(
    catalogue: Catalogue, query: SearchQuery, *, relax: bool = True
) -> tuple[_Found, dict[str, Allows]]:
    """The services for a text, and the tests of the filters that the results have to pass besides."""
    if query.sort not in SORTS:
        raise UsageError(f"there is no order {query.sort!r}; there are: {', '.join(SORTS)}")
    tests = filters(catalogue, query) | filters_on_demand(catalogue, query)
    found = _with_all(catalogue, query.text)
    # In another order than by closeness, what has only some of the words would stand among the best.
    enough = ENOUGH if query.sort == SORTS[0] else 1
    if relax and found.asked.things and len(matching(found.ranking.keys, tests)) < enough:
        found = _with_some(catalogue, query.text)
    return found, tests


def _with_all(catalogue: Catalogue, text: str) -> _Found:
    """Services that have everything asked for. Remembered: the next page and the counts use it too."""

    def work_out() -> _Found:
        if not text.strip():
            return _Found(Asked(), Ranking(columns(catalogue).neutral, {}))
        asked = understand(catalogue, text, load_vocabulary())
        return _Found(asked, ranked(catalogue, asked.things))

    return catalogue.remembered("found", work_out, of=text, most=_REMEMBERED)


def _with_some(catalogue: Catalogue, text: str) -> _Found:
    """The same with services added that lack some of it, or say it in related words."""

    def work_out() -> _Found:
        found = _with_all(catalogue, text)
        if len(found.ranking.keys) < _FEW:
            asked = understand(catalogue, text, load_vocabulary(), doubting=True)
            if asked.things != found.asked.things:
                found = _Found(asked, followed_by(found.ranking, ranked(catalogue, asked.things)))
                if len(found.ranking.keys) >= ENOUGH:
                    return found
        ranking = with_some(catalogue, found.asked.things, found.ranking)
        return _with_alike(catalogue, text, _Found(found.asked, ranking))

    return catalogue.remembered("relaxed", work_out, of=text, most=_REMEMBERED)


def _with_alike(catalogue: Catalogue, text: str, found: _Found) -> _Found:
    """The same with services added that are about the same as the best, where there are few."""
    ranking = found.ranking
    close = _close(catalogue, text, found.asked, ranking.keys)
    alike = likeness(catalogue, close, found.asked.things, _lexicon(catalogue))
    known, place = set(ranking.keys), columns(catalogue).place
    # What was typed in quotation marks has to be there.
    has_must = any(thing.must for thing in found.asked.things)
    missing = 0 if has_must else max(0, _FILLED - len(known))
    others = [key for key, much in alike.items() if much >= _ALIKE_LEAST and key not in known]
    added = nsmallest(missing, others, key=lambda key: (-alike[key], place[key]))
    return _Found(
        found.asked,
        replace(ranking, keys=[*ranking.keys, *added], relaxed=ranking.relaxed or bool(added)),
        alike,
    )


def _closest_first(
    catalogue: Catalogue, text: str, found: _Found, keys: Sequence[int]
) -> tuple[Sequence[int], dict[int, float]]:
    """The best of these results read closely and put in order; those that are not read follow as they are.

    A score above 1 is of a service that was read.
    """
    if not found.asked.things:
        return keys, found.ranking.scores
    close = _close(catalogue, text, found.asked, keys)
    best = max(close.values(), default=0.0)
    place = columns(catalogue).place
    read = {key: 1 + much + _ALIKE * best * found.alike.get(key, 0.0) for key, much in close.items()}
    ordered = [*sorted(read, key=lambda key: (-read[key], place[key])), *keys[READ:]]
    return ordered, found.ranking.scores | read


def _close(catalogue: Catalogue, text: str, asked: Asked, keys: Sequence[int]) -> dict[int, float]:
    """How close the first of these services come, as read. What was read is remembered for the text."""
    best = keys[:READ]
    read: dict[int, float] = catalogue.remembered(
        "closeness", dict, of=(text, asked.things), most=_REMEMBERED
    )
    unread = [key for key in best if key not in read]
    if unread:
        things = (*asked.things, *asked.presumed)
        read.update(closeness(catalogue, unread, things, weights_of(catalogue, things), _lexicon(catalogue)))
    return {key: read[key] for key in best}


def _lexicon(catalogue: Catalogue) -> Lexicon:
    return lexicon(catalogue, load_vocabulary())


_SHOWN = """
SELECT service.key, service.id, service.name, supplier.name, framework.slug, lot.slug, status, price,
    description, first_seen
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
            first_seen=datetime.fromisoformat(first_seen),
        )
        for key, service, name, supplier, framework, lot, status, price, description, first_seen in rows
    )
