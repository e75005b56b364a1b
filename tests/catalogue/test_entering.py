"""What people type into fields of a profile, and what is suggested to them meanwhile."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.profile import BARRIERS, rebalanced
from catalogue.profile.entering import Kind, as_typed, entered, names_of, typed_names
from catalogue.profile.suggesting import Suggestion, closest, questions, systems
from catalogue.questions import load_crosswalk
from catalogue.vocabulary import load_vocabulary


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("number", "420", 420),
        ("number", "£60,000", 60000),
        ("number", " 95 000 ", 95000),
        ("number", "2.50", Decimal("2.50")),
        ("number", "about 400", "about 400"),
        ("number", "-3", "-3"),
        ("day", "2027-03-31", date(2027, 3, 31)),
        ("day", "31/3/2027", date(2027, 3, 31)),
        ("day", "31 March 2027", date(2027, 3, 31)),
        ("day", "next spring", "next spring"),
        ("day", "31/2/2027", "31/2/2027"),
        ("names", "Northgate, iWorld , Northgate", ("Northgate", "iWorld")),
        ("names", "Ash, Oak Ltd; Elm", ("Ash, Oak Ltd", "Elm")),
        ("text", "  Fenmoor \t District ", "Fenmoor District"),
        ("text", "   ", None),
        ("names", " , ", None),
    ],
)
def test_what_is_typed_is_the_value_that_was_meant_or_the_text_as_typed(
    kind: Kind, typed: str, value: object
) -> None:
    assert entered(kind, typed) == value


@pytest.mark.parametrize(
    ("value", "typed"),
    [
        (None, ""),
        (True, "true"),
        (Decimal("1E+3"), "1000"),
        (date(2027, 3, 31), "2027-03-31"),
        ([1, "a"], "1, a"),
    ],
)
def test_a_value_is_shown_as_a_person_would_type_it(value: object, typed: str) -> None:
    assert as_typed(value) == typed


@given(st.integers(1, 10**9) | st.decimals("0.01", "1000000", places=2))
def test_any_number_is_typed_as_it_is_shown(number: int | Decimal) -> None:
    assert entered("number", as_typed(number)) == number


NAMES = st.text(st.characters(categories=["L", "N", "P", "Zs"], exclude_characters=";"), min_size=1).map(
    lambda text: " ".join(text.split()).strip()
)


@given(st.lists(NAMES.filter(bool), min_size=1, unique=True))
def test_any_names_are_typed_as_they_are_shown(names: list[str]) -> None:
    assert names_of(typed_names(names)) == tuple(names)


SHARES = st.fixed_dictionaries({barrier: st.decimals("0", "100", places=1) for barrier in BARRIERS})


@given(SHARES, st.sampled_from(BARRIERS), st.integers(-20, 120))
def test_weights_sum_to_100_whichever_is_moved_how_far(
    weights: dict[str, Decimal], barrier: str, share: int
) -> None:
    moved = rebalanced(weights, barrier, share)
    assert sum(moved.values()) == 100
    assert moved[barrier] == max(0, min(100, share))
    assert all(part >= 0 for part in moved.values())


def test_the_others_keep_their_proportions() -> None:
    weights = {
        "legacy": Decimal(40),
        "resources": Decimal(30),
        "skills": Decimal(20),
        "customers": Decimal(10),
    }
    assert rebalanced(weights, "legacy", 70) == {"legacy": 70, "resources": 15, "skills": 10, "customers": 5}


def test_the_others_share_what_is_left_where_they_had_nothing() -> None:
    assert rebalanced({"legacy": Decimal(100)}, "legacy", 40) == {
        "legacy": 40, "resources": 20, "skills": 20, "customers": 20,
    }  # fmt: skip


class TestSuggestions:
    @pytest.mark.parametrize(
        "typed", ["nec rev", "rev ben", "iworld", "NORTHGATE REVENUES", "nec revenues & benefts"]
    )
    def test_a_system_is_found_by_any_of_its_names_and_in_spite_of_a_slip(self, typed: str) -> None:
        found = closest(typed, systems(load_vocabulary()))
        assert "NEC Revenues & Benefits" in [one.value for one in found]

    def test_a_question_is_found_by_an_answer_that_it_offers(self) -> None:
        assert closest("hscn", questions(load_crosswalk()))[0].value == "Connected networks"

    def test_names_that_begin_with_what_is_typed_come_first(self) -> None:
        choices = [Suggestion("The Ash Trust"), Suggestion("Elm", "was Ash"), Suggestion("Ash Council")]
        assert [one.value for one in closest("ash", choices)] == ["Ash Council", "The Ash Trust", "Elm"]

    def test_what_has_nothing_in_common_is_not_suggested(self) -> None:
        assert closest("zzzzqq", systems(load_vocabulary())) == []

    def test_every_question_suggested_is_one_that_a_profile_may_name(self) -> None:
        crosswalk = load_crosswalk()
        assert all(crosswalk.find(one.value) for one in questions(crosswalk))
