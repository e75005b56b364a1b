"""What a passage tells of a system that it names: that it is left behind, or that there is a link with it.

Who types "Siebel replacement" or "Confirm interface" is after what listings say in a hundred ways: a loader,
a way out, "nightly from Siebel", "posts to Confirm". The ways are the cues by which a match reads listings.
"""

from __future__ import annotations

from collections.abc import Sequence

from catalogue.concepts import Stems, stems_of
from catalogue.denials import clause_of, masked
from catalogue.rules import load_rules
from catalogue.terms import stem
from catalogue.text import words

#: What is done to a system: it goes, or something is joined to it.
GOES, JOINS = "goes", "joins"


def _runs(*phrases: str) -> frozenset[Stems]:
    return frozenset(map(stems_of, phrases))


def _stems(typed: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words(typed))


_WORDS = {
    GOES: _stems(
        "replace replacement migrate migration move moving leave leaving exit decommission retire retiring"
        " upgrade successor alternative off extract extraction convert conversion switch"
    ),
    JOINS: _stems(
        "connect connecter connector connection integrate integration interface api adapter adaptor link"
        " linked sync feed addon plugin extension compatible"
    ),
}
_PHRASES = {
    GOES: _runs("get rid of", "move away from", "move off", "switch off", "take over from", "instead of"),
    JOINS: _runs("add on", "bolt on", "plug in", "works with", "front end"),
}
#: What listings say of a system when they bring over what it holds, take its place, or work with it.
_CUES = {GOES: ("moves", "replaces"), JOINS: ("connects",)}
#: What follows "to" where a system is left for whatever there is.
_ANOTHER = frozenset(words("something anything another else new newer modern cheaper better cloud web"))
#: Words right before the name of a system that something is joined to.
_AHEAD = [words(run) for run in ("into", "in front of", "infront of", "on top of")]
#: The words by which a name that is an everyday word, too, is told for a system's.
DONE_TO_SYSTEMS = _WORDS[GOES] | _WORDS[JOINS] | _stems("archive into to")


def link_of(run: Sequence[str]) -> str:
    """What words that were typed ask to be done to a system: `GOES`, `JOINS` or nothing."""
    stems = tuple(map(stem, run))
    for link, telling in _WORDS.items():
        if stems in _PHRASES[link] or (len(stems) == 1 and stems[0] in telling):
            return link
    return ""


def link_by_place(before: str, after: str, *, to_another: bool) -> str:
    """What the words around the name of a system ask to be done to it: "Notes *to* SharePoint", "*into* SAP".

    ``to_another`` tells that the next name is another system's.
    """
    run = words(after)
    if run[:1] in (["to"], ["into"]) and (to_another or (run[1:2] and run[1] in _ANOTHER)):
        return GOES
    ahead = words(before)[-3:]
    if any(ahead[len(ahead) - len(run) :] == run for run in _AHEAD):
        return JOINS
    return ""


def links_told(text: str, span: tuple[int, int]) -> frozenset[str]:
    """What a passage tells of the system that it names at a place."""
    rules = load_rules()
    start, end = clause_of(rules, text, span)
    clause = masked(rules, text)[start:end]
    return frozenset(
        link for link, cues in _CUES.items() if any(rules.cues[cue].occurs(clause) for cue in cues)
    )
