"""The command line's edge: statuses, streams, and starting without the interface."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from catalogue.errors import (
    CatalogueError,
    LockHeld,
    LonglistError,
    ProfileError,
    SourceShapeError,
    UsageError,
)
from tui import start
from tui.commands.edge import ExitCode, exit_status
from tui.commands.main import COMMANDS, cli, run


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (CatalogueError("x"), ExitCode.FAILED),
        (UsageError("x"), ExitCode.USAGE),
        (ProfileError("p.toml", ["one", "two"]), ExitCode.USAGE),
        (SourceShapeError("https://x.example", "h1", "nothing", "one"), ExitCode.SOURCE),
        (LockHeld("x"), ExitCode.LOCKED),
    ],
)
def test_each_kind_of_error_has_its_exit_status(error: LonglistError, status: ExitCode) -> None:
    assert exit_status(error) == status


def test_the_command_line_starts_without_importing_textual() -> None:
    program = "import sys; from tui.commands.main import cli; sys.exit('textual' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_the_interface_starts_without_what_only_matching_and_exports_need() -> None:
    program = "import sys, tui.app; print(*({'numpy', 'xlsxwriter'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout == "\n"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_listed_command_loads_and_explains_itself(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([name, "--help"]) == 0
    assert "Usage: longlist" in capsys.readouterr().out


@pytest.mark.parametrize("name", COMMANDS)
def test_no_command_loads_textual_before_it_is_run(name: str) -> None:
    program = (
        "import sys, click; from tui.commands.main import cli; "
        f"cli.get_command(click.Context(cli), {name!r}); sys.exit('textual' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_an_unknown_command_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["serach"]) == ExitCode.USAGE
    assert "serach" in capsys.readouterr().err


def test_the_interface_without_a_terminal_says_what_to_use_instead(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run([]) == ExitCode.USAGE
    assert "longlist --help" in capsys.readouterr().err


def test_the_catalogue_can_be_chosen_before_and_after_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, after = tmp_path / "before.db", tmp_path / "after.db"
    run(["--db", str(before), "where", "--json"])
    assert str(before) in capsys.readouterr().out
    run(["where", "--json", "--db", str(after)])
    assert str(after) in capsys.readouterr().out


def test_an_interruption_says_that_nothing_stored_is_lost(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_args: object, **_kwargs: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "main", interrupted)
    assert run(["where"]) == ExitCode.FAILED
    assert "kept" in capsys.readouterr().err


def test_a_fault_of_our_own_is_a_sentence_and_its_details_go_to_the_log(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], own_home: Path
) -> None:
    def faulty(*_args: object, **_kwargs: object) -> None:
        raise ZeroDivisionError("by nought")

    monkeypatch.setattr(cli, "main", faulty)
    assert run(["where"]) == ExitCode.FAILED
    said = capsys.readouterr().err
    assert "ZeroDivisionError" in said
    assert "Traceback" not in said
    assert "Traceback" in (own_home / "longlist.log").read_text("utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="closes streams as POSIX shells do")
@pytest.mark.parametrize(("closed", "status"), [(">&-", 1), ("2>&-", 0), ("<&-", 0)])
def test_a_closed_stream_is_no_fault(closed: str, status: int) -> None:
    command = f'"{sys.executable}" -c "from tui.start import main; main()" where {closed}'
    done = subprocess.run(command, shell=True, check=False, capture_output=True, text=True)
    assert done.returncode == status
    assert "Traceback" not in done.stderr
    assert "fault" not in done.stderr


def test_ctrl_c_while_modules_load_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tui.commands.main.main", interrupted)
    with pytest.raises(SystemExit, match="kept"):
        start.main()
