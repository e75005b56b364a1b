"""A catalogue that holds a part of a pass says so until it holds a whole one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from catalogue.records import encode_record, record_digest
from catalogue.runs import Outcome, PageKept, PageRead, Publication, Published, RunCounts, RunKey
from db.archive import Archive, archive_path
from db.catalogue import Catalogue
from db.passes import part_of_a_pass
from db.reading import summary
from db.runs import RunLog


def run(
    catalogue: Catalogue,
    record: Any,
    at: datetime,
    published: Published,
    *,
    scope: str = "all",
    ids: str = "",
) -> None:
    """A run that read one page of three that it wanted."""
    with Archive(archive_path(catalogue.path)) as archive:
        log = RunLog(catalogue, archive)
        number = log.begin(RunKey("marketplace", "http://x", scope, ids), at=at, resume_since=None)
        page = PageKept(record.id, f"http://x/{record.id}", at, 200, b"<main>")
        read = PageRead("live", encode_record(record), record_digest(record), "g-cloud-15/saas")
        log.keep_page("marketplace", page, read)
        publication = None
        if published != "nothing":
            publication = Publication(published == "whole", log.tally(number))
        outcome = Outcome.FINISHED if published == "whole" else Outcome.STOPPED
        counts = RunCounts(answered=1, wanted=3)
        log.end(number, outcome, "", counts, at=at, publication=publication)


@pytest.mark.parametrize(
    ("ends", "is_part"),
    [
        ([], False),
        (["whole"], False),
        (["partial"], True),
        (["nothing"], False),
        (["whole", "partial"], True),
        (["partial", "nothing"], True),
        (["partial", "whole"], False),
    ],
)
def test_the_newest_published_run_tells(
    ends: list[Published], is_part: bool, catalogue: Catalogue, make_record: Any, seen: datetime
) -> None:
    for day, published in enumerate(ends):
        run(catalogue, make_record(1), seen + timedelta(days=day), published)
    assert (part_of_a_pass(catalogue) is not None) is is_part
    assert summary(catalogue).partial == part_of_a_pass(catalogue)


def test_it_is_told_in_numbers(catalogue: Catalogue, make_record: Any, seen: datetime) -> None:
    run(catalogue, make_record(1), seen, "partial")
    assert part_of_a_pass(catalogue) == (
        "run 1 of marketplace (all), begun 2026-11-20, was published in part: 1 of 3 services were read, so "
        "others may be missing here, or be older"
    )


@pytest.mark.parametrize("how", [{"ids": "abc"}, {"scope": "reparse"}], ids=["a list of ids", "reparse"])
def test_what_is_no_pass_makes_no_part_whole(
    how: dict[str, str], catalogue: Catalogue, make_record: Any, seen: datetime
) -> None:
    run(catalogue, make_record(1), seen, "partial")
    run(catalogue, make_record(2), seen + timedelta(days=1), "whole", **how)
    assert part_of_a_pass(catalogue) is not None
