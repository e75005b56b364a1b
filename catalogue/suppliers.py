"""Whether two names from two sources are of one supplier, strictly: a wrong yes shows somebody else's work.

Names differ in "Ltd" and "Limited", "(UK)", trading names and typing errors. Where both sides carry an
identifier of the same register, that alone decides. The words and the threshold are in ``suppliers.toml``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import msgspec
from rapidfuzz import fuzz

from catalogue.errors import DataFileError
from catalogue.text import normalise
from catalogue.text import words as words_of

_TABLE = "suppliers.toml"
#: "TA" alone between two names is a marker only in capitals: in small letters it is a word of some languages.
_CAPITAL_TA = re.compile(r"(?<=\w\s)TA(?=\s\w)")
_NOT_WORDS = re.compile(r"[^\w]+")
_INITIALS = re.compile(r"\b(?:\w\.){2,}(?!\w)|\b(?:\w\. )+\w\b\.?")
#: A name in brackets is a name of its own from so many letters on; shorter ones are initials.
_OWN_NAME = 6


class _Similar(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    letters: int
    ratio: float
    word_ratio: float


class _Alias(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    names: tuple[str, ...]


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole table."""

    legal: tuple[str, ...]
    places: tuple[str, ...]
    regions: tuple[str, ...]
    also: tuple[str, ...]
    registers: tuple[str, ...]
    similar: _Similar
    alias: tuple[_Alias, ...] = ()


@dataclass(frozen=True, slots=True)
class Rules:
    """The table, ready to use."""

    legal: frozenset[str]
    places: frozenset[str]
    regions: frozenset[str]
    also: re.Pattern[str]
    #: Brackets at the end of a name hold another name of it; elsewhere they are a part of it.
    last_brackets: re.Pattern[str]
    registers: frozenset[str]
    letters: int
    ratio: float
    word_ratio: float
    aliases: Mapping[str, str]


@cache
def load_rules() -> Rules:
    """The table that ships with Longlist."""
    return read_rules(resources.files("catalogue").joinpath(_TABLE).read_text("utf-8"))


def read_rules(text: str, source: str = _TABLE) -> Rules:
    """Read the table from TOML text. Raises `DataFileError` that says what is wrong."""
    try:
        words = msgspec.convert(tomllib.loads(text), _Words)
        also = re.compile("|".join(words.also))
    except (msgspec.ValidationError, tomllib.TOMLDecodeError, re.error) as error:
        raise DataFileError(f"{source}: {error}") from None
    legal = "|".join(map(re.escape, words.legal))
    last_brackets = re.compile(rf"[(\[]([^()\[\]]*)[)\]]\W*(?:\b(?:{legal})\b\W*)*$")
    aliases = {name: row.names[0] for row in words.alias for name in row.names}
    return Rules(
        frozenset(words.legal),
        frozenset(words.places),
        frozenset(words.regions),
        also,
        last_brackets,
        frozenset(words.registers),
        words.similar.letters,
        words.similar.ratio,
        words.similar.word_ratio,
        aliases,
    )


def forms(name: str, rules: Rules | None = None) -> frozenset[str]:
    """The names by which a supplier's published name can be known, as they are compared."""
    rules = rules or load_rules()
    text = normalise(_CAPITAL_TA.sub("t/a", name))
    parts = []
    if (last := rules.last_brackets.search(text)) and not set(words_of(last[1])) <= rules.regions:
        pieces = rules.also.split(last[1])
        if len(pieces) > 1 or len(_bare(last[1], rules)) >= _OWN_NAME:
            parts += pieces
        text = text[: last.start()]
    parts += rules.also.split(text)
    bare = (_bare(part, rules) for part in parts)
    return frozenset(rules.aliases.get(form, form) for form in bare if form)


def _bare(text: str, rules: Rules) -> str:
    """A name without punctuation and without the words that only say what kind of company, or where."""
    text = _INITIALS.sub(lambda match: re.sub(r"[. ]", "", match[0]), text)
    words = _NOT_WORDS.sub(" ", text.replace("&", " and ").replace("'", "")).split()
    if words[:1] == ["the"] and len(words) > 1:
        del words[0]
    changed = True
    while changed and len(words) > 1:
        changed = False
        if words[-1] in rules.legal or words[-1] in rules.places:
            del words[-1]
            changed = True
        elif len(words) > 2 and " ".join(words[-2:]) in rules.places:
            del words[-2:]
            changed = True
    bare = " ".join(words)
    return "" if bare in rules.legal or bare in rules.places else bare


def identifiers(pairs: Iterable[tuple[str | None, str | None]], rules: Rules | None = None) -> frozenset[str]:
    """The identifiers that mean the same everywhere, as ``scheme:id`` without leading noughts."""
    registers = (rules or load_rules()).registers
    found = set()
    for scheme, number in pairs:
        kind = (scheme or "").strip().upper()
        digits = re.sub(r"\s", "", number or "").upper().lstrip("0")
        if kind in registers and digits:
            found.add(f"{'DUNS' if 'DUN' in kind else kind}:{digits}")
    return frozenset(found)


def same_register(one: frozenset[str], other: frozenset[str]) -> bool | None:
    """What registers say: one supplier, two, or ``None`` where the two sides share no register."""
    if one & other:
        return True
    schemes = {each.partition(":")[0] for each in one} & {each.partition(":")[0] for each in other}
    return False if schemes else None


def same_name(one: frozenset[str], other: frozenset[str], rules: Rules | None = None) -> bool:
    """Whether two sets of `forms` are of one supplier, by name alone."""
    if one & other:
        return True
    rules = rules or load_rules()
    return any(_similar(a, b, rules) for a in one for b in other)


def _similar(one: str, other: str, rules: Rules) -> bool:
    """Whether two names differ by no more than typing errors."""
    if min(len(one), len(other)) < rules.letters or fuzz.ratio(one, other) < rules.ratio:
        return False
    if re.findall(r"\d+", one) != re.findall(r"\d+", other):
        return False
    words, others = one.split(), other.split()
    if len(words) != len(others):
        return one.replace(" ", "") == other.replace(" ", "")
    differing = [(a, b) for a, b in zip(words, others, strict=True) if a != b]
    return len(differing) == 1 and all(
        a[0] == b[0] and fuzz.ratio(a, b) >= rules.word_ratio for a, b in differing
    )
