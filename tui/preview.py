"""The ranking of a profile while it is edited: as little worked out anew as a change calls for."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType

from catalogue.match import MatchResult, re_rank
from catalogue.profile import Profile
from tui.matching import match_catalogue
from tui.session import Session

_NO_WEIGHTS: Mapping[str, Decimal] = MappingProxyType({})
#: Rankings share a connection: what it has worked out for one serves the next.
_LANE = "preview"


class Preview:
    """Rankings for one draft. ``before`` maps services to their rank in the first of them."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._one_at_a_time = asyncio.Lock()
        self._found: MatchResult | None = None
        self._wanted: Profile | None = None
        self.before: dict[str, int] = {}

    def at_once(self, profile: Profile) -> bool:
        """Whether its ranking takes no time: only weights differ from what was judged last, or nothing."""
        return self._found is not None and _judged(profile) == _judged(self._found.profile)

    async def ranked(self, profile: Profile) -> MatchResult:
        """The ranking. Other weights rank what was judged anew; anything else is judged anew.

        Cancelling leaves the judging under way to end by itself, and nothing else begins meanwhile: judging
        cannot be interrupted, and several at once would only slow each other down.
        """
        if self.at_once(profile):
            assert self._found is not None
            if self._found.profile.weights != profile.weights:
                self._found = await asyncio.to_thread(re_rank, self._found, profile.weights)
            return self._found
        self._wanted = profile
        judging = asyncio.ensure_future(self._judge(profile))
        judging.add_done_callback(_seen)
        return await asyncio.shield(judging)

    async def _judge(self, profile: Profile) -> MatchResult:
        async with self._one_at_a_time:
            if profile is not self._wanted:
                raise asyncio.CancelledError
            found = await self._session.ask(lambda catalogue: match_catalogue(catalogue, profile), lane=_LANE)
        self._found = found
        if not self.before:
            self.before = {match.service.id: match.rank for match in found.matches}
        return found


def _judged(profile: Profile) -> Profile:
    """The profile without what does not change how services are judged."""
    return replace(profile, weights=_NO_WEIGHTS, preset=None, digest="")


def _seen(judging: asyncio.Future[MatchResult]) -> None:
    """Take note of an error that nobody waits for any more."""
    if not judging.cancelled():
        judging.exception()
