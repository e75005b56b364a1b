"""Faults of the program itself: told as a message, written to the log, and survived where that is possible.

Textual ends an application at the first exception that nobody caught, and shows a traceback. A worker, a
timer or a key that failed leaves everything else whole, so one is told and works on. A widget that could not
take a message takes no other; then the interface ends in order, with a sentence.
"""

from __future__ import annotations

import traceback
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text
from textual.css.query import NoMatches
from textual.message import Message
from textual.message_pump import MessagePump
from textual.worker import WorkerFailed, get_current_worker

from catalogue import __version__
from catalogue.errors import LonglistError
from tui.commands.log import log_entry
from tui.widgets.plain import shown

if TYPE_CHECKING:
    from tui.app import LonglistApp

#: So many different faults in one sitting, and it is better to begin another.
_MOST = 20
#: Functions of Textual that report what they caught and go on: callbacks, timers, making and drawing widgets.
_GOES_ON = ("_flush_next_callbacks", "_tick", "_compose", "_refresh_layout", "_display")
#: The same, for what is done while there is no message.
_IDLE = ["_process_messages_loop", "invoke"]
_KEPT = "What was stored is kept"


class Steady(MessagePump):
    """An application or screen that a fault in one of its messages does not end; the first of the bases."""

    async def _dispatch_message(self, message: Message) -> None:
        try:
            await super()._dispatch_message(message)
        except Exception as fault:
            self.app._handle_exception(Survived(fault))


class Survived(Exception):
    """A fault behind which everything goes on; ``fault`` is what it was."""

    def __init__(self, fault: Exception) -> None:
        super().__init__(str(fault))
        self.fault = fault


def came_too_late(error: Exception) -> bool:
    """Whether a worker found the screen gone on which it was to show something; nobody waits for it.

    Textual takes the parts off a screen that closes before it stops what is under way on it.
    """
    if not isinstance(error, WorkerFailed) or not isinstance(error.error, NoMatches):
        return False
    return not all(node.is_running for node in get_current_worker().node.ancestors_with_self)


def report(app: LonglistApp, error: Exception, known: set[str]) -> None:
    """Tell a fault, keep what is not saved, and go on or end in order.

    ``known`` are the faults of this sitting: one that comes again is not told again.
    """
    fault, goes_on = _fault_in(error), _goes_on(error) and app.is_running
    if goes_on and isinstance(fault, LonglistError):
        app.tell(fault)
        return
    if goes_on and _where(fault) in known:
        return
    known.add(_where(fault))
    with suppress(Exception):  # what it is made of may be what broke
        app.keep()
    told = f"A fault in Longlist itself: {_in_words(fault)}."
    details = _written_down(app.session.settings.paths.log, fault)
    if goes_on and len(known) <= _MOST:
        what_to_do = f"{_KEPT}, and you can go on. Where a screen does not answer, go to another (F2 to F6)."
        app.notify(
            shown(f"{told} {what_to_do} {details}"),
            title="That did not work",
            severity="error",
            timeout=20,
            markup=False,
        )
    else:
        what_to_do = f"{_KEPT}, and changes to a profile too: start longlist again to go on."
        app.exit(return_code=1, message=Text(shown(f"longlist: {told} {what_to_do} {details}")))


def _goes_on(error: Exception) -> bool:
    """Whether what failed ends nothing but itself."""
    if isinstance(error, Survived | WorkerFailed):
        return True
    caught_in = [frame.name for frame in traceback.extract_tb(error.__traceback__, limit=2)]
    return bool(caught_in) and (caught_in[0] in _GOES_ON or caught_in == _IDLE)


def _fault_in(error: Exception) -> Exception:
    """The fault itself, out of what it was handed on in."""
    inner = error.fault if isinstance(error, Survived) else getattr(error, "error", None)
    return inner if isinstance(inner, Exception) else error


def _in_words(fault: Exception) -> str:
    said = " ".join(str(fault).split())
    return f"{type(fault).__name__}: {said}" if said else type(fault).__name__


def _where(fault: Exception) -> str:
    """Where it came from, which is the same when it comes again."""
    frames = traceback.extract_tb(fault.__traceback__)
    return f"{type(fault).__name__} {frames[-1].filename}:{frames[-1].lineno}" if frames else _in_words(fault)


def _written_down(log: Path, fault: Exception) -> str:
    """Append the fault to the log; the sentence that says where the details are."""
    details = "".join(traceback.format_exception(fault))
    if log_entry(log, f"longlist {__version__}\n{details}"):
        return f"The details are in {log}; please report them."
    return f"The details could not be written to {log}."
