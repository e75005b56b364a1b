"""The vital signs of a catalogue, read in a few queries."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from catalogue.health import PULL, Day, IssueKind, LotCoverage, SourceRuns, Vitals
from catalogue.instants import instant
from catalogue.model import Issue
from catalogue.runs import REPARSE, Outcome, RunSummary
from db.catalogue import Catalogue
from db.runs import runs

#: Issues of the last run of each source, and those that reading records into the catalogue met.
_ISSUES = """
WITH met AS (
    SELECT kind, subject, place, message, details, times, 0 AS whence FROM run_issue
    WHERE run IN (SELECT value FROM json_each(:runs))
    UNION ALL
    SELECT kind, subject, place, message, '{}', times, 1 FROM issue
)
SELECT kind, sum(times), count(DISTINCT subject),
    (SELECT json_array(place, message, json(coalesce(details, '{}'))) FROM met AS example
     WHERE example.kind = met.kind ORDER BY whence, times DESC, subject LIMIT 1)
FROM met GROUP BY kind ORDER BY sum(times) DESC, kind
"""
_LOTS = """
SELECT framework.slug, lot.slug, count(*), count(*) FILTER (WHERE last_seen >= :since), min(last_seen)
FROM service
JOIN framework ON framework.key = service.framework
JOIN lot ON lot.key = service.lot
WHERE status = 'live'
GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2
"""
_DAYS = """
SELECT day, sum(new), sum(changed), sum(ended) FROM (
    SELECT substr(first_seen, 1, 10) AS day, count(*) AS new, 0 AS changed, 0 AS ended FROM service GROUP BY 1
    UNION ALL
    SELECT substr(at, 1, 10), 0, count(DISTINCT service),
        count(*) FILTER (WHERE field = 'status' AND before = 'live')
    FROM change GROUP BY 1
) GROUP BY day
"""


def vitals(catalogue: Catalogue, *, seen_since: datetime) -> Vitals:
    """The signs; services seen from ``seen_since`` (aware) on count as covered."""
    with catalogue.snapshot():
        services, live, newest = catalogue.rows(
            "SELECT count(*), count(*) FILTER (WHERE status = 'live'), max(last_seen) FROM service"
        )[0]
        every = runs(catalogue)
        sources = _sources(every, pulled(catalogue))
        last = [source.last.id for source in sources if source.last is not None]
        return Vitals(
            services=services,
            live=live,
            newest=datetime.fromisoformat(newest) if newest else None,
            sources=tuple(sources),
            lots=tuple(
                LotCoverage(framework, lot, number, seen, datetime.fromisoformat(oldest))
                for framework, lot, number, seen, oldest in catalogue.rows(
                    _LOTS, {"since": instant(seen_since)}
                )
            ),
            issues=tuple(map(_issue_kind, catalogue.rows(_ISSUES, {"runs": json.dumps(last)}))),
            days={
                date.fromisoformat(day): Day(new, changed, ended)
                for day, new, changed, ended in catalogue.rows(_DAYS)
            },
        )


def last_good_runs(catalogue: Catalogue) -> list[SourceRuns]:
    """The runs of each source and scope, those of the catalogue that was pulled from included."""
    return _sources(runs(catalogue), pulled(catalogue))


def pulled(catalogue: Catalogue) -> dict[str, Any]:
    """What is known of the last pull into this catalogue, as `db.merging` noted it; empty where none was."""
    note = catalogue.note("pulled")
    found: dict[str, Any] = json.loads(note) if note else {}
    return found


def _sources(every: list[RunSummary], elsewhere: dict[str, Any]) -> list[SourceRuns]:
    """Each source and scope with its last run and the end of the last good one; ``every`` is newest first."""
    found: dict[tuple[str, str], SourceRuns] = {}
    for run in reversed(every):
        if run.key.ids or run.key.scope == REPARSE:
            continue  # a run of chosen services, or of old pages, says nothing of the source as a whole
        scope = run.key.base_url if run.key.source == PULL else run.key.scope
        before = found.get((run.key.source, scope))
        good = run.ended if run.outcome is Outcome.FINISHED else None
        found[run.key.source, scope] = SourceRuns(
            run.key.source, scope, run, good or (before.last_good if before else None)
        )
    for row in elsewhere.get("sources", ()):
        at = datetime.fromisoformat(row["last_good"])
        mine = found.get((row["source"], row["scope"]))
        if mine is None or mine.last_good is None or mine.last_good < at:
            last = mine.last if mine else None
            found[row["source"], row["scope"]] = SourceRuns(row["source"], row["scope"], last, at)
    return list(found.values())


def _issue_kind(row: tuple[Any, ...]) -> IssueKind:
    kind, times, subjects, example = row
    place, message, details = json.loads(example)
    return IssueKind(kind, times, subjects, Issue(kind, place, message, details))
