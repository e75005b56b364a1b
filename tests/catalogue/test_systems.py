"""Named systems told apart: left, carried by hand, of a kind, in another sense, somebody else's."""

from __future__ import annotations

from collections.abc import Callable

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
Judge = Callable[..., Finding]

ESTATE = """
goal = "Tenants report repairs online"
[organisation]
name = "Westbeck Homes"
sector = "other"
budget_per_year = 40000
staff_users = 100
residents = 9000
[[legacy]]
system = "Quarrybank Ledger"
purpose = "tenancies and rents"
intent = "{intent}"
interfaces = ["database"]
"""
HOST = "Quarrybank Ledger"
NEEDS = {
    "connect": "connect to Quarrybank Ledger",
    "keep": "keep Quarrybank Ledger",
    "replace": "replace Quarrybank Ledger",
    "retire": "retire Quarrybank Ledger",
}


@pytest.fixture
def judged(
    make_service: MakeService, make_profile: MakeProfile, rank: Rank, findings_on: FindingsOn
) -> Judge:
    """The first finding on a system of an intent in a listing with these fields."""

    def of(intent: str, *features: str, **fields: object) -> Finding:
        service = make_service(features=features, **fields)
        return findings_on(rank(make_profile(ESTATE.format(intent=intent)), service), NEEDS[intent])[0]

    return of


