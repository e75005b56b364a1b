"""Names that mean the same thing, and the company that an ambiguous name must keep to mean it.

The groups are rows of ``vocabulary.toml``. Names are compared by word, as `catalogue.text` reads words, so
that ``low-code`` and ``Low Code`` are one.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import Any

from catalogue.errors import DataFileError
from catalogue.ordinary import is_ordinary
from catalogue.text import tokens_with_spans, words

#: What a group is about; anything else in the table is a mistake.
KINDS = ("system", "platform", "identity", "phrase", "body", "network", "procurement")
_KEYS = {"name", "also", "gated", "context", "within", "unless", "kind", "source"}

Parts = tuple[str, ...]
Tokens = Sequence[tuple[str, int, int]]


#: What stands beside the name of a program, at so many words from it, and beside no everyday word.
_SOFTWARE = frozenset(
    [
        "connector",
        "connectors",
        "adapter",
        "adapters",
        "adaptor",
        "adaptors",
        "integration",
        "integrations",
        "interface",
        "interfaces",
        "api",
        "apis",
        "loader",
        "loaders",
        "importer",
        "journal",
        "journals",
        "batch",
        "feed",
        "feeds",
        "export",
        "exports",
        "file",
        "files",
        "mainframe",
        "migration",
        "terminal",
        "terminals",
    ]
)
_BESIDE = 3
#: And what stands right before the name of a program, as a verb with the word that leads to its object.
_LINKS = frozenset(
    (verb, leading)
    for verbs, leading in (
        ("connect connects connected connecting", "to"),
        ("link links linked linking", "to"),
        ("interfaces interfaced", "to"),
        ("integrate integrates integrated integrating", "with"),
        ("interfaces interfaced syncs synchronises synchronised", "with"),
        ("migrate migrates migrated migrating migration move moves moved moving", "from"),
    )
    for verb in verbs.split()
)
_ARTICLES = ("the", "your", "our")


#: What stands within a name or does not: "O'Neil" and "ONeil", "AS/400" and "AS400".
_JOINTS = str.maketrans("", "", "'’/")
#: Where a word may be parted: before a capital behind a small letter, before a number, in ILAS and EMIS.
_JOINED = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z]{3})(?=\d)|(?<=\b[IE])(?=[A-Z]{3}\b)")
#: Names that have an apostrophe behind their first letter: ONeil, DArcy.
_PATRONYMIC = re.compile(r"[OD][A-Z][a-z]+$")


@dataclass(frozen=True, slots=True)
class AliasGroup:
    """One thing and its names. ``gated`` names need a word of ``context`` beside them."""

    name: str
    also: tuple[str, ...]
    kind: str
    source: str
    context: tuple[str, ...] = ()
    gated: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    within: int | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """All its names, today's first."""
        return (self.name, *self.also)


@dataclass(frozen=True, slots=True)
class AliasMatch:
    """A name of ``group`` found in a text: ``text[start:end] == surface``."""

    group: AliasGroup
    start: int
    end: int
    surface: str

    @property
    def is_gated(self) -> bool:
        """Whether this name is also an everyday word or another product's."""
        parts = parts_of(self.surface)
        return any(parts == parts_of(name) for name in self.group.gated)

    @property
    def is_plain(self) -> bool:
        """Whether it is words of everyday language, in small letters as nobody writes the system's name.

        So it is with "access" and with "Total mobile coverage", as a sentence may begin with it.
        """
        said = self.surface.split()
        return (
            self.group.kind == "system"
            and any(word.islower() for word in said)
            and not any(word[0].isupper() for word in said[1:])
            and self.surface not in self.group.names
            and all(word.isdigit() or (word.isalpha() and is_ordinary(word)) for word in said)
        )


