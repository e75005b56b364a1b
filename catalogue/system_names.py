"""Advice on the names of a profile's systems: what a listing is told by must be theirs, and theirs alone.

A profile may keep what is advised against: a name that no listing can hold does no harm but to be useless.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from catalogue.needs import group_of_system
from catalogue.ordinary import is_ambiguous
from catalogue.profile import LegacySystem
from catalogue.profile.advice import Advice
from catalogue.records import strip_controls
from catalogue.vocabulary import Parts, Vocabulary, key_of, load_vocabulary, parts_of


def advise_on_names(
    rows: Iterable[object], lines: Mapping[str, int], vocabulary: Vocabulary | None = None
) -> Iterator[Advice]:
    """Advice on the ``[[legacy]]`` rows of a profile, in their order; what is no text is passed over.

    ``lines`` are those of `key_lines`.
    """
    vocabulary = vocabulary or load_vocabulary()
    taken: dict[str, tuple[str, str]] = {}
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, dict):
            continue
        system = _system(row)
        row_place = f"legacy[{number}]"
        stated = list(_stated(system, row_place))
        for place, name in stated:
            line = lines.get(place)
            if told := _told_by_nothing(place, line, name):
                yield told
            elif shared := taken.get(key_of(name)):
                yield _shared(place, line, name, *shared)
        group, _ = group_of_system(system, vocabulary)
        if not system.purpose:
            gated = {parts_of(name) for name in group.gated}
            doubtful = [
                name
                for place, name in stated
                if (parts_of(name) in gated or is_ambiguous(name)) and not _told_by_nothing(place, None, name)
            ]
            if doubtful:
                line = lines.get(f"{row_place}.purpose") or lines.get(stated[0][0])
                yield _without_purpose(f"{row_place}.purpose", line, doubtful)
        # Those of the vocabulary last: the place to name is where somebody wrote it.
        for place, name in (*stated, *((row_place, name) for name in group.names)):
            where = f"{place} (line {lines[place]})" if place in lines else place
            taken.setdefault(key_of(name), (system.system, where))


def _system(row: Mapping[str, Any]) -> LegacySystem:
    """The row as far as it is text."""
    aliases = row.get("aliases")
    return LegacySystem(
        system=_text(row.get("system")),
        aliases=tuple(filter(None, map(_text, aliases if isinstance(aliases, list) else ()))),
        purpose=_text(row.get("purpose")) or None,
    )


def _text(value: object) -> str:
    return strip_controls(value).strip() if isinstance(value, str) else ""


def _stated(system: LegacySystem, place: str) -> Iterator[tuple[str, str]]:
    """The names that the profile gives a system, each once whatever the case, with the key of each."""
    seen: set[Parts] = set()
    for key, name in (("system", system.system), *(("aliases", alias) for alias in system.aliases)):
        if name and (not (parts := parts_of(name)) or parts not in seen):
            seen.add(parts)
            yield f"{place}.{key}", name


def _told_by_nothing(place: str, line: int | None, name: str) -> Advice | None:
    """Advice on a name by which no listing can be told from others."""
    parts = parts_of(name)
    if not parts:
        advice = "can never be found in a listing, as it has neither letters nor digits: write out its name"
        return Advice(place, line, "name-never-found", name, advice)
    if any(character.isalpha() for character in name) and (len(parts) > 1 or len(parts[0]) > 1):
        return None
    what = "one letter" if parts[0].isalpha() else "a number"
    advice = f"is {what}, which listings hold for many things: write out the name, with that of its maker"
    return Advice(place, line, "name-found-everywhere", name, advice)


def _shared(place: str, line: int | None, name: str, system: str, where: str) -> Advice:
    """Advice on a name of a system before, too, which has it from a place ``where``."""
    advice = (
        f"is a name of {system!r} already, in {where}: what listings say of it counts for that system, "
        "not for this one. Leave it to one of the two, or make them one"
    )
    return Advice(place, line, "shared-name", name, advice)


def _without_purpose(place: str, line: int | None, doubtful: list[str]) -> Advice:
    """Advice on names that mean other things, too, where nothing tells the system from them."""
    first, *others = doubtful
    also = f", as may {', '.join(map(repr, others))}," if others else ""
    advice = (
        f"may mean something else in a listing{also} and nothing tells it from the system: "
        'add what that is for, such as purpose = "housing rents"'
    )
    return Advice(place, line, "name-without-purpose", first, advice)
