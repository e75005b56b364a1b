"""The line of each key of a TOML text, for messages about it."""

from __future__ import annotations

import re

#: The header of a table, or of one row of an array of tables.
HEADER = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_\-.\"' ]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*([A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')\s*=")


def key_lines(text: str) -> dict[str, int]:
    """The line of each key and table, as ``organisation.name`` or ``requirement[2].text``. Best effort."""
    lines: dict[str, int] = {}
    counts: dict[str, int] = {}
    place = ""
    inside = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if inside:
            inside = "" if inside in line else inside
            continue
        if header := HEADER.match(line):
            place = header[2].strip("\"' ")
            if header[1] == "[[":
                counts[place] = counts.get(place, 0) + 1
                place = f"{place}[{counts[place]}]"
            lines.setdefault(place, number)
        elif key := _KEY.match(line):
            lines.setdefault(join(place, key[1].strip("\"'")), number)
        for mark in ('"""', "'''"):
            if line.count(mark) % 2:
                inside = mark
    return lines


def join(place: str, key: str) -> str:
    """A key under its table: ``organisation.name``."""
    return f"{place}.{key}" if place else key
