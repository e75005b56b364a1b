"""What a person should know about how a listing is written, before they rely on it. It never changes a score.

A flag says in a sentence what is odd and quotes it, character for character. The limits and the reasons for
them are rows of ``quality.toml``; prose that denies a tick is found by the same rows as in the matcher.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from typing import Any

import msgspec

from catalogue.denials import masked
from catalogue.errors import DataFileError
from catalogue.model import Answered, Service
from catalogue.questions import Crosswalk, label_key, load_crosswalk
from catalogue.rules import TOP_FIELDS, Denial, Rules, Saying, load_rules, saying
from catalogue.scan import sentence_spans
from catalogue.terms import COMMON

#: The kinds of flags, gravest first.
KINDS = ("contradiction", "price", "word-list", "repeated-word", "vague-answer", "thin", "unknown")
_TABLE = "quality.toml"
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_ITEMS = re.compile(r"\s*[,/|•;]\s*|\s+&\s+")


@dataclass(frozen=True, slots=True)
class Flag:
    """Something odd about a listing: one of `KINDS`, a sentence, and the place that shows it.

    ``quote`` is a substring of one value of ``question``, the label as shown; ``None`` for what is not there.
    """

    kind: str
    sentence: str
    question: str | None = None
    quote: str | None = None


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reason: str


class _Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    denial: str
    values: tuple[str, ...]
    only: bool = False
    unless: tuple[str, ...] = ()


class _Contradiction(_Table, frozen=True):
    says: str
    row: tuple[_Row, ...]


class _Price(_Table, frozen=True):
    missing: str
    unread: str
    nothing: str
    range: str
    least: Decimal
    times: int
    metered: tuple[str, ...]


class _WordList(_Table, frozen=True):
    says: str
    items: int
    item_words: float
    words: int
    common: float
    name_items: int
    name_words: int
    features: int


class _RepeatedWord(_Table, frozen=True):
    says: str
    times: int
    share: float


class _VagueAnswer(_Table, frozen=True):
    says: str
    words: int
    phrases: tuple[str, ...]


class _Thin(_Table, frozen=True):
    description: str
    no_description: str
    features: str
    words: int


class _Unknown(_Table, frozen=True):
    says: str
    values: tuple[str, ...]


class _Tables(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    contradiction: _Contradiction
    price: _Price
    word_list: _WordList
    repeated_word: _RepeatedWord
    vague_answer: _VagueAnswer
    thin: _Thin
    unknown: _Unknown


@dataclass(frozen=True, slots=True)
class _Denied:
    """A denial with the options that it contradicts."""

    denial: Denial
    options: frozenset[str]
    only: bool
    unless: Saying | None


@dataclass(frozen=True, slots=True)
class Checks:
    """The checks of one table, ready to use. ``reasons`` says why each kind is worth a person's time."""

    reasons: dict[str, str]
    tables: _Tables
    denied: tuple[_Denied, ...]
    vague: Saying
    unknown: frozenset[str]
    rules: Rules
    crosswalk: Crosswalk


@lru_cache(maxsize=1)
def load_checks() -> Checks:
    """The shipped checks, read once."""
    text = resources.files("catalogue").joinpath(_TABLE).read_text(encoding="utf-8")
    return parse_checks(text, load_rules(), load_crosswalk())


def parse_checks(text: str, rules: Rules, crosswalk: Crosswalk, source: str = _TABLE) -> Checks:
    """Read a table of checks. Raises `DataFileError` naming the row, what was found and expected."""
    try:
        raw: dict[str, Any] = tomllib.loads(text, parse_float=Decimal)
        tables = msgspec.convert(raw, _Tables, strict=False)
    except tomllib.TOMLDecodeError as error:
        raise DataFileError(f"{source}: not TOML: {error}") from None
    except msgspec.ValidationError as error:
        raise DataFileError(f"{source}: {error}") from None
    denials = {denial.rule: denial for denial in rules.denials}
    denied: list[_Denied] = []
    for row in tables.contradiction.row:
        place = f"{source}: contradiction {row.denial!r}"
        if row.denial not in denials:
            raise DataFileError(f"{place}: expected one of {', '.join(sorted(denials))}")
        question = denials[row.denial].question
        options = {value: crosswalk.option_for(question, value) for value in row.values}
        if wrong := [value for value, option in options.items() if option is None]:
            known = "; ".join(option.label for option in question.options)
            raise DataFileError(f"{place}: value {wrong[0]!r}: expected one of {known}")
        ids = frozenset(option.id for option in options.values() if option is not None)
        unless = saying(row.unless) if row.unless else None
        denied.append(_Denied(denials[row.denial], ids, row.only, unless))
    return Checks(
        {kind: raw[kind]["reason"] for kind in KINDS},
        tables,
        tuple(denied),
        saying(tables.vague_answer.phrases),
        frozenset(label_key(value) for value in tables.unknown.values),
        rules,
        crosswalk,
    )


