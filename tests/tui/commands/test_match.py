"""``longlist match``, ``compare`` and ``profile check`` as a person and a script meet them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from catalogue.records import Answer, FrameworkRef, LotRef, Section, ServiceRecord, SupplierRef
from db.catalogue import open_catalogue
from db.ingest import ingest
from tui.commands.edge import ExitCode
from tui.commands.main import run

PROFILE = """
goal = "Parking permits online"
[organisation]
name = "Westbeck Borough Council"
[weights]
legacy = 3
customers = 1
[[legacy]]
system = "Taranto"
intent = "connect"
[customers]
needs = ["mobile"]
[[requirement]]
text = "Answers the telephone"
priority = "must"
barrier = "skills"
question = "Phone support"
equals = "Yes"
"""


def record(number: int, name: str, feature: str, phone: str | None) -> ServiceRecord:
    """A small service."""
    answers = () if phone is None else (Answer("Phone support", (phone,)),)
    return ServiceRecord(
        id=f"12468904602804{number}",
        framework=FrameworkRef("g-cloud-15", "G-Cloud 15"),
        lot=LotRef("saas", "Software as a Service (SaaS)"),
        supplier=SupplierRef(name="Kerbside Ltd"),
        name=name,
        features=(feature,),
        price="£1.20 a user a month",
        sections=(Section("User support", answers),),
    )


@pytest.fixture(autouse=True)
def filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalogue of three services."""
    monkeypatch.setenv("LONGLIST_DB", str(tmp_path / "catalogue.db"))
    with open_catalogue(tmp_path / "catalogue.db", create=True) as catalogue:
        made = [
            record(1, "Kerbside Permits", "Connector for Taranto\x1b[31m", "Yes"),
            record(2, "Quiet Permits", "Parking permits", None),
            record(3, "Silent Permits", "Connector for Taranto", "No"),
        ]
        ingest(catalogue, made, at=datetime(2026, 11, 20, 3, 10, tzinfo=UTC))


@pytest.fixture
def profile(tmp_path: Path) -> str:
    """The path of the profile."""
    path = tmp_path / "westbeck.toml"
    path.write_text(PROFILE, encoding="utf-8")
    return str(path)


def test_the_ranking_is_told_in_plain_text(profile: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["match", profile]) == ExitCode.DONE
    told = capsys.readouterr().out
    assert told.startswith("Westbeck Borough Council\n3 services judged, 1 of them excluded by a must\n")
    assert told.index("Kerbside Permits") < told.index("Quiet Permits")
    assert "[Service features] “Connector for Taranto" in " ".join(told.split())
    assert "124689046028043 Silent Permits: must be 'Answers the telephone', found: No" in told
    assert "\x1b" not in told


def test_the_same_catalogue_and_profile_give_the_same_bytes(
    profile: str, capsys: pytest.CaptureFixture[str]
) -> None:
    outputs = []
    for _ in range(2):
        assert run(["match", profile, "--json"]) == ExitCode.DONE
        outputs.append(capsys.readouterr().out)
    assert outputs[0] == outputs[1]


def test_the_json_has_the_promised_shape(profile: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["match", profile, "--json", "--limit", "1"]) == ExitCode.DONE
    told = json.loads(capsys.readouterr().out)
    assert list(told) == ["profile", "catalogue", "rules", "weights", "matches", "excluded"]
    assert told["catalogue"]["newest"] == "2026-11-20T03:10:00Z"
    assert told["weights"] == {"legacy": 75.0, "resources": 0.0, "skills": 0.0, "customers": 25.0}
    (best,) = told["matches"]
    assert list(best) == [
        "rank",
        "id",
        "name",
        "supplier",
        "lot",
        "price",
        "score",
        "contributions",
        "questions",
    ]
    finding = best["contributions"][0]["findings"][0]
    assert list(finding) == ["need", "verdict", "points", "question", "quote", "rule"]
    assert told["excluded"] == [
        {
            "id": "124689046028043",
            "name": "Silent Permits",
            "requirement": "Answers the telephone",
            "found": ["No"],
        }
    ]


def test_one_service_is_explained_with_all_its_findings(
    profile: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["match", profile, "--explain", "124689046028042"]) == ExitCode.DONE
    told = capsys.readouterr().out
    assert "connect to Taranto" in told
    assert "rule legacy.connects, silent" in told
    assert "Phone support: what is the answer?" in told


def test_an_unknown_service_to_explain_is_wrong_usage(
    profile: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["match", profile, "--explain", "7"]) == ExitCode.USAGE
    assert "'7'" in capsys.readouterr().err


def test_a_profile_with_mistakes_is_wrong_usage_and_tells_them_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bad.toml"
    path.write_text('[organisation]\nname = "W"\nsector = "shop"\nresidents = -1\n', encoding="utf-8")
    for command in (["match", str(path)], ["profile", "check", str(path)]):
        assert run(command) == ExitCode.USAGE
        told = capsys.readouterr()
        assert told.out == ""
        assert "line 3" in told.err and "line 4" in told.err


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", None])
def test_a_profile_that_cannot_be_read_is_wrong_usage(
    content: bytes | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "odd.toml"
    if content is not None:
        path.write_bytes(content)
    assert run(["profile", "check", str(path)]) == ExitCode.USAGE
    assert "odd.toml" in capsys.readouterr().err


def test_a_profile_in_order_is_told_as_it_was_understood(
    profile: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["profile", "check", profile]) == ExitCode.DONE
    told = capsys.readouterr().out
    assert "System to connect: Taranto" in told
    assert "Phone support = Yes; excludes a service that answers otherwise" in told


def test_services_stand_side_by_side_under_one_question(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["compare", "124689046028041", "124689046028043", "124689046028042"]) == ExitCode.DONE
    told = capsys.readouterr().out
    assert "Phone support\n  A: Yes\n  B: No\n  C: left blank\n" in told
    assert "Price\n  A, B, C: £1.20 a user a month\n" in told


def test_only_differences_are_shown_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["compare", "124689046028041", "124689046028043", "--differences"]) == ExitCode.DONE
    told = capsys.readouterr().out
    assert "Phone support" in told and "Price" not in told


def test_a_comparison_with_a_profile_adds_scores_and_verdicts(
    profile: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["compare", "124689046028041", "124689046028042", "124689046028043", "--profile", profile]
    assert run(command) == ExitCode.DONE
    told = capsys.readouterr().out
    assert "A: score " in told
    assert "C: excluded, must be 'Answers the telephone', found: No" in told
    assert "connect to Taranto\n    A strong-for, B silent" in told
    assert run([*command, "--json"]) == ExitCode.DONE
    assert [service["excluded"] for service in json.loads(capsys.readouterr().out)["services"]] == [
        False,
        False,
        True,
    ]


@pytest.mark.parametrize(
    "ids", [["124689046028041"], ["124689046028041", "124689046028041"], ["124689046028041", "9"]]
)
def test_a_comparison_needs_two_services_of_the_catalogue(
    ids: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["compare", *ids]) == ExitCode.USAGE
    assert capsys.readouterr().out == ""