@pytest.mark.parametrize(
    ("intent", "feature", "expected"),
    [
        ("keep", "Moves landlords off Quarrybank Ledger", Verdict.STRONG_AGAINST),
        ("keep", "Leaves Quarrybank Ledger behind", Verdict.STRONG_AGAINST),
        ("connect", "Leave Quarrybank Ledger in a year", Verdict.STRONG_AGAINST),
        ("replace", "Leaves Quarrybank Ledger behind", Verdict.STRONG_FOR),
        ("retire", "Quarrybank Ledger loader", Verdict.STRONG_FOR),
        ("connect", "Clerks copy each booking into Quarrybank Ledger by hand", Verdict.STRONG_AGAINST),
        ("connect", "Robots key it into Quarrybank Ledger", Verdict.STRONG_FOR),
        ("connect", "No integration with Quarrybank Ledger is offered", Verdict.STRONG_AGAINST),
        ("connect", "Quarrybank Ledger link in beta", Verdict.STRONG_AGAINST),
        ("connect", "Quarrybank Ledger connector at an additional £9,000", Verdict.WEAK_FOR),
        ("connect", "Out-of-the-box look-ups to Quarrybank Ledger", Verdict.STRONG_FOR),
        ("connect", "Weekly Quarrybank Ledger journal", Verdict.STRONG_FOR),
        ("connect", "Quarrybank Ledger tenancy import", Verdict.STRONG_FOR),
        ("connect", "Quarrybank Ledger: interface in development", Verdict.STRONG_AGAINST),
        ("connect", "Quarrybank Ledger switched off in a year", Verdict.STRONG_AGAINST),
        ("keep", "Quarrybank Ledger migration included", Verdict.STRONG_AGAINST),
        ("keep", "Still on Quarrybank Ledger?", Verdict.STRONG_AGAINST),
        ("connect", "Orders leave Quarrybank Ledger, contractors accept them", Verdict.WEAK_FOR),
        ("connect", "Claims leave for Quarrybank Ledger each night", Verdict.WEAK_FOR),
        ("connect", "Approved rents leave as a Quarrybank Ledger file", Verdict.STRONG_FOR),
        ("connect", "Keys the case on Quarrybank Ledger screens", Verdict.WEAK_FOR),
        ("connect", "An officer then keys the case on Quarrybank Ledger screens", Verdict.STRONG_AGAINST),
        ("connect", "Rents come from Quarrybank Ledger and cannot be changed here", Verdict.STRONG_FOR),
        ("connect", "Rents come from Quarrybank Ledger and are not sent back", Verdict.STRONG_FOR),
        ("connect", "Quarrybank Ledger cannot be connected", Verdict.STRONG_AGAINST),
        (
            "connect",
            "Rents do not come from Quarrybank Ledger and are not sent to it",
            Verdict.STRONG_AGAINST,
        ),
        ("connect", "Quarrybank Ledger rotas, leave and swaps both ways", Verdict.STRONG_FOR),
        ("connect", "Copies agreed leave between Quarrybank Ledger and the calendar", Verdict.WEAK_FOR),
        ("connect", "Times not yet confirmed are held for Quarrybank Ledger", Verdict.WEAK_FOR),
        ("keep", "Converts from Quarrybank Ledger in a month", Verdict.STRONG_AGAINST),
        ("keep", "Quarrybank Ledger record migration", Verdict.STRONG_AGAINST),
        ("connect", "Copies every rent and switches Quarrybank Ledger off", Verdict.STRONG_AGAINST),
        ("keep", "Shutting Quarrybank Ledger down is part of the price", Verdict.STRONG_AGAINST),
        ("keep", "We turned your old Quarrybank Ledger off in May", Verdict.STRONG_AGAINST),
        ("keep", "Replaces (and retires) Quarrybank Ledger", Verdict.STRONG_AGAINST),
        ("keep", "You never have to switch Quarrybank Ledger off; files go in nightly", Verdict.STRONG_FOR),
        ("connect", "Does not switch Quarrybank Ledger off", Verdict.WEAK_FOR),
        ("connect", "Connects to Siebel (for those who are leaving), Quarrybank Ledger", Verdict.STRONG_FOR),
        ("connect", "Hides what is not to be seen, and files it in Quarrybank Ledger", Verdict.STRONG_FOR),
        ("connect", "Opens in Quarrybank Ledger as a letter, not an attachment", Verdict.WEAK_FOR),
        ("keep", "Rents are left to Quarrybank Ledger", Verdict.WEAK_FOR),
        ("keep", "Does not replace Quarrybank Ledger", Verdict.WEAK_FOR),
        ("keep", "Staff never leave Quarrybank Ledger", Verdict.SILENT),
        ("connect", "No longer connects to Quarrybank Ledger", Verdict.STRONG_AGAINST),
        ("connect", "Posts to Quarrybank Ledger, so that nobody need no longer key", Verdict.STRONG_FOR),
        ("connect", "Replaces rekeying into Quarrybank Ledger", Verdict.WEAK_FOR),
        ("connect", "Replaces paper forms, Quarrybank Ledger updated in real time", Verdict.STRONG_FOR),
        ("connect", "Staff log off Quarrybank Ledger by themselves", Verdict.WEAK_FOR),
        ("replace", "Why replace Quarrybank Ledger?", Verdict.WEAK_AGAINST),
        ("replace", "Migrates records into Quarrybank Ledger", Verdict.SILENT),
        ("retire", "Quarrybank Ledger migration included", Verdict.STRONG_FOR),
        ("replace", "Upgrade to the latest Quarrybank Ledger", Verdict.WEAK_AGAINST),
        ("retire", "Upgrade your Quarrybank Ledger to the latest version", Verdict.WEAK_AGAINST),
        ("retire", "Quarrybank Ledger upgrades", Verdict.WEAK_AGAINST),
        ("replace", "Upgrade Quarrybank Ledger to Slatefield Cloud", Verdict.SILENT),
        ("replace", "Upgrade from Quarrybank Ledger", Verdict.STRONG_FOR),
        ("replace", "Quarrybank Ledger hosting", Verdict.WEAK_AGAINST),
        ("replace", "Managed hosting of Quarrybank Ledger", Verdict.WEAK_AGAINST),
        ("replace", "Migration from Quarrybank Ledger, hosting of the new system", Verdict.STRONG_FOR),
        ("connect", "Unlike Quarrybank Ledger, it connects to maps", Verdict.SILENT),
        ("keep", "Compared with Quarrybank Ledger it connects quickly", Verdict.SILENT),
        ("connect", "Quicker than Quarrybank Ledger, with a full API", Verdict.SILENT),
        ("connect", "Connects to systems other than Quarrybank Ledger", Verdict.STRONG_AGAINST),
        ("replace", "A cheaper alternative to Quarrybank Ledger", Verdict.STRONG_FOR),
        (
            "replace",
            "You never have to leave Quarrybank Ledger data behind: all are migrated",
            Verdict.STRONG_FOR,
        ),
        ("keep", "Nightly Quarrybank Ledger to Agresso feed", Verdict.STRONG_FOR),
        ("connect", "Migrating from Quarrybank Ledger to Slatefield", Verdict.STRONG_AGAINST),
        ("keep", "Move from Quarrybank Ledger to Slatefield", Verdict.STRONG_AGAINST),
        ("keep", "Quarrybank Ledger to Slatefield Cloud data migration", Verdict.STRONG_AGAINST),
        ("replace", "Keeps Quarrybank Ledger running as long as you like", Verdict.WEAK_AGAINST),
        ("keep", "Keeps Quarrybank Ledger running as long as you like", Verdict.WEAK_FOR),
    ],
)
def test_what_is_said_around_a_name_decides(
    intent: str, feature: str, expected: Verdict, judged: Judge
) -> None:
    assert judged(intent, feature, name="Tenancies").verdict is expected


