"""Where a listing names a system of the profile, and what it says by naming it.

A name that is also an ordinary word is one only in the company of its kind. What a passage says around a name
is its *meaning*: that the service connects, brings records over, takes the place of the system, only plans
to, or does not (see the ``[[intent]]`` rows of ``barriers.toml``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from catalogue.denials import clause_of, is_denied, is_planned, masked, outside_brackets
from catalogue.findings import Standpoint
from catalogue.listing import LINES, Listing, Passage
from catalogue.needs import VAGUE, Estate
from catalogue.ordinary import is_ambiguous, is_ordinary
from catalogue.rules import TOP_FIELDS, Rules, saying
from catalogue.rules.sayings import Span
from catalogue.vocabulary import AliasGroup, AliasMatch, is_beside_software, parts_of

#: Where naming a system means working with it, by the sense of the question.
WORKS_WITH = frozenset(["add-on-to", "api-use"])
#: What a system is named for by a listing that has a link with it, and by one that has none.
LINKED = frozenset(["connects", "extends", "moves"])
NOT_YET = frozenset(["planned", "denied", "manual"])
#: What types in the place of people.
ROBOTS = saying(
    ["robot*", "rpa", "automat*", "bot", "bots", "digital worker*", "digital clerk*", "unattended"]
)
#: What a listing as a whole offers that types in the place of people.
TYPISTS = saying(["robot", "robots", "rpa", "digital worker*", "unattended"])
#: How near the verb of taking its place must stand before a name, in characters.
_NEAR = 70
#: And how near a verb of leaving it, which has other senses.
_BESIDE = 18
#: The fields that say what a listing is about.
_HEAD = ("name", "description", "features", "benefits", "categories")
#: How rare (`Topic.rarity`) a word must be that is told to mean something else than a system.
_RARE = 1.6
#: What is a part of another product.
_EXTENSION = saying(["add-on", "extension", "plug-in", "plugin", "bolt-on", "companion"])
#: What some use already, though it is not finished, and what nobody has tried yet: neither is a mere plan.
_TRIED = saying(["in beta", "a beta", "beta with", "being piloted", "pilot with", "early adopter*"])
_UNTRIED = saying(["not been {tried|tested|proven}"])
#: What stands between two names that are told together.
_JOINED = re.compile(r",? (?:and|or|&) |, ?| ?/ ?")


#: What goes into a system and not out of it: "loads to", but no "goodbye to".
_INTO = re.compile(
    r"\b(?:migrat\w*|move|moves|moving|moved|load|loads|loaded|copies|copied|copy|import|imports|imported|export|exports|transfer|transfers|"
    r"posts|sends|writes|files?|filed)\b(?: \w+){0,3} (?:to|into|onto) (?:the |your )?$",
    re.IGNORECASE,
)
#: What stands between a verb and a name that is not its object: "replaces rekeying into Siebel".
_OF_ANOTHER = re.compile(r"\b[a-z]\w*,|\b(?:in|into|with|to|at|by|on)\b")
#: What leaves a system each day, and does not leave it for good.
_FLOWS = re.compile(
    r"\b(?:data|(?:order|job|case|message|record|request|payment|file|return|letter|invoice|referral|booking)s?)"
    r" leaves?$",
    re.IGNORECASE,
)
#: What is left where it stands is not left: "leaves OASys exactly where it is".
_WHERE_IT_IS = re.compile(
    r"(?: \w+){0,2} (?:(?:where|as) (?:it|they) (?:is|are|stands?)|alone|in place|untouched|unchanged)\b",
    re.IGNORECASE,
)
#: What works without a system says so at its head: "Without Confirm the map has an inbox of its own".
_DOES_WITHOUT = re.compile(r"(?:^|\bworks? (?:\w+ )?)without (?:the )?$", re.IGNORECASE)
#: What is only like a system: "Totalmobile-style scheduling".
_LIKE = re.compile(r"-(?:style|like|grade|class|type)\b")
#: What denies of a name what was said before, and what answers for it.
_NOT = re.compile(r"\W*(?:not|never) (?:yet )?(?:(?:with|to|for) )?", re.IGNORECASE)
_IS_NOT = re.compile(r" (?:is|are|does|do|will) not\W*$", re.IGNORECASE)
_ANSWERED = re.compile(r" ?(?::|\(| [-–—] )", re.IGNORECASE)
#: What a service is only measured against: "unlike Confirm", "quicker than Confirm".
_UNLIKE = re.compile(
    r"\b(?:(?:unlike|versus|similar to|(?:compared|contrast|comparison) (?:with|to)) (?:\w+ ){0,2}"
    r"|(?<!\bother )(?<!\brather )(?<!\bmore )than (?:the |your )?)$",
    re.IGNORECASE,
)
#: What follows a name where one system is told with another: "Dynamics GP to Business Central".
_ON_TO = re.compile(r" (?:data |records |history )?(?:on)?to (?:(the cloud)\b|[A-Z])")
#: Between such a pair and what is done with it are only names: "GP to Business Central migration".
_PAIR = re.compile(r"[\w/ ]{0,50}")
#: Without these in its head a listing that is called by such a pair carries data, and leaves nothing.
_MOVED = saying(
    [
        "migrat*",
        "move",
        "moves",
        "moved",
        "moving",
        "convert*",
        "conversion*",
        "transition*",
        "goodbye",
        "upgrade*",
    ]
)
_TOLD = frozenset(TOP_FIELDS[field] for field in ("name", "description", "features"))


#: The word with a capital before a name, within a sentence.
_BEFORE = re.compile(r"(?<=\s)[A-Z]\w+(?= \Z)")
#: What a line that gives every word a capital has none of.
_SMALL = re.compile(r"\b[a-z]{5}")
#: What may stand between what is done to a system and its name.
_ITS = re.compile(r" (?:(?:of|for) )?(?:the |your |our |an |a )?(?:existing |current |old )?")


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
    if (words or doubtful) and not (_have_company([*named, *words]) or _means_it(at, system, listing)):
        return (named, not doubtful) if named else (words, False)
    return [*named, *(each for each in words if _is_capital_within(at, each))], True


def with_meanings(at: Standpoint, system: int, listing: Listing, named: Sequence[Named]) -> list[Named]:
    """The same with what each passage means by naming the system."""
    goes = at.profile.legacy[system].intent in ("replace", "retire")
    add_on = {option for answered in listing.service.answers.get("add-on", ()) for option in answered.options}
    stands_alone = "yes" not in add_on
    by_robot = listing.says(TYPISTS)
    moved = any(each.passage.field == "name" for each in named) and listing.says(_MOVED, _TOLD)
    return [
        each._replace(
            meaning="extends"
            if goes and _names_alone(each) and _stands_on(at.rules, each.passage, stands_alone=stands_alone)
            else _meaning(at.rules, each.passage, each.name, goes=goes, by_robot=by_robot, moved=moved)
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
    text = named.passage.text
    open_yet = named.meaning == "planned" and (_TRIED.occurs(text) or _UNTRIED.occurs(text))
    return named.meaning in NOT_YET and not open_yet


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
    first, last = sorted((one, other), key=lambda name: name.start)
    return _JOINED.fullmatch(passage.text, first.end - passage.start, last.start - passage.start) is not None


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
                if at.estate.systems.get(name.group.name) != system:
                    continue
                if _is_within_another(passage, name):
                    continue
                if not _is_measure(passage.text, name.start - passage.start, name.end - passage.start):
                    yield Named(passage, name)
                    break


def _is_measure(text: str, first: int, last: int) -> bool:
    """Whether a name only tells what a service is like or unlike: it has nothing to do with the system."""
    return _LIKE.match(text, last) is not None or _UNLIKE.search(text[:first]) is not None


def is_of_another(passage: Passage, name: AliasMatch) -> bool:
    """Whether another maker's name stands before a name: the *Hartwell* HOPS, where ours is the ACT HOPS."""
    first = name.start - passage.start
    before = _BEFORE.search(passage.text, 0, first)
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
    before = passage.text[: name.start - passage.start].rstrip()
    return (
        name.surface[0].isupper()
        and bool(before)
        and before[-1] not in ".:!?;"
        and not _is_within_another(passage, name)
        and not any(
            at.estate.vocabulary.rules_out(name.group, text) for text in (passage.of.text, *passage.of.beside)
        )
    )


