"""The fictional sample inside the interface, and the way back to one's own catalogue."""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import replace
from importlib.resources import as_file
from pathlib import Path
from typing import TYPE_CHECKING

from tui.commands.demo import SAMPLE, build_sample
from tui.commands.edge import Settings
from tui.errands import reload

if TYPE_CHECKING:
    from tui.app import LonglistApp


class Sample:
    """The copy of the sample that a sitting opened, and the settings that it left for it."""

    def __init__(self) -> None:
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._own: tuple[Settings, Path | None] | None = None

    @property
    def is_open(self) -> bool:
        """Whether there is an own catalogue to go back to."""
        return self._own is not None

    async def open(self, app: LonglistApp) -> None:
        """Open the sample, with its profile, in a copy that goes when the interface ends."""
        session = app.session
        if self._own is not None:
            return
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="longlist-demo-", ignore_cleanup_errors=True)
        db = Path(self._folder.name) / "sample.db"
        if not db.is_file():
            await asyncio.to_thread(build_sample, db, at=session.clock())
        self._own = (session.settings, session.profile_path)
        session.settings = replace(session.settings, db=db, demo=True)
        await reload(app)
        with as_file(SAMPLE / "profiles" / "brackwater.toml") as profile:
            await app.take_profile(profile)

    async def leave(self, app: LonglistApp) -> None:
        """Go back to the own catalogue and profile."""
        if self._own is None:
            return
        session = app.session
        (session.settings, path), self._own = self._own, None
        session.profile = session.profile_path = None
        session.marks, session.fictional = {}, session.settings.demo
        session.forget()
        if path is not None and path.is_file():
            await app.take_profile(path)
        else:
            app.sitting_changed.publish("profile")
        await reload(app)

    def close(self) -> None:
        """Remove the copy."""
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None
