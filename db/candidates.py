"""Which services of a large catalogue are worth judging for a profile: about what each will score.

It is told from the words of each service alone, without reading a text: which systems it may name, how much
it may have of each requirement and of the goal, what it answers and what it costs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

from catalogue.match import Judge
from catalogue.naming import groups_with_plain_names
from catalogue.needs import Need
from catalogue.phrases import choice_mark, denial_mark, mark_of
from catalogue.profile import Requirement
from catalogue.questions import Question
from catalogue.rules import TOP_FIELDS, Evidence, Verdict
from catalogue.terms import related
from catalogue.topic import LISTED, SATURATION, Topic
from catalogue.vocabulary import AliasGroup
from db.audiences import for_others, marks_of_audiences
from db.catalogue import Catalogue
from db.filing import filed_elsewhere
from db.holdings import Wording, holdings, in_order_of_notes, names_wording, stems_wording
from db.postings import naming
from db.prices import price_columns, yearly_factors
from db.reading import live_services
from db.word_reading import FIELD_BITS, FIELDS

#: The services that each system and each requirement in words brings in, however little it weighs.
_BY_NEED = 5
#: Of the services that a must rules out, so many are told.
_RULED_OUT = 50
#: How far the words of a requirement and of what speaks against are borne out by the passages, about; as
#: seen of the 300 most promising of 45,000 services for eight profiles.
_IN_WORDS, _SAID_AGAINST = 0.45, 0.5
#: The same of what seems to stop.
_STOPPED = 0.8
#: The same of a system's name: one that is to go is seldom named where it is left.
_NAMED = {"connect": 0.6, "replace": 0.3, "retire": 0.3, "keep": 0.2}
#: How much of that where the words of a name are there, and do not stand together as the name.
_APART = 0.4
#: What speaks of systems of a kind counts half of weak evidence (see `catalogue.systems`).
_OF_ITS_KIND = 0.25

#: The question whether a service only works inside another product.
_ADD_ON = "add-on"

_Share = NDArray[np.float64]
_Some = NDArray[np.bool_]
#: What is looked for: a term, a group of names, or the mark of an answer or of a saying.
_Wanted = tuple[str, str]

_CATEGORIES = 1 << FIELDS.index("categories") | 1 << FIELDS.index("categories") + len(FIELDS)


def _places(catalogue: Catalogue) -> tuple[list[str], NDArray[np.int64], NDArray[np.int64]]:
    """The ids of the live services by place, the place of each by its key (or -1), the places by id."""
    live = live_services(catalogue)
    keys = in_order_of_notes(catalogue, [key for _, key in live])
    last: int = catalogue.rows("SELECT coalesce(max(key), 0) FROM service")[0][0]
    places = np.full(last + 1, -1)
    places[keys] = np.arange(len(keys))
    by_id = places[[key for _, key in live]]
    ids = [""] * len(live)
    for place, (service, _) in zip(by_id.tolist(), live, strict=True):
        ids[place] = service
    return ids, places, by_id


def _highest_first(values: _Share, by_id: NDArray[np.int64]) -> NDArray[np.int64]:
    """Places by value, those of equal values by id."""
    return by_id[np.argsort(-values[by_id], kind="stable")]


class Candidates:
    """The live services of a catalogue for one profile; see `catalogue.prospects.Prospects`."""

    def __init__(self, catalogue: Catalogue, judge: Judge) -> None:
        self._catalogue = catalogue
        self.judge = judge
        #: The ids of the services by their places here; the place of each by its key; the places by id.
        self.ids, self._places, self._by_id = catalogue.remembered("places", partial(_places, catalogue))
        self._held = holdings(catalogue, self._places, _wanted(judge))
        for term in judge.wanted.all:
            # A name among categories is chosen from a list, and says nothing of the service.
            if term.startswith("="):
                self._held[_term(term)] &= np.uint16(~_CATEGORIES & (1 << FIELD_BITS) - 1)
        self._failing = self._failing_musts()
        counts = self._counts()
        self.topic = Topic(judge.wanted, counts, int(np.count_nonzero(~self._failing)), judge.rules)
        self._about = self._much_about()

    def about(self) -> Iterator[tuple[str, float]]:
        """Services that no must rules out and how much they have of the topic, highest first."""
        order = _highest_first(self._about, self._by_id)
        return ((self.ids[place], float(self._about[place])) for place in order[~self._failing[order]])

    def promising(self) -> Iterator[str]:
        """The same services, the most promising first. To be asked for after `Topic.measure`."""
        return (self.ids[place] for place in self._order[~self._failing[self._order]])

    def best_by_need(self) -> Iterator[str]:
        """For each system and each requirement in words, the services that promise most for it."""
        for need, most in self.most:
            if need.system is not None or (need.requirement and need.requirement.question is None):
                promising = (~self._failing & (most > _OF_ITS_KIND))[self._order]
                yield from (self.ids[place] for place in self._order[np.flatnonzero(promising)[:_BY_NEED]])

    def ruled_out(self) -> Iterator[str]:
        """Some services that a must rules out, the most promising first."""
        order = self._order[np.flatnonzero(self._failing[self._order])[:_RULED_OUT]]
        return (self.ids[place] for place in order)

    @cached_property
    def _order(self) -> NDArray[np.int64]:
        """The places of all services by what they promise; rounded, so that only what differs decides."""
        order = _highest_first(np.round(self._likely(), 6), self._by_id)
        # It is large, and tells no more.
        del self._held
        return order

    @cached_property
    def most(self) -> list[tuple[Need, _Share]]:
        """For each need that services may fill, how much of it each does at most, by place in `ids`."""
        return [(need, self._most_for(need)) for need in self.judge.needs if need.share > 0]

    def _likely(self) -> _Share:
        """About what each service will score."""
        standard = self.topic.standard
        fit = np.round(100 * np.minimum(1.0, self._about / standard)) / 100 if standard else 0.0 * self._about
        drains = [(need, *self._against(need)) for need in self.judge.needs if need.against > 0]
        likely = np.zeros(len(self.ids))
        for barrier, weight in self.judge.profile.weights.items():
            empty = np.ones(len(self.ids))
            for need, most in self.most:
                if need.barrier == barrier:
                    share, depends = float(need.share), float(need.fit)
                    empty *= 1 - self._likely_for(need, most) * share * (1 - depends + depends * fit)
            full = 1 - empty
            for need, sure, said in drains:
                if need.barrier == barrier:
                    full *= 1 - np.maximum(sure, said * _SAID_AGAINST) * float(need.against)
            likely += float(weight) * full
        strength = self.judge.rules.strength
        for_others, doubted = self._audiences()
        stopped = self._likely_stopped() | for_others
        elsewhere = filed_elsewhere(self._catalogue, self.judge.filing, self._places)
        likely[self._prices[1]] *= 1 - float(strength["stops"])
        likely[stopped & ~self._prices[1]] *= 1 - _STOPPED * float(strength["stops"])
        likely[doubted] *= 1 - float(strength["doubts"])
        likely[elsewhere] *= 1 - float(strength["filed-elsewhere"])
        likely[self._unasked_musts()] = 0.0
        return likely

    def _likely_for(self, need: Need, most: _Share) -> _Share:
        """How much of a need services will have, about, of what they have at most."""
        if need.system is None:
            in_words = need.requirement is not None and need.requirement.question is None
            return most * _IN_WORDS if in_words else most
        estate = self.judge.estate
        meant = np.zeros(len(self.ids), np.bool_)
        for group in estate.vocabulary.groups:
            if estate.systems.get(group.name) == need.system:
                meant |= self._meant(group)
        borne_out = _NAMED[self.judge.profile.legacy[need.system].intent]
        return most * np.where(meant, borne_out, np.where(most > _OF_ITS_KIND, borne_out * _APART, 0.0))

    def _likely_stopped(self) -> _Some:
        """Services of which something seems to hold that nothing makes up for (``stops`` in the rules)."""
        stopped = np.zeros(len(self.ids), np.bool_)
        for requirement in self.judge.profile.requirements:
            if requirement.gates and requirement.question is not None:
                stopped |= self._accepting(requirement) & self._denied(requirement.question.id)
        # What it is an add-on to is told in an answer.
        answers = _bits_of(frozenset([_ADD_ON]))
        named = np.zeros(len(self.ids), np.bool_)
        for group in self.judge.estate.systems:
            named |= self._held["name", group] & answers != 0
        # Whether it replaces a system, only the passage tells: "connects to Confirm, replaces paper".
        return stopped | (self._any_of([("mark", choice_mark(_ADD_ON, "yes"))]) & ~named)

    def _audiences(self) -> tuple[_Some, _Some]:
        """Services that seem to be made for others than the profile's like, clearly and by a doubt."""
        knows = np.zeros(len(self.ids), np.bool_)
        for group in groups_with_plain_names(self.judge.estate):
            knows |= self._meant(group)
        # Two hundred marks that nothing else asks for: by themselves, so that they do not stay in memory.
        marks: dict[str, Wording] = {mark: [[("word", mark)]] for mark in marks_of_audiences(self.judge)}
        return for_others(self.judge, holdings(self._catalogue, self._places, marks), knows)

    def _denied(self, question: str) -> _Some:
        """Services whose prose seems to contradict what they tick under a question."""
        denials = [denial for denial in self.judge.rules.denials if denial.question.id == question]
        return self._any_of(("mark", denial_mark(denial)) for denial in denials)

    def _against(self, need: Need) -> tuple[_Share, _Share]:
        """What surely speaks against a need, as it was answered, and what may, as the words are there."""
        sure, said = np.zeros(len(self.ids)), np.zeros(len(self.ids))
        if need.requirement is not None and need.requirement.question is not None:
            otherwise = self._chose(need.requirement.question) & ~self._accepting(need.requirement)
            sure[otherwise] = float(self.judge.rules.strength[Verdict.STRONG_AGAINST.value])
        for row in need.rule.evidence:
            if row.verdict.side < 0 and not row.only and not row.everything:
                strength = float(self.judge.rules.strength[row.verdict.value])
                into = sure if row.question is not None else said
                np.maximum(into, np.where(self._may_show(row), strength, 0.0), out=into)
        return sure, said

    def _most_for(self, need: Need) -> _Share:
        requirement = need.requirement
        if need.system is not None:
            return self._most_for_system(need.system)
        if requirement is not None and requirement.question is not None:
            return self._accepting(requirement).astype(np.float64)
        if requirement is not None:
            return self._most_of_words(requirement.text)
        if need.rule.reads == "price":
            return self._prices[0]
        if need.rule.reads == "evidence":
            most = np.zeros(len(self.ids))
            for row in need.rule.evidence:
                if row.verdict.side > 0:
                    np.maximum(
                        most, np.where(self._may_show(row), self._strength(row.verdict), 0.0), out=most
                    )
            return most
        return np.ones(len(self.ids))

    def _strength(self, verdict: Verdict) -> float:
        return float(self.judge.rules.strength[verdict.value.removesuffix("-for")])

    def _most_for_system(self, number: int) -> _Share:
        intent = self.judge.rules.intents[self.judge.profile.legacy[number].intent]
        strongest = max(
            (self._strength(verdict) for verdict in intent.verdicts.values() if verdict.side > 0), default=0.0
        )
        groups = [name for name, place in self.judge.estate.systems.items() if place == number]
        named = self._any_of(("name", group) for group in groups)
        return np.where(named, strongest, _OF_ITS_KIND)

    def _may_show(self, row: Evidence) -> _Some:
        """Services that may have what a row of evidence is about."""
        if row.question is not None:
            half = ["yes-extra-cost"] if row.verdict.side > 0 and "yes" in row.options else []
            options = [*row.options, *half]
            return self._any_of(("mark", choice_mark(row.question.id, option)) for option in options)
        if row.everything:
            if row.fields & set(TOP_FIELDS.values()):
                return np.ones(len(self.ids), np.bool_)
            return self._any_of(("mark", choice_mark(question, None)) for question in row.fields)
        assert row.words is not None
        may: _Some = self._held["mark", mark_of(row.words)] & _bits_of(row.fields) != 0
        return may

    def _most_of_words(self, text: str) -> _Share:
        """How much of a requirement's words the service may have, in one passage or in several."""
        weights = self.topic.terms(text)
        whole = sum(weights.values())
        held = np.zeros(len(self.ids))
        for term, weight in weights.items():
            near = np.where(self._has(related(term)), self.topic.rarity_of_related(term), 0.0)
            held += np.where(self._has(term), weight, near)
        limits = {name: float(value) for name, value in self.judge.rules.requirement.items()}
        cover = np.minimum(1.0, held / whole + 1e-9) if whole else held
        return np.where(cover < limits["weak"], 0.0, np.minimum(1.0, cover / 0.75 + 0.005))

    def _has(self, term: str) -> _Some:
        has: _Some = self._held[_term(term)] != 0
        return has

    def _much_about(self) -> _Share:
        """How much services have of the topic at most, but where a name is meant that did not seem to be."""
        seen = _seen(self.topic.fields)
        about = np.zeros(len(self.ids))
        groups = {f"={group.name}": group for group in self.judge.estate.vocabulary.groups}
        for term, near, weight, rarity, rarity_of_related in self.topic.weighed:
            held, held_near = self._held[_term(term)], self._held[_term(near)]
            if term in groups:
                held = np.where(self._meant(groups[term]), held, 0)
            has = np.flatnonzero(held | held_near)
            told = np.maximum(rarity * seen[held[has]], rarity_of_related * seen[held_near[has]])
            about[has] += weight * told
        return about * (1 + 1e-9)

    def _counts(self) -> dict[str, int]:
        """In how many services each term is; of names, in how many they seem to be meant."""
        passing = ~self._failing
        counts: dict[str, int] = {}
        for wanted, held in self._held.items():
            if wanted[0] == "term":
                counts[wanted[1]] = int(np.count_nonzero((held != 0) & passing))
        for group in self.judge.estate.vocabulary.groups:
            term = f"={group.name}"
            if counts.get(term):
                counts[term] = int(np.count_nonzero(self._has(term) & self._meant(group) & passing))
        return counts

    def _meant(self, group: AliasGroup) -> _Some:
        """Services that seem to mean a group by one of its names."""
        return self._of_keys(naming(self._catalogue, group))

    def _any_of(self, wanted: Iterable[_Wanted]) -> _Some:
        held = np.zeros(len(self.ids), np.bool_)
        for each in wanted:
            held |= self._held[each] != 0
        return held

    def _of_keys(self, keys: Iterable[int]) -> _Some:
        found = np.zeros(len(self._places), np.bool_)
        found[np.fromiter(keys, np.int64)] = True
        places = np.flatnonzero(self._places >= 0)
        of_live = np.zeros(len(self.ids), np.bool_)
        of_live[self._places[places]] = found[places]
        return of_live

    def _accepting(self, requirement: Requirement) -> _Some:
        """Services with an answer that a requirement may accept, whatever else they answer."""
        assert requirement.question is not None
        return self._any_of(("mark", mark) for mark in _accepted(self.judge, requirement))

    def _chose(self, question: Question) -> _Some:
        """Services that chose an option of a question."""
        return self._any_of(("mark", choice_mark(question.id, option.id)) for option in question.options)

    def _failing_musts(self) -> _Some:
        """Services that chose options, and none that a must accepts; judging may rule out more."""
        failing = np.zeros(len(self.ids), np.bool_)
        for requirement in self.judge.profile.requirements:
            if requirement.gates and requirement.question is not None:
                failing |= self._chose(requirement.question) & ~self._accepting(requirement)
        return failing

    def _unasked_musts(self) -> _Some:
        """Services that seem not to be asked what a must requires, after a No: judging rules them out."""
        unasked = np.zeros(len(self.ids), np.bool_)
        for requirement in self.judge.profile.requirements:
            question = requirement.question
            if requirement.gates and question is not None and question.parent is not None:
                marks = [choice_mark(question.id, option.id) for option in question.options]
                answered = self._any_of(("mark", mark) for mark in (*marks, choice_mark(question.id, None)))
                unasked |= self._any_of([("mark", choice_mark(question.parent, "no"))]) & ~answered
        return unasked

    @cached_property
    def _prices(self) -> tuple[_Share, _Some]:
        """How much of the budget's need the price alone can fill at most, and where it stops everything.

        Prose that says what a unit is may tell otherwise, which few listings do.
        """
        most, stopped = np.zeros(len(self.ids)), np.zeros(len(self.ids), np.bool_)
        organisation = self.judge.profile.organisation
        if organisation.budget_per_year is None:
            return most, stopped
        budget = float(organisation.budget_per_year)
        for (unit, interval), (places, least, highest) in price_columns(
            self._catalogue, self._places
        ).items():
            over, within = yearly_factors(unit, interval, organisation)
            over_budget = least * over > budget * (1 + 1e-9)
            weak, strong = self._strength(Verdict.WEAK_FOR), self._strength(Verdict.STRONG_FOR)
            affordable = np.where(highest * within <= budget * (1 + 1e-9), strong, weak)
            most[places] = np.where(over_budget, 0.0, affordable)
            stopped[places] = over_budget
        return most, stopped


