"""Named systems in a listing, judged by what the organisation intends with each.

A name alone is little. What counts is what the passage says around it: that it connects, brings records over,
takes the place of the system, only plans to, or does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from msgspec.structs import replace

from catalogue.coverage import passages_with
from catalogue.denials import clause_of, is_charged_for, is_denied, masked, refuses
from catalogue.findings import Judged, Standpoint, best_of, finding, unanswered
from catalogue.listing import Listing, Passage
from catalogue.needs import VAGUE, Need
from catalogue.ordinary import is_ordinary
from catalogue.rules import TOP_FIELDS, Rules, Verdict, saying
from catalogue.vocabulary import AliasMatch, is_beside_software

#: Where naming a system means working with it, by the sense of the question.
_WORKS_WITH = frozenset(["add-on-to", "api-use"])
#: How near the verb of taking its place must stand before a name, in characters.
_NEAR = 70
#: And how near a verb of leaving it, which has other senses.
_BESIDE = 18
#: How much of the words of a system's purpose a passage must have to speak of systems of its kind.
_PURPOSE = 0.6
#: The fields that say what a listing is about, and words of a purpose that could be any system's.
_HEAD = ("name", "description", "features", "benefits", "categories")
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
#: What types in the place of people.
_ROBOTS = saying(
    ["robot*", "rpa", "automat*", "bot", "bots", "digital worker*", "digital clerk*", "unattended"]
)
#: What is a part of another product.
_EXTENSION = saying(["add-on", "extension", "plug-in", "plugin", "bolt-on", "companion"])
#: What some use already, though it is not finished.
_TRIED = saying(["in beta", "a beta", "beta with", "being piloted", "pilot with", "early adopter*"])
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
    ]
)
#: Looked for in every listing.
SYSTEM_SAYINGS = (_CONNECTORS,)

_BECAUSE = {
    "connects": "it says that it works with {system}",
    "moves": "it brings over what is in {system}",
    "mentions": "it names {system}, without saying what it does with it",
    "replaces": "it takes the place of {system}",
    "planned": "a link with {system} is only planned",
    "extends": "it only works on top of {system}, which is to go",
    "manual": "somebody would carry things to and from {system} by hand",
    "denied": "it says that it does not work with {system}",
}
#: How rare (`Topic.rarity`) a word must be that is told to mean something else than a system.
_RARE = 1.6
#: Capitals up to this number are an abbreviation that others may use, too: LAS, ESR, EMIS.
_ABBREVIATED = 5
#: What a system is named for by a listing that has a link with it, and by one that has none.
_LINKED = frozenset(["connects", "extends", "moves"])
_NOT_YET = frozenset(["planned", "denied", "manual"])


def judge_system(at: Standpoint, need: Need, listing: Listing) -> list[Judged]:
    """Judge what a listing says of one system of the profile."""
    assert need.system is not None
    system = at.profile.legacy[need.system]
    intent = at.rules.intents[system.intent]
    goes = system.intent in ("replace", "retire")
    named = list(_naming(at, need.system, listing))
    if words := _words_for_it(at, need.system, listing):
        if _means_it(at, need.system, listing):
            named += [(passage, name) for passage, name in words if _is_capital_within(passage, name, at)]
        elif not named:
            return _in_another_sense(at, need, words)
    names_everything = len(listing.systems_named) >= _EVERYTHING
    if (
        named
        and all(is_doubtful(name) and not _is_program(passage, name) for passage, name in named)
        and not _means_it(at, need.system, listing)
    ):
        return _in_another_sense(at, need, named)
    add_on = {option for answered in listing.service.answers.get("add-on", ()) for option in answered.options}
    stands_alone = "yes" not in add_on
    found: list[Judged] = []
    meant = [
        (passage, name, "extends")
        if goes and _stands_on(at.rules, passage, stands_alone=stands_alone)
        else (passage, name, _meaning(at.rules, passage, name, goes=goes))
        for passage, name in named
    ]
    linked = any(meaning in _LINKED for _, _, meaning in meant)
    is_work = listing.service.record.lot.slug == "cloud-support"
    takes_back = system.intent == "connect" and _takes_back(at, need.system, listing, meant)
    for passage, name, meaning in meant:
        if takes_back and meaning not in _NOT_YET:
            continue  # a claim with its own denial is a denial
        verdict = intent.verdicts[meaning]
        if meaning == "denied" and linked:
            verdict = Verdict.WEAK_AGAINST  # a limit of the link that there is
        if meaning == "mentions" and name.is_gated and not _is_of_its_purpose(at, need.system, listing):
            continue
        if verdict is Verdict.STRONG_FOR and is_charged_for(at.rules, passage.text):
            verdict = Verdict.WEAK_FOR
        judged = finding(
            at,
            need,
            verdict,
            rule=need.rule.id if meaning == "connects" else f"{need.rule.id}.{meaning}",
            because=_BECAUSE[meaning].format(system=system.system),
            passage=passage,
        )
        if passage.field == "name" and meaning == "moves" and goes and is_work:
            # What people's work is called is what they do: "Off SharePoint 2010" is no boast.
            judged = replace(
                judged,
                verdict=verdict,
                fraction=at.fraction(verdict),
                because=_BECAUSE[meaning].format(system=system.system),
            )
        if judged.verdict.side > 0 and names_everything and passage.question not in _WORKS_WITH:
            because = f"{judged.because}, among so many that it says little of any"
            judged = replace(
                judged, verdict=Verdict.WEAK_FOR, fraction=at.fraction(Verdict.WEAK_FOR) / 2, because=because
            )
        found.append(
            replace(judged, stops=meaning in intent.stops or (takes_back and _is_not_yet(passage, meaning)))
        )
    if system.intent == "connect" and (denial := _no_connectors(at.rules, listing)):
        # Whatever a listing claims to connect to: that no connectors come with it says more than that.
        # One that drops the names of everybody's systems all the same says nothing else worth believing.
        because = "it says that no connectors come with it"
        judged = finding(
            at, need, Verdict.STRONG_AGAINST, rule="legacy.no-connectors", because=because, passage=denial
        )
        return [replace(judged, stops=names_everything)]
    kept = best_of(found)
    if not kept and not named:
        kept = _of_its_kind(at, need, listing)
    return kept or [unanswered(at, need, listing.service, [])]


def _takes_back(
    at: Standpoint, system: int, listing: Listing, meant: Sequence[tuple[Passage, AliasMatch, str]]
) -> bool:
    """Whether a listing names a system only to say that there is no link, none yet, or staff are the link.

    One that connects to another system of the estate is worth having for that one.
    """
    if _is_linked(meant) or not any(meaning in _NOT_YET for _, _, meaning in meant):
        return False
    legacy = at.profile.legacy
    others = (number for number, each in enumerate(legacy) if number != system and each.intent == "connect")
    return not any(
        _is_linked(
            [
                (passage, name, _meaning(at.rules, passage, name, goes=False))
                for passage, name in _naming(at, other, listing)
            ]
        )
        for other in others
    )


def _is_linked(meant: Sequence[tuple[Passage, AliasMatch, str]]) -> bool:
    """Whether one of the passages that name a system tells of a link that is there.

    Over a plan only an answer prevails: what is claimed in the head is what the plan corrects.
    """
    planned = any(meaning == "planned" for _, _, meaning in meant)
    return any(
        meaning in _LINKED and (passage.field == "answers" or not planned) for passage, _, meaning in meant
    )


def _is_not_yet(passage: Passage, meaning: str) -> bool:
    """Whether a passage says that there is no link; what some try already is no mere plan."""
    return meaning in _NOT_YET and not (meaning == "planned" and _TRIED.occurs(passage.text))


def _stands_on(rules: Rules, passage: Passage, *, stands_alone: bool) -> bool:
    """Whether a passage says that the service is a part of what it names, and of no use without it."""
    if passage.question == "add-on-to" and not stands_alone:
        return True
    return _EXTENSION.occurs(passage.text) and rules.cues["only"].occurs(passage.text)


def is_doubtful(name: AliasMatch) -> bool:
    """Whether a name may mean something else: an ordinary word, or capitals that stand for many things."""
    surface = name.surface
    if name.is_gated or not surface.isalpha():
        return name.is_gated
    return is_ordinary(surface) or (len(surface) <= _ABBREVIATED and surface.isupper())


def _is_program(passage: Passage, name: AliasMatch) -> bool:
    """Whether a name stands beside what only programs have, such as a connector."""
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
    return _is_of_its_purpose(at, system, listing)


def _is_of_its_purpose(at: Standpoint, system: int, listing: Listing) -> bool:
    """Whether the head of a listing speaks of what a system is for."""
    terms = at.topic.terms(at.profile.legacy[system].purpose or "").keys() - VAGUE
    return any(text.field in _HEAD for term in terms for text in listing.terms.get(term, ()))


def _in_another_sense(at: Standpoint, need: Need, named: list[tuple[Passage, AliasMatch]]) -> list[Judged]:
    """Findings against: the word stands there, and nothing else says that the system is meant.

    A listing that is called by it is about another thing altogether.
    """
    titled = any(passage.field == "name" and not _DONE.occurs(passage.text) for passage, _ in named)
    verdict = Verdict.STRONG_AGAINST if titled else Verdict.WEAK_AGAINST
    because = "the word seems to mean something else here: nothing speaks of what the system is for"
    return best_of(
        replace(
            finding(at, need, verdict, rule=f"{need.rule.id}.sense", because=because, passage=passage),
            stops=titled,
            doubted=not titled,
        )
        for passage, _ in named
    )


def _of_its_kind(at: Standpoint, need: Need, listing: Listing) -> list[Judged]:
    """What a listing that does not name a system says of systems of its kind: half of weak, either way.

    Its kind is told by the words of its purpose, or by such as "your existing system" and "any database".
    """
    assert need.system is not None
    system = at.profile.legacy[need.system]
    if system.intent == "keep":
        return []
    goes = system.intent in ("replace", "retire")
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
        by_hand = at.rules.cues["manual"].occurs(text) and not _ROBOTS.occurs(text)
        against = refuses(at.rules, passage.text) or by_hand
        verdict = Verdict.WEAK_AGAINST if against else Verdict.WEAK_FOR
        because = f"it speaks of systems of this kind, and does not name {system.system}"
        judged = finding(at, need, verdict, rule=f"{need.rule.id}.kind", because=because, passage=passage)
        found.append(replace(judged, fraction=judged.fraction / 2, ask=need.ask))
    return best_of(found)


def _naming(at: Standpoint, system: int, listing: Listing) -> Iterator[tuple[Passage, AliasMatch]]:
    """The prose passages that name a system, each once, with the name."""
    for text in listing.named:
        for passage in text.passages:
            for name in passage.names:
                if at.estate.systems.get(name.group.name) == system:
                    yield passage, name
                    break


def _words_for_it(at: Standpoint, system: int, listing: Listing) -> list[tuple[Passage, AliasMatch]]:
    """The passages with a word that is also a name of a system, and rare enough to be worth telling."""
    found: list[tuple[Passage, AliasMatch]] = []
    for text in listing.texts:
        if not text.scan.named or text.field == "categories":
            continue
        for name in text.refused:
            if at.estate.systems.get(name.group.name) == system and (
                text.field == "name" or at.topic.rarity_of_words(name.surface) >= _RARE
            ):
                for passage in text.passages:
                    if passage.start <= name.start < passage.start + len(passage.text):
                        found.append((passage, name))
    return found


def _is_capital_within(passage: Passage, name: AliasMatch, at: Standpoint) -> bool:
    """Whether a name has a capital within a sentence, where only names have one."""
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
    if rules.cues["manual"].occurs(masked(rules, text)[start:end]) and not _ROBOTS.occurs(text):
        return "manual"
    for cue in ("replaces",) if goes else ("replaces", "leaves"):
        for first, last in rules.cues[cue].find(text):
            near = _NEAR if cue == "replaces" else _BESIDE
            before = 0 <= span[0] - last <= near and not _named_between(passage, name, last)
            if start <= first and last <= end and (before or 0 <= first - span[1] <= 2):
                return "replaces"
    connects = passage.question in _WORKS_WITH or rules.cues["connects"].occurs(text)
    moves = rules.cues["moves"].occurs(text)
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


def _no_connectors(rules: Rules, listing: Listing) -> Passage | None:
    """The passage that says that connectors do not come with the service at all, if there is one."""
    for passage, spans in listing.saying(_CONNECTORS, _TELLING):
        for first, last in spans:
            blanked = masked(rules, passage.text)
            near = rules.cues["denies-near"].find(blanked[max(0, first - 30) : first])
            late = rules.cues["denies-late"].find(blanked[last : last + 40])
            if near or late:
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
    if any(name.group.name in at.estate.systems for passage in hosts for name in passage.names):
        return [
            Judged(
                need, Verdict.SILENT, Decimal(0), need.rule.id, "it is an add-on to a system of the profile"
            )
        ]
    only = any(at.rules.cues["only"].occurs(passage.text) for passage in hosts)
    if not only and any(_ANY.occurs(passage.text) for passage in hosts):
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
