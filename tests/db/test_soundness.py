"""What is wrong with a catalogue file is found and counted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from catalogue.records import FrameworkRef, LotRef, ServiceRecord, SupplierRef
from db.catalogue import Catalogue, open_catalogue
from db.ingest import ingest
from db.soundness import damage, dangling, missing_abilities, unindexed


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    with open_catalogue(tmp_path / "catalogue.db", create=True) as made:
        record = ServiceRecord(
            id="1",
            framework=FrameworkRef("g-cloud-15"),
            lot=LotRef("saas"),
            supplier=SupplierRef(name="Tidewater Ltd"),
            name="Tidewater Forms",
        )
        ingest(made, [record], at=datetime(2026, 11, 23, tzinfo=UTC))
        yield made


def test_this_sqlite_can_hold_a_catalogue() -> None:
    assert missing_abilities() == []


def test_a_fresh_catalogue_is_whole(catalogue: Catalogue) -> None:
    assert (damage(catalogue), dangling(catalogue), unindexed(catalogue)) == ([], [], 0)


def test_rows_that_refer_to_nothing_are_counted(catalogue: Catalogue) -> None:
    catalogue.db.conn.execute("PRAGMA foreign_keys = off")
    with catalogue.atomic() as db:
        db.conn.execute("UPDATE service SET supplier = 99")
    assert dangling(catalogue) == ["service -> supplier: 1"]


def test_a_service_missing_from_the_index_is_counted(catalogue: Catalogue) -> None:
    with catalogue.atomic() as db:
        db.conn.execute("INSERT INTO service_fts (service_fts) VALUES ('delete-all')")
    assert unindexed(catalogue) == 1


def test_an_index_that_disagrees_with_its_table_is_damage(catalogue: Catalogue) -> None:
    with catalogue.atomic() as db:
        db.conn.execute("PRAGMA writable_schema = on")
        db.conn.execute(
            "UPDATE sqlite_schema SET sql = replace(sql, '(name)', '(id)') WHERE name = 'supplier_name'"
        )
    with open_catalogue(catalogue.path, read_only=True) as again:
        assert damage(again)
