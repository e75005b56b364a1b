"""The history of a service as text: what changed, when, and in which run."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from catalogue.dates import long_date
from catalogue.history import Change, told
from tui.widgets.plain import counted, one_line, paragraph
from tui.widgets.prose import Part, bullet, titled


def history_of(changes: Sequence[Change]) -> list[Part]:
    """Every version of a listing that the catalogue saw, the newest first, in words."""
    parts: list[Part] = []
    versions = [list(together) for _, together in groupby(changes, key=lambda change: change.at)]
    for number, version in zip(range(len(versions), 0, -1), versions, strict=True):
        first = version[0]
        came_by = f"run {first.run}" if first.run is not None else "import"
        when = f"{long_date(first.at.date())}, {first.at:%H:%M} UTC"
        parts.append(titled(f"Version {number}: {when}"))
        if not (len(version) == 1 and first.field == "new"):
            parts.append(paragraph(f"{counted(len(version), 'change')}, by {came_by}", "$muted"))
        parts += [bullet(paragraph(one_line(told(change)))) for change in version]
        parts.append("")
    if len(versions) <= 1:
        parts.append(paragraph("Nothing has changed since the catalogue first saw it.", "$muted"))
    return parts
