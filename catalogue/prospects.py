"""Matching more services than can be judged: the most promising first, until the head no longer changes.

Of every service it is known, before it is read, about what it will score. The most promising are judged
first, some at a time, until they change next to nothing among the first. How rare words are is told by the
index, whatever was judged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import nlargest
from itertools import islice
from typing import Protocol, TypeVar

from catalogue.collecting import nothing_collected
from catalogue.listing import Listing
from catalogue.match import Excluded, Judge, Match, MatchResult, Yardstick, in_order, result_of
from catalogue.model import Service
from catalogue.topic import STANDARD_PLACE, Topic

T = TypeVar("T")

#: A catalogue of up to this many live services is judged whole.
WHOLE = 1000
#: Services that are judged before looking whether more are needed, and how many are judged at most.
TOGETHER, MOST = 30, 180
#: More are needed while one of them comes among so many at the head, or more than some of them among these.
#: How much of deep rankings is found so stands in benchmarks/README.md.
_HEAD, _FIRST, _FEW = 10, 30, 1
#: Services that are read together to see how much they have of the topic.
_READ = 25


class Prospects(Protocol):
    """What is known of all services of a catalogue before any is read. Services are told by id."""

    @property
    def topic(self) -> Topic:
        """The topic, measured by nothing yet."""

    def about(self) -> Iterator[tuple[str, float]]:
        """Services that no must rules out with how much they have of the topic, highest first.

        It is the most that they may have, but where a word that seemed to be none is a name.
        """

    def promising(self) -> Iterator[str]:
        """The same services, the most promising first. To be asked for after `Topic.measure`."""

    def best_by_need(self) -> Iterator[str]:
        """For each system and each requirement in words, the services that promise most for it."""

    def ruled_out(self) -> Iterator[str]:
        """Some services that a must rules out, the most promising first."""


class _Reading:
    """The services of one match as they are read, each once."""

    def __init__(self, judge: Judge, read: Callable[[Sequence[str]], Iterable[Service]]) -> None:
        self.judge = judge
        self._read = read
        self.listings: dict[str, Listing] = {}
        self.excluded: dict[str, Excluded] = {}

    def listings_of(self, ids: Iterable[str]) -> list[Listing]:
        """The listings that pass every must, in the order of the ids."""
        wanted = list(ids)
        known = self.listings.keys() | self.excluded.keys()
        for service in self._read([name for name in wanted if name not in known]):
            failed = self.judge.excluded(service)
            if failed is not None:
                self.excluded[service.id] = failed
            else:
                self.listings[service.id] = self.judge.listing(service)
        return [self.listings[name] for name in wanted if name in self.listings]


@nothing_collected()
def match_prospects(
    judge: Judge, prospects: Prospects, read: Callable[[Sequence[str]], Iterable[Service]]
) -> MatchResult:
    """Rank the services of a large catalogue; ``read`` gives services by their ids."""
    reading = _Reading(judge, read)
    yardstick = _measured(reading, prospects)
    matches: dict[str, Match] = {}

    def take(ids: Iterable[str]) -> None:
        for listing in reading.listings_of(name for name in ids if name not in matches):
            matches[listing.service.id] = yardstick.match(listing)
        judge.lens.let_go()

    promising = islice(prospects.promising(), MOST)
    head: set[str] = set()
    first: set[str] = set()
    for batch in _batches(promising, TOGETHER):
        take(batch)
        ranked = [found.service.id for found in in_order(matches.values())[:_FIRST]]
        new = len(first.difference(ranked)) if len(first) == _FIRST else _FIRST
        if head.issuperset(ranked[:_HEAD]) and new <= _FEW:
            break
        head, first = set(ranked[:_HEAD]), set(ranked)
    take(prospects.best_by_need())
    reading.listings_of(prospects.ruled_out())
    judge.lens.let_go()
    excluded = [reading.excluded[name] for name in sorted(reading.excluded)]
    return result_of(yardstick, matches.values(), excluded)


@nothing_collected()
def yardstick_of_prospects(
    judge: Judge, prospects: Prospects, read: Callable[[Sequence[str]], Iterable[Service]]
) -> Yardstick:
    """What `match_prospects` judges each service by, without judging any."""
    found = _measured(_Reading(judge, read), prospects)
    judge.lens.let_go()
    return found


def _measured(reading: _Reading, prospects: Prospects) -> Yardstick:
    topic = prospects.topic
    topic.measure(_most_about(reading, prospects))
    return reading.judge.by(topic)


def _most_about(reading: _Reading, prospects: Prospects) -> list[float]:
    """How much the listings that are most about the topic have of it."""
    best: list[float] = []
    for batch in _batches(prospects.about(), _READ):
        if len(best) == STANDARD_PLACE and best[-1] >= batch[0][1]:
            break
        read = [prospects.topic.about(listing) for listing in reading.listings_of(name for name, _ in batch)]
        best = nlargest(STANDARD_PLACE, [*best, *read])
    return best


def _batches(values: Iterator[T], size: int) -> Iterator[list[T]]:
    while batch := list(islice(values, size)):
        yield batch
