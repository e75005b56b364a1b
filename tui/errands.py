"""What is done beside the interface: beginning it, watching it, and taking in what it brought."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from catalogue.errors import CatalogueError, LonglistError, UsageError
from catalogue.verdicts import verdict_of
from db.catalogue import Catalogue
from db.runs import runs
from tui.background import Ended
from tui.screens.ask import AskScreen
from tui.screens.ask_line import AskLineScreen
from tui.under_way import UnderWay

if TYPE_CHECKING:
    from tui.app import LonglistApp

#: Commands that are runs: what they did is in the run log.
_RUNS = ("scrape", "pull")
#: Statuses of a command that did what it was to do, wholly or in part; and of a run that was judged.
_WELL, _JUDGED = (0, 3), (0, 3, 4)


def is_refused(app: LonglistApp) -> bool:
    """Whether this is no place to start anything from; says so."""
    if app.is_web:
        app.say("That is done on the machine that serves these pages, not from a browser")
    elif app.session.settings.demo:
        back = (
            "0, then the last line, goes back to your own"
            if app.sample.is_open
            else "open your own: longlist"
        )
        app.say(f"This is the sample, which stays as it is; {back}")
    return app.is_web or app.session.settings.demo


def begin(app: LonglistApp, kind: str, title: str, arguments: Sequence[str] = ()) -> bool:
    """Start a command on the open catalogue; whether it was started. Why not is told."""
    if is_refused(app):
        return False
    try:
        app.background.begin(app.session.path, kind, title, arguments)
    except UsageError as error:
        app.tell(error)
        return False
    app.say(f"{title} has begun; you can go on working")
    app.sitting_changed.publish("background")
    return True


def ask_import(app: LonglistApp) -> None:
    """Ask for a file of service records, and read it."""

    def read(given: str | None) -> None:
        if given is not None:
            begin(app, "import", f"Reading {Path(given).name}", ["--", str(Path(given).expanduser())])

    if not is_refused(app):
        question = "Which file? Service records, one JSON object a line."
        app.push_screen(AskLineScreen("Import a file", question, "records.jsonl", _is_file), read)


def ask_pull(app: LonglistApp, last: str = "") -> None:
    """Ask where a catalogue was published, and bring it in."""

    def fetch(given: str | None) -> None:
        if given is not None:
            begin(app, "pull", "The pull", ["--", given])

    if not is_refused(app):
        question = "At which address is the catalogue published? Whoever looks after it can tell."
        app.push_screen(
            AskLineScreen("Pull a catalogue", question, "https://team.example/catalogue/", _is_address, last),
            fetch,
        )


def ask_publish(app: LonglistApp) -> None:
    """Ask for a folder, and write a copy of the catalogue for others there."""

    def write(given: str | None) -> None:
        if given is not None:
            begin(app, "publish", "Publishing", ["--", str(Path(given).expanduser())])

    if not is_refused(app):
        question = "Into which folder? A web server that offers it lets others pull the catalogue."
        app.push_screen(AskLineScreen("Publish the catalogue", question, "/srv/www/catalogue", _any), write)


def stop(app: LonglistApp, found: UnderWay | None) -> None:
    """Stop the run that is under way, whoever began it; another program's only when that is meant."""
    if is_refused(app):
        return
    if app.background.job is not None:
        app.background.stop()
        app.say("Stopping: it keeps what it has, and the next run goes on")
    elif found is None:
        app.say("Nothing is under way")
    elif not found.work.here:
        app.say(f"It runs on {found.work.host}; stop it there")
    else:
        _ask_to_stop(app, found)


def _ask_to_stop(app: LonglistApp, found: UnderWay) -> None:
    def answered(answer: str | None) -> None:
        if answer != "stop":
            return
        try:
            os.kill(found.work.process, signal.SIGTERM)
        except ProcessLookupError:
            app.say("It has ended already")
        except OSError:
            app.say("It runs under another account, which has to stop it")
        else:
            app.say("Stopping: it keeps what it has, and the next run goes on")

    app.push_screen(
        AskScreen(
            "Begun by another program",
            f"Run {found.run.id} was begun by another program on this machine (process "
            f"{found.work.process}), such as the timer. It keeps what it has, and the next run goes on.",
            {"leave": "Leave it running", "stop": "Stop it"},
        ),
        answered,
    )


def look_after(app: LonglistApp) -> None:
    """See whether what is under way has ended, and if so take in what it brought."""
    ended = app.background.look()
    if ended is not None:
        app.run_worker(_take_in(app, ended), group="errand")


async def _take_in(app: LonglistApp, ended: Ended) -> None:
    said = ended.said
    if ended.kind in _RUNS and ended.status in _JUDGED:
        with suppress(LonglistError):
            said = await app.session.ask(_last_verdict) or said
    await reload(app)
    app.clear_notifications()
    title = (
        f"{ended.title} has ended" if ended.status in _WELL else f"{ended.title} did not do all it was to do"
    )
    app.notify(
        said or "It said nothing.",
        title=title,
        severity="information" if ended.status == 0 else "warning",
        timeout=15,
        markup=False,
    )


def _last_verdict(catalogue: Catalogue) -> str:
    newest = next(iter(runs(catalogue)), None)
    return f"Run {newest.id}: {verdict_of(newest).told}" if newest is not None else ""


async def reload(app: LonglistApp) -> None:
    """Read the catalogue anew, on every screen."""
    with suppress(CatalogueError):
        await app.session.load()
    app.sitting_changed.publish("catalogue")


def ask_before_leaving(app: LonglistApp) -> bool:
    """Ask what is to become of what is under way. Whether there was anything to ask.

    Left alone it goes on, so asking for the second time is as good as an answer.
    """
    job = app.background.job
    if job is None or isinstance(app.screen, AskScreen):
        return False

    def answered(answer: str | None) -> None:
        if answer == "stop":
            app.background.stop()
        if answer is not None:
            app.leave()

    app.push_screen(
        AskScreen(
            "Still under way",
            f"{job.title} is not done yet. It can go on without this window, or end now in order: it keeps "
            "what it has, and the next time goes on from there.",
            {"leave": "Leave it running", "stop": "Stop it"},
        ),
        answered,
    )
    return True


Check = Callable[[str], str | None]


def _is_file(given: str) -> str | None:
    path = Path(given).expanduser()
    if path.is_dir():
        return "This is a folder; the name of a file in it is needed."
    return None if path.is_file() else "There is no such file."


def _is_address(given: str) -> str | None:
    return None if given.startswith(("http://", "https://")) else "An address begins with https://"


def _any(_given: str) -> str | None:
    return None
