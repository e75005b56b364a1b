"""Text for who listens to it: one thing a line, its label before it, nothing drawn, nothing in columns."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable

from catalogue.records import strip_controls

#: Set to anything but 0 or no, every command writes plain text.
PLAIN_VARIABLE = "LONGLIST_PLAIN"
_OFF = ("", "0", "no", "false", "off")

#: What is drawn with: parts of brackets and scan lines, boxes, blocks, geometric shapes, dingbat bullets,
#: Braille patterns (as spinners and charts have them), private use (as status lines have it), and the
#: pieces of old terminals. Unicode, "Code Charts", by block.
DRAWING = re.compile(
    "[\u239b-\u23b3\u23af\u23ba-\u23bd\u2500-\u259f\u25a0-\u25ff\u2756-\u275a\u2800-\u28ff\ue000-\uf8ff"
    "\U0001fb00-\U0001fbff]+"
)
_RULE = re.compile(r"[\s\-=_~*#+|]{2,}")
_BULLET = re.compile(r"^[-*•‣⁃]\s+")


def plain_by_environment() -> bool:
    """Whether the variable asks for plain text."""
    return os.environ.get(PLAIN_VARIABLE, "").strip().casefold() not in _OFF


def linear(text: str) -> str:
    """The text without anything drawn: no rules, bullets, columns or indentation, no two empty lines.

    A word of a page that holds such a character is told without it.
    """
    lines: list[str] = []
    for raw in strip_controls(text).split("\n"):
        undrawn = DRAWING.sub(" ", raw)
        if _RULE.fullmatch(undrawn) or (raw.strip() and not undrawn.strip()):
            continue
        told = ", ".join(" ".join(cell.split()) for cell in undrawn.strip().split("\t") if cell.strip())
        told = _BULLET.sub("", told)
        if told or (lines and lines[-1]):
            lines.append(told)
    return "\n".join(lines)


def labelled(fields: Iterable[tuple[str, str | None]]) -> list[str]:
    """A line for each thing that is stated, behind its label."""
    return [f"{label}: {value}" for label, value in fields if value is not None]
