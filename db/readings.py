"""How the pages of one run were read: states, tallies, issues, examples, and the records to publish."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from catalogue.model import Issue
from catalogue.records import ServiceRecord, decode_record
from catalogue.runs import Example, LotTally, Tally
from db.archive import Archive
from db.packing import unpacked

#: Records unpacked at a time.
_BATCH = 500
_ISSUES = msgspec.json.Decoder(list[Issue])


@dataclass(frozen=True, slots=True)
class Unpublished:
    """A page that was read and is not in the catalogue yet."""

    page: int
    service: str
    at: str
    digest: str


def states(archive: Archive, run: str) -> dict[str, str]:
    """The services whose pages answered in a run, with what each page turned out to be."""
    return dict(archive.rows("SELECT service, state FROM reading WHERE run = :run", {"run": run}))


def tally(archive: Archive, run: str) -> Tally:
    """What a run is judged by, over all its parts; without what the listings said."""
    lots: dict[str, LotTally] = {}
    pages = broken = odd = 0
    for place, number, live, is_broken, is_odd, answers, known in archive.rows(
        "SELECT place, count(*), sum(state = 'live'), sum(state = 'broken'), sum(odd), sum(answers),"
        " sum(known) FROM reading WHERE run = :run AND state IN ('live', 'withdrawn', 'expired', 'broken')"
        " GROUP BY place",
        {"run": run},
    ):
        pages += number
        broken += is_broken
        odd += is_odd
        if place:
            lots[place] = LotTally(number, live, answers, known)
    return Tally(pages, broken, odd, lots)


def issues(archive: Archive, run: str) -> Iterator[tuple[Issue, str]]:
    """Every issue of the pages of a run, with the time at which its page answered."""
    for text, at in archive.rows(
        "SELECT reading.issues, page.at FROM reading JOIN page ON page.key = reading.page"
        " WHERE reading.run = :run AND reading.issues <> '[]' ORDER BY reading.key",
        {"run": run},
    ):
        for issue in _ISSUES.decode(text):
            yield issue, at


def examples(archive: Archive, run: str, kind: str, place: str, most: int) -> list[Example]:
    """Pages of a run that show a breach of this kind, with what was found on them."""
    which = {
        "pages-unread": "state = 'broken' ORDER BY reading.key",
        "pages-odd": "odd ORDER BY reading.key",
        "questions-unknown": "known < answers ORDER BY CAST(known AS REAL) / answers, reading.key",
        "questions-unanswered": "place = :place ORDER BY known, reading.key",
        "services-missing": "state IN ('gone', 'moved') ORDER BY reading.key",
    }[kind]
    rows = archive.rows(
        "SELECT page.url, page.status, reading.known, reading.answers, reading.issues FROM reading"  # noqa: S608
        f" JOIN page ON page.key = reading.page WHERE reading.run = :run AND {which} LIMIT :most",
        {"run": run, "place": place, "most": most},
    )
    return [
        Example(url, _found(kind, status, known, answers, _ISSUES.decode(text)))
        for url, status, known, answers, text in rows
    ]


def unpublished(archive: Archive, run: str, after: int) -> list[Unpublished]:
    """The service pages of a run that were kept after a page, in order."""
    return [
        Unpublished(*row)
        for row in archive.rows(
            "SELECT reading.page, reading.service, page.at, reading.digest FROM reading"
            " JOIN page ON page.key = reading.page"
            " WHERE reading.run = :run AND reading.page > :after AND reading.digest IS NOT NULL"
            " ORDER BY reading.page",
            {"run": run, "after": after},
        )
    ]


def records(archive: Archive, run: str, pages: list[int]) -> Iterator[ServiceRecord]:
    """The records that a run read from these pages."""
    for start in range(0, len(pages), _BATCH):
        for (packed,) in archive.rows(
            "SELECT record.packed FROM json_each(:pages) AS wanted"
            " CROSS JOIN reading ON reading.page = wanted.value AND reading.run = :run"
            " CROSS JOIN record ON record.reading = reading.key ORDER BY wanted.key",
            {"run": run, "pages": msgspec.json.encode(pages[start : start + _BATCH]).decode()},
        ):
            yield decode_record(unpacked(packed))


def _found(kind: str, status: int, known: int, answers: int, met: list[Issue]) -> str:
    """What one example shows, in words."""
    unknown = [issue.message for issue in met if issue.kind == "unknown-question"]
    others = [issue.message for issue in met if issue.kind != "unknown-question"]
    if kind == "questions-unanswered":
        return f"{known} answers to known questions"
    if kind == "questions-unknown":
        such_as = f", such as: {unknown[0]}" if unknown else ""
        return f"{answers - known} of {answers} answers are to unknown questions{such_as}"
    return others[0] if others else f"answered {status}"
