"""Records and catalogues for the tests of the store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from catalogue.records import Answer, FrameworkRef, LotRef, Section, ServiceRecord, SupplierRef
from db.catalogue import Catalogue, open_catalogue

MakeRecord = Callable[..., ServiceRecord]


@pytest.fixture
def seen() -> datetime:
    """When the records of a test were seen."""
    return datetime(2026, 11, 20, 3, 10, tzinfo=UTC)


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    """A new catalogue, empty."""
    with open_catalogue(tmp_path / "catalogue.db", create=True) as opened:
        yield opened


@pytest.fixture(scope="session")
def make_record() -> MakeRecord:
    """Makes a small record; give what matters. ``answers`` are (section, question, values)."""

    def make(
        number: int | str = 1,
        *,
        supplier: str = "Tidewater Ltd",
        lot: str = "saas",
        framework: str = "g-cloud-15",
        answers: tuple[tuple[str, str, tuple[str, ...]], ...] = (),
        **fields: Any,
    ) -> ServiceRecord:
        sections: dict[str, list[Answer]] = {}
        for section, question, values in answers:
            sections.setdefault(section, []).append(Answer(question, values))
        fields.setdefault("name", f"Service {number}")
        fields.setdefault(
            "sections", tuple(Section(name, tuple(asked)) for name, asked in sections.items()) or None
        )
        return ServiceRecord(
            id=str(number),
            framework=FrameworkRef(framework),
            lot=LotRef(lot),
            supplier=SupplierRef(name=supplier),
            **fields,
        )

    return make
