from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from catalogue.errors import DataFileError
from catalogue.frameworks import load_frameworks, read_frameworks

LOT = '{ slug = "saas", name = "SaaS", number = "2b", questions = "software" }'
ROW = """
[[framework]]
slug = "g-cloud-99"
name = "G-Cloud 99"
agreement = "RM1557.99"
award = ["direct"]
lots = [LOT]
""".replace("LOT", LOT)


def test_the_newest_iteration_comes_first() -> None:
    assert list(load_frameworks()) == [f"g-cloud-{number}" for number in range(15, 8, -1)]


def test_the_live_framework_is_open_until_its_last_day() -> None:
    newest = load_frameworks()["g-cloud-15"]
    assert newest.open_on(date(2026, 11, 22))
    assert newest.open_on(date(2030, 8, 5))
    assert not newest.open_on(date(2030, 8, 6))
    assert not newest.open_on(date(2026, 8, 5))


def test_a_framework_that_is_over_is_closed_even_where_the_day_is_not_known() -> None:
    assert not load_frameworks()["g-cloud-13"].open_on(date(2026, 11, 22))
    assert not load_frameworks()["g-cloud-14"].open_on(date(2026, 10, 29))
    assert load_frameworks()["g-cloud-14"].open_on(date(2026, 10, 28))


def test_call_offs_may_be_longer_in_one_lot_than_in_others() -> None:
    newest = load_frameworks()["g-cloud-15"]
    assert newest.call_off_months("iaas-and-paas") == (60, 36)
    assert newest.call_off_months("saas") == (48, 24)
    assert load_frameworks()["g-cloud-12"].call_off_months("cloud-software") == (24, 12, 12)
    assert load_frameworks()["g-cloud-9"].call_off_months("cloud-software") == ()


def test_only_the_newest_may_be_awarded_with_competition() -> None:
    assert [slug for slug, row in load_frameworks().items() if "competition" in row.award] == ["g-cloud-15"]


def test_every_lot_of_recorded_pages_is_known(shared: Path) -> None:
    pages = shared / "marketplace-pages"
    questions = json.loads((pages / "questions.json").read_text("utf-8"))
    lots = {(framework, lot) for framework, lots in questions.items() for lot in lots}
    for path in (pages / "truth-g15").glob("*.json"):
        record = json.loads(path.read_text("utf-8"))
        lots.add((record["framework"]["slug"], record["lot"]["slug"]))
    unknown = [(framework, lot) for framework, lot in lots if load_frameworks()[framework].lot(lot) is None]
    assert len(lots) == 19
    assert unknown == []


def test_a_lot_that_the_iteration_does_not_have_is_none() -> None:
    assert load_frameworks()["g-cloud-15"].lot("cloud-hosting") is None


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (ROW + ROW, "'g-cloud-99' is there twice"),
        (ROW.replace('"software"', '"hardware"'), "hardware"),
        (ROW.replace("award", "awards"), "awards"),
        (ROW.replace("lots = [", f"lots = [{LOT},"), "lot 'saas' twice"),
        (ROW.replace("award", "starts = 2026-01-02\nends = 2026-01-01\naward"), "ends on 2026-01-01"),
        ("[[framework]", "line 1"),
    ],
)
def test_a_wrong_row_is_named(text: str, named: str) -> None:
    with pytest.raises(DataFileError, match=named) as caught:
        read_frameworks(text, "mine.toml")
    assert str(caught.value).startswith("mine.toml: ")