@pytest.mark.parametrize(
    ("features", "stops"),
    [
        (["The Quarrybank Ledger connector is on our roadmap"], True),
        (["The Quarrybank Ledger connector is in beta with two landlords"], False),
        (["Clerks copy each booking into Quarrybank Ledger by hand"], True),
        (["No integration with Quarrybank Ledger is offered"], True),
        (["No integration with Quarrybank Ledger is offered", "Works with Quarrybank Ledger"], False),
    ],
)
def test_a_link_that_is_not_there_stops(features: list[str], stops: bool, judged: Judge) -> None:
    assert judged("connect", *features, name="Tenancies").stops is stops


@pytest.mark.parametrize(
    ("constraint", "against"),
    [
        ("The product ships with an empty connector library.", True),
        ("Named systems are examples of what could be integrated.", True),
        ("No links with other systems are provided.", True),
        ("Connectors to housing systems are planned.", True),
        ("Interfaces to the products named are neither built nor warranted.", True),
        ("The ledger driver is a stub that returns yesterday's rents.", True),
        ("More connectors are planned.", False),
        ("You may not write connectors yourself.", False),
        ("Parking systems are not among our connectors.", False),
    ],
)
def test_what_brings_no_connectors_connects_to_nothing(constraint: str, against: bool, judged: Judge) -> None:
    found = judged(
        "connect", "Connects to Quarrybank Ledger", name="Rents", answers={"Service constraints": constraint}
    )
    assert (found.verdict.side < 0) is against


@pytest.mark.parametrize(
    ("requirement", "verdict"),
    [
        ("Quarrybank Ledger is read and written until it is switched off", Verdict.WEAK_FOR),
        ("Quarrybank Ledger is switched off", Verdict.WEAK_AGAINST),
        ("Rents are read until they are paid", Verdict.WEAK_AGAINST),
    ],
)
def test_a_link_with_what_is_to_go_counts_where_one_is_wanted_until_then(
    requirement: str,
    verdict: Verdict,
    make_service: MakeService,
    make_profile: MakeProfile,
    rank: Rank,
    findings_on: FindingsOn,
) -> None:
    profile = ESTATE.format(intent="retire") + (
        f'[[requirement]]\ntext = "{requirement}"\npriority = "want"\nbarrier = "legacy"\n'
    )
    answers = {
        "Software add-on or extension": "Yes",
        "What software services is the service an extension to": HOST,
    }
    service = make_service(name="Bridge for Quarrybank Ledger", answers=answers)
    found = findings_on(rank(make_profile(profile), service), NEEDS["retire"])[0]
    assert (found.verdict, found.stops) == (verdict, verdict is Verdict.WEAK_AGAINST)


def test_leaving_another_system_is_not_leaving_ours(judged: Judge) -> None:
    found = judged("connect", "Moves you off Siebel, and keeps Quarrybank Ledger in step", name="Rents")
    assert found.verdict is Verdict.STRONG_FOR


def test_a_system_of_the_same_kind_counts_for_half_of_weak(judged: Judge) -> None:
    named = judged("connect", "Quarrybank Ledger users like it", name="Rents")
    of_a_kind = judged("connect", "Connects to the system that holds tenancies and rents", name="Homes")
    assert of_a_kind.rule == "legacy.connects.kind"
    assert of_a_kind.verdict is Verdict.WEAK_FOR
    assert of_a_kind.fills < named.fills


def test_a_system_of_a_kind_that_others_must_join_speaks_against(judged: Judge) -> None:
    found = judged("connect", "Staff type the tenancies and rents into the connected system", name="Homes")
    assert found.verdict is Verdict.WEAK_AGAINST


