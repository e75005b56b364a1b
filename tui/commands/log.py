"""The log: what commands that may run unattended said, and faults, in a file that does not grow for ever."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path

from catalogue.instants import instant

#: So large may the file grow, and so many older ones are kept beside it: a year of nightly runs.
_MOST_BYTES = 1_000_000
_KEPT = 5


class _Strict(RotatingFileHandler):
    """A handler whose caller hears what went wrong; the standard one prints a traceback and goes on."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002  logging's signature
        """Raise what was being handled."""
        raise  # noqa: PLE0704  called where an exception is handled


def log_entry(log: Path, text: str) -> bool:
    """Append an entry with the time; whether that could be done. Never raises for the log's sake."""
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        handler = _Strict(log, maxBytes=_MOST_BYTES, backupCount=_KEPT, encoding="utf-8", delay=True)
        try:
            handler.emit(logging.makeLogRecord({"msg": f"{instant(datetime.now(UTC))} {text}"}))
        finally:
            handler.close()
    except (OSError, UnicodeEncodeError):
        return False
    return True
