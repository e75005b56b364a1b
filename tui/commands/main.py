"""The ``longlist`` command: opens the interface, or runs one of the commands below it.

Each command lives in a module that is imported only when it is called for, so that the command line answers
quickly and never imports Textual.
"""

from __future__ import annotations

import gc
import os
import sys
import traceback
from collections.abc import Iterable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from catalogue import __version__
from catalogue.collecting import nothing_collected
from catalogue.errors import LonglistError
from tui.commands.edge import (
    ExitCode,
    Settings,
    choose_catalogue,
    choose_plain,
    exit_status,
    is_plain,
    pass_settings,
    say,
)
from tui.commands.paths import default_paths
from tui.commands.plain import linear

#: Command -> (module, name in it, one line for the list of commands).
COMMANDS: dict[str, tuple[str, str, str]] = {
    "demo": ("demo", "demo", "Open the interface on the fictional sample, in a temporary copy."),
    "scrape": ("scrape", "scrape", "Fetch services, agreements, awards or organisations politely."),
    "reparse": ("reparse", "reparse", "Read the pages fetched before again, without asking the source."),
    "import": ("import_", "import_", "Read service records (JSON Lines) into the catalogue."),
    "dump": ("dump", "dump", "Write the catalogue's service records as JSON Lines."),
    "search": ("search", "search", "Search the catalogue, tolerant of typing errors and other names."),
    "match": ("match", "match", "Rank services for an organisation's profile, with the evidence."),
    "show": ("show", "show", "Show one service with all its answers."),
    "awards": ("awards", "awards", "Which public bodies bought from a supplier."),
    "agreements": ("agreements", "agreements", "Frameworks with their lots, dates and suppliers."),
    "compare": ("compare", "compare", "Show several services side by side."),
    "profile": ("profile", "profile", "Begin a profile half filled in, or check one for mistakes."),
    "project": ("project", "project", "A purchase from requirements to outcome, with its audit trail."),
    "export": ("export", "export", "Write a project's shortlist with its evidence to a file."),
    "runs": ("runs", "runs", "What the scrapes did."),
    "changes": ("changes", "changes", "What changed in the services, and when."),
    "health": ("health", "health", "Whether the catalogue can be trusted, for people and for monitoring."),
    "schedule": ("schedule", "schedule", "Print how to scrape every night on this machine, or in CI."),
    "publish": ("publish", "publish", "Write a copy of the catalogue for others to pull."),
    "pull": ("pull", "pull", "Bring in what somebody else's catalogue has published."),
    "serve": ("serve", "serve", "Offer the interface to web browsers."),
    "doctor": ("doctor", "doctor", "Check the installation, the catalogue and the sources."),
    "where": ("where", "where", "Print every path that is used."),
}

#: So many columns that no sentence of a help is broken.
_ONE_LINE = 10_000
#: Set for a process that draws through pipes, as those of visitors do.
DRIVER_VARIABLE = "TEXTUAL_DRIVER"

_DB_HELP = "The catalogue file (or set LONGLIST_DB)."


def _db_option(*, hidden: bool = False) -> click.Option:
    return click.Option(
        ["--db"],
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        help=_DB_HELP,
        expose_value=False,
        is_eager=True,
        hidden=hidden,
        callback=choose_catalogue,
    )


def _plain_option(*, hidden: bool = False) -> click.Option:
    return click.Option(
        ["--plain"],
        is_flag=True,
        help="Plain text for a screen reader: one thing a line (or set LONGLIST_PLAIN=1).",
        expose_value=False,
        is_eager=True,
        hidden=hidden,
        callback=choose_plain,
    )


