"""The settings file of a user: a few values as TOML, each of which an option or a variable may override."""

from __future__ import annotations

import tomllib
from pathlib import Path

from catalogue.errors import UsageError


def setting(file: Path, key: str, expected: str) -> str | None:
    """A text of the settings file; ``None`` where file or key is missing. ``expected`` is for the error."""
    if not file.is_file():
        return None
    try:
        value = tomllib.loads(file.read_text(encoding="utf-8")).get(key)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: not TOML: {error}") from None
    if value is not None and not isinstance(value, str):
        raise UsageError(f"{file}: {key}: found {value!r}, expected {expected}")
    return value
