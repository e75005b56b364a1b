"""The page of a service on the web: opened in a browser where there is one, else its link copied."""

from __future__ import annotations

import webbrowser
from typing import TYPE_CHECKING

from catalogue.records import ServiceRecord

if TYPE_CHECKING:
    from tui.app import LonglistApp


def open_page(app: LonglistApp, record: ServiceRecord | None) -> None:
    """Open the service's page in a browser, where there is one to open."""
    if record is None:
        return
    if not record.url or not record.url.startswith(("https://", "http://")):
        app.say("This service has no web address")
    elif not app.is_web and not _has_browser():
        app.copy_to_clipboard(record.url)
        app.say(f"There is no browser to open here; the link is copied instead: {record.url}")
    else:
        app.open_url(record.url)
        app.say(f"Opened {record.url}")


def copy_link(app: LonglistApp, record: ServiceRecord | None) -> None:
    """Copy the address of the service's page, by way of the terminal."""
    if record is None:
        return
    if not record.url:
        app.say("This service has no web address")
        return
    app.copy_to_clipboard(record.url)
    app.say(f"Copied {record.url}")


def _has_browser() -> bool:
    """Whether a browser can open in a window; one in the terminal would draw over the interface."""
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return False
    in_terminal = isinstance(browser, webbrowser.GenericBrowser) and not isinstance(
        browser, webbrowser.BackgroundBrowser
    )
    return not in_terminal and getattr(browser, "background", True)
