"""Where a listing names a system of the profile, and whether it means the system by the name.

A name that is also an ordinary word is one only in the company of its kind. What a passage says by naming a
system is read in `catalogue.meanings`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from catalogue.findings import Standpoint
from catalogue.listing import Listing, Passage
from catalogue.needs import VAGUE, Estate
from catalogue.ordinary import is_ambiguous, is_ordinary
from catalogue.vocabulary import AliasGroup, AliasMatch, is_beside_software, parts_of

#: The fields that say what a listing is about.
_HEAD = ("name", "description", "features", "benefits", "categories")
#: How rare (`Topic.rarity`) a word must be that is told to mean something else than a system.
_RARE = 1.6
#: What stands between two names that are told together.
_JOINED = re.compile(r",? (?:and|or|&) |, ?| ?/ ?")
#: What is only like a system: "Totalmobile-style scheduling".
_LIKE = re.compile(r"-(?:style|like|grade|class|type)\b")
#: What a service is only measured against: "unlike Confirm", "quicker than Confirm".
_UNLIKE = re.compile(
    r"\b(?:(?:unlike|versus|similar to|(?:compared|contrast|comparison) (?:with|to)) (?:\w+ ){0,2}"
    r"|(?<!\bother )(?<!\brather )(?<!\bmore )than (?:the |your )?)$",
    re.IGNORECASE,
)
#: The word with a capital before a name, within a sentence, but for what is said of any connector.
_BEFORE = re.compile(
    r"(?<=\s)(?!(?:Accredited|Approved|Certified|Current|Direct|Existing|Full|Legacy|Live|Native|New|Our"
    r"|Secure|Standard|The|Your) )[A-Z]\w+(?= \Z)"
)
#: What a line that gives every word a capital has none of.
_SMALL = re.compile(r"\b[a-z]{5}")


class Named(NamedTuple):
    """A passage that names a system, with the name, and what it means by that; "" where nobody asked yet."""

    passage: Passage
    name: AliasMatch
    meaning: str = ""


def naming(at: Standpoint, system: int, listing: Listing) -> tuple[list[Named], bool]:
    """Where a listing names a system, by its place in the profile; and whether it means the system by it.

    Where it does not, what is given are the places of a word that means something else.
    """
    named = list(places_named(at, system, listing))
    words = _words_for_it(at, system, listing)
    if not named and not words:
        return [], True
    doubtful = all(is_doubtful(each.name) and not _is_program(each) for each in named)
    if (words or doubtful) and not (_have_company([*named, *words]) or _means_it(at, system, listing)):
        return (named, not doubtful) if named else (words, False)
    return [*named, *(each for each in words if _is_capital_within(at, each))], True


def is_of_its_purpose(at: Standpoint, system: int, listing: Listing) -> bool:
    """Whether the head of a listing speaks of what a system is for."""
    terms = at.topic.terms(at.profile.legacy[system].purpose or "").keys() - VAGUE
    return any(text.field in _HEAD for term in terms for text in listing.terms.get(term, ()))


def is_doubtful(name: AliasMatch) -> bool:
    """Whether a name may mean something else: an ordinary word, or capitals that stand for many things."""
    return name.is_gated or is_ambiguous(name.surface)


def groups_with_plain_names(estate: Estate) -> list[AliasGroup]:
    """The systems of a profile that have a name which means nothing else."""
    return [
        group
        for group in estate.vocabulary.groups
        if group.name in estate.systems
        and any(name not in group.gated and not is_ambiguous(name) for name in group.names)
    ]


def _is_program(named: Named) -> bool:
    """Whether a name stands beside what only programs have, such as a connector."""
    passage, name = named.passage, named.name
    return passage.of is not None and is_beside_software(passage.of.tokens, name.start, name.end)


def _have_company(named: Sequence[Named]) -> bool:
    """Whether names stand together by no chance: two of one system, or one joined to another system's."""
    return any(
        name.surface.casefold() != each.name.surface.casefold()
        if name.group is each.name.group
        else name.group.kind in ("system", "platform") and _are_joined(each.passage, each.name, name)
        for each in named
        if each.passage.of is not None
        for name in (*each.passage.names, *each.passage.of.refused)
    )


def _are_joined(passage: Passage, one: AliasMatch, other: AliasMatch) -> bool:
    """Whether only a comma or an "and" stands between two names: "reads Ethos and Access databases"."""
    (_, end), (start, _) = sorted(map(passage.place_of, (one, other)))
    return _JOINED.fullmatch(passage.text, end, start) is not None


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


def places_named(at: Standpoint, system: int, listing: Listing) -> Iterator[Named]:
    """The prose passages that name a system, each once, with the name."""
    for text in listing.named:
        for passage in text.passages:
            for name in passage.names:
                if at.estate.systems.get(name.group.name) != system:
                    continue
                if not (_is_within_another(passage, name) or _is_measure(passage, name)):
                    yield Named(passage, name)
                    break


def _is_measure(passage: Passage, name: AliasMatch) -> bool:
    """Whether a name only tells what a service is like or unlike: it has nothing to do with the system."""
    start, end = passage.place_of(name)
    return _LIKE.match(passage.text, end) is not None or _UNLIKE.search(passage.text[:start]) is not None


def is_of_another(passage: Passage, name: AliasMatch) -> bool:
    """Whether another maker's name stands before a name: the *Hartwell* HOPS, where ours is the ACT HOPS."""
    before = _BEFORE.search(passage.text, 0, passage.place_of(name)[0])
    own = {part for each in (*name.group.names, *name.group.context) for part in parts_of(each)}
    return before is not None and own.isdisjoint(parts_of(before[0]))


def _is_within_another(passage: Passage, name: AliasMatch) -> bool:
    """Whether a name that is an English word is part of another product's: "Citizen Access"."""
    if not is_ordinary(name.surface) or not is_of_another(passage, name):
        return False
    if any(name.start - other.end == 1 for other in passage.names):
        return False  # one name after another: "Liquidlogic Mosaic ContrOCC"
    capitals = sum(word[0].isupper() for word in passage.text.split())
    return capitals < 4 or _SMALL.search(passage.text) is not None


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
    before = passage.text[: passage.place_of(name)[0]].rstrip()
    return (
        name.surface[0].isupper()
        and bool(before)
        and before[-1] not in ".:!?;"
        and not _is_within_another(passage, name)
        and not any(
            at.estate.vocabulary.rules_out(name.group, text) for text in (passage.of.text, *passage.of.beside)
        )
    )