def test_an_old_system_without_a_name_can_be_retired(judged: Judge) -> None:
    found = judged("retire", "Copies the tables of any SQL database before it closes", name="Archive")
    assert (found.verdict, found.rule) == (Verdict.WEAK_FOR, "legacy.retires.kind")


GUARDIAN = """
[organisation]
name = "Westbeck Fire and Rescue"
sector = "fire"
[[legacy]]
system = "Gatehouse"
purpose = "mobilising of crews"
intent = "connect"
"""


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Availability for firefighters", Verdict.STRONG_FOR),
        ("Mobilising aid", Verdict.STRONG_FOR),
        ("Visitors of country houses", Verdict.WEAK_AGAINST),
    ],
)
def test_a_word_with_another_sense_needs_our_kind_or_the_purpose_beside_it(
    name: str,
    expected: Verdict,
    make_service: MakeService,
    make_profile: MakeProfile,
    rank: Rank,
    findings_on: FindingsOn,
) -> None:
    service = make_service(name=name, features=("Works with Gatehouse",))
    found = findings_on(rank(make_profile(GUARDIAN), service), "connect to Gatehouse")[0]
    assert found.verdict is expected
    assert found.quote == "Works with Gatehouse"


@pytest.mark.parametrize(
    ("name", "feature", "verdict"),
    [
        ("Confirm mobile", "Connects to Confirm", Verdict.STRONG_FOR),
        ("Confirm mobile", "Integrated with your Confirm", Verdict.STRONG_FOR),
        ("Confirm mobile", "Visitors confirm by text", Verdict.STRONG_AGAINST),
        ("Confirm to Slatefield data transfer", "Nightly", Verdict.WEAK_AGAINST),
        ("Confirm to Slatefield feed", "Nightly", Verdict.WEAK_FOR),
        ("Roads", "Move from Confirm to Slatefield", Verdict.STRONG_AGAINST),
    ],
)
def test_what_a_program_is_connected_to_is_one(
    name: str,
    feature: str,
    verdict: Verdict,
    make_service: MakeService,
    make_profile: MakeProfile,
    rank: Rank,
    findings_on: FindingsOn,
) -> None:
    profile = make_profile(GUARDIAN.replace("Gatehouse", "Confirm").replace("mobilising of crews", "roads"))
    service = make_service(name=name, features=(feature,))
    assert findings_on(rank(profile, service), "connect to Confirm")[0].verdict is verdict


def test_a_name_that_is_no_word_has_no_other_sense(
    make_service: MakeService, make_profile: MakeProfile, rank: Rank, findings_on: FindingsOn
) -> None:
    profile = make_profile(GUARDIAN.replace("Gatehouse", "Gatewick"))
    service = make_service(name="Visitors of country houses", features=("Gatewick connector",))
    assert findings_on(rank(profile, service), "connect to Gatewick")[0].verdict is Verdict.STRONG_FOR


def test_two_names_of_one_estate_stand_together_by_no_chance(
    make_service: MakeService, make_profile: MakeProfile, rank: Rank, findings_on: FindingsOn
) -> None:
    profile = make_profile(GUARDIAN + '[[legacy]]\nsystem = "Quarrybank"\nintent = "connect"\n')
    service = make_service(
        name="Visitors of houses", features=("Gatehouse connector", "Quarrybank connector")
    )
    assert findings_on(rank(profile, service), "connect to Gatehouse")[0].verdict is Verdict.STRONG_FOR


