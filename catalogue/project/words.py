"""What people type into a project: names, reasons and notes, tidied or refused with a sentence.

Names become file names. Text is data and never controls a terminal: `tidied` goes through every field of
whatever enters a project, so that no command or screen can forget one.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TypeVar

import msgspec

from catalogue.errors import UsageError
from catalogue.records import strip_controls

#: Long enough for a sentence of a name, short enough for every file system together with a suffix.
NAME_LENGTH = 80
#: As the free text of an officer's note; longer reasons belong in a document.
NOTE_LENGTH = 2000

#: Letters and digits of any script, and what is safe inside a file name everywhere.
_NAME = re.compile(r"[^\W_](?:[\w .-]*[^\W_])?")
#: Names that Windows keeps for devices, whatever suffix follows.
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
#: Reasons that say only where a service stood in a list, which no supplier could be told.
_ONLY_ITS_PLACE = re.compile(
    r"\W*(?:(?:it|this|was|is|has|had|too|a|the|its|very|just|only)\W+)*"
    r"(?:(?:rank(?:ed|s|ing)?|scor(?:ed?|es|ing)|plac(?:ed?|ing)|came|match(?:ed|es)?|rated)\W+)?"
    r"(?:(?:too|very|so|quite)\W+)*"
    r"(?:low(?:er|est)?|poor(?:ly)?|badly|last|bottom|weak(?:ly)?|worse|worst|outside|below"
    r"|not\W+(?:(?:in|among|the)\W+)*(?:top|first|best|highest)"
    r"|(?<=rank )\d+\w*|(?<=ranked )\d+\w*|(?<=scored )\d+\w*|(?<=came )\d+\w*|(?<=number )\d+)"
    r"(?:\W+(?:in|on|of|by|than|the|a|our|list|results?|search|rank(?:ed|ing)?|scor(?:e|ed|es|ing)|match"
    r"|others?|rest|place|position|down|top|first|only|ten|five|three|services?|\d+))*\W*",
    re.IGNORECASE,
)
_T = TypeVar("_T")


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
    return checked(tidied(text), "note")


def tidied(value: _T) -> _T:
    """The same text, or the same value with every text in it: no control characters, no space around it."""
    return msgspec.convert(_tidied(msgspec.to_builtins(value)), type(value))


def _tidied(value: object) -> object:
    if isinstance(value, str):
        return strip_controls(value.encode("utf-8", "replace").decode()).strip()
    if isinstance(value, dict):
        return {key: _tidied(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_tidied(item) for item in value]
    return value


def checked(text: str, what: str, *, most: int = NOTE_LENGTH) -> str:
    """The text, or a `UsageError` when it is longer than is kept."""
    if len(text) > most:
        raise UsageError(f"{what} is {len(text)} characters long; at most {most} are kept")
    return text


def needed(text: str, what: str, *, most: int = NOTE_LENGTH) -> str:
    """The text, or a `UsageError` when there is none or it is too long."""
    if not text.strip():
        raise UsageError(f"{what} is empty; expected text")
    return checked(text, what, most=most)


def reason(text: str) -> str:
    """A reason for a rejection, or a `UsageError` where it says no more than how low a service stood.

    How low a service ranks follows from what it lacks: what it lacks is the reason.
    """
    if _ONLY_ITS_PLACE.fullmatch(needed(text, "the reason")):
        raise UsageError(
            f"{text!r} is no reason: say what the service lacks of the requirement, "
            "so that its supplier could be told"
        )
    return text
