"""Advice on the wording of a profile: words that say nothing, and musts that could name a question.

With that on the names of systems (`catalogue.system_names`) it is all the advice there is.

Advice is no mistake: a profile may keep what is advised against. The tables are in ``vague.toml``.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, TypeVar

import msgspec

from catalogue.errors import DataFileError, UsageError
from catalogue.frameworks import load_frameworks
from catalogue.profile import option_labels
from catalogue.profile.advice import Advice
from catalogue.profile.lines import key_lines
from catalogue.questions import Crosswalk, Question, load_crosswalk
from catalogue.records import strip_controls
from catalogue.system_names import advise_on_names
from catalogue.terms import COMMON, stem
from catalogue.text import tokens_with_spans

_TABLE = "vague.toml"
#: So many other words may stand between those of a label.
_BETWEEN = 2


class _VagueRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    words: tuple[str, ...]
    instead: str
    why: str
    unless: tuple[str, ...] = ()


class _QuestionRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    words: tuple[str, ...]
    why: str
    includes: tuple[str, ...] = ()


#: Words in a row, as `tokens_with_spans` reads them.
_Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """The tables, ready to look up: ``vague`` phrases with their advice (``None``: fine)."""

    vague: Mapping[_Phrase, str | None]
    #: With the answers to propose, if any.
    questions: Mapping[_Phrase, tuple[Question, tuple[str, ...]]]
    #: The telling stems of a label, at least two of them, and its question.
    labels: tuple[tuple[frozenset[str], Question], ...]


@cache
def load_wording() -> Wording:
    """The tables that ship with Longlist, read once."""
    text = resources.files("catalogue").joinpath(_TABLE).read_text("utf-8")
    return read_wording(text, load_crosswalk())


def read_wording(text: str, crosswalk: Crosswalk, source: str = _TABLE) -> Wording:
    """Read the tables from TOML text. Raises `DataFileError` that names the row."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DataFileError(f"{source}: this is not TOML: {error}") from None
    if unknown := sorted(set(table) - {"vague", "question"}):
        raise DataFileError(f"{source}: {unknown[0]!r} is no table of this file")
    vague: dict[_Phrase, str | None] = {}
    for name, row in _rows(table, "vague", _VagueRow, source):
        for word, advice in (*((word, row.instead) for word in row.words), *((w, None) for w in row.unless)):
            phrase = _phrase(word, name)
            if vague.setdefault(phrase, advice) != advice:
                raise DataFileError(f"{name}: {word!r} stands in another row too; expected it once")
    asked = {question.id: question for question in _asked_now(crosswalk)}
    questions: dict[_Phrase, tuple[Question, tuple[str, ...]]] = {}
    for name, hint in _rows(table, "question", _QuestionRow, source):
        if hint.id not in asked:
            raise DataFileError(f"{name}: {hint.id!r} is no question with options that is asked now")
        if unknown := sorted(set(hint.includes) - set(option_labels(asked[hint.id]))):
            raise DataFileError(f"{name}: {unknown[0]!r} is no answer to {asked[hint.id].label!r}")
        for word in hint.words:
            hinted = (asked[hint.id], hint.includes)
            if questions.setdefault(_phrase(word, name), hinted) != hinted:
                raise DataFileError(f"{name}: {word!r} stands in another row too; expected it once")
    labels = []
    for question in asked.values():
        words = _words(question.label)
        questions.setdefault(tuple(words), (question, ()))
        stems = frozenset(stem(word) for word in words if word not in COMMON)
        if len(stems) > 1:
            labels.append((stems, question))
    return Wording(vague, questions, tuple(labels))


_R = TypeVar("_R", _VagueRow, _QuestionRow)


def _rows(table: dict[str, Any], kind: str, shape: type[_R], source: str) -> Iterator[tuple[str, _R]]:
    rows = table.get(kind, [])
    if not isinstance(rows, list) or not rows:
        raise DataFileError(f"{source}: has no [[{kind}]] rows; expected at least one")
    for number, found in enumerate(rows, start=1):
        words = found.get("words") if isinstance(found, dict) else None
        first = repr(words[0]) if isinstance(words, list) and words else "without words"
        name = f"{source}: [[{kind}]] {number} ({first})"
        try:
            row = msgspec.convert(found, shape)
        except msgspec.ValidationError as error:
            raise DataFileError(f"{name}: {error}") from None
        if not row.words or not row.why.strip():
            raise DataFileError(f"{name}: needs at least one of 'words', and a 'why'")
        yield name, row


def _phrase(word: str, name: str) -> _Phrase:
    phrase = tuple(_words(word))
    if not phrase:
        raise DataFileError(f"{name}: {word!r} has no words")
    return phrase


def _asked_now(crosswalk: Crosswalk) -> Iterator[Question]:
    """The questions with options that are put in some lot of the newest iteration."""
    newest = next(iter(load_frameworks().values()))
    for question in crosswalk.questions.values():
        if question.options and any(
            crosswalk.asked(question.id, newest.slug, lot.slug) for lot in newest.lots
        ):
            yield question


