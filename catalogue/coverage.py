"""How much of some terms a passage holds, what says nearly the same counting for less."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from catalogue.listing import LINES, Listing, Passage, Text
from catalogue.terms import related


def passages_with(
    listing: Listing,
    weights: Mapping[str, float],
    near: Mapping[str, float] = MappingProxyType({}),
    *,
    least: float,
    fewest: int,
) -> Iterator[tuple[Passage, dict[str, float]]]:
    """The passages that hold enough of some terms, in page order: ``fewest`` of them, ``least`` by weight.

    With each come the terms that it has with their weights (see `held_by`). ``near`` are what it counts that
    a passage says nearly the same as a term.
    """
    held: dict[Text, dict[str, float]] = {}
    for term, weight in near.items():
        for text in listing.terms.get(related(term), ()):
            held.setdefault(text, {})[term] = weight
    for term, weight in weights.items():
        for text in listing.terms.get(term, ()):
            held.setdefault(text, {})[term] = weight
    for text in sorted(held, key=lambda text: text.place):
        found = held[text].values()
        # An item of a list is so short that one telling word is much of it.
        needed = 1 if text.field in LINES else fewest
        if text.field == "categories" or len(found) < needed or sum(found) < least:
            continue
        for passage in text.passages:
            shared = held_by(passage, weights, near)
            if len(shared) >= needed and sum(shared.values()) >= least:
                yield passage, shared


def held_by(passage: Passage, weights: Mapping[str, float], near: Mapping[str, float]) -> dict[str, float]:
    """The terms that a passage has with their weights, those of which it says nearly the same among them."""
    has = passage.terms
    if not has:
        return {}
    return {
        term: weight if term in has else near[term]
        for term, weight in weights.items()
        if term in has or (term in near and related(term) in has)
    }
