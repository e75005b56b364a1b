"""Answers in JSON, read into plain values: objects, text without markup, days, and records one by one.

Sources put HTML into text fields, break keys over lines, leave raw control characters in strings and empty
dates in databases. What can be read is read; a record that cannot is an issue, and too many of those are
another shape.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from html import unescape
from typing import Any, TypeVar

from bs4 import BeautifulSoup

from catalogue.errors import SourceShapeError
from catalogue.model import Issue
from catalogue.records import strip_controls
from scrapers.page import Page, text_of, title_of
from scrapers.table import BadValue

_T = TypeVar("_T")

#: Shares are looked at from this many records on.
_ENOUGH_TO_JUDGE = 5
_MARKUP = re.compile(r"<[a-zA-Z/!]")
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?!\d)")
#: E-mail addresses and telephone numbers, which people put into titles.
_CONTACT = re.compile(r"\S+@\S+\.\w+|(?<![\w.,£$€-])(?:\+44|0)[\s(]?\d[\d\s()-]{7,}\d(?![\w.,]\d)")


class OddRecord(ValueError):
    """One record that cannot be read; says what was found and what was expected."""


def read_object(page: Page) -> dict[str, Any]:
    """The object that an answer holds. Raises `SourceShapeError` for any other answer."""
    if page.status != 200:
        raise SourceShapeError(page.url, "status", str(page.status), "200")
    try:
        found = json.loads(page.text, strict=False, parse_float=Decimal, object_pairs_hook=_whole_keys)
    except (ValueError, RecursionError) as error:
        title = title_of(page.text) if "<" in page.text[:200] else ""
        what = f"the page {title!r}" if title else f"no JSON ({error})"
        raise SourceShapeError(page.url, "$", what, "a JSON object") from None
    if not isinstance(found, dict):
        raise SourceShapeError(page.url, "$", f"a JSON {type(found).__name__}", "a JSON object")
    return found


def _whole_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys are free of white space: real releases have keys broken over two lines."""
    return {"".join(key.split()): value for key, value in pairs}


def rows_of(page: Page, found: dict[str, Any], key: str) -> list[Any]:
    """The list under a key. Raises `SourceShapeError` where there is none."""
    rows = found.get(key)
    if not isinstance(rows, list):
        there = ", ".join(sorted(found)[:8]) or "nothing"
        raise SourceShapeError(page.url, key, f"no list among: {there}", "a list of records")
    return rows


def read_each(
    page: Page, rows: Iterable[Any], read: Callable[[dict[str, Any]], _T], broken_share: float
) -> tuple[list[_T], list[Issue]]:
    """Each row read, and an issue for each that cannot be.

    Raises `SourceShapeError` where more than ``broken_share`` of them cannot: the source has changed.
    """
    good: list[_T] = []
    issues: list[Issue] = []
    for number, row in enumerate(rows, 1):
        try:
            if not isinstance(row, dict):
                raise OddRecord(f"found {type(row).__name__}, expected an object")
            good.append(read(row))
        except OddRecord as error:
            place = f"{page.url} record {number}"
            issues.append(Issue("odd-record", place, f"record {number} left out: {error}"))
    seen = len(good) + len(issues)
    if len(issues) > broken_share * seen and (seen >= _ENOUGH_TO_JUDGE or not good):
        found = f"{len(issues)} of {seen} records that cannot be read; the last: {issues[-1].message}"
        raise SourceShapeError(page.url, "records", found, "records of the known shape")
    return good, issues


def plain(value: Any) -> str | None:
    """Text without markup, entities, control characters and needless white space; ``None`` for no text."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return None
    text = str(value)
    if _MARKUP.search(text):
        text = text_of(BeautifulSoup(text, "lxml"))
    text = " ".join(strip_controls(unescape(text)).split())
    return text or None


def without_contacts(text: str) -> str:
    """Text in which e-mail addresses and telephone numbers are left out."""
    return " ".join(_CONTACT.sub("…", text).split())


def required(row: dict[str, Any], *keys: str) -> str:
    """The text under the first of the keys that has any. Raises `OddRecord` naming them."""
    for key in keys:
        if text := plain(row.get(key)):
            return text
    raise OddRecord(f"found no {' or '.join(keys)} among: {', '.join(sorted(row)[:8]) or 'nothing'}")


def day(value: Any, known_bad: Iterable[BadValue] = ()) -> date | None:
    """The day of an ISO date or time; ``None`` for none, for no day, and for a known bad one."""
    match = _DAY.match(value.strip()) if isinstance(value, str) else None
    if match is None or any(row.field == "date" and row.found == match[0] for row in known_bad):
        return None
    try:
        return date(*(int(part) for part in match.groups()))
    except ValueError:
        return None


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects of a list, or of the values of an object; anything else there is passed over."""
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [item for item in items if isinstance(item, dict)]


def inside(row: dict[str, Any], *keys: str) -> Any:
    """What lies at the end of a path of keys; ``None`` where it ends earlier."""
    found: Any = row
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    return found
