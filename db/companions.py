"""What a catalogue holds beside services (agreements, awards, public bodies), taken in from a published copy.

Each has a name that every catalogue gives it, and a time at which it was seen or released: the later one of
two counts, with all that hangs on it, and what only one of them has is there afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from db.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class _Family:
    """A table, the columns that name a row everywhere, the column with its time, and the tables below it.

    ``key`` is the column that the tables below refer to, by their column ``below``; ``own`` is a key that
    each catalogue counts for itself.
    """

    table: str
    named_by: tuple[str, ...]
    time: str
    key: str
    below: str = ""
    children: tuple[str, ...] = ()
    own: bool = False


_FAMILIES = (
    _Family(
        "agreement", ("number",), "last_seen", "number", "agreement", ("agreement_lot", "agreement_supplier")
    ),
    _Family(
        "award",
        ("publisher", "id"),
        "released",
        "key",
        "award",
        ("award_supplier", "award_reference"),
        own=True,
    ),
    _Family("public_body", ("id",), "last_seen", "id"),
)


def take_companions(catalogue: Catalogue, copy: Catalogue, *, run: int) -> None:
    """Take in what the copy has of them and this catalogue lacks or saw earlier. Inside `Catalogue.atomic`.

    ``run`` is the run of this catalogue that rows are of from now on.
    """
    for family in _FAMILIES:
        names = ", ".join(family.named_by)
        here = {
            tuple(rest): time
            for time, *rest in catalogue.rows(f"SELECT {family.time}, {names} FROM {family.table}")  # noqa: S608
        }
        for row in _rows(copy, family.table):
            name = tuple(row[column] for column in family.named_by)
            if row[family.time] > here.get(name, ""):
                _take(catalogue, copy, family, row, run)


def _take(catalogue: Catalogue, copy: Catalogue, family: _Family, row: dict[str, Any], run: int) -> None:
    """Put one row and all below it in the place of what is here under its name."""
    there = row[family.key]
    if family.own:
        row = row | {family.key: None}
    where = " AND ".join(f"{column} = :{column}" for column in family.named_by)
    if "first_seen" in row:
        before = catalogue.rows(f"SELECT first_seen FROM {family.table} WHERE {where}", row)  # noqa: S608
        row = row | {"first_seen": min([row["first_seen"], *(seen for (seen,) in before)])}
    catalogue.db.conn.execute(f"DELETE FROM {family.table} WHERE {where}", row)  # noqa: S608
    added = _add(catalogue, family.table, row)
    here = added if family.own else there
    for child in family.children:
        for below in _rows(copy, child, f"WHERE {family.below} = :key", {"key": there}):
            moved = below | {family.below: here}
            _add(catalogue, child, moved | {"run": run} if "run" in moved else moved)


def _rows(
    catalogue: Catalogue, table: str, where: str = "", parameters: dict[str, object] | None = None
) -> list[dict[str, Any]]:
    """The rows of a table by the names of their columns."""
    columns = [name for (name,) in catalogue.rows(f"SELECT name FROM pragma_table_info('{table}')")]  # noqa: S608
    found = catalogue.rows(f"SELECT {', '.join(columns)} FROM {table} {where}", parameters)  # noqa: S608
    return [dict(zip(columns, row, strict=True)) for row in found]


def _add(catalogue: Catalogue, table: str, row: dict[str, Any]) -> int | None:
    names = ", ".join(f":{name}" for name in row)
    sql = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({names})"  # noqa: S608  our own names
    return catalogue.db.conn.execute(sql, row).lastrowid
