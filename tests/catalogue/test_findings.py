"""What a listing's words and answers are taken to say of a need, and what is quoted for it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from catalogue.match import MatchResult
from catalogue.model import Service
from catalogue.profile import Profile
from catalogue.rules import Verdict
from catalogue.scoring import Finding

MakeService = Callable[..., Service]
MakeProfile = Callable[[str], Profile]
Rank = Callable[..., MatchResult]
FindingsOn = Callable[[MatchResult, str], list[Finding]]

SYSTEM = """
[[legacy]]
system = "Quarrybank Ledger"
purpose = "finance"
intent = "{intent}"
interfaces = ["files"]
"""


@pytest.fixture
def verdict(
    make_service: MakeService, make_profile: MakeProfile, rank: Rank, findings_on: FindingsOn
) -> Callable[[str, str], tuple[Verdict, str | None]]:
    """The verdict on a named system for an intent, of a listing with one feature, and what is quoted."""

    def of(intent: str, feature: str) -> tuple[Verdict, str | None]:
        result = rank(make_profile(SYSTEM.format(intent=intent)), make_service(features=(feature,)))
        (found,) = findings_on(result, f"{intent}{' to' * (intent == 'connect')} Quarrybank Ledger")
        return found.verdict, found.quote

    return of


Judge = Callable[[str, str], tuple[Verdict, str | None]]


@pytest.mark.parametrize(
    ("intent", "feature", "expected"),
    [
        ("connect", "Certified connector for Quarrybank Ledger", Verdict.STRONG_FOR),
        ("connect", "Used by people who like Quarrybank Ledger", Verdict.WEAK_FOR),
        ("connect", "Does not integrate with Quarrybank Ledger", Verdict.STRONG_AGAINST),
        ("connect", "Quarrybank Ledger connector is not supported", Verdict.STRONG_AGAINST),
        ("connect", "A connector for Quarrybank Ledger is on the roadmap", Verdict.STRONG_AGAINST),
        ("connect", "Replaces Quarrybank Ledger within weeks", Verdict.STRONG_AGAINST),
        ("keep", "Replaces Quarrybank Ledger within weeks", Verdict.STRONG_AGAINST),
        ("keep", "Integrates with Quarrybank Ledger", Verdict.STRONG_FOR),
        ("replace", "Replaces Quarrybank Ledger within weeks", Verdict.STRONG_FOR),
        ("replace", "Imports history from Quarrybank Ledger", Verdict.STRONG_FOR),
        ("retire", "Migration off Quarrybank Ledger", Verdict.STRONG_FOR),
    ],
)
def test_what_naming_a_system_means_depends_on_the_intent(
    verdict: Judge, intent: str, feature: str, expected: Verdict
) -> None:
    assert verdict(intent, feature) == (expected, feature)


def test_a_connector_alone_does_not_replace_anything(verdict: Judge) -> None:
    assert verdict("replace", "Connector for Quarrybank Ledger")[0] is Verdict.SILENT


def test_a_charge_that_is_denied_is_no_denial(verdict: Judge) -> None:
    feature = "Quarrybank Ledger connector at no extra cost"
    assert verdict("connect", feature) == (Verdict.STRONG_FOR, feature)


def test_a_listing_that_brings_no_connectors_connects_to_nothing_it_names(
    make_service: MakeService, make_profile: MakeProfile, rank: Rank, findings_on: FindingsOn
) -> None:
    service = make_service(
        features=("Integrates with Quarrybank Ledger",),
        answers={"Service constraints": "No connectors are supplied with the service."},
    )
    (found,) = findings_on(
        rank(make_profile(SYSTEM.format(intent="connect")), service), "connect to Quarrybank Ledger"
    )
    assert (found.verdict, found.rule) == (Verdict.STRONG_AGAINST, "legacy.no-connectors")


@pytest.mark.parametrize(
    "feature",
    [
        "Integration, RPA, AI, CRM, ERP, portal, forms, data, Quarrybank Ledger",
        "Integration with Quarrybank Ledger Jadu Firmstep Agresso SharePoint PeopleSoft Siebel ContrOCC ERP",
    ],
)
def test_a_name_in_a_long_list_of_names_counts_for_little(verdict: Judge, feature: str) -> None:
    assert verdict("connect", feature) == (Verdict.WEAK_FOR, feature)


UNIFORM = '[[legacy]]\nsystem = "Idox Uniform"\naliases = ["Uniform"]\nintent = "connect"\n'


@pytest.mark.parametrize(
    ("feature", "expected"),
    [
        ("Uniform connector for planning officers", Verdict.STRONG_FOR),
        ("School uniform connector pieces for planning tailors", Verdict.SILENT),
        ("A uniform interface for planning", Verdict.SILENT),
        ("Ordering of uniforms by interface", Verdict.SILENT),
    ],
)
def test_an_ambiguous_name_needs_its_field_beside_it(
    make_service: MakeService,
    make_profile: MakeProfile,
    rank: Rank,
    findings_on: FindingsOn,
    feature: str,
    expected: Verdict,
) -> None:
    result = rank(make_profile(UNIFORM), make_service(features=(feature,)))
    assert findings_on(result, "connect to Idox Uniform")[0].verdict is expected


def test_a_system_is_known_by_its_older_names(
    make_service: MakeService, make_profile: MakeProfile, rank: Rank, findings_on: FindingsOn
) -> None:
    profile = make_profile('[[legacy]]\nsystem = "NEC Revenues & Benefits"\nintent = "connect"')
    result = rank(profile, make_service(features=("Real-time iWorld interface",)))
    (found,) = findings_on(result, "connect to NEC Revenues & Benefits")
    assert (found.verdict, found.question) == (Verdict.STRONG_FOR, "Service features")


def test_an_add_on_to_another_product_speaks_against_and_stops_the_rest(
    make_service: MakeService, make_profile: MakeProfile, rank: Rank
) -> None:
    profile = make_profile(SYSTEM.format(intent="connect") + '[skills]\ngaps = ["service-desk"]\n')
    common = {"Phone support": "Yes"}
    alone = make_service(1, name="Ledger forms", answers=common)
    hosted = make_service(
        2,
        name="Ledger forms",
        answers=common
        | {
            "Software add-on or extension": "Yes",
            "What software services is the service an extension to": "Orchid Ledger only.",
        },
    )
    result = rank(profile, alone, hosted)
    assert [found.service.id for found in result.matches] == ["1", "2"]
    assert any(
        finding.rule == "legacy.other-host"
        for part in result.matches[1].contributions
        for finding in part.findings
    )


def test_half_credit_for_an_answer_at_extra_cost(
    make_service: MakeService, make_profile: MakeProfile, rank: Rank, findings_on: FindingsOn
) -> None:
    profile = make_profile('[skills]\ngaps = ["service-desk"]\n')
    included = rank(profile, make_service(answers={"Web chat support": "Yes"}))
    charged = rank(profile, make_service(answers={"Web chat support": "Yes, at extra cost"}))
    (whole,), (half,) = (findings_on(result, "someone to call") for result in (included, charged))
    assert abs(whole.points - 2 * half.points) <= Decimal("0.1")


def test_an_answer_left_blank_is_silent_and_no_refusal(
    make_service: MakeService, make_profile: MakeProfile, rank: Rank, findings_on: FindingsOn
) -> None:
    profile = make_profile('[customers]\nneeds = ["mobile"]\n')
    (found,) = findings_on(rank(profile, make_service()), "works on a phone")
    assert (found.verdict, found.points, found.quote) == (Verdict.SILENT, 0, None)


def test_a_question_that_the_lot_does_not_ask_is_not_applicable(
    make_service: MakeService, make_profile: MakeProfile, rank: Rank, findings_on: FindingsOn
) -> None:
    profile = make_profile('[customers]\nneeds = ["mobile"]\n')
    (found,) = findings_on(rank(profile, make_service(lot="cloud-support")), "works on a phone")
    assert found.verdict is Verdict.NOT_APPLICABLE


BUDGET = '[organisation]\nname = "W"\nstaff_users = 100\nbudget_per_year = 12000\n'


@pytest.mark.parametrize(
    ("price", "expected"),
    [
        ("£5 a user a month", Verdict.STRONG_FOR),
        ("£5 to £50 a user a month", Verdict.WEAK_FOR),
        ("£50 a user a month", Verdict.STRONG_AGAINST),
        ("£90,000 a unit a year", Verdict.STRONG_AGAINST),
        ("£900 a unit a year", Verdict.SILENT),
        ("£5 a transaction", Verdict.SILENT),
        (None, Verdict.SILENT),
    ],
)
def test_a_price_is_compared_only_where_it_can_be(
    make_service: MakeService,
    make_profile: MakeProfile,
    rank: Rank,
    findings_on: FindingsOn,
    price: str | None,
    expected: Verdict,
) -> None:
    (found,) = findings_on(rank(make_profile(BUDGET), make_service(price=price)), "within £12,000 a year")
    assert found.verdict is expected


def test_a_minimum_number_of_users_counts_towards_the_price(
    make_service: MakeService, make_profile: MakeProfile, rank: Rank, findings_on: FindingsOn
) -> None:
    service = make_service(
        price="£5 a user a month",
        answers={"Service constraints": "Minimum order is 500 named users. Ask us."},
    )
    (found,) = findings_on(rank(make_profile(BUDGET), service), "within £12,000 a year")
    assert found.verdict is Verdict.STRONG_AGAINST
    assert found.quote == "Minimum order is 500 named users."


def test_a_fee_in_prose_that_breaks_the_budget_is_told(
    make_service: MakeService, make_profile: MakeProfile, rank: Rank, findings_on: FindingsOn
) -> None:
    service = make_service(
        price="£9 a user a month",
        answers={"Getting started": "Implementation is £6,000 once, with workshops."},
    )
    found = findings_on(rank(make_profile(BUDGET), service), "within £12,000 a year")
    assert [each.verdict for each in found] == [Verdict.STRONG_FOR, Verdict.STRONG_AGAINST]


def test_a_requirement_in_free_text_is_answered_by_the_passage_that_holds_most_of_it(
    make_service: MakeService, make_profile: MakeProfile, rank: Rank, findings_on: FindingsOn
) -> None:
    profile = make_profile(
        '[[requirement]]\ntext = "Tenants pick a repair appointment"\nbarrier = "customers"\n'
    )
    services = [make_service(number, name=f"Payroll {number}") for number in range(2, 9)]
    told = make_service(
        1, features=("Payments by card", "Repair appointments that tenants pick"), name="Tenant repairs"
    )
    found, *others = findings_on(rank(profile, told, *services), "Tenants pick a repair appointment")
    assert (found.verdict, found.quote) == (Verdict.STRONG_FOR, "Repair appointments that tenants pick")
    assert all(other.points == 0 for other in others)


@pytest.mark.parametrize("words", ["of the", "...", "is"])
def test_a_requirement_without_a_telling_word_is_silent(
    words: str, make_service: MakeService, make_profile: MakeProfile, rank: Rank, findings_on: FindingsOn
) -> None:
    profile = make_profile(f'[[requirement]]\ntext = "{words}"\nbarrier = "customers"\n')
    (found,) = findings_on(rank(profile, make_service(features=("Part of the service",))), words)
    assert found.verdict is Verdict.SILENT


def test_a_requirement_that_a_passage_denies_speaks_against(
    make_service: MakeService, make_profile: MakeProfile, rank: Rank, findings_on: FindingsOn
) -> None:
    profile = make_profile(
        '[[requirement]]\ntext = "Contractors renew licences online"\nbarrier = "customers"\n'
    )
    services = [make_service(number, name=f"Payroll {number}") for number in range(2, 9)]
    denies = make_service(
        1, answers={"Service constraints": "Online renewal of licences by contractors is not supported."}
    )
    (found,) = findings_on(rank(profile, denies, *services), "Contractors renew licences online")
    assert found.verdict is Verdict.STRONG_AGAINST
