"""Agreements, their lots and suppliers: in from a source, out for whoever shows a framework."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from catalogue.agreements import Agreement, AgreementLot, AgreementSupplier, Dates
from catalogue.instants import instant
from db.catalogue import Catalogue

_COLUMNS = "number, title, status, type, pillar, category, regulation, summary, starts, ends"


@dataclass(frozen=True, slots=True)
class AgreementSeen:
    """An agreement as stored, with how many suppliers are known to be on it and when it was last seen."""

    agreement: Agreement
    suppliers: int
    last_seen: datetime


def keep_agreements(
    catalogue: Catalogue, agreements: Sequence[Agreement], *, at: datetime
) -> tuple[int, int, int]:
    """Store agreements with their lots. Gives how many were added, changed and unchanged."""
    added = changed = unchanged = 0
    with catalogue.atomic() as db:
        for agreement in agreements:
            before = _read(catalogue, agreement.number)
            moment = {"number": agreement.number, "at": instant(at)}
            if before == agreement:
                unchanged += 1
                db.conn.execute("UPDATE agreement SET last_seen = :at WHERE number = :number", moment)
                continue
            added, changed = added + (before is None), changed + (before is not None)
            row = {key: _written(value) for key, value in asdict(agreement).items() if key != "lots"}
            db.conn.execute(
                f"INSERT INTO agreement ({_COLUMNS}, first_seen, last_seen)"  # noqa: S608
                " VALUES (:number, :title, :status, :type, :pillar, :category, :regulation, :summary,"
                " :starts, :ends, :at, :at)"
                " ON CONFLICT (number) DO UPDATE SET title = excluded.title, status = excluded.status,"
                " type = excluded.type, pillar = excluded.pillar, category = excluded.category,"
                " regulation = excluded.regulation, summary = excluded.summary, starts = excluded.starts,"
                " ends = excluded.ends, last_seen = excluded.last_seen",
                row | moment,
            )
            db.conn.execute("DELETE FROM agreement_lot WHERE agreement = :number", moment)
            db.conn.executemany(
                "INSERT INTO agreement_lot VALUES (:agreement, :position, :number, :title, :status, :ends)",
                [
                    {key: _written(value) for key, value in asdict(lot).items()}
                    | {"agreement": agreement.number, "position": position}
                    for position, lot in enumerate(agreement.lots)
                ],
            )
    return added, changed, unchanged


def keep_suppliers(
    catalogue: Catalogue, suppliers: Sequence[AgreementSupplier], *, run: int
) -> tuple[int, int, int]:
    """Store suppliers of agreements that are known. Gives how many were added, changed and unchanged."""
    added = changed = unchanged = 0
    with catalogue.atomic() as db:
        for supplier in suppliers:
            row = asdict(supplier) | {"lot": supplier.lot or "", "run": run}
            before = catalogue.rows(
                "SELECT name, trading_name, duns, website FROM agreement_supplier"
                " WHERE agreement = :agreement AND lot = :lot AND id = :id",
                row,
            )
            now = (supplier.name, supplier.trading_name, supplier.duns, supplier.website)
            if before and before[0] == now:
                unchanged += 1
                db.conn.execute(
                    "UPDATE agreement_supplier SET run = :run"
                    " WHERE agreement = :agreement AND lot = :lot AND id = :id",
                    row,
                )
                continue
            added, changed = added + (not before), changed + bool(before)
            db.conn.execute(
                "INSERT OR REPLACE INTO agreement_supplier (agreement, lot, id, name, trading_name, duns,"
                " website, run) VALUES (:agreement, :lot, :id, :name, :trading_name, :duns, :website, :run)",
                row,
            )
    return added, changed, unchanged


def settle_suppliers(
    catalogue: Catalogue, agreement: str, lot: str, *, run: int, least_share: float
) -> str | None:
    """Remove the suppliers of a lot that a whole list of this run did not show.

    Removes none, and says why, where the list shows less than ``least_share`` of those stored: a list that
    shrinks so much is a fault of the source before it is news.
    """
    place = {"agreement": agreement, "lot": lot, "run": run}
    with catalogue.atomic() as db:
        stored, seen = catalogue.rows(
            "SELECT count(*), count(*) FILTER (WHERE run = :run) FROM agreement_supplier"
            " WHERE agreement = :agreement AND lot = :lot",
            place,
        )[0]
        if seen < least_share * stored:
            return (
                f"{agreement}{f' lot {lot}' if lot else ''}: {seen} suppliers listed, {stored} known; "
                f"expected {least_share * stored:.0f} at least, so none was removed"
            )
        db.conn.execute(
            "DELETE FROM agreement_supplier WHERE agreement = :agreement AND lot = :lot AND run <> :run",
            place,
        )
    return None


def agreements(catalogue: Catalogue) -> list[AgreementSeen]:
    """Every agreement, those that end last first."""
    found = catalogue.rows(
        "SELECT number, last_seen,"
        " (SELECT count(DISTINCT id) FROM agreement_supplier WHERE agreement = agreement.number)"
        " FROM agreement ORDER BY ends IS NULL, ends DESC, number"
    )
    seen = []
    for number, last_seen, suppliers in found:
        agreement = _read(catalogue, number)
        assert agreement is not None
        seen.append(AgreementSeen(agreement, suppliers, datetime.fromisoformat(last_seen)))
    return seen


def agreement_dates(catalogue: Catalogue) -> Dates:
    """First and last day of each agreement as its source gives them, by number in capitals."""
    return {
        number.upper(): (_day(starts), _day(ends))
        for number, starts, ends in catalogue.rows("SELECT number, starts, ends FROM agreement")
    }


def suppliers_of(catalogue: Catalogue, agreement: str) -> list[AgreementSupplier]:
    """The suppliers of an agreement, by lot and name."""
    return [
        AgreementSupplier(number, lot or None, id, name, trading_name, duns, website)
        for number, lot, id, name, trading_name, duns, website in catalogue.rows(
            "SELECT agreement, lot, id, name, trading_name, duns, website FROM agreement_supplier"
            " WHERE agreement = :agreement ORDER BY lot, name",
            {"agreement": agreement},
        )
    ]


def _read(catalogue: Catalogue, number: str) -> Agreement | None:
    rows = catalogue.rows(f"SELECT {_COLUMNS} FROM agreement WHERE number = :number", {"number": number})  # noqa: S608
    if not rows:
        return None
    lots = catalogue.rows(
        "SELECT number, title, status, ends FROM agreement_lot WHERE agreement = :number ORDER BY position",
        {"number": number},
    )
    number, title, status, kind, pillar, category, regulation, summary, starts, ends = rows[0]
    return Agreement(
        number,
        title,
        status,
        kind,
        pillar,
        category,
        regulation,
        summary,
        _day(starts),
        _day(ends),
        tuple(AgreementLot(lot, named, standing, _day(end)) for lot, named, standing, end in lots),
    )


def _written(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