def _names_alone(named: Named) -> bool:
    """Whether a passage names one system and no other on which a service might stand instead."""
    systems = {name.group.name for name in named.passage.names if name.group.kind == "system"}
    return len(systems) < 2


def _stands_on(rules: Rules, passage: Passage, *, stands_alone: bool) -> bool:
    """Whether a passage says that the service is a part of what it names, and of no use without it."""
    if passage.question == "add-on-to" and not stands_alone:
        return True
    return _EXTENSION.occurs(passage.text) and rules.cues["only"].occurs(passage.text)


def _meaning(
    rules: Rules, passage: Passage, name: AliasMatch, *, goes: bool, by_robot: bool, moved: bool
) -> str:
    """What a passage means by naming a system, that is to go or to stay; see the [[intent]] rows.

    ``by_robot`` and ``moved`` tell of the whole listing that something types, and that something is left.
    """
    text = passage.text
    span = _place(passage, name)
    clause = clause_of(rules, text, span)
    turned = _turned(rules, passage, name, clause, goes=goes)
    if turned and not (by_robot and turned == "manual"):
        return turned
    if _is_displaced(rules, passage, name, clause, goes=goes, moved=moved):
        return "replaces"
    if goes and (rules.cues["prolongs"].occurs(text[slice(*clause)]) or _is_upheld(rules, text, span)):
        return "prolongs"
    connects = passage.question in WORKS_WITH or rules.cues["connects"].occurs(text)
    moves = rules.cues["moves"].occurs(text) and not (goes and _INTO.search(text[: span[0]]))
    if moves and (goes or not connects):
        return "moves"
    return "connects" if connects else "mentions"


