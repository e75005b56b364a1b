"""Reads ``questions.toml`` into a `Crosswalk`, and refuses a table that contradicts itself."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from catalogue.errors import DataFileError
from catalogue.frameworks import Framework, QuestionSet, load_frameworks
from catalogue.questions import Asking, Crosswalk, Kind, Option, Place, Question, label_key

_RANGE = re.compile(r"(\d+)(?:-(\d+))?")


class _LabelRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"iterations": "in"}):
    label: str
    iterations: str
    version: str | None = None


_OptionRows = dict[str, str | tuple[_LabelRow, ...]]

_YES_NO: _OptionRows = {"yes": "Yes", "no": "No"}


class _AskedRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"iterations": "in"}):
    iterations: str
    lots: tuple[QuestionSet, ...]
    label: str | None = None
    own_words: bool = False
    parent: str | None = None
    when: tuple[str, ...] = ()


class _QuestionRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    label: str
    kind: Kind
    section: str
    asked: tuple[_AskedRow, ...]
    options: str | _OptionRows | None = None


class _LeftOutRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    labels: tuple[str, ...]
    why: str


class _Reading:
    """One reading of the table: what has been understood so far."""

    def __init__(self, source: str, frameworks: Mapping[str, Framework]) -> None:
        self.source = source
        self.frameworks = frameworks
        self.questions: dict[str, Question] = {}
        self.asking: dict[Place, dict[str, Asking]] = {
            (framework.slug, lot.slug): {} for framework in frameworks.values() for lot in framework.lots
        }
        self.labels: dict[Place, dict[str, str]] = {place: {} for place in self.asking}
        self.options: dict[str, dict[str, Option]] = {}
        self.options_in: dict[tuple[str, str], dict[str, Option]] = {}

    def wrong(self, row: str, problem: str) -> DataFileError:
        return DataFileError(f"{self.source}: {row}: {problem}")

    def slugs(self, row: str, iterations: str) -> list[str]:
        """``9-11 15`` as framework slugs, newest first."""
        numbers: set[int] = set()
        for part in iterations.split():
            found = _RANGE.fullmatch(part)
            if found is None:
                raise self.wrong(row, f"iterations {iterations!r} are not such as '9-13 15'")
            numbers.update(range(int(found[1]), int(found[2] or found[1]) + 1))
        slugs = [f"g-cloud-{number}" for number in sorted(numbers, reverse=True)]
        if unknown := [slug for slug in slugs if slug not in self.frameworks]:
            raise self.wrong(row, f"iterations {iterations!r} name {unknown[0]!r}, not in frameworks.toml")
        return slugs

    def add(self, row: _QuestionRow, shared: Mapping[str, _OptionRows]) -> None:
        name = f"question {row.id!r}"
        if row.id in self.questions:
            raise self.wrong(name, "is there twice; expected one row for each id")
        if not row.asked:
            raise self.wrong(name, "is asked nowhere; expected at least one row in 'asked'")
        newest = row.asked[0]
        labels = dict.fromkeys((row.label, *(asked.label or row.label for asked in row.asked)))
        self.questions[row.id] = Question(
            row.id,
            row.label,
            row.kind,
            self._options(name, row, shared),
            newest.parent,
            newest.when,
            row.section,
            tuple(labels),
        )
        for asked in row.asked:
            self._asked(name, row, asked)

    def _asked(self, name: str, row: _QuestionRow, asked: _AskedRow) -> None:
        """Note where and how a question is put, and under which label."""
        asking = Asking(asked.parent, asked.when, asked.own_words)
        key = label_key(asked.label or row.label)
        for slug in self.slugs(name, asked.iterations):
            places = [(slug, lot.slug) for lot in self.frameworks[slug].lots if lot.questions in asked.lots]
            for place in places:
                other = self.labels[place].setdefault(key, row.id)
                if other != row.id:
                    label = asked.label or row.label
                    raise self.wrong(name, f"has the label {label!r} in {place}, as has question {other!r}")
                if self.asking[place].setdefault(row.id, asking) != asking:
                    raise self.wrong(name, f"is asked in two ways in {place}; expected one")

    def _options(self, name: str, row: _QuestionRow, shared: Mapping[str, _OptionRows]) -> tuple[Option, ...]:
        """Note a question's options by label, and by id for each iteration; give their newest labels."""
        rows = _YES_NO if row.kind == "yes-no" else {}
        if row.options is not None:
            if row.kind not in ("one", "many"):
                raise self.wrong(name, f"has options, but its kind is {row.kind!r}; expected 'one' or 'many'")
            if isinstance(row.options, str) and row.options not in shared:
                raise self.wrong(name, f"names the options {row.options!r}, which the file does not have")
            rows = shared[row.options] if isinstance(row.options, str) else row.options
        elif row.kind in ("one", "many"):
            raise self.wrong(name, f"has no options, but its kind is {row.kind!r}")
        known = self.options[row.id] = {}
        newest = []
        for option_id, labels in rows.items():
            shown = (_LabelRow(label=labels, iterations=""),) if isinstance(labels, str) else labels
            options = [Option(option_id, label.label, label.version) for label in shown]
            for option, label in zip(options, shown, strict=True):
                other = known.setdefault(label_key(option.label), option)
                if other.id != option_id:
                    raise self.wrong(name, f"has {option.label!r} both as {other.id!r} and as {option_id!r}")
                for slug in self.slugs(name, label.iterations):
                    self.options_in.setdefault((row.id, slug), {}).setdefault(option_id, option)
            newest.append(options[0])
        return tuple(newest)

    def check_parents(self) -> None:
        """Every parent is there, is asked in the same lot, and has the answers that are waited for."""
        for place, questions in self.asking.items():
            for question, asking in questions.items():
                if asking.parent is None:
                    continue
                name = f"question {question!r}"
                if asking.parent not in self.questions:
                    raise self.wrong(name, f"has the parent {asking.parent!r}, which is not a question here")
                if asking.parent not in questions:
                    raise self.wrong(name, f"has the parent {asking.parent!r}, which is not asked in {place}")
                answers = {option.id for option in self.questions[asking.parent].options}
                if not asking.parent_values or not answers.issuperset(asking.parent_values):
                    waits = f"waits for {list(asking.parent_values)} of {asking.parent!r}"
                    raise self.wrong(name, f"{waits}; expected some of {', '.join(sorted(answers))}")
                self._check_ancestors(name, question, questions)

    def _check_ancestors(self, name: str, question: str, questions: Mapping[str, Asking]) -> None:
        seen, parent = {question}, questions[question].parent
        while parent is not None and parent in questions:
            if parent in seen:
                raise self.wrong(name, "is its own ancestor; expected a chain of parents that ends")
            seen.add(parent)
            parent = questions[parent].parent


