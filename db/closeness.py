"""How close listings come to what was asked for, told by reading them: what each says, where, how near.

A thing asked for counts once per field, and less in each further one. It counts for less in a long row of
other things and where the passage denies it or only plans it; and things said in one passage, close to each
other, count for more than the same things apart.
"""

from __future__ import annotations

import json
import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache

from catalogue.denials import is_denied, masked
from catalogue.ordinary import is_ordinary
from catalogue.rules import load_rules
from catalogue.scan import sentence_spans
from catalogue.text import tokens_with_spans, words
from catalogue.vocabulary import Vocabulary, build_vocabulary, spaced
from db.catalogue import Catalogue
from db.links import JOINS, links_told
from db.postings import saying_yes
from db.stemming import stem_of
from db.things import NEAR, OTHER_NAME, PART, Thing
from db.words import Lexicon, is_word

#: How many services are read.
READ = 22
#: What being said in a field counts, of a whole.
_FIELDS = {
    "name": 0.9,
    "description": 0.65,
    "features": 0.65,
    "benefits": 0.4,
    "categories": 0.4,
    "supplier": 0.5,
    "answers": 0.4,
    "add-on-to": 0.6,
}
#: The question that says which system a service belongs to.
_ADD_ON_TO = "add-on-to"
#: So many words between two things halve what they count for standing together.
_HALF_NEAR = 10
#: What the best passage counts beside the whole listing.
_PASSAGE = 0.2
#: What is denied or only planned counts so much.
_DENIED = 0.3
#: From so many commas on, a passage is a list, and each part of it counts for less.
_LIST = 4
#: A listing that gives so many names in one row claims little of each: what all that it says counts.
_MANY, _EVERYTHING = 10, 0.5
#: What tells a row of names from a sentence.
_CAPITALS, _SPOKEN = re.compile(r"\b[A-Z]"), re.compile(r"\b[a-z]{3,}\b")
#: An ambiguous name counts as much as another name in its company, and so much without.
_IN_COMPANY, _ALONE = 0.95, 0.6
#: What the words of a phrase count where they stand a little apart.
_APART = 0.8
#: Two things typed one after the other that stand so near are a pair, of so much of the weight of the lesser.
_BESIDE, _PAIR = 2, 0.3
#: What is there at all counts by this power of how plainly it is said: a related word says it as well.
_LITTLE = 0.35
#: What is done to a system counts so much where a passage tells it in other words; and the system counts so
#: much where something else is done to it.
_TOLD, _OTHERWISE = 0.8, 0.9
#: What an answer of yes counts, of a whole.
_TICKED = 0.65


@dataclass(frozen=True, slots=True)
class _Value:
    """One text of a listing, and the field it stands in."""

    field: str
    text: str


