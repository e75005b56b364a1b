"""Phrases looked for all at once: nothing that a pattern finds is missed, whatever stands between words."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue import denials
from catalogue.phrases import Phrases, apart, mark_of, sayings_of
from catalogue.rules import Saying, load_rules, plain, saying
from catalogue.rules.sayings import flat, literals_of, spans_of
from catalogue.rules.variants import spelt_out
from catalogue.scan import sentence_spans, words_in
from catalogue.terms import stem

RULES = load_rules()
SAYINGS = list(dict.fromkeys([*sayings_of(RULES), *RULES.cues.values()]))
#: By a way of saying something, the sayings that look for it.
LOOKING: dict[str, list[Saying]] = {}
for each in SAYINGS:
    for way in {way for phrase in each.phrases for way in spelt_out(phrase)}:
        LOOKING.setdefault(way, []).append(each)
PHRASES = sorted(LOOKING)
FOUND = Phrases(SAYINGS)
TURNING = sorted(
    {
        way
        for name in ("exempt", "denies", "denies-near", "denies-late", "planned", "charged")
        for phrase in RULES.cues[name].phrases
        for way in spelt_out(phrase)
    }
)


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
        looking = [each for phrase in phrases for each in LOOKING[phrase]]
        assert [each.phrases[:3] for each in looking if each.find(said) != spans_of(each.phrases, said)] == []


@pytest.mark.parametrize("phrase", sorted({phrase for each in SAYINGS for phrase in each.phrases}))
def test_what_a_text_needs_for_a_phrase_is_what_it_needs_for_any_of_its_variants(phrase: str) -> None:
    found = [literals_of(variant) for variant in spelt_out(phrase)]
    assert literals_of(phrase) == (frozenset().union(*found) if all(found) else frozenset())


def test_of_phrases_by_themselves_none_is_a_part_of_another() -> None:
    words = saying(["police", "police force*", "gp", "custody", "the police", "gpx"])
    assert [each.phrases for each in apart(words)] == [("police",), ("gp",), ("custody",), ("gpx",)]


@given(text=st.text(alphabet="aAxyE1.2 -–'£", max_size=40))
def test_a_saying_finds_what_its_words_as_a_pattern_would(text: str) -> None:
    wanted = saying(["a x", "axy", "y*", "£", "x-e", "1.2"])
    one = r"(?<![\w-])(?:x[\s-]?e(?!\w)|a[\s-]+x(?!\w)|1\.2(?!\w)|axy(?!\w)|y\w*)|£"
    assert list(wanted.find(text)) == [match.span() for match in re.finditer(one, plain(text))]


@given(before=st.text() | st.text("İIıΣß"), after=st.text())
def test_every_letter_keeps_its_place_in_small_letters(before: str, after: str) -> None:
    text = f"{before} NOT ‘Supported’ {after}"
    assert len(plain(text)) == len(text)
    found = [text[start:end] for start, end in saying(["not 'supported'"]).find(text)]
    assert "NOT ‘Supported’" in found


@given(text=st.text(alphabet="aB.!?…\n \t')”", max_size=20))
def test_a_sentence_ends_with_its_last_mark_and_quotes_or_at_a_new_line(text: str) -> None:
    cuts = [match.span() for match in re.finditer(r"(?<=[.!?…])[\"'”’)]*\s+|\n+", text)]
    starts, ends = [0, *(end for _, end in cuts)], [*(start for start, _ in cuts), len(text)]
    pieces = [text[start:end].strip() for start, end in zip(starts, ends, strict=True)]
    assert [text[start:end] for start, end in sentence_spans(text)] == [piece for piece in pieces if piece]


@given(
    phrases=st.lists(
        st.sampled_from([*TURNING, "connectors", "exports nightly", "but", ";"]), min_size=1, max_size=5
    ),
    start=st.integers(0, 20),
)
def test_what_a_glance_tells_of_a_passage_is_what_reading_it_does(phrases: list[str], start: int) -> None:
    text = " ".join(phrases).replace("*", "s")
    begin = text.find(" ", min(start, len(text))) + 1
    span = (begin, begin + len(text[begin:].partition(" ")[0]))

    def told() -> list[object]:
        return [
            denials.masked(RULES, text),
            *(denials.is_denied(RULES, text, span, masking=masking) for masking in (True, False)),
            denials.refuses(RULES, text),
            denials.is_charged_for(RULES, text),
            denials.is_planned(RULES, text),
        ]

    glanced = told()
    everything = frozenset(RULES.cues.values())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(denials, "_turns", lambda rules, text: everything)
        assert glanced == told()


@given(text=st.text(alphabet="aA1.2 _-'/9\n%é", max_size=20))
def test_words_are_what_stands_between_other_characters(text: str) -> None:
    expected = re.findall(r"\d+(?:\.\d+)+|[^\W_]+", plain(text))
    assert sorted(words_in(text)) == sorted(expected)


def test_the_same_phrases_have_the_same_mark() -> None:
    assert mark_of(saying(["no code"])) == mark_of(saying(["no code"])) != mark_of(saying(["code"]))


@given(word=st.text(alphabet="aeiosytndrgxchub", min_size=1, max_size=12))
def test_a_stem_begins_its_word_or_has_a_y_for_what_was_cut(word: str) -> None:
    # So `db.holdings` finds every word that has a stem among those that begin so.
    assert word.startswith(stem(word)) or (stem(word)[-1] == "y" and word.startswith(stem(word)[:-1]))
