"""Whether two names are of one supplier: strict, as a wrong yes shows somebody else's work."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.errors import DataFileError
from catalogue.suppliers import forms, identifiers, read_rules, same_name, same_register


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tidewater Ltd", "TIDEWATER LIMITED"),
        ("Tidewater plc", "Tidewater"),
        ("Tidewater (UK) Ltd.", "Tidewater Limited"),
        ("Tidewater UK Ltd", "The Tidewater Company"),
        ("Marrow & Sons LLP", "Marrow and Sons"),
        ("Marrow & Sons Ltd t/a Fenside Forms", "Fenside Forms Limited"),
        ("Marrow Holdings Ltd (trading as Fenside Forms)", "FENSIDE FORMS"),
        ("Marrow TA Fenside Forms", "Marrow T/A Fenside Forms"),
        ("Fenside Group Ltd (formerly known as Tidewater Online Limited)", "Tidewater Online"),
        ("Fenmoor Data Systems", "Fenmoor Data Sytems Ltd"),
        ("C.B.M. Analytics Ltd", "CBM Analytics Limited"),
        ("Tîdewatér Cyf", "Tîdewatér Cyfyngedig"),
    ],
)
def test_names_that_differ_in_form_alone_are_one(one: str, other: str) -> None:
    assert same_name(forms(one), forms(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("East Fenmoor Systems", "West Fenmoor Systems"),
        ("Fenmoor Property Services", "Fenmoor Property Solutions Ltd"),
        ("Tidewater Ltd", "Tidewater Digital Ltd"),
        ("A1 Networks", "B1 Networks"),
        ("Granwall Innovation Ltd", "Granwell Innovation Ltd"),
        ("Coldley Technologies", "Oldley Technologies"),
        ("Thorndale Innovation Limited", "Thornvale Innovation Ltd"),
        ("Fenmoor Solutions 24", "Fenmoor Solutions 42"),
        ("Civica", "Civic"),
        ("Marrow (Scotland) Housing Association", "Tidewater (Scotland) Partnership Ltd"),
        ("Limited", "Ltd"),
        ("The Rainbow Care Group", "Independent Care Group"),
    ],
)
def test_names_that_may_be_two_are_two(one: str, other: str) -> None:
    assert not same_name(forms(one), forms(other))


def test_a_register_decides_before_any_name() -> None:
    known = identifiers([("GB-COH", "01234567")])
    assert same_register(known, identifiers([("GB-COH", "1234567")])) is True
    assert same_register(known, identifiers([("GB-COH", "7654321")])) is False
    assert same_register(known, identifiers([("GB-CHC", "1234567")])) is None
    assert identifiers([("GB-CFS", "123"), (None, "9"), ("GB-COH", None), ("GB-COH", " 0 ")]) == frozenset()
    assert identifiers([("XI-DUNS", "21 7")]) == identifiers([("DUNS", "217")])


@given(st.text(max_size=60))
def test_any_text_has_forms_that_are_like_themselves(name: str) -> None:
    found = forms(name)
    assert "" not in found
    assert same_name(found, forms(f"{name} Ltd")) or not found


@pytest.mark.parametrize(
    ("text", "message"),
    [("legal = 3", "legal"), ("x = ", "suppliers.toml"), ("also = ['(']", "legal")],
)
def test_a_wrong_table_is_told(text: str, message: str) -> None:
    with pytest.raises(DataFileError, match=message):
        read_rules(text)
