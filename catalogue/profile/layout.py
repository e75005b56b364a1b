"""How a profile lies in its file: which lines a table and a key take, and which comments go with them.

Lines are counted from 0 and keep their line feeds. A comment right above a header, with no blank line
between, belongs to that table; so does one right below its last key, unless a header follows at once.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass

from catalogue.profile.lines import HEADER, key_lines

_ROW = re.compile(r"(.+)\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Block:
    """A table: ``start`` is its first line with its comments, ``header`` that of its header (-1: the top).

    ``stop`` is the line after its last key and the comments that go with it, ``after`` where the next table's
    header stands.
    """

    place: str
    start: int
    header: int
    stop: int
    after: int

    @property
    def table(self) -> str:
        """Its name without the number of the row: ``legacy``."""
        row = _ROW.fullmatch(self.place)
        return row[1] if row else self.place


@dataclass(frozen=True, slots=True)
class Layout:
    """A text as its lines, the first line of each key, and its tables in the order of the file."""

    lines: list[str]
    keys: dict[str, int]
    blocks: tuple[Block, ...]

    def block(self, place: str) -> Block | None:
        """The table at this place, if it stands there under a header of its own."""
        return next((block for block in self.blocks if block.place == place), None)

    def last_line(self, place: str) -> int:
        """The last line of a key's value."""
        return value_end(self.lines, self.keys[place])


def layout_of(text: str) -> Layout:
    """Where everything stands in a text that is TOML."""
    lines = text.splitlines(keepends=True)
    keys = {place: number - 1 for place, number in key_lines(text).items()}
    headers = [(number, place) for place, number in keys.items() if HEADER.match(lines[number].rstrip())]
    headers.sort()
    blocks = []
    for at, (header, place) in enumerate([(-1, ""), *headers]):
        after = headers[at][0] if at < len(headers) else len(lines)
        last = max(
            (number for number in keys.values() if header < number < after),
            default=header,
        )
        stop = value_end(lines, last) + 1 if last > header else header + 1
        blocks.append(Block(place, _first(lines, header), header, _with_comments(lines, stop, after), after))
    return Layout(lines, keys, tuple(blocks))


def value_end(lines: list[str], first: int) -> int:
    """The last line of the value that begins at a line: where the text so far is TOML by itself."""
    for last in range(first, len(lines)):
        try:
            tomllib.loads("".join(lines[first : last + 1]))
        except tomllib.TOMLDecodeError:
            continue
        return last
    return first


def comment_at(line: str) -> int | None:
    """Where the comment of a line with a whole ``key = value`` begins."""
    whole = tomllib.loads(line)
    for found in re.finditer("#", line):
        try:
            if tomllib.loads(line[: found.start()]) == whole:
                return found.start()
        except tomllib.TOMLDecodeError:
            continue
    return None


def is_comment(line: str) -> bool:
    """Whether a line holds a comment and nothing else."""
    return line.lstrip().startswith("#")


def _first(lines: list[str], header: int) -> int:
    while header > 0 and is_comment(lines[header - 1]):
        header -= 1
    return max(header, 0)


def _with_comments(lines: list[str], stop: int, after: int) -> int:
    """Past the comments right below; those that lead over to the next header are not taken."""
    end = stop
    while end < after and is_comment(lines[end]):
        end += 1
    return stop if end == after < len(lines) else end