@dataclass(frozen=True, slots=True)
class _Name:
    """One name as parts, ready to be looked for."""

    parts: Parts
    group: int
    gated: bool


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The groups, indexed by the first part of every name, longest names first."""

    groups: tuple[AliasGroup, ...]
    _by_first: Mapping[str, tuple[_Name, ...]] = field(repr=False)
    #: Per group, what must and must not stand beside its gated names, each as `spaced` words.
    _context: tuple[tuple[str, ...], ...] = field(repr=False)
    _unless: tuple[tuple[str, ...], ...] = field(repr=False)

    @property
    def parts(self) -> frozenset[str]:
        """Every word that is part of a name."""
        return frozenset(part for names in self._by_first.values() for name in names for part in name.parts)

    def find_in(
        self, text: str, tokens: Tokens | None = None, around: Callable[[], str] = str
    ) -> list[AliasMatch]:
        """Every name that means its group in ``text``, in order; names do not overlap, the longest one wins.

        A gated name counts where it has a capital (or the text has none at all) and its context is there
        or ``around`` it (`spaced` words, asked for where they matter). ``tokens`` are those of the text, if
        they are known.
        """
        return self.read(text, tokens or tokens_with_spans(text), around)[0]

    def read(
        self, text: str, tokens: Tokens, around: Callable[[], str], asked: Collection[str] = ()
    ) -> tuple[list[AliasMatch], list[AliasMatch]]:
        """The names of `find_in`, and the gated names of groups ``asked`` for that mean something else."""
        found: list[AliasMatch] = []
        refused: list[AliasMatch] = []
        for name, start, end, counts in self._occurrences(text, tokens, text != text.lower(), around):
            group = self.groups[name.group]
            if counts:
                found.append(AliasMatch(group, start, end, text[start:end]))
            elif group.name in asked:
                refused.append(AliasMatch(group, start, end, text[start:end]))
        return found, refused

    def rules_out(self, group: AliasGroup, text: str) -> bool:
        """Whether a text has words that take its gated names' meaning away."""
        whole = spaced(words(text))
        return any(spaced(parts_of(each)) in whole for each in group.unless)

    def expansions(self, query_text: str) -> list[tuple[str, tuple[str, ...]]]:
        """For each name in what a user typed, its other names: what a search should also look for.

        Gated names are understood in context but are not offered, as alone they would find other things.
        """
        found: dict[str, tuple[str, ...]] = {}
        for name, start, end, counts in self._occurrences(
            query_text, tokens_with_spans(query_text), False, str
        ):
            if not counts:
                continue
            group = self.groups[name.group]
            others = {parts_of(other): other for other in reversed(group.names) if other not in group.gated}
            others.pop(name.parts, None)
            if others:
                found[query_text[start:end]] = tuple(reversed(others.values()))
        return list(found.items())

    def group_of(self, name: str) -> AliasGroup | None:
        """The group that has exactly this name, gated or not; the first in the table if several do."""
        parts = parts_of(name)
        found = [row.group for row in self._by_first.get(parts[0] if parts else "", ()) if row.parts == parts]
        return self.groups[min(found)] if found else None

    def aliases_for(self, name: str) -> tuple[str, ...]:
        """All names of the group that has this name, itself included; empty for an unknown name."""
        group = self.group_of(name)
        return group.names if group else ()

    def is_gated(self, name: str) -> bool:
        """Whether this name is also an everyday word or another product's, in any group that has it."""
        parts = parts_of(name)
        return any(
            row.gated and row.parts == parts for row in self._by_first.get(parts[0] if parts else "", ())
        )

    def _occurrences(
        self, text: str, tokens: Tokens, capitals: bool, around: Callable[[], str]
    ) -> Iterator[tuple[_Name, int, int, bool]]:
        """Every name that stands in a text, from and to where, and whether it means its group."""
        by_first = self._by_first
        here = [word for word, _, _ in tokens]
        done = 0
        for at in [at for at, word in enumerate(here) if word in by_first]:
            if at < done:
                continue
            for name in by_first[here[at]]:
                stop = at + len(name.parts)
                if stop > at + 1 and tuple(here[at:stop]) != name.parts:
                    continue
                start, end = tokens[at][1], tokens[stop - 1][2]
                if name.gated and (
                    (
                        capitals
                        and text[start:end].islower()
                        and text[start:end] not in self.groups[name.group].names
                    )
                    or not self._has_company(name, here, at, stop, around())
                ):
                    yield name, start, end, False
                    continue
                yield name, start, end, True
                done = stop
                break

    def _has_company(self, name: _Name, here: list[str], at: int, stop: int, around: str) -> bool:
        """Whether the gated name at ``here[at:stop]`` has a neighbour of its field, none that forbids it.

        A program may have for company what only stands beside the name of one: *connector*, *connects to*.
        What is nearest decides: the text that has the name, then those around it.
        """
        context, unless = self._context[name.group], self._unless[name.group]
        whole = spaced(here)
        if any(words in whole for words in unless):
            return False
        if self.groups[name.group].kind == "system" and _tells_a_program(here[:at], here[stop:]):
            return True
        within = self.groups[name.group].within
        first, last = (0, len(here)) if within is None else (max(0, at - within), stop + within)
        if any(words in f"{spaced(here[first:at])}|{spaced(here[stop:last])}" for words in context):
            return True
        # What the text itself does not tell the texts around it may, and what forbids comes first.
        return (
            within is None
            and not any(words in around for words in unless)
            and any(words in around for words in context)
        )