def _wanted(judge: Judge) -> dict[_Wanted, Wording]:
    """All that is looked for in the words of services for a profile."""
    scanner = judge.lens.scanner
    wanted: dict[_Wanted, Wording] = {}
    for term in judge.wanted.all:
        name = term.removeprefix("=")
        wanted[_term(term)] = (
            stems_wording([[term]]) if name == term else names_wording(scanner.names.get(name, ()))
        )
    for term, phrases in scanner.near.items():
        wanted[_term(related(term))] = stems_wording(phrases)
    for term in judge.wanted.all:
        wanted.setdefault(_term(related(term)), ())
    for group in judge.estate.systems:
        wanted["name", group] = names_wording(scanner.names[group])
    marks: set[str] = set()
    for requirement in judge.profile.requirements:
        if requirement.question is not None:
            question = requirement.question
            marks.update(choice_mark(question.id, option.id) for option in question.options)
            marks.update(_accepted(judge, requirement))
            if question.parent is not None:
                marks.add(choice_mark(question.parent, "no"))
    marks.add(choice_mark(_ADD_ON, "yes"))
    marks.update(denial_mark(denial) for denial in judge.rules.denials)
    for need in judge.needs:
        for row in need.rule.evidence:
            if row.question is not None:
                marks.update(
                    choice_mark(row.question.id, option) for option in (*row.options, "yes-extra-cost")
                )
            elif row.everything:
                marks.update(choice_mark(question, None) for question in row.fields)
            elif row.words is not None:
                marks.add(mark_of(row.words))
    wanted.update((("mark", mark), [[("word", mark)]]) for mark in marks)
    return wanted


