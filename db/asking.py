"""What a user typed, read: corrected, and taken apart into the things to find."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from catalogue.concepts import load_concepts, stems_of
from catalogue.model import Assumed
from catalogue.questions import load_crosswalk
from catalogue.terms import stem
from catalogue.text import normalise, tokens_with_spans, words
from catalogue.vocabulary import AliasGroup, AliasMatch, Vocabulary
from db.catalogue import Catalogue
from db.correcting import Corrector
from db.heads import weighed
from db.index import any_of, count, phrase
from db.links import DONE_TO_SYSTEMS, JOINS, link_by_place, link_of
from db.things import DOUBTED, GRAMMAR, SYSTEMS, WHATEVER, Thing, Things, Way, asked_by, presumed
from db.words import Lexicon, load_lexicon

#: What is read of a text that somebody pasted by mistake.
_LONGEST_TEXT = 400
_MOST_THINGS = 12
#: Words that people need for questions, and that are not asked for either.
_ASKING = GRAMMAR.union(
    words(
        "can could did do does had has have how i if it its me much my she he should so some than them there"
        " these they those us was were what when where which who whose why will would you let lets want wants"
        " need needs get gets getting make makes making"
        " someone somebody anyone anybody everyone dont doesnt didnt cant wont isnt arent im ive weve"
        " youre theyre doesn didn isn aren ve ll thing things stuff something anything else please ideally"
        " always never very just really too also only then now yet still ever"
    )
)
#: What is to be done to a system weighs so much of what the system does where the place of its name says it,
#: and where nothing does: most who type a system and a subject want something for use with it.
_UNSAID, _PRESUMED = 0.3, 0.1
#: Names of so many letters are known written apart or together too: shorter ones are met by chance.
_LONG_NAME = 8
_QUOTED = re.compile(r'"([^"]*)"')


@dataclass(frozen=True, slots=True)
class Asked:
    """A text understood, and what the user should see of that.

    ``aliases`` are (as typed, other names looked for), ``related`` (as typed, words of the same families).
    """

    things: tuple[Thing, ...] = ()
    #: What is to be done to the systems though nobody said so: it orders what is found and finds nothing.
    presumed: tuple[Thing, ...] = ()
    assumed: tuple[Assumed, ...] = ()
    aliases: tuple[tuple[str, str], ...] = ()
    related: tuple[tuple[str, tuple[str, ...]], ...] = ()


def understand(catalogue: Catalogue, text: str, vocabulary: Vocabulary, *, doubting: bool = False) -> Asked:
    """Read what was typed, whatever it is: text that holds no word at all gives no things.

    Words that no service has are corrected; when ``doubting``, words that hardly any has as well.
    """
    text = normalise(text.replace("\x00", " "))[:_LONGEST_TEXT]
    quoted = [tokens for part in _QUOTED.findall(text) if (tokens := words(part))]
    corrector = Corrector(catalogue, lexicon(catalogue, vocabulary), doubting=doubting)
    rest, assumed = _corrected(_QUOTED.sub(" ", text), corrector, vocabulary)
    making = Things(lexicon(catalogue, vocabulary), words(rest))
    names = _names(catalogue, rest, vocabulary)
    typed = tokens_with_spans(rest)
    # Two names of one system are one thing; the one that means nothing else tells it.
    told: dict[str, AliasMatch] = {}
    for name in sorted(names, key=lambda each: each.is_gated):
        told.setdefault(name.group.name, name)
    placed = [
        (name.start, making.named(name.surface, _with_own_words(catalogue, name, vocabulary)))
        for name in told.values()
    ]
    free = [
        (word, start) for word, start, _ in typed if not any(name.start <= start < name.end for name in names)
    ]
    alone = not quoted and not names
    placed += _unnamed(free, making, lexicon(catalogue, vocabulary), vocabulary, alone=alone)
    things = [making.quoted(run) for run in quoted]
    things += weighed(sorted(placed, key=lambda each: each[0]), rest)
    for each in assumed:
        if count(catalogue, phrase([each.typed])):
            things = [_with_typed(thing, each) for thing in things]
    once = {thing.match: thing for thing in reversed(things)}
    kept = tuple(reversed(once.values()))[:_MOST_THINGS]
    if any(thing.is_system for thing in kept):
        kept = tuple(replace(thing, link=link_of(words(thing.typed))) for thing in kept)
    linking = () if any(thing.link for thing in kept) else tuple(_presumed(kept, rest, names))
    return Asked(kept, linking, tuple(assumed), tuple(making.aliases), _told_once(making))


def _with_own_words(catalogue: Catalogue, name: AliasMatch, vocabulary: Vocabulary) -> AliasGroup:
    """The group of a name of several words, with those of them that are no other system's as ambiguous names.

    Who types "Northgate M3" finds "M3 importer", too, though vendors' names alone say nothing.
    """
    group, run = name.group, words(name.surface)
    if group.kind not in SYSTEMS or len(run) < 2:
        return group
    bearers = _bearers(catalogue, vocabulary)
    own = tuple(
        word
        for word in run
        if bearers[word] == 1
        and not (word in GRAMMAR or word in WHATEVER or word.isdigit() or vocabulary.group_of(word))
        and not load_concepts(loose=True).related(word)
    )
    return replace(group, gated=(*group.gated, *own), also=(*group.also, *own)) if own else group


def _bearers(catalogue: Catalogue, vocabulary: Vocabulary) -> Counter[str]:
    """How many of the groups have a word in their names."""

    def work_out() -> Counter[str]:
        return Counter(
            chain.from_iterable(
                {word for name in group.names for word in words(name)} for group in vocabulary.groups
            )
        )

    return catalogue.remembered("words of names", work_out)


def _told_once(making: Things) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The related words that are not told already, as other names or for another word."""
    told = {stems_of(name) for _, others in making.aliases for name in others.split(", ")}
    found: list[tuple[str, tuple[str, ...]]] = []
    for typed, words_of in making.related:
        fresh = {stems_of(word): word for word in reversed(words_of)}
        kept = tuple(word for stems, word in reversed(fresh.items()) if stems not in told)
        told.update(fresh)
        if kept:
            found.append((typed, kept))
    return tuple(found)


