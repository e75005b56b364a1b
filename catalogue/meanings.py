"""What a listing says by naming a system of the profile: its *meaning*, see the ``[[intent]]`` rows.

That the service connects, brings records over, takes the place of the system, keeps it going, only plans to,
or does not. It is told from the words around the name, by the cues of ``barriers.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from catalogue.denials import clause_of, is_denied, is_planned, masked, outside_brackets
from catalogue.findings import Standpoint
from catalogue.listing import LINES, Listing, Passage
from catalogue.naming import Named, places_named
from catalogue.rules import TOP_FIELDS, Rules, saying
from catalogue.rules.sayings import Span
from catalogue.vocabulary import AliasMatch

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
#: What is a part of another product.
_EXTENSION = saying(["add-on", "extension", "plug-in", "plugin", "bolt-on", "companion"])
#: What some use already, though it is not finished, and what nobody has tried yet: neither is a mere plan.
_TRIED = saying(["in beta", "a beta", "beta with", "being piloted", "pilot with", "early adopter*"])
_UNTRIED = saying(["not been {tried|tested|proven}"])
#: What goes into a system and not out of it: "loads to", but no "goodbye to".
_INTO = re.compile(
    r"\b(?:migrat\w*|move|moves|moving|moved|load|loads|loaded|copies|copied|copy|import|imports|imported|export|exports|transfer|transfers|"
    r"posts|sends|writes|files?|filed)\b(?: \w+){0,3} (?:to|into|onto) (?:the |your )?$",
    re.IGNORECASE,
)
#: What stands between a verb and a name that is not its object: "replaces rekeying into Siebel".
_OF_ANOTHER = re.compile(r"\b[a-z]\w*,|\b(?:in|into|with|to|at|by|on|around|about|beside|alongside)\b")
#: What has its object behind it, and does nothing to a name before it: "Siebel link, replacing rekeying".
_ACTIVE = re.compile(r"replac(?:ing|es?)\b|instead of|in place of|swap|rip", re.IGNORECASE)
#: "Switches FileNet off": what stands before the name, and behind it.
_SWITCHES = re.compile(
    r"\b(?:switch(?:es|ed|ing)?|turn(?:s|ed|ing)?|shut(?:s|ting)?)\s(?:(?:your|the|old)\s)*$", re.IGNORECASE
)
_OFF = re.compile(r"\s(?:off|down)\b", re.IGNORECASE)
#: Where records go when one system is told with another: "Documentum to SharePoint migration".
_TARGET = re.compile(
    r"(?<![\w-])(?!(?:Goodbye|Farewell|Alternative|Successor|Replacement|End)\b)[A-Z]\w*(?: \w+)? to "
    r"(?:the |your )?$"
)
#: What leaves a system each day, and does not leave it for good.
_FLOWS = re.compile(
    r"\b(?:data|(?:order|job|case|message|record|request|payment|file|return|letter|invoice|referral|booking)s?)"
    r" leaves?$",
    re.IGNORECASE,
)
#: Work that the supplier does.
_BY_SUPPLIER = re.compile(
    r"\b(?:by us|by our|we have|we read|(?:with)?in the price|no extra cost)\b", re.IGNORECASE
)
#: What leaves for a system, or as something: "claims leave for Oracle", "leave as a Unit4 file".
_GOES_OUT = re.compile(r"leaves?\s(?:for|as|in|by|through|via|to|at|every|each)\b", re.IGNORECASE)
#: Leave that people take: "roster, leave and swaps", "agreed leave between".
_ABSENCE = re.compile(
    r"(?:\b(?:annual|sick|agreed|maternity|paternity|parental|study|unpaid|staff|on|of|and)|,) leave\Z",
    re.IGNORECASE,
)
_ABSENCE_BEHIND = re.compile(r",| (?:and|or|requests?|cards?|balances?|between|bookings?|entitlements?)\b")
#: What is left where it stands is not left: "leaves OASys exactly where it is".
_WHERE_IT_IS = re.compile(
    r"(?: \w+){0,2} (?:(?:where|as) (?:it|they) (?:is|are|stands?)|alone|in place|untouched|unchanged)\b",
    re.IGNORECASE,
)
#: What works without a system says so at its head: "Without Confirm the map has an inbox of its own".
_DOES_WITHOUT = re.compile(r"(?:^|\bworks? (?:\w+ )?)without (?:the )?$", re.IGNORECASE)
#: What denies of a name what was said before, and what answers for it.
_NOT = re.compile(r"\W*(?:not|never) (?:yet )?(?:(?:with|to|for) )?", re.IGNORECASE)
_IS_NOT = re.compile(r" (?:is|are|does|do|will) not\W*$", re.IGNORECASE)
_ANSWERED = re.compile(r" ?(?::|\(| [-–—] )", re.IGNORECASE)
#: What follows a name where one system is told with another: "Dynamics GP to Business Central".
_ON_TO = re.compile(r" (?:data |records |history )?(?:on)?to (?:(the cloud)\b|[A-Z])")
#: Between such a pair and what is done with it are only names: "GP to Business Central migration".
_PAIR = re.compile(r"[\w/ ]{0,50}")
#: What is said in brackets on the way to a name.
_BRACKETS = re.compile(r"\([^()]*\)")
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
#: What may stand between what is done to a system and its name.
_ITS = re.compile(r" (?:(?:of|for) )?(?:the |your |our |an |a )?(?:existing |current |old )?")


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
        is_linked(with_meanings(at, other, listing, list(places_named(at, other, listing))))
        for other in others
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
    span = passage.place_of(name)
    clause = clause_of(rules, text, span)
    turned = _turned(rules, passage, name, clause, goes=goes)
    if turned and not (by_robot and turned == "manual"):
        return turned
    if _is_displaced(rules, passage, name, clause, goes=goes, moved=moved):
        return "replaces"
    if goes and (rules.cues["prolongs"].occurs(text[slice(*clause)]) or _is_upheld(rules, text, span)):
        return "prolongs"
    connects = passage.question in WORKS_WITH or rules.cues["connects"].occurs(text)
    before = text[: span[0]]
    moves = rules.cues["moves"].occurs(text) and not (
        goes and (_INTO.search(before) or _TARGET.search(before))
    )
    if moves and (goes or not connects):
        return "moves"
    return "connects" if connects else "mentions"


def _turned(rules: Rules, passage: Passage, name: AliasMatch, clause: Span, *, goes: bool) -> str:
    """Whether a link is denied, only planned or worked by hand; "" where the passage says none of that."""
    text = passage.text
    own = [passage.place_of(each) for each in passage.names if each.group is name.group]
    span = passage.place_of(name)
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
        and (
            is_denied(rules, text, span, own=own)
            # "Comes from Siebel, and is not sent back" denies one of two.
            or (links and all(is_denied(rules, text, each, own=own) for each in links))
        )
    ):
        return "denied"
    # "SCHOLA: interface in development" is of one piece.
    first, last = (0, len(text)) if passage.field in LINES else clause
    within = [(start - first, end - first) for start, end in own if first <= start and end <= last]
    if any(is_planned(rules, text[first:last], each, own=within) for each in within):
        return "planned"
    by_hand = rules.cues["manual"].occurs(masked(rules, text)[slice(*clause)])
    # What people of the supplier carry over, once and for its price, is a move as good as any.
    by_others = ROBOTS.occurs(text) or (goes and _BY_SUPPLIER.search(text))
    return "manual" if by_hand and not by_others else ""


def _is_displaced(
    rules: Rules, passage: Passage, name: AliasMatch, clause: Span, *, goes: bool, moved: bool
) -> bool:
    """Whether a passage says that a system is replaced, or, of one that is to stay, that it is left."""
    text = passage.text
    first, last = passage.place_of(name)
    pair = _ON_TO.match(text, last)
    for cue in ("replaces",) if goes else ("replaces", "leaves"):
        near = _NEAR if cue == "replaces" else _BESIDE
        for start, end in rules.cues[cue].find(text):
            if not (clause[0] <= start and end <= clause[1]):
                continue
            if cue == "leaves" and (
                _FLOWS.search(text[:end])
                or _GOES_OUT.match(text, start)
                or _WHERE_IT_IS.match(text, last)
                or _is_absence(text, (start, end))
            ):
                continue  # "orders leave QL": it stays
            # "Replaces (and retires) Siebel", but not "a front end (replaces paper) for Siebel".
            between = _BRACKETS.sub("", text[end:first])
            is_object = not (
                _named_between(passage, name, end) or _OF_ANOTHER.search(between) or ")" in between
            )
            beside = (
                (0 <= first - end <= near and is_object)
                or (0 <= start - last <= 2 and not _ACTIVE.match(text, start))
                or (cue == "leaves" and pair and _PAIR.fullmatch(text, last, start) is not None)
            )
            if not beside or is_denied(rules, text, (start, end)):
                continue
            if any(start < till and begun < end for begun, till in rules.cues["prolongs"].find(text)):
                continue  # "why replace it?"
            return True
    if (
        _OFF.match(text, last)
        and _SWITCHES.search(text[:first])
        # "You never have to switch FileNet off" denies no lack, as it would of rekeying.
        and not is_denied(rules, text, (first, last), masking=False)
    ):
        return True
    left = not goes and passage.field == "name" and pair and (moved or pair[1])
    return bool(left) and not rules.cues["connects"].occurs(text[slice(*clause)])


def _is_absence(text: str, span: Span) -> bool:
    """Whether *leave* is what people take from work."""
    first, last = span
    return text[first:last].lower() == "leave" and bool(
        _ABSENCE.search(text[:last]) or _ABSENCE_BEHIND.match(text, last)
    )


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
