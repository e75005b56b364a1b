"""Advice on wording: vague words with what to write instead, and musts that could name a question."""

from __future__ import annotations

from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.errors import DataFileError
from catalogue.questions import load_crosswalk
from catalogue.vague import advise, read_wording

TABLE = resources.files("catalogue").joinpath("vague.toml").read_text("utf-8")


def profile(text: str, priority: str = "want", more: str = "") -> str:
    return f'[organisation]\nname = "X"\n[[requirement]]\ntext = "{text}"\npriority = "{priority}"\n{more}'


class TestVagueWords:
    @pytest.mark.parametrize(
        "word",
        [
            "user-friendly", "User friendly", "modern", "Seamlessly", "best of breed", "best-of-breed",
            "as soon as possible", "ASAP", "etc.", "robust", "scalable", "intuitive", "innovative",
            "state‑of‑the‑art", "future-proof", "where possible", "value for money",
        ],
    )  # fmt: skip
    def test_each_is_found_with_what_to_write_instead(self, word: str) -> None:
        (advice,) = advise(profile(f"Forms that are {word} for residents"))
        assert advice.found == word.rstrip(".")
        assert advice.kind == "vague-word"
        assert "Write instead: " in advice.advice

    def test_it_names_the_place_and_the_line(self) -> None:
        (advice,) = advise(profile("A robust portal"))
        assert (advice.place, advice.line) == ("requirement[1].text", 4)
        assert str(advice).startswith("line 4: requirement[1].text: 'robust' ")

    def test_the_goal_is_read_too(self) -> None:
        (advice,) = advise('goal = "A seamless journey"\n[organisation]\nname = "X"\n')
        assert (advice.place, advice.line, advice.found) == ("goal", 1, "seamless")

    @pytest.mark.parametrize(
        "text",
        [
            "Agendas come from modern.gov",
            "The supplier reports on modern slavery",
            "Reasonable adjustments are recorded on the account",
            "Tenants book responsive repairs",
            "A 7-step path to breakfast",
            "Certified connector for NEC Revenues & Benefits",
        ],
    )
    def test_the_same_letters_in_another_sense_are_left_alone(self, text: str) -> None:
        assert advise(profile(text)) == ()

    def test_several_words_are_all_told_in_their_order(self) -> None:
        found = [advice.found for advice in advise(profile("Modern, robust and scalable, etc."))]
        assert found == ["Modern", "robust", "scalable", "etc"]

    def test_mistakes_elsewhere_keep_nothing_back(self) -> None:
        text = profile("A robust portal", more='requirement = 3\n[skills]\ngaps = "all"\n')
        assert [advice.found for advice in advise(text)] == ["robust"]

    @pytest.mark.parametrize(
        "text",
        ["", "= not TOML", "goal = 3", "requirement = 1", "requirement = [1]", "[[requirement]]\ntext = 1"],
    )
    def test_what_holds_no_text_gets_no_advice(self, text: str) -> None:
        assert advise(text) == ()

    @given(st.text())
    def test_any_text_can_be_asked_about(self, text: str) -> None:
        for advice in advise(text):
            assert advice.found in text

    @given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs"], exclude_characters='"\\')))
    def test_what_is_found_stands_in_the_requirement(self, text: str) -> None:
        for advice in advise(profile(f"modern {text}", "must")):
            assert all(part in f"modern {text}" for part in advice.found.split(" … "))


class TestMustsThatCouldNameAQuestion:
    @pytest.mark.parametrize(
        ("text", "question", "answer"),
        [
            ("Cases come through an API", "API", 'equals = "Yes"'),
            ("Our CRM calls its APIs", "API", 'equals = "Yes"'),
            (
                "Connected to HSCN",
                "Connected networks",
                'includes = ["Health and Social Care Network (HSCN)"]',
            ),
            ("Forms meet WCAG 2.2 AAA", "Accessibility standards", 'includes = ["WCAG 2.2 AAA"]'),
            ("Pages meet WCAG", "Accessibility standards", 'includes = ["WCAG 2.2 AA", "WCAG 2.2 AAA"]'),
            ("Data never leaves the UK", "Data storage and processing locations", '["United Kingdom"]'),
            ("Support by phone: phone support on weekdays", "Phone support", 'equals = "Yes"'),
            ("The supplier is certified to ISO/IEC 27001", "ISO/IEC 27001 certification", 'equals = "Yes"'),
            ("Works in the browsers supported here, Firefox", "Supported browsers", 'includes = ["Firefox"]'),
            ("A private cloud deployment model", "Cloud deployment model", 'includes = ["Private cloud"]'),
        ],
    )
    def test_it_is_suggested_with_the_answer_to_ask_for(self, text: str, question: str, answer: str) -> None:
        told = [advice for advice in advise(profile(text, "must")) if advice.kind == "could-name-question"]
        assert [question in advice.advice for advice in told] == [True]
        assert f'question = "{question}"' in told[0].advice
        assert answer in told[0].advice

    def test_a_want_is_left_alone(self) -> None:
        assert advise(profile("Cases come through an API", "want")) == ()

    def test_a_must_that_names_its_question_is_left_alone(self) -> None:
        assert advise(profile("Has an API", "must", 'question = "API"\nequals = "Yes"\n')) == ()

    @pytest.mark.parametrize("named", ["API", "api"])
    def test_a_must_whose_question_another_names_is_left_alone(self, named: str) -> None:
        other = '[[requirement]]\ntext = "It has one"\n' + f'question = "{named}"\nequals = "Yes"\n'
        assert advise(profile("Cases come through an API", "must", other)) == ()

    @pytest.mark.parametrize(
        "text",
        [
            "Residents apply once",
            "Staff are trained at their desks",
            "Invoices reach the ledger each night",
            "Residents report changes online, and officers type nothing again",
        ],
    )
    def test_a_must_about_something_else_is_left_alone(self, text: str) -> None:
        assert advise(profile(text, "must")) == ()


class TestWrongRows:
    @pytest.mark.parametrize(
        ("instead_of", "written", "says"),
        [
            ('id = "api"', 'id = "apy"', r"\[\[question\]\] \d+ .*'apy'"),
            ('id = "api"', 'id = "training"', r"\[\[question\]\] \d+ .*asked now"),
            ('includes = ["United Kingdom"]', 'includes = ["Britain"]', r"\[\[question\]\] \d+ .*'Britain'"),
            ('"robust", ', '"robust", "modern", ', r"\[\[vague\]\] \d+ \('robust'\).*another row"),
            ('"hscn", ', '"hscn", "apis", ', r"\[\[question\]\] \d+ .*another row"),
            ('"robust", ', '"robust", "…", ', r"\[\[vague\]\] \d+ .*no words"),
            ("instead = ", "in_place = ", r"\[\[vague\]\] 1 \('user-friendly'\)"),
            ("[[vague]]", "[[vage]]", "'vage'"),
        ],
    )
    def test_it_is_named(self, instead_of: str, written: str, says: str) -> None:
        assert instead_of in TABLE
        with pytest.raises(DataFileError, match=says):
            read_wording(TABLE.replace(instead_of, written, 1), load_crosswalk())

    @pytest.mark.parametrize("text", ["= no", "", "[[vague]]\nwords = []\ninstead = 'x'\nwhy = 'y'\n"])
    def test_a_file_of_another_shape_is_wrong(self, text: str) -> None:
        with pytest.raises(DataFileError, match=r"vague\.toml: "):
            read_wording(text, load_crosswalk())
