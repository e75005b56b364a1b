"""The settings file of a user: a few values as TOML, each of which an option or a variable may override."""

from __future__ import annotations

import tomllib
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

from catalogue.errors import UsageError
from tui.commands.output import write_whole


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


def write_setting(file: Path, key: str, value: str) -> None:
    """Write a text into the settings file, which is made where it is missing; all else in it stays."""
    try:
        text = file.read_text(encoding="utf-8") if file.is_file() else ""
        document = tomlkit.parse(text)
        document[key] = value
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, tomlkit.dumps(document).encode())
    except (TOMLKitError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: not TOML: {error}") from None
    except OSError as error:
        raise UsageError(f"{file}: cannot be written ({error.strerror or error})") from None
