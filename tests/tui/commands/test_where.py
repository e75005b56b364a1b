"""``longlist where`` names every path and creates none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tui.commands.main import run


def test_every_path_is_named_and_none_is_made(own_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["where", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {name: (place["path"], place["exists"]) for name, place in found.items()} == {
        "catalogue": (str(own_home / "catalogue.db"), False),
        "settings": (str(own_home / "settings.toml"), False),
        "cache": (str(own_home / "cache"), False),
        "log": (str(own_home / "longlist.log"), False),
        "state": (str(own_home / "state.json"), False),
        "pages": (str(own_home / "catalogue.pages.db"), False),
    }
    assert not own_home.exists()


def test_the_catalogue_chosen_on_the_command_line_is_the_one_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chosen = tmp_path / "other.db"
    chosen.touch()
    assert run(["where", "--db", str(chosen)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["catalogue", str(chosen)]
    assert all(line.endswith("(not there yet)") for line in lines[1:])
