"""The tables of the other sources: read strictly, and within the limits that their sites set."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalogue.errors import DataFileError, UsageError
from scrapers.feed import Feed, load, read_feed
from scrapers.source import Source, source_names
from scrapers.table import BadValue, corrected


def test_every_source_that_ships_loads_and_says_its_licence() -> None:
    assert source_names() == ["agreements", "awards", "marketplace", "organisations"]
    for name in source_names():
        source = load(name)
        assert source.licence.startswith("Open Government Licence v3.0")
        assert source.scope(source.default_scope).about
    assert isinstance(load("marketplace"), Source)


def test_find_a_tender_is_asked_no_more_than_12_times_in_2_minutes_however_it_is_set() -> None:
    source = load("awards")
    assert isinstance(source, Feed)
    pace = source.publishers[0].politeness
    shortest = pace.minimum_delay_seconds * (1 - pace.jitter)
    assert int(120 / shortest) + 1 <= 12
    assert source.publishers[0].windows is not None
    assert source.publishers[0].windows.hours == 6


@pytest.mark.parametrize(
    ("name", "part", "instead", "message"),
    [
        (
            "awards",
            'records = "awards"',
            'records = "prizes"',
            "records: found 'prizes', expected one of agreements",
        ),
        (
            "awards",
            "hours = 6 ",
            "hours = 7 ",
            "publisher 1: windows.hours: found 7, expected a part or a multiple",
        ),
        ("awards", "since = 2022-11-01", 'since = "2022"', "windows.since: found '2022', expected a date"),
        ("awards", "until = 2025-03-01", "until = 2022-01-01", "expected a day after since, 2022-11-01"),
        ("awards", "updatedTo={until}", "updatedTo=now", "releases: found"),
        ("awards", 'name = "contracts-finder"', 'name = "find-tender"', "a name of its own for each"),
        ("awards", 'default_scope = "digital"', 'default_scope = "some"', "default_scope: found 'some'"),
        ("awards", 'field = "supplier"', 'field = "price"', "field: found 'price', expected one of title"),
        ("awards", "slow_down_status = 403", 'slow_down_status = "403"', "slow_down_status: found '403'"),
        ("awards", "[bounds]", "[bounds]\nmost = 3", "bounds.most: found 3, expected no such key"),
        (
            "organisations",
            "?page={page}",
            "?page=1",
            "organisations: found '/api/organisations?page=1', expected",
        ),
        ("organisations", "?page={page}", "?page={page}{x", "organisations: found"),
        ("organisations", "https://www.gov.uk", "www.gov.uk", "base_url: found 'www.gov.uk'"),
        ("agreements", "/lot/{lot}", "/lot/1", "lot_suppliers: found"),
    ],
)
def test_a_mistake_names_the_file_the_key_and_what_was_expected(
    name: str, part: str, instead: str, message: str, root: Path
) -> None:
    table = (root / "scrapers" / "sources" / f"{name}.toml").read_text(encoding="utf-8")
    assert part in table
    with pytest.raises(DataFileError) as raised:
        read_feed(name, table.replace(part, instead, 1), "copy.toml")
    assert str(raised.value).startswith("copy.toml: ")
    assert message in str(raised.value)


def test_a_copy_of_a_source_can_be_used(root: Path, tmp_path: Path) -> None:
    table = (root / "scrapers" / "sources" / "organisations.toml").read_text(encoding="utf-8")
    copy = tmp_path / "mirror.toml"
    copy.write_text(table.replace("https://www.gov.uk", "https://mirror.example"), encoding="utf-8")
    source = load(str(copy))
    assert (source.name, source.base_url) == ("mirror", "https://mirror.example")
    copy.write_text("records = ", encoding="utf-8")
    with pytest.raises(DataFileError, match=r"mirror\.toml: not TOML"):
        load(str(copy))


def test_an_unknown_scope_is_told_with_those_there_are() -> None:
    with pytest.raises(UsageError, match="'some'; expected one of all, digital"):
        load("awards").scope("some")


@pytest.mark.parametrize(
    ("link", "asked"),
    [
        ("/api/organisations?page=2", "http://127.0.0.1:8/api/organisations?page=2"),
        ("https://www.gov.uk/api/organisations?page=2", "http://127.0.0.1:8/api/organisations?page=2"),
        ("http://www.gov.uk/x#y", "http://127.0.0.1:8/x"),
        ("https://elsewhere.example/x", "https://elsewhere.example/x"),
    ],
)
def test_links_of_a_publisher_are_asked_for_at_its_base(link: str, asked: str) -> None:
    source = load("organisations", base_url="http://127.0.0.1:8")
    assert isinstance(source, Feed)
    assert source.publishers[0].local(link) == asked


def test_a_known_bad_value_is_another_or_none() -> None:
    rows = (BadValue("lot", "SaaS", "saas", "why"), BadValue("lot", "?", None, "why"))
    assert corrected("lot", " saAS ", rows) == "saas"
    assert corrected("lot", "?", rows) is None
    assert corrected("name", "?", rows) == "?"
    assert corrected("name", "Tidewater\u00a0", rows) == "Tidewater\u00a0"
    assert corrected("lot", "  ", rows) is None


def test_a_scope_with_an_empty_list_of_words_is_none_of_it() -> None:
    source = load("agreements")
    assert isinstance(source, Feed)
    assert not source.scope("none").wants("cloud")
    assert source.scope("digital").wants("Cloud")
