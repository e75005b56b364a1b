"""Advice on the names of systems: shared ones, those that tell nothing, words that nothing tells apart."""

from __future__ import annotations

import pytest

from catalogue.profile import check_profile
from catalogue.profile.advice import Advice
from catalogue.vague import advise


def told(*systems: str) -> list[Advice]:
    """The advice on systems, each the lines of its table; the profile is readable whatever is advised."""
    text = '[organisation]\nname = "X"\n' + "".join(f"[[legacy]]\n{system}\n" for system in systems)
    profile, problems = check_profile(text)
    assert profile is not None and not problems
    return list(advise(text))


def kinds(*systems: str) -> list[tuple[str, str, str]]:
    return [(piece.kind, piece.place, piece.found) for piece in told(*systems)]


class TestSharedNames:
    @pytest.mark.parametrize("second", ["Wexford Rents", "WEXFORD rents", " Wexford  Rents "])
    def test_a_system_named_twice_is_told_with_both_places(self, second: str) -> None:
        (advice,) = told('system = "Wexford Rents"', f'system = "{second}"')
        assert (advice.kind, advice.place, advice.line) == ("shared-name", "legacy[2].system", 6)
        assert "'Wexford Rents' already, in legacy[1].system (line 4)" in advice.advice

    def test_an_alias_of_another_is_told(self) -> None:
        (advice,) = told('system = "Wexford Rents"\naliases = ["Rentwise"]', 'system = "Rentwise"')
        assert advice.place == "legacy[2].system"
        assert "'Wexford Rents' already, in legacy[1].aliases (line 5)" in advice.advice
        (advice,) = told('system = "Rentwise"', 'system = "Wexford Rents"\naliases = ["rentwise"]')
        assert (advice.place, advice.line, advice.found) == ("legacy[2].aliases", 7, "rentwise")

    def test_another_known_name_of_the_same_product_is_told(self) -> None:
        (advice,) = told('system = "NEC Revenues & Benefits"', 'system = "iWorld"')
        assert (advice.kind, advice.place, advice.found) == ("shared-name", "legacy[2].system", "iWorld")
        assert "'NEC Revenues & Benefits' already, in legacy[1] (line 3)" in advice.advice

    @pytest.mark.parametrize(
        ("first", "second"),
        [("Rentwise", "rentwise"), ("Unit 4", "Unit4"), ("O'Neil", "O’Neil"), ("iLAS", "i-LAS")],
    )
    def test_one_alias_of_two_systems_is_told_however_it_is_spelt(self, first: str, second: str) -> None:
        (advice,) = told(
            f'system = "Wexford Rents"\naliases = ["{first}"]\npurpose = "rents"',
            f'system = "Wexford Repairs"\naliases = ["{second}"]\npurpose = "repairs"',
        )
        assert (advice.kind, advice.place) == ("shared-name", "legacy[2].aliases")
        assert "counts for that system, not for this one" in advice.advice

    def test_a_system_may_repeat_its_own_name(self) -> None:
        assert told('system = "Wexford Rents"\naliases = ["WEXFORD RENTS", "Wexford rents"]') == []

    def test_names_that_only_begin_alike_are_two(self) -> None:
        assert told('system = "Wexford Rents"', 'system = "Wexford Rents Online"') == []


class TestNamesThatTellNothing:
    @pytest.mark.parametrize("name", ["???", "-", "…"])
    def test_one_without_letters_and_digits_is_never_found(self, name: str) -> None:
        assert kinds(f'system = "Wexford Rents"\naliases = ["{name}"]') == [
            ("name-never-found", "legacy[1].aliases", name)
        ]

    @pytest.mark.parametrize("name", ["2010", "3.5", "24/7", "R", "q."])
    def test_a_number_or_one_letter_stands_for_many_things(self, name: str) -> None:
        assert kinds(f'system = "{name}"') == [("name-found-everywhere", "legacy[1].system", name)]

    @pytest.mark.parametrize("name", ["AS/400", "R&B", "C#", "Rentwise 2010", "8x8", "X Y"])
    def test_letters_beside_it_are_a_name(self, name: str) -> None:
        assert kinds(f'system = "{name}"\npurpose = "housing rents"') == []


class TestNamesThatAreWords:
    @pytest.mark.parametrize("name", ["Access", "Confirm", "Uniform", "notes", "EMIS", "LAS", "Paris"])
    def test_without_a_purpose_it_is_asked_for(self, name: str) -> None:
        (advice,) = told(f'system = "{name}"\nintent = "keep"')
        assert (advice.kind, advice.found) == ("name-without-purpose", name)
        assert (advice.place, advice.line) == ("legacy[1].purpose", 4)
        assert 'purpose = "' in advice.advice

    def test_every_such_name_of_a_system_is_told_in_one(self) -> None:
        (advice,) = told('system = "Lotus Notes"\naliases = ["Notes", "Domino"]\npurpose = ""')
        assert (advice.found, advice.line) == ("Notes", 6)
        assert "'Domino'" in advice.advice

    @pytest.mark.parametrize("name", ["Access", "EMIS"])
    def test_with_one_there_is_nothing_to_say(self, name: str) -> None:
        assert told(f'system = "{name}"\npurpose = "records of patients"') == []

    @pytest.mark.parametrize("name", ["Siebel", "NEC Revenues & Benefits", "Open Housing", "CareFlow"])
    def test_a_name_that_is_no_word_needs_none(self, name: str) -> None:
        assert told(f'system = "{name}"') == []


def test_what_is_no_text_gets_no_advice() -> None:
    for text in ("legacy = 3", "legacy = [1]", "[[legacy]]\nsystem = 1\naliases = [2]", "[[legacy]]\n"):
        assert advise(text) == ()
