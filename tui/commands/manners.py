"""Manners towards the servers of others: a name with a contact, no hurry, and an end in order."""

from __future__ import annotations

import math
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import FrameType
from typing import NoReturn
from urllib.parse import urlsplit

from catalogue.errors import UsageError
from scrapers.source import Politeness
from tui.commands.edge import Settings
from tui.commands.settings_file import setting

#: A web or mail address where the source's operator can reach whoever runs this.
CONTACT_VARIABLE = "LONGLIST_CONTACT"


def paced(politeness: Politeness, delay: float | None, base_url: str, file: str) -> Politeness:
    """The delay asked for, which for servers of others may not be less than they allow."""
    if delay is None:
        return politeness
    if math.isnan(delay):  # lies within every range
        raise UsageError("--delay nan: expected a number of seconds")
    least = politeness.minimum_delay_seconds
    if delay < least and not is_local(base_url):
        raise UsageError(
            f"--delay {delay:g}: {base_url} may be asked every {least:g} seconds at most "
            f"(politeness.minimum_delay_seconds of {file})"
        )
    return replace(politeness, delay_seconds=delay)


def contact_address(settings: Settings) -> str | None:
    """Where whoever runs this can be reached, if that is set."""
    return os.environ.get(CONTACT_VARIABLE) or setting(
        settings.paths.settings, "contact", "a web or mail address"
    )


def contact(settings: Settings, *base_urls: str) -> str | None:
    """Where the source's operator can reach us. Servers of others are not asked without."""
    given = contact_address(settings)
    if given:
        if not given.isascii() or not given.isprintable():
            raise UsageError(f"contact: found {given!r}, expected a web or mail address in ASCII")
        return given
    others = [url for url in base_urls if not is_local(url)]
    if not others:
        return None
    raise UsageError(
        f"{others[0]} is asked under a name with which its operator can reach you: set "
        f"{CONTACT_VARIABLE} to a web or mail address, or write into {settings.paths.settings} a line like "
        f'contact = "https://council.example/contact"'
    )


def is_local(url: str) -> bool:
    """Whether a server is on this machine."""
    return urlsplit(url).hostname in ("127.0.0.1", "localhost", "::1")


@contextmanager
def interrupted_by_termination() -> Iterator[None]:
    """Let a request to terminate end the run in the same order as Ctrl-C."""

    def interrupt(_signal: int, _frame: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