@dataclass(frozen=True)
class _Passage:
    """A sentence, the place in its value where it begins, and its words."""

    text: str
    start: int

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Its words in order."""
        return tuple(words(self.text))

    @cached_property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """The place of each word in the sentence."""
        return tuple((start, end) for _, start, end in tokens_with_spans(self.text))

    @property
    def weight(self) -> float:
        """What it counts: a long row of things tells less of each."""
        parts = self.text.count(",")
        if len(_SPOKEN.findall(self.text)) <= 1:
            # Names in a row, and hardly a word between them.
            parts = max(parts, len(_CAPITALS.findall(self.text)) - 1)
        return 1.0 if parts < _LIST else _LIST / (parts + 1)


@dataclass(slots=True)
class _Found:
    """A thing found in a passage: how much of it, and at which words."""

    strength: float
    at: list[int]
    length: int = 1


def closeness(
    catalogue: Catalogue,
    keys: Sequence[int],
    things: Sequence[Thing],
    weights: Sequence[float],
    lexicon: Lexicon,
) -> dict[int, float]:
    """How close each of these services comes, between 0 and 1."""
    reader = _Reader(things, weights, lexicon)
    ticked = [saying_yes(catalogue, thing.questions) for thing in things]
    heads = _heads(catalogue, keys)
    read = {
        key: reader.read([value for value in heads[key] if reader.may_hold(value.text)], _around(heads[key]))
        for key in keys
    }
    # Answers are long: they are read for what the head of a listing does not say plainly.
    typed = {number for number, thing in enumerate(things) if thing.typed}
    lacking = [key for key in keys if not typed <= read[key].plainly]
    answers = _answers(catalogue, lacking, reader)
    close: dict[int, float] = {}
    for key in keys:
        if key in answers:
            reader.read(answers[key], _around(heads[key]), read[key])
        yes = [number for number, those in enumerate(ticked) if key in those]
        close[key] = reader.closeness(read[key], yes) * (_EVERYTHING if _names_many(heads[key]) else 1.0)
    return close


@dataclass(slots=True)
class _Read:
    """What a listing says of each thing: how much in which field, how much at most; and its best passage."""

    fields: defaultdict[int, dict[str, float]] = field(default_factory=lambda: defaultdict(dict))
    strongest: dict[int, float] = field(default_factory=dict)
    best: float = 0.0

    @property
    def plainly(self) -> set[int]:
        """The things that are said in full."""
        return {number for number, strength in self.strongest.items() if strength >= OTHER_NAME}


class _Reader:
    """What is looked for, by the first word of each way of saying it."""

    def __init__(self, things: Sequence[Thing], weights: Sequence[float], lexicon: Lexicon) -> None:
        self._things = things
        self._weights = weights
        self._whole = sum(weights) or 1.0
        self._lexicon = lexicon
        self._ways: dict[str, list[tuple[tuple[str, ...], int, float]]] = {}
        self._apart: list[tuple[int, tuple[str, ...]]] = []
        self._links = [(number, thing.link) for number, thing in enumerate(things) if thing.link]
        #: By thing: its names, the first words of those that are also everyday words, and those of one word.
        self._systems: list[tuple[int, Vocabulary, frozenset[str], frozenset[str]]] = []
        starts: set[str] = set()
        for number, thing in enumerate(things):
            for way in thing.ways:
                stems = tuple(map(self._stem, way.words))
                self._ways.setdefault(stems[0], []).append((stems, number, way.strength))
                starts.update(way.words[:1], lexicon.by_stem.get(stems[0], ()))
            if thing.apart:
                self._apart.append((number, tuple(map(self._stem, thing.apart))))
            if thing.system is not None and thing.system.gated:
                runs = [run for name in thing.system.gated if (run := words(name))]
                gated = frozenset(run[0] for run in runs)
                single = frozenset(run[0] for run in runs if len(run) == 1)
                self._systems.append((number, build_vocabulary([thing.system]), gated, single))
                starts |= gated
        #: Pieces of words of which a text must have one to say anything: most say nothing, and are not read.
        self._starts = frozenset(_PIECE.findall(" ".join(starts)))

    def _stem(self, word: str) -> str:
        return self._lexicon.stems.get(word) or (stem_of(word) if is_word(word) else word)

    def may_hold(self, text: str) -> bool:
        """Whether it is worth reading."""
        return not self._starts.isdisjoint(_PIECE.findall(text.lower()))

    def read(self, values: Iterable[_Value], around: _Around, read: _Read | None = None) -> _Read:
        """Add what some texts of a listing say; ``around`` gives an ambiguous name its company."""
        read = read or _Read()
        for value in values:
            passages = _passages(value.text)
            if len(passages) > 1:
                passages = tuple(passage for passage in passages if self.may_hold(passage.text))
            named = self._named(value, passages, around)
            for passage in passages:
                found = self._in([self._lexicon.stems.get(word, word) for word in passage.words])
                for number, each in named.get(passage.start, ()):
                    if number not in found or found[number].strength < each.strength:
                        found[number] = each
                if found:
                    self._link(found, passage, value.field)
                    self._doubt(found, passage)
                    self._note(read, found, value.field, passage.weight)
        return read

    def _note(self, read: _Read, found: Mapping[int, _Found], field: str, weight: float) -> None:
        """Keep the most that a field says of each thing, and of each pair of neighbours."""
        said = {number: weight * each.strength for number, each in found.items()}
        for number in range(len(self._things) - 1):
            one, two = found.get(number), found.get(number + 1)
            if one and two and any(0 < b - a - one.length + 1 <= _BESIDE for a in one.at for b in two.at):
                said[-1 - number] = min(said[number], said[number + 1])
        for number, strength in said.items():
            kept = read.fields[number]
            kept[field] = max(kept.get(field, 0.0), _FIELDS[field] * strength)
            if number >= 0:
                read.strongest[number] = max(read.strongest.get(number, 0.0), strength)
        read.best = max(read.best, _FIELDS[field] * weight * self._together(found))

    def closeness(self, read: _Read, ticked: Iterable[int] = ()) -> float:
        """How close one listing comes; ``ticked`` are the things to which an answer says yes."""
        for number in ticked:
            read.fields[number]["ticked"] = _TICKED
            read.strongest[number] = 1.0
        have = {number: _saturated(kept.values()) for number, kept in read.fields.items()}
        said = sum(self._weight(number) * much for number, much in have.items()) / self._whole
        there = (
            sum(self._weights[number] * math.pow(much, _LITTLE) for number, much in read.strongest.items())
            / self._whole
        )
        return there * ((1 - _PASSAGE) * said + _PASSAGE * read.best / self._whole)

    def _weight(self, number: int) -> float:
        """The weight of a thing; of a pair of neighbours, which has the number of its first below zero."""
        if number >= 0:
            return self._weights[number]
        return _PAIR * min(self._weights[-1 - number], self._weights[-number])

    def _in(self, stems: Sequence[str]) -> dict[int, _Found]:
        """The things in a row of words."""
        found: dict[int, _Found] = {}
        for at, first in enumerate(stems):
            for run, number, strength in self._ways.get(first, ()):
                if len(run) == 1 or tuple(stems[at : at + len(run)]) == run:
                    known = found.get(number)
                    if known is None or strength > known.strength:
                        found[number] = _Found(strength, [at], len(run))
                    elif strength == known.strength:
                        known.at.append(at)
        for number, parts in self._apart:
            known = found.get(number)
            if known is None or known.strength < _APART:
                places = [stems.index(part) for part in parts if part in stems]
                strength = _some_of(places, len(parts))
                if strength > (known.strength if known else 0.0):
                    found[number] = _Found(strength, [min(places)])
        return found

    def _named(
        self, value: _Value, passages: Sequence[_Passage], around: _Around
    ) -> dict[int, list[tuple[int, _Found]]]:
        """By the start of each passage, the systems that it calls by what is also an everyday word."""
        found: defaultdict[int, list[tuple[int, _Found]]] = defaultdict(list)
        for number, vocabulary, firsts, single in self._systems:
            holding = [passage for passage in passages if not firsts.isdisjoint(passage.words)]
            if not holding:
                continue
            company = {match.start for match in vocabulary.find_in(value.text, None, around)}
            for passage in holding:
                for at, word in enumerate(passage.words):
                    if word in firsts:
                        is_company = passage.start + passage.spans[at][0] in company
                        if is_company or (word in single and _is_written_as_name(passage, at)):
                            strength = _IN_COMPANY if is_company else _ALONE
                            found[passage.start].append((number, _Found(strength, [at])))
        return found

    def _link(self, found: dict[int, _Found], passage: _Passage, field: str) -> None:
        """Find what is done to the systems that the passage names, in whatever words it is told."""
        if not self._links:
            return
        for number in [number for number in found if self._things[number].is_system]:
            each = found[number]
            at = each.at[0]
            last = min(at + each.length, len(passage.spans)) - 1
            told = links_told(passage.text, (passage.spans[at][0], passage.spans[last][1]))
            if field == _ADD_ON_TO:
                told |= {JOINS}
            for asked, link in self._links:
                if link in told:
                    if asked not in found or found[asked].strength < _TOLD * each.strength:
                        found[asked] = _Found(_TOLD * each.strength, [at])
                elif told:
                    each.strength *= _OTHERWISE

    def _doubt(self, found: Mapping[int, _Found], passage: _Passage) -> None:
        """Let count for less what the passage denies or only plans."""
        if not _DOUBTFUL.search(passage.text):
            return
        rules = load_rules()
        planned = rules.cues["planned"].occurs(masked(rules, passage.text))
        for each in found.values():
            at = each.at[0]
            last = min(at + each.length, len(passage.spans)) - 1
            if planned or is_denied(rules, passage.text, (passage.spans[at][0], passage.spans[last][1])):
                each.strength *= _DENIED

    def _together(self, found: Mapping[int, _Found]) -> float:
        """The weight of what one passage holds, less for what stands far apart."""
        parts = {number: self._weights[number] * each.strength for number, each in found.items()}
        top = max(parts.values())
        cover = sum(parts.values()) - top
        if cover:
            places = sorted(each.at[0] for each in found.values())
            between = max(0, places[-1] - places[0] - len(places) + 1)
            cover /= 1 + between / _HALF_NEAR
        return top + cover


def _some_of(places: Sequence[int], parts: int) -> float:
    """What some words of a phrase of so many parts count, standing at these places of one passage."""
    if len(places) < 2 or max(places) - min(places) > NEAR + parts:
        return 0.0
    return PART + (_APART - PART) * (len(places) - 1) / (parts - 1)


_DOUBTFUL = re.compile(
    r"\b(?:not|no|none|never|neither|nor|without|cannot|unable|lacks|except\w*|unsupported|roadmap"
    r"|planned|intend|in the pipeline|development|developed|future release|next release|coming soon"
    r"|later this year|on request|\w+n['’]t)\b",
    re.IGNORECASE,
)


def _names_many(head: Iterable[_Value]) -> bool:
    """Whether a listing begins with a row of names, mostly of one or two words, that is long."""
    for value in head:
        if value.field in ("description", "features") and value.text.count(",") >= _MANY - 1:
            for passage in _passages(value.text):
                parts = [part.strip() for part in passage.text.split(",")]
                if sum(part[:1].isupper() and part.count(" ") <= 1 for part in parts) >= _MANY:
                    return True
    return False


def _saturated(strengths: Iterable[float]) -> float:
    """Several fields together: each takes its part of what the others left."""
    left = 1.0
    for strength in strengths:
        left *= 1 - strength
    return 1 - left


#: The words of what a service is, for an ambiguous name to be in their company; told when they are needed.
_Around = Callable[[], str]


def _around(head: Sequence[_Value]) -> _Around:
    @cache
    def told() -> str:
        texts = (value.text for value in head if value.field in ("name", "description", "features"))
        return spaced(word for text in texts for word in words(text))

    return told


def _is_written_as_name(passage: _Passage, at: int) -> bool:
    """Whether a word has a capital that neither the beginning of a sentence nor its neighbours explain.

    What is no everyday word is a name however it is written.
    """
    if not is_ordinary(passage.words[at]):
        return True

    def has_capital(number: int) -> bool:
        return passage.text[passage.spans[number][0]].isupper()

    around = [number for number in (at - 1, at + 1) if number < len(passage.spans)]
    return at > 0 and has_capital(at) and not any(has_capital(number) for number in around)


#: What words are made of, quickly told apart.
_PIECE = re.compile(r"[^\W_]+")


@lru_cache(maxsize=1024)
def _passages(text: str) -> tuple[_Passage, ...]:
    return tuple(_Passage(text[start:end], start) for start, end in sentence_spans(text))


_HEADS = """
SELECT service.key, service.name, supplier.name, description FROM json_each(:keys) AS wanted
CROSS JOIN service ON service.key = wanted.value JOIN supplier ON supplier.key = service.supplier
"""
_LISTS = {
    "features": "SELECT service, text FROM json_each(:keys) AS wanted"
    " CROSS JOIN feature ON feature.service = wanted.value",
    "benefits": "SELECT service, text FROM json_each(:keys) AS wanted"
    " CROSS JOIN benefit ON benefit.service = wanted.value",
    "categories": "SELECT service, category.name FROM json_each(:keys) AS wanted"
    " CROSS JOIN service_category ON service_category.service = wanted.value"
    " JOIN category ON category.key = service_category.category",
}
#: What suppliers wrote in their own words; an option that was chosen is a question's, not theirs.
_ANSWERS = """
SELECT answer.service, question.canonical, value.text FROM json_each(:keys) AS wanted
CROSS JOIN answer ON answer.service = wanted.value
JOIN question ON question.key = answer.question
JOIN value ON value.key = answer.value
WHERE NOT EXISTS (
    SELECT 1 FROM choice WHERE choice.question = answer.question AND choice.value = answer.value)
"""


def _heads(catalogue: Catalogue, keys: Sequence[int]) -> dict[int, list[_Value]]:
    """What services say they are: names, descriptions, features, benefits, categories."""
    wanted = {"keys": json.dumps(list(keys))}
    found: dict[int, list[_Value]] = {key: [] for key in keys}
    for key, name, supplier, description in catalogue.rows(_HEADS, wanted):
        found[key] += [
            _Value("name", name),
            _Value("supplier", supplier),
            _Value("description", description or ""),
        ]
    for field_name, sql in _LISTS.items():
        for key, text in catalogue.rows(sql, wanted):
            found[key].append(_Value(field_name, text))
    return found


def _answers(catalogue: Catalogue, keys: Sequence[int], reader: _Reader) -> dict[int, list[_Value]]:
    """What services answer in their suppliers' own words, as far as it is worth reading."""
    found: defaultdict[int, list[_Value]] = defaultdict(list)
    for key, canonical, text in catalogue.rows(_ANSWERS, {"keys": json.dumps(list(keys))}):
        if reader.may_hold(text):
            found[key].append(_Value(_ADD_ON_TO if canonical == _ADD_ON_TO else "answers", text))
    return found