class TestALinkThatIsTakenBack:
    CLAIM = "Made for Quarrybank Ledger"

    @pytest.mark.parametrize(
        "taken_back",
        [
            "Quarrybank Ledger link on the roadmap",
            "There is no integration with Quarrybank Ledger",
            "Clerks copy each booking into Quarrybank Ledger by hand",
        ],
    )
    def test_stops_and_the_claim_counts_for_nothing(self, taken_back: str, judged: Judge) -> None:
        found = judged("connect", self.CLAIM, taken_back, name="Rents")
        assert found.stops
        assert (found.verdict, found.quote) == (Verdict.STRONG_AGAINST, taken_back)

    def test_does_not_where_some_try_it_already(self, judged: Judge) -> None:
        found = judged("connect", self.CLAIM, "Quarrybank Ledger link in beta", name="Rents")
        assert (found.verdict, found.stops) == (Verdict.STRONG_AGAINST, False)

    def test_a_plan_corrects_what_the_head_claims(self, judged: Judge) -> None:
        plan = "The Quarrybank Ledger connector is on our roadmap."
        claim = "Quarrybank Ledger connector"
        found = judged("connect", claim, name="Rents", answers={"Service constraints": plan})
        assert (found.verdict, found.stops, found.quote) == (Verdict.STRONG_AGAINST, True, plan)

    def test_does_not_where_there_is_a_link_after_all(self, judged: Judge) -> None:
        found = judged(
            "connect",
            "Quarrybank Ledger connector",
            "Clerks copy old bookings into Quarrybank Ledger by hand",
            name="Rents",
        )
        assert found.verdict is Verdict.STRONG_FOR

    def test_does_not_where_another_system_is_connected(
        self, make_service: MakeService, make_profile: MakeProfile, rank: Rank, findings_on: FindingsOn
    ) -> None:
        profile = make_profile(
            ESTATE.format(intent="connect") + '[[legacy]]\nsystem = "Gatewick"\nintent = "connect"\n'
        )
        features = ("Quarrybank Ledger link on the roadmap", "Gatewick connector")
        result = rank(profile, make_service(name="Rents", features=features))
        assert not any(each.stops for each in findings_on(result, NEEDS["connect"]))


@pytest.fixture
def on(
    make_service: MakeService, make_profile: MakeProfile, rank: Rank, findings_on: FindingsOn
) -> Callable[..., list[Finding]]:
    """The findings on a need of the estate in a listing with these fields."""

    def of(need: str, profile: str = "", **fields: object) -> list[Finding]:
        wanted = make_profile(ESTATE.format(intent="connect") + profile)
        others = (make_service(number, name=f"Parking permits {number}") for number in range(2, 30))
        return findings_on(rank(wanted, make_service(**fields), *others), need)

    return of


class TestOtherSystems:
    NEED = "made for the systems that are there"

    def test_a_listing_made_for_another_system_speaks_against(self, on: Callable[..., list[Finding]]) -> None:
        (found,) = on(self.NEED, name="Tenant portal", features=("Two-way connector for Civica Cx Housing",))
        assert found.verdict is Verdict.WEAK_AGAINST
        assert "Civica Cx" in found.because

    def test_another_system_in_its_name_speaks_strongly_against(
        self, on: Callable[..., list[Finding]]
    ) -> None:
        found = on(self.NEED, name="Tenant portal for Civica Cx Housing")[0]
        assert found.verdict is Verdict.STRONG_AGAINST

    def test_one_that_names_ours_too_does_not(self, on: Callable[..., list[Finding]]) -> None:
        features = ("Connectors for Civica Cx Housing and Quarrybank Ledger",)
        (found,) = on(self.NEED, name="Tenant portal", features=features)
        assert found.verdict is Verdict.SILENT


class TestWhatTheListingSaysOfItself:
    def test_every_limit_that_a_supplier_lists_is_quoted_and_takes_no_points(
        self, on: Callable[..., list[Finding]]
    ) -> None:
        answers = {"Service constraints": "Only in English. Two people must be trained."}
        found = on("limits and conditions", answers=answers)
        assert [each.quote for each in found] == ["Only in English.", "Two people must be trained."]
        assert {each.verdict for each in found} == {Verdict.WEAK_AGAINST}
        assert all(each.points == 0 for each in found)

    @pytest.mark.parametrize("nothing", ["None", "There are no constraints.", "Not applicable"])
    def test_a_constraint_that_says_there_is_none_is_no_limit(
        self, nothing: str, on: Callable[..., list[Finding]]
    ) -> None:
        (found,) = on("limits and conditions", answers={"Service constraints": nothing})
        assert found.verdict is Verdict.SILENT

    def test_no_interface_stops_whether_or_not_a_connection_is_claimed(
        self, make_service: MakeService, make_profile: MakeProfile, rank: Rank
    ) -> None:
        answers = {"Service constraints": "There is no programming interface.", "Phone support": "Yes"}
        profile = make_profile(ESTATE.format(intent="connect"))
        silent = make_service(1, name="Tenancies", answers=answers)
        claims = make_service(2, name="Tenancies", features=("Quarrybank Ledger connector",), answers=answers)
        scores = {found.service.id: found.score for found in rank(profile, silent, claims).matches}
        assert scores["2"] >= scores["1"]


