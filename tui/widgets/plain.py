"""Text from listings, files and people, made safe to show: it is data, and a terminal must not obey it.

Everything that is drawn goes through here: control and escape characters, and the marks that turn the
direction of writing, are taken out, and nothing is ever read as markup.
"""

from __future__ import annotations

import re

from rich.cells import cell_len, set_cell_size
from textual.content import Content

#: C0 and C1 controls except tab and line feed, and the bidirectional overrides and isolates.
_OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SPACES = re.compile(r"\s+")

#: A piece of a drawn line: the text, and the role that styles it ("" for the row's own style).
Piece = tuple[str, str]


def shown(text: str) -> str:
    """The text as it may be drawn over several lines."""
    return _OBEYED.sub("", text.replace("\r\n", "\n")).expandtabs(4)


def one_line(text: str) -> str:
    """The text as it may be drawn in one line: every run of white space is one space."""
    return _OBEYED.sub("", _SPACES.sub(" ", text)).strip()


def fitted(text: str, width: int) -> str:
    """One line of exactly ``width`` cells: indented as given, cut with an ellipsis or filled with spaces."""
    line = " " * (len(text) - len(text.lstrip(" "))) + one_line(text)
    if width <= 0:
        return ""
    if cell_len(line) > width:
        line = set_cell_size(line, width - 1).rstrip() + "…"
    return set_cell_size(line, width)


def right(text: str, width: int) -> str:
    """One line of exactly ``width`` cells with the text at its right end, as numbers are read."""
    line = one_line(text)
    return fitted(line, width) if cell_len(line) >= width else " " * (width - cell_len(line)) + line


def paragraph(text: str, style: str = "") -> Content:
    """The text as content without markup, in one style."""
    return Content.styled(shown(text), style) if style else Content(shown(text))


def counted(number: int, one: str, many: str | None = None) -> str:
    """``1 service``, ``42,893 services``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
