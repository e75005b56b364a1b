"""Markdown: a report for people, readable as it is and safe to render.

A listing's text cannot become a heading, table, link, image or HTML: the signs that would make it one are
escaped, and its line breaks become spaces, as Markdown itself would show them.
"""

from __future__ import annotations

import re

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

_SIGNS = re.compile(r"([\\`*_\[\]<>|~#$]|&(?=[#A-Za-z]))")
#: What GitHub and others turn into a link without any sign: web and mail addresses, names behind ``@``.
_LINKS = re.compile(r"(?i)(:)(?=//)|(?<=\bwww)(\.)|(@)")
#: Where a line would begin a list or underline a heading.
_FIRST = re.compile(r"\A(?:(\d+)(?=[.)](?: |$))|(?=[-+=]))")


def escape(text: str) -> str:
    """Supplier's or officer's text as one line of plain words in Markdown."""
    line = _SIGNS.sub(r"\\\1", " ".join(text.split()))
    line = _LINKS.sub(lambda match: f"\\{match[0]}", line)
    return _FIRST.sub(r"\1\\", line)


def write_markdown(table: ExportTable) -> bytes:
    """The shortlist as a report: a table of services, then each with its evidence, then what it rests on."""
    lines = [f"# {escape(title(table))}", ""]
    if table.about.fictional:
        lines += [f"**{table.about.fictional}**", ""]
    lines += [_cells(list(OVERVIEW)), "|" + " --- |" * len(OVERVIEW)]
    lines += [_cells([escape(text) for text in overview(row)]) for row in table.rows]
    for row in table.rows:
        lines += ["", *_service(row)]
    lines += ["", "## About this export", "", *_facts(about_lines(table.about))]
    return ("\n".join(lines) + "\n").encode()


def _cells(texts: list[str]) -> str:
    return f"| {' | '.join(texts)} |"


def _service(row: Row) -> list[str]:
    place = "" if row.rank is None else f"{row.rank}\\. "
    lines = [f"## {place}{escape(row.name)}", "", *_facts(service_lines(row))]
    if row.evidence:
        lines += ["", "### Evidence", "", *(f"- {_evidence(item)}" for item in telling(row))]
        lines += [f"- **{label}**: {escape(needs)}" for label, needs in unsaid_lines(row)]
    if row.questions:
        lines += ["", "### Questions to ask", "", *(f"- {escape(question)}" for question in row.questions)]
    return lines


def _facts(lines: list[tuple[str, str]]) -> list[str]:
    return [
        f"- {label}: {f'<{text}>' if is_page_address(label, text) else escape(text)}" for label, text in lines
    ]


def _evidence(item: Evidence) -> str:
    line = f"**{verdict_words(item)}** ({item.barrier}, {item.points:+.1f}): {escape(item.need)}: "
    line += escape(item.because) if item.quote is None else f"“{escape(item.quote)}”"
    if item.question is not None:
        line += f" ({escape(item.question)})"
    return line