class TestPeople:
    def test_a_price_for_each_person_served_that_breaks_the_budget_is_over_it(
        self, on: Callable[..., list[Finding]]
    ) -> None:
        found = on("within £40,000 a year", name="Tenant portal", price="£6 a person a year")[0]
        assert found.verdict is Verdict.STRONG_AGAINST
        assert "£54,000" in found.because

    def test_a_price_for_each_person_of_a_listing_about_staff_is_not(
        self, on: Callable[..., list[Finding]]
    ) -> None:
        found = on("within £40,000 a year", name="Payroll for staff", price="£6 a person a year")[0]
        assert found.verdict is not Verdict.STRONG_AGAINST


class TestRequirements:
    WANT = """
[[requirement]]
text = "Tenants see what became of a repair"
priority = "must"
barrier = "customers"
"""

    def test_a_passage_that_says_nearly_the_same_is_quoted(self, on: Callable[..., list[Finding]]) -> None:
        feature = "Leaseholders follow each maintenance job"
        found = on("Tenants see what became of a repair", self.WANT, features=(feature,))[0]
        assert found.quote == feature
        assert found.verdict.side > 0

    def test_the_words_themselves_count_for_more(self, on: Callable[..., list[Finding]]) -> None:
        same = on("Tenants see what became of a repair", self.WANT, features=("Tenants see each repair",))[0]
        near = on("Tenants see what became of a repair", self.WANT, features=("Leaseholders see each job",))[
            0
        ]
        assert same.fills > near.fills > 0


@pytest.mark.parametrize("separator", [" ", ", ", " | "])
def test_a_keyword_fifty_times_in_one_text_changes_nothing(
    separator: str, make_service: MakeService, make_profile: MakeProfile, rank: Rank
) -> None:
    said = "Connector for Quarrybank Ledger"
    once = make_service(1, name="Tenancies", description=said)
    often = make_service(2, name="Tenancies", description=separator.join([said] * 50))
    result = rank(make_profile(ESTATE.format(intent="connect")), once, often)
    assert len({found.score for found in result.matches}) == 1


CARE = """
[organisation]
name = "Westbeck County Council"
sector = "local-government"
[[legacy]]
system = "Mosaic"
purpose = "adult care records"
intent = "connect"
[[legacy]]
system = "Quarrybank"
purpose = "payments to homes"
intent = "connect"
"""


@pytest.mark.parametrize(
    ("feature", "description"),
    [
        ("Supported Mosaic connector, both ways", "An account for residents."),
        ("Posts to Mosaic", "An account for care teams."),
        ("Posts to Mosaic and Quarrybank", "An account for residents."),
    ],
)
def test_a_name_that_is_also_a_word_counts_in_the_company_of_its_kind(
    feature: str,
    description: str,
    make_service: MakeService,
    make_profile: MakeProfile,
    rank: Rank,
    findings_on: FindingsOn,
) -> None:
    service = make_service(name="Resident account for councils", features=(feature,), description=description)
    found = findings_on(rank(make_profile(CARE), service), "connect to Mosaic")[0]
    assert (found.verdict, found.quote) == (Verdict.STRONG_FOR, feature)


def test_alone_it_is_the_word(
    make_service: MakeService, make_profile: MakeProfile, rank: Rank, findings_on: FindingsOn
) -> None:
    service = make_service(name="Pictures for councils", features=("Mosaic of pictures",))
    assert findings_on(rank(make_profile(CARE), service), "connect to Mosaic")[0].verdict is Verdict.SILENT


def test_a_word_in_small_letters_casts_no_doubt_on_the_rest(
    make_service: MakeService, make_profile: MakeProfile, rank: Rank
) -> None:
    profile = ESTATE.format(intent="connect").replace("Quarrybank Ledger", "Lotus Notes")
    profile += '[skills]\ngaps = ["service-desk"]\n'
    others = [make_service(number, name="Repairs") for number in range(3, 30)]
    said = ("Calls with notes, and forms for them", "Calls with Notes, and forms for them")
    small, capital = (
        make_service(number, name="Repairs online", features=(feature,), answers={"Phone support": "Yes"})
        for number, feature in enumerate(said, start=1)
    )
    result = rank(make_profile(profile), small, capital, *others)
    scores = {found.service.id: found.score for found in result.matches}
    assert scores["1"] > scores["2"] > 0


