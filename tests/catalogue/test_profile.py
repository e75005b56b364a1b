"""Profiles: what is read, and that every mistake is told at once, with its line and what is allowed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.errors import ProfileError
from catalogue.profile import BARRIERS, parse_profile, percentages

WHOLE = """
goal = "Put parking permits online"

[organisation]
name = "Westbeck Borough Council"
sector = "local-government"
staff_users = 40
residents = 120000
budget_per_year = 45000.50
contract_years = 2
award_by = 2027-05-31

[weights]
legacy = 2
customers = 1

[[legacy]]
system = "Taranto"
aliases = ["Taranto Parking"]
intent = "connect"
interfaces = ["api"]

[skills]
gaps = ["developers", "data"]

[[requirement]]
text = "There is a telephone line"
priority = "must"
barrier = "skills"
question = "Phone support"
equals = "Yes"
"""


def problems(text: str) -> list[str]:
    """What `parse_profile` finds wrong, a sentence each."""
    with pytest.raises(ProfileError) as raised:
        parse_profile(text, "westbeck.toml")
    return raised.value.problems


def test_a_profile_is_read_into_values() -> None:
    profile = parse_profile(WHOLE)
    assert profile.organisation.award_by == date(2027, 5, 31)
    assert profile.organisation.budget_per_year == Decimal("45000.50")
    assert profile.legacy[0].aliases == ("Taranto Parking",)
    assert profile.requirements[0].gates
    question = profile.requirements[0].question
    assert question is not None and question.id == "phone-support"


def test_a_name_is_all_that_a_profile_needs() -> None:
    profile = parse_profile('[organisation]\nname = "Westbeck"')
    assert profile.preset == "survey-2018"
    assert sum(profile.weights.values()) == 100
    assert profile.weights["customers"] > profile.weights["legacy"] > profile.weights["skills"]


def test_weights_left_out_of_the_table_count_nothing() -> None:
    weights = parse_profile(WHOLE).weights
    assert weights == {
        "legacy": Decimal("66.7"),
        "resources": 0,
        "skills": 0,
        "customers": Decimal("33.3"),
    }


def test_the_digest_is_that_of_the_text() -> None:
    assert parse_profile(WHOLE).digest == parse_profile(WHOLE).digest
    assert parse_profile(WHOLE).digest != parse_profile(WHOLE + "# a remark\n").digest


MISTAKES = """
gaol = "Put parking permits online"

[organisation]
name = 7
sector = "local-goverment"
staff_users = 0
residents = true
budget_per_year = -5
award_by = "2027-05-31"

[weights]
legasy = 3

[[legacy]]
system = "Taranto"
intent = "conect"

[skills]
gaps = [
  "developers",
  "integraton",
]

