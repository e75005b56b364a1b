"""Agreements as stored: their lots, dates and suppliers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from catalogue.agreements import Agreement, AgreementLot, AgreementSupplier
from db.agreements import (
    agreement_dates,
    agreements,
    keep_agreements,
    keep_suppliers,
    settle_suppliers,
    suppliers_of,
)
from db.catalogue import Catalogue

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
CLOUD = Agreement(
    "RM1557.15",
    "G-Cloud 15",
    status="Live",
    starts=date(2026, 8, 6),
    ends=date(2030, 8, 5),
    lots=(AgreementLot("1a", "Lot 1a"), AgreementLot("3", None, "Live", date(2029, 1, 1))),
)


def test_an_agreement_comes_back_as_it_was(catalogue: Catalogue) -> None:
    assert keep_agreements(catalogue, [CLOUD], at=NOON) == (1, 0, 0)
    (found,) = agreements(catalogue)
    assert (found.agreement, found.suppliers, found.last_seen) == (CLOUD, 0, NOON)
    assert agreement_dates(catalogue) == {"RM1557.15": (date(2026, 8, 6), date(2030, 8, 5))}


def test_a_change_keeps_the_suppliers(catalogue: Catalogue) -> None:
    keep_agreements(catalogue, [CLOUD], at=NOON)
    keep_suppliers(catalogue, [AgreementSupplier("RM1557.15", "3", "s1", "Tidewater Ltd")], run=1)
    later = replace(CLOUD, status="Expired", lots=())
    assert keep_agreements(catalogue, [later], at=NOON) == (0, 1, 0)
    assert keep_agreements(catalogue, [later], at=NOON) == (0, 0, 1)
    (found,) = agreements(catalogue)
    assert (found.agreement, found.suppliers) == (later, 1)


def test_a_whole_list_replaces_the_suppliers_of_its_lot_alone(catalogue: Catalogue) -> None:
    keep_agreements(catalogue, [CLOUD], at=NOON)
    there = [
        AgreementSupplier("RM1557.15", lot, f"s{n}", f"Supplier {n}") for lot in ("1a", "3") for n in (1, 2)
    ]
    keep_suppliers(catalogue, there, run=1)
    assert keep_suppliers(catalogue, there[:1], run=2) == (0, 0, 1)
    assert settle_suppliers(catalogue, "RM1557.15", "1a", run=2, least_share=0.5) is None
    assert [(one.lot, one.id) for one in suppliers_of(catalogue, "RM1557.15")] == [
        ("1a", "s1"),
        ("3", "s1"),
        ("3", "s2"),
    ]


def test_a_list_that_collapsed_removes_none_and_says_why(catalogue: Catalogue) -> None:
    keep_agreements(catalogue, [CLOUD], at=NOON)
    keep_suppliers(catalogue, [AgreementSupplier("RM1557.15", "3", f"s{n}", "S") for n in range(10)], run=1)
    kept = settle_suppliers(catalogue, "RM1557.15", "3", run=2, least_share=0.8)
    assert kept == "RM1557.15 lot 3: 0 suppliers listed, 10 known; expected 8 at least, so none was removed"
    assert len(suppliers_of(catalogue, "RM1557.15")) == 10
