"""The pages as a browser shows and prints them: no violation that axe knows, and a board reads two sheets."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalogue.export import SUMMARIES, WRITERS
from catalogue.export.prepare import FICTIONAL, INFORMAL
from tests.catalogue.export.recorded import awarded_board, recorded
from tests.catalogue.export.test_writers import row, table
from tests.headless import printed_pages, violations

PAGES = {
    "record": lambda: WRITERS["html"](awarded_board().table),
    "summary": lambda: SUMMARIES["html"](awarded_board()),
    "informal": lambda: WRITERS["html"](table(row(), fictional=FICTIONAL, informal=INFORMAL)),
}


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_no_violation(name: str, tmp_path: Path) -> None:
    assert violations(PAGES[name](), tmp_path) == []


def test_the_fullest_summary_is_printed_on_two_sheets(tmp_path: Path) -> None:
    # As long as the name of a criterion may be.
    wordy = recorded(
        "Considerably longwinded, as some people are who write such things down, and then", count=60
    )
    wordy = wordy.searched(requirements=8).decided(shortlisted=16, keys=10).scored().locked().awarded()
    assert printed_pages(SUMMARIES["html"](wordy.board()), tmp_path) == 2
