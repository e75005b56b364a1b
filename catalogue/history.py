"""What changed in a listing, when, and in which run: the values of its history, and how each is told."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

#: The field of a service that was not there before; the others are the fields of a record.
NEW = "new"
#: What may change, in the order in which a reader cares.
FIELDS = (
    "status",
    "price",
    "answer",
    "features",
    "benefits",
    "name",
    "description",
    "categories",
    "supplier",
    "framework",
    "lot",
    "documents",
    "structured",
    "url",
    "sections",
    NEW,
)
#: Lists, which are kept as one item a line: told by what came and what went.
LISTS = {"features": "feature", "benefits": "benefit", "categories": "category", "documents": "document"}
#: Longer texts are cut to the place where they begin to differ.
_LONGEST = 120
_NOT_STATED = "not stated"


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one service before and after; ``None`` where it was not stated.

    ``at`` is when the catalogue learnt of it, ``run`` the run that it learnt it from, ``None`` for an import.
    ``question`` is the label of the question where ``field`` is ``answer``.
    """

    service: str
    name: str
    supplier: str
    framework: str
    lot: str
    at: datetime
    run: int | None
    field: str
    question: str | None
    before: str | None
    after: str | None


def told(change: Change) -> str:
    """A change as one line, in words that read well aloud."""
    if change.field == NEW:
        return "new in the catalogue"
    if change.field == "sections":
        return "the same answers in other sections or another order"
    if change.field == "structured":
        return "price details (formula, discounts or rates) changed"
    if change.field in LISTS:
        return _items_told(LISTS[change.field], change.before, change.after)
    label = change.question if change.field == "answer" and change.question else change.field
    if _lines(change.before) > 1 or _lines(change.after) > 1:
        return f"{label}: {_items_told('answer', change.before, change.after)}"
    before, after = _cut(change.before, change.after)
    return f"{label} was {before}, now {after}"


def _items_told(noun: str, before: str | None, after: str | None) -> str:
    """Which items of a list came and which went."""
    was, now = (Counter((text or "").splitlines()) for text in (before, after))
    came, went = list((now - was).elements()), list((was - now).elements())
    if not came and not went:
        return f"each {noun} as before, in another order"
    parts = [f"{noun} added: {_quoted(item)}" for item in came]
    parts += [f"{noun} removed: {_quoted(item)}" for item in went]
    return "; ".join(parts)


def _lines(text: str | None) -> int:
    return len((text or "").splitlines())


def _cut(before: str | None, after: str | None) -> tuple[str, str]:
    """Both texts, cut around the place where they begin to differ if they are long."""
    pairs = zip(before or "", after or "", strict=False)
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    return _quoted(before, same), _quoted(after, same)


def _quoted(text: str | None, same: int = 0) -> str:
    """The text on one line and in quotes, from shortly before the place up to which it is the ``same``."""
    if text is None:
        return _NOT_STATED
    start = 0 if len(text) <= _LONGEST else max(0, min(same - 20, len(text) - _LONGEST))
    piece = " ".join(text[start : start + _LONGEST].split())
    return f"“{'…' if start else ''}{piece}{'…' if start + _LONGEST < len(text) else ''}”"
