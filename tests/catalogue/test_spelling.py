"""Misspelt words of listings: one typing error, or two words written as one, and nothing that is right."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from catalogue.match import MatchResult
from catalogue.model import Service
from catalogue.profile import Profile
from catalogue.rules import Verdict
from catalogue.scoring import Finding
from catalogue.spelling import Spellings

PROFILE = """
goal = "Tenants report repairs and pay council tax online"
[organisation]
name = "Westbeck District Council"
sector = "local-government"
[[legacy]]
system = "Liquidlogic"
purpose = "social care records"
intent = "connect"
"""


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("repiars", ("repair",)),
        ("repairz", ("repair",)),
        ("counciltax", ("council", "tax")),
        ("taxcouncil", ()),  # nobody writes them in that order
        ("impair", ()),  # English, and its first letter is another
        ("despair", ()),
        ("redactions", ()),  # English, though its stem is a letter from that of reduction
        ("analysed", ()),  # spelt as in Britain
        ("rent", ()),  # too short to be told from its neighbours
        ("repairs2", ()),
    ],
)
def test_what_a_word_means_that_is_none(written: str, meant: tuple[str, ...]) -> None:
    spellings = Spellings({"repair", "council", "tax", "rent", "reduct", "analyst"}, {("council", "tax")})
    assert spellings.stems_meant_by(written) == meant


def test_an_english_word_is_never_another_one_misspelt() -> None:
    assert Spellings({"licens"}).stems_meant_by("license") == ()
    assert Spellings({"trader"}).stems_meant_by("traders") == ()


@pytest.fixture
def ranked(
    make_service: Callable[..., Service],
    make_profile: Callable[[str], Profile],
    rank: Callable[..., MatchResult],
) -> Callable[..., MatchResult]:
    """Listings with these features, ranked; numbered from one."""

    def of(*features: str) -> MatchResult:
        made = [make_service(number, features=(feature,)) for number, feature in enumerate(features, 1)]
        return rank(make_profile(PROFILE), *made)

    return of


def test_a_misspelt_word_counts_for_the_topic(ranked: Callable[..., MatchResult]) -> None:
    right = ["Council tax and repairs forms"] * 5
    result = ranked("Counciltax and repiars forms", "Moorings and berths forms", *right)
    fits = {match.service.id: match.fit for match in result.matches}
    assert fits["1"] == fits["3"] > fits["2"]


def test_a_misspelt_name_of_a_system_is_that_system_and_quoted_as_it_stands(
    ranked: Callable[..., MatchResult], findings_on: Callable[[MatchResult, str], list[Finding]]
) -> None:
    found = findings_on(ranked("Liquidlogik connector"), "connect to Liquidlogic")[0]
    assert (found.verdict.side, found.quote) == (1, "Liquidlogik connector")


@pytest.mark.parametrize(
    ("ours", "feature"),
    [
        ("Symology", "Synology connector"),
        ("Mosaiq", "Mosaic connector"),
        ("Confirm", "Conforms, with a connector"),
        ("Progresso", "Progress connector"),
    ],
)
def test_a_product_a_letter_away_is_another_product(
    ours: str,
    feature: str,
    make_service: Callable[..., Service],
    make_profile: Callable[[str], Profile],
    rank: Callable[..., MatchResult],
    findings_on: Callable[[MatchResult, str], list[Finding]],
) -> None:
    profile = make_profile(PROFILE.replace("Liquidlogic", ours))
    found = findings_on(rank(profile, make_service(features=(feature,))), f"connect to {ours}")
    assert [each.verdict for each in found] == [Verdict.SILENT]


def test_a_known_name_is_right_as_it_stands() -> None:
    spellings = Spellings({"symology", "repair"}, known={"synology", "repiar"})
    assert spellings.meant_by("synology") is None
    assert spellings.meant_by("symolgy") == "symology"
    assert spellings.stems_meant_by("repiar") == ()
