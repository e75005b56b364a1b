"""What a run is worth, in plain words: whether what it read can be trusted, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from catalogue.health import PULL
from catalogue.runs import REPARSE, Outcome, RunSummary
from catalogue.trends import seconds_told

Worth = Literal["trusted", "part", "not trusted", "under way"]

_READ = "It read all that it was to read, within the bounds of its source, and the catalogue has all of it."
_PART = "The catalogue has what it read so far, and says that this is a part."
_NONE = "Nothing of it is in the catalogue, which is as it was before."
_GO_ON = "Start the same again: it goes on where this one stopped and asks for no page twice."


@dataclass(frozen=True, slots=True)
class Verdict:
    """``word`` stands in a list of runs; ``told`` is a sentence for a reader, ``advice`` what to do."""

    worth: Worth
    word: str
    told: str
    advice: str = ""


def verdict_of(run: RunSummary, *, at_work: bool = False) -> Verdict:
    """What this run is worth; ``at_work`` tells that a process works on it now."""
    match run.outcome:
        case Outcome.RUNNING if at_work:
            return _UNDER_WAY
        case Outcome.FINISHED:
            return _FINISHED[run.published]
        case Outcome.CHANGED:
            return _CHANGED
        case outcome:
            word, told, advice = _BROKEN_OFF[outcome]
            is_part = run.published != "nothing"
            kept = _PART if is_part else _NONE
            return Verdict("part" if is_part else "not trusted", word, f"{told} {kept}", advice)


_UNDER_WAY = Verdict(
    "under way", "under way", "It is under way; nothing of it is in the catalogue before it has ended."
)
_FINISHED = {
    "whole": Verdict("trusted", "trusted", _READ),
    "partial": Verdict(
        "part", "in part", f"It reached its end, but not that of every listing. {_PART}", _GO_ON
    ),
    "nothing": Verdict("not trusted", "nothing new", f"It reached its end. {_NONE}"),
}
_CHANGED = Verdict(
    "not trusted",
    "not trusted",
    f"What it saw is out of bounds, so the source may have changed. {_NONE}",
    "Look at the example pages. If they are as they should be, change the bound that is named; if not, "
    "longlist doctor tells what has moved and what to edit.",
)
#: Word, sentence and advice for runs that something ended early.
_BROKEN_OFF = {
    Outcome.STOPPED: ("stopped", "It did as much as it was allowed to.", _GO_ON),
    Outcome.INTERRUPTED: ("interrupted", "Somebody stopped it.", _GO_ON),
    Outcome.FAILED: ("failed", "The source stopped answering, or something went wrong here.", _GO_ON),
    Outcome.RUNNING: (
        "broken off",
        "It was ended from outside: the machine stopped, or the program.",
        _GO_ON,
    ),
    Outcome.ABANDONED: ("given up", "A later run began anew instead of going on with it.", ""),
}


def counts_told(run: RunSummary) -> Iterator[str]:
    """What the run did, a sentence for each side of it."""
    counts = run.counts
    if run.key.source == PULL:
        yield f"{counts.listed:,} services were published there."
    elif run.key.scope == REPARSE:
        yield f"{counts.answered:,} pages of the archive were read again."
    else:
        yield f"{counts.requests:,} requests; {counts.answered:,} pages answered."
        if counts.listed or counts.wanted:
            yield f"{counts.listed:,} services were listed; {counts.wanted:,} were to be read."
    if counts.answer_ms and counts.requests:
        yield f"An answer took {seconds_told(counts.answer_ms / counts.requests / 1000)} on average."
    yield f"{counts.added:,} new, {counts.changed:,} changed, {counts.unchanged:,} as before."
    ended = (
        (counts.withdrawn, "withdrawn"),
        (counts.expired, "expired"),
        (counts.gone, "gone, and kept as withdrawn"),
        (counts.missing, "not there"),
        (counts.broken, "not to be read"),
        (counts.failed, "not obtained"),
    )
    if told := ", ".join(f"{number:,} {what}" for number, what in ended if number):
        yield f"Of the pages: {told}."
    if counts.left:
        yield f"{counts.left:,} were left for the next run."
