"""Progress of a run on standard error: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from scrapers.plan import Progress
from tui.commands.edge import is_plain, say

#: Seconds between two lines where there is no terminal.
_LINE_EVERY = 30.0
#: The same for work on this machine.
_COUNT_EVERY = 10.0


@contextmanager
def shown_progress(title: str) -> Iterator[Callable[[Progress], None]]:
    """Show what is reported until the end of the block."""
    if sys.stderr.isatty() and not is_plain():
        with _bar(title) as report:
            yield report
    else:
        yield lines(time.monotonic)


def lines(monotonic: Callable[[], float]) -> Callable[[Progress], None]:
    """A line at the first report, at the last, and every half minute between."""
    last: float | None = None

    def report(progress: Progress) -> None:
        nonlocal last
        moment = monotonic()
        is_end = progress.total is not None and progress.done == progress.total
        if last is None or is_end or moment - last >= _LINE_EVERY:
            last = moment
            say(described(progress))

    return report


def counted(what: str, monotonic: Callable[[], float]) -> Callable[[int], None]:
    """A line now and then with how many of ``what`` were done, for work on this machine."""
    last = monotonic()

    def report(number: int) -> None:
        nonlocal last
        if monotonic() - last >= _COUNT_EVERY:
            last = monotonic()
            say(f"{number:,} {what}")

    return report


@contextmanager
def shown_bytes(title: str, total: int) -> Iterator[Callable[[int], None]]:
    """Show how many bytes of ``total`` have arrived until the end of the block."""
    if is_plain() or not sys.stderr.isatty():
        yield counted(f"of {total:,} bytes fetched", time.monotonic)
        return
    from rich.console import Console  # noqa: PLC0415  only a terminal needs it
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415
    from rich.progress import Progress as Bars  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task(title, total=total)
        yield lambda done: bars.update(task, completed=done)


def described(progress: Progress) -> str:
    """A report in words."""
    if progress.stage == "publishing":
        return f"{progress.done} changed services stored"
    if progress.stage == "reading":
        return f"{progress.done} of {progress.total} pages of the archive read"
    if progress.stage not in ("listing", "services"):
        return f"{progress.stage}: {progress.done} records so far, {progress.requests} requests"
    if progress.total is None:
        return f"{progress.done} services listed, {progress.requests} requests"
    return f"{progress.done} of {progress.total} service pages, {progress.requests} requests"


@contextmanager
def _bar(title: str) -> Iterator[Callable[[Progress], None]]:
    from rich.console import Console  # noqa: PLC0415  only a terminal needs it
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415
    from rich.progress import Progress as Bars  # noqa: PLC0415

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task(f"{title}: listings", total=None, rate="")
        began: float | None = None

        def report(progress: Progress) -> None:
            nonlocal began
            if progress.total is None:
                stage = {"listing": "listings", "publishing": "storing"}.get(progress.stage, progress.stage)
                bars.update(task, description=f"{title}: {stage}", completed=progress.done, total=None)
                return
            moment = time.monotonic()
            began = moment if began is None else began
            minutes = (moment - began) / 60
            rate = (
                f"{(progress.done - 1) / minutes:.0f} a minute" if minutes > 0 and progress.done > 1 else ""
            )
            description = f"{title}: pages"
            bars.update(
                task, description=description, completed=progress.done, total=progress.total, rate=rate
            )

        yield report
