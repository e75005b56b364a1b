"""A profile while it is edited: where it is from, what was done to it, and how it is saved."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

from catalogue.errors import ProfileError, UsageError
from catalogue.profile.history import History
from tui.commands.output import write_whole
from tui.matching import read_profile_text


@dataclass(frozen=True, slots=True)
class Draft:
    """A profile being edited. ``path`` is ``None`` until it has a file; ``saved`` is that file's text."""

    history: History
    path: Path | None
    saved: str
    #: The file name to offer, where there is no file yet.
    offered: str

    @property
    def text(self) -> str:
        """The text as it is now."""
        return self.history.text

    @property
    def name(self) -> str:
        """What to call it in a sentence."""
        return self.path.name if self.path else self.offered

    @property
    def unsaved(self) -> bool:
        """Whether something would be lost without saving."""
        return self.text != self.saved


def open_draft(path: Path) -> Draft:
    """The profile in a file, to be edited; a sample that ships with Longlist becomes a file of one's own.

    Raises `ProfileError` where the file cannot be read.
    """
    text = read_profile_text(path)
    samples = Path(str(files("catalogue.sample") / "profiles"))
    own = path.resolve().parent != samples.resolve()
    return Draft(History.of(text), path.absolute() if own else None, text, path.name)


def new_draft(text: str, organisation: str) -> Draft:
    """A profile that has no file yet."""
    words = re.findall(r"[a-z0-9]+", organisation.casefold())
    return Draft(History.of(text), None, "", f"{'-'.join(words)[:60] or 'profile'}.toml")


def save_draft(draft: Draft, path: Path | None = None) -> Draft:
    """Write the draft to its file, or to a new one. Returns it as saved.

    Raises `UsageError` where that would overwrite what somebody else wrote: a file that is there already, or
    one that was changed since it was opened here.
    """
    target = path or draft.path
    if target is None:
        raise UsageError("this profile has no file yet; give it a name")
    if path is not None and path.absolute() != draft.path:
        if target.exists():
            raise UsageError(f"{target} exists already; choose another name")
    elif target.exists() and _text_of(target) != draft.saved:
        raise UsageError(
            f"{target} was changed by another program since it was opened here; nothing was written. Save "
            "under another name, or leave your changes and open the file again"
        )
    try:
        write_whole(target, draft.text.encode("utf-8"))
    except OSError as error:
        raise UsageError(f"{target}: cannot be written ({error.strerror}); choose another place") from None
    return replace(
        draft, history=draft.history.settled(), path=target.absolute(), saved=draft.text, offered=target.name
    )


def _text_of(path: Path) -> str | None:
    try:
        return read_profile_text(path)
    except ProfileError:
        return None
