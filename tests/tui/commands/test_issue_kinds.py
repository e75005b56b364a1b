"""What kinds of issues mean: every kind that the program knows has a row, and a wrong row is named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from catalogue.errors import DataFileError
from tui.commands.issue_kinds import IssueKind, load_issue_kinds, read_issue_kinds

#: How a kind is written where an issue is made.
_MADE = re.compile(r"(?:Issue\(|odd\(|meet\(|kind, message = \()\s*\"([a-z]+(?:-[a-z]+)+|missing|gone)\"")


def test_every_kind_that_is_met_anywhere_is_explained(root: Path) -> None:
    sources = [path for folder in ("catalogue", "scrapers", "db") for path in (root / folder).rglob("*.py")]
    met = {kind for path in sources for kind in _MADE.findall(path.read_text("utf-8"))}
    assert len(met) > 15
    assert met - load_issue_kinds().keys() == set()


def test_each_says_what_it_means_and_what_to_do() -> None:
    assert all(kind.means.endswith(".") and kind.do.endswith(".") for kind in load_issue_kinds().values())


def test_a_table_is_read() -> None:
    table = read_issue_kinds('[odd-page]\nmeans = "It is odd."\ndo = "Look."')
    assert table == {"odd-page": IssueKind("It is odd.", "Look.")}


@pytest.mark.parametrize("text", ['[odd-page]\nmeans = "It is odd."', "[odd-page]\nmeans = 1\ndo = 2", "[["])
def test_a_wrong_row_is_an_error_that_names_the_table(text: str) -> None:
    with pytest.raises(DataFileError, match=r"issue_kinds\.toml"):
        read_issue_kinds(text)
