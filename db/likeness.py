"""Services that are about the same as the best found, told by the words that these have in common.

Suppliers call one thing by many names, and no table has them all: listings that share the rarer words of the
best ones are mostly about the same thing. This only ever adds to what was found, and orders it.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from catalogue.terms import COMMON
from catalogue.text import words
from db.catalogue import Catalogue
from db.columns import columns
from db.index import inside, keys, phrase, weight
from db.things import Thing
from db.words import Lexicon

#: How many of the best are looked at, and how many of their words.
_BEST, _WORDS = 8, 20
#: Words that more than this share of the services have tell little, or more than so many.
_COMMON, _MANY = 0.25, 1500
_FIELDS = "name description features categories"
_TEXTS = """
SELECT service, name, description, features, categories FROM service_text
WHERE service IN (SELECT value FROM json_each(:keys))
"""


def likeness(
    catalogue: Catalogue, close: Mapping[int, float], things: Sequence[Thing], lexicon: Lexicon
) -> dict[int, float]:
    """How much services, by key, have of the words of the best, between 0 and 1; ``close`` tells the best."""
    place = columns(catalogue).place
    best = sorted((key for key in close if close[key] > 0), key=lambda key: (-close[key], place[key]))[:_BEST]
    shared = _shared(catalogue, {key: close[key] for key in best}, things, lexicon)
    whole = sum(shared.values())
    alike: defaultdict[int, float] = defaultdict(float)
    for word, heavy in shared.items():
        for key in keys(catalogue, inside(_FIELDS, phrase([word]))):
            alike[key] += heavy / whole
    return dict(alike)


def _shared(
    catalogue: Catalogue, best: Mapping[int, float], things: Sequence[Thing], lexicon: Lexicon
) -> dict[str, float]:
    """The words that are typical of these services, with their weight: not those that were asked for."""
    asked = {lexicon.stem(word) for thing in things for way in thing.ways for word in way.words}
    total = max(1, lexicon.total)
    typical: dict[str, float] = {}
    spelt: dict[str, str] = {}
    bearers: Counter[str] = Counter()
    for key, *texts in catalogue.rows(_TEXTS, {"keys": json.dumps(list(best))}):
        said = {lexicon.stem(word): word for word in sorted(_words(texts))}
        for stem, word in said.items():
            services = lexicon.services.get(word, 0)
            if stem not in asked and 0 < services <= min(_MANY, _COMMON * total):
                typical[stem] = typical.get(stem, 0.0) + best[key] * weight(services, total)
                spelt.setdefault(stem, word)
                bearers[stem] += 1
    if len(best) > 1:
        # A word of one alone is its own.
        typical = {stem: heavy for stem, heavy in typical.items() if bearers[stem] > 1}
    chosen = sorted(typical, key=lambda stem: (-typical[stem], stem))[:_WORDS]
    return {spelt[stem]: typical[stem] for stem in chosen}


def _words(texts: Iterable[str | None]) -> set[str]:
    return {word for text in texts for word in words(text or "") if word not in COMMON}
