from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.errors import RecordError
from catalogue.records import decode_record, encode_record, record_digest, strip_controls

MINIMAL: dict[str, Any] = {
    "id": "101",
    "framework": {"slug": "g-cloud-15"},
    "lot": {"slug": "saas"},
    "supplier": {"name": "Example Ltd"},
    "name": "Example Forms",
}

words = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1).filter(str.strip)
texts = st.text(st.characters(exclude_categories=("Cs", "Cc")))
optional_texts = st.none() | texts
lists = st.none() | st.lists(texts, max_size=3)
records = st.fixed_dictionaries(
    {
        "id": words,
        "framework": st.fixed_dictionaries({"slug": words, "name": optional_texts}),
        "lot": st.fixed_dictionaries({"slug": words}, optional={"name": texts}),
        "supplier": st.fixed_dictionaries({"name": words}, optional={"id": optional_texts}),
        "name": words,
    },
    optional={
        "url": optional_texts,
        "status": st.sampled_from(["live", "withdrawn", "expired"]),
        "description": optional_texts,
        "categories": st.none() | st.lists(st.lists(texts, max_size=3), max_size=2),
        "features": lists,
        "benefits": lists,
        "price": optional_texts,
        "documents": st.none() | st.lists(st.fixed_dictionaries({"name": texts, "url": texts}), max_size=2),
        "sections": st.none()
        | st.lists(
            st.fixed_dictionaries(
                {
                    "name": texts,
                    "answers": st.lists(
                        st.fixed_dictionaries({"question": texts, "values": st.lists(texts, max_size=2)}),
                        max_size=2,
                    ),
                }
            ),
            max_size=2,
        ),
        "structured": st.none() | st.dictionaries(texts, texts | st.lists(st.integers(-5, 5)), max_size=2),
    },
)


def without(key: str) -> dict[str, Any]:
    """The minimal record without one key, given by its path."""
    record = json.loads(json.dumps(MINIMAL))
    *parents, last = key.split(".")
    part = record
    for parent in parents:
        part = part[parent]
    del part[last]
    return record


def test_what_is_not_there_is_not_stated() -> None:
    record = decode_record(json.dumps(MINIMAL))
    assert (record.url, record.price, record.features, record.sections, record.structured) == (None,) * 5
    assert record.status == "live"


def test_an_empty_list_is_a_fact_of_its_own() -> None:
    record = decode_record(json.dumps({**MINIMAL, "features": []}))
    assert record.features == ()
    assert json.loads(encode_record(record))["features"] == []


@given(records)
def test_a_record_is_written_as_it_was_read(given_record: dict[str, Any]) -> None:
    record = decode_record(json.dumps(given_record))
    written = json.loads(encode_record(record))
    assert {key: written.get(key) for key in given_record} == {
        key: ({"name": None, **value} if key in ("framework", "lot") else {"id": None, **value})
        if key in ("framework", "lot", "supplier")
        else value
        for key, value in given_record.items()
    }
    assert decode_record(encode_record(record)) == record


def test_a_record_is_one_line_with_its_keys_in_order() -> None:
    line = encode_record(decode_record(json.dumps({**MINIMAL, "description": "Two\nlines"})))
    assert b"\n" not in line
    assert list(json.loads(line))[:5] == ["id", "url", "status", "framework", "lot"]


def test_equal_records_have_equal_digests() -> None:
    shuffled = dict(reversed(MINIMAL.items()))
    first, second = decode_record(json.dumps(MINIMAL)), decode_record(json.dumps(shuffled))
    other = decode_record(json.dumps({**MINIMAL, "price": "£5 a unit"}))
    assert record_digest(first) == record_digest(second)
    assert record_digest(first) != record_digest(other)


@pytest.mark.parametrize(
    "key", ["id", "framework", "framework.slug", "lot.slug", "supplier", "supplier.name", "name"]
)
def test_a_required_key_that_is_missing_is_named(key: str) -> None:
    with pytest.raises(RecordError, match=key.rpartition(".")[2]):
        decode_record(json.dumps(without(key)))


