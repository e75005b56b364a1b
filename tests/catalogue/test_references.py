"""Agreements named in texts, however they are written."""

from __future__ import annotations

import pytest

from catalogue.errors import DataFileError
from catalogue.references import Reference, read_references, references_in


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Call-off under G-Cloud 12", "12"),
        ("RM1557.12 lot 2", "12"),
        ("rm1557xii", "12"),
        ("GCloud13", "13"),
        ("the G Cloud 14 platform", "14"),
        ("G‑Cloud 9rnThe contract", "9"),
        ("RM1557.13rnLot 3", "13"),
        ("RM1557xivrnLot 3", "14"),
        ("RM1557 ix", "9"),
        ("g-cloud framework 11", "11"),
        ("G-Cloud 09", "9"),
        ("RM 1557/15", "15"),
    ],
)
def test_an_iteration_is_found_however_it_is_written(text: str, number: str) -> None:
    assert references_in(text) == (Reference(f"RM1557.{number}", f"g-cloud-{number}"),)


@pytest.mark.parametrize(
    "text", ["", "G-Cloud services", "G-Cloud in 2023", "RM15", "form 1557", "G-Cloud is"]
)
def test_what_names_no_iteration_is_none(text: str) -> None:
    assert references_in(text) == ()


def test_other_agreements_are_found_by_their_number_each_once() -> None:
    text = "Direct award under RM6187 Lot 3 (RM6187), see also RM1043.8 and G-Cloud 14 (RM1557.14)"
    assert [found.agreement for found in references_in(text)] == ["RM1557.14", "RM6187", "RM1043.8"]


def test_the_number_alone_is_not_told_beside_the_iteration() -> None:
    assert [found.agreement for found in references_in("RM1557 (RM1557.14)")] == ["RM1557.14"]
    assert [found.agreement for found in references_in("RM1557")] == ["RM1557"]


def test_a_wrong_row_is_named() -> None:
    with pytest.raises(DataFileError, match=r"reference.* 1: '\('"):
        read_references("[[reference]]\npattern = '('\nagreement = 'x'")
    with pytest.raises(DataFileError, match="no group named 'number'"):
        read_references("[[reference]]\npattern = 'x'\nagreement = 'x'")
