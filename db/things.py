"""Things to find: each under all its names, with the words of the same families at a discount."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from catalogue.concepts import load_concepts
from catalogue.ordinary import how_common
from catalogue.questions import load_crosswalk
from catalogue.terms import stem
from catalogue.text import words
from catalogue.vocabulary import AliasGroup
from db.index import all_of, any_of, near, phrase, said
from db.links import GOES, JOINS
from db.words import Lexicon

#: Words that listings need for grammar: asked for only within a phrase, or where there is nothing else.
GRAMMAR = frozenset(
    words("a an and are as at be by for from in is of on or our that the their this to we with your")
)
#: What another name of a thing counts beside the one that was typed, a word that was assumed in doubt, a word
#: of the same family, and one word of a phrase.
OTHER_NAME, DOUBTED, RELATED, PART = 0.95, 0.8, 0.5, 0.35
#: … and a word of a family whose words are names of one and the same thing.
SAME = 0.85
#: Words that may stand between the words of a name.
NEAR = 8
#: … and between an ambiguous name and a word of its trade, unless its group says.
_IN_COMPANY = 12
#: An ambiguous name that more services have than this is a common word: it is not looked for by its company.
_MOST_IN_COMPANY = 2000
#: The share of services from which on a word is no clue.
_COMMON = 0.3
#: Related words are looked for where their rarest word is in no more services than this, or this share.
_QUICK, _QUICK_SHARE = 200, 0.05
#: Names of these kinds are everyday phrases, and have related words as any phrase.
_EVERYDAY = ("phrase", "identity", "body")
#: Names of these kinds are what the rest of a text is about, and weigh so much more than other words.
SYSTEMS = ("system", "platform")
_SYSTEM = 1.5
#: How listings mostly call what is done to a system.
_LINKING = {GOES: "migration", JOINS: "connector"}
#: Names of these kinds are meant wherever they stand in a text.
_NAMED = (*SYSTEMS, "identity")
#: What a phrase with one of these says is what its other words do not say.
_DENYING = frozenset(words("cannot cant can't don't dont never"))
#: Words for whatever is listed weigh less: a listing that does not say them is none the less one.
WHATEVER = frozenset(
    words(
        "software system systems solution solutions platform tool tools product products service services"
        " package module modules suite vendor vendors tracker management handling programme scheme reduction"
        " reducing people person persons stop help"
        # … and for whom: most listings are for any public body, and do not say which.
        " portal council councils trust trusts nhs university universities college colleges police force"
        " forces"
        " charity charities hospital hospitals government public sector authority authorities"
    )
)
_WHATEVER_WEIGHT = 0.3
#: A word that everybody says so often, and that no family and no question has, tells little.
_EVERYDAY_WORD, _EVERYDAY_WEIGHT = 200_000, 0.5
#: A phrase weighs as much more than one word as this power of its number of words.
_LENGTH = 0.5


@dataclass(frozen=True, slots=True)
class Way:
    """One way of saying a thing, and what it counts beside the word that was typed."""

    words: tuple[str, ...]
    strength: float = 1.0


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing asked for.

    ``match`` finds it under all its names, ``related`` by words of the same families; both are in the index's
    language. The words of ``apart`` may stand a little apart. ``system`` has names that mean it in company
    only. A service that answers one of ``questions`` with a yes has it too. A ``must`` was typed in quotes.
    ``breadth`` is about how many services have a related word: what can be said in many common ways tells
    less. ``emphasis`` is how much more it weighs than any words that are as rare.
    """

    typed: str
    ways: tuple[Way, ...]
    match: str
    related: str = ""
    apart: tuple[str, ...] = ()
    system: AliasGroup | None = None
    questions: tuple[str, ...] = ()
    must: bool = False
    breadth: int = 0
    emphasis: float = 1.0
    is_system: bool = False
    #: It only says more of what is wanted: for whom, with what, how good.
    beside: bool = False
    #: What it asks to be done to the systems that were typed; see `db.links`.
    link: str = ""


