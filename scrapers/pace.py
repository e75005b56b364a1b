"""How slowly a source wants to be asked, from one run to the next."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from catalogue.runs import Pace
from scrapers.fetch import Fetcher, SourceBusy
from scrapers.source import Politeness

#: Requests that a source must have borne well before it is asked more often again.
_ENOUGH = 20


class Memory(Protocol):
    """What is remembered of each server from run to run."""

    def pace(self, base_url: str) -> Pace | None:
        """How slowly a server asked to be asked, the last time that it did."""

    def keep_pace(self, base_url: str, pace: Pace | None) -> None:
        """Remember how slowly a server wants to be asked; ``None`` forgets it."""


def keep_to_pace(fetcher: Fetcher, store: Memory, now: datetime) -> None:
    """Ask as slowly as the source wanted last time. Raises `SourceBusy` while its pause lasts."""
    pace = store.pace(fetcher.base_url)
    if pace is None:
        return
    fetcher.slow_to(pace.delay_seconds)
    passed = (now - pace.at).total_seconds()
    if 0 <= passed < pace.pause_seconds:  # from a clock that went back nothing can be told
        left = pace.pause_seconds - passed
        raise SourceBusy(
            f"{fetcher.base_url} asked at {pace.at:%Y-%m-%d %H:%M} UTC for a pause, of which {left:.0f} "
            f"seconds are left; nothing was asked. Run again later",
            0.0,
        )


def remember_pace(
    fetcher: Fetcher, store: Memory, own: Politeness, pause_seconds: float, now: datetime
) -> None:
    """Keep what a source asked of this run for the next; one that bore a run well is asked more often again.

    ``own`` is how the source is asked where it has said nothing.
    """
    before = store.pace(fetcher.base_url)
    if fetcher.slowed:
        store.keep_pace(fetcher.base_url, Pace(fetcher.politeness.delay_seconds, pause_seconds, now))
    elif before is not None and fetcher.requests >= _ENOUGH:
        halved = before.delay_seconds / 2
        store.keep_pace(fetcher.base_url, Pace(halved, 0.0, now) if halved > own.delay_seconds else None)
