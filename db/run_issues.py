"""The issues of a run in the log. Those of its pages are written from the archive, so none counts twice."""

from __future__ import annotations

import json
from collections.abc import Iterable

from catalogue.model import Issue
from db import readings
from db.archive import Archive
from db.catalogue import Catalogue

#: Issues of these kinds are about a question or a section, not about one page: told once, and counted.
_ABOUT_EVERY_PAGE = ("unknown-", "unread-")
_ADD = """
INSERT INTO run_issue (run, kind, subject, place, message, details, times, at, of_page)
VALUES (:run, :kind, :subject, :place, :message, :details, 1, :at, :of_page)
ON CONFLICT (run, kind, subject) DO UPDATE SET times = times + 1
"""


def note_issues(catalogue: Catalogue, run: int, issues: Iterable[Issue], at: str) -> None:
    """Add issues that are not about a page that the run has. To be called inside `Catalogue.atomic`."""
    catalogue.db.conn.executemany(_ADD, [_row(run, issue, at, of_page=False) for issue in issues])


def note_pages(catalogue: Catalogue, archive: Archive, run: int, token: str) -> None:
    """Write the issues of the pages that a run has, each exactly as often as it was met.

    To be called inside `Catalogue.atomic`. ``token`` is the name of the run in the archive.
    """
    connection = catalogue.db.conn
    connection.execute("DELETE FROM run_issue WHERE run = :run AND of_page", {"run": run})
    met = readings.issues(archive, token)
    connection.executemany(_ADD, (_row(run, issue, at, of_page=True) for issue, at in met))


def _row(run: int, issue: Issue, at: str, *, of_page: bool) -> dict[str, object]:
    """A row of ``run_issue``; what every page may have is one subject, and counted."""
    shared = issue.kind.startswith(_ABOUT_EVERY_PAGE)
    return {
        "run": run,
        "kind": issue.kind,
        "subject": issue.message if shared else f"{issue.place}\n{issue.message}",
        "place": issue.place,
        "message": issue.message,
        "details": json.dumps(issue.details, ensure_ascii=False),
        "at": at,
        "of_page": int(of_page),
    }