[[requirement]]
text = "There is a telephone line"
question = "Phone suport"
equals = "Yes"
"""


def test_eleven_mistakes_are_reported_together_each_with_its_line() -> None:
    found = problems(MISTAKES)
    assert [problem.split(":")[0] for problem in found] == [
        "line 2",
        "line 5",
        "line 6",
        "line 7",
        "line 8",
        "line 9",
        "line 10",
        "line 13",
        "line 17",
        "line 22",
        "line 27",
    ]


@pytest.mark.parametrize(
    ("key", "suggestion"),
    [
        ("gaol", "'goal'"),
        ("organisation.sector", "'local-government'"),
        ("weights.legasy", "'legacy'"),
        ("legacy[1].intent", "'connect'"),
        ("skills.gaps", "'integration'"),
        ("requirement[1].question", "'Phone support'"),
    ],
)
def test_a_mistake_names_its_key_and_suggests_the_nearest_allowed_word(key: str, suggestion: str) -> None:
    told = next(problem for problem in problems(MISTAKES) if f" {key} " in problem)
    assert suggestion in told


def test_a_word_outside_the_vocabulary_is_told_with_all_that_are_allowed() -> None:
    (told,) = problems('[organisation]\nname = "W"\nsector = "shops"')
    assert '"shops" is not allowed' in told
    assert "central-government, local-government, nhs" in told


@pytest.mark.parametrize("value", ["-1", "0", "1.5", "true", '"many"', "99999999999", "2027-01-01", "[]"])
def test_a_count_of_people_is_a_whole_number_within_reason(value: str) -> None:
    (told,) = problems(f'[organisation]\nname = "W"\nstaff_users = {value}')
    assert told.startswith("line 3: organisation.staff_users ")


@pytest.mark.parametrize("value", ["-1", "0", "nan", "inf", "false", '"£5"', "1e400", "2027-01-01T00:00:00Z"])
def test_a_budget_is_a_positive_amount_within_reason(value: str) -> None:
    (told,) = problems(f'[organisation]\nname = "W"\nbudget_per_year = {value}')
    assert told.startswith("line 3: organisation.budget_per_year ")


def test_an_instant_is_no_date() -> None:
    (told,) = problems('[organisation]\nname = "W"\naward_by = 2027-01-01T00:00:00Z')
    assert "expected a date" in told


def test_a_profile_without_a_name_says_what_to_write() -> None:
    (told,) = problems("")
    assert "organisation.name is missing" in told


def test_a_value_that_is_no_answer_of_the_question_is_told_with_the_nearest() -> None:
    (told,) = problems(
        '[organisation]\nname = "W"\n[[requirement]]\nquestion = "Connected networks"\n'
        'includes = ["Health and Social Care Network"]'
    )
    assert "is no answer to 'Connected networks'" in told
    assert "Health and Social Care Network (HSCN)" in told


@pytest.mark.parametrize(
    ("rest", "says"),
    [
        ('question = "API"', "neither includes nor equals"),
        ('question = "API"\nequals = "Yes"\nincludes = ["Yes"]', "both includes and equals"),
        ('equals = "Yes"', "has no question beside it"),
        ('question = "API"\nincludes = []', "is empty"),
    ],
)
def test_a_question_needs_exactly_one_way_of_being_met(rest: str, says: str) -> None:
    found = problems(f'[organisation]\nname = "W"\n[[requirement]]\ntext = "There is an API"\n{rest}')
    assert any(says in problem for problem in found)


@pytest.mark.parametrize(("row", "state"), [('text = " "', "is empty"), ('priority = "must"', "is missing")])
def test_a_requirement_says_what_is_required(row: str, state: str) -> None:
    (problem,) = problems(f'[organisation]\nname = "W"\n[[requirement]]\n{row}\n')
    assert f"requirement[1].text {state}: say what is required, or name a question" in problem


def test_a_question_is_found_by_a_label_of_any_year() -> None:
    text = '[organisation]\nname = "W"\n[[requirement]]\nquestion = "Web browser interface"\nequals = "Yes"'
    assert parse_profile(text).requirements[0].question is not None


def test_text_that_is_not_toml_is_told_as_one_problem() -> None:
    (told,) = problems("[organisation\nname = 3")
    assert told.startswith("this is not TOML")


def test_control_characters_do_not_reach_a_message() -> None:
    found = problems('[organisation]\nname = "W"\n"\\u001b[31mred" = 1')
    assert all("\x1b" not in problem for problem in found)


@given(st.dictionaries(st.sampled_from(BARRIERS), st.decimals("0.000001", 10**9), min_size=1))
def test_any_weights_become_percentages_that_sum_to_exactly_100(weights: dict[str, Decimal]) -> None:
    shares = percentages(weights)
    assert sum(shares.values()) == 100
    assert all(share == round(share, 1) and share >= 0 for share in shares.values())


@given(st.text())
def test_any_text_is_a_profile_or_a_list_of_problems(text: str) -> None:
    try:
        profile = parse_profile(text)
    except ProfileError as error:
        assert error.problems
    else:
        assert profile.organisation.name