def _term(term: str) -> _Wanted:
    return "term", term


def _accepted(judge: Judge, requirement: Requirement) -> list[str]:
    """The marks of answers that a requirement may accept; what is in other words may be."""
    assert requirement.question is not None
    question = requirement.question
    options = [judge.crosswalk.option_for(question, value) for value in requirement.accepted]
    accepted = [choice_mark(question.id, option.id) for option in options if option is not None]
    return [*accepted, choice_mark(question.id, None)]


def _bits_of(fields: frozenset[str]) -> np.uint16:
    """The bits of the fields that a row of evidence is about; without any, all but categories."""
    bits = (1 << FIELD_BITS) - 1 & ~_CATEGORIES
    if fields:
        names = {name for name, label in TOP_FIELDS.items() if label in fields}
        names |= {"answers"} if fields - set(TOP_FIELDS.values()) else set()
        numbers = [number for number, name in enumerate(FIELDS) if name in names]
        bits = sum(1 << number | 1 << number + len(FIELDS) for number in numbers)
    return np.uint16(bits)


def _seen(weights: Mapping[str, float]) -> _Share:
    """For each set of fields, how much it counts that they have a term (see `Topic.about`)."""
    sets = np.arange(1 << FIELD_BITS)
    seen = np.zeros(1 << FIELD_BITS)
    for number, field in enumerate(FIELDS):
        plainly, listed = sets >> number & 1, sets >> number + len(FIELDS) & 1
        seen += weights[field] * np.where(plainly, 1.0, LISTED * listed)
    return seen / (seen + SATURATION)
