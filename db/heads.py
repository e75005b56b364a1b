"""What a text is after: the kind of thing that is wanted leads; for whom and how it should be come after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from catalogue.text import tokens_with_spans, words
from db.things import GRAMMAR, WHATEVER, Thing

#: What follows one of these says for whom, with what or how: "a VLE *for* sixth forms", "forms *in* Welsh".
_BEFORE_MORE = frozenset(
    words("for with in on without but by at so that when while after before during using via")
)
#: … and what follows one of these: "hosted catalogue, records moved for us".
_STOPS = frozenset(",;.:")
#: What is said so weighs this much of what it would weigh as what is wanted.
_MORE = 0.6
#: How a thing should be says nothing of what it is, and weighs so much.
_QUALITIES = frozenset(
    words(
        "cheap cheaper cheapest affordable inexpensive simple simpler easy easier easily quick quickly fast"
        " faster small smaller big large new newer modern old better best good nice proper decent friendly"
        " reliable straightforward basic little tiny local own existing current possible way ways"
    )
)
_QUALITY = 0.4
#: What any of these is about comes after the preposition: who types "form for a bursary" is after both.
_CARRIERS = frozenset(
    words("form forms eform app apps portal website page online digital report letter letters connector help")
)


def weighed(placed: Sequence[tuple[int, Thing]], text: str) -> list[Thing]:
    """The things, each given with its place in what was typed, less emphatic where they only say more.

    Systems keep their emphasis wherever they stand.
    """
    begins = _begins(placed, text)
    found: list[Thing] = []
    for at, thing in placed:
        much = 1.0
        if all(word in _QUALITIES for word in words(thing.typed)):
            much = _QUALITY
        elif begins is not None and at > begins and not thing.is_system:
            much = _MORE
        found.append(replace(thing, beside=much < 1, emphasis=thing.emphasis * much))
    return found


def _begins(placed: Sequence[tuple[int, Thing]], text: str) -> int | None:
    """The place from which on a text only says more of what it is after; ``None`` where it never does."""
    turns = [start for word, start, _ in tokens_with_spans(text) if word in _BEFORE_MORE]
    turns += [at for at, character in enumerate(text) if character in _STOPS]
    for start in sorted(turns):
        if any(at < start and _is_telling(thing) for at, thing in placed):
            return start
    return None


def _is_telling(thing: Thing) -> bool:
    """Whether it says what is wanted: neither how it should be nor any thing whatever."""
    run = (word for word in words(thing.typed) if word not in GRAMMAR)
    return not all(word in _QUALITIES or word in WHATEVER or word in _CARRIERS for word in run)