class Things:
    """Makes things for the words of one catalogue, and notes what else it looks for.

    ``aliases`` are (as typed, other names), ``related`` (as typed, words of the same families). ``typed`` are
    the words of the whole text: they are no other words for each other.
    """

    def __init__(self, lexicon: Lexicon, typed: Iterable[str]) -> None:
        self._lexicon = lexicon
        self._used = set(typed)
        self.aliases: list[tuple[str, str]] = []
        self.related: list[tuple[str, tuple[str, ...]]] = []

    def quoted(self, run: Sequence[str]) -> Thing:
        """Words that must stand together."""
        return Thing(" ".join(run), (Way(tuple(run)),), phrase(run), must=True)

    def named(self, surface: str, group: AliasGroup) -> Thing:
        """A thing that the vocabulary knows, under any of its names."""
        typed = tuple(words(surface))
        names = [name for name in group.names if name not in group.gated]
        others = [name for name in names if tuple(words(name)) != typed]
        if others:
            self.aliases.append((surface, ", ".join(others)))
        ambiguous = any(tuple(words(name)) == typed for name in group.gated)
        matches = [phrase(run) for run in _phrases(names if ambiguous else (surface, *names))]
        matches += [said(name) for name in names if "'" in name]
        matches += self._in_company(group)
        everyday = group.kind in _EVERYDAY
        same = self._same((surface, *names)) if everyday else ()
        matches += map(phrase, same)
        related = self._family((surface, *names)) if everyday else ()
        bare = [name for name in group.gated if self.may_be_name(words(name))]
        thing = Thing(
            surface,
            (
                Way(typed, RELATED if ambiguous else 1.0),
                *(Way(run, OTHER_NAME) for run in _phrases(names)),
                *(Way(run, SAME) for run in same),
                *_ways(related),
                *(self._parts(typed) if everyday else ()),
            ),
            any_of(dict.fromkeys(matches)) or phrase(typed),
            any_of(dict.fromkeys(self._quick((*bare, *related)))),
            system=group if group.gated else None,
            questions=asked_by(typed),
            breadth=self._breadth(related),
            emphasis=_SYSTEM if group.kind in SYSTEMS else _by_length(typed),
            is_system=group.kind in _NAMED,
        )
        return self._loosely(thing, typed)

    def plain(self, run: tuple[str, ...], group: AliasGroup | None) -> Thing:
        """A word, or a phrase of a family or a question. A ``group`` has it as one of its ambiguous names."""
        surface = " ".join(run)
        # A programme is no programmer: what is said of whatever there is has no other name.
        same = [] if surface in WHATEVER else self._same((surface,))
        related = self._family((surface,))
        names: tuple[str, ...] = ()
        if group is not None:
            # A name that is only sometimes this system's: its other names are found too, for less.
            names = tuple(name for name in group.names if name not in group.gated)
            self.aliases.append((surface, ", ".join(names)))
        parts = tuple(self._parts(run))
        thing = Thing(
            surface,
            (Way(run), *(Way(each, SAME) for each in same), *_ways((*names, *related)), *parts),
            any_of(map(phrase, dict.fromkeys((run, *same)))),
            any_of([*self._quick((*names, *related)), *(phrase(part.words) for part in parts)]),
            system=group,
            questions=asked_by(run),
            breadth=self._breadth(related),
            emphasis=self._emphasis(run, is_known=bool(same or related or group or asked_by(run))),
            is_system=group is not None and group.kind in _NAMED,
        )
        return self._loosely(thing, run)

    def _emphasis(self, run: Sequence[str], *, is_known: bool) -> float:
        if " ".join(run) in WHATEVER:
            return _WHATEVER_WEIGHT
        if len(run) == 1 and not is_known and how_common(run[0]) >= _EVERYDAY_WORD:
            return _EVERYDAY_WEIGHT
        return _by_length(run)

    def joined(self, left: str, right: str) -> Thing:
        """Two neighbours that the catalogue also has as one word, looked for as either."""
        apart = all_of(phrase([part]) for part in (left, right))
        same = self._same((left + right,))
        ways = (Way((left + right,)), Way((left, right)), *(Way(run, SAME) for run in same))
        match = any_of([phrase([left + right]), apart, *map(phrase, same)])
        return Thing(f"{left} {right}", ways, match, apart=(left, right))

    def may_be_name(self, run: Iterable[str]) -> bool:
        """Whether an ambiguous name is rare enough to be looked for as a name."""
        return all(self._lexicon.services.get(word, 0) <= _MOST_IN_COMPANY for word in run)

    def _loosely(self, thing: Thing, run: Sequence[str]) -> Thing:
        """The same with the words as typed also found a little apart, unless they are near by chance."""
        telling = tuple(dict.fromkeys(word for word in run if word not in GRAMMAR))
        # Words that every other service has stand near each other by chance, and take long to look for.
        if len(telling) < 2 or not all(map(self._is_clue, telling)):
            return thing
        return replace(thing, match=any_of([thing.match, near(telling, NEAR)]), apart=telling)

    def _in_company(self, group: AliasGroup) -> Iterator[str]:
        """Matches for the ambiguous names of a system, each with a word of its trade near it."""
        for name in group.gated:
            run = words(name)
            if run and self.may_be_name(run):
                for beside in group.context:
                    yield f"NEAR({phrase(run)} {phrase(words(beside))}, {group.within or _IN_COMPANY})"

    def _same(self, names: Sequence[str]) -> list[tuple[str, ...]]:
        """Other names of the same thing, by the families, as words; none that is looked for already."""
        known = {tuple(words(name)) for name in names}
        found = dict.fromkeys(word for name in names for word in load_concepts(loose=True).same(name))
        kept = [word for word in found if word not in self._used and tuple(words(word)) not in known]
        self._used.update(kept)
        if kept:
            surface, others = names[0], ", ".join(kept)
            if self.aliases and self.aliases[-1][0] == surface:
                others = f"{self.aliases.pop()[1]}, {others}"
            self.aliases.append((surface, others))
        return [tuple(words(word)) for word in kept]

    def _family(self, names: Sequence[str]) -> tuple[str, ...]:
        """The words of the same families that are a clue, without those that are looked for already."""
        found: dict[str, None] = {}
        for name in names:
            for word in load_concepts(loose=True).related(name):
                run = words(word)
                if word not in self._used and (len(run) > 1 or self._is_clue(run[0])):
                    found[word] = None
        # What is said once counts once.
        self._used.update(found)
        if found:
            self.related.append((names[0], tuple(found)))
        return tuple(found)

    def _parts(self, run: Sequence[str]) -> Iterator[Way]:
        """The words of a phrase one by one: each says a little of it.

        Of "cannot use the web" they say the contrary.
        """
        for word in run if len(run) > 1 and _DENYING.isdisjoint(run) else ():
            if word not in GRAMMAR and self._is_clue(word):
                yield Way((word,), PART)

    def _is_clue(self, word: str) -> bool:
        return self._lexicon.services.get(word, 0) <= _COMMON * self._lexicon.total

    def _breadth(self, related: Iterable[str]) -> int:
        return sum(self._rarest(words(name)) for name in related)

    def _quick(self, names: Iterable[str]) -> list[str]:
        """Matches for related words, without those that take long to look for: they are only read."""
        most = max(_QUICK, _QUICK_SHARE * self._lexicon.total)
        return [said(name) for name in names if self._rarest(words(name)) <= most]

    def _rarest(self, run: Iterable[str]) -> int:
        return min(self._lexicon.services.get(word, 0) for word in run)