def flags_of(service: Service, checks: Checks | None = None) -> tuple[Flag, ...]:
    """What is odd about a listing, gravest first, then in page order."""
    checks = checks or load_checks()
    found = [
        *_contradictions(service, checks),
        *_price(service, checks.tables.price),
        *_word_lists(service, checks.tables.word_list),
        *_repeated(service, checks.tables.repeated_word),
        *_vague(service, checks),
        *_thin(service, checks.tables.thin),
        *_unknown(service, checks),
    ]
    return tuple(found)


def _contradictions(service: Service, checks: Checks) -> Iterator[Flag]:
    for row in checks.denied:
        denial = row.denial
        ticked = _ticked(service.answers.get(denial.question.id, ()), row)
        if ticked is None:
            continue
        label, value = ticked
        for place, text in _prose(service, denial.fields, denial.words):
            if not denial.words.occurs(text) or (row.unless is not None and row.unless.occurs(text)):
                continue
            if denial.against.occurs(masked(checks.rules, text)):
                sentence = checks.tables.contradiction.says.format(label=label, value=value)
                yield Flag("contradiction", sentence, place, text)
                break


def _ticked(answers: Sequence[Answered], row: _Denied) -> tuple[str, str] | None:
    """The label and the value of the answer that a denial contradicts, if it is given."""
    chosen = [option for answer in answers for option in answer.options]
    if row.only and not set(chosen) <= row.options:
        return None
    for answer in answers:
        for value, option in zip(answer.values, answer.options, strict=False):
            if option in row.options:
                return answer.label, value
    return None


def _price(service: Service, table: _Price) -> Iterator[Flag]:
    sentence, price, structured = service.record.price, service.price, service.record.structured
    if not sentence or not sentence.strip():
        if structured is None:
            yield Flag("price", table.missing)
        return
    told = None
    if price is None:
        told = table.unread
    elif not (price.maximum or price.minimum):
        told = table.nothing
    elif price.unit in table.metered or price.interval in table.metered:
        told = None
    elif price.minimum <= table.least:
        told = table.nothing
    elif price.maximum is not None and price.maximum >= table.times * price.minimum:
        told = table.range.format(times=f"{int(price.maximum / price.minimum):,}")
    if told is not None:
        yield Flag("price", told, TOP_FIELDS["price"], sentence)


def _word_lists(service: Service, table: _WordList) -> Iterator[Flag]:
    """At most one flag for each of name, description, features and benefits."""
    record = service.record
    name = _items(record.name)
    said = _words(record.name)
    if len(name) >= table.name_items or (
        len(said) >= table.name_words and not any(word in COMMON for word in said)
    ):
        holds = f"the name holds {len(said)} words"
        yield Flag("word-list", table.says.format(found=holds), TOP_FIELDS["name"], record.name)
    for field, values in (
        ("description", (record.description or "",)),
        ("features", record.features or ()),
        ("benefits", record.benefits or ()),
    ):
        told = [(found, text) for text in _sentences(values) if (found := _listing_words(text, table))]
        bare = [value for value in values if len(_items(value)) >= 4 and _mean_words(_items(value)) <= 2]
        if told:
            yield Flag("word-list", table.says.format(found=told[0][0]), TOP_FIELDS[field], told[0][1])
        elif len(bare) >= table.features:
            found = f"{len(bare)} {field} are bare lists"
            yield Flag("word-list", table.says.format(found=found), TOP_FIELDS[field], bare[0].strip())


def _listing_words(text: str, table: _WordList) -> str | None:
    """What makes a sentence a list of words, or ``None``."""
    items = _items(text)
    if len(items) >= table.items and _mean_words(items) <= table.item_words:
        return f"{len(items)} things in one sentence"
    said = _words(text) if text.count(" ") >= table.words - 1 else []
    if said and sum(word in COMMON for word in said) <= table.common * len(said):
        return f"{len(said)} words without a sentence among them"
    return None