def is_beside_software(tokens: Tokens, start: int, end: int) -> bool:
    """Whether what stands from ``start`` to ``end`` of a text has for company what only programs have."""
    before = [word for word, _, last in tokens if last <= start]
    return _tells_a_program(before, [word for word, first, _ in tokens if first >= end])


def _tells_a_program(before: list[str], after: list[str]) -> bool:
    """Whether words before and behind a name are what stands beside a program's: "connects to Confirm"."""
    if not _SOFTWARE.isdisjoint((*before[-_BESIDE:], *after[:_BESIDE])):
        return True
    verb = before[:-1] if before and before[-1] in _ARTICLES else before
    return tuple(verb[-2:]) in _LINKS


def spaced(words: Iterable[str]) -> str:
    """Words in one string, with a space on either side of each: ``" council tax "``."""
    return f" {' '.join(words)} "


@lru_cache(maxsize=4096)
def parts_of(name: str) -> Parts:
    """A name as the parts that are compared."""
    return tuple(words(name))


@lru_cache(maxsize=8192)
def key_of(name: str) -> str:
    """A name without what is written or left out at will: ``unit4`` of *Unit 4*, ``oneil`` of *O'Neil*."""
    return "".join(parts_of(name)).translate(_JOINTS)


def spellings_of(name: str) -> tuple[str, ...]:
    """The other ways in which a name is written: *Unit 4* of *Unit4*, *i-LAS* of *iLAS*, *ONeil* of *O'Neil*.

    Two words may be written as one that is not English, and one as the pieces that its capitals and numbers
    show.
    """
    said = name.replace("’", "'")
    found = [said.replace("'", "")] if "'" in said else []
    if len(pieces := re.split(r"[\s'/-]+", said)) == 2 and not is_ordinary(joined := "".join(pieces)):
        found.append(joined)
    found.append(_JOINED.sub(lambda at: "-" if at.start() == 1 else " ", said))
    if _PATRONYMIC.match(said):
        found.append(f"{said[0]}'{said[1:]}")
    own = parts_of(name)
    by_parts = {parts_of(each): each for each in reversed(found) if parts_of(each) != own}
    return tuple(reversed(by_parts.values()))


@lru_cache(maxsize=1)
def load_vocabulary() -> Vocabulary:
    """The shipped vocabulary, read once. Raises `DataFileError` naming the row that is wrong."""
    text = resources.files("catalogue").joinpath("vocabulary.toml").read_text(encoding="utf-8")
    return parse_vocabulary(text)


