"""One need judged against one listing: a verdict with the passage that supports it, word for word.

A judge gives at most one finding for and one against a need; where it gives neither, the listing is silent,
or its lot is not asked. Fractions are between 0 and 1 and become points in `catalogue.scoring`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

import msgspec
from msgspec.structs import replace

from catalogue.denials import contradicts, is_charged_for, is_denied, is_planned, masked, refuses
from catalogue.filing import Filing
from catalogue.listing import LINES, STUFFED, Listing, Passage, items_in
from catalogue.model import AnswerState, Service
from catalogue.needs import Estate, Need
from catalogue.profile import Profile
from catalogue.questions import Crosswalk
from catalogue.rules import TOP_FIELDS, Denial, Evidence, Rules, Verdict
from catalogue.topic import Topic


class Judged(msgspec.Struct, frozen=True):
    """A finding before it has points. ``quote`` is a substring of one value of ``label``.

    ``fraction`` is how much of the need it fills (for) or how much of its barrier it takes away (against);
    ``stops`` says that nothing else the listing offers makes up for it. ``ask`` is a question it raises;
    ``telling`` ranks where the quote stands, for choosing between passages that say the same.
    """

    need: Need
    verdict: Verdict
    fraction: Decimal
    rule: str
    because: str
    label: str | None = None
    quote: str | None = None
    stops: bool = False
    #: It casts doubt on all the rest, and takes this strength of the rules: less than one that stops.
    doubt: str | None = None
    ask: str | None = None
    telling: int = 0
    #: It bears out the finding before it, and counts for nothing of its own.
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Standpoint:
    """What every judge of one profile looks from."""

    profile: Profile
    rules: Rules
    crosswalk: Crosswalk
    estate: Estate
    #: The sectors whose listings suit the profile, and those that its words speak of: `catalogue.audience`.
    kinds: frozenset[str]
    spoken_of: frozenset[str]
    #: What the categories of listings tell for the profile.
    filing: Filing
    topic: Topic

    def fraction(self, verdict: Verdict) -> Decimal:
        """What the rules give a verdict."""
        name = _STRENGTHS.get(verdict.value)
        return _NOTHING if name is None else self.rules.strength[name]


_NOTHING = Decimal(0)
#: The strength of what may be an accident of words.
DOUBTS = "doubts"
#: The names that the rules have for what verdicts are worth.
_STRENGTHS = {
    "strong-for": "strong",
    "weak-for": "weak",
    "strong-against": "strong-against",
    "weak-against": "weak-against",
}
#: So many more quotes are kept for each side of a need.
_BESIDE = 3

#: Where a listing says whom it is made for.
HEAD = frozenset(
    [TOP_FIELDS["name"], TOP_FIELDS["description"], TOP_FIELDS["categories"], "service-constraints"]
)

#: Where a statement is most to the point: what is asked for by name, then limits and features, prose, claims.
_TELLING = {
    "add-on-to": 6,
    "service-constraints": 5,
    TOP_FIELDS["features"]: 5,
    "api-use": 4,
    TOP_FIELDS["description"]: 2,
    TOP_FIELDS["benefits"]: 1,
    TOP_FIELDS["name"]: 0,
}
_ELSEWHERE = 3
#: With fewer commas, and fewer capitals than names, a passage is no list.
_LISTED = 3
#: "No plug-ins, no administrators' course", in a list of features, boasts of what nobody needs.
_BOASTS = re.compile(r"no\b", re.IGNORECASE)
#: Words that are a denial themselves, as "no consultants" behind "no jargon,".
_DENIAL = re.compile(r"(?:no|without|never|nothing|nobody)\b", re.IGNORECASE)
_CAPITALS = re.compile(r"\b[A-Z]")
#: A run of abbreviations without a word between them is a list too.
_SHOUTED = re.compile(r"\b[A-Z][A-Z0-9]{1,}\b")
_SPOKEN = re.compile(r"\b[a-z]{3,}\b")


def finding(
    at: Standpoint, need: Need, verdict: Verdict, *, rule: str, because: str, passage: Passage | None = None
) -> Judged:
    """A finding with the fraction that the rules give its verdict, quoting ``passage``."""
    if passage is None:
        return Judged(need, verdict, at.fraction(verdict), rule, because)
    if verdict is Verdict.STRONG_FOR and is_stuffed(passage):
        verdict, because = Verdict.WEAK_FOR, f"{because}, in a long list of other things"
    elif verdict is Verdict.STRONG_FOR and passage.field == "name":
        verdict, because = Verdict.WEAK_FOR, f"{because}, in a name: that says little of how"
    telling = _TELLING.get(passage.question, _ELSEWHERE)
    return Judged(
        need, verdict, at.fraction(verdict), rule, because, passage.label, passage.text, telling=telling
    )


def is_stuffed(passage: Passage) -> bool:
    """Whether a passage lists so many things that it says little of any: what buyers complain of most."""
    stuffed = _is_stuffed(passage.text)
    if stuffed is None:
        return len({name.group.name for name in passage.names}) >= STUFFED
    return stuffed


@lru_cache(maxsize=4096)
def _is_stuffed(text: str) -> bool | None:
    """The same as far as the text alone tells; ``None`` where it depends on how many names it has."""
    items = items_in(text)
    if items > STUFFED:
        return True
    if len(set(_SHOUTED.findall(text))) >= _LISTED + 2 and not _SPOKEN.search(text):
        return True
    return None if items > _LISTED or len(_CAPITALS.findall(text)) >= STUFFED else False


def best_of(found: Iterable[Judged]) -> list[Judged]:
    """The strongest finding for and the strongest against; of equals the most telling, then the first.

    Behind each come some others of its side that quote another passage. They bear it out and count for
    nothing: who says a thing twice gains nothing by it.
    """
    sides: dict[int, list[Judged]] = {1: [], -1: []}
    for judged in found:
        if judged.verdict.side:
            sides[judged.verdict.side].append(judged)
    kept: list[Judged] = []
    for judgements in sides.values():
        if len(judgements) < 2:
            kept += judgements
            continue
        # Sorting keeps the order of the page among equals.
        ranked = sorted(judgements, key=_rank, reverse=True)
        kept += ranked[:1]
        quoted = {judged.quote for judged in ranked[:1]}
        for judged in ranked[1:]:
            if len(quoted) > _BESIDE:
                break
            if judged.quote is not None and judged.quote not in quoted:
                quoted.add(judged.quote)
                kept.append(
                    replace(judged, fraction=_NOTHING, stops=False, doubt=None, ask=None, beside=True)
                )
    return kept


def _rank(judged: Judged) -> tuple[bool, Decimal, int]:
    return judged.stops, judged.fraction, judged.telling


def judge_evidence(at: Standpoint, need: Need, listing: Listing) -> list[Judged]:
    """Judge a need by the rows of its rule."""
    rows = [row for row in need.rule.evidence if _may_tell(row, listing)]
    found = best_of(judged for row in rows for judged in _by_row(at, need, row, listing))
    return found or [
        unanswered(at, need, listing.service, [row.question.id for row in need.rule.evidence if row.question])
    ]


def unanswered(at: Standpoint, need: Need, service: Service, questions: list[str]) -> Judged:
    """The finding of a listing that says nothing: silent, or not asked where questions alone could tell."""
    by_words = any(row.words and not row.fields for row in need.rule.evidence)
    states = [at.crosswalk.state(service, question) for question in questions]
    if states and not by_words and all(state is AnswerState.NOT_ASKED for state in states):
        return Judged(
            need, Verdict.NOT_APPLICABLE, Decimal(0), need.rule.id, "the question is not asked in this lot"
        )
    return Judged(need, Verdict.SILENT, Decimal(0), need.rule.id, "the listing does not say", ask=need.ask)


def _may_tell(row: Evidence, listing: Listing) -> bool:
    """Whether the listing has what a row is about; most rows are about nothing that it has."""
    if row.question is not None:
        return row.question.id in listing.service.answers
    return row.words is None or listing.may_say(row.words)


def _by_row(at: Standpoint, need: Need, row: Evidence, listing: Listing) -> Iterator[Judged]:
    if row.question is not None:
        yield from _by_answer(at, need, row, listing)
        return
    if row.everything:
        yield from _by_everything(at, need, row, listing)
        return
    assert row.words is not None
    for passage, spans in listing.saying(row.words, row.fields):
        if row.unless and row.unless.occurs(passage.text):
            continue
        for span in spans:
            verdict = _as_meant(at.rules, row.verdict, passage.text, span)
            if verdict is not row.verdict and passage.field in LINES and _BOASTS.match(passage.text):
                break
            if verdict.side:
                turned = verdict.side != row.verdict.side
                because = f"the passage does not bear out that {row.because}" if turned else row.because
                judged = finding(at, need, verdict, rule=row.rule, because=because, passage=passage)
                yield replace(judged, stops=True) if row.stops and verdict is row.verdict else judged
                break


def _by_everything(at: Standpoint, need: Need, row: Evidence, listing: Listing) -> Iterator[Judged]:
    """Every sentence of the fields that the row is about, unless it says that there is nothing to tell."""
    for text in listing.texts:
        if text.question not in row.fields:
            continue
        for passage in text.passages:
            verdict = row.verdict
            if row.unless:
                said = masked(at.rules, passage.text) if verdict.side > 0 else passage.text
                if row.unless.occurs(said):
                    continue
            if verdict.side > 0 and refuses(at.rules, passage.text):
                continue
            if verdict.side > 0 and is_planned(at.rules, passage.text):
                verdict = Verdict.WEAK_AGAINST
            yield finding(at, need, verdict, rule=row.rule, because=row.because, passage=passage)


def _as_meant(rules: Rules, verdict: Verdict, text: str, span: tuple[int, int]) -> Verdict:
    """The verdict of words as the passage means them: denied, only planned, charged for, or plainly said.

    Words that deny something themselves are not denied by another "no" of the same list.
    """
    in_list = verdict.side > 0 and _DENIAL.match(text, span[0]) and text[: span[0]].rstrip().endswith(",")
    if not in_list and is_denied(rules, text, span, masking=verdict.side > 0):
        return verdict.turned
    if verdict.side > 0 and is_planned(rules, text, span):
        return Verdict.WEAK_AGAINST
    if verdict is Verdict.STRONG_FOR and is_charged_for(rules, text):
        return Verdict.WEAK_FOR
    return verdict


def _by_answer(at: Standpoint, need: Need, row: Evidence, listing: Listing) -> Iterator[Judged]:
    assert row.question is not None
    for answered in listing.service.answers.get(row.question.id, ()):
        for value, option in zip(answered.values, answered.options, strict=False):
            verdict = row.verdict
            half = option == "yes-extra-cost" and "yes" in row.options
            if option not in row.options and not half:
                continue
            if row.only and not set(answered.options) <= row.options:
                continue
            denial = denial_of(at.rules, row.question.id, listing) if verdict.side > 0 else None
            if denial is not None:
                rule, passage = denial
                because = f"{answered.label} is answered {value!r}, and the prose says otherwise"
                yield finding(
                    at, need, Verdict.STRONG_AGAINST, rule=rule.rule, because=because, passage=passage
                )
                continue
            because = f"{row.because}, at extra cost" if half else row.because
            fraction = at.fraction(verdict) / (2 if half else 1)
            verdict = Verdict.WEAK_FOR if half else verdict
            yield Judged(need, verdict, fraction, row.rule, because, answered.label, value)


def denial_of(rules: Rules, question: str, listing: Listing) -> tuple[Denial, Passage] | None:
    """Prose of the listing that contradicts what it ticks under ``question``, if there is any."""
    for denial in rules.denials:
        if denial.question.id == question:
            for passage, _ in listing.saying(denial.against, denial.fields):
                if contradicts(rules, denial, passage.text):
                    return denial, passage
    return None