def _presumed(things: Sequence[Thing], text: str, names: Sequence[AliasMatch]) -> Iterator[Thing]:
    """What is to be done to the first system of a text, by where the names stand in it."""
    named = [(number, name) for number, name in enumerate(names) if name.group.kind in SYSTEMS]
    if not named:
        return
    found: dict[str, float] = {}
    for number, name in named:
        following = names[number + 1] if number + 1 < len(names) else None
        between = words(text[name.end : following.start]) if following else []
        link = link_by_place(text[: name.start], text[name.end :], to_another=between in (["to"], ["into"]))
        if link:
            found[link] = _UNSAID
    system = next(thing for thing in things if thing.is_system)
    for link, much in (found or {JOINS: _PRESUMED}).items():
        yield presumed(link, system, much)


def _names(catalogue: Catalogue, text: str, vocabulary: Vocabulary) -> list[AliasMatch]:
    """The names in what was typed, also written apart or as one word, with those everyday words that stand
    beside what is done to systems."""
    names = vocabulary.find_in(text)
    tokens = tokens_with_spans(text)
    done = [stem(word) in DONE_TO_SYSTEMS for word, _, _ in tokens]
    for number, (word, start, end) in enumerate(tokens):
        if any(done[max(0, number - 1) : number + 2]) and not any(
            name.start <= start < name.end for name in names
        ):
            group = vocabulary.group_of(word)
            if group and group.kind in SYSTEMS and vocabulary.is_gated(word):
                names.append(AliasMatch(group, start, end, text[start:end]))
    together = _written_together(catalogue, vocabulary)
    for number, (word, start, end) in enumerate(tokens):
        runs = [(word, end), *((word + after, last) for after, _, last in tokens[number + 1 : number + 2])]
        for run, last in runs:
            if run in together and not any(name.start < last and start < name.end for name in names):
                names.append(AliasMatch(together[run], start, last, text[start:last]))
    return sorted(names, key=lambda name: name.start)


