"""The sector of a public body, by its name or its type."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from catalogue.bodies import is_known_type, name_key, read_sectors, sector_of
from catalogue.errors import DataFileError


@pytest.mark.parametrize(
    ("name", "sector"),
    [
        ("Fenmoor District Council", "local-government"),
        ("London Borough of Fenmoor", "local-government"),
        ("Cyngor Fenmoor", "local-government"),
        ("Fenmoor and Tidewater Combined Authority", "local-government"),
        ("Fenmoor NHS Foundation Trust", "nhs"),
        ("NHS Fenmoor Integrated Care Board", "nhs"),
        ("Police and Crime Commissioner for Fenmoor", "police"),
        ("Fenmoor Fire & Rescue Service", "fire"),
        ("University of Fenmoor", "education"),
        ("Department for Tides", "central-government"),
        ("Tidal Standards Agency", "arms-length-body"),
        ("Tidal Research Council", "arms-length-body"),
        ("Fenmoor Housing Association", "other"),
        ("Tidewater Ltd", None),
        ("", None),
    ],
)
def test_a_name_says_the_sector_or_nothing(name: str, sector: str | None) -> None:
    assert sector_of(name) == sector


def test_a_type_says_what_the_name_does_not() -> None:
    assert sector_of("Tidal Office", ["Executive agency"]) == "arms-length-body"
    assert sector_of("Tidal Office", ["Body governed by public law", "Ministerial department"]) == (
        "central-government"
    )
    assert sector_of("Tidal Office", ["Body governed by public law"]) is None
    assert sector_of("Fenmoor Council", ["Executive agency"]) == "local-government"


def test_a_type_that_means_no_sector_is_known_all_the_same() -> None:
    assert is_known_type("Other")
    assert not is_known_type("Guild")


def test_names_are_compared_without_articles_and_punctuation() -> None:
    assert name_key("The Mayor's Office for Tides & Fens") == name_key("Mayor’s Office for Tides and Fens")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[type]]\ntypes = ["A"]\nsector = "x"\n[[name]]\nsector = "nhs"\npatterns = []', "'x'; expected"),
        (
            '[[type]]\ntypes = ["A", "a"]\n[[name]]\nsector = "nhs"\npatterns = []',
            "'a' is there twice",
        ),
        ('[[type]]\ntypes = ["A"]\n[[name]]\nsector = "nhs"\npatterns = ["("]', "name.*1.*'\\('"),
        ("[[type]]", "bodies.toml"),
    ],
)
def test_a_wrong_row_is_named(text: str, message: str) -> None:
    with pytest.raises(DataFileError, match=message):
        read_sectors(text)


def test_nearly_every_buyer_of_real_notices_has_a_sector(shared: Path) -> None:
    """Those without are companies, consortia and landlords."""
    lines = (shared / "real" / "contracts-finder-releases.jsonl").read_text("utf-8").splitlines()
    buyers = {json.loads(line)["buyer"].get("name") for line in lines} - {None}
    without = [name for name in buyers if sector_of(name) is None]
    assert len(without) < 0.15 * len(buyers)
    assert not [name for name in without if "council" in name.lower() or "nhs" in name.lower()]
