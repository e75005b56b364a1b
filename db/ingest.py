"""Records into the catalogue: what is new or changed is stored, indexed and derived; the rest stays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from itertools import chain, islice

import msgspec

from catalogue.collecting import nothing_collected
from catalogue.errors import RecordError
from catalogue.instants import instant
from catalogue.model import Issue
from catalogue.records import ServiceRecord, encode_record, strip_controls
from db.answers import Answers
from db.catalogue import Catalogue, index_answers
from db.changes import differences
from db.derived import Derivation
from db.index import merge_as_written
from db.interning import Interning
from db.reading import catalogue_digest, records_by_key
from db.words import Words, changed_since, count_words, note_changed

__all__ = ["BATCH", "Ingested", "ingest", "instant", "shuffled"]

#: Records of one transaction: enough to be quick, few enough to hold in memory and to lose in a kill.
BATCH = 2000
#: Rows of one statement, where that is quicker.
_ROWS = 100
#: The share of the services that is worth an index in one piece: it is searched a third quicker.
_MUCH = 0.1
#: Examples of issues that are handed back; all are counted, and kept in table ``issue``.
_EXAMPLES = 100


@dataclass(frozen=True, slots=True)
class Ingested:
    """What became of the records: counts of services, and the issues met with how often each kind was."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    issues: tuple[Issue, ...] = ()
    issue_counts: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """All records read."""
        return self.added + self.changed + self.unchanged


@dataclass(frozen=True, slots=True)
class _Given:
    """A record on its way in, with its digest and, once known, its key and the key's fate."""

    record: ServiceRecord
    digest: str


def ingest(
    catalogue: Catalogue,
    records: Iterable[ServiceRecord],
    *,
    at: datetime,
    run_id: int | None = None,
    on_progress: Callable[[int], None] | None = None,
    derivation: Derivation | None = None,
) -> Ingested:
    """Store the records; of several with one id the last counts.

    ``at`` is the time they were seen (aware). A record equal to the stored one changes nothing, except that a
    run (``run_id``) marks it as seen again. ``on_progress`` is told the number of records done after each
    batch. A batch is stored whole or not at all: whatever ends the program leaves a catalogue that works.
    """
    moment = instant(at)
    work = derivation or Derivation()
    writer = _Writer(catalogue, work, moment, run_id)
    done = 0
    try:
        with nothing_collected():
            for batch in _batches(records):
                with catalogue.atomic():
                    writer.store(batch)
                done += len(batch)
                if on_progress:
                    on_progress(done)
    finally:
        writer.close()
    if writer.added or writer.changed or changed_since(catalogue):  # the last may have been killed before it
        with catalogue.atomic():
            writer.tidy()
        if writer.added + writer.changed >= BATCH:
            # Whoever only reads could not keep it, and would work it out each time.
            catalogue_digest(catalogue)
    kinds: dict[str, int] = {}
    for (kind, _), times in work.times.items():
        kinds[kind] = kinds.get(kind, 0) + times
    # One example of each kind at least, whatever the number of another kind.
    firsts = dict(reversed(work.issues))
    subjects = dict.fromkeys((*firsts.items(), *work.issues))
    examples = tuple(work.issues[subject] for subject in islice(subjects, _EXAMPLES))
    return Ingested(writer.added, writer.changed, writer.unchanged, examples, kinds)


def _batches(records: Iterable[ServiceRecord]) -> Iterator[list[_Given]]:
    """Batches without repeated ids, digests worked out."""
    remaining = iter(records)
    while batch := list(islice(remaining, BATCH)):
        yield [_given(record) for record in batch]


def _given(record: ServiceRecord) -> _Given:
    """The record with its digest, free of control characters however it was made."""
    try:
        raw = encode_record(record)
        if b"\\u00" in raw:
            record = strip_controls(record)
            raw = encode_record(record)
    except UnicodeEncodeError as error:
        raise RecordError(f"service {record.id!r}: text that is not Unicode ({error.reason})") from None
    return _Given(record, sha256(raw).hexdigest())