def test_an_everyday_word_in_small_letters_is_no_name(
    make_service: MakeService, make_profile: MakeProfile, rank: Rank, findings_on: FindingsOn
) -> None:
    profile = make_profile('[[legacy]]\nsystem = "One"\nintent = "connect"\n')
    service = make_service(name="Forms", features=("A manager works with yours throughout year one",))
    assert findings_on(rank(profile, service), "connect to One")[0].verdict is Verdict.SILENT


@pytest.mark.parametrize(
    "feature", ["Direct load to Quarrybank Ledger", "Copies documents to Quarrybank Ledger"]
)
def test_what_is_loaded_into_a_system_does_not_replace_it(feature: str, judged: Judge) -> None:
    assert judged("replace", feature, name="Scanning").verdict is not Verdict.STRONG_FOR


@pytest.mark.parametrize(
    ("name", "stops"),
    [
        ("Sightline charts for Quarrybank Ledger", True),
        ("Sightline charts for Quarrybank Ledger and SAP ERP", False),  # it does without ours
        ("Sightline charts", False),  # a side of what it offers
        ("Sightline: Quarrybank Ledger replaced", False),  # keeps it going until it is
    ],
)
def test_what_keeps_a_system_going_that_is_to_go_stops(name: str, stops: bool, judged: Judge) -> None:
    found = judged("replace", "Make the most of Quarrybank Ledger", name=name)
    assert found.stops is stops


@pytest.mark.parametrize(
    ("name", "description", "leaves"),
    [
        ("Quarrybank Ledger to Slatefield Cloud", "We move landlords in a weekend.", True),
        ("Quarrybank Ledger to Slatefield Cloud", "Balances are there in the morning.", False),
        ("Quarrybank Ledger to the cloud in a weekend", None, True),
        ("Quarrybank Ledger to Slatefield migration", None, True),
        ("Nightly Quarrybank Ledger to Agresso feed", "Moved house? It is noted.", False),
        ("Quarrybank Ledger to Slatefield connector", None, False),
        ("Rents posted to Quarrybank Ledger", None, False),
    ],
)
def test_a_service_called_from_one_system_to_another_leaves_the_first_where_it_moves(
    name: str, description: str | None, leaves: bool, judged: Judge
) -> None:
    found = judged("connect", name=name, description=description)
    assert (found.verdict is Verdict.STRONG_AGAINST) is leaves


@pytest.mark.parametrize("where", ["exactly where it is", "as it is", "alone", "in place"])
def test_what_leaves_a_system_where_it_is_does_not_take_it_away(where: str, judged: Judge) -> None:
    found = judged("keep", f"Adds a public face and leaves Quarrybank Ledger {where}")
    assert found.verdict.side >= 0
    assert judged("keep", "Help for those who leave Quarrybank Ledger").verdict.side < 0


@pytest.mark.parametrize(
    ("joined", "means_it"), [(" and Lotus Notes", True), (", not like Lotus Notes", False)]
)
def test_a_word_joined_to_the_name_of_another_system_is_a_name(
    joined: str,
    means_it: bool,
    make_service: MakeService,
    make_profile: MakeProfile,
    rank: Rank,
    findings_on: FindingsOn,
) -> None:
    profile = make_profile(
        '[[legacy]]\nsystem = "Ethos"\npurpose = "employment claims"\nintent = "replace"\n'
    )
    service = make_service(name="Forms", features=(f"Reads Ethos{joined} databases",))
    found = findings_on(rank(profile, service), "replace Ethos")[0]
    assert (found.verdict.side > 0) is means_it


@pytest.mark.parametrize(
    ("name", "moves"),
    [
        ("Documentum to Quarrybank Ledger migration", False),
        ("Quarrybank Ledger to Documentum migration", True),
        ("Goodbye to Quarrybank Ledger: records migrated", True),
    ],
)
def test_where_records_go_is_not_where_they_come_from(name: str, moves: bool, judged: Judge) -> None:
    found = judged("retire", name=name)
    assert (found.rule == "legacy.retires.moves") is moves


def test_what_is_only_like_a_system_does_not_name_it(judged: Judge) -> None:
    assert judged("connect", "Quarrybank Ledger-style rent screens").verdict is Verdict.SILENT


