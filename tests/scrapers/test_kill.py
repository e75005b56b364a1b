"""kill -9 at fifty random moments of a run: nothing lost, nothing doubled, never half of it to be seen."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests import render
from tests.loopback import NOT_FOUND, Marketplace, marketplace_of, page
from tests.scrapers.records import LOTS, asked, path, service

MOMENTS = 50
YESTERDAY = [service(number, lot=LOTS[number % 4]) for number in range(1, 8)]
GONE, BROKEN = YESTERDAY[3], YESTERDAY[4]
TODAY = [
    *(
        msgspec.structs.replace(record, description="For all.", sections=asked(How_deep="Very"))
        for record in YESTERDAY[:3]
    ),
    *YESTERDAY[4:],
    service(8, lot="saas"),
]

Order = Callable[[Path, int | None], dict[str, Any]]


@pytest.fixture(scope="module")
def site() -> Iterator[Marketplace]:
    with marketplace_of(YESTERDAY).serving() as marketplace:
        yield marketplace


@pytest.fixture(scope="module")
def order(site: Marketplace, root: Path) -> Iterator[Order]:
    """Have a scrape run, to be killed at a moment; or, without a moment, a look taken."""
    command = [sys.executable, str(root / "tests" / "scrapers" / "killed.py"), site.url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        stdin, stdout = program.stdin, program.stdout

        def give(db: Path, moment: int | None) -> dict[str, Any]:
            stdin.write(json.dumps({"db": str(db), "moment": moment}) + "\n")
            stdin.flush()
            answer: dict[str, Any] = json.loads(stdout.readline())
            return answer

        yield give


@pytest.fixture(scope="module")
def yesterday(site: Marketplace, order: Order, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalogue with its archive after a healthy run; the marketplace is another one from now on."""
    folder = tmp_path_factory.mktemp("yesterday")
    assert order(folder / "catalogue.db", 0)["ended"] == 0
    for record in TODAY:
        site.put(path(record), page(render.service_page(record)))
    site.put(path(GONE), NOT_FOUND)
    site.put(path(BROKEN), page("<main><h1>Technical difficulties</h1></main>"))
    for lot in LOTS:
        for address, text in render.listing_pages(lot, [r for r in TODAY if r.lot.slug == lot]):
            site.put(address, page(text))
    return folder


def looked(found: dict[str, Any]) -> dict[str, Any]:
    """What two runs must agree on: of requests, the ones under way at the kill are made again."""
    counts = {
        name: number for name, number in found["counts"].items() if name not in ("requests", "answer_ms")
    }
    return found | {"counts": counts, "steps": 0}


@pytest.mark.skipif(os.name != "posix", reason="forks, and Windows cannot")
def test_a_run_killed_at_any_moment_is_gone_on_with_as_if_nothing_had_been(
    site: Marketplace, order: Order, yesterday: Path, tmp_path: Path
) -> None:
    before = order(yesterday / "catalogue.db", None)
    whole = order(shutil.copytree(yesterday, tmp_path / "whole") / "catalogue.db", -1)
    undisturbed = looked(whole)
    assert (undisturbed["outcome"], undisturbed["published"]) == ("finished", "whole")
    assert (undisturbed["counts"]["added"], undisturbed["counts"]["changed"]) == (1, 3)

    killed_early = 0
    for moment in sorted(random.Random(412).sample(range(1, whole["steps"]), MOMENTS)):
        db = shutil.copytree(yesterday, tmp_path / str(moment)) / "catalogue.db"
        site.asked.clear()
        assert order(db, moment)["ended"] == -9, moment
        left = order(db, None)
        assert left["held"] in (before["held"], undisturbed["held"]), f"half a run is to be seen: {moment}"
        is_over = left["runs"] == 2 and left["outcome"] == "finished"
        assert (left["held"] == undisturbed["held"]) == is_over, moment
        if is_over:
            continue
        killed_early += 1
        assert looked(order(db, 0)) == undisturbed, moment
        twice = [address for address, times in Counter(site.asked).items() if times > 1]
        assert len(twice) <= 1, f"asked twice for {twice}: {moment}"  # the one under way
    assert killed_early > MOMENTS / 2
