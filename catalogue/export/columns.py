"""The columns of the sheets that have a row for each service, or for each finding about one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from catalogue.export.cells import Cell
from catalogue.export.values import Evidence, Row
from catalogue.export.wording import flag_line, verdict_words
from catalogue.instants import instant
from catalogue.profile import BARRIERS

Column: TypeAlias = tuple[str, Callable[[Row], Cell]]


def _points(barrier: str) -> Callable[[Row], Cell]:
    return lambda row: dict(row.points).get(barrier)


SERVICE: tuple[Column, ...] = (
    ("Service ID", lambda row: row.service_id),
    ("Service name", lambda row: row.name),
    ("Supplier name", lambda row: row.supplier),
    ("Framework", lambda row: row.framework),
    ("Lot", lambda row: row.lot),
    ("Status", lambda row: row.status),
    ("Price", lambda row: row.price),
)
YEAR: tuple[Column, ...] = (
    ("A year at least (£)", lambda row: row.year.least if row.year else None),
    ("A year at most (£)", lambda row: row.year.most if row.year else None),
    ("A year, with what was assumed", lambda row: row.year.told if row.year else None),
)
_MATCH: tuple[Column, ...] = (
    ("Score", lambda row: row.score),
    *((f"Points: {barrier}", _points(barrier)) for barrier in BARRIERS),
)
_REST: tuple[Column, ...] = (
    ("Standing", lambda row: row.standing),
    ("Note", lambda row: row.note),
    ("Marked", lambda row: instant(row.marked)),
    ("Changed since marked", lambda row: row.change),
    ("Odd in the listing", lambda row: "\n".join(map(flag_line, row.flags))),
    ("Service page URL", lambda row: row.url),
)
#: On record these are rows of a sheet of their own.
_ASK: Column = ("Questions to ask", lambda row: "\n".join(row.questions))
#: The shortlist without a record.
INFORMAL: tuple[Column, ...] = (("Rank", lambda row: row.rank), *SERVICE, *_MATCH, *YEAR, *_REST, _ASK)


def ranked(total: str) -> tuple[Column, ...]:
    """The columns of a shortlist that is on record, where a rank may be by the criteria or of the match."""
    return (
        ("Rank", lambda row: row.place),
        (total, lambda row: row.total),
        *SERVICE,
        *YEAR,
        ("Match rank", lambda row: row.rank),
        ("Match score", lambda row: row.score),
        *_MATCH[1:],
        *_REST,
    )


EVIDENCE: tuple[tuple[str, Callable[[Row, Evidence], Cell]], ...] = (
    ("Rank", lambda row, _: row.rank),
    ("Service ID", lambda row, _: row.service_id),
    ("Service name", lambda row, _: row.name),
    ("Barrier", lambda _, evidence: evidence.barrier),
    ("Need", lambda _, evidence: evidence.need),
    ("Verdict", lambda _, evidence: verdict_words(evidence)),
    ("Points", lambda _, evidence: evidence.points),
    ("Quote", lambda _, evidence: evidence.quote),
    ("Question of the listing", lambda _, evidence: evidence.question),
    ("Because", lambda _, evidence: evidence.because),
    ("Rule", lambda _, evidence: evidence.rule),
)
