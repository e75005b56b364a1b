"""``longlist match``, ``compare`` and ``profile check`` as a person and a script meet them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import msgspec
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
        "yearly_cost",
        "flags",
        "group",
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


def test_the_json_tells_cost_flags_and_groups_beside_the_score(
    profile: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["match", profile, "--json", "--stability", "--order"]) == ExitCode.DONE
    told = json.loads(capsys.readouterr().out)
    best, second = told["matches"]
    assert best["yearly_cost"] == {
        "comparable": False,
        "minimum": None,
        "maximum": None,
        "assumptions": [],
        "reason": "The number of users is not known.",
        "over_budget": None,
    }
    assert {"kind": "thin", "sentence": "There is no description.", "question": None, "quote": None} in best[
        "flags"
    ]
    assert best["group"] is None
    assert (best["stability"]["best"], second["stability"]["worst"]) == (1, 2)
    assert [step["id"] for step in told["order"]["steps"]] == ["124689046028041"]
    assert {"barrier": "customers", "need": "works on a phone"} in told["order"]["uncovered"]


def test_steadiness_and_order_are_told_in_sentences(profile: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["match", profile, "--stability", "--order"]) == ExitCode.DONE
    told = capsys.readouterr().out
    assert "  1  Kerbside Permits (Kerbside Ltd)\n     rank 1 throughout" in told
    assert "One at a time, each for what it adds to those before it:" in told
    assert "Covers: connect to Taranto" in told
    assert "1 price does not compare" in " ".join(told.split())
    assert "customers: works on a phone" in told
    assert all(len(line) <= 80 for line in told.splitlines())


def test_the_ranking_tells_costs_and_flags_within_80_columns(
    profile: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["match", profile]) == ExitCode.DONE
    told = capsys.readouterr().out
    assert "A year: not comparable. The number of users is not known." in told
    assert "Read with care: There is no description." in told
    assert all(len(line) <= 80 for line in told.splitlines())


def test_one_service_is_not_explained_together_with_all(
    profile: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["match", profile, "--explain", "124689046028041", "--order"]) == ExitCode.USAGE
    assert "--explain" in capsys.readouterr().err


class TestSellers:
    """One product from two sellers."""

    @pytest.fixture(autouse=True)
    def sellers(self, tmp_path: Path) -> None:
        """Two resellers of one product join the catalogue."""
        made = []
        for number, seller in ((4, "Quayside Ltd"), (5, "Moorgate LLP")):
            given = record(number, f"Larkspur desk by {seller}", "Parking permits on one desk", "Yes")
            made.append(
                msgspec.structs.replace(
                    given,
                    supplier=SupplierRef(name=seller),
                    description="Larkspur is the permit desk that eleven island councils run on.",
                    sections=(
                        *(given.sections or ()),
                        Section(
                            "Service scope",
                            (Answer("Organisation whose services are being resold", ("Larkspur BV",)),),
                        ),
                    ),
                )
            )
        with open_catalogue(tmp_path / "catalogue.db") as catalogue:
            ingest(catalogue, made, at=datetime(2026, 11, 21, 3, 10, tzinfo=UTC))

    def test_they_are_folded_in_text_and_each_ranked_in_json(
        self, profile: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run(["match", profile]) == ExitCode.DONE
        folded = capsys.readouterr().out
        assert folded.count("Larkspur desk by") == 1
        assert folded.count("Also sold by:") == 1
        assert run(["match", profile, "--all"]) == ExitCode.DONE
        assert capsys.readouterr().out.count("Larkspur desk by") == 2
        assert run(["match", profile, "--json"]) == ExitCode.DONE
        rows = [row for row in json.loads(capsys.readouterr().out)["matches"] if row["group"]]
        head, other = rows
        assert head["group"] == {"size": 2, "others": [other["id"]]}
        assert other["group"] == {"size": 2, "head": head["id"]}

    def test_one_of_them_is_explained_with_the_other(
        self, profile: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run(["match", profile, "--explain", "124689046028044"]) == ExitCode.DONE
        assert "Also sold by: Moorgate LLP" in " ".join(capsys.readouterr().out.split())


def test_one_service_is_explained_with_all_its_findings(
    profile: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["match", profile, "--explain", "124689046028042"]) == ExitCode.DONE
    told = capsys.readouterr().out
    assert "connect to Taranto" in told
    assert "rule legacy.connects, silent" in told
    (together,) = (line.removeprefix("Together: ") for line in told.splitlines() if "Together" in line)
    points, score = together.split(" = ")
    assert sum(map(Decimal, points.split(" + "))) == Decimal(score)
    assert "Phone support: what is the answer?" in told


@pytest.mark.parametrize("plain", [False, True])
def test_a_service_that_was_withdrawn_is_explained_without_a_rank(
    plain: bool, profile: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = msgspec.structs.replace(record(7, "Gone desk", "Works with Taranto", "Yes"), status="withdrawn")
    with open_catalogue(tmp_path / "catalogue.db") as catalogue:
        ingest(catalogue, [gone], at=datetime(2026, 11, 21, tzinfo=UTC))
    assert run([*(["--plain"] if plain else []), "match", profile, "--explain", gone.id]) == ExitCode.DONE
    told = capsys.readouterr().out
    assert "withdrawn, and so in no ranking" in told
    assert "connect to Taranto" in told
    assert told.startswith("Rank: none" if plain else "  -")


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
    assert told.index("Musts of the profile") < told.index("Score\n") < told.index("About the service")
    assert "Answers the telephone\n  A: met: Yes\n  B: not stated\n  C: not met: No\n" in told
    assert "Rank\n  A: 1 of 2\n  B: 2 of 2\n  C: excluded, must be 'Answers the telephone', found: No" in told
    assert "connect to Taranto\n  A: strongly for +" in told
    assert "\n  B: silent\n" in told
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
