"""What turns a passage round: a negative word that reaches what is said, a plan, a sum that comes on top."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

from msgspec.structs import replace

from catalogue.listing import Passage
from catalogue.phrases import Phrases
from catalogue.rules import Denial, Rules, Saying, plain
from catalogue.rules.sayings import Span, flat
from catalogue.terms import related

#: What begins a clause that tells what comes of a thing: "so a bin never put out is no job" denies nothing.
_OUTCOME = re.compile(r"(?:, so|\bso that)\b$", re.IGNORECASE)
_CLAUSE = re.compile(r"\bbut\b|\balthough\b|\bwhereas\b|;|, so\b|:| - |\. ", re.IGNORECASE)
#: The turns behind which another thing is spoken of.
_TURN = re.compile(r"\bbut\b|\balthough\b|\bwhereas\b|;", re.IGNORECASE)
#: What may stand between the start of a clause and the cue by which it goes on about what was said before it.
_GOES_ON = re.compile(
    r"\W*(?:(?:this|that|these|both|all|which|(?P<doubtful>it|they)) )?(?:(?:is|are|will be|being) )?"
    r"(?:(?:currently|presently|still|only|now|also|expected|to be|on|in|at|under|the|our|a|an|its|this|is|"
    r"date|release|delivery|version|launch|feature|functionality|integration|connector|interface|link|"
    r"support) )*",
    re.IGNORECASE,
)
#: A word that has a capital and does not begin a sentence.
_NAME = re.compile(r"(?<=[^\W_][ ,;)]|[,;)] |.\()[A-Z][\w.&/+-]*\w")
#: What is quoted of somebody, of several words.
_QUOTED = re.compile(r"""(?<!\w)['"]([a-z](?:[^'"]|(?<=\w)'(?=\w))+)['"](?!\w)""")
#: What is said in brackets.
_BRACKETS = re.compile(r"\(([^()]*)\)")
#: What begins a supposition that goes on to the end: "if a form fails we mend it" does not say that one does.
_SUPPOSED = re.compile(r"\b(?:if|should|where|whenever|wherever) (?:an?|any|one|some|something) [^,;:.]*\Z")
#: A label before a colon has so many words at most: "Planned: …", "Integrations on our roadmap: …".
_LABEL = re.compile(r"(?:^|[.;(]\s*)((?:[\w-]+ ){0,4}[\w-]+:)$")
#: How many characters of the same clause a denial reaches: a verb far, a particle near, one that follows.
_FAR, _NEAR, _LATE = 60, 16, 40
#: What stands between names of which the same is said, and what parts those of which it is not.
_LISTING = re.compile(
    r"(?:\s|[,/&+]|\b(?:and|or|nor|then|also|as well as|plus|both|the|our)\b)*", re.IGNORECASE
)
_PARTING = re.compile(r"[,;()]| while ")
#: What is said in brackets of the name before them alone, unless it is said of all.
_OF_ONE = re.compile(r"\s*\((?!both|all)", re.IGNORECASE)
#: What stands before a value that answers, and behind it: "Connector: none", "Connector (none)".
_ANSWERS = re.compile(r"(?::|\(| -)\s*$")
_ANSWERED = re.compile(r"\s*(?:[.,;)]|$)")


#: The cues by which a passage may mean something else than it says.
_TURNING = (
    "exempt",
    "denies",
    "denies-near",
    "denies-late",
    "answers-no",
    "planned",
    "answers-later",
    "charged",
)
_DENIES = ("denies", "denies-near", "denies-late", "answers-no")
_PLANS = ("planned", "answers-later")
#: Of those, what may answer what was said before it.
_ANSWERING = ("denies-late", "answers-no", *_PLANS)


@lru_cache(maxsize=2)
def _turning(rules: Rules) -> Phrases:
    return Phrases(rules.cues[name] for name in _TURNING)


@lru_cache(maxsize=4096)
def _turns(rules: Rules, text: str) -> frozenset[Saying]:
    """The cues of `_TURNING` that a text or a part of it may have, told all at once; most texts have none.

    What is left where words are blanked out of it may have others: see `_may_turn`.
    """
    return _turning(rules).sayings_in(flat(text))


def let_go() -> None:
    """Give back the memory of the texts that were looked at."""
    for remembered in (_turns, clauses_of, _asides):
        remembered.cache_clear()


def _may_turn(rules: Rules, text: str, *cues: str, masking: bool = True) -> bool:
    """Whether a text, blanked out or not, may have one of some cues in a part of it."""
    turns = _turns(rules, text)
    if not turns:
        return False
    return any(rules.cues[cue] in turns for cue in cues) or (masking and rules.cues["exempt"] in turns)


def masked(rules: Rules, text: str) -> str:
    """The text with what holds a negative word and denies nothing blanked; spans stay true.

    Some sayings do, and what is quoted of others: "'my landlord won't mend it' raises a request".
    """
    blanked = plain(text)
    apart = [said.span(1) for said in _QUOTED.finditer(blanked) if " " in said[1]]
    if rules.cues["exempt"] in _turns(rules, text):
        apart += rules.cues["exempt"].find(text)
    for start, end in apart:
        blanked = blanked[:start] + " " * (end - start) + blanked[end:]
    return blanked


@lru_cache(maxsize=16384)
def clauses_of(rules: Rules, text: str) -> tuple[Span, ...]:
    """Where the clauses of a sentence lie, cut at each turn of thought.

    What only answers what was said before it is no clause of its own ("Connector: none"), nor what a label
    stands before ("Planned: a connector").
    """
    cuts = [(cut.start(), cut.end()) for cut in _CLAUSE.finditer(plain(text))]
    if cuts and _may_turn(rules, text, *_ANSWERING):
        said = masked(rules, text)
        begins = _begins(rules, said)
        cuts = [
            (start, end)
            for start, end in cuts
            if said[start] == "." or not (_goes_on(said, end, begins) or _is_label(rules, said, (start, end)))
        ]
    starts, ends = [0, *(end for _, end in cuts)], [*(start for start, _ in cuts), len(text)]
    return tuple(zip(starts, ends, strict=True))


def _begins(rules: Rules, said: str) -> tuple[set[int], set[int]]:
    """Where something begins that may answer what was said before it: a plan, and a denial."""
    plans = [*rules.cues["planned"].find(said), *_values(rules, "answers-later", said)]
    denials = _denied_late(rules, said)
    return {start for start, _ in plans}, {start for start, _ in denials}


def _denied_late(rules: Rules, said: str) -> list[Span]:
    """Where something denies what was said before it, and is no label: "Excluded: data cleansing"."""
    late = [
        span for span in rules.cues["denies-late"].find(said) if ":" not in said[span[1] - 1 : span[1] + 1]
    ]
    return late + _values(rules, "answers-no", said)


def _goes_on(said: str, begun: int, begins: tuple[set[int], set[int]]) -> bool:
    """Whether a clause says something of what stands before it, and has no subject of its own.

    "It is not offered" may be about the service, "it is planned" hardly.
    """
    lead = _GOES_ON.match(said, begun)
    if lead is None:
        return False
    plans, denials = begins
    begin = set(range(begun, lead.end() + 1))
    return bool(begin & plans) or (not lead["doubtful"] and bool(begin & denials))


@lru_cache(maxsize=16384)
def _asides(rules: Rules, text: str) -> tuple[Span, ...]:
    """Where brackets lie that speak of what they hold, and not of what stands before them."""
    if "(" not in text:
        return ()
    said = masked(rules, text)
    begins = _begins(rules, said)
    brackets = _BRACKETS.finditer(said)
    return tuple([each.span(1) for each in brackets if not _goes_on(said, each.start(1), begins)])


def outside_brackets(rules: Rules, text: str, span: Span) -> str:
    """The text as `masked` has it, without the brackets that speak of others than what is at a span."""
    return _without(masked(rules, text), _asides(rules, text), span)


def _without(said: str, asides: Iterable[Span], span: Span | None = None) -> str:
    """A text with its asides blanked, but for one that holds a span."""
    for start, end in asides:
        if span is None or not start <= span[0] < end:
            said = said[:start] + " " * (end - start) + said[end:]
    return said


def _is_label(rules: Rules, said: str, cut: Span) -> bool:
    """Whether a cut is the colon behind a label: what a few words name, or tell to be planned or left out."""
    label = _LABEL.search(said[: cut[0] + 1]) if said[cut[0]] == ":" else None
    if label is None:
        return False
    denied = any(rules.cues[cue].occurs(label[1]) for cue in ("denies", "denies-near"))
    return not denied or any(rules.cues[cue].occurs(label[1]) for cue in ("denies-late", "planned"))


def _values(rules: Rules, cue: str, said: str) -> list[Span]:
    """Where a cue is the whole of an answer."""
    return [
        (start, end)
        for start, end in rules.cues[cue].find(said)
        if _ANSWERED.match(said, end) and (_ANSWERS.search(said[:start]) or not said[:start].strip())
    ]


def clause_of(rules: Rules, text: str, span: Span) -> Span:
    """The part of a sentence around a span, up to the next turn of thought on either side."""
    clauses = clauses_of(rules, text)
    start = max((start for start, _ in clauses if start <= span[0]), default=0)
    end = min((end for _, end in clauses if end >= span[1]), default=len(text))
    return start, end


class _Others:
    """What of a sentence is said of other names, and not of the one at ``span``.

    "Siebel and SAP are planned" speaks of both, "Siebel, with SAP planned" of each in turn. A name has
    a capital within a sentence, and is none of ``own`` and no cue.
    """

    def __init__(self, text: str, said: str, span: Span, own: Iterable[Span], cues: Iterable[Span]) -> None:
        self._said = said
        none = [span, *own, *cues]
        self._others = [
            each.span()
            for each in _NAME.finditer(text)
            if not any(start < each.end() and each.start() < end for start, end in none)
        ]
        #: What stands before the name is another's from, to; and what stands behind it from there on.
        self.since, self.till = self._before(span)
        self._behind = self._behind_of(span)

    def _before(self, span: Span) -> Span:
        begun = span[0]
        for first, last in reversed(self._others):
            if last <= span[0]:
                if not _LISTING.fullmatch(self._said[last:begun]):
                    parted = [each.end() for each in _PARTING.finditer(self._said, last, span[0])]
                    return (last, parted[-1]) if parted else (0, 0)
                begun = first
        return 0, 0

    def _behind_of(self, span: Span) -> int:
        done = span[1]
        for first, last in self._others:
            if first < span[1]:
                continue
            if _OF_ONE.match(self._said, last):
                return first
            if not _LISTING.fullmatch(self._said[done:first]):
                parted = [each.start() for each in _PARTING.finditer(self._said, span[1], first)]
                if parted:
                    return parted[-1]
                break
            done = last
        return len(self._said)

    def are_meant(self, cue: int) -> bool:
        """Whether a cue that begins here speaks of another name: right behind it, without a comma."""
        if self.since <= cue < self.till:
            return True
        if cue < self._behind:
            return False
        beside = max((last for _, last in self._others if last <= cue), default=cue)
        return not re.search("[,;:]", self._said[beside:cue])


def is_denied(rules: Rules, text: str, span: Span, *, masking: bool = True, own: Sequence[Span] = ()) -> bool:
    """Whether the words at ``span`` are denied by a negative word of the same clause that reaches them.

    Without ``masking``, sayings such as "no developers" deny too: they take away what speaks against.
    What is denied of other names is not denied of the words, which stand at ``own`` too.
    """
    if not _may_turn(rules, text, *_DENIES, masking=masking):
        return False
    start, end = clause_of(rules, text, span)
    said = outside_brackets(rules, text, span) if masking else plain(text)
    clause = said[start:end]
    first, last = span[0] - start, span[1] - start
    before, after = clause[:first], clause[last:]
    far, near, late = (rules.cues[cue].find(before) for cue in ("denies", "denies-near", "denies-late"))
    behind = _denied_late(rules, after)
    if not (far or near or late or behind):
        return False
    cued = [(at + start, till + start) for at, till in (*far, *near, *late)]
    cued += [(at + span[1], till + span[1]) for at, till in behind]
    other = _Others(text, said, span, own, cued)
    return (
        any(first - stop <= _FAR and not other.are_meant(at + start) for at, stop in far)
        or any(
            first - stop <= _NEAR and at + start >= other.till and ", and " not in before[stop:]
            for at, stop in near
        )
        or any(at <= _LATE and not other.are_meant(at + span[1]) for at, _ in behind)
        or any(":" in before[at:] for at, _ in late)
    )


def refuses(rules: Rules, text: str) -> bool:
    """Whether a passage as a whole says that something is not so."""
    if not _may_turn(rules, text, *_DENIES):
        return False
    blanked = masked(rules, text)
    return (
        rules.cues["denies"].occurs(blanked)
        or rules.cues["denies-late"].occurs(blanked)
        or any(start == 0 for start, _ in rules.cues["denies-near"].find(blanked))
        or bool(_values(rules, "answers-no", blanked))
    )


def is_charged_for(rules: Rules, text: str) -> bool:
    """Whether what a passage tells costs extra, or it names a sum that comes on top of the price."""
    if "£" in text and rules.cues["costs"].occurs(text):
        return True
    return _may_turn(rules, text, "charged") and rules.cues["charged"].occurs(masked(rules, text))


def is_planned(rules: Rules, text: str, span: Span | None = None, *, own: Sequence[Span] = ()) -> bool:
    """Whether a passage tells what is only planned: at all, or of the words at ``span``.

    What stands in brackets is said of what they hold, and what is planned of another name of that alone. The
    words stand at ``own`` too.
    """
    if not _may_turn(rules, text, *_PLANS):
        return False
    said = masked(rules, text)
    plans = [*rules.cues["planned"].find(said), *_values(rules, "answers-later", said)]
    if span is None or not plans:
        return bool(plans)
    turns = [
        (end, start) for (_, end), (start, _) in pairwise(clauses_of(rules, text)) if _TURN.match(said, end)
    ]
    since = max((start for _, start in turns if start <= span[0]), default=0)
    until = min((end for end, _ in turns if end >= span[1]), default=len(said))
    other = _Others(text, said, span, own, plans)
    asides = [each for each in _asides(rules, text) if not each[0] <= span[0] < each[1]]
    return any(
        # What begins a sentence is said of all of it: "Until then …; …".
        (since <= start < until or not said[:start].strip())
        and not other.are_meant(start)
        and not any(opened <= start < closed for opened, closed in asides)
        for start, _ in plans
    )


def put_off(rules: Rules, passage: Passage, terms: Iterable[str]) -> frozenset[str]:
    """Of some terms those that a part of a passage denies or only plans; none where no part does.

    A sentence may deny one thing and offer another: what counts is the clause with the negative word.
    """
    if not (refuses(rules, passage.text) or is_planned(rules, passage.text)):
        return frozenset()
    text = masked(rules, passage.text)
    wanted = tuple(terms)
    found: set[str] = set()
    asides = _asides(rules, passage.text)
    plainly = _without(text, asides)
    parts = [(plainly, span) for span in clauses_of(rules, passage.text)] + [(text, span) for span in asides]
    for said, (start, end) in parts:
        clause = said[start:end]
        if _OUTCOME.search(text[:start].rstrip()):
            continue
        if refuses(rules, clause) or is_planned(rules, clause):
            part = replace(passage, text=passage.text[start:end], start=passage.start + start)
            found.update(term for term in wanted if term in part.terms or related(term) in part.terms)
    return frozenset(found)


def contradicts(rules: Rules, denial: Denial, text: str) -> bool:
    """Whether a text has what stands against a tick and means it, as "no data leave the UK" does not."""
    if not denial.words.occurs(text) or (denial.unless and denial.unless.occurs(text)):
        return False
    said = masked(rules, text)
    # What is a denial itself is not turned round by another beside it: "no app, and it does not work".
    return any(
        refuses(rules, said[slice(*span)]) or not is_denied(rules, text[: span[1]], span)
        for span in denial.against.find(said)
        if not _SUPPOSED.search(said, 0, span[0])
    )
