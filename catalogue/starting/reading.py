"""Reading ``starting.toml``, and refusing a row that would make a profile with mistakes."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Any, TypeVar

import msgspec

from catalogue.errors import DataFileError, ProfileError
from catalogue.profile import SECTORS, parse_profile
from catalogue.starting.text import LISTS, requirement_lines, system_lines, toml_list
from catalogue.starting.values import (
    Body,
    Proposal,
    Row,
    Size,
    Starting,
    StartingGap,
    StartingRequirement,
    StartingSystem,
)

_TABLE = "starting.toml"
_LINE = re.compile(r"^line \d+: ")


@cache
def load_starting() -> Starting:
    """The table that ships with Longlist, read once."""
    return read_starting(resources.files("catalogue").joinpath(_TABLE).read_text("utf-8"))


def read_starting(text: str, source: str = _TABLE) -> Starting:
    """Read a table of proposals from TOML text. Raises `DataFileError` that names the row."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DataFileError(f"{source}: this is not TOML: {error}") from None
    if unknown := sorted(set(table) - {"size", "body", "system", "gap", "requirement"}):
        raise DataFileError(f"{source}: {unknown[0]!r} is no table of this file")
    starting = Starting(
        sizes=_rows(table, "size", Size, source),
        bodies=_rows(table, "body", Body, source),
        systems=_rows(table, "system", StartingSystem, source),
        gaps=_rows(table, "gap", StartingGap, source),
        requirements=_rows(table, "requirement", StartingRequirement, source),
    )
    _check_sizes(starting, source)
    _check_bodies(starting, source)
    known = {"all", *SECTORS, *(body.id for body in starting.bodies)}
    sizes = [size.id for size in starting.sizes]
    kinds: tuple[tuple[str, Sequence[Proposal]], ...] = (
        ("system", starting.systems),
        ("gap", starting.gaps),
        ("requirement", starting.requirements),
    )
    for kind, rows in kinds:
        for number, row in enumerate(rows, start=1):
            name = f"{source}: [[{kind}]] {number} ({_subject(msgspec.to_builtins(row))})"
            if not row.bodies or (wrong := [body for body in row.bodies if body not in known]):
                found = repr(wrong[0]) if row.bodies else "nothing"
                raise DataFileError(
                    f"{name}: 'for' has {found}; expected all, a sector, or a sector/kind of this file"
                )
            if unknown := [size for size in row.sizes if size not in sizes]:
                raise DataFileError(f"{name}: size {unknown[0]!r}; expected: {', '.join(sizes)}")
            _check_as_profile(row, name)
    return starting


_R = TypeVar("_R", bound=Row)


def _rows(table: dict[str, Any], kind: str, shape: type[_R], source: str) -> tuple[_R, ...]:
    rows = table.get(kind, [])
    if not isinstance(rows, list) or not rows:
        raise DataFileError(f"{source}: has no [[{kind}]] rows; expected at least one")
    read = []
    for number, row in enumerate(rows, start=1):
        name = f"{source}: [[{kind}]] {number} ({_subject(row)})"
        try:
            read.append(msgspec.convert(row, shape))
        except msgspec.ValidationError as error:
            raise DataFileError(f"{name}: {error}") from None
        if not read[-1].why.strip() or "\n" in read[-1].why:
            raise DataFileError(f"{name}: 'why' needs the reason or the source of the row, on one line")
    return tuple(read)


def _subject(row: object) -> str:
    """What a row is about, to find it by."""
    if not isinstance(row, dict):
        return "no table"
    names = (row.get(key) for key in ("system", "text", "word", "kind", "sector", "id"))
    return next((repr(name) for name in names if name), "without a name")


def _check_sizes(starting: Starting, source: str) -> None:
    staff = [size.staff for size in starting.sizes]
    bounds = [most for most in staff[:-1] if most is not None]
    if len(staff) != 3 or staff[-1] is not None or len(bounds) != 2 or bounds[0] >= bounds[1]:
        raise DataFileError(
            f"{source}: [[size]] rows have staff {staff}; expected three, rising, the last without a number"
        )


def _check_bodies(starting: Starting, source: str) -> None:
    sizes = [size.id for size in starting.sizes]
    for number, body in enumerate(starting.bodies, start=1):
        name = f"{source}: [[body]] {number} ({body.id!r})"
        if body.sector not in SECTORS:
            raise DataFileError(f"{name}: sector {body.sector!r}; expected one of: {', '.join(SECTORS)}")
        if body.size not in sizes:
            raise DataFileError(f"{name}: size {body.size!r}; expected: {', '.join(sizes)}")
        if body.residents is not None and not 0 < body.residents[0] < body.residents[1]:
            raise DataFileError(f"{name}: residents {list(body.residents)}; expected two rising numbers")
        if sum(other.id == body.id for other in starting.bodies) > 1:
            raise DataFileError(f"{name}: is there twice; expected one row for each kind of body")
    for sector in SECTORS:
        there = [body for body in starting.bodies if body.sector == sector]
        usual = sum(body.usual for body in there)
        if not there:
            raise DataFileError(f"{source}: [[body]]: no row has the sector {sector!r}")
        if len(there) > 1 and (usual != 1 or any(body.kind is None for body in there)):
            raise DataFileError(
                f"{source}: [[body]]: {usual} rows of {sector!r} are usual; expected one, and a kind for each"
            )


def _check_as_profile(row: Proposal, name: str) -> None:
    """A row is right where a profile that holds nothing else is."""
    if isinstance(row, StartingSystem):
        lines = system_lines(row)
    elif isinstance(row, StartingRequirement):
        lines = requirement_lines(row)
    else:
        assert isinstance(row, StartingGap)
        key, _ = LISTS[row.list]
        lines = iter((f"[{row.list}]", f"{key} = {toml_list([row.word])}"))
    text = "\n".join(('[organisation]\nname = "Any"', *lines))
    try:
        parse_profile(text)
    except ProfileError as error:
        raise DataFileError(f"{name}: {_LINE.sub('', error.problems[0])}") from None
