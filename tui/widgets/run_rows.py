"""The runs as a list, the newest first."""

from __future__ import annotations

from collections.abc import Sequence

from catalogue.runs import RunSummary
from catalogue.verdicts import Worth, verdict_of
from tui.widgets.plain import Piece, counted, fitted
from tui.widgets.rows import RowList
from tui.widgets.standing import MARKS

_ROLES: dict[Worth, str] = {"trusted": "good", "part": "fair", "not trusted": "bad", "under way": "accent"}


class RunRows(RowList):
    """A run in two lines: its worth, when and what; then what it did."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.runs: tuple[RunSummary, ...] = ()
        self._working: int | None = None
        self.row_height = 2

    def show(self, runs: Sequence[RunSummary], working: int | None) -> None:
        """Show these; ``working`` is the run that is under way."""
        before = self.current
        self.runs, self._working = tuple(runs), working
        self.total = len(runs)
        self.resized()
        ids = [run.id for run in runs]
        self.cursor = ids.index(before.id) if before is not None and before.id in ids else 0
        self.post_message(self.Moved(self, self.cursor))

    @property
    def current(self) -> RunSummary | None:
        """The run under the cursor."""
        return self.runs[self.cursor] if self.cursor < len(self.runs) else None

    def draw(self, row: int, line: int, width: int) -> Sequence[Piece]:
        """One run."""
        run = self.runs[row]
        point = "▌" if row == self.cursor else " "
        if line == 1:
            counts = run.counts
            pages = counts.answered or counts.listed
            parts = [
                counted(pages, "page" if counts.answered else "service"),
                f"{counts.added:,} new",
                f"{counts.changed:,} changed",
                counted(sum(run.issues.values()), "issue"),
            ]
            return [(point, "accent"), (fitted("  " + ", ".join(parts), width - 1), "muted")]
        verdict = verdict_of(run, at_work=run.id == self._working)
        mark, _ = MARKS[verdict.worth]
        return [
            (point, "accent"),
            (fitted(f"{mark} {verdict.word}", 15), _ROLES[verdict.worth]),
            (f" {run.started:%d %b %Y %H:%M}  ", ""),
            (fitted(f"{run.key.source}, {run.key.scope}", width - 36), "strong"),
        ]
