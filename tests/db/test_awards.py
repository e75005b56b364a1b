"""What public bodies bought from a supplier, joined by register or by name, as published."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from catalogue.agreements import Agreement, AgreementSupplier
from catalogue.awards import Award, Awarded
from catalogue.bodies import PublicBody
from catalogue.references import Reference
from db.agreements import keep_agreements, keep_suppliers
from db.awards import keep_awards, newest_release, purchases_from
from db.bodies import keep_bodies
from db.catalogue import Catalogue

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def award(
    number: int,
    supplier: str = "Tidewater Ltd",
    buyer: str = "Fenmoor District Council",
    *ids: str,
    **more: Any,
) -> Award:
    return Award(
        **{
            "publisher": "find-tender",
            "key": f"x{number}/1",
            "released": NOON,
            "title": f"Forms {number}",
            "buyer": buyer,
            "suppliers": (Awarded(supplier, frozenset(ids)),),
            "awarded": date(2026, 11, number),
            "amount": Decimal("48000.50"),
            "currency": "GBP",
        }
        | more
    )


def titles(catalogue: Catalogue, supplier: str, **how: Any) -> list[str]:
    return [each.title for each in purchases_from(catalogue, supplier, **how)]


def test_an_award_comes_back_with_all_that_it_says(catalogue: Catalogue) -> None:
    given = award(
        1,
        starts=date(2026, 12, 1),
        ends=date(2028, 11, 30),
        references=(Reference("RM1557.14", "g-cloud-14"), Reference("RM6187")),
        url="https://x.example",
        suppliers=(Awarded("Tidewater Limited"), Awarded("Another Ltd")),
    )
    keep_awards(catalogue, [given])
    (found,) = purchases_from(catalogue, "Tidewater Ltd")
    assert (found.buyer, found.sector, found.supplier, found.title) == (
        "Fenmoor District Council",
        "local-government",
        "Tidewater Limited",
        "Forms 1",
    )
    assert (found.amount, found.currency, found.agreements, found.others) == (
        Decimal("48000.50"),
        "GBP",
        ("RM1557.14", "RM6187"),
        1,
    )
    assert found.sentence() == (
        "1 November 2026: Fenmoor District Council (local-government); £48,000.50; Forms 1; "
        "under RM1557.14, RM6187; 1 December 2026 to 30 November 2028; "
        "to Tidewater Limited, with 1 more supplier (joined by name)"
    )


def test_the_newest_comes_first_and_others_are_not_told(catalogue: Catalogue) -> None:
    keep_awards(catalogue, [award(1), award(3, "TIDEWATER PLC"), award(2), award(4, "Tidewater Digital Ltd")])
    assert titles(catalogue, "Tidewater (UK) Ltd") == ["Forms 3", "Forms 2", "Forms 1"]


def test_a_sector_keeps_buyers_of_its_own(catalogue: Catalogue) -> None:
    keep_awards(
        catalogue,
        [
            award(1),
            award(2, buyer="Marrow NHS Trust"),
            award(3, buyer="Tidal Office"),
            award(4, buyer="Tidal Works", buyer_types=("REGIONAL_AUTHORITY",)),
        ],
    )
    assert titles(catalogue, "Tidewater", sector="local-government") == ["Forms 4", "Forms 1"]
    assert titles(catalogue, "Tidewater", sector="nhs") == ["Forms 2"]
    body = PublicBody("tidal-office", "Tidal Office", "Executive agency")
    keep_bodies(catalogue, [body], at=NOON)
    assert titles(catalogue, "Tidewater", sector="arms-length-body") == ["Forms 3"]


def test_a_registers_number_finds_the_supplier_under_its_other_names(catalogue: Catalogue) -> None:
    keep_awards(
        catalogue,
        [
            award(1, "Tidewater Ltd", "A", "GB-COH:7"),
            award(2, "Fenside Online", "A", "GB-COH:7"),
            award(3, "Fenside Online", "A", "GB-COH:8"),
        ],
    )
    found = purchases_from(catalogue, "Tidewater Limited")
    assert [(each.supplier, each.by_register) for each in found] == [
        ("Fenside Online", True),
        ("Tidewater Ltd", False),
    ]


def test_a_number_that_is_known_rules_out_another_company_of_the_same_name(catalogue: Catalogue) -> None:
    keep_awards(
        catalogue, [award(1, "Tidewater Ltd", "A", "GB-COH:7"), award(2, "Tidewater Ltd", "A", "GB-COH:8")]
    )
    assert titles(catalogue, "Tidewater Ltd") == ["Forms 2", "Forms 1"]
    assert titles(catalogue, "Tidewater Ltd", register=[("GB-COH", "0008")]) == ["Forms 2"]


def test_a_number_of_the_agreements_source_is_taken_too(catalogue: Catalogue) -> None:
    keep_agreements(catalogue, [Agreement("RM1", "Things")], at=NOON)
    keep_suppliers(catalogue, [AgreementSupplier("RM1", "1", "s", "Tidewater Ltd", duns="99")], run=1)
    keep_awards(
        catalogue, [award(1, "Fenside Online", "A", "DUNS:99"), award(2, "Tidewater", "A", "DUNS:98")]
    )
    assert titles(catalogue, "Tidewater Limited") == ["Forms 1"]


def test_storing_the_same_again_changes_nothing_and_a_newer_release_replaces(catalogue: Catalogue) -> None:
    assert keep_awards(catalogue, [award(1), award(2)]) == (2, 0, 0)
    assert keep_awards(catalogue, [award(1), award(2)]) == (0, 0, 2)
    later = award(1, amount=Decimal(5), released=datetime(2026, 12, 1, tzinfo=UTC))
    assert keep_awards(catalogue, [later]) == (0, 1, 0)
    assert keep_awards(catalogue, [award(1)]) == (0, 0, 1)
    (found,) = purchases_from(catalogue, "Tidewater")[1:]
    assert found.amount == Decimal(5)
    assert newest_release(catalogue) == datetime(2026, 12, 1, tzinfo=UTC)


def test_an_award_that_came_to_nothing_is_not_told(catalogue: Catalogue) -> None:
    keep_awards(catalogue, [award(1, status="cancelled"), award(2, status="active"), award(3, status=None)])
    assert titles(catalogue, "Tidewater") == ["Forms 3", "Forms 2"]


def test_an_award_announced_in_two_places_is_told_once(catalogue: Catalogue) -> None:
    keep_awards(
        catalogue,
        [
            award(1, key="a"),
            award(1, key="b", publisher="contracts-finder", buyer="FENMOOR DISTRICT COUNCIL"),
            award(1, key="c"),
        ],
    )
    assert titles(catalogue, "Tidewater") == ["Forms 1", "Forms 1"]


def test_new_awards_are_seen_by_who_asked_before(catalogue: Catalogue) -> None:
    keep_awards(catalogue, [award(1)])
    assert titles(catalogue, "Tidewater") == ["Forms 1"]
    keep_awards(catalogue, [award(2, "Tidewater Limited")])
    assert titles(catalogue, "Tidewater") == ["Forms 2", "Forms 1"]


@pytest.mark.parametrize("supplier", ["", "Ltd", "Nobody at all", "%"])
def test_a_name_that_nobody_has_finds_nothing(supplier: str, catalogue: Catalogue) -> None:
    keep_awards(catalogue, [award(1)])
    assert titles(catalogue, supplier) == []


def test_the_view_for_other_tools_has_a_row_for_each_supplier(catalogue: Catalogue) -> None:
    keep_awards(catalogue, [award(1, references=(Reference("RM1"),), suppliers=(Awarded("A"), Awarded("B")))])
    rows = catalogue.rows("SELECT supplier, buyer, amount, agreements FROM award_overview ORDER BY supplier")
    assert rows == [
        ("A", "Fenmoor District Council", 48000.5, "RM1"),
        ("B", "Fenmoor District Council", 48000.5, "RM1"),
    ]
