"""The edge of the command line: exit statuses, what goes to which stream, and errors as sentences.

Data goes to standard output; everything else goes to standard error through `say`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import IntEnum
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, NoReturn, ParamSpec, TypeVar

import click
import msgspec

from catalogue.errors import LockHeld, LonglistError, ProfileError, SourceShapeError, UsageError
from catalogue.records import strip_controls
from tui.commands.paths import ACTOR_VARIABLE, Paths, default_paths
from tui.commands.plain import labelled, linear, plain_by_environment

P = ParamSpec("P")
R = TypeVar("R")


class ExitCode(IntEnum):
    """The exit statuses that scripts may depend on."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    PARTIAL = 3
    SOURCE = 4
    LOCKED = 5


def utc_now() -> datetime:
    """The time of this machine's clock, aware."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Settings:
    """What every command knows: the catalogue file chosen, and the places of this installation.

    ``profile`` is a profile to open the interface with, ``demo`` says that the catalogue is a temporary
    copy of the fictional sample. ``actor`` is who works here, as that person says: the name of the account
    is never taken for it. ``clock`` gives the time, aware. ``plain`` says that text is for who listens to it.
    """

    db: Path
    paths: Paths = field(default_factory=default_paths)
    profile: Path | None = None
    demo: bool = False
    actor: str | None = field(default_factory=lambda: os.environ.get(ACTOR_VARIABLE))
    clock: Callable[[], datetime] = utc_now
    plain: bool = field(default_factory=plain_by_environment)


def settings_of(context: click.Context) -> Settings:
    """The settings of this invocation, made on first use."""
    root = context.find_root()
    if not isinstance(root.obj, Settings):
        paths = default_paths()
        root.obj = Settings(db=paths.catalogue, paths=paths)
    return root.obj


def choose_catalogue(context: click.Context, _parameter: click.Parameter, value: Path | None) -> None:
    """Callback of ``--db``, wherever on the command line it stands."""
    if value is not None:
        context.find_root().obj = replace(settings_of(context), db=value)


def choose_plain(context: click.Context, _parameter: click.Parameter, value: bool) -> None:
    """Callback of ``--plain``, wherever on the command line it stands."""
    if value:
        context.find_root().obj = replace(settings_of(context), plain=True)


def is_plain() -> bool:
    """Whether this invocation writes plain text."""
    context = click.get_current_context(silent=True)
    return plain_by_environment() if context is None else settings_of(context).plain


def pass_settings(command: Callable[Concatenate[Settings, P], R]) -> Callable[P, R]:
    """Decorator of a command: gives it the `Settings` as its first argument."""

    @wraps(command)
    def with_settings(*args: P.args, **kwargs: P.kwargs) -> R:
        from db.hearing import hearer  # noqa: PLC0415  commands load the catalogue, help does not

        hearer.set(say)
        return command(settings_of(click.get_current_context()), *args, **kwargs)

    return with_settings


def tell(text: str) -> None:
    """Write lines of data for a person to standard output, without control characters, plain where asked."""
    click.echo(linear(text) if is_plain() else strip_controls(text))


def tell_row(*fields: tuple[str, str], below: bool = False) -> None:
    """Write a row of a list: the values side by side, or in plain text a line for each behind its label.

    A row that begins another thing is apart from the one before; one ``below`` belongs to it.
    """
    if is_plain():
        told = [linear(line) for line in labelled((label, value or None) for label, value in fields)]
        click.echo("\n".join(told if below else ["", *told]))
    else:
        click.echo("\t" * below + "\t".join(strip_controls(value) for _, value in fields))


#: Who else hears what is said, such as the log of a command that runs unattended.
_LISTENER: ContextVar[Callable[[str], None] | None] = ContextVar("listener", default=None)


def say(text: str = "") -> None:
    """Tell the user something that is not data: on standard error, without control characters."""
    click.echo(linear(text) if is_plain() else strip_controls(text), err=True)
    if (listener := _LISTENER.get()) is not None:
        listener(strip_controls(text))


@contextmanager
def listening(listener: Callable[[str], None]) -> Iterator[None]:
    """Let somebody else hear, too, what is said until the end of the block."""
    token = _LISTENER.set(listener)
    try:
        yield
    finally:
        _LISTENER.reset(token)


def print_json(value: Any) -> None:
    """Write one JSON document to standard output, readable and with a fixed layout."""
    # The layout of `json.dumps`, of which that of the standard library takes half a second for a large match.
    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2))


def stop(status: ExitCode) -> NoReturn:
    """End the command with this exit status."""
    raise click.exceptions.Exit(int(status))


def exit_status(error: LonglistError) -> ExitCode:
    """The exit status that an error ends the program with."""
    if isinstance(error, UsageError | ProfileError):
        return ExitCode.USAGE
    if isinstance(error, SourceShapeError):
        return ExitCode.SOURCE
    if isinstance(error, LockHeld):
        return ExitCode.LOCKED
    return ExitCode.FAILED
