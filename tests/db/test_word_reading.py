"""The words of texts that are read together, and of those that are handed over as numbers."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from catalogue.phrases import Phrases, mark_of, sayings_of
from catalogue.rules import load_rules
from catalogue.rules.sayings import flat
from catalogue.scan import words_in
from db.catalogue import Catalogue
from db.reading_beside import ReaderBeside
from db.service_words import ServiceWords
from db.word_reading import BIT_OF, FIELD_BITS, Gathered, WordReader, WordsRead

PHRASES = Phrases(sayings_of(load_rules()))
SAID = [literal for saying in sayings_of(load_rules()) for literal in saying.phrases][::7]

texts = st.lists(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
    | st.text("aZ09 .,/'&-£’\n", max_size=20)
    | st.sampled_from(SAID),
    max_size=8,
)


def gathered(into: Gathered, services: Sequence[Sequence[str]]) -> Gathered:
    for key, features in enumerate(services, start=1):
        into.begin(key)
        into.prose("features", "Features", features)
        into.choose([into.mark(f"question={key % 2}")])
    return into


def held(read: WordsRead, words: Sequence[str]) -> dict[str, list[tuple[int, int]]]:
    """Of each word, the places of services and the fields, told by the words that the reader has numbered."""
    services = [(each >> FIELD_BITS, each & (1 << FIELD_BITS) - 1) for each in read.held.tolist()]
    spans = zip(read.numbers.tolist(), pairwise([*read.starts.tolist(), len(services)]), strict=True)
    return {words[number]: services[start:end] for number, (start, end) in spans}


@settings(max_examples=100, deadline=None)
@given(texts)
@example(["", "WCAG 2.2 AA", "v1.2x", "£5 a month", "\0 Nil"])
def test_texts_read_together_have_the_words_and_marks_of_each(features: list[str]) -> None:
    into = gathered(Gathered(), [[text] for text in features])
    read = WordReader().read(into.take())
    found = held(read, ["", *read.words])
    for place, text in enumerate(features):
        expected = {*words_in(text), *map(mark_of, PHRASES.sayings_in(flat(text)))}
        there = {word for word, services in found.items() if place in [service for service, _ in services]}
        assert there - {f"question={(place + 1) % 2}"} == expected


def test_a_text_that_was_given_before_is_not_given_again() -> None:
    into, reader = Gathered(), WordReader()
    first = reader.read(gathered(into, [["Parking permits"], ["Payroll, rotas"]]).take())
    into.clear()
    said = gathered(into, [["Payroll, rotas", "Leave"], ["Parking permits"]]).take()
    assert said.texts == ["Leave"]
    second = reader.read(said)
    assert second.words == ["leave"]
    features = BIT_OF["features"]
    assert held(second, ["", *first.words, *second.words]) == {
        "question=0": [(1, BIT_OF["answers"])],
        "question=1": [(0, BIT_OF["answers"])],
        "leave": [(0, features)],
        "payroll": [(0, features)],
        "rotas": [(0, features)],
        "parking": [(1, features)],
        "permits": [(1, features)],
    }


def test_what_is_forgotten_is_given_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("db.word_reading._REMEMBERED", 10)
    into, reader = Gathered(), WordReader()
    words = [""]
    for _ in range(3):
        said = gathered(into, [["Parking permits"], ["Payroll"]]).take()
        assert said.afresh
        read = reader.read(said)
        words += read.words
        assert sorted(held(read, words)) == ["parking", "payroll", "permits", "question=0", "question=1"]
        into.clear()


def test_where_the_other_process_is_ended_the_rest_is_read_here(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[ReaderBeside] = []
    begin = ReaderBeside.__init__

    def noted(self: ReaderBeside) -> None:
        begin(self)
        begun.append(self)

    monkeypatch.setattr(ReaderBeside, "__init__", noted)
    monkeypatch.setattr("db.service_words.BESIDE", 1)
    catalogue.db.conn.execute("PRAGMA foreign_keys = off")
    writer = ServiceWords(catalogue)
    for turn in range(3):
        for place in range(2):
            writer.gathered.begin(1 + 2 * turn + place)
            writer.gathered.prose("name", "Name", ["Parking permits"])
            writer.gathered.choose([])
        if turn == 1:
            os.kill(begun[0]._process.pid, signal.SIGTERM)
            begun[0]._process.wait()
            monkeypatch.setattr("db.service_words.BESIDE", 100)
        with catalogue.atomic():
            writer.begin()
            writer.finish()
    writer.close()
    assert len(begun) == 1
    rows = catalogue.rows(
        "SELECT word_block.key >> 20, word, length(held) FROM word_block"
        " JOIN indexed_word ON indexed_word.key = word_block.key & 1048575 ORDER BY 1, 2"
    )
    assert rows == [(block, word, 8) for block in (1, 2, 3) for word in ("parking", "permits")]
