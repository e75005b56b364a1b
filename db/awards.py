"""Awards: in from releases, and out for a supplier of the catalogue. Never a part of any score.

Whose awards they are is worked out when it is asked, by `catalogue.suppliers`: names change on both sides.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from catalogue.awards import Award, Purchase
from catalogue.bodies import name_key, sector_of
from catalogue.instants import instant
from catalogue.suppliers import forms, identifiers, same_name, same_register
from db.catalogue import Catalogue

_COLUMNS = "released, title, buyer, buyer_types, status, awarded, starts, ends, amount, currency, method, url"


def keep_awards(catalogue: Catalogue, awards: Sequence[Award]) -> tuple[int, int, int]:
    """Store awards; an older release of one that is stored changes nothing.

    Gives how many were added, changed and unchanged.
    """
    added = changed = unchanged = 0
    with catalogue.atomic() as db:
        for award in awards:
            row = _row(award)
            suppliers = [(one.name, json.dumps(sorted(one.identifiers))) for one in award.suppliers]
            references = [(one.agreement, one.framework) for one in award.references]
            before = catalogue.rows(
                f"SELECT key, {_COLUMNS} FROM award WHERE publisher = :publisher AND id = :id",  # noqa: S608
                row,
            )
            if before:
                key, released, *rest = before[0]
                same = (
                    rest == [row[name] for name in _COLUMNS.split(", ")[1:]]
                    and suppliers == _below(catalogue, "award_supplier", "name, identifiers", key)
                    and references == _below(catalogue, "award_reference", "agreement, framework", key)
                )
                if same or released > str(row["released"]):
                    unchanged += 1
                    continue
                db.conn.execute("DELETE FROM award WHERE key = :key", {"key": key})
            added, changed = added + (not before), changed + bool(before)
            names = _COLUMNS.split(", ")
            key = db.conn.execute(
                f"INSERT INTO award (publisher, id, {_COLUMNS}) VALUES (:publisher, :id, "  # noqa: S608
                + ", ".join(f":{name}" for name in names)
                + ")",
                row,
            ).lastrowid
            for table, rows in (("award_supplier", suppliers), ("award_reference", references)):
                db.conn.executemany(
                    f"INSERT INTO {table} VALUES (:award, :position, :first, :second)",  # noqa: S608
                    [
                        {"award": key, "position": position, "first": first, "second": second}
                        for position, (first, second) in enumerate(rows)
                    ],
                )
    return added, changed, unchanged


def _row(award: Award) -> dict[str, object]:
    return {
        "publisher": award.publisher,
        "id": award.key,
        "released": instant(award.released),
        "title": award.title,
        "buyer": award.buyer,
        "buyer_types": json.dumps(award.buyer_types, ensure_ascii=False),
        "status": award.status,
        "awarded": award.awarded and award.awarded.isoformat(),
        "starts": award.starts and award.starts.isoformat(),
        "ends": award.ends and award.ends.isoformat(),
        "amount": None if award.amount is None else format(award.amount, "f"),
        "currency": award.currency,
        "method": award.method,
        "url": award.url,
    }


def _below(catalogue: Catalogue, table: str, columns: str, award: int) -> list[tuple[str, str | None]]:
    return catalogue.rows(
        f"SELECT {columns} FROM {table} WHERE award = :award ORDER BY position",  # noqa: S608
        {"award": award},
    )


def purchases_from(
    catalogue: Catalogue,
    supplier: str,
    *,
    sector: str | None = None,
    register: Sequence[tuple[str, str]] = (),
) -> list[Purchase]:
    """What public bodies bought from a supplier, the newest first; awards that came to nothing are left out.

    ``supplier`` is the name as its listings have it. ``sector`` keeps buyers of that sector. ``register``
    are pairs of scheme and number that are known of the supplier; those that the agreements' source gives
    for its name are taken too. Names are told as published, so that a reader can judge a join by name.
    """
    joined = _joined(catalogue, supplier, register)
    if not joined:
        return []
    rows = catalogue.rows(
        """
        SELECT award.key, award.buyer, award.buyer_types, award_supplier.name, award_supplier.identifiers,
            award.title, award.awarded, award.starts, award.ends, award.amount, award.currency,
            award.publisher, award.url,
            (SELECT json_group_array(agreement) FROM
                (SELECT agreement FROM award_reference WHERE award = award_supplier.award ORDER BY position)),
            (SELECT count(*) - 1 FROM award_supplier AS all_of WHERE all_of.award = award_supplier.award)
        FROM json_each(:joined) AS wanted
        CROSS JOIN award_supplier ON award_supplier.name = wanted.value ->> 0
            AND award_supplier.identifiers = wanted.value ->> 1
        JOIN award ON award.key = award_supplier.award
        WHERE coalesce(lower(award.status), 'active') NOT IN ('cancelled', 'unsuccessful')
        ORDER BY coalesce(award.awarded, award.starts, award.released) DESC, award.key
        """,
        {"joined": json.dumps(list(joined))},
    )
    types = {name_key(name): kind for name, kind in catalogue.rows("SELECT name, type FROM public_body")}
    found: dict[int, Purchase] = {}
    told: dict[tuple[object, ...], str] = {}
    for key, buyer, buyer_types, name, numbers, title, awarded, starts, ends, amount, *rest in rows:
        currency, publisher, url, agreements, others = rest
        same = (name_key(buyer), title.casefold(), awarded, amount)
        if told.setdefault(same, publisher) != publisher:
            continue  # one award, announced in two places
        kind = types.get(name_key(buyer))
        of_sector = sector_of(buyer, [*([kind] if kind else ()), *json.loads(buyer_types)])
        if sector is None or of_sector == sector:
            found[key] = Purchase(
                buyer=buyer,
                sector=of_sector,
                supplier=name,
                title=title,
                awarded=_day(awarded),
                starts=_day(starts),
                ends=_day(ends),
                amount=Decimal(amount) if amount else None,
                currency=currency,
                agreements=tuple(json.loads(agreements)),
                publisher=publisher,
                url=url,
                others=others,
                by_register=joined[name, numbers],
            )
    return list(found.values())


def _joined(
    catalogue: Catalogue, supplier: str, register: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], bool]:
    """The names and identifiers of awards that are of this supplier, each with whether a register says so."""
    wanted = forms(supplier)
    known = identifiers([*register, *(("DUNS", duns) for duns in _duns(catalogue, wanted))])
    parties = _parties(catalogue)
    by_name = {
        place: numbers
        for place, (numbers, names) in parties.items()
        if same_register(known, numbers) is not False and same_name(wanted, names)
    }
    # A register's number that came with one of these names finds the supplier under its other names.
    numbers_of_names = {number for numbers in by_name.values() for number in numbers}
    joined = dict.fromkeys(by_name, False)
    for place, (numbers, _) in parties.items():
        if numbers & known or (place not in joined and numbers & numbers_of_names):
            joined[place] = True
    return joined


def _parties(
    catalogue: Catalogue,
) -> dict[tuple[str, str], tuple[frozenset[str], frozenset[str]]]:
    """Every supplier of an award as published: its identifiers and the forms of its name."""
    stamp = catalogue.rows("SELECT count(*), max(key) FROM award")[0]

    def read() -> dict[tuple[str, str], tuple[frozenset[str], frozenset[str]]]:
        rows = catalogue.rows("SELECT DISTINCT name, identifiers FROM award_supplier")
        return {(name, numbers): (frozenset(json.loads(numbers)), forms(name)) for name, numbers in rows}

    return catalogue.remembered("award suppliers", read, of=stamp)


def _duns(catalogue: Catalogue, wanted: frozenset[str]) -> set[str]:
    """The D-U-N-S numbers that agreements give for a supplier of this name, exactly."""
    stamp = catalogue.rows("SELECT count(*), max(run) FROM agreement_supplier")[0]

    def read() -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for name, trading_name, duns in catalogue.rows(
            "SELECT DISTINCT name, trading_name, duns FROM agreement_supplier WHERE duns IS NOT NULL"
        ):
            for form in forms(name) | forms(trading_name or ""):
                found.setdefault(form, set()).add(duns)
        return found

    by_form = catalogue.remembered("agreement suppliers", read, of=stamp)
    return {duns for form in wanted for duns in by_form.get(form, ())}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def newest_release(catalogue: Catalogue) -> datetime | None:
    """When the newest stored award was released."""
    newest = catalogue.rows("SELECT max(released) FROM award")[0][0]
    return datetime.fromisoformat(newest) if newest else None
