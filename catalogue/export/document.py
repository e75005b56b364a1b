"""A document for people as plain parts, which Markdown and HTML each write in their own way.

Words are not escaped for any format yet. A part says what it is (a heading, facts, a table with its caption)
and never how it looks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

#: An address that no format can take for anything else.
_ADDRESS = re.compile(r"https?://[A-Za-z0-9][A-Za-z0-9./_~%?=&#:+,;-]*")


@dataclass(frozen=True, slots=True)
class Words:
    """A run of words that is more than plain text. ``target`` is the address or the heading it leads to."""

    text: str
    kind: Literal["strong", "quote", "page", "jump"]
    target: str = ""


#: Plain text, or runs of it.
Line: TypeAlias = str | tuple[str | Words, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 2 or 3; ``id`` is what a link leads to, and is ours, never of a listing."""

    level: Literal[2, 3]
    text: str
    id: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph."""

    line: Line


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list, numbered where the order counts."""

    items: tuple[Line, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Labelled texts."""

    rows: tuple[tuple[str, Line], ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: every row as long as the headings. ``head`` is the column that names its rows.

    ``numbers`` are columns of figures; ``id`` is of the caption, and ours.
    """

    id: str
    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]
    head: int = 0
    numbers: frozenset[int] = frozenset()


Part: TypeAlias = Heading | Paragraph | Bullets | Facts | Grid


@dataclass(frozen=True, slots=True)
class Document:
    """A title and what follows it. ``brief`` is for two sheets of paper; others may have contents."""

    title: str
    parts: tuple[Part, ...]
    brief: bool = False

    @property
    def contents(self) -> tuple[Heading, ...]:
        """The headings of the second level, where there are enough to choose from."""
        found = tuple(part for part in self.parts if isinstance(part, Heading) and part.level == 2)
        return found if len(found) > 2 and not self.brief else ()


def strong(text: str) -> Words:
    """Words that stand out."""
    return Words(text, "strong")


def quote(text: str) -> Words:
    """Somebody else's words."""
    return Words(text, "quote")


def page(text: str) -> Line:
    """The address of a page as a link, or as text where it is no address that every format is safe with."""
    return (Words(text, "page", text),) if _ADDRESS.fullmatch(text) else text


def facts(rows: Iterable[tuple[str, Line | None]]) -> Facts:
    """Labelled texts; what is not known is left out."""
    return Facts(tuple((label, line) for label, line in rows if line))
