"""Two texts side by side for a reader: which words went, which came, which stayed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Fate = Literal["same", "gone", "came"]

#: Numbers with their points and commas, words, single marks, and the white space between them.
_TOKENS = re.compile(r"\d+(?:[.,]\d+)+|\w+|\s+|[^\w\s]")
#: Comparing takes the square of the length: texts of more tokens are told as wholly others.
_MOST = 3_000


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of text, and what became of it."""

    fate: Fate
    text: str


def words_changed(before: str, after: str) -> tuple[Stretch, ...]:
    """Both texts as one, in stretches of words; what went stands before what came in its place.

    Without the stretches that came it is the text before, without those that went the one after.
    """
    return tuple(_merged(_compared(_TOKENS.findall(before), _TOKENS.findall(after))))


def items_changed(before: Sequence[str], after: Sequence[str]) -> tuple[Stretch, ...]:
    """Items of two lists, each whole, in the order of the lists."""
    return tuple(_compared(before, after))


def _compared(was: Sequence[str], now: Sequence[str]) -> Iterator[Stretch]:
    if len(was) > _MOST or len(now) > _MOST:
        yield from (Stretch("gone", text) for text in was)
        yield from (Stretch("came", text) for text in now)
        return
    for what, from_was, to_was, from_now, to_now in SequenceMatcher(
        None, was, now, autojunk=False
    ).get_opcodes():
        if what == "equal":
            yield from (Stretch("same", text) for text in was[from_was:to_was])
        else:
            yield from (Stretch("gone", text) for text in was[from_was:to_was])
            yield from (Stretch("came", text) for text in now[from_now:to_now])


def _merged(stretches: Iterator[Stretch]) -> Iterator[Stretch]:
    """Neighbours of one fate as one stretch."""
    held: Stretch | None = None
    for stretch in stretches:
        if held is not None and held.fate == stretch.fate:
            held = Stretch(held.fate, held.text + stretch.text)
            continue
        if held is not None:
            yield held
        held = stretch
    if held is not None:
        yield held