def _turned(rules: Rules, passage: Passage, name: AliasMatch, clause: Span, *, goes: bool) -> str:
    """Whether a link is denied, only planned or worked by hand; "" where the passage says none of that."""
    text, said = passage.text, passage.text[slice(*clause)]
    own = [_place(passage, each) for each in passage.names if each.group is name.group]
    span = _place(passage, name)
    if "(" in text:
        said = outside_brackets(rules, text, span)[slice(*clause)]
    links = [
        (clause[0] + first, clause[0] + last)
        for cue in (("moves", "supports") if goes else ("connects", "supports"))
        for first, last in rules.cues[cue].find(said)
    ]
    # "Integrations: Siebel (none)", "Connects with Dynamics but not Siebel", "Siebel: no".
    ahead, between = text[: clause[0]].rstrip(), text[clause[0] : span[0]]
    headed = (ahead.endswith(":") or bool(_NOT.fullmatch(between))) and rules.cues["connects"].occurs(ahead)
    headed = headed or bool(_ANSWERED.match(text, span[1]))
    claimed = bool(links) or headed or passage.question in WORKS_WITH
    if _IS_NOT.match(text, span[1]) or (
        claimed
        and not _DOES_WITHOUT.search(text[: span[0]])
        and any(is_denied(rules, text, each, own=own) for each in (span, *links))
    ):
        return "denied"
    # "SCHOLA: interface in development" is of one piece.
    first, last = (0, len(text)) if passage.field in LINES else clause
    within = [(start - first, end - first) for start, end in own if first <= start and end <= last]
    if any(is_planned(rules, text[first:last], each, own=within) for each in within):
        return "planned"
    by_hand = rules.cues["manual"].occurs(masked(rules, text)[slice(*clause)])
    return "manual" if by_hand and not ROBOTS.occurs(text) else ""


def _place(passage: Passage, name: AliasMatch) -> Span:
    """Where a name lies in its passage."""
    return name.start - passage.start, name.end - passage.start


def _is_displaced(
    rules: Rules, passage: Passage, name: AliasMatch, clause: Span, *, goes: bool, moved: bool
) -> bool:
    """Whether a passage says that a system is replaced, or, of one that is to stay, that it is left."""
    text = passage.text
    first, last = name.start - passage.start, name.end - passage.start
    pair = _ON_TO.match(text, last)
    for cue in ("replaces",) if goes else ("replaces", "leaves"):
        near = _NEAR if cue == "replaces" else _BESIDE
        for start, end in rules.cues[cue].find(text):
            if not (clause[0] <= start and end <= clause[1]):
                continue
            if cue == "leaves" and (_FLOWS.search(text[:end]) or _WHERE_IT_IS.match(text, last)):
                continue  # "orders leave QL": it stays
            is_object = not (_named_between(passage, name, end) or _OF_ANOTHER.search(text[end:first]))
            beside = (
                (0 <= first - end <= near and is_object)
                or 0 <= start - last <= 2
                or (cue == "leaves" and pair and _PAIR.fullmatch(text, last, start) is not None)
            )
            if not beside or is_denied(rules, text, (start, end)):
                continue
            if any(start < till and begun < end for begun, till in rules.cues["prolongs"].find(text)):
                continue  # "why replace it?"
            return True
    left = not goes and passage.field == "name" and pair and (moved or pair[1])
    return bool(left) and not rules.cues["connects"].occurs(text[slice(*clause)])


def _is_upheld(rules: Rules, text: str, span: Span) -> bool:
    """Whether what prolongs a system beside its name alone stands there: its upgrade, its hosting."""
    first, last = span
    if _ON_TO.match(text, last):
        return False
    return any(
        _ITS.fullmatch(text, end, first) or (0 <= start - last <= 1 and not _ON_TO.match(text, end))
        for start, end in rules.cues["upholds"].find(text)
    )


def _named_between(passage: Passage, name: AliasMatch, last: int) -> bool:
    """Whether another system is named between a place of the passage and a name behind it."""
    start = passage.start + last
    return any(
        start <= other.start < name.start and other.group is not name.group
        for other in passage.names
        if other.group.kind in ("system", "platform")
    )
