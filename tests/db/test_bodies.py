"""Suggestions for the name of an organisation."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from catalogue.awards import Award, Awarded
from catalogue.bodies import PublicBody
from db.awards import keep_awards
from db.bodies import body_named, keep_bodies, suggest_bodies
from db.catalogue import Catalogue

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
BODIES = [
    PublicBody("tides", "Department for Tides", "Ministerial department", "DfTi"),
    PublicBody("fens", "Department for Fens", "Ministerial department", "DFF"),
    PublicBody("tsa", "Tidal Standards Agency", "Executive agency", "TSA"),
    PublicBody("old", "Department for Old Things", "Ministerial department", "DOT", closed=True),
]


@pytest.fixture(autouse=True)
def stored(catalogue: Catalogue) -> None:
    keep_bodies(catalogue, BODIES, at=NOON)
    award = Award("p", "1", NOON, "Forms", "Fenmoor District Council", (Awarded("Tidewater"),))
    keep_awards(catalogue, [award])


def names(catalogue: Catalogue, typed: str) -> list[str]:
    return [body.name for body in suggest_bodies(catalogue, typed)]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Department for Tides", "Department for Tides"),
        ("the department for tides", "Department for Tides"),
        ("dfti", "Department for Tides"),
        ("Fenmoor district council", "Fenmoor District Council"),
        ("Tidal Standards Agencyy", "Tidal Standards Agency"),
        ("Department", None),
        ("Department for Old Things", None),
        ("", None),
    ],
)
def test_a_name_or_its_initials_mean_one_body_or_none(
    typed: str, name: str | None, catalogue: Catalogue
) -> None:
    found = body_named(catalogue, typed)
    assert (found and found.name) == name


def test_a_body_comes_with_the_sector_of_its_type_or_name(catalogue: Catalogue) -> None:
    tides = body_named(catalogue, "DfTi")
    assert tides is not None
    assert (tides.sector, tides.type) == ("central-government", "Ministerial department")
    council = body_named(catalogue, "Fenmoor District Council")
    assert council is not None
    assert (council.sector, council.type) == ("local-government", None)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("tsa", ["Tidal Standards Agency"]),
        ("tid", ["Tidal Standards Agency", "Department for Tides"]),
        ("dep ti", ["Department for Tides"]),
        ("department", ["Department for Fens", "Department for Tides"]),
        ("fen", ["Fenmoor District Council", "Department for Fens"]),
        ("departmnet for tides", ["Department for Tides"]),
        ("zzz", []),
        ("", []),
    ],
)
def test_suggestions_begin_with_the_likeliest(typed: str, expected: list[str], catalogue: Catalogue) -> None:
    assert names(catalogue, typed)[: max(len(expected), 1)] == expected


def test_suggestions_follow_what_is_stored(catalogue: Catalogue) -> None:
    assert names(catalogue, "marsh") == []
    assert keep_bodies(catalogue, [PublicBody("m", "Marsh Board")], at=NOON) == (1, 0, 0)
    assert names(catalogue, "marsh") == ["Marsh Board"]
    assert keep_bodies(catalogue, [PublicBody("m", "Marsh Board", closed=True)], at=NOON) == (0, 1, 0)
    assert keep_bodies(catalogue, [PublicBody("m", "Marsh Board", closed=True)], at=NOON) == (0, 0, 1)


@pytest.mark.parametrize("limit", [1, 2])
def test_no_more_are_suggested_than_asked_for(limit: int, catalogue: Catalogue) -> None:
    assert len(suggest_bodies(catalogue, "department", limit=limit)) == limit
