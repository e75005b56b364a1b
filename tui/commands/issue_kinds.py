"""What the kinds of issues mean and what to do about them, from ``issue_kinds.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

import msgspec

from catalogue.errors import DataFileError

_TABLE = "issue_kinds.toml"


class IssueKind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of issue in plain words: what it means, and what a maintainer does about it."""

    means: str
    do: str


@cache
def load_issue_kinds() -> Mapping[str, IssueKind]:
    """The table that ships with Longlist, by slug."""
    return read_issue_kinds(resources.files("tui.commands").joinpath(_TABLE).read_text("utf-8"))


def read_issue_kinds(text: str, source: str = _TABLE) -> Mapping[str, IssueKind]:
    """Read a table from TOML text. Raises `DataFileError` that names the row."""
    try:
        return msgspec.convert(tomllib.loads(text), dict[str, IssueKind])
    except (msgspec.ValidationError, tomllib.TOMLDecodeError) as error:
        raise DataFileError(f"{source}: {error}") from None
