"""A command that runs every day, as each scheduler wants to read it. Pure: text in, text out.

Every scheduler splits and expands text in its own way; the quoting of each is written beside it, with the
place where its rules are.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from importlib import resources

from catalogue.errors import UsageError

#: The longest command that a task may run: https://learn.microsoft.com/windows-server/administration/windows-commands/schtasks-create
_LONGEST_TASK = 261
#: Minutes by which machines that were set up alike begin apart, so that a site is not asked by all at once.
_SPREAD_MINUTES = 20
#: A job in CI ends after six hours at the latest; at a request every two seconds this takes five.
CI_BUDGET = 9000


@dataclass(frozen=True, slots=True)
class Job:
    """A command with its arguments and the variables that it needs, and the time of day (local) to run it."""

    command: Sequence[str]
    at: time
    environment: Mapping[str, str] = field(default_factory=dict)
    name: str = "longlist"

    def __post_init__(self) -> None:
        for text in (*self.command, *self.environment.values()):
            if not text.isprintable():
                raise UsageError(
                    f"{text!r}: a scheduler reads lines; expected a path without control characters"
                )


def systemd_service(job: Job) -> str:
    """The unit that runs the job once. Status 3 is no failure: a few pages failed, `health` weighs that."""
    lines = [
        "[Unit]",
        f"Description=Longlist: {_specifiers(' '.join(job.command[1:]))}",
        "",
        "[Service]",
        "Type=oneshot",
        *(f"Environment={_systemd_quoted(f'{name}={value}')}" for name, value in job.environment.items()),
        f"ExecStart={_systemd_command(job.command)}",
        "SuccessExitStatus=3",
        "Nice=10",
        "",
    ]
    return "\n".join(lines)


def systemd_timer(job: Job) -> str:
    """The unit that begins it every day, and after a night in which the machine was off."""
    return "\n".join(
        [
            "[Unit]",
            f"Description=Every day at {job.at:%H:%M}: {job.name}",
            "",
            "[Timer]",
            f"OnCalendar=*-*-* {job.at:%H:%M}:00",
            f"RandomizedDelaySec={_SPREAD_MINUTES}min",
            "Persistent=true",
            "",
            "[Install]",
            "WantedBy=timers.target",
            "",
        ]
    )


def _systemd_command(command: Sequence[str]) -> str:
    """A command line as systemd.service(5) reads it: ``$`` is expanded in arguments, not in the program."""
    program, *arguments = command
    return " ".join(
        [_systemd_quoted(program), *(_systemd_quoted(part.replace("$", "$$")) for part in arguments)]
    )


def _systemd_quoted(text: str) -> str:
    """A word in the quotes of systemd.syntax(7), with specifiers of systemd.unit(5) escaped."""
    text = _specifiers(text)
    if re.fullmatch(r"[\w@%+=:,./$-]+", text, re.ASCII):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _specifiers(text: str) -> str:
    return text.replace("%", "%%")


def cron_line(job: Job) -> str:
    """A line for ``crontab -e``. What is printed goes to the log of Longlist anyway, and is not mailed.

    In a crontab ``%`` ends the command unless a backslash is before it (crontab(5)); the rest is the shell's.
    """
    variables = " ".join(f"{name}={shlex.quote(value)}" for name, value in job.environment.items())
    command = " ".join(filter(None, (variables, shlex.join(job.command))))
    return f"{job.at.minute} {job.at.hour} * * * {command.replace('%', chr(92) + '%')} >/dev/null 2>&1\n"


def windows_command(job: Job) -> str:
    """A command for the Command Prompt (cmd.exe) that makes a daily task. Raises `UsageError` for too long.

    The task's command is one argument, and the quotes in it are escaped as the C runtime reads them. The
    prompt expands ``%`` even in quotes, and nothing can be done about it.
    """
    task = _windows_joined(job.command)
    if "%" in task:
        raise UsageError(f"{task}: the Command Prompt would expand the % in it; choose paths without")
    if job.environment:
        names = ", ".join(job.environment)
        raise UsageError(
            f"a scheduled task has no variables of its own; set {names} for the user with setx, or in the "
            f"settings file, and unset them here"
        )
    if len(task) > _LONGEST_TASK:
        raise UsageError(
            f"the command of a task may have {_LONGEST_TASK} characters, this has {len(task)}: {task}; "
            f"choose shorter paths, or run it from a .cmd file"
        )
    return (
        f"schtasks /Create /TN {_windows_quoted(chr(92).join(('Longlist', job.name)))} /SC DAILY"
        f" /ST {job.at:%H:%M} /F /TR {_windows_quoted(task, always=True)}\n"
    )


def _windows_joined(command: Sequence[str]) -> str:
    return " ".join(map(_windows_quoted, command))


def _windows_quoted(text: str, *, always: bool = False) -> str:
    """A word as the C runtime splits a command line: backslashes count double only before a quote."""
    if text and not always and not re.search(r'[\s"^&|<>()]', text):
        return text
    escaped = re.sub(r'(\\*)"', r'\1\1\\"', text)
    escaped = re.sub(r"(\\+)$", r"\1\1", escaped)
    return f'"{escaped}"'


def ci_workflow(arguments: Sequence[str], at: time) -> str:
    """A workflow for GitHub Actions that scrapes, judges and publishes; ``at`` is UTC there."""
    template = resources.files("tui.commands").joinpath("workflow.yml").read_text("utf-8")
    return template.replace("MINUTE HOUR", f"{at.minute} {at.hour}").replace("SCRAPE", shlex.join(arguments))