class _Writer:
    """Writes batches through one set of remembered keys."""

    def __init__(self, catalogue: Catalogue, work: Derivation, moment: str, run_id: int | None) -> None:
        self._catalogue = catalogue
        self._connection = catalogue.db.conn
        self._work = work
        self._moment = moment
        self._run = run_id
        self._unindexed = False
        self.added = self.changed = self.unchanged = 0
        self._remember()

    def _remember(self) -> None:
        """Begin to remember keys, from what is stored now."""
        from db.service_words import ServiceWords  # noqa: PLC0415  its library takes a tenth of a second

        self._version = self._one("PRAGMA data_version")
        self._interning = Interning(self._catalogue, self._work)
        self._words = Words(self._catalogue)
        self._service_words = ServiceWords(self._catalogue)
        self._answers = Answers(self._interning, self._work, self._service_words.gathered)

    def store(self, batch: Sequence[_Given]) -> None:
        """Store one batch inside a transaction."""
        if self._one("PRAGMA data_version") != self._version:  # another program wrote meanwhile
            self.close()
            self._remember()
        stored = self._stored(batch)
        next_key = self._one("SELECT coalesce(max(key), 0) + 1 FROM service")
        latest = {given.record.id: given for given in batch}
        added: list[tuple[int, _Given]] = []
        changed: list[tuple[int, _Given]] = []
        for service, given in latest.items():
            if service not in stored:
                added.append((next_key, given))
                next_key += 1
            elif stored[service][1] != given.digest:
                changed.append((stored[service][0], given))
        self.added += len(added)
        self.changed += len(changed)
        self.unchanged += len(batch) - len(added) - len(changed)
        if self._run is not None:
            self._see_again([key for key, _ in stored.values()])
        if len(added) >= BATCH and next_key == 1 + len(added):
            # Rows by the million are put into it at the end, in a third of the time.
            self._connection.execute("DROP INDEX IF EXISTS answer_question")
            merge_as_written(self._catalogue, merge=False)
            self._unindexed = True
        if changed:
            self._remove(changed)
        if added or changed:
            self._insert(added, changed)
            self._words.add(self._service_words.finish())
            self._words.add_from(self._interning.take_new_texts())
            self._catalogue.next_generation()
            note_changed(self._catalogue, len(added) + len(changed))
            self._take_issues()

    def close(self) -> None:
        """Let go of what was begun."""
        self._service_words.close()

    def tidy(self) -> None:
        """After the last batch: count words, and make one piece of the index where much of it is new."""
        from db.service_words import join_blocks  # noqa: PLC0415  as above

        new = self.added + self.changed
        index_answers(self._catalogue)
        join_blocks(self._catalogue)
        count_words(self._catalogue)
        services = self._one("SELECT count(*) FROM service")
        if new >= BATCH and new > _MUCH * services:
            self._connection.execute("INSERT INTO service_fts (service_fts) VALUES ('optimize')")
        merge_as_written(self._catalogue, merge=True)

    def _stored(self, batch: Sequence[_Given]) -> dict[str, tuple[int, str]]:
        rows = self._connection.execute(
            "SELECT id, key, digest FROM service WHERE id IN (SELECT value FROM json_each(:ids))",
            {"ids": _json([given.record.id for given in batch])},
        )
        return {service: (key, digest) for service, key, digest in rows}

    def _see_again(self, keys: list[int]) -> None:
        self._connection.execute(
            "UPDATE service SET last_seen = :at, run = :run"
            " WHERE key IN (SELECT value FROM json_each(:keys))",
            {"at": self._moment, "run": self._run, "keys": _json(keys)},
        )

    def _remove(self, changed: list[tuple[int, _Given]]) -> None:
        """Note what changes and take the old state out of the index and the tables below ``service``."""
        keys = [key for key, _ in changed]
        old = records_by_key(self._catalogue, keys)
        self._connection.executemany(
            "INSERT INTO change (service, at, run, field, question, before, after)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (key, self._moment, self._run, change.field, change.question, change.before, change.after)
                for key, given in changed
                for change in differences(old[key], given.record)
            ),
        )
        listed = {"keys": _json(keys)}
        self._connection.execute(
            "INSERT INTO service_fts (service_fts, rowid, name, supplier, description, features, benefits,"
            " categories, answers) SELECT 'delete', service, name, supplier, description, features, benefits,"
            " categories, answers FROM service_text WHERE service IN (SELECT value FROM json_each(:keys))",
            listed,
        )
        for table in (
            "feature",
            "benefit",
            "document",
            "service_category",
            "section",
            "answer",
            "price",
            "service_words",
        ):
            self._connection.execute(
                f"DELETE FROM {table} WHERE service IN (SELECT value FROM json_each(:keys))",  # noqa: S608
                listed,
            )

    def _insert(self, added: list[tuple[int, _Given]], changed: list[tuple[int, _Given]]) -> None:
        connection, many, rows_of = self._connection, self._connection.executemany, self._insert_rows
        connection.executemany(_INSERT_SERVICE, [self._service_row(key, given) for key, given in added])
        connection.executemany(_UPDATE_SERVICE, [self._service_row(key, given) for key, given in changed])
        records = [(key, given.record) for key, given in (*added, *changed)]
        self._service_words.expect(len(records))
        for key, record in records:
            self._answers.read(key, record)
        self._service_words.begin()
        rows_of(
            "feature",
            [
                (key, place, text)
                for key, record in records
                for place, text in enumerate(record.features or ())
            ],
        )
        rows_of(
            "benefit",
            [
                (key, place, text)
                for key, record in records
                for place, text in enumerate(record.benefits or ())
            ],
        )
        rows_of(
            "document",
            [
                (key, place, document.name, document.url)
                for key, record in records
                for place, document in enumerate(record.documents or ())
            ],
        )
        many(
            "INSERT INTO service_category VALUES (?, ?, ?)",
            [
                (key, place, self._interning.category(path))
                for key, record in records
                for place, path in enumerate(record.categories or ())
            ],
        )
        prices = [(key, self._work.price(record.price, record.id)) for key, record in records]
        many("INSERT INTO price VALUES (?, ?, ?, ?, ?, ?)", [(key, *price) for key, price in prices if price])
        self._interning.add_values()
        sections, answers = self._answers.take_rows()
        rows_of("section", sections)
        if self._unindexed:
            rows_of("answer", answers)
        else:
            many("INSERT INTO answer VALUES (?, ?, ?, ?, ?)", answers)
        many(
            "INSERT INTO service_fts"
            " (rowid, name, supplier, description, features, benefits, categories, answers)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (_indexed_text(key, record) for key, record in records),
        )

    def _insert_rows(self, table: str, rows: Sequence[tuple[object, ...]]) -> None:
        """Rows of a table that has no other index than its key: many a statement take half the time."""
        if not rows:
            return
        row = f"({', '.join('?' * len(rows[0]))})"
        for start in range(0, len(rows), _ROWS):
            some = rows[start : start + _ROWS]
            values = ", ".join([row] * len(some))
            self._connection.execute(f"INSERT INTO {table} VALUES {values}", list(chain.from_iterable(some)))  # noqa: S608  our own names

    def _service_row(self, key: int, given: _Given) -> dict[str, object]:
        record, interning = given.record, self._interning
        return {
            "key": key,
            "id": record.id,
            "url": record.url,
            "status": record.status,
            "framework": interning.framework(record.framework),
            "lot": interning.lot(record.lot),
            "supplier": interning.supplier(record.supplier),
            "name": record.name,
            "description": record.description,
            "price": record.price,
            "category_count": _count(record.categories),
            "feature_count": _count(record.features),
            "benefit_count": _count(record.benefits),
            "document_count": _count(record.documents),
            "section_count": _count(record.sections),
            "structured": None if record.structured is None else _json(record.structured),
            "digest": given.digest,
            "shuffle": shuffled(record.id),
            "at": self._moment,
            "run": self._run,
        }

    def _take_issues(self) -> None:
        """Write the issues met since the last batch, adding to what is counted already."""
        rows = [
            {
                "kind": kind,
                "subject": subject,
                "place": self._work.issues[kind, subject].place,
                "message": self._work.issues[kind, subject].message,
                "times": times,
                "at": self._moment,
                "run": self._run,
            }
            for (kind, subject), times in self._work.take_new()
        ]
        self._connection.executemany(_COUNT_ISSUE, rows)

    def _one(self, sql: str) -> int:
        return int(self._connection.execute(sql).fetchone()[0])


