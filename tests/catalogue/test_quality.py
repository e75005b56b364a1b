"""What is odd about a listing is shown with its own words, and never changes a score."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.errors import DataFileError
from catalogue.match import MatchResult
from catalogue.model import Service
from catalogue.quality import KINDS, flags_of, load_checks, parse_checks
from catalogue.questions import load_crosswalk
from catalogue.rules import load_rules

MakeService = Callable[..., Service]
PROSE = "A desk for permits and licences, where staff see what is due and residents see what they owe."


def kinds(service: Service) -> list[str]:
    """The kinds of flags of a listing."""
    return [flag.kind for flag in flags_of(service)]


@pytest.fixture
def sound(make_service: MakeService) -> Callable[..., Service]:
    """Makes a listing with nothing odd but what is given."""

    def make(**fields: object) -> Service:
        given: dict[str, object] = {
            "description": PROSE,
            "features": ("Reminders before a licence lapses",),
            "price": "£1.20 to £3.50 a user a month",
        }
        return make_service(1, **(given | fields))

    return make


def test_a_plain_listing_has_no_flags(sound: Callable[..., Service]) -> None:
    assert flags_of(sound()) == ()


@pytest.mark.parametrize(
    "fields",
    [
        {
            "description": "NEC, Northgate, iWorld, Academy, Civica, Uniform, Idox, Lagan, Verint, Jadu, "
            "GOSS, Firmstep, SAP, Oracle: whatever you have."
        },
        {"description": "Cloud migration legacy ERP CRM portal forms " * 5},
        {"features": ("CRM, ERP, RPA, BPM", "NEC, Idox, Civica, SAP", "AI, IoT, ML, VR")},
        {"name": "Cloud, AI, Digital, Data, RPA, CRM, ERP and Support"},
    ],
)
def test_a_list_of_words_is_told(sound: Callable[..., Service], fields: dict[str, object]) -> None:
    assert "word-list" in kinds(sound(**fields))


def test_a_sentence_that_lists_what_is_done_is_no_list_of_words(sound: Callable[..., Service]) -> None:
    text = (
        "One account for school places, blue badges, libraries, registrars, highways and adult social care."
    )
    assert flags_of(sound(description=text)) == ()


def test_a_word_that_is_repeated_is_told_unless_it_names_the_service(sound: Callable[..., Service]) -> None:
    features = tuple(
        f"Data {word} for data" for word in ("kept", "moved", "cleaned", "shown", "shared", "sold")
    )
    (flag,) = flags_of(sound(name="Otter", features=features))
    assert (flag.kind, flag.question) == ("repeated-word", "Service features")
    assert flags_of(sound(name="Data Otter", features=features)) == ()


def test_prose_that_denies_a_tick_is_told_with_both(sound: Callable[..., Service]) -> None:
    prose = "A paid pilot of £2,500 is available."
    answers = {"Free trial available": "Yes", "Description of free trial": f"Yes. {prose}"}
    (flag,) = flags_of(sound(answers=answers))
    assert (flag.kind, flag.question, flag.quote) == ("contradiction", "Description of free trial", prose)
    assert "Free trial available is answered “Yes”" in flag.sentence
    assert flags_of(sound(answers=answers | {"Free trial available": "No"})) == ()


def test_what_cannot_be_done_through_an_api_contradicts_no_api(sound: Callable[..., Service]) -> None:
    answers = {
        "API": "Yes",
        "What users can and can't do using the API": "Deletion is not available through the API.",
    }
    assert flags_of(sound(answers=answers)) == ()


def test_data_elsewhere_contradicts_the_united_kingdom_alone(sound: Callable[..., Service]) -> None:
    label = "Data storage and processing locations"
    answers = {label: "United Kingdom", "Backup and recovery": "Backups are stored in Ireland."}
    assert kinds(sound(answers=answers)) == ["contradiction"]
    assert (
        flags_of(sound(answers=answers | {label: ("United Kingdom", "European Economic Area (EEA)")})) == ()
    )


@pytest.mark.parametrize(
    ("price", "flagged"),
    [
        (None, True),
        ("on request", True),
        ("£0.01 a unit a year", True),
        ("£1 to £999,999 a unit a year", True),
        ("£0.00 to £0.00 a transaction", True),
        ("£0.03 to £11.40 an instance an hour", False),
        ("£200 to £2,600 a unit a day", False),
    ],
)
def test_a_price_that_says_nothing_is_told(
    sound: Callable[..., Service], price: str | None, flagged: bool
) -> None:
    assert kinds(sound(price=price)) == ["price"] * flagged


def test_answers_that_say_little_are_told_once(sound: Callable[..., Service]) -> None:
    answers = {"Service constraints": "To be agreed.", "Getting started": "Please contact us."}
    (flag,) = flags_of(sound(answers=answers))
    assert flag.kind == "vague-answer"
    assert "Service constraints and Getting started" in flag.sentence
    assert flag.quote == "To be agreed."


def test_a_listing_without_substance_is_told(sound: Callable[..., Service]) -> None:
    assert kinds(sound(description=None, features=None)) == ["thin", "thin"]


def test_not_known_and_not_met_share_an_answer_that_is_told(sound: Callable[..., Service]) -> None:
    (flag,) = flags_of(sound(answers={"Accessibility standards": "None or don’t know"}))
    assert (flag.kind, flag.question) == ("unknown", "Accessibility standards")


text = st.text(max_size=200) | st.sampled_from(
    ["A, B, C, D, E, F, G, H, I, J, K, L, M", "TBC", PROSE, "\n \n"]
)


@settings(max_examples=60, deadline=None)
@given(
    text,
    st.lists(text, max_size=4),
    st.sampled_from(["API", "Service constraints", "Nobody's question"]),
    text,
)
def test_every_quote_of_a_flag_is_a_substring_of_one_value(
    make_service: MakeService, description: str, features: list[str], label: str, answer: str
) -> None:
    service = make_service(1, description=description, features=tuple(features), answers={label: answer})
    values = {
        "Service name": [service.record.name],
        "Service description": [description],
        "Service features": features,
        label: [answer],
    }
    for flag in flags_of(service):
        assert flag.kind in KINDS
        assert flag.sentence
        if flag.quote is not None:
            assert any(flag.quote in value for value in values[flag.question or ""])


@settings(max_examples=30, deadline=None)
@given(st.lists(text, max_size=4))
def test_looking_for_flags_changes_no_score(
    make_service: MakeService,
    make_profile: Callable[[str], object],
    rank: Callable[..., MatchResult],
    features: list[str],
) -> None:
    profile = make_profile('goal = "Permits"\n[customers]\nneeds = ["mobile"]\n')
    services = [make_service(number, features=tuple(features[number:])) for number in range(3)]
    before = rank(profile, *services)
    for service in services:
        flags_of(service)
    assert rank(profile, *services) == before


def test_two_listings_that_differ_in_flags_alone_have_one_score(
    make_service: MakeService, make_profile: Callable[[str], object], rank: Callable[..., MatchResult]
) -> None:
    profile = make_profile('goal = "Permits online"\n[customers]\nneeds = ["mobile"]\n')
    same = {"name": "Permits", "features": ("Permits online",)}
    sound = make_service(1, price="£10 a unit a year", **same)
    odd = make_service(2, price="£1 to £999,999 a unit a year", **same)
    assert kinds(sound) != kinds(odd)
    assert len({found.score for found in rank(profile, sound, odd).matches}) == 1


def test_every_kind_has_a_reason() -> None:
    assert set(load_checks().reasons) == set(KINDS)


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [
        ('denial = "denial.trial"', 'denial = "denial.cake"', "denial.cake"),
        ('values = ["United Kingdom"]', 'values = ["Atlantis"]', "Atlantis"),
        ("items = 12", 'items = "many"', "items"),
        ("[thin]", "[thick]", "thick"),
        ("[thin]", "[thin", "TOML"),
    ],
)
def test_a_wrong_row_is_named(before: str, after: str, named: str) -> None:
    table = resources.files("catalogue").joinpath("quality.toml").read_text(encoding="utf-8")
    assert before in table
    with pytest.raises(DataFileError, match=named):
        parse_checks(table.replace(before, after, 1), load_rules(), load_crosswalk())


def test_amounts_of_the_table_are_exact() -> None:
    assert load_checks().tables.price.least == Decimal("0.01")
