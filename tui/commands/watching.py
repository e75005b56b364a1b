"""Commands that run unattended: what they say goes into the log too, and a failure is told to somebody.

Whoever is told is named by ``--webhook`` and ``--on-failure``, or by ``webhook`` and ``on_failure`` in the
settings file. A message that cannot be delivered is said and logged, and never changes how the command ends.
"""

from __future__ import annotations

import json
import os
import platform
import shlex
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any, TypeVar

import click

from catalogue import __version__
from catalogue.errors import LonglistError
from catalogue.instants import instant
from catalogue.runs import Outcome, RunSummary
from db.catalogue import open_catalogue
from db.runs import runs as all_runs
from scrapers.fetch import user_agent
from scrapers.webhook import post_json
from tui.commands.edge import ExitCode, Settings, exit_status, listening, say, settings_of
from tui.commands.log import log_entry
from tui.commands.runs import run_as_json
from tui.commands.settings_file import setting

F = TypeVar("F", bound=Callable[..., Any])

#: How long the command to run on failure may take, in seconds.
_PATIENCE = 60
#: Ends that nobody needs to be woken for: all is well, or a few pages failed, which `longlist health` tells.
_QUIET = (ExitCode.DONE, ExitCode.PARTIAL)


def watched(command: F) -> F:
    """Decorator of a command's function: logs it, and tells of a failure. Adds the two options."""

    @click.option(
        "--on-failure",
        metavar="COMMAND",
        help="Run this when the command fails, with the report as JSON on its standard input.",
    )
    @click.option("--webhook", metavar="URL", help="Post the report as JSON there when the command fails.")
    @wraps(command)
    def watching(*args: Any, on_failure: str | None, webhook: str | None, **kwargs: Any) -> Any:
        context = click.get_current_context()
        settings = settings_of(context)
        name = context.info_name or "longlist"
        log = settings.paths.log
        said: list[str] = []
        began = datetime.now(UTC)
        process = f"longlist[{os.getpid()}]"

        def listen(text: str) -> None:
            said.append(text)
            log_entry(log, f"{process} {text}")

        log_entry(log, f"{process} {name} begins, catalogue {settings.db.absolute()}")
        status, by_hand = int(ExitCode.FAILED), False
        try:
            with listening(listen):
                result = command(*args, **kwargs)
            status = int(ExitCode.DONE)
            return result
        except click.exceptions.Exit as end:
            status = end.exit_code
            raise
        except LonglistError as error:
            status = int(exit_status(error))
            listen(str(error))
            raise
        except click.ClickException as error:
            status = error.exit_code
            listen(error.format_message())
            raise
        except (KeyboardInterrupt, click.Abort):
            by_hand = True
            raise
        except Exception as fault:
            listen(f"{type(fault).__name__}: {fault}")
            raise
        finally:
            log_entry(log, f"{process} {name} ends with status {status}")
            if not by_hand and (status not in _QUIET or _broke_off(settings, began)):
                report = _report(settings, name, status, said, began)
                tell(settings, report, on_failure=on_failure, webhook=webhook)

    return watching  # type: ignore[return-value]  # the same function with two options more


def tell(settings: Settings, report: dict[str, Any], *, on_failure: str | None, webhook: str | None) -> None:
    """Post the report and run the command, whichever is asked for. What fails is said and logged."""
    file = settings.paths.settings
    try:
        webhook = webhook or setting(file, "webhook", "a web address")
        on_failure = on_failure or setting(file, "on_failure", "a command")
    except LonglistError as error:
        _regret(settings, str(error))
    if webhook:
        try:
            post_json(webhook, report, agent=user_agent(__version__, None))
        except LonglistError as error:
            _regret(settings, str(error))
    if on_failure:
        _run(settings, on_failure, report)


def _run(settings: Settings, command: str, report: dict[str, Any]) -> None:
    """Run a command with the report on its standard input, and its status in the environment."""
    try:
        given: str | list[str] = command if os.name == "nt" else shlex.split(command)
        done = subprocess.run(  # noqa: S603  the maintainer's own command, without a shell
            given,
            input=json.dumps(report, ensure_ascii=False).encode(),
            stdout=sys.stderr.fileno() if _has_number(sys.stderr) else subprocess.DEVNULL,
            timeout=_PATIENCE,
            check=False,
            env=os.environ | {"LONGLIST_STATUS": str(report["status"]), "LONGLIST_TEXT": report["text"]},
        )
    except (OSError, ValueError, IndexError, subprocess.TimeoutExpired) as error:
        _regret(settings, f"on_failure: {command!r} could not be run: {error}")
        return
    if done.returncode:
        _regret(settings, f"on_failure: {command!r} ended with status {done.returncode}")


def _has_number(stream: Any) -> bool:
    """Whether a stream is one that another program can write to."""
    try:
        return bool(stream.fileno() >= 0)
    except (OSError, AttributeError, ValueError):
        return False


def _regret(settings: Settings, text: str) -> None:
    say(text)
    log_entry(settings.paths.log, f"longlist[{os.getpid()}] {text}")


def _report(settings: Settings, name: str, status: int, said: list[str], began: datetime) -> dict[str, Any]:
    """What happened, as a document: ``text`` is one line, which chats show as it is."""
    run = _run_since(settings, began)
    because = run.reason if run and run.reason else (said[-1] if said else "")
    first = " ".join(f"longlist {name} on {platform.node()} ended with status {status}: {because}".split())
    return {
        "text": first,
        "command": name,
        "status": status,
        "began": instant(began),
        "ended": instant(datetime.now(UTC)),
        "host": platform.node(),
        "catalogue": str(settings.db.absolute()),
        "longlist": __version__,
        "said": said,
        "run": run_as_json(run) if run else None,
    }


def _broke_off(settings: Settings, began: datetime) -> bool:
    """Whether the run fell silent half-way: done in part, but not as it should."""
    run = _run_since(settings, began)
    return run is not None and run.outcome is Outcome.FAILED


def _run_since(settings: Settings, began: datetime) -> RunSummary | None:
    """The run of this command, as the log of the catalogue has it, if it came so far."""
    try:
        if not settings.db.exists():
            return None
        with open_catalogue(settings.db, read_only=True) as catalogue:
            newest = next(iter(all_runs(catalogue)), None)
    except LonglistError:
        return None
    if newest is None or newest.ended is None or newest.ended < began.replace(microsecond=0):
        return None
    return newest
