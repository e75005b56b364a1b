"""The shortlist with what each service got on each criterion, and what is still to score."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from catalogue.project import Project, Total, totals_of
from tui.projects import OpenProject
from tui.widgets.plain import Piece, fitted, one_line, right
from tui.widgets.rows import RowList


class ScoreRow(NamedTuple):
    """A service (no criterion), or one of its criteria with what it got: ``None`` while that is missing."""

    service_id: str
    text: str
    criterion: str = ""
    weight: str = ""
    value: str = ""
    total: Total | None = None
    evidence: str = ""


class ScoreList(RowList):
    """Services, each with its criteria below it."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows: tuple[ScoreRow, ...] = ()

    def show(self, opened: OpenProject) -> None:
        """Show the shortlist of this project, whose criteria are fixed.

        From a row that was scored just now the cursor goes on to the next that is missing.
        """
        before = self.current
        self._rows = tuple(_rows(opened))
        self.total = len(self._rows)
        self.resized()
        now = self.current
        if before is not None and now is not None and before.criterion and now.value and not before.value:
            self.to_missing()

    def to_missing(self) -> None:
        """The cursor to the next score that is missing, if there is one."""
        places = [*range(self.cursor, self.total), *range(self.cursor)]
        missing = (at for at in places if self._rows[at].criterion and not self._rows[at].value)
        self.cursor = next(missing, self.cursor)

    @property
    def current(self) -> ScoreRow | None:
        """The row under the cursor."""
        return self._rows[self.cursor] if self.cursor < len(self._rows) else None

    def draw(self, row: int, _line: int, width: int) -> Sequence[Piece]:
        """One row."""
        item = self._rows[row]
        point: Piece = ("▌" if row == self.cursor else " ", "accent")
        if not item.criterion:
            total = item.total
            said = "not yet" if total is None or total.total is None else f"{total.total}"
            place = f"{total.rank}." if total is not None and total.rank is not None else ""
            return [
                point,
                (fitted(item.text, width - 15), "strong"),
                (right(said, 10), "strong"),
                (right(place, 4), "accent"),
            ]
        name = max(12, width * 30 // 100)
        return [
            point,
            (fitted(f"  {item.text}", name), ""),
            (right(item.weight, 6), "muted"),
            (right(item.value or "–", 7) + "  ", "strong"),
            (fitted(item.evidence or "Enter scores it", width - name - 16), "" if item.evidence else "muted"),
        ]


def _rows(opened: OpenProject) -> list[ScoreRow]:
    project = opened.project
    totals = totals_of(project)
    if any(each.missing for each in totals):  # nothing changes its place while one scores
        places = {each.service_id: at for at, each in enumerate(project.longlist)}
        totals = tuple(sorted(totals, key=lambda each: places[each.service_id]))
    rows: list[ScoreRow] = []
    for total in totals:
        rows.append(ScoreRow(total.service_id, opened.name_of(total.service_id), total=total))
        rows += _criteria(project, total)
    return rows


def _criteria(project: Project, total: Total) -> list[ScoreRow]:
    assert project.criteria is not None
    means = {name: mean for name, mean, _ in total.parts}
    rows = []
    for criterion in project.criteria.criteria:
        given = [
            each
            for each in project.scores
            if each.service_id == total.service_id and each.criterion == criterion.name
        ]
        evidence = one_line(given[-1].evidence) if given else ""
        several = f"mean of {len(given)} · " if len(given) > 1 else ""
        mean = means.get(criterion.name)
        rows.append(
            ScoreRow(
                total.service_id,
                criterion.name,
                criterion.name,
                f"{criterion.weight.normalize():f}",
                "" if mean is None else f"{mean.normalize():f}",
                evidence=several + evidence,
            )
        )
    return rows
