"""Weights tried out on the ranking, and how they get into the profile: by a draft, as the editor does."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from catalogue.errors import LonglistError
from catalogue.profile import BARRIERS, SURVEY_2018, percentages, rebalanced
from catalogue.profile.editing import put_all
from tui.drafts import Draft, open_draft, save_draft
from tui.screens.save import SaveScreen

if TYPE_CHECKING:
    from tui.app import LonglistApp

Weights = Mapping[str, Decimal]


def moved(weights: Weights, barrier: str, share: int) -> Weights:
    """Whole percentages that are 100 together, with this share for one barrier."""
    return {key: Decimal(value) for key, value in rebalanced(weights, barrier, share).items()}


class Moving:
    """One weight on its way: moved back, it gives the others what they had before."""

    def __init__(self) -> None:
        self._barrier = ""
        self._before: Weights = {}

    def to(self, share: int, barrier: str, now: Weights) -> Weights:
        """The weights with this share for a barrier; ``now`` are those before, where another one is moved."""
        if barrier != self._barrier:
            self._barrier, self._before = barrier, now
        return moved(self._before, barrier, share)

    def end(self) -> None:
        """Whichever is moved next begins from the weights there are then."""
        self._barrier = ""


def even(*, preset: bool) -> Weights:
    """All the same, or those of the preset."""
    return percentages(
        {key: Decimal(SURVEY_2018[key]) if preset else Decimal(1) for key in BARRIERS},
    )


def with_weights(draft: Draft, weights: Weights) -> Draft:
    """The draft with these weights, as one change that can be undone.

    Raises `UsageError` where the file is laid out so that they cannot be put in.
    """
    values = {
        f"weights.{key}": int(share) if share == share.to_integral_value() else share
        for key, share in weights.items()
    }
    text = put_all(draft.text, {place: value or None for place, value in values.items()})
    return replace(draft, history=draft.history.changed(text).settled())


async def save_weights(app: LonglistApp) -> None:
    """Put the weights tried out into the profile's file.

    A sample becomes a file of one's own, whose name is asked. Where the file has changes in the editor that
    are not saved, the weights join them, and nothing is written.
    """
    session = app.session
    path, weights = session.profile_path, session.tried
    if path is None or weights is None:
        return
    editing = session.draft
    try:
        if editing is not None and editing.unsaved and editing.path == path.absolute():
            session.draft = with_weights(editing, weights)
            app.sitting_changed.publish("draft")
            app.say(
                f"{editing.name} has other changes that are not saved: the weights stand beside them. "
                "Profile, then c, goes on with it."
            )
            return
        draft = await asyncio.to_thread(lambda: with_weights(open_draft(path), weights))
    except LonglistError as error:
        app.tell(error)
        return
    if draft.path is not None:
        await _save(app, draft, None)
        return

    def save(target: Path | None) -> None:
        if target is not None:
            app.run_worker(_save(app, draft, target), group="save-weights", exclusive=True)

    app.push_screen(SaveScreen(draft), save)


async def _save(app: LonglistApp, draft: Draft, target: Path | None) -> None:
    session = app.session
    try:
        saved = await asyncio.to_thread(save_draft, draft, target)
    except LonglistError as error:
        app.tell(error)
        return
    if session.draft is not None and session.draft.path == saved.path:
        session.draft = saved
    assert saved.path is not None
    await app.take_profile(saved.path)
    app.say(f"Saved: {saved.name}. The matches are ranked for it.")