def advise(text: str, wording: Wording | None = None) -> tuple[Advice, ...]:
    """Advice on the goal, the systems and the requirements of a profile's TOML text, in this order.

    It asks little of the profile, so that advice and mistakes can be told together: what is no text is passed
    over, and text that is not TOML gets none.
    """
    wording = wording or load_wording()
    text = text.removeprefix("\ufeff")
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, ValueError, ArithmeticError, RecursionError):
        return ()
    lines = key_lines(text)
    found: list[Advice] = []
    if isinstance(goal := table.get("goal"), str):
        found += _vague(strip_controls(goal), "goal", lines.get("goal"), wording)
    systems = table.get("legacy")
    found += advise_on_names(systems if isinstance(systems, list) else (), lines)
    rows = table.get("requirement")
    rows = rows if isinstance(rows, list) else []
    asked = frozenset(_asked(rows))
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, dict) or not isinstance(wanted := row.get("text"), str):
            continue
        place = f"requirement[{number}].text"
        line = lines.get(place)
        wanted = strip_controls(wanted)
        found += _vague(wanted, place, line, wording)
        if row.get("priority") == "must" and "question" not in row:
            found += _could_gate(wanted, place, line, wording, asked)
    return tuple(found)


def _vague(text: str, place: str, line: int | None, wording: Wording) -> Iterator[Advice]:
    """Every vague word, the longest first where several begin at one place."""
    for phrase, surface in _phrases(text, wording.vague):
        if instead := wording.vague[phrase]:
            advice = f"tells a supplier nothing to be held to. Write instead: {instead}"
            yield Advice(place, line, "vague-word", surface, advice)


def _asked(rows: Iterable[object]) -> Iterator[str]:
    """The ids of the questions that requirements name."""
    for row in rows:
        if isinstance(row, dict) and isinstance(name := row.get("question"), str):
            with suppress(UsageError):  # a name that is none is told as a problem, not as advice
                yield load_crosswalk().find(name).id


def _could_gate(
    text: str, place: str, line: int | None, wording: Wording, asked: Collection[str]
) -> Iterator[Advice]:
    """The questions that a must in the profile's own words seems to be about, but those ``asked`` already."""
    about: dict[str, tuple[Question, tuple[str, ...], str]] = {}
    for phrase, surface in _phrases(text, wording.questions):
        question, usual = wording.questions[phrase]
        about.setdefault(question.id, (question, usual, surface))
    said = [(stem(word), text[start:end]) for word, start, end in tokens_with_spans(text)]
    for needed, question in wording.labels:
        # Words of a label that stand far apart are no label: "report changes, and nobody types them".
        for first in range(len(said)):
            within = dict(said[first : first + len(needed) + _BETWEEN])
            if needed <= within.keys():
                surface = " … ".join(within[word] for word in within if word in needed)
                about.setdefault(question.id, (question, (), surface))
                break
    for question, usual, surface in about.values():
        if question.id in asked:
            continue
        yield Advice(
            place,
            line,
            "could-name-question",
            surface,
            f"could gate on the question {question.label!r}, so that services which answer otherwise are "
            f"excluded: add {_answer(question, usual, text)}",
        )


def _answer(question: Question, usual: tuple[str, ...], text: str) -> str:
    """The keys to add, with the answers that the text names, or the usual ones, or all that there are."""
    key = f"question = {json.dumps(question.label, ensure_ascii=False)}"
    if question.kind == "yes-no":
        return f'{key} and equals = "Yes"'
    labels = option_labels(question)
    words = _words(text)
    named = [label for label in labels if any(_holds(words, name) for name in _names(label))] or usual
    if named:
        return f"{key} and includes = {json.dumps(named, ensure_ascii=False)}"
    return f"{key} and includes = [one or more of: {'; '.join(labels)}]"


def _names(label: str) -> Iterator[list[str]]:
    """A label's words; where it ends with an abbreviation in brackets, also those of each part."""
    yield _words(label)
    name, _, short = label.removesuffix(")").partition(" (")
    if short and short.isupper():
        yield _words(name)
        yield _words(short)


def _words(text: str) -> list[str]:
    return [word for word, _, _ in tokens_with_spans(text)]


def _holds(words: list[str], sought: list[str]) -> bool:
    return any(words[at : at + len(sought)] == sought for at in range(len(words) - len(sought) + 1))


def _phrases(text: str, known: Mapping[_Phrase, object]) -> Iterator[tuple[_Phrase, str]]:
    """The phrases that occur in a text with how they are written there: from the left, the longest first."""
    tokens = tokens_with_spans(text)
    longest = max(map(len, known), default=0)
    at = 0
    while at < len(tokens):
        for length in range(min(longest, len(tokens) - at), 0, -1):
            phrase = tuple(word for word, _, _ in tokens[at : at + length])
            if phrase in known:
                yield phrase, text[tokens[at][1] : tokens[at + length - 1][2]]
                at += length
                break
        else:
            at += 1
