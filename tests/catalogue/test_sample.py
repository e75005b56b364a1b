"""The sample that ships with Longlist: enough of it, well formed, and recognisably fictional."""

from __future__ import annotations

from collections import Counter
from urllib.parse import urlsplit

import pytest

from catalogue.questions import load_crosswalk
from catalogue.read import read_service
from catalogue.records import ServiceRecord, decode_record


@pytest.fixture(scope="module")
def records(root) -> list[ServiceRecord]:
    files = sorted((root / "catalogue" / "sample").glob("*.jsonl"))
    return [decode_record(line) for file in files for line in file.read_bytes().splitlines()]


def test_there_are_at_least_sixty_services_of_one_framework_in_three_lots_or_more(records) -> None:
    assert len(records) >= 60
    assert {record.framework.slug for record in records} == {"g-cloud-15"}
    assert len({record.lot.slug for record in records}) >= 3


def test_no_id_occurs_twice(records) -> None:
    assert [id_ for id_, count in Counter(record.id for record in records).items() if count > 1] == []


def test_every_address_is_under_the_reserved_domain_for_examples(records) -> None:
    addresses = [record.url or "" for record in records]
    addresses += [document.url for record in records for document in record.documents or ()]
    assert {(urlsplit(address).hostname or "").rsplit(".", 1)[-1] for address in addresses} == {"example"}


def test_the_limits_of_the_marketplace_hold(records) -> None:
    for record in records:
        assert len(record.name) <= 100
        assert len(record.description or "") <= 500
        assert len(record.features or ()) <= 10
        assert len(record.benefits or ()) <= 10


def test_every_question_and_price_of_it_is_known(records) -> None:
    crosswalk = load_crosswalk()
    issues = [issue for record in records for issue in read_service(record, crosswalk)[1]]
    assert issues == []


@pytest.mark.parametrize("name", ["brackwater", "tarnside"])
def test_a_profile_says_in_its_first_line_that_it_is_fictional(root, name) -> None:
    first = (root / "catalogue" / "sample" / "profiles" / f"{name}.toml").read_text("utf-8").splitlines()[0]
    assert "fictional" in first
