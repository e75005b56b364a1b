"""The answers of records as rows, and what the records say for whoever notes their words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from catalogue.phrases import choice_mark
from catalogue.records import Answer, ServiceRecord
from catalogue.rules import TOP_FIELDS
from db.derived import Derivation
from db.interning import Interning

if TYPE_CHECKING:
    from db.word_reading import Gathered

#: Service, position among its sections, heading, number of answers.
SectionRow = tuple[int, int, int, int]
#: Service, position among its answers, place among the values of one, question, value.
AnswerRow = tuple[int, int, int, int, int | None]
#: Key of a question, keys of the values (one ``None`` for an answer without values), marks of these.
_Stored = tuple[int, tuple[int | None, ...], tuple[int, ...]]


class Answers:
    """Reads records one after another; what they say is ``gathered``."""

    def __init__(self, interning: Interning, work: Derivation, gathered: Gathered) -> None:
        self._interning = interning
        self._work = work
        self._gathered = gathered
        #: Answers that are options, by framework, lot and section: most listings give the same ones.
        self._usual: dict[tuple[str, str, str], dict[Answer, _Stored]] = {}
        #: The numbers of marks, by the key of a question and the option.
        self._marks: dict[tuple[int, str | None], int] = {}
        self._sections: list[SectionRow] = []
        self._answers: list[_Stored] = []
        #: The key of each service that was read, and how many answers it has.
        self._services: list[tuple[int, int]] = []

    def read(self, key: int, record: ServiceRecord) -> None:
        """Read a record that is stored under a key."""
        self._gathered.begin(key)
        for part, texts in _head(record):
            self._gathered.prose(part, TOP_FIELDS[part], texts)
        found: list[_Stored] = []
        for number, section in enumerate(record.sections or ()):
            heading = self._interning.heading(section.name)
            self._sections.append((key, number, heading, len(section.answers)))
            place = (record.framework.slug, record.lot.slug, section.name)
            usual = self._usual.setdefault(place, {})
            found += [
                usual.get(answer) or self._read_answer(record, section.name, answer, usual)
                for answer in section.answers
            ]
        self._gathered.choose([mark for _, _, marks in found for mark in marks])
        self._answers += found
        self._services.append((key, len(found)))

    def take_rows(self) -> tuple[list[SectionRow], list[AnswerRow]]:
        """The rows of what was read since the last call."""
        sections, answers = self._sections, _rows(self._services, self._answers)
        self._sections, self._answers, self._services = [], [], []
        return sections, answers

    def _read_answer(
        self, record: ServiceRecord, section: str, answer: Answer, usual: dict[Answer, _Stored]
    ) -> _Stored:
        """The keys of a question and of the values, and marks; remembered where all values are options.

        What is none is gathered as prose.
        """
        interning, texts = self._interning, answer.values
        framework, lot = record.framework.slug, record.lot.slug
        key = interning.question(framework, lot, section, answer.question)
        values = tuple([interning.value(text) for text in texts])
        question = interning.canonical[key]
        if question is None:
            self._work.unknown_question(framework, lot, answer.question, section, record.id)
            self._gathered.prose("answers", answer.question, texts)
            return key, values or (None,), ()
        if not question.options:
            self._gathered.prose("answers", question.id, texts)
            marks = (self._mark(key, question.id, None),) * len(values) if values else ()
            return key, values or (None,), marks
        options = [
            interning.choice(key, value, text, framework) for value, text in zip(values, texts, strict=True)
        ]
        marks = tuple([self._mark(key, question.id, option) for option in options])
        if values and None not in options:
            stored = usual[answer] = (key, values, marks)
            return stored
        prose = [text for text, option in zip(texts, options, strict=True) if option is None]
        for text in prose:
            self._work.unknown_option(question, text, framework, lot, record.id)
        self._gathered.prose("answers", question.id, prose)
        return key, values or (None,), marks

    def _mark(self, key: int, question: str, option: str | None) -> int:
        """The number of the mark of an option, or of an answer in other words."""
        known = self._marks.get((key, option))
        if known is None:
            known = self._marks[key, option] = self._gathered.mark(choice_mark(question, option))
        return known


def _rows(services: Sequence[tuple[int, int]], answers: Sequence[_Stored]) -> list[AnswerRow]:
    """Rows of table ``answer``: services are given by their keys, each with its number of answers."""
    import numpy as np  # noqa: PLC0415  it takes a tenth of a second

    keys, numbers = np.array(services, np.int64).reshape(-1, 2).T
    position = np.arange(len(answers)) - np.repeat(np.cumsum(numbers) - numbers, numbers)
    counts = np.fromiter([len(values) for _, values, _ in answers], np.int64, len(answers))
    of = np.repeat(np.arange(len(answers)), counts)
    place = np.arange(len(of)) - np.repeat(np.cumsum(counts) - counts, counts)
    return list(
        zip(
            np.repeat(keys, numbers)[of].tolist(),
            position[of].tolist(),
            place.tolist(),
            [question for question, values, _ in answers for _ in values],
            [value for _, values, _ in answers for value in values],
            strict=True,
        )
    )


def _head(record: ServiceRecord) -> Iterator[tuple[str, Sequence[str]]]:
    """Field and texts of what is no answer, as `catalogue.listing.values_of` gives them."""
    yield "name", (record.name,)
    if record.description:
        yield "description", (record.description,)
    if record.features:
        yield "features", record.features
    if record.benefits:
        yield "benefits", record.benefits
    if record.categories:
        yield "categories", [path[-1] for path in record.categories if path]
