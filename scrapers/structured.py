"""One answer of a service page: its values, and the rows of what is shown as a table, tree or formula.

What an answer is made of decides how it is read, not its label: a list inside a list is a tree, a ``dl``
inside the ``dd`` is a price formula, a table is a rate card or discount bands by its columns, label and value
paragraphs are discount bands when every value is a percentage. What has no known shape is kept as values.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from bs4 import Tag
from bs4.element import PageElement

from catalogue.text import normalise
from scrapers.page import HEADINGS, joined_text, next_element, text_of, text_without

_LISTS = ("ul", "ol")
_BLOCKS = (*_LISTS, *HEADINGS, "p", "div", "section", "dl", "table")
_PERCENTAGE = re.compile(r"\d+(?:\.\d+)?\s?%")
_PRICING = re.compile(r"\s+pricing\s*$", re.IGNORECASE)
#: Operators between the terms of a price formula; the page writes minus as U+2212.
_OPERATORS = frozenset({"+", "-", "\u2212", "\u00d7", "*", "/", "\u00f7"})
#: The two rows that lead every formula and say nothing about the service.
_LEADING = frozenset({"total cost", "="})
#: How a cell of a rate card without a rate is shown.
_NO_RATE = frozenset({"", "-", "\u2013", "\u2014", "\u2212"})


@dataclass(frozen=True, slots=True)
class AnswerRead:
    """What one ``dd`` holds: the values in page order and, under its key of FORMATS, the structured rows.

    ``paths`` is filled for a tree. ``unread`` names a structure that was kept as values only.
    """

    values: tuple[str, ...]
    structured: dict[str, Any] = field(default_factory=dict)
    paths: tuple[tuple[str, ...], ...] = ()
    unread: str | None = None


def read_answer(dd: Tag, label: str) -> AnswerRead:
    """Read an answer by its structure; ``label`` names a formula's deployment model and the social value."""
    holds = {tag.name for tag in dd.descendants if isinstance(tag, Tag)}
    if "dl" in holds and isinstance(formula := dd.find("dl"), Tag):
        return _formula(formula, label)
    if "table" in holds:
        return read_tables(dd.find_all("table"))
    if "li" in holds and dd.select_one("li ul, li ol") is not None:
        return _tree(dd, label)
    return _text(dd, label)


def read_tables(tables: list[Tag]) -> AnswerRead:
    """Read tables as one rate card or as discount bands; other tables are kept as values, row by row."""
    values: list[str] = []
    rates: list[dict[str, str | None]] = []
    bands: list[dict[str, str]] = []
    unread: str | None = None
    for table in tables:
        header, rows = _grid(table)
        columns = _rate_columns(header)
        discount = next((at for at, name in enumerate(header) if "discount" in normalise(name)), None)
        if {"role", "uk"} <= columns.keys():
            family = _table_title(table)
            for row in rows:
                rate = {key: row[at] for key, at in columns.items() if at < len(row)}
                entry = {
                    "family": rate.get("family", family),
                    "role": rate["role"],
                    "level": rate.get("level"),
                    "uk": _rate(rate.get("uk")),
                    "offshore": _rate(rate.get("offshore")),
                }
                rates.append(entry)
                values.append(" | ".join(cell or "" for cell in entry.values()).strip())
        elif len(header) == 2 and discount is not None:
            for row in rows:
                bands.append({"band": row[1 - discount], "discount": row[discount]})
                values.append(f"{row[1 - discount]}: {row[discount]}")
        else:
            unread = "a table with the columns " + (", ".join(header) or "(none)")
            values += [" | ".join(row).strip() for row in ([header] if header else []) + rows]
    structured: dict[str, Any] = {}
    if rates:
        structured["rate_card"] = rates
    if bands:
        structured["discount_bands"] = bands
    return AnswerRead(tuple(value for value in values if value), structured, unread=unread)


def tree_paths(node: Tag) -> tuple[tuple[str, ...], ...]:
    """The full paths of a nested list, root first, one for each leaf, in page order."""
    return tuple(path for top in _outer_lists(node) for path in _paths(top, ()))


def _paths(listing: Tag, above: tuple[str, ...]) -> list[tuple[str, ...]]:
    paths: list[tuple[str, ...]] = []
    for item in listing.find_all("li", recursive=False):
        inner = _outer_lists(item)
        label = text_without(item, *inner)
        path = (*above, label) if label else above
        below = [deeper for sub in inner for deeper in _paths(sub, path)]
        paths += below or ([path] if label else [])
    return paths


def _outer_lists(node: Tag) -> list[Tag]:
    """The lists inside an element that are not inside another of its lists."""
    lists = node.find_all(_LISTS)
    return [tag for tag in lists if not any(parent in lists for parent in tag.parents)]


def _tree(dd: Tag, label: str) -> AnswerRead:
    paths = tree_paths(dd)
    lists = _outer_lists(dd)
    around = text_without(dd, *lists)
    values = ([around] if around else []) + [" > ".join(path) for path in paths]
    if "social value" in normalise(label):
        tree = [list(path) for path in paths]
        return AnswerRead(tuple(values), {"social_value_tree": tree}, paths)
    return AnswerRead(tuple(values), paths=paths, unread="a nested list")


