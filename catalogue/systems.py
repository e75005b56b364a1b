"""Named systems in a listing, judged by what the organisation intends with each.

A name alone is little. What counts is what the passage says around it: that it connects, brings records over,
takes the place of the system, only plans to, or does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from catalogue.findings import Judged, Standpoint, best_of, clause_of, finding, is_denied, masked, unanswered
from catalogue.listing import Listing, Passage
from catalogue.needs import Need
from catalogue.rules import TOP_FIELDS, Rules, Verdict, saying
from catalogue.vocabulary import AliasMatch

#: Where naming a system means working with it, by the sense of the question.
_WORKS_WITH = frozenset(["add-on-to", "api-use"])
#: How near the verb of taking its place must stand before a name, in characters.
_NEAR = 70
#: Where a listing says that it brings no connectors at all.
_TELLING = frozenset([TOP_FIELDS["description"], TOP_FIELDS["features"], "service-constraints", "api-use"])
#: A host that is any of many is none that must be owned.
_ANY = saying(["any", "most", "all", "other", "various", "range of", "your website", "existing"])
_CONNECTORS = saying(["connector*", "adaptor*", "adapter*", "integrations", "interfaces"])
#: Looked for in every listing.
SYSTEM_SAYINGS = (_CONNECTORS,)

_BECAUSE = {
    "connects": "it says that it works with {system}",
    "moves": "it brings over what is in {system}",
    "mentions": "it names {system}, without saying what it does with it",
    "replaces": "it takes the place of {system}",
    "planned": "a link with {system} is only planned",
    "denied": "it says that it does not work with {system}",
}


def judge_system(at: Standpoint, need: Need, listing: Listing) -> list[Judged]:
    """Judge what a listing says of one system of the profile."""
    assert need.system is not None
    system = at.profile.legacy[need.system]
    intent = at.rules.intents[system.intent]
    found: list[Judged] = []
    for passage, name in _naming(at, need.system, listing):
        meaning = _meaning(at.rules, passage, name, moves_first=system.intent in ("replace", "retire"))
        verdict = intent.verdicts[meaning]
        judged = finding(
            at,
            need,
            verdict,
            rule=need.rule.id if meaning == "connects" else f"{need.rule.id}.{meaning}",
            because=_BECAUSE[meaning].format(system=system.system),
            passage=passage,
        )
        found.append(replace(judged, stops=meaning in intent.stops))
    kept = best_of(found)
    if any(judged.verdict.side > 0 for judged in kept) and (denial := _no_connectors(at.rules, listing)):
        because = "it says that no connectors come with it"
        against = finding(
            at, need, Verdict.STRONG_AGAINST, rule="legacy.no-connectors", because=because, passage=denial
        )
        # Naming systems and bringing no connectors is worse than silence: the claim is denied by its maker.
        return [replace(against, stops=system.intent == "connect")]
    return kept or [unanswered(at, need, listing.service, [])]


def _naming(at: Standpoint, system: int, listing: Listing) -> Iterator[tuple[Passage, AliasMatch]]:
    """The prose passages that name a system, each once, with the name."""
    for text in listing.named:
        for passage in text.passages:
            for name in passage.names:
                if at.estate.systems.get(name.group.name) == system:
                    yield passage, name
                    break


def _meaning(rules: Rules, passage: Passage, name: AliasMatch, *, moves_first: bool) -> str:
    """What a passage means by naming a system; see the [[intent]] rows."""
    text = passage.text
    span = (name.start - passage.start, name.end - passage.start)
    start, end = clause_of(text, span)
    clause = text[start:end]
    links = any(rules.cues[cue].occurs(clause) for cue in ("connects", "supports"))
    if is_denied(rules, text, span) and links:
        return "denied"
    if rules.cues["planned"].occurs(masked(rules, text)[start:end]):
        return "planned"
    for first, last in rules.cues["replaces"].find(text):
        if start <= first and last <= end and (0 <= span[0] - last <= _NEAR or 0 <= first - span[1] <= 2):
            return "replaces"
    connects = passage.question in _WORKS_WITH or rules.cues["connects"].occurs(text)
    moves = rules.cues["moves"].occurs(text)
    if moves and (moves_first or not connects):
        return "moves"
    return "connects" if connects else "mentions"


def _no_connectors(rules: Rules, listing: Listing) -> Passage | None:
    """The passage that says that connectors do not come with the service at all, if there is one."""
    for passage, spans in listing.saying(_CONNECTORS, _TELLING):
        for first, last in spans:
            blanked = masked(rules, passage.text)
            near = rules.cues["denies-near"].find(blanked[max(0, first - 12) : first])
            late = rules.cues["denies-late"].find(blanked[last : last + 20])
            if near or late:
                return passage
    return None


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
