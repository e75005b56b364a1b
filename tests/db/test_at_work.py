"""Who works on a catalogue: only who really does."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime, timedelta

import pytest

from catalogue.runs import RunCounts, RunKey
from db.archive import Archive, archive_path
from db.catalogue import Catalogue
from db.run_lock import AtWork, at_work
from db.runs import RunLog, tallies

NIGHT = datetime(2026, 11, 20, 3, 10, tzinfo=UTC)
KEY = RunKey("marketplace", "https://marketplace.example", "all")


def test_nobody_works_on_a_new_catalogue(catalogue: Catalogue) -> None:
    assert at_work(catalogue, NIGHT) is None


def test_a_run_says_which_process_it_is_and_when_it_was_last_heard_of(catalogue: Catalogue) -> None:
    with Archive(archive_path(catalogue.path)) as archive:
        log = RunLog(catalogue, archive)
        run = log.begin(KEY, at=NIGHT, resume_since=None)
        later = NIGHT + timedelta(minutes=5)
        log.beat(run, RunCounts(answered=3), at=later)
        assert at_work(catalogue, later) == AtWork(run, platform.node(), os.getpid(), later)


def test_a_note_that_a_killed_run_left_behind_is_nobody(catalogue: Catalogue) -> None:
    with Archive(archive_path(catalogue.path)) as archive:
        RunLog(catalogue, archive).begin(KEY, at=NIGHT, resume_since=None)
    assert catalogue.rows("SELECT count(*) FROM run_lock") == [(1,)]
    assert at_work(catalogue, NIGHT) is None


@pytest.mark.parametrize(("minutes", "works"), [(1, True), (16, False)])
def test_another_machine_is_believed_as_long_as_it_is_heard_of(
    catalogue: Catalogue, minutes: int, works: bool
) -> None:
    with Archive(archive_path(catalogue.path)) as archive:
        RunLog(catalogue, archive).begin(KEY, at=NIGHT, resume_since=None)
    with catalogue.atomic() as db:
        db.conn.execute("UPDATE run_lock SET host = 'elsewhere.example'")
    found = at_work(catalogue, NIGHT + timedelta(minutes=minutes))
    assert (found is not None) is works
    assert found is None or not found.here


def test_a_catalogue_without_published_runs_has_no_tallies(catalogue: Catalogue) -> None:
    assert tallies(catalogue) == {}
