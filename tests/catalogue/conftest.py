"""Services and profiles for the tests of the matcher."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from catalogue.match import MatchResult, match
from catalogue.model import Service
from catalogue.profile import Profile, parse_profile
from catalogue.read import read_service
from catalogue.records import Answer, FrameworkRef, LotRef, Section, ServiceRecord, SupplierRef
from catalogue.scoring import Finding

MakeService = Callable[..., Service]


@pytest.fixture(scope="session")
def make_service() -> MakeService:
    """Makes a small service; ``answers`` maps the label of a question to its values, or to one value."""

    def make(
        number: int | str = 1,
        *,
        lot: str = "saas",
        framework: str = "g-cloud-15",
        supplier: str = "Tidewater Ltd",
        answers: dict[str, str | tuple[str, ...]] | None = None,
        **fields: Any,
    ) -> Service:
        given = tuple(
            Answer(label, (values,) if isinstance(values, str) else values)
            for label, values in (answers or {}).items()
        )
        fields.setdefault("name", f"Service {number}")
        record = ServiceRecord(
            id=str(number),
            framework=FrameworkRef(framework),
            lot=LotRef(lot),
            supplier=SupplierRef(name=supplier),
            sections=(Section("Answers", given),),
            **fields,
        )
        return read_service(record)[0]

    return make


@pytest.fixture(scope="session")
def make_profile() -> Callable[[str], Profile]:
    """Makes a profile of an organisation from the tables that matter."""

    def make(text: str = "") -> Profile:
        organisation = (
            "" if "[organisation]" in text else '[organisation]\nname = "Westbeck Borough Council"\n'
        )
        return parse_profile(text + "\n" + organisation)

    return make


@pytest.fixture(scope="session")
def rank() -> Callable[..., MatchResult]:
    """Matches services for a profile."""

    def ranked(profile: Profile, *services: Service, **options: Any) -> MatchResult:
        return match(profile, services, **options)

    return ranked


@pytest.fixture(scope="session")
def findings_on() -> Callable[[MatchResult, str], list[Finding]]:
    """The findings on one need of the match with the id 1, wherever they count."""

    def found(result: MatchResult, need: str) -> list[Finding]:
        (match_1,) = (found for found in result.matches if found.service.id == "1")
        return [
            finding
            for contribution in match_1.contributions
            for finding in contribution.findings
            if finding.need == need
        ]

    return found
