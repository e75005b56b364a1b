"""Public bodies: in from a register, and out as suggestions for a name that somebody types."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from rapidfuzz import fuzz, process

from catalogue.bodies import BodySuggestion, PublicBody, name_key, sector_of
from catalogue.instants import instant
from db.catalogue import Catalogue

#: A name that is typed counts as one that is known from this similarity of their letters on (0 to 100): below
#: it, East and West Lothian Council are alike.
_ALIKE = 96.0
#: And is worth suggesting from this one on.
_NEAR = 75.0


def keep_bodies(catalogue: Catalogue, bodies: Sequence[PublicBody], *, at: datetime) -> tuple[int, int, int]:
    """Store bodies. Gives how many were added, changed and unchanged."""
    added = changed = unchanged = 0
    with catalogue.atomic() as db:
        for body in bodies:
            row = {
                "id": body.id,
                "name": body.name,
                "type": body.type,
                "abbreviation": body.abbreviation,
                "url": body.url,
                "closed": int(body.closed),
                "at": instant(at),
            }
            now = tuple(row[key] for key in ("name", "type", "abbreviation", "url", "closed"))
            before = catalogue.rows(
                "SELECT name, type, abbreviation, url, closed FROM public_body WHERE id = :id", row
            )
            unchanged += before == [now]
            changed += bool(before) and before != [now]
            added += not before
            db.conn.execute(
                "INSERT OR REPLACE INTO public_body (id, name, type, abbreviation, url, closed, last_seen)"
                " VALUES (:id, :name, :type, :abbreviation, :url, :closed, :at)",
                row,
            )
    return added, changed, unchanged


def body_named(catalogue: Catalogue, typed: str) -> BodySuggestion | None:
    """The body of this name or abbreviation, where exactly one is meant."""
    key = name_key(typed)
    bodies = _bodies(catalogue)
    exact = [body for known, body in bodies if known == key]
    if not exact:
        exact = [body for _, body in bodies if name_key(body.abbreviation or "") == key != ""]
    if not exact and key:
        names = dict(bodies)
        near = process.extract(key, list(names), scorer=fuzz.ratio, limit=2, score_cutoff=_ALIKE)
        exact = [names[known] for known, _, _ in near]
    return exact[0] if len(exact) == 1 else None


def suggest_bodies(catalogue: Catalogue, typed: str, *, limit: int = 8) -> list[BodySuggestion]:
    """Bodies whose name or abbreviation a typed text may mean, the likeliest first.

    First those with that abbreviation, then those each of whose typed words begins a word of the name (the
    shortest names first), then names spelt alike. Quick enough for each key pressed.
    """
    key = name_key(typed)
    if not key:
        return []
    words = key.split()
    ranked: list[tuple[int, float, str, BodySuggestion]] = []
    rest: dict[str, BodySuggestion] = {}
    for known, body in _bodies(catalogue):
        if name_key(body.abbreviation or "") == key:
            ranked.append((0, len(known), known, body))
        elif all(any(word.startswith(part) for word in known.split()) for part in words):
            ranked.append((1 if known.startswith(key) else 2, len(known), known, body))
        else:
            rest[known] = body
    if len(ranked) < limit:
        near = process.extract(key, list(rest), scorer=fuzz.token_sort_ratio, limit=limit, score_cutoff=_NEAR)
        ranked += [(3, -score, known, rest[known]) for known, score, _ in near]
    return [body for *_, body in sorted(ranked, key=lambda each: each[:3])[:limit]]


def _bodies(catalogue: Catalogue) -> list[tuple[str, BodySuggestion]]:
    """Every body that still buys, with the key of its name: of the register, and buyers of awards beside."""
    stamp = catalogue.rows("SELECT count(*), max(last_seen) FROM public_body")[0]
    awards = catalogue.rows("SELECT count(*), max(key) FROM award")[0]
    return catalogue.remembered("bodies", lambda: _read(catalogue), of=(stamp, awards))


def _read(catalogue: Catalogue) -> list[tuple[str, BodySuggestion]]:
    found: dict[str, BodySuggestion] = {}
    for name, kind, abbreviation in catalogue.rows(
        "SELECT name, type, abbreviation FROM public_body WHERE closed = 0 ORDER BY name"
    ):
        sector = sector_of(name, [kind] if kind else ())
        found.setdefault(name_key(name), BodySuggestion(name, sector, kind, abbreviation))
    for name, types in catalogue.rows(
        "SELECT buyer, max(buyer_types) FROM award GROUP BY buyer ORDER BY count(*) DESC, buyer"
    ):
        found.setdefault(name_key(name), BodySuggestion(name, sector_of(name, json.loads(types))))
    return [(key, body) for key, body in found.items() if key]