def parse_vocabulary(text: str, source: str = "vocabulary.toml") -> Vocabulary:
    """Read the table. Raises `DataFileError` naming the row that is wrong and what it should be."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DataFileError(f"{source}: not TOML: {error}") from None
    rows = table.get("group", [])
    if set(table) - {"group"} or not isinstance(rows, list) or not rows:
        raise DataFileError(
            f"{source}: expected [[group]] rows and nothing else, found {', '.join(table) or 'none'}"
        )
    return build_vocabulary(
        _group(row, f"{source}: group {number}") for number, row in enumerate(rows, start=1)
    )


def build_vocabulary(groups: Iterable[AliasGroup]) -> Vocabulary:
    """Index groups. Where groups share a gated name, each is tried in table order until a context fits."""
    kept = tuple(groups)
    by_first: dict[str, dict[tuple[Parts, int], _Name]] = {}
    for number, group in enumerate(kept):
        gated = {parts_of(name) for name in group.gated}
        for name in group.names:
            if not (parts := parts_of(name)):
                continue
            by_first.setdefault(parts[0], {}).setdefault(
                (parts, number), _Name(parts, number, parts in gated)
            )
    return Vocabulary(
        groups=kept,
        _by_first={
            first: tuple(sorted(names.values(), key=lambda name: (-len(name.parts), name.gated, name.group)))
            for first, names in by_first.items()
        },
        _context=tuple(_company(group) for group in kept),
        _unless=tuple(tuple(spaced(parts_of(words)) for words in group.unless) for group in kept),
    )


def _company(group: AliasGroup) -> tuple[str, ...]:
    """What may stand beside a gated name: the context words and the group's own ungated names."""
    if not group.gated:
        return ()
    names = (*group.context, *(name for name in group.names if name not in group.gated))
    return tuple(spaced(parts) for name in names if (parts := parts_of(name)))


def _group(row: object, place: str) -> AliasGroup:
    if not isinstance(row, dict):
        raise DataFileError(f"{place}: expected a table, found {row!r}")
    place = f"{place} ({row.get('name', 'without a name')!s})"
    if unknown := sorted(set(row) - _KEYS):
        raise DataFileError(
            f"{place}: unknown key {unknown[0]!r}; expected some of {', '.join(sorted(_KEYS))}"
        )
    for key in ("name", "kind", "source"):
        if not isinstance(row.get(key), str) or not row[key].strip():
            raise DataFileError(f"{place}: {key} must be text, found {row.get(key)!r}")
    group = AliasGroup(
        name=row["name"],
        also=_names(row, "also", place),
        kind=row["kind"],
        source=row["source"],
        context=_names(row, "context", place),
        gated=_names(row, "gated", place),
        unless=_names(row, "unless", place),
        within=row.get("within"),
    )
    if group.kind not in KINDS:
        raise DataFileError(f"{place}: kind is {group.kind!r}; expected one of {', '.join(KINDS)}")
    if not group.also:
        raise DataFileError(f"{place}: also is empty; a group has at least two names")
    if group.within is not None and (
        isinstance(group.within, bool) or not isinstance(group.within, int) or group.within < 1
    ):
        raise DataFileError(f"{place}: within is {group.within!r}; expected a number of words, 1 or more")
    if strays := [name for name in group.gated if name not in group.names]:
        raise DataFileError(f"{place}: gated name {strays[0]!r} is none of its names")
    if group.gated and not group.context:
        raise DataFileError(f"{place}: gated names need context words")
    if group.context and not group.gated:
        raise DataFileError(f"{place}: context words but no gated name")
    return group


def _names(row: Mapping[str, Any], key: str, place: str) -> tuple[str, ...]:
    found = row.get(key, [])
    if not isinstance(found, list) or not all(isinstance(name, str) and parts_of(name) for name in found):
        raise DataFileError(f"{place}: {key} must be a list of names, found {found!r}")
    return tuple(found)
