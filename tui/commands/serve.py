"""``longlist serve``: the interface in a web browser, for people who cannot install anything."""

from __future__ import annotations

import os
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import click

from catalogue.errors import LonglistError, UsageError
from db.catalogue import open_catalogue
from tui.commands.edge import Settings, pass_settings, say
from tui.commands.paths import ACTOR_VARIABLE
from tui.matching import read_profile
from tui.serving.doors import Doors, is_loopback, origin_of

#: What the optional extra brings, by the names it is imported by.
_EXTRA = ("textual_serve", "aiohttp")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Listen at this address.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Listen at this port; 0 takes one that is free.",
)
@click.option(
    "--public-url", metavar="URL", help="Where a proxy offers it, such as https://longlist.council.example"
)
@click.option(
    "--actor-header",
    metavar="NAME",
    help="The header in which the proxy names who has signed on; nobody comes in without one.",
)
@click.option(
    "--expose", is_flag=True, help="Listen for other machines, although whoever reaches the port comes in."
)
@click.option(
    "--visitors", type=click.IntRange(1), default=10, show_default=True, help="At most so many at a time."
)
@click.option(
    "--profile",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The profile that every visit opens with.",
)
@pass_settings
def serve(
    settings: Settings,
    *,
    host: str,
    port: int,
    public_url: str | None,
    actor_header: str | None,
    expose: bool,
    visitors: int,
    profile: Path | None,
) -> None:
    """Offer the interface to web browsers, for people who cannot install anything.

    Each visitor gets a process of their own on this catalogue. It listens on this machine alone unless told
    otherwise, and has no sign-on of its own: docs/serving.md says how to put it behind a proxy that has.
    Needs the extra "serve". Ctrl-C ends it.
    """
    doors = Doors(host, public_url and origin_of(public_url), actor_header)
    _check_doors(doors, port, expose=expose)
    _check_extra()
    if profile is not None:
        read_profile(profile)
    with open_catalogue(settings.db, read_only=True):
        pass
    server = import_module("tui.serving.server")
    server.serve(server.Offer(replace(settings, profile=profile), doors, port, visitors))


def _check_doors(doors: Doors, port: int, *, expose: bool) -> None:
    """Raise `UsageError` for what would let people in by mistake; warn of what does so on purpose."""
    if doors.actor_header is not None:
        if doors.public_url is None:
            raise UsageError(
                "--actor-header is for the name that a proxy gives; say where the proxy is with --public-url"
            )
        if not doors.actor_header.isascii() or not doors.actor_header.replace("-", "").isalnum():
            raise UsageError(
                f"--actor-header {doors.actor_header!r}: expected the name of a header, such as X-Remote-User"
            )
    if not is_loopback(doors.host):
        if not expose:
            raise UsageError(
                f"--host {doors.host}: other machines could come in there, and nobody would have to sign on. "
                "Put it behind a proxy (docs/serving.md), or add --expose if that is meant"
            )
        say(
            f"Warning: whoever reaches port {port} of this machine can use Longlist in your name, without "
            "signing on: search, change projects, and read and write files as your account can. What they "
            "type and see travels unencrypted. docs/serving.md says how to put it behind a proxy."
        )
    if doors.public_url is not None and urlsplit(doors.public_url).scheme == "http":
        say("Warning: --public-url is not https: what visitors type and see can be read on the way.")
    if doors.for_others and os.environ.get(ACTOR_VARIABLE):
        say(
            f"Note: {ACTOR_VARIABLE} is yours and is not passed on to visitors; "
            + (
                "each has the name that the proxy gives."
                if doors.actor_header
                else "they have none: see --actor-header."
            )
        )


def _check_extra() -> None:
    """Raise `LonglistError` with what to install where the optional extra is absent."""
    absent = [name for name in _EXTRA if find_spec(name) is None]
    if absent:
        raise LonglistError(
            f"serving needs an extra that is not installed ({', '.join(absent)} absent). In a clone: "
            "uv tool install '.[serve]', or: pipx install '.[serve]', or: pip install '.[serve]'"
        )
