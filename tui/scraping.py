"""Beginning a scrape from the interface: what is to be fetched, and under whose name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from catalogue.errors import LonglistError
from catalogue.runs import RunSummary
from db.catalogue import Catalogue
from db.runs import runs
from tui import errands
from tui.commands.manners import contact_address, is_local
from tui.commands.settings_file import write_setting
from tui.screens.ask import AskScreen
from tui.screens.ask_line import AskLineScreen
from tui.widgets.plain import one_line

if TYPE_CHECKING:
    from tui.app import LonglistApp

_SERVICES = "marketplace"
#: Sources that can be chosen, and how a person calls what they hold.
SOURCES = {
    _SERVICES: "Services",
    "agreements": "Frameworks",
    "awards": "Awards",
    "organisations": "Public bodies",
}


def ask_what(app: LonglistApp) -> None:
    """Ask what is to be fetched, and begin."""
    if not errands.is_refused(app):
        app.run_worker(_ask_what(app), group="errand")


async def _ask_what(app: LonglistApp) -> None:
    try:
        last = await app.session.ask(last_run)
    except LonglistError:
        last = None

    def chosen(source: str | None) -> None:
        if source is not None:
            _begin(app, source, last if source == _SERVICES else None)

    told = (
        "Services come a page every second or two, beside your work. What was begun before is gone on with."
    )
    if last is not None:
        told += f" As last time: {one_line(last.key.base_url)}, scope {one_line(last.key.scope)}."
    app.push_screen(AskScreen("What is to be fetched?", told, SOURCES), chosen)


def last_run(catalogue: Catalogue) -> RunSummary | None:
    """The last run that looked for services, which the next one goes on with or does again."""
    return next((run for run in runs(catalogue) if run.key.source == _SERVICES and not run.key.ids), None)


def arguments_of(source: str, last: RunSummary | None) -> list[str]:
    """What to give to ``longlist scrape``: the same as last time."""
    if last is None:
        return [source]
    return [source, "--base-url", last.key.base_url, "--scope", last.key.scope]


def _begin(app: LonglistApp, source: str, last: RunSummary | None) -> None:
    """Begin; the servers of others are asked only under a name, which is asked for once."""
    arguments = arguments_of(source, last)
    settings = app.session.settings
    try:
        named = contact_address(settings) is not None or (last is not None and is_local(last.key.base_url))
    except LonglistError as error:
        app.tell(error)
        return
    if named:
        errands.begin(app, "scrape", "The scrape", arguments)
    else:
        _ask_contact(app, arguments)


def _ask_contact(app: LonglistApp, arguments: Sequence[str]) -> None:
    def take(contact: str | None) -> None:
        if contact is None:
            return
        try:
            write_setting(app.session.settings.paths.settings, "contact", contact)
        except LonglistError as error:
            app.tell(error)
            return
        errands.begin(app, "scrape", "The scrape", arguments)

    question = (
        "Where can the people of the site reach you? A web or mail address, which they see with every "
        "request. It is kept in your settings."
    )
    app.push_screen(
        AskLineScreen("Before the first page", question, "name@council.example", _is_contact), take
    )


def _is_contact(given: str) -> str | None:
    if not given.isascii() or not given.isprintable() or " " in given:
        return "Plain letters without spaces, please: name@council.example or https://council.example"
    if "@" in given or given.startswith(("http://", "https://")):
        return None
    return "This is neither a mail address (with @) nor a web address (with https://)."
