"""What a key in Browse costs, and opening a service: processor time in the application without a terminal.

    python benchmarks/bench_browse.py CATALOGUE.db [--profile PROFILE.toml]

Each letter of some searches is typed by itself. "Painted" is from the key until the results of that key were
drawn, "counted" from there until every filter showed its counts; "open" from Enter until the service was
drawn with its title and text. With a profile, "evidence" is from the key of its tab until it was drawn: of
the first service of a sitting, and of the others. The pause before a search is taken out, as nothing is
computed in it, and old objects are left alone, as the application does while somebody is at work.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from textual.screen import Screen

from tests.interface import press, settle
from tui.app import make_app
from tui.commands.edge import Settings
from tui.screens import browse
from tui.screens.browse import BrowseScreen
from tui.screens.service import ServiceScreen
from tui.tidying import Tidying
from tui.widgets.filters import FilterList

TYPED = (
    *("council tax", "housing repairs", "northgate revs and bens", "cloud services", "payroll and hr"),
    *("blue bage", "case managment", "single sign on", "data migration", "penetration testing"),
)
OPENED = 40

Paint = tuple[float, Screen[Any]]


def main() -> None:
    """Type, open, and print what each took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("catalogue", type=Path)
    parser.add_argument("--profile", type=Path)
    given = parser.parse_args()
    asyncio.run(_measure(given.catalogue, given.profile))


async def _measure(path: Path, profile: Path | None) -> None:
    browse._PAUSE = 0.0
    Tidying().begin()
    app = make_app(Settings(db=path, profile=profile), clock=lambda: datetime.now(UTC), state=None)
    painted: list[Paint] = []
    display = app._display

    def drawn(screen: Screen[Any], renderable: Any) -> None:
        display(screen, renderable)
        painted.append((time.process_time(), screen))

    app._display = drawn  # type: ignore[method-assign]
    shown = _noted(BrowseScreen, "_show")
    counted = _noted(FilterList, "show")
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await settle(pilot)
        keys: list[float] = []
        counts: list[float] = []
        for text in TYPED:
            for letter in text:
                for times in (shown, counted, painted):
                    times.clear()
                began = time.process_time()
                await press(pilot, "space" if letter == " " else letter)
                if shown:
                    at = next((at for at, _ in painted if at > shown[-1]), shown[-1])
                    keys.append(at - began)
                    counts.append(max(0.0, counted[-1] - at))
            await press(pilot, *(["escape"] * 2), "slash")
        await press(pilot, *"council", "down")
        opening: list[float] = []
        judging: list[float] = []
        for _ in range(OPENED):
            await press(pilot, "down")
            painted.clear()
            began = time.process_time()
            await press(pilot, "enter")
            opening.append(_first(painted) - began)
            if profile is not None:
                began = time.process_time()
                await press(pilot, "v")
                judging.append(time.process_time() - began)
            await press(pilot, "escape")
    rows = {"key to results painted": keys, "from there to counts": counts, "open": opening}
    if judging:
        print(f"First evidence: {judging[0] * 1000:.0f} ms.\n")
        rows["evidence of others"] = judging[1:]
    print("| | p50 ms | p95 ms | max ms |\n| --- | --- | --- | --- |")
    for name, times in rows.items():
        cuts = statistics.quantiles(times, n=20)
        print(f"| {name} | {cuts[9] * 1000:.0f} | {cuts[18] * 1000:.0f} | {max(times) * 1000:.0f} |")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\nPeak memory {peak:.0f} MB, with the pages of the catalogue that are mapped; {_own()} without.")


def _own() -> str:
    """Memory at the end that is not a page of a file, where the system tells."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    own = next((line.split()[1] for line in lines if line.startswith("RssAnon")), None)
    return f"{int(own) / 1024:.0f} MB" if own else "not known"


def _first(painted: list[Paint]) -> float:
    """When a service was first drawn with its record."""
    return next(
        at for at, screen in painted if isinstance(screen, ServiceScreen) and screen.record is not None
    )


def _noted(owner: type, name: str) -> list[float]:
    """Keeps the times at which a method ended."""
    method: Callable[..., Any] = getattr(owner, name)
    times: list[float] = []

    def noted(*args: Any) -> Any:
        result = method(*args)
        times.append(time.process_time())
        return result

    setattr(owner, name, noted)
    return times


if __name__ == "__main__":
    main()