def _repeated(service: Service, table: _RepeatedWord) -> Iterator[Flag]:
    record = service.record
    own = set(_words(record.name))
    fields = (
        ("description", (record.description or "",)),
        ("features", record.features or ()),
        ("benefits", record.benefits or ()),
    )
    said = Counter(word for _, values in fields for value in values for word in _words(value))
    said.update(own)
    whole = said.total()
    often = [
        (-times, word)
        for word, times in said.items()
        if times >= table.times
        and times >= table.share * whole
        and word not in COMMON
        and word not in own
        and len(word) > 2
    ]
    for times, word in sorted(often)[:1]:
        counted = [
            (_words(text).count(word), TOP_FIELDS[field], text)
            for field, values in fields
            for text in _sentences(values)
        ]
        most = max(count for count, _, _ in counted)
        label, text = next((label, text) for count, label, text in counted if count == most)
        yield Flag("repeated-word", table.says.format(word=word, times=-times), label, text)


def _vague(service: Service, checks: Checks) -> Iterator[Flag]:
    table = checks.tables.vague_answer
    found: list[tuple[str, str]] = []
    for label, value in _own_words(service, checks.crosswalk):
        text = value.strip()
        if text.count(" ") < table.words and checks.vague.occurs(text):
            found.append((label, text))
    if found:
        sentence = table.says.format(questions=_several([label for label, _ in found]))
        yield Flag("vague-answer", sentence, *found[0])


def _thin(service: Service, table: _Thin) -> Iterator[Flag]:
    record = service.record
    said = len(_words(record.description or ""))
    if not said:
        yield Flag("thin", table.no_description)
    elif said < table.words and record.description:
        sentence = table.description.format(words=said)
        yield Flag("thin", sentence, TOP_FIELDS["description"], record.description.strip())
    if not any(feature.strip() for feature in record.features or ()):
        yield Flag("thin", table.features)


def _unknown(service: Service, checks: Checks) -> Iterator[Flag]:
    found = [
        (answer.question, value)
        for section in service.record.sections or ()
        for answer in section.answers
        for value in answer.values
        if label_key(value) in checks.unknown
    ]
    if found:
        questions = _several([label for label, _ in found])
        sentence = checks.tables.unknown.says.format(value=found[0][1], questions=questions)
        yield Flag("unknown", sentence, *found[0])


def _own_words(service: Service, crosswalk: Crosswalk) -> Iterator[tuple[str, str]]:
    """Every answer that was not chosen from options, with its label."""
    record = service.record
    for section in record.sections or ():
        for answer in section.answers:
            question = crosswalk.question_for(record.framework.slug, record.lot.slug, answer.question)
            for value in answer.values:
                if question is None or crosswalk.option_for(question, value, record.framework.slug) is None:
                    yield answer.question, value


def _prose(service: Service, fields: frozenset[str], words: Saying) -> Iterator[tuple[str, str]]:
    """Each sentence under the named questions and top fields, with its label, of what has some words."""
    record = service.record
    tops: tuple[tuple[str, Iterable[str]], ...] = (
        ("name", (record.name,)),
        ("description", (record.description or "",)),
        ("features", record.features or ()),
        ("benefits", record.benefits or ()),
    )
    for field, values in tops:
        if TOP_FIELDS[field] in fields:
            yield from ((TOP_FIELDS[field], text) for text in _sentences(filter(words.occurs, values)))
    for question in sorted(fields):
        for answer in service.answers.get(question, ()):
            yield from ((answer.label, text) for text in _sentences(filter(words.occurs, answer.values)))


def _sentences(values: Iterable[str]) -> Iterator[str]:
    """The sentences of each value, each a piece of it as it stands."""
    return (value[start:end] for value in values for start, end in sentence_spans(value))


def _words(text: str) -> list[str]:
    """The words of a text in small letters: enough to count them."""
    return _WORD.findall(text.lower())


def _items(text: str) -> list[str]:
    """The things that a text lists: what stands between commas and their like."""
    return [item for item in _ITEMS.split(text) if item.strip()]


def _mean_words(items: Sequence[str]) -> float:
    return sum(len(item.split()) for item in items) / len(items)


def _several(labels: Sequence[str]) -> str:
    """Labels for a sentence: the first two, and how many more."""
    kept = list(dict.fromkeys(labels))
    if len(kept) <= 2:
        return " and ".join(kept)
    return f"{kept[0]}, {kept[1]} and {len(kept) - 2} more"
