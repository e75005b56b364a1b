"""What the interface remembers from one sitting to the next: where it was left, and what was not saved.

It is a convenience and never a reason not to start: a file that cannot be read is as good as none, and one
that cannot be written is let be.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

import msgspec

from catalogue.errors import UsageError
from catalogue.profile.history import History
from tui.commands.output import write_whole
from tui.drafts import Draft

#: Catalogues whose place is remembered, the latest last.
_MOST = 20


class Place(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a catalogue was left: the screen, what was searched for, the profile in use, the project open."""

    mode: str | None = None
    search: str = ""
    #: Values and their names for each kind of filter.
    filters: dict[str, dict[str, str]] = {}
    profile: str | None = None
    project: str | None = None
    #: The order of the results, see `catalogue.model.SORTS`.
    sort: str = "relevance"


class KeptDraft(msgspec.Struct, frozen=True):
    """A profile that was not saved."""

    text: str
    saved: str
    offered: str
    path: str | None = None


class Memory(msgspec.Struct, frozen=True, omit_defaults=True):
    """Everything remembered. ``places`` are by the path of the catalogue."""

    toured: bool = False
    theme: str | None = None
    places: dict[str, Place] = {}
    draft: KeptDraft | None = None
    #: Columns of the list of services, where others than the usual were chosen.
    columns: tuple[str, ...] | None = None

    def at(self, catalogue: Path) -> Place:
        """How this catalogue was left."""
        return self.places.get(str(catalogue.absolute()), Place())

    def left(self, catalogue: Path, place: Place) -> Memory:
        """With this catalogue left so."""
        key = str(catalogue.absolute())
        others = {path: other for path, other in self.places.items() if path != key}
        kept = dict([*others.items()][-(_MOST - 1) :])
        return msgspec.structs.replace(self, places={**kept, key: place})


def recall(path: Path) -> Memory:
    """What the file says; nothing where it cannot be read."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Memory)
    except (OSError, msgspec.DecodeError, ValueError):
        return Memory()


def remember(path: Path, memory: Memory) -> None:
    """Write the file, if that is possible; only its owner may read it."""
    with contextlib.suppress(OSError, UsageError):
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.touch(mode=0o600)
        write_whole(path, msgspec.json.format(msgspec.json.encode(memory), indent=1))


def kept(draft: Draft | None) -> KeptDraft | None:
    """What is to be kept of a draft; nothing of one that is saved."""
    if draft is None or not draft.unsaved:
        return None
    path = str(draft.path) if draft.path else None
    return KeptDraft(draft.text, draft.saved, draft.offered, path)


def resumed(draft: KeptDraft | None) -> Draft | None:
    """The draft as it was kept; undoing takes all of its changes back at once."""
    if draft is None:
        return None
    history = History.of(draft.saved).changed(draft.text) if draft.saved else History.of(draft.text)
    return Draft(history, Path(draft.path) if draft.path else None, draft.saved, draft.offered)
