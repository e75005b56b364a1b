"""Whom a listing is made for: organisations like the profile's, or another kind.

The words of a kind of organisation are rows of ``[[audience]]`` in ``barriers.toml``. A listing that has
none of ours and says twice whom else it is for, or has clearly more different words of another kind than of
ours, is made for those. Said once it may be an example: that is a doubt. One that names a system of the
profile by a name that means nothing else is no stranger, whomever it speaks of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from catalogue.denials import refuses
from catalogue.findings import DOUBTS, HEAD, Judged, Standpoint, best_of, finding, unanswered
from catalogue.listing import Listing, Passage
from catalogue.naming import is_doubtful
from catalogue.needs import Need
from catalogue.profile import Profile
from catalogue.rules import Rules, Saying, Verdict, saying
from catalogue.rules.sayings import Span
from catalogue.terms import stem

#: By so many different words a listing must speak more of another kind of organisation than of ours.
CLEARLY = 2
_ANYBODY = saying(["public sector", "any organisation", "all sectors", "public bodies", "public services"])


def own_kinds(profile: Profile, rules: Rules) -> frozenset[str]:
    """The sectors whose listings suit a profile: its own and the kin of that."""
    own = profile.organisation.sector or "other"
    return frozenset((own, *rules.kin.get(own, ())))


def kinds_spoken_of(profile: Profile, rules: Rules) -> frozenset[str]:
    """The sectors of which a profile's own words speak: a county that wants school places says *school*.

    Its name is among them: a combined authority may have said that its sector is local government.
    """
    told = [profile.organisation.name or "", profile.goal or ""]
    told += [each.text for each in profile.requirements]
    told += [system.purpose or "" for system in profile.legacy if system.intent != "keep"]
    kinds = (*rules.audiences.items(), *rules.trades.items())
    return frozenset(kind for kind, words in kinds if any(words.occurs(text) for text in told))


def judge_audience(at: Standpoint, need: Need, listing: Listing) -> list[Judged]:
    """Judge whether a listing is made for another kind of organisation."""
    ours = [at.rules.audiences[kind] for kind in sorted(at.kinds) if kind in at.rules.audiences]
    in_head = any(listing.says(words, HEAD) for words in ours)
    spoken = max((len(_different(listing.saying(words))) for words in ours), default=0)
    only = at.rules.cues["only"]
    knows = _knows_estate(at, listing)
    found: list[Judged] = []
    for sector, words in at.rules.audiences.items():
        if sector in at.kinds or sector in at.spoken_of:
            continue
        said = list(_meant(at, listing, words))
        if _is_brand(listing, said):
            continue
        head = [(passage, spans) for passage, spans in said if passage.question in HEAD]
        more = not knows and len(_different(said)) >= spoken + CLEARLY
        clear = more or (not knows and not in_head and sum(len(spans) for _, spans in head) > 1)
        if in_head and not clear:
            continue
        because = f"it is made for another kind of organisation ({sector})"
        for passage, _ in said if more else head:
            limited = passage.question == "service-constraints" and only.occurs(passage.text)
            # Said clearly it is no example: nothing else that such a listing offers makes up for it.
            stops = clear or passage.field == "name" or limited
            if passage.field == "answers" and not stops:
                continue
            verdict = Verdict.STRONG_AGAINST if stops else Verdict.WEAK_AGAINST
            judged = finding(
                at, need, verdict, rule="customers.other-audience", because=because, passage=passage
            )
            found.append(replace(judged, stops=stops, doubt=None if stops or spoken or knows else DOUBTS))
    if not knows:
        found += _of_a_trade(at, need, listing, spoken, in_head=in_head)
    return best_of(found) or [unanswered(at, need, listing.service, [])]


def judge_filing(at: Standpoint, need: Need, listing: Listing) -> list[Judged]:
    """Doubt a listing that its supplier filed among services for something else; no finding on any other."""
    if not at.filing.is_elsewhere(listing.service.record.categories or ()):
        return []
    filed = next(text for text in listing.texts if text.field == "categories")
    judged = finding(
        at,
        need,
        Verdict.WEAK_AGAINST,
        rule="customers.filed-elsewhere",
        because="its supplier filed it among other subjects only",
        passage=filed.passages[0],
    )
    return [replace(judged, doubt="filed-elsewhere")]


def _of_a_trade(
    at: Standpoint, need: Need, listing: Listing, spoken: int, *, in_head: bool
) -> Iterator[Judged]:
    """Findings on a listing whose head speaks of a trade, and more of it than of public bodies like ours.

    Where it speaks of these, too, the trade may be of those whom they serve: that is a doubt.
    """
    for trade, words in at.rules.trades.items():
        if trade in at.spoken_of:
            continue
        said = [(passage, spans) for passage, spans in _meant(at, listing, words) if passage.question in HEAD]
        told = len(_different(said)) - spoken
        called = any(passage.field == "name" for passage, _ in said)
        if told < (1 if called else CLEARLY):
            continue
        because = f"it is made for {trade}"
        for passage, _ in said:
            clear = told >= CLEARLY and not in_head
            verdict = Verdict.STRONG_AGAINST if clear else Verdict.WEAK_AGAINST
            judged = finding(
                at, need, verdict, rule="customers.other-trade", because=because, passage=passage
            )
            yield replace(judged, stops=clear, doubt=None if clear else DOUBTS)


def _is_brand(listing: Listing, said: list[tuple[Passage, tuple[Span, ...]]]) -> bool:
    """Whether the one word that is said of others is a part of the supplier's own name: Patient Ear."""
    if len(said) > 1:
        return False
    supplier = listing.service.record.supplier.name.casefold()
    return all(
        passage.text[start:end].casefold() in supplier for passage, spans in said for start, end in spans
    )


def _knows_estate(at: Standpoint, listing: Listing) -> bool:
    """Whether a listing names a system of the profile by a name that means nothing else."""
    return any(
        name.group.name in at.estate.systems and not is_doubtful(name)
        for text in listing.named
        for name in text.names
    )


def _meant(at: Standpoint, listing: Listing, words: Saying) -> Iterator[tuple[Passage, tuple[Span, ...]]]:
    """The passages that say whom a listing is made for: not anybody, not whom it is not for, no names."""
    for passage, spans in listing.saying(words):
        if _ANYBODY.occurs(passage.text) or refuses(at.rules, passage.text):
            continue
        names = [passage.place_of(name) for name in passage.names if name.group.name in at.estate.systems]
        others = tuple(
            (start, end)
            for start, end in spans
            if not any(first <= start and end <= last for first, last in names)
        )
        if others:
            yield passage, others


def _different(said: Iterable[tuple[Passage, tuple[Span, ...]]]) -> set[str]:
    """The different words of what is said, by their stems."""
    return {stem(passage.text[start:end].casefold()) for passage, spans in said for start, end in spans}
