"""How far a denial or a plan reaches: over a label's colon, not out of brackets, not to another name."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from catalogue.denials import is_denied, is_planned
from catalogue.match import MatchResult
from catalogue.model import Service
from catalogue.profile import Profile
from catalogue.rules import Verdict, load_rules
from catalogue.scoring import Finding

MakeService = Callable[..., Service]
MakeProfile = Callable[[str], Profile]
Rank = Callable[..., MatchResult]
FindingsOn = Callable[[MatchResult, str], list[Finding]]

RULES = load_rules()
PROFILE = """
[customers]
needs = ["single-sign-on"]
[organisation]
name = "Westbeck Borough Council"
sector = "local-government"
[[legacy]]
system = "Siebel"
purpose = "customer contacts"
intent = "connect"
"""
NOT_SO = (
    "Siebel connection: none",
    "Siebel interface: n/a",
    "Siebel integration: not currently",
    "Siebel connector - not at present.",
    "Integrations: Siebel (none), Salesforce (yes).",
    "Out of scope: integration with Siebel.",
    "Exclusions: Siebel integration, data cleansing.",
    "Connects with Dynamics and Salesforce but not Siebel.",
    "All major CRMs are supported with the exception of Siebel.",
    "Support for Siebel has been deprecated.",
    "The Siebel connector reached end of life in 2023.",
    "Siebel: no.",
    "Salesforce and Dynamics connectors included; Siebel is not.",
    "Not currently supported: Siebel, Salesforce.",
    "Siebel interface - no plans at present",
    "Siebel connector: users of Siebel 7 should look elsewhere.",
    "A connection to Siebel has not been built.",
)
NOT_YET = (
    "Integration with Siebel — TBC",
    "Siebel connector (TBC)",
    "Siebel connector coming 2027",
    "Siebel connector due Q3 2027",
    "Siebel connector coming in the next release",
    "The Siebel connector is in the design stage",
    "Siebel connector: to be announced",
    "Siebel integration expected next year",
    "Siebel integration is on our backlog",
    "Siebel integration: Q2 2027",
    "Siebel connector available from autumn 2027.",
    "Siebel sync (coming soon)",
    "Siebel connector; it is due in 2027",
    "Roadmap items: Siebel connector, AI triage, Welsh language.",
    "Salesforce connector included, Siebel connector planned Q4 2027.",
    "Siebel and Salesforce connectors are planned.",
    "The Siebel connector, built with Leeds City Council, is planned.",
    "Siebel link - subject to development",
    "Siebel: integration under evaluation.",
    "Links with Siebel, Salesforce (both on the roadmap for 2027)",
    "Siebel connector (release date to be confirmed)",
    "Siebel connector - on our roadmap",
    "Pending: Siebel accreditation.",
    "Integration with Siebel would require bespoke development.",
    "A proof of concept with Siebel is under way.",
    "A link with Siebel has not been tried.",
    "Siebel integration TBD",
    "Siebel integration: pending",
    "Siebel integration: under review",
    "A Siebel link would need to be developed.",
    "Integration with Siebel is possible via custom development.",
)
SO = (
    "Connects to Siebel, nothing rekeyed",
    "Merges in Siebel are proposed by us and approved by your staff: a two-way connection.",
    "If yours is not licensed for it we write the overnight file that Siebel imports.",
    "Connector to Siebel, no middleware to buy",
    "Connects to Siebel; no-shows are written to the contact.",
    "Connects to Siebel, replacing manual rekeying.",
    "Connects to Siebel instead of rekeying.",
    "Certified connector to Siebel; no clunky interfaces.",
    "No-nonsense Siebel connector included",
    "Siebel connector without middleware",
    "Siebel connector planned and delivered in 2023.",
    "The Siebel connector: this is live today, not a roadmap promise.",
    "Siebel integration is live today, not a roadmap promise.",
    "Siebel integration, not just planned: it is in use at four councils.",
    "No code needed to connect to Siebel",
    "Connects to Siebel today (SAP planned).",
    "Two-way connector to Siebel, reads and writes contacts (SAP planned)",
    "Integrates with Siebel, with SAP planned for 2027.",
    "Siebel integration live at six councils since 2021, Salesforce to follow.",
    "The Siebel connector was due in 2023 and has been live since.",
    "Our Siebel connector was in beta until 2024 and is now used by nine councils.",
    "Supported Siebel connector since 2019.",
    "The Siebel link, planned since 2021, has been live since March 2024.",
    "Siebel connector (Salesforce not supported).",
    "You do not have to replace Siebel: we connect to it.",
    "Contacts never have to be typed into Siebel again: the connector writes them.",
    "There is no faster way to connect to Siebel.",
    "No additional licences are required to connect Siebel.",
    "Works with Siebel, no plug-in needed.",
    "Connects to Siebel; excluded: data cleansing",
    "Connects to Siebel; not supported: Lagan",
    "Contacts coming in are written to Siebel by our connector",
    "Cases coming with attachments are sent to Siebel through the API",
    "Bookings to be confirmed appear in Siebel through our connector",
    "Cases that may require further work are sent to Siebel by the API",
    "In the planning stage cases pass to Siebel through our connector",
    "Siebel and SAP connectors, neither requires middleware.",
)


@pytest.fixture
def verdicts(
    make_service: MakeService, make_profile: MakeProfile, rank: Rank, findings_on: FindingsOn
) -> Callable[..., set[Verdict]]:
    """The verdicts on a need of a listing with one description."""

    def of(text: str, need: str = "connect to Siebel") -> set[Verdict]:
        service = make_service(description=text, features=("For customer contacts",))
        found = findings_on(rank(make_profile(PROFILE), service), need)
        return {finding.verdict for finding in found if finding.quote is not None}

    return of


Verdicts = Callable[..., set[Verdict]]


@pytest.mark.parametrize("text", NOT_SO + NOT_YET)
def test_what_is_denied_or_to_come_counts_against(verdicts: Verdicts, text: str) -> None:
    found = verdicts(text)
    assert found and all(verdict.side < 0 for verdict in found)


@pytest.mark.parametrize("text", SO)
def test_what_is_there_counts_for_whatever_else_is_planned_or_needed(verdicts: Verdicts, text: str) -> None:
    assert verdicts(text) == {Verdict.STRONG_FOR}


@pytest.mark.parametrize(
    "text",
    [
        "The Siebel connector is available as a chargeable option.",
        "Siebel adapter supplied as a paid-for extra.",
        "Siebel integration is priced on application.",
        "Siebel connector: £4,500 per year in addition to the licence.",
    ],
)
def test_what_has_a_price_of_its_own_counts_half(verdicts: Verdicts, text: str) -> None:
    assert verdicts(text) == {Verdict.WEAK_FOR}


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("SSO: not currently", -1),
        ("Single sign-on: no", -1),
        ("Single sign-on coming 2027", -1),
        ("GOV.UK One Login support: Summer 2027", -1),
        ("Single sign-on for residents - TBC", -1),
        ("Single sign-on works today; a biometric option is planned.", 1),
        ("Single sign-on with SAML and OpenID Connect, in use since 2021 (myaccount planned).", 1),
    ],
)
def test_other_needs_are_read_the_same(verdicts: Verdicts, text: str, side: int) -> None:
    assert {verdict.side for verdict in verdicts(text, "one sign-in")} == {side}


def test_a_plan_in_brackets_is_of_what_stands_before_them_unless_it_has_a_subject() -> None:
    text = "Links to Siebel ({}) and the rest"
    assert is_planned(RULES, text.format("planned for 2027"), (9, 15))
    assert not is_planned(RULES, text.format("the robot is planned"), (9, 15))


def test_it_is_not_offered_may_be_about_the_service() -> None:
    assert not is_denied(RULES, "Takes the place of Moodle; it is not offered beside it.", (19, 25))
    assert is_denied(RULES, "Links with Moodle: not offered.", (11, 17))


@pytest.mark.parametrize(
    "text",
    [
        "The platform ships without interfaces to any of them.",
        "Product names illustrate the kinds of system found in public bodies.",
        "Interfaces are procured from third parties.",
    ],
)
def test_what_names_everything_and_brings_no_connector_stops(
    make_service: MakeService, make_profile: MakeProfile, rank: Rank, findings_on: FindingsOn, text: str
) -> None:
    names = "CareFlow, Liquidlogic, Civica Pay, Agresso, SITS:Vision, CFRMIS, Niche RMS, FileMaker, InfoPath"
    service = make_service(
        description=f"Siebel, {names}, Sage 200: it speaks to all.", answers={"Service constraints": text}
    )
    found = findings_on(rank(make_profile(PROFILE), service), "connect to Siebel")
    assert [(each.rule, each.stops, each.quote) for each in found][:1] == [
        ("legacy.no-connectors", True, text)
    ]


@pytest.mark.parametrize(
    ("prose", "contradicts"),
    [
        ("WCAG 2.2 AA, guaranteed: if a form fails we mend it.", False),
        ("Should any page fail AA, tell us.", False),
        ("If you use a keyboard, the map fails.", True),
        ("Two pages fail AA.", True),
    ],
)
def test_what_is_only_supposed_contradicts_no_tick(
    prose: str, contradicts: bool, make_service: MakeService, make_profile: MakeProfile, rank: Rank
) -> None:
    profile = make_profile(
        PROFILE + '[[requirement]]\ntext = "Accessible"\npriority = "want"\nbarrier = "customers"\n'
        'question = "Accessibility standards"\nincludes = ["WCAG 2.2 AA"]\n'
    )
    answers = {"Accessibility standards": "WCAG 2.2 AA", "Description of accessibility": prose}
    result = rank(profile, make_service(name="Contacts", answers=answers))
    rules = {found.rule for each in result.matches[0].contributions for found in each.findings}
    assert ("denial.accessibility" in rules) is contradicts


@pytest.mark.parametrize(
    ("feature", "against"),
    [
        ("No jargon, no consultants, no app", False),
        ("There is no form builder", True),
    ],
)
def test_one_no_of_a_list_does_not_deny_the_next(
    feature: str,
    against: bool,
    make_service: MakeService,
    make_profile: MakeProfile,
    rank: Rank,
    findings_on: FindingsOn,
) -> None:
    profile = make_profile(PROFILE + '[skills]\ngaps = ["developers"]\n')
    found = findings_on(rank(profile, make_service(features=(feature,))), "no developers")
    assert any(each.verdict.side < 0 for each in found) is against


@pytest.mark.parametrize(
    ("feature", "verdict"),
    [
        ("No queue at reception", Verdict.SILENT),
        ("Telephone and web chat, without queuing", Verdict.STRONG_FOR),
        ("Report by phone or SMS, and never queue", Verdict.STRONG_FOR),
        ("Updates by text message, without ringing the office", Verdict.STRONG_FOR),
    ],
)
def test_no_queue_at_a_desk_is_no_channel_and_takes_none_away(
    feature: str,
    verdict: Verdict,
    make_service: MakeService,
    make_profile: MakeProfile,
    rank: Rank,
    findings_on: FindingsOn,
) -> None:
    profile = make_profile(PROFILE.replace("single-sign-on", "channels"))
    found = findings_on(rank(profile, make_service(features=(feature,))), "works across channels")
    assert found[0].verdict is verdict


@pytest.mark.parametrize(
    ("field", "prose", "stops"),
    [
        ("Description of free trial", "A month, with last month's notices loaded, for officers only.", False),
        ("Service constraints", "For staff only; replies take two weeks.", True),
    ],
)
def test_a_trial_for_officers_is_not_for_staff_only(
    field: str, prose: str, stops: bool, make_service: MakeService, make_profile: MakeProfile, rank: Rank
) -> None:
    profile = make_profile(PROFILE)
    found = rank(profile, make_service(answers={field: prose})).matches[0]
    judged = [each for contribution in found.contributions for each in contribution.findings]
    assert any(each.rule == "customers.staff-only" and each.stops for each in judged) is stops


@pytest.mark.parametrize(
    "prose",
    [
        "Booked appointments cannot be changed online.",
        "Appointments can't be amended or changed online.",
    ],
)
def test_what_cannot_be_changed_is_not_offered(
    prose: str,
    make_service: MakeService,
    make_profile: MakeProfile,
    rank: Rank,
    findings_on: FindingsOn,
) -> None:
    wanted = "Residents change an appointment online"
    profile = make_profile(
        PROFILE + f'[[requirement]]\ntext = "{wanted}"\npriority = "must"\nbarrier = "customers"\n'
    )
    found = findings_on(rank(profile, make_service(answers={"Service constraints": prose})), wanted)
    assert [each.verdict.side for each in found] == [-1]


@pytest.mark.parametrize(
    "text",
    [
        "'My landlord won't mend it' raises a request in Siebel",
        'Takes "I can\'t come" for an answer and writes it to Siebel',
    ],
)
def test_what_is_quoted_of_others_denies_nothing(text: str) -> None:
    at = text.index("Siebel")
    assert not is_denied(RULES, text, (at, at + len("Siebel")))
