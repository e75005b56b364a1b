"""The table of rules: what ships is whole, and a wrong row is named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import resources

import pytest

from catalogue.errors import DataFileError
from catalogue.phrases import sayings_of
from catalogue.profile import CUSTOMERS_NEEDS, INTENTS, RESOURCES_GAPS, SKILLS_GAPS
from catalogue.questions import load_crosswalk
from catalogue.rules import load_rules, parse_rules, saying
from catalogue.rules.variants import without_options

SHIPPED = resources.files("catalogue").joinpath("barriers.toml").read_text(encoding="utf-8")


def test_every_word_of_a_profile_raises_some_need() -> None:
    raised = {trigger for need in load_rules().needs for trigger in need.when}
    assert raised >= {f"skills.gaps:{gap}" for gap in SKILLS_GAPS}
    assert raised >= {f"resources.gaps:{gap}" for gap in RESOURCES_GAPS}
    assert raised >= {f"customers.needs:{need}" for need in CUSTOMERS_NEEDS}
    assert raised >= {f"legacy.intent:{intent}" for intent in INTENTS}


@pytest.mark.parametrize(
    ("shipped", "broken", "says"),
    [
        ('question = "API"\nvalues = ["Yes"]', 'question = "APL"\nvalues = ["Yes"]', "legacy.api-yes"),
        ('question = "API"\nvalues = ["Yes"]', 'question = "API"\nvalues = ["Maybe"]', "'Maybe'"),
        ('verdict = "weak-for"', 'verdict = "rather-for"', "'rather-for'"),
        ("share = 0.6", "share = 6", "need 1 (legacy.connects): share is 6"),
        ('barrier = "skills"', 'barrier = "skill"', "barrier is 'skill'"),
        ('need = "legacy.api"', 'need = "legacy.apj"', "need 'legacy.apj'"),
        (f'version = "{load_rules().version}"', "version = 2026", "version is 2026"),
        ("general = [\n", 'general = [\n"case work", ', "[filing]: general has 'case work'"),
        ("[filing.also]\n", '[filing.also]\nabsences = ["illness"]\n', "[filing.also]: absence"),
        ("[filing.also]\n", '[filing.also]\nforms = ["paper"]\n', "[filing.also]: forms"),
    ],
)
def test_a_wrong_row_is_named(shipped: str, broken: str, says: str) -> None:
    assert shipped in SHIPPED
    with pytest.raises(DataFileError) as raised:
        parse_rules(SHIPPED.replace(shipped, broken, 1), load_crosswalk())
    assert says in str(raised.value)


@pytest.mark.parametrize(
    ("phrase", "text", "occurs"),
    [
        ("no code", "No-code forms", True),
        ("no code", "No codes of practice", False),
        ("template*", "180 Templates", True),
        ("in * weeks", "Live in three weeks", True),
        ("in * weeks", "Live in weeks", False),
        ("can't", "It can’t be changed", True),
        ("api", "Rapid delivery", False),
        ("£", "A pilot of £2,500", True),
        ("staff ** enter*", "Staff then have to enter it again", True),
        ("staff ** enter*", "Staff, who enter it", False),
        ("{staff|clerks} {key|type} it", "Clerks type it", True),
        ("{staff|clerks} {key|type} it", "Officers type it", False),
        ("do{|es} not {offer|provide}", "It does not provide one", True),
    ],
)
def test_a_phrase_is_found_as_words(phrase: str, text: str, occurs: bool) -> None:
    assert saying([phrase]).occurs(text) is occurs


def test_a_part_that_may_be_left_out_makes_two_phrases() -> None:
    assert without_options(["the {whole|} price", "in {a|one} day"]) == (
        "the {whole} price",
        "the price",
        "in {a|one} day",
    )


def _each_choice_once(phrase: str) -> Iterator[str]:
    """Spellings of a phrase in which each of its choices is made at least once, with a word in each gap."""
    parts = re.split(r"\{([^{}]*)\}", phrase)
    choices = [part.split("|") if number % 2 else [part] for number, part in enumerate(parts)]
    for number in range(max(map(len, choices))):
        chosen = "".join(options[number % len(options)] for options in choices).split()
        yield " ".join("gap" if word in ("*", "**") else word.rstrip("*") for word in chosen)


def test_every_phrase_that_ships_can_be_found_within_a_sentence() -> None:
    sayings = {*sayings_of(load_rules()), *load_rules().cues.values()}
    lost = [
        phrase
        for phrase in sorted({phrase for each in sayings for phrase in each.phrases})
        for said in _each_choice_once(phrase)
        if not saying([phrase]).occurs(
            f"before {said} behind" if said[0].isalnum() else f"before{said} behind"
        )
    ]
    assert lost == []
