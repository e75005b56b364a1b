"""Bytes to text, for pages that declare the wrong charset or none."""

from __future__ import annotations

import codecs
import re

_META_CHARSET = re.compile(rb"<meta[^>]+charset=[\"']?([\w-]+)", re.IGNORECASE)


def decode(body: bytes, content_type: str) -> tuple[str, str | None]:
    """The text of a body, and what was wrong with the charset that it declares, if anything.

    Bytes that are valid UTF-8 beyond ASCII are UTF-8, whatever is declared. A few bad bytes in UTF-8 are
    replaced; a text of another encoding is read as Windows-1252, which browsers take for Latin-1 as well.
    """
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body.decode("utf-16", "replace"), None
    declared = _declared(body, content_type)
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problem = f"byte {error.start} is not {declared}"
    else:
        wrong = declared != "utf-8" and not body.isascii()
        return text, f"declared as {declared}, but it is UTF-8; read as UTF-8" if wrong else None
    if declared != "utf-8":
        try:
            return body.decode(declared), None
        except (UnicodeDecodeError, LookupError):
            problem = f"not {declared}, as declared"
    lenient = body.decode("utf-8", "replace")
    bad = lenient.count("\ufffd")
    if 2 * bad < sum(1 for character in lenient if not character.isascii()):
        return lenient, f"{problem}; read as UTF-8 with {bad} characters replaced"
    return body.decode("cp1252", "replace"), f"{problem}; read as Windows-1252"


def _declared(body: bytes, content_type: str) -> str:
    """The charset declared by the header, else by the page; UTF-8 where neither or nobody knows it."""
    match = re.search(r"charset=\"?([\w-]+)", content_type, re.IGNORECASE)
    in_page = _META_CHARSET.search(body[:2048])
    name = match[1] if match else in_page[1].decode("ascii") if in_page else "utf-8"
    try:
        codec = codecs.lookup(name)
    except LookupError:
        return name.lower()
    return "cp1252" if codec.name == "iso8859-1" else codec.name
