"""Whether a run may be published: what it found against its bounds and against the last healthy run. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from catalogue.runs import Breach, LotTally, Tally
from scrapers.source import Source

#: Shares are looked at from this many pages on: of fewer, one odd page is a large part.
ENOUGH = 20


def judge_listings(listed: Mapping[str, int], last: Tally | None, source: Source) -> Iterator[Breach]:
    """Lots whose listings have shrunk or grown beyond belief since the last healthy run."""
    for lot, before in sorted((last.listed if last else {}).items()):
        yield from _moved(source, "lot-listed", lot, listed.get(lot, 0), before)


def judge_pages(tally: Tally, last: Tally | None, source: Source, *, whole: bool) -> Iterator[Breach]:
    """Every bound that the pages of a run are outside of; numbers of services only of a ``whole`` pass.

    Services that were on offer in the last healthy run are counted against all that this one read: the end of
    a framework, or a withdrawal, is read from a page as well, and is no loss.
    """
    if tally.pages >= ENOUGH:
        yield from _too_many(tally, source)
        yield from _unknown(tally, source)
    for place, before in sorted((last.lots if last else {}).items()):
        now = tally.lots.get(place, LotTally())
        if whole:
            yield from _moved(source, "lot-read", place, now.read, before.live)
        yield from _fewer_answers(place, now, before, source)


def _moved(source: Source, kind: str, place: str, now: int, before: int) -> Iterator[Breach]:
    """A number of services that is out of proportion to the one before, by more than a few."""
    bounds = source.bounds
    low, high = bounds.listed_low * before, bounds.listed_high * before
    if low <= now <= high or abs(now - before) <= bounds.few_services:
        return
    key = "bounds.listed_low" if now < low else "bounds.listed_high"
    seen = "the listings show" if kind == "lot-listed" else "pages were read of"
    yield Breach(
        f"{kind}-{'low' if now < low else 'high'}",
        f"{place}: {seen} {now} services, of the last healthy run there were {before}; expected {low:.0f} to "
        f"{high:.0f} ({key} of {source.file})",
        place,
    )


def _too_many(tally: Tally, source: Source) -> Iterator[Breach]:
    """Pages that could not be read, as a whole or in part."""
    for kind, found, what, key in (
        ("pages-unread", tally.broken, "were no service pages", "broken_share"),
        ("pages-odd", tally.odd, "had a part that could not be read", "odd_share"),
    ):
        most: float = getattr(source.bounds, key)
        if found > most * tally.pages:
            yield Breach(
                kind,
                f"{found} of {tally.pages} pages {what}; expected {most:.0%} at most "
                f"(bounds.{key} of {source.file})",
            )


def _unknown(tally: Tally, source: Source) -> Iterator[Breach]:
    answers = sum(lot.answers for lot in tally.lots.values())
    known = sum(lot.known for lot in tally.lots.values())
    if known < source.bounds.known_share * answers:
        yield Breach(
            "questions-unknown",
            f"{known} of {answers} answers are to questions that are known; expected "
            f"{source.bounds.known_share:.0%} at least (bounds.known_share of {source.file}; new questions "
            f"belong into catalogue/questions.toml)",
        )


def _fewer_answers(place: str, now: LotTally, before: LotTally, source: Source) -> Iterator[Breach]:
    """Known questions answered on a page of a lot, against the last healthy run."""
    if now.read < ENOUGH or before.read < ENOUGH or not before.known:
        return
    mean, mean_before = now.known / now.read, before.known / before.read
    if mean < source.bounds.answered_low * mean_before:
        yield Breach(
            "questions-unanswered",
            f"{place}: a page answers {mean:.1f} known questions, in the last healthy run it was "
            f"{mean_before:.1f}; expected {source.bounds.answered_low:.0%} of that at least "
            f"(bounds.answered_low of {source.file})",
            place,
        )
