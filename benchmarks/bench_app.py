"""What somebody at a terminal waits for: the installed command in a pseudo-terminal, keys in, paint out.

    python benchmarks/bench_app.py CATALOGUE.db [--repeat 3]

The catalogue is copied, and the interface begins as it was left after its first tour. Two figures for each
thing: by the clock, which is what is felt, and the processor time of the program, which other programs on the
machine change less. "Painted" is the last change of the part of the screen that was asked for: of the list
and the count of services for a letter typed, of the whole screen for the rest; "first" is the first. Every
figure has in it the pause in which Browse waits for the next letter. Linux only, as it reads /proc.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.terminal import Moment, Painted, Terminal  # noqa: E402
from db.catalogue import open_catalogue  # noqa: E402
from db.reading import read_records  # noqa: E402
from tests.loopback import marketplace_of  # noqa: E402

COMMAND = [str(Path(sys.executable).parent / "longlist")]
PROFILE = ROOT / "catalogue" / "sample" / "profiles" / "brackwater.toml"
SIZES = ((120, 40), (80, 24))
TYPED = ("council tax", "northgate revs", "blue bage", "data migration")
OPENED, MOVED, PRESSED = 20, 40, 150
#: Services of the marketplace that is scraped meanwhile, and seconds between its requests and two keys.
_SCRAPED, _DELAY, _BETWEEN = 400, "0.02", 0.1
#: Seconds after which a key is taken to change nothing.
_UNANSWERED = 3.0
_ESCAPE, _ENTER, _DOWN, _UP, _RIGHT = "\x1b", "\r", "\x1b[B", "\x1b[A", "\x1b[C"
_PLACES = {
    "Home": "\x1b[20~",
    "Browse": "\x1bOQ",
    "Project": "\x1bOS",
    "Profile": "\x1b[15~",
    "Upkeep": "\x1b[17~",
}
_SERVICES = re.compile(r"[\d,]+ services")

Took = tuple[float, float]


def main() -> None:
    """Measure at both sizes and print one table for each."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("catalogue", type=Path)
    parser.add_argument("--repeat", type=int, default=3, help="starts of the interface")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-app-") as folder:
        db = Path(folder) / "catalogue.db"
        shutil.copyfile(options.catalogue, db)
        environment = {**os.environ, "LONGLIST_HOME": folder, "LONGLIST_ACTOR": "Ines Tolland"}
        environment.pop("LONGLIST_PLAIN", None)
        for size in SIZES:
            _measure(
                [*COMMAND, "--db", str(db), "--profile", str(PROFILE)], size, environment, options.repeat
            )


def _measure(command: Sequence[str], size: tuple[int, int], environment: dict[str, str], repeat: int) -> None:
    with _opened(command, size, environment) as (terminal, _):  # past the tour of the first sitting
        terminal.still()
        terminal.send(_ESCAPE)
        terminal.still()
        terminal.send("\x11")
        terminal.process.wait(30)
    table = Table(size)
    for number in range(repeat):
        with _opened(command, size, environment) as (terminal, ready):
            table.add("start to the list of services", [ready.at.since(terminal.began)], goal=1000)
            if number < repeat - 1:
                continue
            terminal.still(1.5)
            table.remember("opened", terminal)
            _browse(terminal, table)
            _places(terminal, table)
            _matches(terminal, table)
            _scrape(terminal, table, command, environment)
    table.print()


@contextmanager
def _opened(
    command: Sequence[str], size: tuple[int, int], environment: dict[str, str]
) -> Iterator[tuple[Terminal, Painted]]:
    terminal = Terminal(command, size, environment)
    try:
        yield terminal, terminal.until(lambda lines: bool(_SERVICES.search("\n".join(lines[:6]))), "start")
    finally:
        terminal.close()


class Table:
    """What was measured at one size."""

    def __init__(self, size: tuple[int, int]) -> None:
        self._size = size
        self._took: dict[str, list[Took]] = {}
        self._goals: dict[str, int | None] = {}
        self._memory: list[tuple[str, tuple[float, float, float]]] = []

    def add(self, what: str, took: Sequence[Took], *, goal: int | None = None) -> None:
        """Add measurements of one thing; the goal is in milliseconds."""
        self._took.setdefault(what, []).extend(took)
        print(what, file=sys.stderr, flush=True)
        self._goals[what] = goal

    def remember(self, when: str, terminal: Terminal) -> None:
        """Note the memory of the program."""
        self._memory.append((when, terminal.memory()))

    def print(self) -> None:
        """Write it as Markdown."""
        columns, rows = self._size
        load = " ".join(f"{each:.1f}" for each in os.getloadavg())
        print(f"\n{columns} by {rows}; load of the machine over 1, 5 and 15 minutes: {load}\n")
        print("| ms by the clock (of a processor) | times | p50 | p95 | max | goal |")
        print("| --- | --- | --- | --- | --- | --- |")
        for what, took in self._took.items():
            cells = [f"{wall:,.0f} ({cpu:,.0f})" for wall, cpu in _cuts(took)]
            print(f"| {what} | {len(took)} | {' | '.join(cells)} | {self._goals[what] or ''} |")
        print("\n| MB | resident | not shared | not pages of a file |\n| --- | --- | --- | --- |")
        for when, (resident, unshared, own) in self._memory:
            print(f"| {when} | {resident:.0f} | {unshared:.0f} | {own:.0f} |", flush=True)


