"""What a new profile starts with is in order for every kind and size of body, and marked as a proposal."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import ClassVar

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from catalogue.errors import DataFileError, UsageError
from catalogue.profile import BARRIERS, SECTORS, SURVEY_2018, parse_profile
from catalogue.starting import load_starting, propose, read_starting
from catalogue.vague import advise
from catalogue.vocabulary import load_vocabulary

STARTING = load_starting()
BODIES = pytest.mark.parametrize("body", STARTING.bodies, ids=lambda body: body.id)
TABLE = resources.files("catalogue").joinpath("starting.toml").read_text("utf-8")


class ProfileText(SingleFileSnapshotExtension):
    """A whole profile, as the file that a user gets."""

    _write_mode = WriteMode.TEXT
    file_extension: ClassVar[str] = "toml"


@BODIES
@pytest.mark.parametrize("staff", [None, 10, 500, 5000])
class TestForEveryBodyAndSize:
    def test_the_profile_is_in_order_and_proposes_something_for_each_barrier(self, body, staff) -> None:
        found = parse_profile(propose(STARTING, body, staff_users=staff))
        assert found.organisation.sector == body.sector
        assert found.organisation.staff_users == staff
        assert found.goal == body.goal
        assert found.legacy and found.skills_gaps and found.resources_gaps and found.customers_needs
        assert {requirement.barrier for requirement in found.requirements} == set(BARRIERS)

    def test_no_system_is_proposed_twice(self, body, staff) -> None:
        found = parse_profile(propose(STARTING, body, staff_users=staff))
        systems = [system.system for system in found.legacy]
        assert len(set(systems)) == len(systems)
        wanted = [requirement.text for requirement in found.requirements]
        assert len(set(wanted)) == len(wanted)

    def test_the_wording_follows_our_own_advice(self, body, staff) -> None:
        assert advise(propose(STARTING, body, staff_users=staff)) == ()

    def test_every_system_and_requirement_is_marked_as_something_to_check(self, body, staff) -> None:
        lines = propose(STARTING, body, staff_users=staff).splitlines()
        for number, line in enumerate(lines):
            if line in ("[[legacy]]", "[[requirement]]"):
                before = " ".join(
                    reversed([text.removeprefix("# ") for text in _comment_above(lines, number)])
                )
                assert "To check:" in before
                assert line == "[[requirement]]" or "does this body run it?" in before

    def test_the_page_is_narrow_enough_for_a_terminal(self, body, staff) -> None:
        assert max(map(len, propose(STARTING, body, staff_users=staff).splitlines())) <= 120


def _comment_above(lines: list[str], number: int) -> list[str]:
    above = []
    while lines[number - 1].startswith("# "):
        number -= 1
        above.append(lines[number])
    return above


class TestTheFile:
    def test_of_a_small_district(self, snapshot: SnapshotAssertion) -> None:
        text = propose(
            STARTING,
            STARTING.body("local-government", "district"),
            name="Fenmoor District Council",
            staff_users=120,
            residents=95000,
            budget=60000,
        )
        assert text == snapshot.use_extension(ProfileText)

    def test_of_a_trust_of_which_nothing_is_known(self, snapshot: SnapshotAssertion) -> None:
        assert propose(STARTING, STARTING.body("nhs")) == snapshot.use_extension(ProfileText)

    def test_what_is_not_given_is_a_commented_line(self) -> None:
        text = propose(STARTING, STARTING.body("police"))
        for key in ("staff_users", "residents", "budget_per_year", "contract_years", "award_by"):
            assert f"\n# {key} = " in text
        assert parse_profile(text).organisation.budget_per_year is None

    def test_what_is_given_is_written(self) -> None:
        text = propose(STARTING, STARTING.body("fire"), staff_users=900, residents=700000, budget=50000)
        found = parse_profile(text).organisation
        assert (found.staff_users, found.residents, found.budget_per_year) == (900, 700000, 50000)

    @pytest.mark.parametrize(
        ("name", "read"),
        [
            ('St "Anne\'s" \\ Trust', 'St "Anne\'s" \\ Trust'),
            ("Two\nlines\x1b[31m # no comment", "Two lines[31m # no comment"),
            ("Ynys Môn ☂", "Ynys Môn ☂"),
            ("odd \udcff", "odd ?"),
            ("  ", "Name of the charity"),
            (None, "Name of the charity"),
        ],
    )
    def test_any_name_makes_a_file_in_order(self, name: str | None, read: str) -> None:
        text = propose(STARTING, STARTING.body("charity"), name=name)
        text.encode("utf-8")
        assert parse_profile(text).organisation.name == read

    def test_barriers_weigh_the_same_and_the_preset_is_offered_with_what_it_means(self) -> None:
        text = propose(STARTING, STARTING.body("other"))
        found = parse_profile(text)
        assert set(found.weights.values()) == {25}
        assert found.preset is None
        assert "how common each barrier is among public bodies, not how grave it is for you" in text
        for barrier, share in SURVEY_2018.items():
            assert f"\n# {barrier} = {share}\n" in text

    def test_the_words_that_are_not_proposed_are_offered_commented_out(self) -> None:
        text = propose(STARTING, STARTING.body("central-government"), staff_users=5000)
        assert '\n  # "developers",\n' in text
        assert "developers" not in parse_profile(text).skills_gaps


class TestSize:
    def test_a_small_body_is_taken_to_lack_more_skills_than_a_large_one(self) -> None:
        council = STARTING.body("local-government")
        small = parse_profile(propose(STARTING, council, staff_users=20))
        large = parse_profile(propose(STARTING, council, staff_users=4000))
        assert set(large.skills_gaps) < set(small.skills_gaps)

    @pytest.mark.parametrize(
        ("staff", "residents", "size"),
        [
            (None, None, "medium"),
            (100, None, "small"),
            (101, None, "medium"),
            (1001, None, "large"),
            (None, 100000, "small"),
            (None, 350001, "large"),
            (20, 350001, "large"),
        ],
    )
    def test_residents_tell_the_size_of_a_council_before_staff_does(self, staff, residents, size) -> None:
        assert STARTING.size(STARTING.body("local-government", "unitary"), staff, residents)[0] == size

    def test_patients_tell_nothing_of_the_size_of_a_practice(self) -> None:
        assert STARTING.size(STARTING.body("nhs", "gp"), None, 900000)[0] == "small"


class TestKinds:
    def test_every_sector_has_a_body(self) -> None:
        assert {STARTING.body(sector).sector for sector in SECTORS} == set(SECTORS)

    def test_a_district_has_no_social_care_and_a_county_no_council_tax(self) -> None:
        district, county = (
            {
                s.purpose
                for s in parse_profile(propose(STARTING, STARTING.body("local-government", kind))).legacy
            }
            for kind in ("district", "county")
        )
        assert "revenues and benefits" in district - county
        assert "adult social care records" in county - district

    def test_the_networks_of_health_and_police_are_asked_for(self) -> None:
        for sector, network in (("nhs", "HSCN"), ("police", "PSN")):
            found = parse_profile(propose(STARTING, STARTING.body(sector)))
            asked = [r for r in found.requirements if r.question and r.question.id == "connected-networks"]
            assert network in "".join(value for r in asked for value in r.includes)

    def test_accessibility_gates_for_every_public_body(self) -> None:
        for body in STARTING.bodies:
            found = parse_profile(propose(STARTING, body))
            (asked,) = [
                r for r in found.requirements if r.question and r.question.id == "accessibility-standards"
            ]
            assert asked.gates is (body.sector != "charity")

    def test_an_unknown_kind_is_told_with_what_there_is(self) -> None:
        with pytest.raises(UsageError, match=r"expected: trust, gp, icb\. Did you mean 'trust'"):
            STARTING.body("nhs", "trsut")

    def test_a_kind_where_there_are_none_is_refused(self) -> None:
        with pytest.raises(UsageError, match="has no kinds"):
            STARTING.body("police", "county")


def test_no_proposed_alias_is_an_everyday_word() -> None:
    gated = {name.casefold() for group in load_vocabulary().groups for name in group.gated}
    names = {name for row in STARTING.systems for name in (row.system, *row.aliases)}
    unfit = {name for name in names if name.casefold() in gated}
    assert unfit == set()


class TestWrongRows:
    """A wrong row of the table is an error that names it."""

    @pytest.mark.parametrize(
        ("instead_of", "written", "says"),
        [
            ('intent = "connect"', 'intent = "conect"', r"\[\[system\]\] 1 .*Revenues.*conect"),
            ('interfaces = ["api", "files"]', 'interfaces = ["ftp"]', r"\[\[system\]\] 1 .*ftp"),
            ('for = ["nhs/icb"]', 'for = ["nhs/ibc"]', r"\[\[system\]\] \d+ .*nhs/ibc"),
            ('sizes = ["large"]', 'sizes = ["huge"]', r"\[\[\w+\]\] \d+ .*huge"),
            ('word = "developers"', 'word = "devs"', r"\[\[gap\]\] 1 \('devs'\).*devs"),
            ('list = "skills"', 'list = "skill"', r"\[\[gap\]\] 1 .*skill"),
            ('question = "API"', 'question = "APY"', r"\[\[requirement\]\] \d+ .*APY"),
            ('includes = ["CSV", "ODF"]', 'includes = ["CVS"]', r"\[\[requirement\]\] \d+ .*CVS"),
            ('equals = "Yes"\n', "", r"\[\[requirement\]\] \d+ .*neither includes nor equals"),
            ('system = "Bartec Collective"\n', "", r"\[\[system\]\] \d+ .*system"),
            ('sector = "fire"', 'sector = "feuer"', r"\[\[body\]\] \d+ .*feuer"),
            ("usual = true", "usual = false", r"local-government.* usual"),
            ("residents = [100000, 170000]", "residents = [2, 1]", r"\[\[body\]\] 1 .*rising"),
            ('size = "small"', 'size = "tiny"', r"\[\[body\]\] 1 .*tiny"),
            ("staff = 100\n", "staff = 10000\n", r"\[\[size\]\].*rising"),
            ('why = "trusts are', 'because = "trusts are', r"\[\[body\]\] \d+ .*(why|because)"),
        ],
    )
    def test_it_is_named(self, instead_of: str, written: str, says: str) -> None:
        assert instead_of in TABLE
        with pytest.raises(DataFileError, match=says):
            read_starting(TABLE.replace(instead_of, written, 1))

    def test_a_row_without_a_reason_is_wrong(self) -> None:
        first = tomllib.loads(TABLE)["system"][0]["why"]
        with pytest.raises(DataFileError, match=r"\[\[system\]\] 1 .*why"):
            read_starting(TABLE.replace(first, " ", 1))

    @pytest.mark.parametrize("text", ["= no", "", "[[systems]]\nsystem = 'x'\n" + TABLE])
    def test_a_file_of_another_shape_is_wrong(self, text: str) -> None:
        with pytest.raises(DataFileError, match=r"starting\.toml: "):
            read_starting(text)
