"""Who works on a catalogue, as a note for others: the lock itself is the system's, on the page archive.

The note tells whom to wait for, and keeps apart runs of two machines where the system's locks do not reach
from one to the other, as on some network drives.
"""

from __future__ import annotations

import platform
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from catalogue.errors import LockHeld
from db.archive import archive_path
from db.catalogue import Catalogue

#: A note of another machine that was not renewed for so long was left behind. Longer than the longest pause
#: that a run makes.
STALE_AFTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class AtWork:
    """Who works on a catalogue: the run, its process and machine, and when it was last heard of."""

    run: int
    host: str
    process: int
    beat: datetime

    @property
    def here(self) -> bool:
        """Whether it works on this machine."""
        return self.host == platform.node()


def at_work(catalogue: Catalogue, now: datetime) -> AtWork | None:
    """Who works on the catalogue now; ``None`` for nobody, and where only a note was left behind."""
    held = catalogue.rows("SELECT run, host, process, beat FROM run_lock")
    if not held:
        return None
    run, host, process, beat = held[0]
    found = AtWork(run, host, process, datetime.fromisoformat(beat))
    if found.here:
        return found if _is_locked(archive_path(catalogue.path)) else None
    return found if abs(now - found.beat) <= STALE_AFTER else None


def _is_locked(archive: Path) -> bool:
    """Whether a run has the archive for itself: then nobody else may even look into it."""
    if not archive.exists():
        return False
    try:
        with closing(
            sqlite3.connect(f"{archive.absolute().as_uri()}?mode=ro", uri=True, timeout=0)
        ) as looking:
            looking.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        return "locked" in str(error) or "busy" in str(error)
    except sqlite3.DatabaseError:
        return False
    return False


def held_by(catalogue: Catalogue) -> str:
    """Why a run has to wait, in a sentence."""
    held = catalogue.rows("SELECT run, host, process, beat FROM run_lock")
    if not held:
        return f"{catalogue.path}: another run works on this catalogue; wait until it has ended"
    run, host, process, beat = held[0]
    return (
        f"{catalogue.path}: run {run} works on this catalogue (process {process} on {host}, last heard of at "
        f"{beat}); wait until it has ended, or choose another with --db"
    )


def take_note_away(catalogue: Catalogue, at: datetime) -> None:
    """Remove the note of a run that was left behind. Raises `LockHeld` for one of another machine.

    Called by who has the lock, so nobody on this machine works. Whether another one still does can only be
    told from when it was last heard of; a time to come is a wrong clock's, and says as little as an old one.
    """
    for host, beat in catalogue.rows("SELECT host, beat FROM run_lock"):
        age = abs(at - datetime.fromisoformat(beat))
        if host != platform.node() and age <= STALE_AFTER:
            raise LockHeld(held_by(catalogue))
        catalogue.db.conn.execute("DELETE FROM run_lock")
