"""A source is a table: it is read strictly, and a mistake in it names file and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalogue.errors import DataFileError, UsageError
from scrapers.source import load_source, read_source


@pytest.fixture
def table(root: Path) -> str:
    return (root / "scrapers" / "sources" / "marketplace.toml").read_text(encoding="utf-8")


def test_the_source_that_ships_is_in_order() -> None:
    source = load_source("marketplace")
    assert source.politeness.delay_seconds >= source.politeness.minimum_delay_seconds
    assert source.service_url("1" * 15).startswith("https://")
    assert {"all", "self-service"} <= source.scopes.keys()


@pytest.mark.parametrize(
    ("part", "instead", "message"),
    [
        (
            "delay_seconds = 2.0",
            'delay_seconds = "2"',
            "politeness.delay_seconds: found '2', expected a number",
        ),
        ("delay_seconds = 2.0", "delay_seconds = -1", "politeness.delay_seconds: found -1"),
        ("delay_seconds = 2.0", "delay_seconds = nan", "politeness.delay_seconds: found nan"),
        ("delay_seconds = 2.0", "delay_seconds = inf", "politeness.delay_seconds: found inf"),
        (
            "max_bytes = 5_000_000",
            "max_bytes = 0",
            "politeness.max_bytes: found 0, expected a whole number above 0",
        ),
        (
            "max_redirects = 5",
            "max_redirects = 5\nspeed = 9",
            "politeness.speed: found 9, expected no such key",
        ),
        ("attempts = 4", "", "politeness.attempts: found None"),
        ("[walk]", "[talk]", "walk: found None, expected a table"),
        ('?lot={lot}"', '?lot=saas"', "discovery 1: template: found '/g-cloud/search?lot=saas'"),
        (
            'kind = "listing"',
            'kind = "list"',
            "discovery 1: kind: found 'list', expected listing, live-results, ids",
        ),
        ("/g-cloud/services/{id}", "/g-cloud/services/", "addresses.service"),
        ("/g-cloud/services/{id}", "/g-cloud/{lot}/{id}", "addresses.service: found '/g-cloud/{lot}/{id}'"),
        ("/g-cloud/services/{id}", "/g-cloud/{id}/{", "addresses.service: found '/g-cloud/{id}/{'"),
        ("resume_days = 14", "resume_days = true", "bounds.resume_days: found True"),
        ('"e-form"', "7", "scopes.self-service.words"),
        ("title =", "title ==", "not TOML"),
    ],
)
def test_a_mistake_names_the_file_the_key_and_what_was_expected(
    part: str, instead: str, message: str, table: str
) -> None:
    assert part in table
    with pytest.raises(DataFileError) as raised:
        read_source("marketplace", table.replace(part, instead, 1), "copy.toml")
    assert str(raised.value).startswith("copy.toml: ")
    assert message in str(raised.value)


def test_a_copy_of_a_source_can_be_used(table: str, tmp_path: Path) -> None:
    copy = tmp_path / "mirror.toml"
    copy.write_text(table.replace("/g-cloud/search", "/find"), encoding="utf-8")
    assert load_source(str(copy)).ways[0].template == "/find?lot={lot}"


def test_a_copy_that_is_no_text_is_told(tmp_path: Path) -> None:
    copy = tmp_path / "mirror.toml"
    copy.write_bytes("title = '£'".encode("cp1252"))
    with pytest.raises(DataFileError, match=r"mirror\.toml: not UTF-8"):
        load_source(str(copy))


@pytest.mark.parametrize("name", ["marketplaze", "", "../marketplace", "nowhere.toml"])
def test_an_unknown_source_is_told_with_those_there_are(name: str) -> None:
    with pytest.raises(UsageError, match=r"no source|no such file"):
        load_source(name)


@pytest.mark.parametrize(
    "url",
    [
        "127.0.0.1:80",
        "ftp://x.example",
        "https://",
        "https://x.example/path",
        "x",
        "",
        "http://[",
        "http://127.0.0.1:port",
        "http://127.0.0.1:99999",
        "https://name:secret@x.example",
        "https://x.example/#top",
        "https://x\x01.example",
        "https://x y.example",
        "https://.",
    ],
)
def test_a_base_url_must_be_a_server(url: str) -> None:
    with pytest.raises(UsageError, match="--base-url"):
        load_source("marketplace", base_url=url)


def test_links_of_the_source_are_asked_for_at_its_base_and_others_are_not_followed() -> None:
    source = load_source("marketplace", base_url="http://127.0.0.1:8765/")
    there = "https://www.digitalmarketplace.service.gov.uk/g-cloud/search?page=2&lot=saas#results"
    assert source.local(there) == "http://127.0.0.1:8765/g-cloud/search?page=2&lot=saas"
    assert source.local("http://127.0.0.1:8765/g-cloud") == "http://127.0.0.1:8765/g-cloud"
    assert source.local("https://elsewhere.example/g-cloud") is None
    assert source.public_url("1").startswith("https://www.applytosupply.")


@pytest.mark.parametrize(
    ("card", "wanted"),
    [
        ("Tidewater eForms", True),
        ("A CRM for councils", True),
        ("Citizen portals and SELF\u2011SERVICE", True),
        ("Platform performance", False),
        ("Informing the public", False),
        ("Firewall as a service", False),
        (None, True),
    ],
)
def test_the_default_scope_goes_by_whole_words(card: str | None, wanted: bool) -> None:
    assert load_source("marketplace").scope("self-service").wants(card) is wanted


def test_an_unknown_scope_is_told_with_those_there_are() -> None:
    with pytest.raises(UsageError, match="'some'; expected one of all, self-service"):
        load_source("marketplace").scope("some")
