"""Proposals as values: sizes and kinds of body, and what such bodies usually run, lack, need and require."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec

from catalogue.errors import UsageError
from catalogue.profile import SECTORS, nearest


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A row of the table; ``why`` is its reason or its source, and is shown."""

    why: str


class Size(Row, frozen=True, kw_only=True):
    """A size of body: ``staff`` is the most people working with the service; ``None`` for the largest."""

    id: str
    staff: int | None = None


class Body(Row, frozen=True, kw_only=True):
    """A kind of body, ``called`` what one is. ``residents`` are the most of a small, of a medium one."""

    sector: str
    called: str
    size: str
    goal: str
    kind: str | None = None
    usual: bool = False
    residents: tuple[int, int] | None = None

    @property
    def id(self) -> str:
        """``sector`` or ``sector/kind``, as the rows name it."""
        return f"{self.sector}/{self.kind}" if self.kind else self.sector


class Proposal(Row, frozen=True, kw_only=True):
    """What is proposed to bodies of some kinds (``for`` in the table) and sizes; no sizes: all of them."""

    bodies: tuple[str, ...] = msgspec.field(name="for")
    sizes: tuple[str, ...] = ()

    def suits(self, body: Body, size: str) -> bool:
        """Whether it is proposed to a body of this kind and size."""
        fits = not {"all", body.sector, body.id}.isdisjoint(self.bodies)
        return fits and (not self.sizes or size in self.sizes)


class StartingSystem(Proposal, frozen=True, kw_only=True):
    """A product that bodies run for a function; ``others`` may stand in its place."""

    function: str
    system: str
    intent: str
    interfaces: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


class StartingGap(Proposal, frozen=True, kw_only=True):
    """A word of one of the profile's lists: a gap in skills or resources, or a need of customers."""

    list: Literal["skills", "resources", "customers"]
    word: str


class StartingRequirement(Proposal, frozen=True, kw_only=True):
    """A requirement that such bodies usually have."""

    text: str
    priority: str
    barrier: str
    question: str | None = None
    includes: tuple[str, ...] = ()
    equals: str | None = None


@dataclass(frozen=True, slots=True)
class Starting:
    """The whole table. ``sizes`` go from the smallest to the largest."""

    sizes: tuple[Size, ...]
    bodies: tuple[Body, ...]
    systems: tuple[StartingSystem, ...]
    gaps: tuple[StartingGap, ...]
    requirements: tuple[StartingRequirement, ...]

    def body(self, sector: str, kind: str | None = None) -> Body:
        """The kind of body meant; without a kind, the sector's usual one. Raises `UsageError`."""
        there = [body for body in self.bodies if body.sector == sector]
        if not there:
            raise UsageError(f"there is no sector {sector!r}; expected one of: {', '.join(SECTORS)}")
        if kind is None:
            return next((body for body in there if body.usual), there[0])
        kinds = [body.kind for body in there if body.kind]
        if kind in kinds:
            return next(body for body in there if body.kind == kind)
        if not kinds:
            raise UsageError(f"the sector {sector!r} has no kinds, and {kind!r} was given; leave --kind out")
        other = nearest(kind, kinds)
        meant = f". Did you mean {other!r}?" if other else ""
        raise UsageError(
            f"there is no kind {kind!r} in the sector {sector!r}; expected: {', '.join(kinds)}{meant}"
        )

    def size(self, body: Body, staff_users: int | None, residents: int | None) -> tuple[str, str]:
        """The size to propose for, and how it was found, in words: by residents, by staff, or the usual."""
        ids = [size.id for size in self.sizes]
        if residents is not None and body.residents is not None:
            place = sum(residents > most for most in body.residents)
            return ids[place], f"{residents:,} residents; {_bounds(ids, body.residents, place)}"
        if staff_users is not None:
            most = [size.staff for size in self.sizes if size.staff is not None]
            place = sum(staff_users > staff for staff in most)
            return ids[place], f"{staff_users:,} staff users; {_bounds(ids, most, place)}"
        return body.size, "no count was given that tells its size, and most are"


def _bounds(ids: Sequence[str], most: Sequence[int], place: int) -> str:
    if place < len(most):
        return f"up to {most[place]:,} counts as {ids[place]}"
    return f"above {most[-1]:,} counts as {ids[place]}"
