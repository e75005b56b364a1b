"""Everything that can be done to a project, as plain data: what the audit trail keeps of each step.

An action holds what its actor gave and what it rested on, with nothing worked out that can be worked out
again. Its name in the trail is its tag. Fields are only ever added, each with a default: trails are read for
years.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Literal, TypeAlias

import msgspec

from catalogue.project.values import (
    Criterion,
    End,
    Filter,
    How,
    Method,
    ProfileText,
    Requirement,
    Result,
)


class _Action(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="action"):
    """Common options of all actions."""


class CarriedMark(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A mark from before there was a trail."""

    service_id: str
    note: str
    time: datetime
    digest: str


class Begin(_Action, frozen=True, tag="begin"):
    """Begin a project."""

    name: str


class CarryOver(_Action, frozen=True, tag="carry-over"):
    """Take a project with its marks from a catalogue that kept no trail yet.

    ``earlier`` are profiles that projects of the same catalogue had before; which had which is not known.
    """

    name: str
    created: datetime
    profile: ProfileText | None = None
    marks: tuple[CarriedMark, ...] = ()
    earlier: tuple[ProfileText, ...] = ()


class TakeProfile(_Action, frozen=True, tag="profile"):
    """Judge by this profile from now on."""

    profile: ProfileText


class Require(_Action, frozen=True, tag="require"):
    """Add a requirement to those of the profile."""

    text: str
    priority: Literal["must", "want"] = "want"


class Withdraw(_Action, frozen=True, tag="withdraw"):
    """Take a requirement out again that was added; ``text`` is the requirement's."""

    text: str


class Freeze(_Action, frozen=True, tag="freeze"):
    """Fix the requirements, with the budget in pounds a year and the approval to spend it."""

    requirements: tuple[Requirement, ...]
    budget: Decimal | None = None
    approval: str = ""


class Search(_Action, frozen=True, tag="search"):
    """Save a search with all of its results, in their order."""

    words: str
    framework: str
    lot: str
    found: int
    catalogue: str
    filters: tuple[Filter, ...] = ()
    results: tuple[Result, ...] = ()
    newest: datetime | None = None
    how: How = "first"
    because: str = ""


class MarkService(_Action, frozen=True, tag="mark"):
    """Mark a service on an informal shortlist. Without ``note`` the note it has stays."""

    service: Result
    note: str | None = None


class Unmark(_Action, frozen=True, tag="unmark"):
    """Take a service off an informal shortlist."""

    service_id: str


class Shortlist(_Action, frozen=True, tag="shortlist"):
    """Put services of the longlist on the shortlist, as their records are now."""

    services: tuple[Result, ...]
    because: str = ""


class Reject(_Action, frozen=True, tag="reject"):
    """Reject services of the longlist for one reason, tied to one requirement."""

    services: tuple[Result, ...]
    requirement: str
    because: str


class Reconsider(_Action, frozen=True, tag="reconsider"):
    """Leave the fate of services open again."""

    services: tuple[str, ...]
    because: str


class Note(_Action, frozen=True, tag="note"):
    """Write a note about a service of the longlist; an empty one takes it away."""

    service_id: str
    note: str


class SetCriteria(_Action, frozen=True, tag="criteria"):
    """Fix how the shortlist is judged. ``because`` is needed in a new version when scores had been seen."""

    method: Method
    criteria: tuple[Criterion, ...]
    scale: int = 5
    because: str = ""


class Rank(_Action, frozen=True, tag="rank"):
    """Show how the longlist matches the profile: the digest of the ranking and of all that it rests on."""

    profile: str
    rules: str
    tables: str
    program: str
    snapshot: str
    services: int
    digest: str


class GiveScore(_Action, frozen=True, tag="score"):
    """Score a shortlisted service on a criterion. The same scorer's score before is replaced."""

    service_id: str
    criterion: str
    value: Decimal
    scorer: str
    evidence: str
    note: str = ""


class Ask(_Action, frozen=True, tag="ask"):
    """Put a clarification question about each of these services to its supplier."""

    services: tuple[str, ...]
    text: str
    on: date
    channel: str


class Answer(_Action, frozen=True, tag="answer"):
    """Note what was answered to a question, and what follows from it."""

    number: int
    text: str
    on: date
    channel: str
    effect: str


class SetLock(_Action, frozen=True, tag="lock"):
    """Fix search, longlist, criteria and scores. ``format`` is that of the export that asked for it."""

    format: str = ""
    changed: tuple[str, ...] = ()


class Conclude(_Action, frozen=True, tag="outcome"):
    """Say how the purchase ended; the fields of the contract belong to an award alone."""

    kind: End
    winner: str | None = None
    start: date | None = None
    end: date | None = None
    value: Decimal | None = None
    buyer: str = ""
    signed: date | None = None
    because: str = ""
    keep_years: int = 3


class Reopen(_Action, frozen=True, tag="reopen"):
    """Begin a new version of the project, and say why; ``requirements`` where these are to change too."""

    because: str
    requirements: bool = False


class Delete(_Action, frozen=True, tag="delete"):
    """Remove what the project holds; this entry stays as its tombstone."""

    because: str


Action: TypeAlias = (
    Begin
    | CarryOver
    | TakeProfile
    | Require
    | Withdraw
    | Freeze
    | Search
    | MarkService
    | Unmark
    | Shortlist
    | Reject
    | Reconsider
    | Note
    | SetCriteria
    | Rank
    | GiveScore
    | Ask
    | Answer
    | SetLock
    | Conclude
    | Reopen
    | Delete
)


def kind_of(action: Action) -> str:
    """The name of an action in the trail."""
    return str(action.__struct_config__.tag)
