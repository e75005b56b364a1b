"""Whom a listing is made for: examples are doubts, clear words stop, what knows the estate is for us."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from spellchecker import SpellChecker

from catalogue.match import MatchResult
from catalogue.model import Service
from catalogue.ordinary import how_common, is_ordinary
from catalogue.profile import Profile
from catalogue.rules import Verdict
from catalogue.scoring import Finding

PROFILE = """
goal = "Tenants report repairs online"
[organisation]
name = "Westbeck Homes"
sector = "other"
[[legacy]]
system = "Quarrybank Ledger"
purpose = "tenancies and rents"
intent = "connect"
[skills]
gaps = ["service-desk", "training"]
[[requirement]]
text = "Schools see who will move in"
priority = "want"
barrier = "customers"
"""
NEED = "made for an organisation like ours"


@pytest.fixture
def judged(
    make_service: Callable[..., Service],
    make_profile: Callable[[str], Profile],
    rank: Callable[..., MatchResult],
    findings_on: Callable[[MatchResult, str], list[Finding]],
) -> Callable[..., tuple[Finding, MatchResult]]:
    """What a listing with these fields says of its audience, first finding first, and the ranking."""

    def of(**fields: Any) -> tuple[Finding, MatchResult]:
        answers = {"API": "Yes", "Phone support": "Yes", "Designed for use on mobile devices": "Yes"}
        fields["answers"] = answers | fields.get("answers", {})
        result = rank(make_profile(PROFILE), make_service(**fields))
        return findings_on(result, NEED)[0], result

    return of


Judged = Callable[..., tuple[Finding, MatchResult]]


def test_one_word_of_another_kind_is_a_doubt_and_takes_a_little_of_every_barrier(judged: Judged) -> None:
    plain, result = judged(name="Report a repair", description="Repairs online.")
    assert plain.verdict is Verdict.SILENT
    whole = result.matches[0].score
    found, result = judged(name="Report a repair", description="Repairs online. Used by the police.")
    assert (found.verdict, found.stops) == (Verdict.WEAK_AGAINST, False)
    assert 0 < result.matches[0].score < whole
    skills = next(part for part in result.matches[0].contributions if part.barrier == "skills")
    assert [each.points < 0 for each in skills.findings if each.need == NEED] == [True]


def test_several_words_of_another_kind_stop_wherever_they_stand(judged: Judged) -> None:
    found, _ = judged(
        name="Report a repair",
        answers={"Support levels": "A help desk that firefighters know. Fire stations are visited."},
    )
    assert (found.verdict, found.stops) == (Verdict.STRONG_AGAINST, True)


def test_a_word_of_ours_outweighs_one_of_theirs(judged: Judged) -> None:
    found, _ = judged(name="Report a repair", description="For tenants. Used by the police.")
    assert found.verdict is Verdict.SILENT


def test_whom_it_is_not_for_is_nobody_it_is_made_for(judged: Judged) -> None:
    found, _ = judged(
        name="Report a repair", description="Hospitals are not supported. Wards are not served."
    )
    assert found.verdict is Verdict.SILENT


def test_of_a_kind_that_the_profile_speaks_of_the_answers_may_speak_too(judged: Judged) -> None:
    answers = {"Support levels": "Teachers and pupils are helped by telephone."}
    found, _ = judged(name="Report a repair", answers=answers)
    assert found.verdict is Verdict.SILENT


def test_what_names_a_system_of_ours_is_not_made_for_others(judged: Judged) -> None:
    features = ("Quarrybank Ledger connector", "Used by firefighters", "Fire stations listed")
    found, _ = judged(name="Report a repair", features=features)
    assert not found.stops


def test_two_words_of_a_trade_stop(judged: Judged) -> None:
    found, _ = judged(name="Report a repair", description="Chefs have their kitchen mended.")
    assert (found.rule, found.verdict, found.stops) == (
        "customers.other-trade",
        Verdict.STRONG_AGAINST,
        True,
    )


def test_one_word_of_a_trade_says_nothing(judged: Judged) -> None:
    found, _ = judged(name="Report a repair", description="Repairs online, of a kitchen too.")
    assert found.verdict is Verdict.SILENT


def test_one_word_of_a_trade_in_its_name_is_a_doubt(judged: Judged) -> None:
    found, _ = judged(name="Repairs of a kitchen", description="Repairs online.")
    assert (found.verdict, found.stops) == (Verdict.WEAK_AGAINST, False)


def test_words_of_ours_outweigh_those_of_a_trade(judged: Judged) -> None:
    found, _ = judged(
        name="Report a repair", description="Tenants of housing associations, their kitchens and recipes."
    )
    assert found.verdict is Verdict.SILENT


def test_the_customers_of_bodies_like_ours_are_a_doubt_at_most(judged: Judged) -> None:
    text = "Housing associations let restaurants, caterers and bakeries apply for their shops."
    found, _ = judged(name="Report a repair", description=text)
    assert not found.stops


def test_a_word_that_is_the_suppliers_own_name_is_a_brand(judged: Judged) -> None:
    found, _ = judged(name="Brigade repairs", supplier="Brigade Software Ltd", description="Repairs online.")
    assert found.verdict is Verdict.SILENT
    found, _ = judged(name="Brigade repairs", supplier="Westbeck Software Ltd", description="Repairs online.")
    assert found.verdict is Verdict.STRONG_AGAINST


FILED = "filed among services for what we are after"


@pytest.mark.parametrize(
    ("categories", "doubted"),
    [
        ((("Applications", "Human resources", "Payroll"),), True),
        (
            [
                ("Applications", "Human resources", "Payroll"),
                ("Applications", "Facilities", "Access control"),
            ],
            True,
        ),
        # By the goal's own word, by what housing is for, by what a requirement speaks of.
        ((("Applications", "Public sector", "Repairs and maintenance"),), False),
        ((("Applications", "Public sector", "Housing"),), False),
        ((("Applications", "Education", "School administration"),), False),
        # What goes with any subject, by its last step or by its root, and beside another.
        ((("Applications", "Content and collaboration", "Electronic forms"),), False),
        ((("Cloud support", "Consultancy"),), False),
        ((("Applications",),), False),
        (
            (
                ("Applications", "Human resources", "Payroll"),
                ("Applications", "Workflow"),
            ),
            False,
        ),
        (((),), False),
        ((), False),
        (None, False),
    ],
)
def test_what_its_supplier_filed_among_other_things_is_a_doubt(
    judged: Judged,
    findings_on: Callable[[MatchResult, str], list[Finding]],
    categories: tuple[tuple[str, ...], ...] | None,
    doubted: bool,
) -> None:
    _, result = judged(name="Report a repair", description="Repairs online.", categories=categories)
    found = findings_on(result, FILED)
    # It takes a part of every barrier that has something.
    assert {each.quote for each in found} == ({(categories or ())[0][-1]} if doubted else set())
    assert any(each.points < 0 for each in found) == doubted


@pytest.mark.parametrize(
    "goal",
    [
        "",
        'goal = "Put all council services online, so that residents can help themselves"',
        'goal = "Channel shift: fewer calls and visits, more online"',
        'goal = "Get rid of spreadsheets and rekeying"',
    ],
)
def test_a_profile_that_speaks_of_no_subject_minds_no_category(
    make_service: Callable[..., Service],
    make_profile: Callable[[str], Profile],
    rank: Callable[..., MatchResult],
    findings_on: Callable[[MatchResult, str], list[Finding]],
    goal: str,
) -> None:
    service = make_service(name="Wages", categories=(("Applications", "Human resources", "Payroll"),))
    profile = make_profile(f'{goal}\n[skills]\ngaps = ["training"]\n')
    assert not findings_on(rank(profile, service), FILED)


@pytest.mark.parametrize("word", ["niche", "Keystone", "PARIS", "access"])
def test_words_of_everyday_language_are_known(word: str) -> None:
    assert is_ordinary(word)


@pytest.mark.parametrize("name", ["Siebel", "CareFlow", "Gartan", "Liquidlogic", "cfrmis"])
def test_names_that_were_made_up_are_none(name: str) -> None:
    assert not is_ordinary(name)


def test_the_list_is_read_as_its_package_reads_it() -> None:
    words = ["niche", "siebel", "rio", "agresso", "eclipse", "it's", "netcall", "a", "confirm"]
    assert {word for word in words if is_ordinary(word)} == SpellChecker().known(words)


def test_how_common_a_word_is_stands_in_the_list() -> None:
    spelling = SpellChecker()
    words = ("tomorrow", "police", "BURSARY", "techies", "qwzx")
    assert [how_common(word) for word in words] == [spelling.word_frequency[word.lower()] for word in words]
