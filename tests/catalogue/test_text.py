"""One normaliser, and words that know their place in the original."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.text import normalise, tokens_with_spans, words


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Zoë’s  “Café”\u00a0– ﬁne", 'zoë\'s "café" - fine'),
        ("STRASSE Straße", "strasse strasse"),
        ("İSTANBUL İstanbul", "istanbul istanbul"),
        ("coun\u00adcil\u200b", "council"),
        (" \n tab\t ", "tab"),
    ],
)
def test_texts_that_read_the_same_compare_equal(text: str, plain: str) -> None:
    assert normalise(text) == plain


@given(st.text())
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("R&B, AS/400 and C++", ["r&b", "as/400", "and", "c++"]),
        ("NEC Revenues & Benefits", ["nec", "revenues", "and", "benefits"]),
        ("revenues/benefits", ["revenues", "benefits"]),
        ("The council’s don't-know list", ["the", "council", "don't", "know", "list"]),
        ("WCAG 2.2 AA, 24/7.", ["wcag", "2.2", "aa", "24/7"]),
        ("GOV.UK One Login", ["gov", "uk", "one", "login"]),
        ("🏛️ — !", []),
    ],
)
def test_words_keep_the_signs_that_are_part_of_them(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_spans_point_into_the_original_character_for_character() -> None:
    text = "The ‘coun\u00adcil’s’ NEC Revenues & Beneﬁts"
    assert [(word, text[start:end]) for word, start, end in tokens_with_spans(text)] == [
        ("the", "The"),
        ("council", "coun\u00adcil"),
        ("nec", "NEC"),
        ("revenues", "Revenues"),
        ("and", "&"),
        ("benefits", "Beneﬁts"),
    ]


@given(st.text())
def test_spans_are_in_order_and_hold_their_words(text: str) -> None:
    last = 0
    for word, start, end in tokens_with_spans(text):
        assert last <= start < end <= len(text)
        assert word in (normalise(text[start:end]), "and")
        last = end


@given(st.text() | st.text(alphabet="abC dE1.2'’&/+#-_\n"))
def test_words_are_those_that_have_places(text: str) -> None:
    assert words(text) == [word for word, _, _ in tokens_with_spans(text)]
