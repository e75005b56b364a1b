"""Named systems in a listing, judged by what the organisation intends with each.

A name alone is little. What counts is what the passage says around it: that it connects, brings records over,
takes the place of the system, only plans to, or does not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from msgspec.structs import replace

from catalogue.coverage import passages_with
from catalogue.denials import is_charged_for, is_planned, masked, outside_brackets, refuses
from catalogue.findings import DOUBTS, Judged, Standpoint, best_of, finding, unanswered
from catalogue.listing import Listing, Passage
from catalogue.meanings import (
    NOT_YET,
    ROBOTS,
    TYPISTS,
    WORKS_WITH,
    is_linked,
    is_not_yet,
    takes_back,
    with_meanings,
)
from catalogue.naming import (
    Named,
    is_of_another,
    is_of_its_purpose,
    naming,
)
from catalogue.needs import Need
from catalogue.rules import TOP_FIELDS, Rules, Verdict, saying

#: How much of the words of a system's purpose a passage must have to speak of systems of its kind.
_PURPOSE = 0.6
#: A listing that names so many systems claims little of each, but for what it is an extension of.
_EVERYTHING = 10
#: Where a listing says that it brings no connectors at all.
_TELLING = frozenset([TOP_FIELDS["description"], TOP_FIELDS["features"], "service-constraints", "api-use"])
#: A host that is any of many is none that must be owned.
_ANY = saying(["any", "most", "all", "other", "various", "range of", "your website", "existing"])
_CONNECTORS = saying(
    [
        "connector*",
        "adaptor*",
        "adapter*",
        "integrations",
        "interfaces",
        "an interface to",
        "programming interface",
    ]
)
#: What says it without a denial: the names that a listing drops are only for illustration, too.
_UNSUPPLIED = saying(
    [
        "{ships|shipped|comes|sold|supplied|delivered} without {connectors|adaptors|interfaces|integrations}",
        "{ships|shipped|comes|sold|supplied|delivered} without any {connector*|adaptor*|interface*}",
        "{product|system|software|supplier|brand} names {illustrate|exemplify|suggest}",
        "no {links|connections|integrations|interfaces} {with|to} other systems are "
        "{provided|supplied|offered|included}",
        "{interfaces|connectors|connections|links|integrations} ** ** are neither "
        "{built|supplied|included|made}",
        "{driver|connector|adaptor|adapter|interface} is {a stub|a placeholder|a mock-up}",
        "{accelerators|connectors|adaptors|adapters} are {slides|slide decks|documents}",
        "empty {connector|connectors|integration|integrations|interface} {library|catalogue|marketplace}",
        "{connector|integration|interface} {library|catalogue} is empty",
        "{systems|products} {are|serve as} examples of what {could|can|might|may} be",
        "names {are|serve} {illustrative|indicative|examples|as examples|for illustration}",
        "{connectors|adaptors|adapters|interfaces|integrations} {are|must be|need to be|can be} "
        "{procured|bought|purchased|sourced|obtained|built|commissioned} {from|by|through|with} "
        "{third parties|a third party|others|partners|you|the buyer|the client|the customer|your}",
    ]
)
#: What nobody needs is no lack: "no connectors to buy".
_NOT_NEEDED = re.compile(r"\W*(?:\w+ ){0,2}?(?:need|needed|required|necessary|to (?:buy|build|be bought))\b")
#: Connectors with systems of kinds, and with none by name: "Connectors to housing systems are planned".
_TO_KINDS = re.compile(
    r"(?i:connectors|interfaces|integrations|adaptors|adapters) (?:to|with|for) [a-z][a-z -]*\b"
    r"(?:systems|schedulers|back offices|offices)\b"
)
#: What is said of licences for interfaces is about who pays the other side.
_LICENCES = re.compile(r"\blicen[cs]es? (?:for|of|to)\b", re.IGNORECASE)
#: What nobody wants is no lack either: "no clunky interfaces", "no expensive adapters".
_UNWANTED = re.compile(
    r"\b(?:clunky|confusing|complex|complicated|costly|expensive|custom|bespoke|separate|third-party|extra|additional"
    r"|legacy|fragile|brittle|proprietary|hidden|special|another|old|middleware|nonsense"
    # Nor what somebody may not do to them, nor that one kind of system is not among them.
    r"|write|build|make|edit|develop|modify|change|alter|touch|among)\b",
    re.IGNORECASE,
)
#: What is done to systems, in the name of a service: its other words are such names.
_DONE = saying(
    [
        "interface*",
        "connector*",
        "integration*",
        "migration*",
        "replacement",
        "consultan*",
        "archiv*",
        "developer*",
        "feed*",
        "transfer*",
        "extract*",
    ]
)
#: The intents for systems that go.
_GOES = ("replace", "retire")
#: For how long a link with a system that goes is wanted: "read and written until it is switched off".
_MEANWHILE = re.compile(r"\b(?:until|till|as long as|in the meantime|meanwhile|while (?:it|they|we))\b", re.I)
#: Looked for in every listing.
SYSTEM_SAYINGS = (_CONNECTORS, _UNSUPPLIED, TYPISTS)

_BECAUSE = {
    "connects": "it says that it works with {system}",
    "meanwhile": "it says that it works with {system}, which is wanted until that goes",
    "moves": "it brings over what is in {system}",
    "mentions": "it names {system}, without saying what it does with it",
    "replaces": "it takes the place of {system}",
    "prolongs": "it keeps {system} going, which is to go",
    "planned": "a link with {system} is only planned",
    "extends": "it only works on top of {system}, which is to go",
    "manual": "somebody would carry things to and from {system} by hand",
    "denied": "it says that it does not work with {system}",
}


def judge_system(at: Standpoint, need: Need, listing: Listing) -> list[Judged]:
    """Judge what a listing says of one system of the profile."""
    assert need.system is not None
    system = at.profile.legacy[need.system]
    named, is_meant = naming(at, need.system, listing)
    if not is_meant:
        return _in_another_sense(at, need, named)
    named = with_meanings(at, need.system, listing, named)
    if system.intent == "connect" and (denial := _no_connectors(at.rules, listing)):
        # Whatever a listing claims to connect to: that no connectors come with it says more than that.
        # One that drops the names of everybody's systems all the same says nothing else worth believing.
        because = "it says that no connectors come with it"
        judged = finding(
            at, need, Verdict.STRONG_AGAINST, rule="legacy.no-connectors", because=because, passage=denial
        )
        return [replace(judged, stops=_names_everything(listing))]
    if system.intent == "connect" and takes_back(at, need.system, listing, named):
        # A claim with its own denial is a denial.
        kept = best_of(
            replace(_said(at, need, listing, each), stops=is_not_yet(each))
            for each in named
            if each.meaning in NOT_YET
        )
    else:
        linked = is_linked(named)
        telling = [each for each in named if _tells(at, need, listing, each)]
        if any(each.passage.field == "name" and each.meaning in ("moves", "replaces") for each in named):
            # What is called a way out keeps the old one only as long as that takes.
            telling = [each for each in telling if each.meaning != "prolongs"]
        kept = best_of(_said(at, need, listing, each, linked=linked) for each in telling)
        if (
            system.intent in _GOES
            and not _is_wanted_meanwhile(at, need.system)
            and _is_made_for(at, need.system, named)
        ):
            kept = [
                replace(each, stops=True) if each.rule.endswith((".extends", ".prolongs")) else each
                for each in kept
            ]
    if not kept and not named:
        kept = _of_its_kind(at, need, listing)
    return kept or [unanswered(at, need, listing.service, [])]


def _is_wanted_meanwhile(at: Standpoint, system: int) -> bool:
    """Whether a requirement asks for a link with a system for as long as it is there, though it is to go."""
    names = {f"={group}" for group, place in at.estate.systems.items() if place == system}
    return any(
        requirement.question is None
        and _MEANWHILE.search(requirement.text)
        and not names.isdisjoint(at.topic.wanted.of(requirement.text))
        for requirement in at.profile.requirements
    )


def _names_everything(listing: Listing) -> bool:
    """Whether a listing names so many systems that it says little of any."""
    return len(listing.systems_named) >= _EVERYTHING


def _tells(at: Standpoint, need: Need, listing: Listing, named: Named) -> bool:
    """Whether a passage says anything of the system: a word of everyday language alone does not."""
    assert need.system is not None
    return not (
        named.meaning == "mentions"
        and named.name.is_gated
        and not is_of_its_purpose(at, need.system, listing)
    )


def _said(at: Standpoint, need: Need, listing: Listing, named: Named, *, linked: bool = False) -> Judged:
    """What a passage says of the system that it names. ``linked`` where the listing has a link with it."""
    assert need.system is not None
    system = at.profile.legacy[need.system]
    intent = at.rules.intents[system.intent]
    passage, meaning = named.passage, named.meaning
    verdict = intent.verdicts[meaning]
    links = system.intent in _GOES and meaning in ("connects", "extends")
    if meanwhile := links and _is_wanted_meanwhile(at, need.system):
        verdict = Verdict.WEAK_FOR
    is_limit = meaning == "denied" and linked
    if is_limit:
        verdict = Verdict.WEAK_AGAINST  # a limit of the link that there is
    if verdict is Verdict.STRONG_FOR and is_charged_for(at.rules, passage.text):
        verdict = Verdict.WEAK_FOR
    because = _BECAUSE["meanwhile" if meanwhile else meaning].format(system=system.system)
    rule = need.rule.id if meaning == "connects" else f"{need.rule.id}.{meaning}"
    judged = finding(at, need, verdict, rule=rule, because=because, passage=passage)
    is_work = listing.service.record.lot.slug == "cloud-support"
    if passage.field == "name" and meaning == "moves" and is_work:
        # What people's work is called is what they do: "Off SharePoint 2010" is no boast.
        judged = replace(judged, verdict=verdict, fraction=at.fraction(verdict), because=because)
    if judged.verdict.side > 0 and _names_everything(listing) and passage.question not in WORKS_WITH:
        because = f"{judged.because}, among so many that it says little of any"
        judged = replace(
            judged, verdict=Verdict.WEAK_FOR, fraction=at.fraction(Verdict.WEAK_FOR) / 2, because=because
        )
    if is_limit and system.intent in _GOES:
        judged = replace(judged, fraction=Decimal(0))  # what is not brought over, beside what is
    return replace(judged, stops=meaning in intent.stops)


def _is_made_for(at: Standpoint, system: int, named: Sequence[Named]) -> bool:
    """Whether a listing is called by a system, works with it and no other, and nowhere tells of its end."""
    hosts = [each.passage for each in named if each.passage.field == "name" or each.meaning == "extends"]
    others = any(
        name.group.kind == "system" and at.estate.systems.get(name.group.name) != system
        for passage in hosts
        for name in passage.names
    )
    titled = any(passage.field == "name" for passage in hosts)
    return titled and not others and all(each.meaning != "replaces" for each in named)


def _in_another_sense(at: Standpoint, need: Need, named: Sequence[Named]) -> list[Judged]:
    """Findings against: the word stands there, and nothing else says that the system is meant.

    A listing that is called by it is about another thing altogether. In small letters it may be no more than
    the word, and casts no doubt on the rest.
    """
    titled = any(passage.field == "name" and not _DONE.occurs(passage.text) for passage, _, _ in named)
    verdict = Verdict.STRONG_AGAINST if titled else Verdict.WEAK_AGAINST
    because = "the word seems to mean something else here: nothing speaks of what the system is for"
    return best_of(
        replace(
            finding(at, need, verdict, rule=f"{need.rule.id}.sense", because=because, passage=passage),
            stops=titled,
            doubt=None if titled or name.surface.islower() else DOUBTS,
        )
        for passage, name, _ in named
    )


def _of_its_kind(at: Standpoint, need: Need, listing: Listing) -> list[Judged]:
    """What a listing that does not name a system says of systems of its kind: half of weak, either way.

    Its kind is told by the words of its purpose, or by such as "your existing system" and "any database".
    """
    assert need.system is not None
    system = at.profile.legacy[need.system]
    if system.intent == "keep":
        return []
    goes = system.intent in _GOES
    weights = at.topic.terms(system.purpose or "")
    whole = sum(weights.values())
    passages = {passage: True for passage, _ in listing.saying(at.rules.cues["kinds"])} if goes else {}
    if len(weights) > 1:
        for passage, _ in passages_with(listing, weights, least=_PURPOSE * whole, fewest=2):
            passages[passage] = True
    found: list[Judged] = []
    for passage in passages:
        if passage.field in ("name", "categories"):
            continue
        text = masked(at.rules, passage.text)
        says = at.rules.cues["moves" if goes else "connects"].find(text)
        if not says or at.rules.cues["replaces"].occurs(text):
            continue
        by_hand = at.rules.cues["manual"].occurs(text) and not ROBOTS.occurs(text)
        against = refuses(at.rules, passage.text) or by_hand
        verdict = Verdict.WEAK_AGAINST if against else Verdict.WEAK_FOR
        because = f"it speaks of systems of this kind, and does not name {system.system}"
        judged = finding(at, need, verdict, rule=f"{need.rule.id}.kind", because=because, passage=passage)
        found.append(replace(judged, fraction=judged.fraction / 2, ask=need.ask))
    return best_of(found)


def _no_connectors(rules: Rules, listing: Listing) -> Passage | None:
    """The passage that says that connectors do not come with the service at all, if there is one."""
    for passage, _ in listing.saying(_UNSUPPLIED, _TELLING):
        return passage
    for passage, spans in listing.saying(_CONNECTORS, _TELLING):
        for first, last in spans:
            blanked = outside_brackets(rules, passage.text, (first, last))
            before = blanked[max(0, first - 30) : first]
            if _LICENCES.search(before):
                continue  # who pays for the other side's
            near = rules.cues["denies-near"].find(before)
            if near and _UNWANTED.search(before, near[-1][1]):
                continue
            late = rules.cues["denies-late"].find(blanked[last : last + 40])
            if (near or late) and not _NOT_NEEDED.match(blanked[last:]):
                return passage
            if _TO_KINDS.match(passage.text, first) and is_planned(rules, passage.text, (first, last)):
                return passage
    return None


def judge_others(at: Standpoint, need: Need, listing: Listing) -> list[Judged]:
    """Judge whether a listing is made for other systems than those that the profile names.

    One that speaks of connecting to, moving from or replacing systems, and names none of ours among them, is
    the right product for somebody else.
    """
    ours = [system for system in at.profile.legacy if system.intent != "keep"]
    if not ours or any(name.group.name in at.estate.systems for text in listing.named for name in text.names):
        return [unanswered(at, need, listing.service, [])]
    found: list[Judged] = []
    for text in listing.named:
        for passage in text.passages:
            others = [name for name in passage.names if name.group.kind == "system"]
            if not others:
                continue
            says = any(at.rules.cues[cue].occurs(passage.text) for cue in ("connects", "moves", "replaces"))
            if not (says or text.field == "name"):
                continue
            names = ", ".join(dict.fromkeys(name.surface for name in others))
            because = f"it is made for {names}, and names no system of the profile"
            verdict = Verdict.STRONG_AGAINST if text.field == "name" else Verdict.WEAK_AGAINST
            judged = finding(at, need, verdict, rule=need.rule.id, because=because, passage=passage)
            found.append(replace(judged, stops=text.field == "name"))
    return best_of(found) or [unanswered(at, need, listing.service, [])]


def judge_host(at: Standpoint, need: Need, listing: Listing) -> list[Judged]:
    """Judge whether a listing that only works inside another product stands on one that the profile names."""
    answers = listing.service.answers.get("add-on", ())
    options = {option for answered in answers for option in answered.options}
    hosts = [passage for text in listing.texts if text.question == "add-on-to" for passage in text.passages]
    if "yes" not in options or not hosts:
        return [unanswered(at, need, listing.service, ["add-on"])]
    only = any(at.rules.cues["only"].occurs(passage.text) for passage in hosts)
    claimed = [passage for passage in hosts if not refuses(at.rules, passage.text)]
    ours = [
        (passage, name)
        for passage in claimed
        for name in passage.names
        if name.group.name in at.estate.systems
    ]
    if ours and not (only and all(is_of_another(passage, name) for passage, name in ours)):
        return [
            Judged(
                need, Verdict.SILENT, Decimal(0), need.rule.id, "it is an add-on to a system of the profile"
            )
        ]
    if not only and any(_ANY.occurs(passage.text) for passage in claimed):
        return [unanswered(at, need, listing.service, ["add-on"])]
    named = [
        name.group.kind
        for passage in hosts
        for name in passage.names
        if name.group.kind in ("system", "platform")
    ]
    certain = "system" in named or only
    because = "it only works as an extension of a product that the profile does not name"
    verdict = Verdict.WEAK_AGAINST if "platform" in named else Verdict.STRONG_AGAINST
    first, *others = best_of(
        finding(at, need, verdict, rule="legacy.other-host", because=because, passage=passage)
        for passage in hosts
    )
    return [replace(first, stops=certain, ask=f"Does it work without {hosts[0].text.rstrip('.')}?"), *others]