def presumed(link: str, system: Thing, much: float) -> Thing:
    """What is to be done to a system though nobody said so, as telling as the system, so much less."""
    return Thing("", (Way((_LINKING[link],)),), system.match, link=link, emphasis=much * system.emphasis)


def _by_length(run: Sequence[str]) -> float:
    """How much more a phrase weighs than one word: who types three words that belong together means them."""
    telling = sum(word not in GRAMMAR for word in run)
    return float(max(1, telling) ** _LENGTH)


def _ways(names: Iterable[str]) -> Iterator[Way]:
    return (Way(tuple(words(name)), RELATED) for name in names)


def asked_by(run: Sequence[str]) -> tuple[str, ...]:
    """The questions answered with yes or no whose label begins with these words, or is this word."""
    return _questions().get(tuple(map(stem, run)), ())


@cache
def _questions() -> dict[tuple[str, ...], tuple[str, ...]]:
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    for question in load_crosswalk().questions.values():
        if any(option.id.startswith("yes") for option in question.options):
            stems = tuple(stem(word) for word in words(question.label))
            begun = (stems[:end] for end in range(2, len(stems)) if stems[end - 1] not in GRAMMAR)
            for run in {stems, *begun}:
                found[run] = (*found.get(run, ()), question.id)
    return found


def _phrases(names: Iterable[str]) -> list[tuple[str, ...]]:
    """The names as words without grammar at their ends, ``and`` also left out; none that contains another."""
    found: dict[tuple[str, ...], None] = {}
    for name in names:
        tokens = words(name)
        telling = [number for number, word in enumerate(tokens) if word not in GRAMMAR]
        if telling:
            core = tokens[telling[0] : telling[-1] + 1]
            found[tuple(core)] = None
            found[tuple(word for word in core if word != "and")] = None
    padded = {tokens: f" {' '.join(tokens)} " for tokens in found}
    return [
        tokens
        for tokens in found
        if not any(padded[other] in padded[tokens] for other in found if other != tokens)
    ]
