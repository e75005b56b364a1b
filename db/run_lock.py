"""Who works on a catalogue, as a note for others: the lock itself is the system's, on the page archive.

The note tells whom to wait for, and keeps apart runs of two machines where the system's locks do not reach
from one to the other, as on some network drives.
"""

from __future__ import annotations

import platform
from datetime import datetime, timedelta

from catalogue.errors import LockHeld
from db.catalogue import Catalogue

#: A note of another machine that was not renewed for so long was left behind. Longer than the longest pause
#: that a run makes.
STALE_AFTER = timedelta(minutes=15)


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
