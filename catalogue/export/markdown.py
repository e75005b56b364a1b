"""Markdown: a document for people, readable as it is and safe to render.

A listing's text cannot become a heading, table, link, image or HTML: the signs that would make it one are
escaped, and its line breaks become spaces, as Markdown itself would show them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from catalogue.export.document import (
    Bullets,
    Document,
    Facts,
    Grid,
    Heading,
    Line,
    Paragraph,
    Part,
    Words,
)

_SIGNS = re.compile(r"([\\`*_\[\]<>|~#$]|&(?=[#A-Za-z]))")
#: What GitHub and others turn into a link without any sign: web and mail addresses, names behind ``@``.
_LINKS = re.compile(r"(?i)(:)(?=//)|(?<=\bwww)(\.)|(@)")
#: Where a line would begin a list or underline a heading.
_FIRST = re.compile(r"\A(?:(\d+)(?=[.)](?: |$))|(?=[-+=]))")
_SPACE = re.compile(r"\s+")


def escape(text: str) -> str:
    """Supplier's or officer's text as one line of plain words in Markdown."""
    return _escaped(" ".join(text.split()))


def _escaped(text: str) -> str:
    """The same, with single spaces kept where runs of words meet."""
    line = _SIGNS.sub(r"\\\1", _SPACE.sub(" ", text))
    line = _LINKS.sub(lambda match: f"\\{match[0]}", line)
    return _FIRST.sub(r"\1\\", line)


def render_markdown(document: Document) -> bytes:
    """The document as Markdown."""
    lines = [f"# {escape(document.title)}"]
    for part in document.parts:
        lines += ["", *_part(part)]
    return ("\n".join(lines) + "\n").encode()


def _part(part: Part) -> Iterator[str]:
    match part:
        case Heading():
            yield f"{'#' * part.level} {escape(part.text)}"
        case Paragraph():
            yield _line(part.line)
        case Bullets():
            for number, item in enumerate(part.items, start=1):
                yield f"{f'{number}.' if part.numbered else '-'} {_line(item)}"
        case Facts():
            for label, line in part.rows:
                yield f"- {escape(label)}: {_line(line)}"
        case Grid():
            yield _cells([escape(heading) for heading in part.headings])
            yield "|" + " --- |" * len(part.headings)
            for row in part.rows:
                yield _cells([_line(cell) for cell in row])


def _cells(texts: list[str]) -> str:
    return f"| {' | '.join(texts)} |"


def _line(line: Line) -> str:
    if isinstance(line, str):
        return escape(line)
    return "".join(_words(words) if isinstance(words, Words) else _escaped(words) for words in line).strip()


def _words(words: Words) -> str:
    match words.kind:
        case "strong":
            return f"**{escape(words.text)}**"
        case "quote":
            return f"“{escape(words.text)}”"
        case "page":
            return f"<{words.target}>"
        case "jump":
            return escape(words.text)
