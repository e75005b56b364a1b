"""Agreements, awards and public bodies come along with a pull; the later state of each counts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from catalogue.agreements import Agreement, AgreementLot, AgreementSupplier
from catalogue.awards import Award, Awarded
from catalogue.bodies import PublicBody
from catalogue.references import Reference
from db.agreements import agreements, keep_agreements, keep_suppliers, suppliers_of
from db.awards import keep_awards
from db.bodies import keep_bodies
from db.catalogue import Catalogue, open_catalogue
from db.companions import take_companions
from db.sharing import open_copy, write_shared_copy
from db.soundness import dangling


def day(number: int) -> datetime:
    return datetime(2026, 11, number, 3, 10, tzinfo=UTC)


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Catalogue]:
    with open_catalogue(tmp_path / "team.db", create=True) as opened:
        yield opened


def agreement(title: str, lots: int = 2) -> Agreement:
    return Agreement(
        "RM9999",
        title,
        ends=date(2030, 1, 1),
        lots=tuple(AgreementLot(str(number), f"Lot {number}", None, None) for number in range(lots)),
    )


def award(key: str, title: str, released: datetime, *suppliers: str) -> Award:
    return Award(
        "find-a-tender",
        key,
        released,
        title,
        "Westbeck Borough Council",
        tuple(Awarded(name) for name in suppliers),
        amount=Decimal("1200.50"),
        references=(Reference("RM1557.14", "g-cloud-14"),),
    )


def pull(catalogue: Catalogue, team: Catalogue, folder: Path) -> None:
    path = folder / f"copy-{len(list(folder.glob('copy-*')))}.db"
    write_shared_copy(team, path)
    with open_copy(path, "copy") as copy, catalogue.atomic():
        take_companions(catalogue, copy, run=9)
    assert dangling(catalogue) == []


def awarded(catalogue: Catalogue) -> list[tuple[str, str, str]]:
    return catalogue.rows("SELECT id, supplier, title FROM award_overview ORDER BY id, supplier")


def test_all_of_them_come_into_an_empty_catalogue(
    catalogue: Catalogue, team: Catalogue, tmp_path: Path
) -> None:
    keep_agreements(team, [agreement("Cloud")], at=day(1))
    keep_suppliers(team, [AgreementSupplier("RM9999", "1", "s-1", "Tidewater Ltd")], run=3)
    keep_awards(team, [award("a", "Forms", day(1), "Tidewater Ltd", "Quern Ltd")])
    keep_bodies(team, [PublicBody("b", "Westbeck Borough Council")], at=day(1))
    pull(catalogue, team, tmp_path)
    assert agreements(catalogue) == agreements(team)
    assert suppliers_of(catalogue, "RM9999") == suppliers_of(team, "RM9999")
    assert awarded(catalogue) == [("a", "Quern Ltd", "Forms"), ("a", "Tidewater Ltd", "Forms")]
    assert catalogue.rows("SELECT * FROM public_body") == team.rows("SELECT * FROM public_body")


def test_the_later_state_counts_and_what_is_only_here_stays(
    catalogue: Catalogue, team: Catalogue, tmp_path: Path
) -> None:
    keep_agreements(catalogue, [agreement("Newer here", 3)], at=day(5))
    keep_awards(
        catalogue,
        [
            award("only-here", "Portal", day(1), "Quern Ltd"),
            award("older-here", "Old", day(1), "Quern Ltd"),
            award("newer-here", "New", day(9), "Quern Ltd"),
        ],
    )
    keep_agreements(team, [agreement("Older there")], at=day(4))
    keep_awards(
        team,
        [
            award("only-there", "Case work", day(2), "Tidewater Ltd"),
            award("older-here", "Corrected", day(2), "Tidewater Ltd"),
            award("newer-here", "Stale", day(2), "Tidewater Ltd"),
        ],
    )
    pull(catalogue, team, tmp_path)
    assert awarded(catalogue) == [
        ("newer-here", "Quern Ltd", "New"),
        ("older-here", "Tidewater Ltd", "Corrected"),
        ("only-here", "Quern Ltd", "Portal"),
        ("only-there", "Tidewater Ltd", "Case work"),
    ]
    (seen,) = agreements(catalogue)
    assert (seen.agreement.title, len(seen.agreement.lots)) == ("Newer here", 3)


def test_taking_them_in_again_changes_nothing(catalogue: Catalogue, team: Catalogue, tmp_path: Path) -> None:
    keep_awards(team, [award("a", "Forms", day(1), "Tidewater Ltd")])
    pull(catalogue, team, tmp_path)
    before = catalogue.rows("SELECT * FROM award")
    pull(catalogue, team, tmp_path)
    assert catalogue.rows("SELECT * FROM award") == before


def test_when_an_agreement_was_first_seen_stays(
    catalogue: Catalogue, team: Catalogue, tmp_path: Path
) -> None:
    keep_agreements(catalogue, [agreement("Cloud")], at=day(1))
    keep_agreements(team, [agreement("Cloud")], at=day(3))
    pull(catalogue, team, tmp_path)
    assert catalogue.rows("SELECT first_seen, last_seen FROM agreement") == [
        ("2026-11-01T03:10:00Z", "2026-11-03T03:10:00Z")
    ]
