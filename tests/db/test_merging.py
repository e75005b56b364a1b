"""Taking in what another catalogue has published: nothing here is lost, nothing there is missed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue.errors import LockHeld
from catalogue.history import told
from catalogue.manifest import FORMAT, Contents, GoodRun, Manifest
from catalogue.model import SearchQuery
from catalogue.records import ServiceRecord
from catalogue.runs import Outcome, RunKey
from db.catalogue import Catalogue, open_catalogue
from db.health import last_good_runs, pulled
from db.history import changes
from db.ingest import ingest
from db.merging import Taken, take_in
from db.projects import ProjectStore
from db.reading import dump_records, summary
from db.runs import RunLog, runs
from db.search import search
from db.sharing import open_copy, write_shared_copy
from db.soundness import dangling, unindexed

MakeRecord = Callable[..., ServiceRecord]
FIRST = datetime(2026, 11, 20, 3, 10, tzinfo=UTC)
URL = "https://team.example/catalogue.json"


def night(number: int, hour: int = 3) -> datetime:
    return FIRST.replace(hour=hour) + timedelta(days=number)


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Catalogue]:
    """The catalogue that is published."""
    with open_catalogue(tmp_path / "team.db", create=True) as opened:
        yield opened


def manifest_of(catalogue: Catalogue) -> Manifest:
    held = summary(catalogue)
    return Manifest(
        format=FORMAT,
        longlist="0",
        published="2026-11-21T04:00:00Z",
        file="catalogue-0000000000000000.db.xz",
        size=1,
        sha256="0" * 64,
        unpacked=1,
        schema=(),
        catalogue=Contents(digest=held.digest, services=held.services, live=held.live, newest=None),
        sources=(GoodRun(source="marketplace", scope="all", last_good="2026-11-21T03:55:00Z"),),
    )


@contextmanager
def published(team: Catalogue, folder: Path) -> Iterator[Catalogue]:
    path = folder / f"copy-{len(list(folder.glob('copy-*')))}.db"
    write_shared_copy(team, path)
    with open_copy(path, "copy") as copy:
        yield copy


def pull(catalogue: Catalogue, team: Catalogue, folder: Path, *, at: datetime) -> Taken:
    with published(team, folder) as copy:
        return take_in(catalogue, copy, manifest_of(team), url=URL, at=at)


def times(catalogue: Catalogue, service: str) -> tuple[str, str, str]:
    return catalogue.rows(
        "SELECT first_seen, changed, last_seen FROM service WHERE id = :id", {"id": service}
    )[0]


def test_an_empty_catalogue_becomes_that_of_the_team(
    catalogue: Catalogue, team: Catalogue, make_record: MakeRecord, tmp_path: Path
) -> None:
    ingest(team, [make_record(1, price="£1 a unit a month"), make_record(2)], at=night(0))
    ingest(team, [make_record(1, price="£2 a unit a month")], at=night(1), run_id=5)
    taken = pull(catalogue, team, tmp_path, at=night(2))
    assert (taken.added, taken.changed, taken.unchanged, taken.kept) == (2, 0, 0, 0)
    assert summary(catalogue).digest == summary(team).digest
    assert times(catalogue, "1") == times(team, "1")
    (change,) = changes(catalogue)
    assert (told(change), change.at, change.run) == (
        "price was “£1 a unit a month”, now “£2 a unit a month”",
        night(1),
        taken.run,
    )
    assert search(catalogue, SearchQuery("service")).total == 2


def test_pulling_again_changes_nothing_but_the_run_log(
    catalogue: Catalogue, team: Catalogue, make_record: MakeRecord, tmp_path: Path
) -> None:
    ingest(team, [make_record(1), make_record(2)], at=night(0))
    pull(catalogue, team, tmp_path, at=night(1))
    generation = catalogue.generation()
    taken = pull(catalogue, team, tmp_path, at=night(2))
    assert (taken.added, taken.changed, taken.unchanged, taken.kept) == (0, 0, 2, 0)
    assert catalogue.generation() == generation
    assert changes(catalogue) == []


def test_the_history_is_that_of_the_team_and_not_told_twice(
    catalogue: Catalogue, team: Catalogue, make_record: MakeRecord, tmp_path: Path
) -> None:
    ingest(team, [make_record(1, price="£1 a unit a month")], at=night(0))
    pull(catalogue, team, tmp_path, at=night(0, hour=9))
    for number in (1, 2):
        ingest(team, [make_record(1, price=f"£{number + 1} a unit a month")], at=night(number), run_id=1)
    pull(catalogue, team, tmp_path, at=night(2, hour=9))
    pull(catalogue, team, tmp_path, at=night(3, hour=9))
    found = changes(catalogue)
    assert [(change.at, change.after) for change in found] == [
        (night(2), "£3 a unit a month"),
        (night(1), "£2 a unit a month"),
    ]
    assert times(catalogue, "1") == times(team, "1")


def test_what_the_team_has_no_history_of_is_told_as_seen_when_pulled(
    catalogue: Catalogue, team: Catalogue, make_record: MakeRecord, tmp_path: Path
) -> None:
    ingest(catalogue, [make_record(1, price="£1 a unit a month")], at=night(0))
    ingest(team, [make_record(1, price="£2 a unit a month")], at=night(1))
    pull(catalogue, team, tmp_path, at=night(2))
    (change,) = changes(catalogue)
    assert (change.at, change.before, change.after) == (
        night(2),
        "£1 a unit a month",
        "£2 a unit a month",
    )
    assert times(catalogue, "1")[1] == "2026-11-22T03:10:00Z"


def test_a_service_that_was_seen_here_later_stays_as_it_is(
    catalogue: Catalogue, team: Catalogue, make_record: MakeRecord, tmp_path: Path
) -> None:
    ingest(team, [make_record(1, name="Older")], at=night(0))
    ingest(catalogue, [make_record(1, name="Newer")], at=night(1))
    taken = pull(catalogue, team, tmp_path, at=night(2))
    assert (taken.changed, taken.kept) == (0, 1)
    assert [record.name for record in dump_records(catalogue)] == ["Newer"]


def test_nothing_that_is_only_here_is_lost(
    catalogue: Catalogue, team: Catalogue, make_record: MakeRecord, tmp_path: Path
) -> None:
    ingest(catalogue, [make_record(1), make_record(7, price="£1 a unit a month")], at=night(0))
    ingest(catalogue, [make_record(7, price="£2 a unit a month")], at=night(0, hour=4))
    store = ProjectStore(catalogue)
    store.create("forms")
    store.mark("forms", "7", "cheap")
    log = RunLog(catalogue)
    run = log.begin(RunKey("marketplace", "https://m.example", "all"), at=night(0), resume_since=None)
    log.end(run, Outcome.FINISHED, "", log.counts(run), at=night(0, hour=5))
    ingest(team, [make_record(1, name="Renamed")], at=night(1))
    taken = pull(catalogue, team, tmp_path, at=night(2))
    assert taken.kept == 1
    assert {record.id: record.name for record in dump_records(catalogue)} == {
        "1": "Renamed",
        "7": "Service 7",
    }
    assert [(mark.service_id, mark.note) for mark in store.marks("forms")] == [("7", "cheap")]
    assert [each.key.source for each in runs(catalogue)] == ["pull", "marketplace"]
    assert [change.service for change in changes(catalogue)] == ["1", "7"]
    assert dangling(catalogue) == []
    assert unindexed(catalogue) == 0


def test_the_pull_is_in_the_run_log_with_what_it_did(
    catalogue: Catalogue, team: Catalogue, make_record: MakeRecord, tmp_path: Path
) -> None:
    ingest(team, [make_record(1), make_record(2)], at=night(0))
    taken = pull(catalogue, team, tmp_path, at=night(1))
    (run,) = runs(catalogue)
    assert (run.id, run.key.source, run.key.base_url, run.outcome) == (
        taken.run,
        "pull",
        URL,
        Outcome.FINISHED,
    )
    assert (run.counts.listed, run.counts.added) == (2, 2)
    assert pulled(catalogue)["url"] == URL
    good = {(source.source, source.last_good) for source in last_good_runs(catalogue)}
    assert good == {
        ("pull", night(1)),
        ("marketplace", datetime(2026, 11, 21, 3, 55, tzinfo=UTC)),
    }


def test_while_a_run_works_nothing_is_taken_in(
    catalogue: Catalogue, team: Catalogue, make_record: MakeRecord, tmp_path: Path
) -> None:
    ingest(team, [make_record(1)], at=night(0))
    RunLog(catalogue).begin(RunKey("marketplace", "https://m.example", "all"), at=night(1), resume_since=None)
    with pytest.raises(LockHeld, match="run 1 works on this catalogue"):
        pull(catalogue, team, tmp_path, at=night(1) + timedelta(minutes=14))
    assert summary(catalogue).services == 0
    pull(catalogue, team, tmp_path, at=night(1) + timedelta(minutes=16))
    assert summary(catalogue).services == 1


def test_a_pull_that_fails_half_way_leaves_everything_as_it_was(
    catalogue: Catalogue, team: Catalogue, make_record: MakeRecord, tmp_path: Path
) -> None:
    ingest(catalogue, [make_record(1)], at=night(0))
    ingest(team, [make_record(number, name="Renamed") for number in range(1, 6)], at=night(1))
    before = (summary(catalogue), runs(catalogue), catalogue.generation())

    def fail(_services: int) -> None:
        raise KeyboardInterrupt

    with published(team, tmp_path) as copy, pytest.raises(KeyboardInterrupt):
        take_in(catalogue, copy, manifest_of(team), url=URL, at=night(2), on_progress=fail)
    assert (summary(catalogue), runs(catalogue), catalogue.generation()) == before
    assert changes(catalogue) == []


def test_whoever_reads_meanwhile_sees_the_state_before_and_then_the_state_after(
    catalogue: Catalogue, team: Catalogue, make_record: MakeRecord, tmp_path: Path
) -> None:
    ingest(catalogue, [make_record(1)], at=night(0))
    ingest(team, [make_record(number, name="Renamed") for number in range(1, 6)], at=night(1))
    seen: list[int] = []
    with open_catalogue(catalogue.path, read_only=True) as reader:

        def look(_services: int) -> None:
            seen.append(summary(reader).services)

        with reader.snapshot(), published(team, tmp_path) as copy:
            take_in(catalogue, copy, manifest_of(team), url=URL, at=night(2), on_progress=look)
            seen.append(summary(reader).services)
        assert seen == [1, 1]
        assert summary(reader).services == 5
        assert search(reader, SearchQuery("renamed")).total == 5


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    here=st.dictionaries(st.integers(1, 6), st.tuples(st.integers(0, 3), st.integers(0, 2))),
    there=st.dictionaries(st.integers(1, 6), st.tuples(st.integers(0, 3), st.integers(0, 2))),
)
def test_of_two_states_of_a_service_the_one_seen_later_is_there_afterwards(
    here: dict[int, tuple[int, int]],
    there: dict[int, tuple[int, int]],
    make_record: MakeRecord,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("merge")
    with (
        open_catalogue(folder / "here.db", create=True) as mine,
        open_catalogue(folder / "there.db", create=True) as theirs,
    ):
        for catalogue, states in ((mine, here), (theirs, there)):
            for number, (day, version) in states.items():
                ingest(catalogue, [make_record(number, name=f"Version {version}")], at=night(day))
        pull(mine, theirs, folder, at=night(9))
        expected = {
            str(number): max(
                (states[number][0], which, states[number][1])
                for which, states in enumerate((here, there))
                if number in states
            )
            for number in here.keys() | there.keys()
        }
        assert {record.id: record.name for record in dump_records(mine)} == {
            number: f"Version {version}" for number, (_, _, version) in expected.items()
        }
        assert dangling(mine) == []
        assert unindexed(mine) == 0
