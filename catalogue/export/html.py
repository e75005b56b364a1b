"""HTML: one file that needs nothing else, prints well on A4, and is read out in a sensible order.

Text is escaped, only ``https`` and ``http`` addresses become links, and a content security policy forbids
scripts and loading anything, should a sign ever slip through. It is meant to meet WCAG 2.2 at level AA.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

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

#: Contrast of text on its ground is 7:1 and more, of lines 4.5:1; links are underlined; no meaning is in
#: colour alone.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE = """\
:root { color-scheme: light dark; --ink: #1a1a1a; --ground: #fff; --line: #767676; --shade: #f1f3f5; }
body { font: 1rem/1.5 system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif; margin: 2rem auto;
  max-width: 72rem; padding: 0 1rem; color: var(--ink); background: var(--ground); }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 1rem; }
h2 { font-size: 1.4rem; line-height: 1.25; margin: 2rem 0 .6rem; padding-top: .6rem;
  border-top: 2px solid var(--line); }
h3 { font-size: 1.1rem; margin: 1.2rem 0 .3rem; }
p, li, dd { max-width: 90ch; }
table { border-collapse: collapse; width: 100%; font-size: .95rem; }
caption { text-align: left; font-weight: bold; padding: .5rem 0; }
th, td { border: 1px solid var(--line); padding: .3rem .5rem; text-align: left; vertical-align: top;
  overflow-wrap: break-word; white-space: pre-line; unicode-bidi: isolate; }
thead th { background: var(--shade); vertical-align: bottom; }
th[scope="row"] { min-width: 5rem; }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; margin: 1rem 0; }
dl { display: grid; grid-template-columns: minmax(9rem, max-content) 1fr; gap: .15rem 1rem; margin: .6rem 0; }
dt { font-weight: bold; }
dd { margin: 0; overflow-wrap: anywhere; }
q, dd, li { unicode-bidi: isolate; }
q, dd { white-space: pre-line; }
li { margin: .2rem 0; }
nav ul { columns: 16rem; margin: 0; }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr; } dd { margin-bottom: .4rem; } }
@media screen and (prefers-color-scheme: dark) {
  :root { --ink: #f2f2f2; --ground: #161616; --line: #8f8f8f; --shade: #262a2e; } a { color: #9cc9ff; }
}
@page { size: A4; margin: 14mm 12mm; }
@media print {
  body { font-size: 10pt; margin: 0; max-width: none; padding: 0; }
  table { font-size: 9pt; }
  a { color: inherit; }
  nav { display: none; }
  .scroll { overflow: visible; padding-right: 1px; }
  thead { display: table-header-group; }
  tr, li { break-inside: avoid; }
  tbody tr:first-child { break-before: avoid; }
  h1, h2, h3, caption { break-after: avoid; }
  th[scope="row"] { min-width: 0; }
}
"""
#: What a board reads on two sheets: smaller, and with less around it.
_BRIEF = """\
.brief h1 { font-size: 1.6rem; }
.brief h2 { font-size: 1.15rem; margin: 1rem 0 .3rem; padding-top: .3rem; border-top-width: 1px; }
.brief p, .brief ul, .brief ol, .brief dl, .brief .scroll { margin: .3rem 0; }
.brief ul, .brief ol { padding-left: 1.4rem; }
.brief li { margin: .1rem 0; }
@page { margin: 11mm; }
@media print {
  .brief { font-size: 8.5pt; line-height: 1.28; }
  .brief h1 { font-size: 14pt; margin-bottom: 1mm; }
  .brief h2 { font-size: 10.5pt; margin: 2mm 0 .5mm; padding-top: 1mm; }
  .brief table { font-size: 8pt; }
  .brief th, .brief td { padding: .3mm 1.2mm; }
  .brief caption { padding: .5mm 0; }
  .brief p, .brief ul, .brief ol, .brief dl, .brief .scroll { margin: .6mm 0; }
  .brief p, .brief li, .brief dd { max-width: none; }
  .brief dl { gap: 0 3mm; }
}
"""


def render_html(document: Document) -> bytes:
    """The document as one accessible page."""
    name = escape(document.title)
    style = _STYLE + _BRIEF if document.brief else _STYLE
    body = '<body class="brief">' if document.brief else "<body>"
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{name}</title>\n<style>\n{style}</style>\n</head>\n{body}\n<main>\n<h1>{name}</h1>\n"
        + "".join(_parts(document))
        + "</main>\n</body>\n</html>\n"
    ).encode()


def _parts(document: Document) -> Iterator[str]:
    """Each heading of the second level begins a section; the contents stand before the first."""
    contents, is_open = document.contents, False
    for part in document.parts:
        if isinstance(part, Heading) and part.level == 2:
            if is_open:
                yield "</section>\n"
            elif contents:
                yield _contents(contents)
            yield f'<section aria-labelledby="{part.id}">\n'
            is_open = True
        yield _part(part)
    if is_open:
        yield "</section>\n"


def _contents(headings: tuple[Heading, ...]) -> str:
    links = "".join(f'<li><a href="#{each.id}">{escape(each.text)}</a></li>\n' for each in headings)
    return f'<nav aria-label="Contents">\n<ul>\n{links}</ul>\n</nav>\n'


def _part(part: Part) -> str:
    match part:
        case Heading():
            return f'<h{part.level} id="{part.id}">{escape(part.text)}</h{part.level}>\n'
        case Paragraph():
            return f"<p>{_line(part.line)}</p>\n"
        case Bullets():
            kind = "ol" if part.numbered else "ul"
            items = "".join(f"<li>{_line(item)}</li>\n" for item in part.items)
            return f"<{kind}>\n{items}</{kind}>\n"
        case Facts():
            rows = "".join(f"<dt>{escape(label)}</dt><dd>{_line(line)}</dd>\n" for label, line in part.rows)
            return f"<dl>\n{rows}</dl>\n"
        case Grid():
            return _grid(part)


def _grid(grid: Grid) -> str:
    heads = "".join(
        f'<th scope="col"{_class(grid, column)}>{escape(heading)}</th>'
        for column, heading in enumerate(grid.headings)
    )
    rows = "".join(
        "<tr>" + "".join(_cell(grid, column, cell) for column, cell in enumerate(row)) + "</tr>\n"
        for row in grid.rows
    )
    return (
        f'<div class="scroll" role="region" aria-labelledby="{grid.id}" tabindex="0">\n<table>\n'
        f'<caption id="{grid.id}">{escape(grid.caption)}</caption>\n<thead><tr>{heads}</tr></thead>\n'
        f"<tbody>\n{rows}</tbody>\n</table>\n</div>\n"
    )


def _cell(grid: Grid, column: int, cell: Line) -> str:
    if column == grid.head:
        return f'<th scope="row">{_line(cell)}</th>'
    return f"<td{_class(grid, column)}>{_line(cell)}</td>"


def _class(grid: Grid, column: int) -> str:
    return ' class="number"' if column in grid.numbers else ""


def _line(line: Line) -> str:
    if isinstance(line, str):
        return escape(line)
    return "".join(_words(words) if isinstance(words, Words) else escape(words) for words in line)


def _words(words: Words) -> str:
    text = escape(words.text)
    match words.kind:
        case "strong":
            return f"<strong>{text}</strong>"
        case "quote":
            return f"<q>{text}</q>"
        case "page":
            return f'<a href="{escape(words.target)}" rel="noreferrer">{text}</a>'
        case "jump":
            return f'<a href="#{escape(words.target)}">{text}</a>'
