"""Phrases looked for all at once: nothing that a pattern finds is missed, whatever stands between words."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.phrases import Phrases, mark_of, sayings_of
from catalogue.rules import load_rules, plain, saying
from catalogue.rules.sayings import flat
from catalogue.rules.variants import spelt_out
from catalogue.scan import words_in

RULES = load_rules()
SAYINGS = list(dict.fromkeys([*sayings_of(RULES), *RULES.cues.values()]))
PHRASES = sorted({said for each in SAYINGS for phrase in each.phrases for said in spelt_out(phrase)})
FOUND = Phrases(SAYINGS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("No-code forms, at £5", " no code forms at £ 5 "),
        ("It’s re‑keyed\nby  hand", " it s re keyed by hand "),
        ("Café_bar", " café bar "),
        ("", "  "),
    ],
)
def test_a_text_is_its_words_with_single_spaces(text: str, expected: str) -> None:
    assert flat(text) == expected


@given(
    phrases=st.lists(st.sampled_from(PHRASES), min_size=1, max_size=4),
    between=st.sampled_from([" ", "-", "  ", ", ", "\n", " x "]),
    ending=st.sampled_from(["", "s", "ing", "é"]),
    capitals=st.booleans(),
)
def test_what_a_saying_finds_is_among_what_a_text_may_say(
    phrases: list[str], between: str, ending: str, capitals: bool
) -> None:
    text = between.join(phrase.replace("*", ending or "x") for phrase in phrases)
    for variant in (text, text.replace("-", ""), text.replace("-", " "), text.replace(" ", "-")):
        said = variant.upper() if capitals else variant
        may = FOUND.said_in(flat(said))
        assert [each.phrases[:3] for each in SAYINGS if each.occurs(said) and each not in may] == []


@given(text=st.text(alphabet="aAxyE1.2 -–'£", max_size=40))
def test_a_saying_finds_what_its_words_as_a_pattern_would(text: str) -> None:
    wanted = saying(["a x", "axy", "y*", "£", "x-e", "1.2"])
    one = r"(?<![\w-])(?:x[\s-]?e(?!\w)|a[\s-]+x(?!\w)|1\.2(?!\w)|axy(?!\w)|y\w*)|£"
    assert list(wanted.find(text)) == [match.span() for match in re.finditer(one, plain(text))]


@given(text=st.text(alphabet="aA1.2 _-'/9\n%é", max_size=20))
def test_words_are_what_stands_between_other_characters(text: str) -> None:
    expected = re.findall(r"\d+(?:\.\d+)+|[^\W_]+", plain(text))
    assert sorted(words_in(text)) == sorted(expected)


def test_the_same_phrases_have_the_same_mark() -> None:
    assert mark_of(saying(["no code"])) == mark_of(saying(["no code"])) != mark_of(saying(["code"]))