_INSERT_SERVICE = """
INSERT INTO service VALUES (:key, :id, :url, :status, :framework, :lot, :supplier, :name, :description,
    :price, :category_count, :feature_count, :benefit_count, :document_count, :section_count, :structured,
    :digest, :shuffle, :at, :at, :at, :run)
"""
_UPDATE_SERVICE = """
UPDATE service SET url = :url, status = :status, framework = :framework, lot = :lot, supplier = :supplier,
    name = :name, description = :description, price = :price, category_count = :category_count,
    feature_count = :feature_count, benefit_count = :benefit_count, document_count = :document_count,
    section_count = :section_count, structured = :structured, digest = :digest, changed = :at,
    last_seen = :at, run = :run
WHERE key = :key
"""
_COUNT_ISSUE = """
INSERT INTO issue (kind, subject, place, message, times, first_at, last_at, run)
VALUES (:kind, :subject, :place, :message, :times, :at, :at, :run)
ON CONFLICT (kind, subject) DO UPDATE SET times = times + :times, last_at = :at, run = :run
"""


def shuffled(service: str) -> int:
    """A number that orders services without favouring any name: from a hash of the id."""
    return int.from_bytes(sha256(service.encode()).digest()[:6], "big")


def _count(values: Sequence[object] | None) -> int | None:
    return None if values is None else len(values)


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _indexed_text(key: int, record: ServiceRecord) -> tuple[object, ...]:
    """A row of the index: what view ``service_text`` says of the same service once it is stored."""
    return (
        key,
        record.name,
        record.supplier.name,
        record.description,
        "\n".join(record.features or ()),
        "\n".join(record.benefits or ()),
        "\n".join(" > ".join(path) for path in record.categories or () if path),
        "\n".join(
            [
                text
                for section in record.sections or ()
                for answer in section.answers
                for text in answer.values
            ]
        ),
    )
