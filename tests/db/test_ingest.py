"""Records in and out: equal, once, in any order, whatever they hold."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.records import (
    Answer,
    Document,
    FrameworkRef,
    LotRef,
    Section,
    ServiceRecord,
    SupplierRef,
    encode_record,
)
from db import ingest as ingesting
from db.catalogue import Catalogue, open_catalogue
from db.ingest import ingest
from db.reading import dump_records, known_ids, read_record, read_records, summary

MakeRecord = Callable[..., ServiceRecord]

text = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12) | st.sampled_from(
    [
        "",
        " ",
        "Yes",
        "No",
        "=1+1",
        "a\nb",
        "Zoë’s “café”",
        "𝔘nicode",
        "\u202eright to left",
        "'); DROP TABLE",
        "🏛️",
    ]
)
some = st.lists(text, max_size=3).map(tuple)
maybe = st.none() | text
sections = st.lists(
    st.builds(
        Section,
        name=text,
        answers=st.lists(st.builds(Answer, question=text, values=some), max_size=3).map(tuple),
    ),
    max_size=3,
).map(tuple)
records = st.lists(
    st.builds(
        ServiceRecord,
        id=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=6),
        url=maybe,
        status=st.sampled_from(["live", "withdrawn", "expired"]),
        framework=st.builds(FrameworkRef, slug=text, name=maybe),
        lot=st.builds(LotRef, slug=text, name=maybe),
        supplier=st.builds(SupplierRef, id=maybe, name=text),
        name=text,
        description=maybe,
        categories=st.none() | st.lists(some, max_size=3).map(tuple),
        features=st.none() | some,
        benefits=st.none() | some,
        price=st.none() | st.just("£1.20 to £3.50 a user a month") | text,
        documents=st.none() | st.lists(st.builds(Document, name=text, url=text), max_size=2).map(tuple),
        sections=st.none() | sections,
        structured=st.none()
        | st.dictionaries(text, st.none() | text | st.booleans() | some.map(list), max_size=2),
    ),
    max_size=6,
    unique_by=lambda record: record.id,
)


def index_agrees(catalogue: Catalogue) -> bool:
    """Whether the index has exactly the words of the stored texts; SQLite raises where it has not."""
    catalogue.db.execute("INSERT INTO service_fts (service_fts, rank) VALUES ('integrity-check', 1)")
    return catalogue.rows("PRAGMA foreign_key_check") == []


def dumped(catalogue: Catalogue) -> bytes:
    return b"\n".join(map(encode_record, dump_records(catalogue)))


@settings(max_examples=40, deadline=None)
@given(first=records, second=records)
def test_a_dump_has_what_went_in_last(first: list[ServiceRecord], second: list[ServiceRecord]) -> None:
    at = datetime.fromisoformat("2026-11-20T03:10:00Z")
    with (
        TemporaryDirectory() as folder,
        open_catalogue(Path(folder) / "c.db", create=True) as catalogue,
    ):
        ingest(catalogue, first, at=at)
        ingest(catalogue, second, at=at)
        expected = {record.id: record for record in [*first, *second]}
        found = {record.id: record for record in dump_records(catalogue)}
        assert found == expected
        assert [encode_record(found[each]) for each in found] == [
            encode_record(expected[each]) for each in found
        ]
        assert list(found) == sorted(found, key=str.encode)
        assert index_agrees(catalogue)


def test_control_characters_do_not_get_in(
    catalogue: Catalogue, make_record: MakeRecord, seen: datetime
) -> None:
    ingest(catalogue, [make_record("1\x00", name="Red \x1b[31malert")], at=seen)
    assert list(dump_records(catalogue)) == [make_record("1", name="Red [31malert")]


def test_what_is_not_stated_and_what_is_empty_stay_apart(
    catalogue: Catalogue, make_record: MakeRecord, seen: datetime
) -> None:
    nothing = make_record(1)
    empty = make_record(
        2, features=(), benefits=(), categories=(), documents=(), sections=(), description="", structured={}
    )
    ingest(catalogue, [nothing, empty], at=seen)
    assert list(dump_records(catalogue)) == [nothing, empty]


def test_importing_twice_changes_nothing(
    catalogue: Catalogue, make_record: MakeRecord, seen: datetime
) -> None:
    given_records = [make_record(number, answers=(("APIs", "API", ("Yes",)),)) for number in range(5)]
    ingest(catalogue, given_records, at=seen)
    before = list(catalogue.db.conn.iterdump())
    again = ingest(catalogue, given_records, at=seen + timedelta(days=3))
    assert (again.added, again.changed, again.unchanged) == (0, 0, 5)
    assert list(catalogue.db.conn.iterdump()) == before


def test_the_order_of_import_does_not_show(make_record: MakeRecord, seen: datetime, tmp_path: Path) -> None:
    given_records = [make_record(number, features=(f"Feature {number % 3}",)) for number in range(40)]
    outputs = []
    for seed in (1, 2):
        random.Random(seed).shuffle(given_records)
        with open_catalogue(tmp_path / f"{seed}.db", create=True) as catalogue:
            ingest(catalogue, given_records, at=seen)
            outputs.append((dumped(catalogue), summary(catalogue)))
    assert outputs[0] == outputs[1]


def test_of_two_lines_with_one_id_the_last_counts(
    catalogue: Catalogue, make_record: MakeRecord, seen: datetime
) -> None:
    done = ingest(catalogue, [make_record(1, name="First"), make_record(1, name="Last")], at=seen)
    assert (done.added, done.total) == (1, 2)
    assert [record.name for record in dump_records(catalogue)] == ["Last"]


def test_a_changed_record_replaces_the_old_and_says_what_changed(
    catalogue: Catalogue, make_record: MakeRecord, seen: datetime
) -> None:
    old = make_record(
        price="£5 a user a month", answers=(("APIs", "API", ("Yes",)), ("Analytics", "Metrics", ("a",)))
    )
    new = make_record(
        price="£6 a user a month", answers=(("APIs", "API", ("No",)), ("Analytics", "Metrics", ("a",)))
    )
    ingest(catalogue, [old], at=seen)
    done = ingest(catalogue, [new], at=seen + timedelta(days=1))
    assert (done.added, done.changed, done.unchanged) == (0, 1, 0)
    assert read_record(catalogue, "1") == new
    times = catalogue.rows("SELECT first_seen, changed, last_seen FROM service")
    assert times == [("2026-11-20T03:10:00Z", "2026-11-21T03:10:00Z", "2026-11-21T03:10:00Z")]
    changes = catalogue.rows("SELECT field, question, before, after FROM change ORDER BY key")
    assert changes == [
        ("price", None, "£5 a user a month", "£6 a user a month"),
        ("answer", "API", "Yes", "No"),
    ]
    assert catalogue.rows("SELECT minimum FROM price") == [("6",)]
    assert index_agrees(catalogue)


def test_a_run_marks_what_it_saw_again(catalogue: Catalogue, make_record: MakeRecord, seen: datetime) -> None:
    ingest(catalogue, [make_record(1), make_record(2)], at=seen)
    ingest(catalogue, [make_record(1)], at=seen + timedelta(days=1), run_id=9)
    rows = catalogue.rows("SELECT id, last_seen, run FROM service ORDER BY id")
    assert rows == [("1", "2026-11-21T03:10:00Z", 9), ("2", "2026-11-20T03:10:00Z", None)]
    assert summary(catalogue).newest == seen + timedelta(days=1)


def test_what_cannot_be_read_is_counted_and_kept(
    catalogue: Catalogue, make_record: MakeRecord, seen: datetime
) -> None:
    odd = (
        ("APIs", "API", ("Sometimes",)),
        ("Odd section", "A question nobody ever asked", ("Yes",)),
    )
    done = ingest(
        catalogue, [make_record(number, price="a bargain", answers=odd) for number in range(3)], at=seen
    )
    assert done.issue_counts == {"unparsed-price": 3, "unknown-question": 3, "unknown-option": 3}
    assert {issue.kind for issue in done.issues} == set(done.issue_counts)
    counted = catalogue.rows("SELECT kind, subjects, times FROM issue_count ORDER BY kind")
    assert counted == [("unknown-option", 1, 3), ("unknown-question", 1, 3), ("unparsed-price", 1, 3)]
    assert [record.price for record in dump_records(catalogue)] == ["a bargain"] * 3


def test_a_batch_that_fails_leaves_the_batches_before_it(
    catalogue: Catalogue, make_record: MakeRecord, seen: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingesting, "BATCH", 10)

    def stream() -> Iterator[ServiceRecord]:
        for number in range(25):
            if number == 23:
                raise KeyboardInterrupt
            yield make_record(number, features=(f"Feature {number}",))

    with pytest.raises(KeyboardInterrupt):
        ingest(catalogue, stream(), at=seen)
    assert summary(catalogue).services == 20
    assert index_agrees(catalogue)
    done = ingest(
        catalogue, [make_record(number, features=(f"Feature {number}",)) for number in range(25)], at=seen
    )
    assert (done.added, done.unchanged) == (5, 20)


def test_progress_is_told_after_each_batch(
    catalogue: Catalogue, make_record: MakeRecord, seen: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingesting, "BATCH", 4)
    told: list[int] = []
    ingest(catalogue, [make_record(number) for number in range(10)], at=seen, on_progress=told.append)
    assert told == [4, 8, 10]


def test_texts_that_repeat_are_stored_once(
    catalogue: Catalogue, make_record: MakeRecord, seen: datetime
) -> None:
    answer = (("Scope", "Service constraints", ("The same words in every listing.",)),)
    ingest(catalogue, [make_record(number, answers=answer) for number in range(9)], at=seen)
    assert catalogue.rows("SELECT count(*) FROM value") == [(1,)]


def test_records_come_in_the_order_of_the_ids_asked_for(
    catalogue: Catalogue, make_record: MakeRecord, seen: datetime
) -> None:
    ingest(catalogue, [make_record(number) for number in range(5)], at=seen)
    assert [record.id for record in read_records(catalogue, ["3", "none", "1", "3"])] == ["3", "1", "3"]
    assert known_ids(catalogue, ["3", "none"]) == {"3"}
    assert known_ids(catalogue) == {"0", "1", "2", "3", "4"}
    assert read_record(catalogue, "none") is None


def test_the_digest_is_of_the_records_alone(
    catalogue: Catalogue, make_record: MakeRecord, seen: datetime
) -> None:
    empty = summary(catalogue).digest
    ingest(catalogue, [make_record(1)], at=seen)
    one = summary(catalogue).digest
    ingest(catalogue, [make_record(1, name="Renamed")], at=seen)
    renamed = summary(catalogue).digest
    ingest(catalogue, [make_record(1)], at=seen)
    assert len({empty, one, renamed}) == 3
    assert summary(catalogue).digest == one
    with open_catalogue(catalogue.path, read_only=True) as reader:
        assert summary(reader).digest == one


def test_a_summary_counts_by_lot_and_framework(
    catalogue: Catalogue, make_record: MakeRecord, seen: datetime
) -> None:
    ingest(
        catalogue,
        [make_record(1), make_record(2), make_record(3, lot="cloud-support", status="withdrawn")],
        at=seen,
    )
    counts = summary(catalogue)
    assert (counts.services, counts.live, counts.newest, counts.fictional) == (3, 2, seen, False)
    assert [(lot.value, lot.count) for lot in counts.by_lot] == [("saas", 2), ("cloud-support", 1)]
    assert [(each.value, each.count) for each in counts.by_framework] == [("g-cloud-15", 3)]


def test_the_judged_services_come_out_as_they_went_in(
    catalogue: Catalogue, shared: Path, seen: datetime
) -> None:
    lines = (shared / "judged" / "services.jsonl").read_bytes().splitlines()
    given_records = [msgspec.json.decode(line, type=ServiceRecord) for line in lines]
    ingest(catalogue, given_records, at=seen)
    assert {record.id: record for record in dump_records(catalogue)} == {
        each.id: each for each in given_records
    }
    assert index_agrees(catalogue)


def test_words_are_counted_though_the_import_before_was_killed_at_its_end(
    catalogue: Catalogue, make_record: MakeRecord, seen: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = [make_record(number, description="Housing repairs") for number in range(5)]

    def killed(_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("db.ingest._Writer.tidy", killed)
        with pytest.raises(KeyboardInterrupt):
            ingest(catalogue, records, at=seen)
    counted = "SELECT services FROM word WHERE word = 'housing'"
    assert catalogue.rows(counted) == [(0,)]
    assert ingest(catalogue, records, at=seen).unchanged == 5
    assert catalogue.rows(counted) == [(5,)]


def test_two_imports_at_once_lose_nothing(
    catalogue: Catalogue, make_record: MakeRecord, seen: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("db.ingest.BATCH", 2)

    def described(number: int) -> ServiceRecord:
        return make_record(number, description=f"Words of listing {number}", features=(f"Feature {number}",))

    def meanwhile() -> Iterator[ServiceRecord]:
        yield from (described(1), described(2))
        with open_catalogue(catalogue.path) as other:
            ingest(other, [described(number) for number in range(10, 15)], at=seen)
        yield from (described(3), described(4))

    ingest(catalogue, meanwhile(), at=seen)
    expected = {record.id: record for record in map(described, (1, 2, 3, 4, *range(10, 15)))}
    assert {record.id: record for record in dump_records(catalogue)} == expected
    assert index_agrees(catalogue)


class TestALargeFirstImport:
    """Its answers are put into their index at the end."""

    def test_it_has_every_index_and_the_same_rows(
        self, tmp_path: Path, make_record: MakeRecord, seen: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        every = [
            make_record(number, features=("One",), answers=(("APIs", "API", ("Yes", f"{number}")),))
            for number in range(250)
        ]
        found = []
        for batch in (100, 1000):
            monkeypatch.setattr("db.ingest.BATCH", batch)
            with open_catalogue(tmp_path / f"{batch}.db", create=True) as opened:
                ingest(opened, every, at=seen)
                assert index_agrees(opened)
                assert merging(opened) in ({}, {"automerge": 4, "crisismerge": 16})
                found.append((indices(opened), opened.rows("SELECT * FROM answer"), dumped(opened)))
        assert found[0] == found[1]

    def test_one_that_was_ended_leaves_an_index_to_whoever_opens_the_catalogue(
        self, tmp_path: Path, make_record: MakeRecord, seen: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("db.ingest.BATCH", 10)

        def ended() -> Iterator[ServiceRecord]:
            yield from (make_record(n, answers=(("APIs", "API", ("Yes",)),)) for n in range(25))
            raise KeyboardInterrupt

        with open_catalogue(tmp_path / "c.db", create=True) as opened:
            whole = indices(opened)
            with pytest.raises(KeyboardInterrupt):
                ingest(opened, ended(), at=seen)
        with open_catalogue(tmp_path / "c.db") as opened:
            assert indices(opened) == whole
            assert len(known_ids(opened)) == 20
            assert merging(opened)["automerge"] == 0
            ingest(opened, [make_record(30)], at=seen)
            assert merging(opened) == {"automerge": 4, "crisismerge": 16}

    def test_one_that_is_at_work_is_not_waited_for(
        self, tmp_path: Path, make_record: MakeRecord, seen: datetime
    ) -> None:
        path = tmp_path / "c.db"
        with open_catalogue(path, create=True) as opened:
            whole = indices(opened)
            opened.db.conn.execute("DROP INDEX answer_question")
            with opened.atomic(), open_catalogue(path) as other:
                assert len(indices(other)) == len(whole) - 1
                assert known_ids(other) == set()
            ingest(opened, [make_record(1)], at=seen)
            assert indices(opened) == whole


def merging(catalogue: Catalogue) -> dict[str, int]:
    return dict(catalogue.rows("SELECT k, v FROM service_fts_config WHERE k GLOB '*merge'"))


def indices(catalogue: Catalogue) -> list[tuple[str, str]]:
    return [
        (name, " ".join(sql.split()))
        for name, sql in catalogue.rows(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY name"
        )
    ]
