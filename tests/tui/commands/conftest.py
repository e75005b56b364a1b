"""The command line as its users call it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tui.commands.main import run


@dataclass(frozen=True)
class Told:
    """How a command ended and what it wrote."""

    status: int
    out: str
    err: str


Command = Callable[..., Told]


@pytest.fixture
def command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs the command line, on the catalogue ``catalogue.db`` of the test unless ``db`` names another."""

    def invoke(*arguments: object, db: str = "catalogue.db") -> Told:
        capsys.readouterr()
        status = run(["--db", str(tmp_path / db), *map(str, arguments)])
        captured = capsys.readouterr()
        return Told(status, captured.out, captured.err)

    return invoke