@pytest.fixture
def named(
    make_service: MakeService, make_profile: MakeProfile, rank: Rank, findings_on: FindingsOn
) -> Callable[..., Verdict]:
    """The verdict on a system of one name in a council's listing with one feature."""

    def of(system: str, feature: str, *aliases: str) -> Verdict:
        profile = make_profile(
            f'[[legacy]]\nsystem = "{system}"\naliases = {list(aliases)}\nintent = "connect"\n'
            'purpose = "care records"\n'
            '[organisation]\nname = "Westbeck Council"\nsector = "local-government"\n'
        )
        service = make_service(name="Forms for councils", features=(feature,))
        return findings_on(rank(profile, service), f"connect to {system}")[0].verdict

    return of


@pytest.mark.parametrize(
    ("system", "feature", "counts"),
    [
        ("Access", "Connects to Citizen Access", False),
        ("Access", "Citizen Access integration", False),
        ("Access", "Connects to Microsoft Access", True),
        ("Confirm", "Connects to Payee Confirm", False),
        ("Confirm", "Certified Confirm connector", True),
        ("Confirm", "Two Way Legacy Confirm Integration", True),
        ("Confirm", "Includes our Certified Confirm connector for crews", True),
        ("Confirm", "Crews have a Live Confirm interface", True),
        ("Gatewick", "Connects to Hartwell Gatewick", True),  # no English word: it is the system
    ],
)
def test_a_word_in_a_longer_name_is_another_product(
    system: str, feature: str, counts: bool, named: Callable[..., Verdict]
) -> None:
    assert (named(system, feature) is Verdict.STRONG_FOR) is counts


def test_unless_the_longer_name_is_an_alias(named: Callable[..., Verdict]) -> None:
    assert named("Confirm", "Connects to Payee Confirm", "Payee Confirm") is Verdict.STRONG_FOR


@pytest.mark.parametrize(
    ("system", "feature", "counts"),
    [
        ("Open Housing", "Connects people to open housing registers", False),
        ("Open Housing", "Open housing data, and its integration", False),
        ("Open Housing", "Open Housing connector", True),
        ("Information@Work", "Staff look up information at work", False),
        ("Information@Work", "Connector for information@work", True),
        ("Total Mobile", "Total mobile coverage, connected everywhere", False),
        ("Total Mobile", "Connected to TotalMobile", True),
    ],
)
def test_everyday_words_are_a_name_where_they_have_its_capitals(
    system: str, feature: str, counts: bool, named: Callable[..., Verdict]
) -> None:
    assert (named(system, feature) is Verdict.STRONG_FOR) is counts


@pytest.mark.parametrize(
    "spellings",
    [
        ("Unit4", "Unit 4", "Unit-4"),
        ("iLAS", "i-LAS", "ILAS"),
        ("O'Neil", "ONeil", "O’Neil"),
        ("TotalMobile", "Total Mobile", "Totalmobile"),
        ("AS/400", "AS400", "as400"),
        ("Raiser's Edge", "Raisers Edge"),
    ],
)
def test_the_spellings_of_a_name_are_one_name(
    spellings: tuple[str, ...], named: Callable[..., Verdict]
) -> None:
    found = {named(ours, f"{theirs} connector") for ours in spellings for theirs in spellings}
    assert found == {Verdict.STRONG_FOR}


def test_the_number_of_a_unit_is_no_name(named: Callable[..., Verdict]) -> None:
    assert named("Unit4", "Each business unit 4 times a year, connected") is Verdict.SILENT


@pytest.mark.parametrize(
    ("constraint", "by_hand"),
    [
        ("An officer copies the details to the licensing system.", True),
        ("An officer types a reply to the resident.", False),
        ("An officer enters the visit to the diary on a tablet.", False),
        ("Integration is by email: each report arrives as a message.", True),
        ("Integration is by a daily summary email.", True),
        ("Integration is by REST services, webhooks or email.", False),
        ("Orders are e-mailed to the depot and keyed into the host.", True),
        ("Orders are downloaded each night and entered into the ledger by the nightly job.", False),
    ],
)
def test_what_staff_type_in_again_is_no_connection(
    constraint: str, by_hand: bool, make_service: MakeService, make_profile: MakeProfile, rank: Rank
) -> None:
    service = make_service(name="Repairs", answers={"Service constraints": constraint})
    found = rank(make_profile(ESTATE.format(intent="connect")), service).matches[0]
    judged = [each for contribution in found.contributions for each in contribution.findings]
    assert any(each.rule == "legacy.bolted-on" and each.stops for each in judged) is by_hand
