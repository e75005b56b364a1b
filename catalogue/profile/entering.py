"""What a person types into a field of a profile, as a value; and a value as it is typed.

What cannot be read as the value that is expected is kept as text, so that a check of the profile says what is
wrong with it in its own words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from catalogue.profile.writing import Value

Kind = Literal["text", "number", "day", "names"]

_NUMBER = re.compile(r"£?\s*([0-9][0-9, ]*(?:\.[0-9]+)?)\s*")
#: As officers write dates. ``2027-03-31`` is how the file has it.
_DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d %B %Y", "%d %b %Y")


def entered(kind: Kind, typed: str) -> Value | None:
    """The value of what was typed; nothing typed is ``None``, not stated."""
    typed = " ".join(typed.split())
    if not typed:
        return None
    if kind == "number":
        return _number(typed)
    if kind == "day":
        return _day(typed)
    if kind == "names":
        return names_of(typed) or None
    return typed


def as_typed(value: Any) -> str:
    """A value of a profile as a person would type it; of a kind that no field has, as TOML has it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f") if value.is_finite() else str(value)
    if isinstance(value, list | tuple):
        return typed_names([name if isinstance(name, str) else as_typed(name) for name in value])
    return str(value)


def names_of(typed: str) -> tuple[str, ...]:
    """Names with commas between them; where there is a semicolon, only semicolons part them."""
    parts = typed.split(";" if ";" in typed else ",")
    return tuple(dict.fromkeys(name for part in parts if (name := " ".join(part.split()))))


def typed_names(names: Sequence[str]) -> str:
    """Names in one line, so that `names_of` finds the same ones."""
    if any("," in name for name in names):
        return "; ".join(names) + (";" if len(names) == 1 else "")
    return ", ".join(names)


def _number(typed: str) -> Value:
    found = _NUMBER.fullmatch(typed)
    if found is None:
        return typed
    digits = found[1].replace(",", "").replace(" ", "")
    return Decimal(digits) if "." in digits else int(digits)


def _day(typed: str) -> Value:
    for shape in _DAYS:
        with suppress(ValueError):
            return datetime.strptime(typed, shape).date()  # noqa: DTZ007  a day has no time zone
    return typed