def _written_together(catalogue: Catalogue, vocabulary: Vocabulary) -> dict[str, AliasGroup]:
    """The systems by those of their names that are one or two words and long enough, as one word."""

    def work_out() -> dict[str, AliasGroup]:
        found: dict[str, AliasGroup] = {}
        for group in vocabulary.groups:
            for name in group.names if group.kind in SYSTEMS else ():
                run = words(name)
                if name not in group.gated and len(run) <= 2 and len("".join(run)) >= _LONG_NAME:
                    found.setdefault("".join(run), group)
        return found

    return catalogue.remembered("names as one word", work_out)


def lexicon(catalogue: Catalogue, vocabulary: Vocabulary) -> Lexicon:
    """The words of the catalogue and of the vocabulary's names."""

    def load() -> Lexicon:
        also = {word for group in vocabulary.groups for name in group.names for word in words(name)}
        systems = (group for group in vocabulary.groups if group.kind in SYSTEMS)
        names = (words(name) for group in systems for name in group.names if name not in group.gated)
        said = (word for family in load_concepts(loose=True).families for word in family.words)
        labels = (question.label for question in load_crosswalk().questions.values())
        return load_lexicon(
            catalogue,
            also,
            frozenset(run[0] for run in names if len(run) == 1),
            frozenset(word for text in chain(said, labels) for word in words(text)),
        )

    return catalogue.remembered("lexicon", load)


def _corrected(text: str, corrector: Corrector, vocabulary: Vocabulary) -> tuple[str, list[Assumed]]:
    """The text with each word that the catalogue does not have replaced by the one it was meant to be."""
    tokens = tokens_with_spans(text)[: 3 * _MOST_THINGS]
    typed = [word for word, _, _ in tokens]
    named = {word for name in vocabulary.find_in(text) for word in words(name.surface)}
    assumed: list[Assumed] = []
    for number, (word, start, end) in reversed(list(enumerate(tokens))):
        if word in named or word in _ASKING:
            continue
        meant = corrector.meant(typed, number)
        if meant is not None:
            assumed.insert(0, Assumed(word, meant))
            text = text[:start] + meant + text[end:]
    return text, assumed


def _unnamed(
    placed: Sequence[tuple[str, int]], making: Things, known: Lexicon, vocabulary: Vocabulary, *, alone: bool
) -> Iterator[tuple[int, Thing]]:
    """Things that are no names, with their places: phrases of a family or a question, two words that are one,
    or words."""
    free = [word for word, _ in placed]
    only_grammar = alone and all(word in _ASKING for word in free)
    at = 0
    while at < len(free):
        length = _phrase_length(free[at:])
        run = tuple(free[at : at + length])
        after = free[at + 1] if at + 1 < len(free) else ""
        if length > 1 or (run[0] not in _ASKING or only_grammar):
            if length == 1 and min(len(run[0]), len(after)) >= 3 and known.services.get(run[0] + after):
                yield placed[at][1], making.joined(run[0], after)
                length = 2
            else:
                yield placed[at][1], making.plain(run, _ambiguous(run, making, vocabulary))
        at += length


def _phrase_length(free: Sequence[str]) -> int:
    """How many of the words at the beginning are one phrase, of a family or of a question."""
    for length in range(min(load_concepts(loose=True).longest, len(free)), 1, -1):
        run = free[:length]
        if asked_by(run) or load_concepts(loose=True).related(" ".join(run)):
            return length
    return 1


def _ambiguous(run: Sequence[str], making: Things, vocabulary: Vocabulary) -> AliasGroup | None:
    """The system that may be meant by words which are also everyday words."""
    return vocabulary.group_of(" ".join(run)) if making.may_be_name(run) else None


def _with_typed(thing: Thing, doubted: Assumed) -> Thing:
    """A thing with what was typed found as well, and first, where a word was assumed instead of it."""
    if doubted.meant not in thing.typed:
        return thing
    typed = tuple(words(thing.typed.replace(doubted.meant, doubted.typed)))
    others = (replace(way, strength=min(way.strength, DOUBTED)) for way in thing.ways)
    return replace(thing, ways=(Way(typed), *others), match=any_of([phrase(typed), thing.match]))