def _formula(formula: Tag, label: str) -> AnswerRead:
    terms: list[dict[str, str | None]] = []
    operation: str | None = None
    for dt in formula.find_all("dt"):
        dd = dt.find_next_sibling("dd")
        name, value = text_of(dt), text_of(dd) if isinstance(dd, Tag) else ""
        if name in _OPERATORS and not value:
            operation = name
        elif normalise(name) not in _LEADING or value:
            terms.append({"operation": operation, "name": name, "value": value})
            operation = None
    values = (
        f"{term['operation'] or ''} {term['name']}{': ' if term['value'] else ''}{term['value']}".strip()
        for term in terms
    )
    entry = {"deployment_model": _PRICING.sub("", label), "terms": terms}
    return AnswerRead(tuple(values), {"price_formula": [entry]})


def _text(dd: Tag, label: str) -> AnswerRead:
    lead: list[str] = []
    headed: list[tuple[str, list[str]]] = []
    blocks = _blocks(dd)
    for kind, texts in blocks:
        if kind == "label":
            headed.append((texts[0], []))
        elif headed:
            headed[-1][1].extend(texts)
        else:
            lead.extend(texts)
    if not headed:
        paragraphs_only = all(kind == "text" for kind, _ in blocks)
        return AnswerRead(("\n\n".join(lead),) if paragraphs_only and lead else tuple(lead))
    pairs = [(heading, "\n\n".join(texts)) for heading, texts in headed]
    if not lead and all(_PERCENTAGE.fullmatch(text) for _, text in pairs):
        bands = [{"band": heading, "discount": text} for heading, text in pairs]
        return AnswerRead(tuple(f"{heading}: {text}" for heading, text in pairs), {"discount_bands": bands})
    values = (*lead, *(f"{heading}\n{text}".strip() for heading, text in pairs))
    if "social value" in normalise(label):
        rows = [{"heading": heading, "text": text} for heading, text in pairs]
        return AnswerRead(values, {"social_value": {"list": lead, "headed": rows}})
    return AnswerRead(values, unread="headed paragraphs")


def _blocks(node: Tag) -> list[tuple[str, list[str]]]:
    """What an element holds, in order: ``items`` of a list, ``text``, or the ``label`` of what follows."""
    found: list[tuple[str, list[str]]] = []
    run: list[PageElement] = []  # inline content, gathered until the next block

    def end_run() -> None:
        if text := joined_text(run):
            found.append(("text", [text]))
        run.clear()

    for child in node.children:
        if not isinstance(child, Tag) or child.name not in _BLOCKS:
            run.append(child)
            continue
        end_run()
        if child.name in _LISTS:
            found.append(("items", [text_of(item) for item in child.find_all("li", recursive=False)]))
        elif child.name in HEADINGS or (child.name == "p" and _labels_what_follows(child)):
            found.append(("label", [text_of(child)]))
        elif child.name in ("div", "section"):
            found += _blocks(child)
        elif text := text_of(child):
            found.append(("text", [text]))
    end_run()
    return found


def _labels_what_follows(paragraph: Tag) -> bool:
    """True for the label paragraph of a label and value pair: its value is in the ``div`` after it."""
    following = next_element(paragraph)
    return following is not None and following.name == "div" and following.select_one("p + div") is None


def _grid(table: Tag) -> tuple[list[str], list[list[str]]]:
    """The header and the rows of a table, with cells that span rows or columns repeated."""
    grid: list[list[str]] = []
    heads: list[bool] = []
    carried: dict[int, tuple[int, str]] = {}  # column -> rows still to fill, text
    for row in table.find_all("tr"):
        line: list[str] = []
        cells = row.find_all(["td", "th"], recursive=False)
        for cell in cells:
            _fill(line, carried)
            text, span = text_of(cell), _span(cell, "rowspan")
            for _ in range(_span(cell, "colspan")):
                if span > 1:
                    carried[len(line)] = (span - 1, text)
                line.append(text)
        _fill(line, carried)
        grid.append(line)
        heads.append(
            bool(cells) and (row.find_parent("thead") is not None or all(c.name == "th" for c in cells))
        )
    header = grid[0] if grid and heads[0] else []
    rows = [line for line, head in zip(grid, heads, strict=True) if not head]
    width = max((len(line) for line in [header, *rows]), default=0)
    return header, [line + [""] * (width - len(line)) for line in rows if any(line)]


def _fill(line: list[str], carried: dict[int, tuple[int, str]]) -> None:
    """Repeat, at the end of a line, the cells that earlier rows let hang into it."""
    while len(line) in carried:
        left, text = carried.pop(len(line))
        if left > 1:
            carried[len(line)] = (left - 1, text)
        line.append(text)


def _span(cell: Tag, name: str) -> int:
    """How many rows or columns a cell takes, within reason."""
    value = str(cell.get(name, "1")).strip()
    return min(max(int(value), 1), 500) if value.isascii() and value.isdigit() else 1


def _rate_columns(header: list[str]) -> dict[str, int]:
    """Which column is which in a rate card, by the words in its header."""
    columns: dict[str, int] = {}
    for at, name in enumerate(header):
        words = normalise(name)
        for key, word in (
            ("family", "family"),
            ("offshore", "offshore"),
            ("level", "level"),
            ("role", "role"),
        ):
            if word in words:
                columns.setdefault(key, at)
                break
        else:
            if re.search(r"\buk\b", words):
                columns.setdefault("uk", at)
    return columns


def _table_title(table: Tag) -> str | None:
    """What a table is headed by: its caption, or the heading before it."""
    caption = table.find("caption")
    if isinstance(caption, Tag):
        return text_of(caption)
    before = table.find_previous(HEADINGS)
    if not isinstance(before, Tag) or before.find_parent("dd") is not table.find_parent("dd"):
        return None  # of another answer, or of the whole section
    return text_of(before)


def _rate(cell: str | None) -> str | None:
    return None if cell is None or cell in _NO_RATE else cell
