"""Where a listing names a system of the profile, and what it says by naming it.

A name that is also an ordinary word is one only in the company of its kind. What a passage says around a name
is its *meaning*: that the service connects, brings records over, takes the place of the system, only plans
to, or does not (see the ``[[intent]]`` rows of ``barriers.toml``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from catalogue.denials import clause_of, is_denied, masked
from catalogue.findings import Standpoint
from catalogue.listing import Listing, Passage
from catalogue.needs import VAGUE
from catalogue.ordinary import is_ordinary
from catalogue.rules import Rules, saying
from catalogue.vocabulary import AliasMatch, is_beside_software

#: Where naming a system means working with it, by the sense of the question.
WORKS_WITH = frozenset(["add-on-to", "api-use"])
#: What a system is named for by a listing that has a link with it, and by one that has none.
LINKED = frozenset(["connects", "extends", "moves"])
NOT_YET = frozenset(["planned", "denied", "manual"])
#: What types in the place of people.
ROBOTS = saying(
    ["robot*", "rpa", "automat*", "bot", "bots", "digital worker*", "digital clerk*", "unattended"]
)
#: How near the verb of taking its place must stand before a name, in characters.
_NEAR = 70
#: And how near a verb of leaving it, which has other senses.
_BESIDE = 18
#: The fields that say what a listing is about.
_HEAD = ("name", "description", "features", "benefits", "categories")
#: How rare (`Topic.rarity`) a word must be that is told to mean something else than a system.
_RARE = 1.6
#: Capitals up to this number are an abbreviation that others may use, too: LAS, ESR, EMIS.
_ABBREVIATED = 5
#: What is a part of another product.
_EXTENSION = saying(["add-on", "extension", "plug-in", "plugin", "bolt-on", "companion"])
#: What some use already, though it is not finished.
_TRIED = saying(["in beta", "a beta", "beta with", "being piloted", "pilot with", "early adopter*"])


#: What goes into a system and not out of it: "loads to", but no "goodbye to".
_INTO = re.compile(
    r"\b(?:load|loads|loaded|copies|copied|copy|import|imports|imported|export|exports|transfer|transfers|"
    r"posts|sends|writes|files?|filed)\b(?: \w+){0,3} (?:to|into) (?:the |your )?$",
    re.IGNORECASE,
)


class Named(NamedTuple):
    """A passage that names a system, with the name, and what it means by that; "" where nobody asked yet."""

    passage: Passage
    name: AliasMatch
    meaning: str = ""


def naming(at: Standpoint, system: int, listing: Listing) -> tuple[list[Named], bool]:
    """Where a listing names a system, by its place in the profile; and whether it means the system by it.

    Where it does not, what is given are the places of a word that means something else.
    """
    named = list(_naming(at, system, listing))
    words = _words_for_it(at, system, listing)
    if not named and not words:
        return [], True
    doubtful = all(is_doubtful(each.name) and not _is_program(each) for each in named)
    if (words or doubtful) and not _means_it(at, system, listing):
        return (named, not doubtful) if named else (words, False)
    return [*named, *(each for each in words if _is_capital_within(at, each))], True


def with_meanings(at: Standpoint, system: int, listing: Listing, named: Sequence[Named]) -> list[Named]:
    """The same with what each passage means by naming the system."""
    goes = at.profile.legacy[system].intent in ("replace", "retire")
    add_on = {option for answered in listing.service.answers.get("add-on", ()) for option in answered.options}
    stands_alone = "yes" not in add_on
    return [
        each._replace(
            meaning="extends"
            if goes and _stands_on(at.rules, each.passage, stands_alone=stands_alone)
            else _meaning(at.rules, each.passage, each.name, goes=goes)
        )
        for each in named
    ]


def takes_back(at: Standpoint, system: int, listing: Listing, named: Sequence[Named]) -> bool:
    """Whether a listing names a system only to say that there is no link, none yet, or staff are the link.

    One that connects to another system of the estate is worth having for that one.
    """
    if is_linked(named) or not any(each.meaning in NOT_YET for each in named):
        return False
    legacy = at.profile.legacy
    others = (number for number, each in enumerate(legacy) if number != system and each.intent == "connect")
    return not any(
        is_linked(with_meanings(at, other, listing, list(_naming(at, other, listing)))) for other in others
    )


def is_linked(named: Sequence[Named]) -> bool:
    """Whether one of the passages that name a system tells of a link that is there.

    Over a plan only an answer prevails: what is claimed in the head is what the plan corrects.
    """
    planned = any(each.meaning == "planned" for each in named)
    return any(each.meaning in LINKED and (each.passage.field == "answers" or not planned) for each in named)


def is_not_yet(named: Named) -> bool:
    """Whether a passage says that there is no link; what some try already is no mere plan."""
    tried = named.meaning == "planned" and _TRIED.occurs(named.passage.text)
    return named.meaning in NOT_YET and not tried


def is_of_its_purpose(at: Standpoint, system: int, listing: Listing) -> bool:
    """Whether the head of a listing speaks of what a system is for."""
    terms = at.topic.terms(at.profile.legacy[system].purpose or "").keys() - VAGUE
    return any(text.field in _HEAD for term in terms for text in listing.terms.get(term, ()))


def is_doubtful(name: AliasMatch) -> bool:
    """Whether a name may mean something else: an ordinary word, or capitals that stand for many things."""
    surface = name.surface
    if name.is_gated or not surface.isalpha():
        return name.is_gated
    return is_ordinary(surface) or (len(surface) <= _ABBREVIATED and surface.isupper())


def _is_program(named: Named) -> bool:
    """Whether a name stands beside what only programs have, such as a connector."""
    passage, name = named.passage, named.name
    return passage.of is not None and is_beside_software(passage.of.tokens, name.start, name.end)


def _means_it(at: Standpoint, system: int, listing: Listing) -> bool:
    """Whether a listing with a word for a name speaks of what the system is for, or of our like at all."""
    sector = at.profile.organisation.sector
    kin = (sector, *at.rules.kin.get(sector, ())) if sector else ()
    ours = [at.rules.audiences[each] for each in kin if each in at.rules.audiences]
    if any(listing.says(words) for words in ours):
        return True
    if any(at.estate.systems.get(name) not in (None, system) for name in listing.systems_named):
        return True  # two names of one estate stand together by no chance
    if not ours and not at.profile.legacy[system].purpose:
        return True  # the profile says nothing to tell senses apart by
    return is_of_its_purpose(at, system, listing)


def _naming(at: Standpoint, system: int, listing: Listing) -> Iterator[Named]:
    """The prose passages that name a system, each once, with the name."""
    for text in listing.named:
        for passage in text.passages:
            for name in passage.names:
                if at.estate.systems.get(name.group.name) == system and not _is_plain(name):
                    yield Named(passage, name)
                    break


def _is_plain(name: AliasMatch) -> bool:
    """Whether a name is an everyday word that stands in small letters, and is not so spelt by anybody."""
    return (
        name.surface.islower()
        and name.surface.isalpha()
        and name.surface not in name.group.names
        and is_ordinary(name.surface)
    )


def _words_for_it(at: Standpoint, system: int, listing: Listing) -> list[Named]:
    """The passages with a word that is also a name of a system, and rare enough to be worth telling."""
    found: list[Named] = []
    if not any(at.estate.systems[name] == system for name in listing.lens.asked):
        return found
    for text in listing.texts:
        if not text.scan.named or text.field == "categories":
            continue
        for name in text.refused:
            if at.estate.systems.get(name.group.name) == system and (
                text.field == "name" or at.topic.rarity_of_words(name.surface) >= _RARE
            ):
                for passage in text.passages:
                    if passage.start <= name.start < passage.start + len(passage.text):
                        found.append(Named(passage, name))
    return found


def _is_capital_within(at: Standpoint, named: Named) -> bool:
    """Whether a name has a capital within a sentence, where only names have one."""
    passage, name = named.passage, named.name
    assert passage.of is not None
    before = passage.text[: name.start - passage.start].rstrip()
    return (
        name.surface[0].isupper()
        and bool(before)
        and before[-1] not in ".:!?;"
        and not any(
            at.estate.vocabulary.rules_out(name.group, text) for text in (passage.of.text, *passage.of.beside)
        )
    )


def _stands_on(rules: Rules, passage: Passage, *, stands_alone: bool) -> bool:
    """Whether a passage says that the service is a part of what it names, and of no use without it."""
    if passage.question == "add-on-to" and not stands_alone:
        return True
    return _EXTENSION.occurs(passage.text) and rules.cues["only"].occurs(passage.text)


def _meaning(rules: Rules, passage: Passage, name: AliasMatch, *, goes: bool) -> str:
    """What a passage means by naming a system, that is to go or to stay; see the [[intent]] rows."""
    text = passage.text
    span = (name.start - passage.start, name.end - passage.start)
    start, end = clause_of(text, span)
    clause = text[start:end]
    links = [
        (start + first, start + last)
        for cue in ("connects", "supports")
        for first, last in rules.cues[cue].find(clause)
    ]
    if links and (is_denied(rules, text, span) or any(is_denied(rules, text, link) for link in links)):
        return "denied"
    if rules.cues["planned"].occurs(masked(rules, text)[start:end]):
        return "planned"
    if rules.cues["manual"].occurs(masked(rules, text)[start:end]) and not ROBOTS.occurs(text):
        return "manual"
    for cue in ("replaces",) if goes else ("replaces", "leaves"):
        for first, last in rules.cues[cue].find(text):
            near = _NEAR if cue == "replaces" else _BESIDE
            before = 0 <= span[0] - last <= near and not _named_between(passage, name, last)
            if start <= first and last <= end and (before or 0 <= first - span[1] <= 2):
                return "replaces"
    connects = passage.question in WORKS_WITH or rules.cues["connects"].occurs(text)
    moves = rules.cues["moves"].occurs(text) and not (goes and _INTO.search(text[: span[0]]))
    if moves and (goes or not connects):
        return "moves"
    return "connects" if connects else "mentions"


def _named_between(passage: Passage, name: AliasMatch, last: int) -> bool:
    """Whether another system is named between a place of the passage and a name behind it."""
    start = passage.start + last
    return any(
        start <= other.start < name.start and other.group is not name.group
        for other in passage.names
        if other.group.kind in ("system", "platform")
    )
