"""``longlist import`` and ``longlist dump``: lines in, lines out, and what is said of bad ones."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from tui.commands.edge import ExitCode
from tui.commands.main import run


def line(number: int = 1, **fields: object) -> str:
    record = {
        "id": str(number),
        "framework": {"slug": "g-cloud-15"},
        "lot": {"slug": "saas"},
        "supplier": {"name": "Tidewater Ltd"},
        "name": f"Service {number}",
    }
    return json.dumps(record | fields, ensure_ascii=False)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "services.jsonl"


@pytest.fixture(autouse=True)
def own_catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "catalogue.db"
    monkeypatch.setenv("LONGLIST_DB", str(path))
    return path


def dumped(capsysbinary: pytest.CaptureFixture[bytes]) -> list[dict[str, object]]:
    assert run(["dump"]) == ExitCode.DONE
    return [json.loads(each) for each in capsysbinary.readouterr().out.splitlines()]


def test_what_was_imported_is_dumped(file: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    file.write_text("\n".join([line(2, name="Zoë’s forms", features=[]), line(1)]) + "\n", encoding="utf-8")
    assert run(["import", str(file)]) == ExitCode.DONE
    assert b"2 added, 0 changed, 0 unchanged" in capsysbinary.readouterr().err
    records = dumped(capsysbinary)
    assert [record["id"] for record in records] == ["1", "2"]
    assert (records[1]["name"], records[1]["features"], records[1]["benefits"]) == ("Zoë’s forms", [], None)


def test_a_second_round_gives_the_same_bytes(file: Path, tmp_path: Path) -> None:
    file.write_text("\n".join(line(number, price="£5 a month") for number in (3, 1, 2)), encoding="utf-8")
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    assert run(["import", str(file)]) == ExitCode.DONE
    assert run(["dump", "--out", str(first)]) == ExitCode.DONE
    other = ["--db", str(tmp_path / "other.db")]
    assert run([*other, "import", str(first)]) == ExitCode.DONE
    assert run([*other, "dump", "--out", str(second)]) == ExitCode.DONE
    assert first.read_bytes() == second.read_bytes()


def test_bad_lines_are_reported_with_their_number_and_skipped(
    file: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    nameless = line(2).replace('"name": "Service 2"', '"name": null')
    file.write_text("\n".join([line(1), nameless, "", "{not json", line(3)]), encoding="utf-8")
    assert run(["import", str(file)]) == ExitCode.PARTIAL
    said = capsysbinary.readouterr().err.decode()
    assert "line 2: name: Expected `str`, got `null`" in said
    assert "line 4: not a JSON object" in said
    assert "2 added, 0 changed, 0 unchanged, 2 bad lines skipped" in said
    assert [record["id"] for record in dumped(capsysbinary)] == ["1", "3"]


def test_many_bad_lines_are_counted_not_listed(
    file: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    file.write_text("\n".join([line(1), *["{}"] * 50]), encoding="utf-8")
    assert run(["import", str(file)]) == ExitCode.PARTIAL
    said = capsysbinary.readouterr().err.decode()
    assert said.count(": line ") == 20
    assert "and 30 more bad lines" in said


def test_where_no_line_is_good_the_import_failed(file: Path) -> None:
    file.write_text('{"id": 5}\n', encoding="utf-8")
    assert run(["import", str(file)]) == ExitCode.FAILED


def test_keys_that_are_no_part_of_a_record_are_left_out_and_named(
    file: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    file.write_text(line(1, contact="somebody@example.org"), encoding="utf-8")
    assert run(["import", str(file)]) == ExitCode.DONE
    assert b"key 'contact' is not part of a service record" in capsysbinary.readouterr().err
    assert "contact" not in dumped(capsysbinary)[0]


def test_standard_input_is_a_dash(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(line(1).encode())))
    assert run(["import", "-"]) == ExitCode.DONE
    assert b"standard input: 1 added" in capsysbinary.readouterr().err


def test_a_byte_order_mark_does_no_harm(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbf" + line(1).encode())
    assert run(["import", str(file)]) == ExitCode.DONE


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b"<!doctype html><html></html>", "HTML or XML; to read service pages use longlist scrape"),
        (b'[{"id": "1"}]', "one JSON array; write one record a line"),
        (b"\x1f\x8b\x08\x00", "compressed with gzip"),
        (b"PK\x03\x04rest", "a ZIP archive or a spreadsheet"),
        (b"SQLite format 3\x00rest", "use it with --db"),
        (b"\xff\xfe{\x00", "UTF-16"),
        (b"\x00\x01\x02", "not a text file"),
    ],
)
def test_another_kind_of_file_is_named_and_makes_no_catalogue(
    file: Path, own_catalogue: Path, content: bytes, message: str, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    file.write_bytes(content)
    assert run(["import", str(file)]) == ExitCode.USAGE
    assert message in capsysbinary.readouterr().err.decode()
    assert not own_catalogue.exists()


def test_a_missing_file_is_wrong_usage(tmp_path: Path, own_catalogue: Path) -> None:
    assert run(["import", str(tmp_path / "none.jsonl")]) == ExitCode.USAGE
    assert not own_catalogue.exists()


def test_a_dump_that_fails_leaves_the_old_file(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text("what was there")
    assert run(["dump", "--out", str(out)]) == ExitCode.FAILED
    assert out.read_text() == "what was there"
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".")] == []
