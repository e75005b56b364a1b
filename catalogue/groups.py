"""The same product from several sellers, found among the services that were judged for one profile.

The best ranked stands for its group and the others stay in the ranking: each is scored for what it says
itself, as one reseller may add what another does not. A service joins the best ranked service that it
resembles, not one that resembles one that resembles it, so that a group never drifts from product to product.
Nothing is compared across the whole catalogue, and nothing depends on the order of import.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import nsmallest
from math import ceil

from catalogue.frameworks import load_frameworks
from catalogue.match import MatchResult
from catalogue.model import Service
from catalogue.records import ServiceRecord
from catalogue.terms import COMMON
from catalogue.text import normalise, tokens_with_spans

Shingle = tuple[str, str, str]

#: Two listings that name one maker, and share a name, are one product from this share of the shorter's
#: sequences of three words. Resellers keep the maker's opening sentence and some features and write the rest
#: themselves: pairs of one product that were looked at share 0.29 to 0.70, others of one maker under 0.15.
_SAME_MAKER = 0.25
#: Without a maker in common: this share of all sequences of both, with a name in common …
_SAME_NAME = 0.65
#: … or this share without one, as when a product is sold under another name. Listings of different products
#: that are written from one pattern share up to 0.55.
_COPIED = 0.8
#: Fewer sequences in common than this are a turn of phrase.
_LEAST_SHARED = 8
#: How companies are incorporated, which says nothing of who they are.
_LEGAL = frozenset(
    (  # noqa: SIM905  a list of quoted words is harder to read
        "ltd limited plc llp lp inc incorporated llc corp corporation bv nv ab as asa oy gmbh ag sa sas srl "
        "spa cic co company group holdings uk the"
    ).split()
)
_RESOLD = "resold-organisation"
#: What is sold in support lots is people's time: it is no product, however alike the listings read.
_ADVICE = "support"


@dataclass(frozen=True, slots=True)
class Group:
    """Services that are one product, by id: the best ranked, and the others in the order of their rank."""

    head: str
    others: tuple[str, ...]

    @property
    def size(self) -> int:
        """How many sellers' listings it holds."""
        return 1 + len(self.others)


@dataclass(frozen=True, slots=True)
class _Look:
    """What is compared of a listing. ``names`` are words of its name that nobody uses as a plain word.

    ``rarest`` are so many of its sequences that whatever copies the listing has one of them too.
    """

    id: str
    seller: str
    makers: frozenset[str]
    kind: str
    shingles: frozenset[Shingle]
    rarest: tuple[Shingle, ...]
    names: frozenset[str]

    @property
    def telling(self) -> tuple[str | Shingle, ...]:
        """What it shares some of with every listing of the same product."""
        return (*self.names, *self.rarest)


def groups_of(result: MatchResult) -> tuple[Group, ...]:
    """The groups of two and more among the matches of a result, in the order of their best rank."""
    heads: list[_Look] = []
    others: dict[str, list[str]] = {}
    holders: dict[str | Shingle, list[int]] = {}
    for look in _looks(found.service for found in result.matches):
        proposed = {place for key in look.telling for place in holders.get(key, ())}
        head = next((heads[place] for place in sorted(proposed) if _is_same(look, heads[place])), None)
        if head is not None:
            others.setdefault(head.id, []).append(look.id)
            continue
        for key in look.telling:
            holders.setdefault(key, []).append(len(heads))
        heads.append(look)
    return tuple(Group(head.id, tuple(others[head.id])) for head in heads if head.id in others)


def sellers_of_same(service: Service, others: Iterable[Service]) -> tuple[Service, ...]:
    """Which of the others are the same product from another seller, in their order.

    What counts as a plain word is settled among those given alone, so give some that are near it.
    """
    given = {each.id: each for each in (service, *others)}
    looks = {look.id: look for look in _looks(given.values())}
    own = looks.pop(service.id, None)
    if own is None:
        return ()
    return tuple(given[id] for id, look in looks.items() if _is_same(own, look))


def reordered(groups: Iterable[Group], result: MatchResult) -> tuple[Group, ...]:
    """The same groups where other weights have changed ranks: the best ranked of each stands for it now."""
    ranks = {found.service.id: found.rank for found in result.matches}
    members = [sorted((group.head, *group.others), key=ranks.__getitem__) for group in groups]
    return tuple(Group(head, tuple(others)) for head, *others in sorted(members, key=lambda m: ranks[m[0]]))


def _is_same(one: _Look, other: _Look) -> bool:
    """Whether two listings are one product from two sellers."""
    if one.seller == other.seller or one.kind != other.kind:
        return False
    common = len(one.shingles & other.shingles)
    if common < _LEAST_SHARED:
        return False
    of_both = common / (len(one.shingles) + len(other.shingles) - common)
    if of_both >= _COPIED:
        return True
    if not one.names & other.names:
        return False
    of_shorter = common / min(len(one.shingles), len(other.shingles))
    return of_both >= _SAME_NAME or (of_shorter >= _SAME_MAKER and bool(one.makers & other.makers))


def _looks(services: Iterable[Service]) -> Iterator[_Look]:
    """What is compared of each product; what counts as a name, and as rare, is settled among all of them."""
    kinds = _kinds()
    kept: list[tuple[Service, str, frozenset[Shingle]]] = []
    plain: set[str] = set()
    counts: Counter[Shingle] = Counter()
    for service in services:
        place = (service.record.framework.slug, service.record.lot.slug)
        kind = kinds.get(place, service.record.lot.slug)
        if kind != _ADVICE:
            shingles = _shingles(service.record, plain)
            counts.update(shingles)
            kept.append((service, kind, shingles))
    for service, kind, shingles in kept:
        record = service.record
        named = {word for word, _, _ in tokens_with_spans(record.name) if word.isalpha() and len(word) > 2}
        seller = _company(record.supplier.name)
        resold = {
            _company(value) for answer in service.answers.get(_RESOLD, ()) for value in answer.values
        } - {""}
        # Two sets of which this share is common have one in common among so many of the rarest of either.
        telling = len(shingles) - ceil(len(shingles) * _COPIED) + 1
        rarest = nsmallest(telling, shingles, key=lambda shingle: (counts[shingle], shingle))
        names = frozenset(named - plain - COMMON)
        yield _Look(service.id, seller, frozenset(resold or {seller}), kind, shingles, tuple(rarest), names)


def _shingles(record: ServiceRecord, plain: set[str]) -> frozenset[Shingle]:
    """The sequences of three words of a listing's own praise; words in small letters go to ``plain``."""
    found: set[Shingle] = set()
    for text in (record.description or "", *(record.features or ()), *(record.benefits or ())):
        tokens = tokens_with_spans(text)
        plain.update(word for word, start, _ in tokens if text[start].islower())
        words = [word for word, _, _ in tokens]
        found.update(zip(words, words[1:], words[2:], strict=False))
    return frozenset(found)


def _company(name: str) -> str:
    """A company's name as it is compared: Formwell for Formwell Group BV."""
    words = [word for word, _, _ in tokens_with_spans(normalise(name))]
    return " ".join(word for word in words if word not in _LEGAL) or " ".join(words)


def _kinds() -> dict[tuple[str, str], str]:
    """What is sold in each lot: hosting, software or support."""
    return {
        (framework.slug, lot.slug): lot.questions
        for framework in load_frameworks().values()
        for lot in framework.lots
    }
