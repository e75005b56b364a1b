"""``longlist profile new`` and ``profile check`` as a person and a script meet them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from catalogue.profile import parse_profile
from tui.commands.edge import ExitCode
from tui.commands.main import run

NEW = ["profile", "new", "--sector", "local-government", "--kind", "district"]


class TestNew:
    def test_the_profile_is_the_only_thing_on_standard_output(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run([*NEW, "--name", "Fenmoor District Council", "--budget", "60000"]) == ExitCode.DONE
        told = capsys.readouterr()
        found = parse_profile(told.out)
        assert (found.organisation.name, found.organisation.budget_per_year) == (
            "Fenmoor District Council",
            60000,
        )
        assert "Proposals for a district council of small size" in told.err

    def test_a_new_file_passes_the_check_without_advice(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = tmp_path / "fenmoor.toml"
        assert run([*NEW, "--out", str(path)]) == ExitCode.DONE
        assert run(["profile", "check", str(path), "--json"]) == ExitCode.DONE
        found = json.loads(capsys.readouterr().out)
        assert (found["mistakes"], found["advice"]) == ([], [])

    def test_a_file_that_exists_is_kept(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        path = tmp_path / "mine.toml"
        path.write_text("my own work")
        assert run([*NEW, "--out", str(path)]) == ExitCode.USAGE
        assert path.read_text() == "my own work"
        assert "--force" in capsys.readouterr().err

    def test_a_file_that_exists_is_replaced_when_asked(self, tmp_path: Path) -> None:
        path = tmp_path / "mine.toml"
        path.write_text("old")
        assert run([*NEW, "--out", str(path), "--force"]) == ExitCode.DONE
        assert parse_profile(path.read_text("utf-8")).organisation.sector == "local-government"
        assert [entry.name for entry in tmp_path.iterdir() if entry.suffix != ""] == ["mine.toml"]

    def test_the_same_question_gives_the_same_bytes(self, capsys: pytest.CaptureFixture[str]) -> None:
        written = []
        for _ in range(2):
            assert run([*NEW, "--residents", "95000"]) == ExitCode.DONE
            written.append(capsys.readouterr().out)
        assert written[0] == written[1]

    @pytest.mark.parametrize(
        ("arguments", "told"),
        [
            (["--sector", "councils"], "local-government"),
            (["--sector", "nhs", "--kind", "gpp"], "Did you mean 'gp'?"),
            (["--sector", "police", "--kind", "city"], "has no kinds"),
            (["--sector", "nhs", "--staff-users", "0"], "--staff-users"),
            (["--sector", "nhs", "--out", "no/such/folder/x.toml"], "there is no folder"),
            ([], "--sector"),
        ],
    )
    def test_what_cannot_be_is_wrong_usage(
        self, arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run(["profile", "new", *arguments]) == ExitCode.USAGE
        assert told in capsys.readouterr().err


class TestCheck:
    @pytest.fixture
    def vague(self, tmp_path: Path) -> Path:
        path = tmp_path / "vague.toml"
        path.write_text(
            'goal = "A modern portal"\n[organisation]\nname = "X"\n'
            '[[requirement]]\ntext = "Cases come through an API"\npriority = "must"\n'
        )
        return path

    def test_advice_alone_is_no_mistake(self, vague: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(["profile", "check", str(vague)]) == ExitCode.DONE
        told = capsys.readouterr().out
        assert "X: the profile is in order" in told
        assert "Advice: line 1: goal: 'modern' " in told
        assert "Advice: line 5: requirement[1].text: 'API' could gate on the question 'API'" in told

    def test_mistakes_and_advice_are_told_together(
        self, vague: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        vague.write_text(vague.read_text() + "prioritty = 1\n")
        assert run(["profile", "check", str(vague)]) == ExitCode.USAGE
        told = capsys.readouterr()
        assert "line 7: requirement[1].prioritty is not a known key" in told.err
        assert "'modern'" in told.out

    def test_a_script_gets_both_lists(self, vague: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(["profile", "check", str(vague), "--json"]) == ExitCode.DONE
        found = json.loads(capsys.readouterr().out)
        assert found["profile"]["name"] == "X"
        assert [(a["place"], a["line"], a["kind"], a["found"]) for a in found["advice"]] == [
            ("goal", 1, "vague-word", "modern"),
            ("requirement[1].text", 5, "could-name-question", "API"),
        ]
        vague.write_text(vague.read_text().replace("must", "musst"))
        assert run(["profile", "check", str(vague), "--json"]) == ExitCode.USAGE
        found = json.loads(capsys.readouterr().out)
        assert found["profile"] is None
        assert ["musst" in mistake for mistake in found["mistakes"]] == [True]

    def test_a_file_that_is_not_there_is_told_in_json_too(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run(["profile", "check", str(tmp_path / "none.toml"), "--json"]) == ExitCode.USAGE
        assert "cannot be read" in json.loads(capsys.readouterr().out)["mistakes"][0]
