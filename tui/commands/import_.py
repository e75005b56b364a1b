"""``longlist import``: service records, one JSON object a line, into the catalogue."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import BinaryIO

import click

from catalogue.errors import RecordError, UsageError
from catalogue.records import ServiceRecord, decode_record
from db.catalogue import open_catalogue
from db.ingest import Ingested, ingest
from tui.commands.edge import ExitCode, Settings, is_plain, pass_settings, say, stop
from tui.commands.progress import counted

#: No record is longer: the longest listings come to some 60 kB.
_LONGEST_LINE = 8_000_000
#: Bad lines that are shown; the rest are counted.
_SHOWN = 20

#: How a file begins that is certainly not JSON Lines -> what it is, and what to do.
_OTHER_FILES = (
    (b"SQLite format 3\x00", "an SQLite file; if it is a catalogue, use it with --db"),
    (b"\x1f\x8b", "compressed with gzip; unpack it first"),
    (b"PK\x03\x04", "a ZIP archive or a spreadsheet; unpack or convert it first"),
    (b"\xff\xfe", "text in UTF-16; convert it to UTF-8 first"),
    (b"\xfe\xff", "text in UTF-16; convert it to UTF-8 first"),
    (b"<", "HTML or XML; to read service pages use longlist scrape"),
    (b"[", "one JSON array; write one record a line, such as with: jq -c '.[]'"),
)


@click.command("import")
@click.argument("file", type=click.File("rb"), metavar="FILE.jsonl")
@pass_settings
def import_(settings: Settings, file: BinaryIO) -> None:
    """Read service records from FILE.jsonl into the catalogue; - is standard input.

    One JSON object a line. A bad line is reported with its number and skipped; then the exit status is 3.
    Importing a file twice changes nothing.
    """
    lines = _Lines(file)
    lines.check_beginning()
    with (
        open_catalogue(settings.db, create=True) as catalogue,
        _progress(lines) as report,
    ):
        done = ingest(catalogue, lines.records(), at=datetime.now(UTC), on_progress=report)
    _tell(done, lines)
    if lines.bad:
        stop(ExitCode.PARTIAL if done.total else ExitCode.FAILED)


@dataclass(slots=True)
class _Lines:
    """The lines of a file on their way to records, with a count of those that were not."""

    file: BinaryIO
    read: int = 0
    bad: int = 0
    examples: list[str] = field(default_factory=list)
    ignored: Counter[str] = field(default_factory=Counter)
    _first: bytes = b""

    @property
    def name(self) -> str:
        """What the file is called in messages."""
        name = getattr(self.file, "name", "-")
        return "standard input" if name in ("-", "<stdin>", 0) else str(name)

    def check_beginning(self) -> None:
        """Raise `UsageError` for a file that holds something else altogether."""
        self._first = self.file.readline(_LONGEST_LINE)
        start = self._first.removeprefix(b"\xef\xbb\xbf").lstrip()
        if not self._first:
            raise UsageError(f"{self.name}: the file is empty; expected one service record a line")
        for beginning, what in _OTHER_FILES:
            if start.startswith(beginning):
                raise UsageError(
                    f"{self.name}: this is {what}. Expected one service record (JSON object) a line"
                )
        if b"\x00" in start:
            raise UsageError(
                f"{self.name}: not a text file; expected one service record (JSON object) a line"
            )

    def records(self) -> Iterator[ServiceRecord]:
        """The records of the good lines; bad ones are noted with their number."""
        number = 0
        for line in self._raw():
            number += 1
            self.read += len(line)
            text = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
            if not text.strip():
                continue
            ignored: list[str] = []
            try:
                if len(line) >= _LONGEST_LINE:
                    raise RecordError(
                        f"longer than {_LONGEST_LINE:,} bytes; expected one service record a line"
                    )
                yield decode_record(text, ignored=ignored)
            except RecordError as error:
                self.bad += 1
                if len(self.examples) < _SHOWN:
                    self.examples.append(f"line {number}: {error}")
            self.ignored.update(set(ignored))

    def _raw(self) -> Iterator[bytes]:
        line = self._first
        while line:
            yield line
            while len(line) >= _LONGEST_LINE and not line.endswith(b"\n"):
                line = self.file.readline(_LONGEST_LINE)
                self.read += len(line)
            line = self.file.readline(_LONGEST_LINE)


def _tell(done: Ingested, lines: _Lines) -> None:
    """Say what came of it."""
    for example in lines.examples:
        say(f"{lines.name}: {example}")
    if lines.bad > len(lines.examples):
        say(f"{lines.name}: and {lines.bad - len(lines.examples):,} more bad lines")
    for key, times in sorted(lines.ignored.items()):
        say(f"{lines.name}: key {key!r} is not part of a service record and was left out ({times:,} lines)")
    for kind, times in sorted(done.issue_counts.items()):
        issue = next(issue for issue in done.issues if issue.kind == kind)
        say(f"{kind}: {times:,} times, such as {issue.message} (service {issue.place})")
    counts = f"{done.added:,} added, {done.changed:,} changed, {done.unchanged:,} unchanged"
    say(f"{lines.name}: {counts}" + (f", {lines.bad:,} bad lines skipped" if lines.bad else ""))


@contextmanager
def _progress(lines: _Lines) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal, otherwise a line now and then, on standard error."""
    if is_plain() or not sys.stderr.isatty():
        yield counted("services read", time.monotonic)
        return
    from rich.console import Console  # noqa: PLC0415  only a terminal needs it
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    size = None
    if lines.file.seekable():
        size = lines.file.seek(0, 2)
        lines.file.seek(len(lines._first))
    columns = (TextColumn("{task.fields[records]:,} services"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task("import", total=size, records=0)
        yield lambda records: bars.update(task, completed=lines.read, records=records)
