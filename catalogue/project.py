"""A project: one purchase, the profile it is judged by, and the services marked for its shortlist.

Plain values; `db.projects` keeps them. A project holds the text of its profile, so that it can be exported
years later, when the file it came from is gone or changed.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from catalogue.errors import UsageError
from catalogue.profile import parse_profile
from catalogue.records import strip_controls

#: Long enough for a sentence of a name, short enough for every file system together with a suffix.
NAME_LENGTH = 80
#: As the free text of an officer's note; longer reasons belong in a document.
NOTE_LENGTH = 2000

#: Letters and digits of any script, and what is safe inside a file name everywhere.
_NAME = re.compile(r"[^\W_](?:[\w .-]*[^\W_])?")
#: Names that Windows keeps for devices, whatever suffix follows.
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


@dataclass(frozen=True, slots=True)
class ProfileText:
    """A profile as it was when the project took it: its text and digest, independent of any path."""

    name: str
    digest: str
    text: str


@dataclass(frozen=True, slots=True)
class Project:
    """One purchase. ``created`` is aware UTC; ``profile`` is ``None`` until one is given."""

    name: str
    created: datetime
    profile: ProfileText | None = None

    @property
    def key(self) -> str:
        """What makes the name unique: names that differ in case only would be one file on many systems."""
        return name_key(self.name)


@dataclass(frozen=True, slots=True)
class Mark:
    """A service put on a project's shortlist, with the officer's note.

    ``time`` is aware UTC; ``digest`` is the record's when it was marked, so that a later change shows.
    """

    service_id: str
    note: str
    time: datetime
    digest: str


def project_name(text: str) -> str:
    """The name, tidied, or a `UsageError` that says what a name may be.

    Names become file names: letters, digits, spaces, ``-``, ``_`` and ``.``, beginning and ending with a
    letter or digit.
    """
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if len(name) > NAME_LENGTH:
        raise UsageError(f"project name is {len(name)} characters long; at most {NAME_LENGTH} are allowed")
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"project name {strip_controls(text)!r}: expected letters, digits, spaces, '-', '_' and '.', "
            "beginning and ending with a letter or digit, because it becomes a file name"
        )
    if _DEVICES.fullmatch(name.casefold()):
        raise UsageError(f"project name {name!r} is the name of a device on Windows; choose another")
    return name


def name_key(name: str) -> str:
    """The form in which two project names are compared."""
    name = name.encode("utf-8", "replace").decode()  # of an argument that is no text
    return unicodedata.normalize("NFC", " ".join(name.split())).casefold()


def mark_note(text: str) -> str:
    """The note without control characters and surrounding space, or a `UsageError` when it is too long."""
    note = strip_controls(text.encode("utf-8", "replace").decode()).strip()
    if len(note) > NOTE_LENGTH:
        raise UsageError(f"note is {len(note)} characters long; at most {NOTE_LENGTH} are kept")
    return note


def profile_text(text: str, source: str) -> ProfileText:
    """A profile's text to keep with a project; raises `ProfileError` when it has mistakes.

    ``source`` is what messages call it, usually the path it was read from; it is not kept.
    """
    profile = parse_profile(text, source)
    return ProfileText(name=profile.organisation.name, digest=profile.digest, text=text)
