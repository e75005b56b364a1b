"""HTML: one file that needs nothing else, prints well, and is read out in a sensible order.

Text is escaped, only ``https`` and ``http`` addresses become links, and a content security policy forbids
scripts and loading anything, should a sign ever slip through.
"""

from __future__ import annotations

from html import escape

from catalogue.export.prepare import Evidence, ExportTable, Row
from catalogue.export.wording import (
    OVERVIEW,
    about_lines,
    is_page_address,
    overview,
    service_lines,
    telling,
    title,
    unsaid_lines,
    verdict_words,
)

#: Contrast of text on its ground is 12:1 and more; links are underlined; no meaning is in colour alone.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE = """\
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem;
  color: #1a1a1a; background: #fff; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; font-weight: bold; padding: .5rem 0; }
th, td { border: 1px solid #767676; padding: .3rem .5rem; text-align: left; vertical-align: top;
  overflow-wrap: anywhere; unicode-bidi: isolate; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; }
dt { font-weight: bold; }
dd { margin: 0 0 .4rem; overflow-wrap: anywhere; }
q, dd, li { unicode-bidi: isolate; white-space: pre-line; }
article { border-top: 2px solid #767676; margin-top: 2rem; break-inside: avoid-page; }
@media (prefers-color-scheme: dark) { body { color: #f2f2f2; background: #161616; } a { color: #9cc9ff; } }
"""


def write_html(table: ExportTable) -> bytes:
    """The shortlist as one accessible page."""
    about = table.about
    name = escape(title(table))
    note = f"<p><strong>{escape(about.fictional)}</strong></p>\n" if about.fictional else ""
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{name}</title>\n<style>\n{_STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{name}</h1>\n{note}"
        + _overview(table)
        + "".join(_service(number, row) for number, row in enumerate(table.rows, 1))
        + '<section aria-labelledby="about">\n<h2 id="about">About this export</h2>\n'
        + _facts(about_lines(about))
        + "</section>\n</main>\n</body>\n</html>\n"
    ).encode()


def _overview(table: ExportTable) -> str:
    head = "".join(f'<th scope="col">{heading}</th>' for heading in OVERVIEW)
    body = "".join(_overview_row(number, row) for number, row in enumerate(table.rows, 1))
    return (
        '<div class="scroll" role="region" aria-labelledby="overview" tabindex="0">\n'
        '<table>\n<caption id="overview">Services and their points by barrier</caption>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>\n</div>\n"
    )


def _overview_row(number: int, row: Row) -> str:
    rank, name, supplier, *numbers, price = map(escape, overview(row))
    return (
        f'<tr><td class="number">{rank}</td>'
        f'<th scope="row"><a href="#service-{number}">{name}</a></th><td>{supplier}</td>'
        + "".join(f'<td class="number">{value}</td>' for value in numbers)
        + f"<td>{price}</td></tr>\n"
    )


def _service(number: int, row: Row) -> str:
    place = "" if row.rank is None else f"{row.rank}. "
    page = f'<article aria-labelledby="service-{number}">\n'
    page += f'<h2 id="service-{number}">{place}{escape(row.name)}</h2>\n{_facts(service_lines(row))}'
    if row.evidence:
        page += "<h3>Evidence</h3>\n<ul>\n" + "".join(map(_evidence, telling(row)))
        page += "".join(
            f"<li><strong>{label}</strong>: {escape(needs)}</li>\n" for label, needs in unsaid_lines(row)
        )
        page += "</ul>\n"
    if row.questions:
        page += "<h3>Questions to ask</h3>\n<ul>\n"
        page += "".join(f"<li>{escape(question)}</li>\n" for question in row.questions) + "</ul>\n"
    return page + "</article>\n"


def _facts(lines: list[tuple[str, str]]) -> str:
    facts = "".join(f"<dt>{label}</dt><dd>{_fact(label, text)}</dd>\n" for label, text in lines)
    return f"<dl>\n{facts}</dl>\n"


def _fact(label: str, text: str) -> str:
    shown = escape(text)
    return f'<a href="{shown}" rel="noreferrer">{shown}</a>' if is_page_address(label, text) else shown


def _evidence(item: Evidence) -> str:
    line = f"<li><strong>{verdict_words(item)}</strong> ({escape(item.barrier)}, {item.points:+.1f}): "
    line += f"{escape(item.need)}: "
    line += escape(item.because) if item.quote is None else f"<q>{escape(item.quote)}</q>"
    if item.question is not None:
        line += f" ({escape(item.question)})"
    return line + "</li>\n"
