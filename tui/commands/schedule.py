"""``longlist schedule``: what makes the scheduler of this machine, or CI, run a command daily."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path

import click

from catalogue.errors import UsageError
from tui.commands.edge import Settings, pass_settings, say
from tui.commands.jobs import (
    CI_BUDGET,
    Job,
    ci_workflow,
    cron_line,
    systemd_service,
    systemd_timer,
    windows_command,
)
from tui.commands.manners import CONTACT_VARIABLE, contact_address
from tui.commands.output import write_whole
from tui.commands.paths import DB_VARIABLE, HOME_VARIABLE

#: When the sites that are asked have the fewest visitors.
_NIGHT = "03:10"


@dataclass(frozen=True, slots=True)
class _Piece:
    """One text for a scheduler: the name of the file for it, where it belongs, and how it is put to work."""

    file: str
    place: str
    write: Callable[[Job], str]


_KINDS: dict[str, tuple[_Piece, ...]] = {
    "systemd": (
        _Piece("{name}.service", "~/.config/systemd/user/{name}.service", systemd_service),
        _Piece(
            "{name}.timer",
            "~/.config/systemd/user/{name}.timer; then: systemctl --user daemon-reload && systemctl --user "
            "enable --now {name}.timer (and, to run while nobody is signed in: loginctl enable-linger)",
            systemd_timer,
        ),
    ),
    "cron": (_Piece("{name}.cron", "a line for: crontab -e", cron_line),),
    "windows": (_Piece("{name}.cmd", "a command for the Command Prompt (cmd.exe)", windows_command),),
    "ci": (
        _Piece(
            "catalogue.yml",
            ".github/workflows/catalogue.yml",
            lambda job: ci_workflow(_ci_arguments(job), job.at),
        ),
    ),
}


def _at(_context: click.Context, _parameter: click.Parameter, value: str) -> time:
    try:
        return datetime.strptime(value, "%H:%M").time()  # noqa: DTZ007  a time of day, of whatever day
    except ValueError:
        raise click.BadParameter(f"{value!r}: expected a time of day such as 03:10") from None


@click.command()
@click.argument("kind", type=click.Choice(list(_KINDS)), required=False)
@click.argument("command", nargs=-1, type=click.UNPROCESSED, metavar="[-- COMMAND...]")
@click.option(
    "--at", callback=_at, default=_NIGHT, show_default=True, metavar="HH:MM", help="When, each day."
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Write each text to a file in FOLDER instead of printing it.",
)
@pass_settings
def schedule(
    settings: Settings, kind: str | None, command: tuple[str, ...], at: time, out: Path | None
) -> None:
    """Print what makes this machine, or CI, run longlist every day.

    KIND is systemd (service and timer), cron, windows (Task Scheduler) or ci (a GitHub workflow that
    publishes the catalogue); without it, all that this operating system knows. The texts name this
    installation and the catalogue in use. COMMAND is what to run, by default a scrape of the marketplace; to
    keep up with somebody else's catalogue: longlist schedule cron -- pull https://…

    Runs write into the log that longlist where names. To hear of a failure, put --webhook or --on-failure
    after the command, or webhook or on_failure into the settings file.
    """
    wanted = command or ("scrape", "marketplace")
    kinds = [kind] if kind else _usual()
    job = _job(settings, wanted, at)
    _warn(settings, wanted)
    for each in kinds:
        for piece in _KINDS[each]:
            text = piece.write(job)
            place = piece.place.format(name=job.name)
            if out is not None:
                out.mkdir(parents=True, exist_ok=True)
                path = out / piece.file.format(name=job.name)
                write_whole(path, text.encode())
                say(f"{path}: {place}")
            else:
                if len(kinds) > 1 or len(_KINDS[each]) > 1:
                    click.echo(f"# {each}: {place}")
                else:
                    say(f"{each}: {place}")
                click.echo(text)


def _usual() -> list[str]:
    """The kinds that this operating system knows."""
    if os.name == "nt":
        return ["windows", "ci"]
    return ["systemd", "cron", "ci"] if sys.platform == "linux" else ["cron", "ci"]


def _job(settings: Settings, command: tuple[str, ...], at: time) -> Job:
    """The command as this installation runs it on the catalogue in use."""
    environment = {
        name: os.environ[name] for name in (HOME_VARIABLE, CONTACT_VARIABLE) if os.environ.get(name)
    }
    if HOME_VARIABLE in environment:
        environment[HOME_VARIABLE] = str(Path(environment[HOME_VARIABLE]).absolute())
    program = (str(_program()), "--db", str(settings.db.absolute()), *command)
    return Job(program, at, environment, f"longlist-{command[0]}")


def _program() -> Path:
    """The installed command. Raises `UsageError` where only the source is there."""
    invoked = Path(sys.argv[0])
    beside = Path(sys.executable).parent
    names = ("longlist.exe", "longlist") if os.name == "nt" else ("longlist",)
    if invoked.name in names and (found := shutil.which(str(invoked))):
        return Path(found).absolute()
    for name in names:
        if (beside / name).is_file():
            return beside / name
    raise UsageError(f"no longlist command beside {sys.executable}; install it, such as with: pipx install .")


def _ci_arguments(job: Job) -> list[str]:
    """The command without what only this machine has, within the hours that a job in CI may take."""
    command = list(job.command[3:])
    if command[0] == "scrape" and "--budget" not in command:
        command += ["--budget", str(CI_BUDGET)]
    return command


def _warn(settings: Settings, command: tuple[str, ...]) -> None:
    """Say what would make every night fail."""
    if command[0] == "scrape" and not contact_address(settings):
        say(
            f"Servers of others are asked only with an address where you can be reached: set "
            f"{CONTACT_VARIABLE} and print this again, or write contact into {settings.paths.settings}."
        )
    if os.environ.get(DB_VARIABLE):
        say(f"The catalogue is that of {DB_VARIABLE}: {settings.db.absolute()}")
