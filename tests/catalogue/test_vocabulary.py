"""Names that mean the same, and the company that an ambiguous name must keep."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.errors import DataFileError
from catalogue.vocabulary import load_vocabulary, parse_vocabulary

VOCABULARY = load_vocabulary()


def named(text: str) -> list[str]:
    """The groups that are named in a text."""
    return [match.group.name for match in VOCABULARY.find_in(text)]


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("Connector for Northgate iWorld", "NEC Revenues & Benefits"),
        ("NEC revs & bens adaptor", "NEC Revenues & Benefits"),
        ("Agresso Business World files", "Unit4 ERP"),
        ("Firmstep forms moved for you", "Firmstep"),
        ("Runs beside an AS/400", "IBM i"),
        ("Replaces HCL Domino applications", "Lotus Notes"),
        ("Links with Liquidlogic's LAS", "Liquidlogic Adults' Social Care System"),
        ("Uniform connector for planning and building control", "Idox Uniform"),
        ("Loads your Access databases", "Microsoft Access"),
    ],
)
def test_a_system_is_found_under_any_of_its_names(text: str, group: str) -> None:
    assert group in named(text)


@pytest.mark.parametrize(
    "text",
    [
        "School uniform shop for planning parents",
        "A uniform approach to planning",
        "Academy trust finance for schools",
        "A mosaic of aerial images",
        "Mosaic image library",
        "PayBridge for Northgate payroll and HR",
        "Access to the database for all users",
        "Release notes for every version",
        "Boat trips on the Lagan",
        "LAS viewer for point clouds",
    ],
)
def test_a_word_in_another_sense_is_no_system(text: str) -> None:
    kinds = {match.group.kind for match in VOCABULARY.find_in(text)}
    assert not kinds & {"system", "platform"}


def test_pericles_is_another_product_than_iworld() -> None:
    assert named("Pericles for council tax by Northgate") == ["Pericles"]


def test_expansions_offer_the_other_names_and_no_ambiguous_ones() -> None:
    ((surface, others),) = VOCABULARY.expansions("northgate revs and bens")
    assert surface == "northgate revs and bens"
    assert "iWorld" in others and "NEC Revenues & Benefits" in others
    assert "Northgate" not in others and "NEC" not in others


def test_an_ambiguous_word_alone_is_not_expanded() -> None:
    assert VOCABULARY.expansions("mosaic") == []
    assert VOCABULARY.expansions("access") == []


def test_every_group_says_why_its_names_are_one() -> None:
    assert len(VOCABULARY.groups) >= 80
    assert all(group.source.strip() for group in VOCABULARY.groups)


@given(st.text())
def test_a_match_is_cut_from_the_text_as_given(text: str) -> None:
    for match in VOCABULARY.find_in(text):
        assert text[match.start : match.end] == match.surface


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ('name = "A"\nkind = "system"\nsource = "x"', "also is empty"),
        ('name = "A"\nalso = ["B"]\nkind = "thing"\nsource = "x"', "kind is 'thing'"),
        ('name = "A"\nalso = ["B"]\nkind = "system"', "source must be text"),
        ('name = "A"\nalso = ["B"]\nkind = "system"\nsource = "x"\ngated = ["B"]', "need context words"),
        (
            'name = "A"\nalso = ["B"]\nkind = "system"\nsource = "x"\ngated = ["C"]',
            "'C' is none of its names",
        ),
        ('name = "A"\nalso = ["B"]\nkind = "system"\nsource = "x"\nhint = 1', "unknown key 'hint'"),
    ],
)
def test_a_wrong_row_is_named(row: str, says: str) -> None:
    with pytest.raises(DataFileError, match=r"group 1 \(A\)") as raised:
        parse_vocabulary(f"[[group]]\n{row}")
    assert says in str(raised.value)