@pytest.mark.parametrize("key", ["id", "name"])
def test_a_required_key_that_is_empty_is_named(key: str) -> None:
    with pytest.raises(RecordError, match=f"^{key} is empty"):
        decode_record(json.dumps({**MINIMAL, key: " "}))


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"status": "gone"}, "status"),
        ({"features": "one"}, "features"),
        ({"sections": [{"name": "A", "answers": [{"question": "B", "values": ["C", 4]}]}]}, "sections"),
        ({"id": 101}, "id"),
    ],
)
def test_a_value_of_the_wrong_kind_is_named_with_its_place(change: dict[str, Any], named: str) -> None:
    with pytest.raises(RecordError, match=named):
        decode_record(json.dumps({**MINIMAL, **change}))


@pytest.mark.parametrize("line", ["", "{", "[]", "null", '"text"', "not json"])
def test_a_line_that_is_no_record_is_refused(line: str) -> None:
    with pytest.raises(RecordError):
        decode_record(line)


@given(st.binary() | st.text())
def test_no_line_does_worse_than_a_record_error(line: bytes | str) -> None:
    try:
        decode_record(line)
    except RecordError as error:
        assert str(error)


@pytest.mark.parametrize("key", ["structured", "colour"])
def test_a_line_nested_deeper_than_can_be_read_is_refused(key: str) -> None:
    deep = '{"a":' + "[" * 20_000 + "]" * 20_000 + "}"
    line = json.dumps(MINIMAL)[:-1] + f', "{key}": {deep}}}'
    with pytest.raises(RecordError):
        decode_record(line, ignored=[])


def test_a_key_that_the_format_does_not_name_is_an_error_unless_it_may_be_left_out() -> None:
    line = json.dumps({**MINIMAL, "colour": "blue", "supplier": {"name": "Example Ltd", "phone": "0"}})
    with pytest.raises(RecordError, match="unknown field"):
        decode_record(line)
    ignored: list[str] = []
    record = decode_record(line, ignored=ignored)
    assert record == decode_record(json.dumps(MINIMAL))
    assert sorted(ignored) == ["colour", "supplier.phone"]


def test_control_and_escape_characters_go_on_the_way_in() -> None:
    evil = {**MINIMAL, "name": "Ex\x1b[31mam\x07ple\x9b", "description": "one\r\ntwo\rthree\tfour\n"}
    record = decode_record(json.dumps(evil))
    assert record.name == "Ex[31mample"
    assert record.description == "one\ntwo\nthree\tfour\n"
    assert decode_record(json.dumps(evil, ensure_ascii=False)) == record


def test_control_characters_inside_lists_and_structures_go_too() -> None:
    evil = {
        **MINIMAL,
        "features": ["a\x00b"],
        "sections": [{"name": "S\x1b", "answers": [{"question": "Q\x7f", "values": ["V\u009b"]}]}],
        "structured": {"k\x1b": ["v\x1b", {"deep\x07": "x\x07"}]},
    }
    record = decode_record(json.dumps(evil))
    assert record.features == ("ab",)
    assert record.sections is not None
    assert (record.sections[0].name, record.sections[0].answers[0].question) == ("S", "Q")
    assert record.structured == {"k": ["v", {"deep": "x"}]}
    assert strip_controls(record) == record


def test_records_of_recorded_pages_and_judged_listings_come_out_as_they_went_in(shared: Path) -> None:
    lines = [path.read_text("utf-8") for path in (shared / "marketplace-pages" / "truth-g15").glob("*.json")]
    lines += (shared / "judged" / "services.jsonl").read_text("utf-8").splitlines()
    assert len(lines) > 100
    for line in lines:
        stated = {key: value for key, value in json.loads(line).items() if value is not None}
        written = json.loads(encode_record(decode_record(line)))
        assert {key: written[key] for key in stated} == stated