def read_crosswalk(text: str, source: str = "questions.toml") -> Crosswalk:
    """Read a crosswalk from TOML text. Raises `DataFileError` that names the row."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DataFileError(f"{source}: {error}") from None
    if unknown := table.keys() - {"question", "options", "left_out"}:
        expected = "question, options or left_out"
        raise DataFileError(f"{source}: unknown table {min(unknown)!r}; expected {expected}")
    reading = _Reading(source, load_frameworks())
    shared = {
        name: _convert(reading, f"options {name!r}", rows, _OptionRows)
        for name, rows in table.get("options", {}).items()
    }
    for number, row in enumerate(table.get("question", ()), 1):
        name = f"question {row.get('id', f'number {number}')!r}"
        reading.add(_convert(reading, name, row, _QuestionRow), shared)
    reading.check_parents()
    left_out = _left_out(reading, table.get("left_out", ()))
    return Crosswalk(
        questions=reading.questions,
        asking=reading.asking,
        labels=reading.labels,
        options=reading.options,
        options_in=reading.options_in,
        left_out=left_out,
    )


def _left_out(reading: _Reading, rows: Iterable[Any]) -> dict[str, str]:
    """The labels that have no question on purpose, with the reason."""
    left_out: dict[str, str] = {}
    for number, raw in enumerate(rows, 1):
        row = _convert(reading, f"left_out number {number}", raw, _LeftOutRow)
        left_out.update(dict.fromkeys(map(label_key, row.labels), row.why))
    for question in reading.questions.values():
        for label in question.labels:
            if label_key(label) in left_out:
                raise reading.wrong(f"question {question.id!r}", f"is left out under its label {label!r}")
    return left_out


def _convert(reading: _Reading, name: str, row: Any, shape: Any) -> Any:
    try:
        return msgspec.convert(row, shape)
    except msgspec.ValidationError as error:
        raise reading.wrong(name, str(error)) from None