class PlainFormatter(click.HelpFormatter):
    """Help as plain text where that is asked for: no columns, and a line for each sentence or option."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._plain = is_plain()
        if self._plain:
            self.width = _ONE_LINE
            self.indent_increment = 0

    def write_dl(self, rows: Iterable[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        """A definition a line."""
        if not self._plain:
            super().write_dl(rows, *args, **kwargs)
            return
        for term, meaning in rows:
            self.write(linear(f"{term}: {meaning}" if meaning else term) + "\n")


class PlainContext(click.Context):
    """The context of every command, for its help."""

    formatter_class = PlainFormatter


class LazyGroup(click.Group):
    """A group that lists its commands without importing them; ``--db`` may stand after the command too."""

    context_class = PlainContext

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        """Every command, in the order of a week's work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of this name, its module imported now; ``None`` where there is none."""
        if cmd_name not in COMMANDS:
            return None
        module, name, _ = COMMANDS[cmd_name]
        with nothing_collected():
            command: click.Command = getattr(import_module(f"tui.commands.{module}"), name)
        _accept_everywhere(command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the list of commands from the table, importing nothing."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, _, line) in COMMANDS.items()])


def _accept_everywhere(command: click.Command) -> None:
    """Give a command, and the commands below it, the options ``--db`` and ``--plain`` once."""
    command.context_class = PlainContext
    if not any("--db" in parameter.opts for parameter in command.params):
        hidden = isinstance(command, click.Group)
        command.params += [_db_option(hidden=hidden), _plain_option(hidden=hidden)]
    if isinstance(command, click.Group):
        for below in command.commands.values():
            _accept_everywhere(below)


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    params=[_db_option(), _plain_option()],
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit status: 0 done, 1 failed, 2 wrong usage, 3 done in part, 4 source changed, 5 locked.",
)
@click.version_option(__version__, prog_name="longlist")
@click.option(
    "--profile",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="A profile to open the interface with.",
)
@click.pass_context
@pass_settings
def cli(settings: Settings, context: click.Context, profile: Path | None) -> None:
    """Find, match and justify framework services for a public body.

    With no command, opens the full-screen interface on the catalogue.
    """
    if context.invoked_subcommand is None:
        open_interface(replace(settings, profile=profile))


def open_interface(settings: Settings) -> None:
    """Start the full-screen interface; needs a terminal on both ends, or a page to draw for."""
    drawn_elsewhere = bool(os.environ.get(DRIVER_VARIABLE))
    if settings.plain:
        say("The interface draws its screens. What they show can be had as plain text: longlist --help")
        raise click.exceptions.Exit(ExitCode.USAGE)
    if not (drawn_elsewhere or (sys.stdin.isatty() and sys.stdout.isatty())):
        say("The interface needs a terminal. For use in a pipe there are commands: longlist --help")
        raise click.exceptions.Exit(ExitCode.USAGE)
    # Among what is only loading there are no unused cycles: looking for them takes a twentieth of a second.
    gc.disable()
    try:
        app = import_module("tui.app")
        gc.freeze()
    finally:
        gc.enable()
    app.run_app(settings)


def main() -> None:
    """Entry point of the installed command: runs, and turns what goes wrong into a sentence and a status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # Windows consoles may still default to a legacy code page
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    status = run(sys.argv[1:])
    # The process ends: what lies in memory need not be looked through once more for unused cycles.
    gc.freeze()
    sys.exit(status)


def run(arguments: list[str], settings: Settings | None = None) -> int:  # noqa: PLR0911  one for each kind of end
    """Run the command line and return its exit status; never raises for what a user can cause.

    ``settings`` are those of this installation where none are given.
    """
    try:
        status = cli.main(arguments, prog_name="longlist", standalone_mode=False, obj=settings)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except LonglistError as error:
        say(f"longlist: {error}")
        return int(exit_status(error))
    except (KeyboardInterrupt, click.Abort):
        say("longlist: stopped. What was stored before is kept.")
        return int(ExitCode.FAILED)
    except BrokenPipeError:
        # The reader (head, less) went away: point the stream at nothing, so that closing it is silent.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return int(ExitCode.FAILED)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        reason = error.strerror or error
        say(f"longlist: {where}{reason}. Check the path, its permissions and the free space.")
        return int(ExitCode.FAILED)
    except Exception as fault:
        log = default_paths().log
        say(f"longlist: a fault in Longlist itself: {type(fault).__name__}: {fault}")
        if _noted(log):
            say(f"Nothing that was stored is lost. The details are in {log}; please report them.")
        return int(ExitCode.FAILED)
    return int(status) if isinstance(status, int) else 0


def _noted(log: Path) -> bool:
    """Append the traceback of the exception being handled to the log; whether that could be done."""
    from tui.commands.log import log_entry  # noqa: PLC0415  only a fault needs it

    if log_entry(log, f"longlist {__version__}\n{traceback.format_exc()}"):
        return True
    traceback.print_exc()
    return False
