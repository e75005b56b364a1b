"""How a screen acts on the open project: by somebody with a name, and telling what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from catalogue.errors import LonglistError, UsageError
from db.projects import ProjectStore
from tui.screens.base import LonglistScreen
from tui.screens.form import Entry, FormScreen, Values

T = TypeVar("T")

_WHO = (
    "The record answers for each step, so each has the name of who takes it. You are asked once; the name of "
    "the account on this machine is never taken for yours."
)


def ask_name(screen: LonglistScreen, then: Callable[[], object]) -> None:
    """Ask who works here, and go on."""
    session = screen.longlist.session

    async def take(values: Values) -> None:
        if not values["actor"]:
            raise UsageError("the record needs a name; a name and a role is as good")
        session.actor = values["actor"]

    form = FormScreen(
        "Who are you?",
        [Entry("actor", "Your name", session.actor or "", "name, or name and role")],
        take,
        about=_WHO,
        button="Go on",
    )
    screen.app.push_screen(form, lambda sent: _go_on(then) if sent else None)


def named(screen: LonglistScreen, then: Callable[[], object]) -> None:
    """Go on, once it is known who works here."""
    if screen.longlist.session.actor:
        then()
    else:
        ask_name(screen, then)


def form(
    screen: LonglistScreen,
    title: str,
    entries: Sequence[Entry],
    act: Callable[[ProjectStore, str, Values], T],
    *,
    said: Callable[[T], str],
    about: str = "",
    button: str = "Save",
    then: Callable[[], object] | None = None,
) -> None:
    """Ask for what an action needs, and take it; where it is refused, the reason stands in the form.

    ``said`` is what is told of what was done, ``then`` what follows it.
    """
    session = screen.longlist.session

    def ask() -> None:
        async def send(values: Values) -> None:
            done = await session.act(lambda store, name: act(store, name, values))
            screen.longlist.sitting_changed.publish("marks")
            screen.longlist.say(said(done))

        box = FormScreen(title, entries, send, about=about, button=button)
        screen.app.push_screen(box, lambda sent: _go_on(then) if sent else None)

    named(screen, ask)


def act_at_once(
    screen: LonglistScreen,
    waiting: str,
    act: Callable[[ProjectStore, str], T],
    *,
    said: Callable[[T], str],
) -> None:
    """Take an action that needs nothing filled in; a refusal is told."""
    session = screen.longlist.session

    async def take() -> None:
        try:
            with screen.waiting(waiting):
                done = await session.act(act)
        except LonglistError as error:
            screen.longlist.tell(error)
            return
        screen.longlist.sitting_changed.publish("marks")
        screen.longlist.say(said(done))

    def begin() -> None:
        screen.run_worker(take(), group="act")

    named(screen, begin)


def _go_on(then: Callable[[], object] | None) -> None:
    if then is not None:
        then()
