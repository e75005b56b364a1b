"""What is compared of a text: the stems of its telling words, and the things that its names stand for."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from catalogue.text import tokens_with_spans
from catalogue.vocabulary import Vocabulary

#: Words too common in any English text, or in any listing, to tell listings apart.
COMMON = frozenset(
    (  # noqa: SIM905  a list of 150 quoted words is harder to read
        "a about above after again all also am an and any are as at be because been before being below "
        "between both but by can could did do does doing down during each few for from further had has have "
        "having he her here hers him his how i if in into is it its itself just let may me more most must my "
        "no nor not of off on once one only or other our out over own per same she should so some such than "
        "that the their them then there these they this those through to too under until up us very was we "
        "were what when where which while who whom why will with without would you your put place get gets "
        "got make makes made use used uses using need needs within etc via service services system systems "
        "every supplier suppliers provider providers"
    ).split()
)

_ENDINGS = (
    ("ations", "ation"),
    ("ies", "y"),
    ("sses", "ss"),
    ("ches", "ch"),
    ("xes", "x"),
    ("ings", ""),
    ("ing", ""),
    ("ied", "y"),
    ("ed", ""),
    ("ss", "ss"),
    ("us", "us"),
    ("is", "is"),
    ("s", ""),
)
_SUFFIXES = ("ation", "ition", "ment", "at", "or", "er", "al", "e", "i", "y")

#: Words whose ending is none, or that mean another thing than what their ending leaves: a letter is no let, a
#: portal no port, parking no park. The first of a row is the stem: but for its last letter all begin with it.
_WHOLE = {
    form: row.split()[0]
    for row in (
        "letter letters",
        "portal portals",
        "porter porters portering",
        "format formats",
        "former",
        "police policing",
        "policy policies",
        "pass",
        "miss",
        "county counties",
        "counter counters",
        "signal signals",
        "carry carries carried",
        "restore restores restored",
        "story stories",
        "party parties",
        "summer",
        "threat threats",
        "mental",
        "director directors",
        "governor governors",
        "probation",
        "leaver leavers",
        "master",
        "career careers",
        "server servers",
        "contractor contractors",
        "registry registries",
        "rate rates rated rating ratings",
        "foundation foundations",
        "parking",
        "accounting",
        "factor factors",
    )
    for form in row.split()
}


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """A word without its common English endings: enough to compare, not to read."""
    if len(word) <= 3 or not word.isalpha():
        return word
    if word in _WHOLE:
        return _WHOLE[word]
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: len(word) - len(ending)] + instead
            break
    for ending in _SUFFIXES:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            word = word[: -len(ending)]
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "sl":
        word = word[:-1]
    return word


def related(term: str) -> str:
    """The term that stands for what says nearly the same as another; see `catalogue.concepts`."""
    return f"~{term}"


def terms_of(words: Iterable[str], names: Iterable[str]) -> frozenset[str]:
    """The terms of words and of the groups that names belong to."""
    found = {stem(word) for word in words if word not in COMMON and len(word) > 1}
    found.update(f"={name}" for name in names)
    return frozenset(found)


def text_terms(text: str, vocabulary: Vocabulary) -> frozenset[str]:
    """The terms of a text that is not part of a listing."""
    tokens = tokens_with_spans(text)
    names = (match.group.name for match in vocabulary.find_in(text, tokens))
    return terms_of((word for word, _, _ in tokens), names)
