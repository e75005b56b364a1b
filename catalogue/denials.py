"""What turns a passage round: a negative word that reaches what is said, a plan, a sum that comes on top."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from msgspec.structs import replace

from catalogue.listing import Passage
from catalogue.phrases import Phrases
from catalogue.rules import Denial, Rules, Saying, plain
from catalogue.rules.sayings import flat
from catalogue.terms import related

#: What begins a clause that tells what comes of a thing: "so a bin never put out is no job" denies nothing.
_OUTCOME = re.compile(r"(?:, so|\bso that)\b$", re.IGNORECASE)
_CLAUSE = re.compile(r"\bbut\b|\balthough\b|\bwhereas\b|;|, so\b|:| - |\. ", re.IGNORECASE)
#: How many characters of the same clause a denial reaches: a verb far, a particle near, one that follows.
_FAR, _NEAR, _LATE = 60, 16, 40


#: The cues by which a passage may mean something else than it says.
_TURNING = ("exempt", "denies", "denies-near", "denies-late", "planned", "charged")


@lru_cache(maxsize=2)
def _turning(rules: Rules) -> Phrases:
    return Phrases(rules.cues[name] for name in _TURNING)


@lru_cache(maxsize=16384)
def _turns(rules: Rules, text: str) -> frozenset[Saying]:
    """The cues of `_TURNING` that a text or a part of it may have, told all at once; most texts have none.

    What is left where words are blanked out of it may have others: see `_may_turn`.
    """
    return _turning(rules).sayings_in(flat(text))


def let_go() -> None:
    """Give back the memory of the texts that were looked at."""
    _turns.cache_clear()


def _may_turn(rules: Rules, text: str, *cues: str, masking: bool = True) -> bool:
    """Whether a text, blanked out or not, may have one of some cues in a part of it."""
    turns = _turns(rules, text)
    if not turns:
        return False
    return any(rules.cues[cue] in turns for cue in cues) or (masking and rules.cues["exempt"] in turns)


def masked(rules: Rules, text: str) -> str:
    """The text with the sayings blanked that hold a negative word and deny nothing; spans stay true."""
    blanked = plain(text)
    if rules.cues["exempt"] not in _turns(rules, text):
        return blanked
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
    if not _may_turn(rules, text, "denies", "denies-near", "denies-late", masking=masking):
        return False
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
    if not _may_turn(rules, text, "denies", "denies-near", "denies-late"):
        return False
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
    return _may_turn(rules, text, "charged") and rules.cues["charged"].occurs(masked(rules, text))


def is_planned(rules: Rules, text: str) -> bool:
    """Whether a passage tells what is only planned."""
    return _may_turn(rules, text, "planned") and rules.cues["planned"].occurs(masked(rules, text))


def is_put_off(rules: Rules, passage: Passage, terms: Iterable[str]) -> bool:
    """Whether the part of a passage that speaks of some terms denies them, or only plans them.

    A sentence may deny one thing and offer another: what counts is the clause with the negative word.
    """
    if not (refuses(rules, passage.text) or is_planned(rules, passage.text)):
        return False
    text = masked(rules, passage.text)
    wanted = {form for term in terms for form in (term, related(term))}
    cuts = [0, *(cut.end() for cut in _CLAUSE.finditer(text)), len(text)]
    for start, end in pairwise(cuts):
        clause = text[start:end]
        if _OUTCOME.search(text[:start].rstrip()):
            continue
        if refuses(rules, clause) or rules.cues["planned"].occurs(clause):
            part = replace(passage, text=passage.text[start:end], start=passage.start + start)
            if wanted & part.terms:
                return True
    return False


def contradicts(rules: Rules, denial: Denial, text: str) -> bool:
    """Whether a text has what stands against a tick and means it, as "no data leave the UK" does not."""
    if not denial.words.occurs(text) or (denial.unless and denial.unless.occurs(text)):
        return False
    said = masked(rules, text)
    # What is a denial itself is not turned round by another beside it: "no app, and it does not work".
    return any(
        refuses(rules, said[slice(*span)]) or not is_denied(rules, text[: span[1]], span)
        for span in denial.against.find(said)
    )
