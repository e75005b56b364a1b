"""What turns a passage round: a negative word that reaches what is said, a plan, a sum that comes on top."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

from catalogue.listing import Passage
from catalogue.rules import Rules, plain
from catalogue.terms import related

_CLAUSE = re.compile(r"\bbut\b|\balthough\b|\bwhereas\b|;|, so\b|:| - |\. ", re.IGNORECASE)
#: How many characters of the same clause a denial reaches: a verb far, a particle near, one that follows.
_FAR, _NEAR, _LATE = 60, 16, 40


def masked(rules: Rules, text: str) -> str:
    """The text with the sayings blanked that hold a negative word and deny nothing; spans stay true."""
    blanked = plain(text)
    for start, end in rules.cues["exempt"].find(text):
        blanked = blanked[:start] + " " * (end - start) + blanked[end:]
    return blanked


def clause_of(text: str, span: tuple[int, int]) -> tuple[int, int]:
    """The part of a sentence around a span, up to the next turn of thought on either side."""
    cuts = [(cut.start(), cut.end()) for cut in _CLAUSE.finditer(plain(text))]
    start = max((end for _, end in cuts if end <= span[0]), default=0)
    end = min((begin for begin, _ in cuts if begin >= span[1]), default=len(text))
    return start, end


def is_denied(rules: Rules, text: str, span: tuple[int, int], *, masking: bool = True) -> bool:
    """Whether the words at ``span`` are denied by a negative word of the same clause that reaches them.

    Without ``masking``, sayings such as "no developers" deny too: they take away what speaks against.
    """
    start, end = clause_of(text, span)
    clause = (masked(rules, text) if masking else plain(text))[start:end]
    first, last = span[0] - start, span[1] - start
    before, after = clause[:first], clause[last:]
    return (
        any(first - stop <= _FAR for _, stop in rules.cues["denies"].find(before))
        or any(first - stop <= _NEAR for _, stop in rules.cues["denies-near"].find(before))
        or any(begin <= _LATE for begin, _ in rules.cues["denies-late"].find(after))
    )


def refuses(rules: Rules, text: str) -> bool:
    """Whether a passage as a whole says that something is not so."""
    blanked = masked(rules, text)
    return (
        rules.cues["denies"].occurs(blanked)
        or rules.cues["denies-late"].occurs(blanked)
        or any(start == 0 for start, _ in rules.cues["denies-near"].find(blanked))
    )


def is_charged_for(rules: Rules, text: str) -> bool:
    """Whether what a passage tells costs extra, or it names a sum that comes on top of the price."""
    if "£" in text and rules.cues["costs"].occurs(text):
        return True
    return rules.cues["charged"].occurs(masked(rules, text))


def is_put_off(rules: Rules, passage: Passage, terms: Iterable[str]) -> bool:
    """Whether the part of a passage that speaks of some terms denies them, or only plans them.

    A sentence may deny one thing and offer another: what counts is the clause with the negative word.
    """
    text = masked(rules, passage.text)
    if not (refuses(rules, passage.text) or rules.cues["planned"].occurs(text)):
        return False
    wanted = {form for term in terms for form in (term, related(term))}
    cuts = [0, *(cut.end() for cut in _CLAUSE.finditer(text)), len(text)]
    for start, end in pairwise(cuts):
        clause = text[start:end]
        if refuses(rules, clause) or rules.cues["planned"].occurs(clause):
            part = replace(passage, text=passage.text[start:end], start=passage.start + start)
            if wanted & part.terms:
                return True
    return False