def _cuts(took: Sequence[Took]) -> list[Took]:
    """Median, 95th percentile and highest of each figure."""

    def of(times: list[float]) -> tuple[float, float, float]:
        cuts = statistics.quantiles(times, n=20, method="inclusive") if len(times) > 1 else times * 19
        return statistics.median(times), cuts[18], max(times)

    walls, cpus = of([wall for wall, _ in took]), of([cpu for _, cpu in took])
    return list(zip(walls, cpus, strict=True))


def _whole(lines: Sequence[str]) -> object:
    return tuple(lines)


def _changed(
    terminal: Terminal, before: Sequence[str], began: Moment, part: Callable[[Sequence[str]], object] = _whole
) -> tuple[Took, Took] | None:
    """When this part of the screen changed first and last; ``None`` where it did not."""
    looked, times = part(before), list[Took]()
    for painted in terminal.still():
        if (now := part(painted.lines)) != looked:
            looked = now
            times.append(painted.at.since(began))
    return (times[0], times[-1]) if times else None


def _services(lines: Sequence[str]) -> object:
    """The count in the frame of the search box, and the middle of the list, without filters and preview."""
    text = "\n".join(lines)
    counts = _SERVICES.search(text)
    wide = len(lines) > SIZES[1][1]
    return counts and counts[0], tuple(line[32:75] if wide else line for line in lines[7:-2])


def _scores(lines: Sequence[str]) -> object:
    """The scores of the matches on the screen."""
    return re.findall(r"\s(\d+\.\d) ", "\n".join(lines))


def _press(
    terminal: Terminal, keys: str, part: Callable[[Sequence[str]], object] = _whole
) -> tuple[Took, Took] | None:
    before = terminal.shown()
    return _changed(terminal, before, terminal.send(keys), part)


def _browse(terminal: Terminal, table: Table) -> None:
    typed, moved, first, whole = (list[Took]() for _ in range(4))
    for text in TYPED:
        for letter in text:
            if took := _press(terminal, letter, _services):
                typed.append(took[1])
        _press(terminal, _ESCAPE)
        _press(terminal, "\x15")
    table.add("letter typed to its results", typed, goal=100)
    table.remember("after searching", terminal)
    for letter in "council":
        _press(terminal, letter)
    _press(terminal, _ENTER)
    for _ in range(MOVED):
        if took := _press(terminal, _DOWN):
            moved.append(took[0])
    table.add("cursor moved, painted", moved, goal=100)
    for _ in range(OPENED):
        _press(terminal, _DOWN)
        if took := _press(terminal, _ENTER):
            first.append(took[0])
            whole.append(took[1])
        _press(terminal, _ESCAPE)
    table.add("a service opened, first paint", first, goal=50)
    table.add("a service opened, all of it", whole)
    table.remember("after opening services", terminal)


def _places(terminal: Terminal, table: Table) -> None:
    for name in ("place gone to for the first time", "place gone to again"):
        first, whole = list[Took](), list[Took]()
        for key in _PLACES.values():
            if took := _press(terminal, key):
                first.append(took[0])
                whole.append(took[1])
        table.add(f"{name}, first paint", first, goal=100)
        table.add(f"{name}, all of it", whole)
    table.remember("after every other place", terminal)


def _matches(terminal: Terminal, table: Table) -> None:
    began = terminal.send("\x1bOR")
    found = terminal.until(lambda lines: bool(re.search(r"\d+ matches", "\n".join(lines))), "matches")
    table.add("Matches for the first time", [found.at.since(began)])
    terminal.still(1.0)
    table.remember("with Matches", terminal)
    _press(terminal, "w")
    tried = [took[1] for _ in range(20) if (took := _press(terminal, _RIGHT, _scores))]
    table.add("weight tried, painted", tried, goal=100)
    _press(terminal, "z")
    _press(terminal, _ESCAPE)


def _scrape(terminal: Terminal, table: Table, command: Sequence[str], environment: dict[str, str]) -> None:
    """Move the cursor of Browse ten times a second, first alone, then while a scrape adds services."""
    terminal.send(_PLACES["Browse"])
    terminal.still()
    table.add("cursor moved ten times a second", _keys(terminal, lambda: False), goal=200)
    db = Path(command[2])
    with open_catalogue(db, read_only=True) as catalogue:
        ids = [row[0] for row in catalogue.rows(f"SELECT id FROM service LIMIT {_SCRAPED}")]
        records = list(read_records(catalogue, ids))
    with marketplace_of(records).serving() as market:
        asked = ["scrape", "--base-url", market.url, "--scope", "all", "--delay", _DELAY, "--no-resume"]
        scrape = subprocess.Popen(
            [*COMMAND, *asked, "--db", str(db)],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        table.add("the same while a scrape runs", _keys(terminal, lambda: scrape.poll() is None), goal=200)
        scrape.wait()
    table.remember("after the scrape", terminal)


def _keys(terminal: Terminal, goes_on: Callable[[], bool]) -> list[Took]:
    """How long each key waits for its paint; at least so many keys, and while this goes on."""
    took, number = list[Took](), 0
    while number < PRESSED or goes_on():
        before = terminal.shown()
        began = terminal.send(_UP if number % 2 else _DOWN)
        number += 1
        until = began.wall + _BETWEEN
        answered: Moment | None = None
        while (left := until - terminal.now().wall) > 0 or (answered is None and left > -_UNANSWERED):
            terminal.read(max(left, 0.01))
            for painted in terminal.take():
                if answered is None and painted.lines != tuple(before):
                    answered = painted.at
        if answered is not None:
            took.append(answered.since(began))
    return took


if __name__ == "__main__":
    main()
