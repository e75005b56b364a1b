"""Matching profiles over a large catalogue: how long, how much memory, and whether anything is missed.

    python benchmarks/bench_large.py CATALOGUE.db [PROFILE.toml ...] [--pool 5000]

Without profiles, those of ``../shared/judged`` and of the sets beside the tests. Times are processor time, as
the machine may be busy. ``--pool N`` judges the N most promising services of each profile (0: every one) and
tells how many of their first 10 and 30 a match has too; it takes minutes.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from catalogue import prospects
from catalogue.match import Judge, MatchResult, Yardstick, judge_of, re_rank
from catalogue.profile import BARRIERS, Profile
from catalogue.read import read_service
from db.candidates import Candidates
from db.catalogue import Catalogue, open_catalogue
from db.reading import read_records
from tui import matching
from tui.matching import match_catalogue, read_profile

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 6
#: Stage -> what does it, as (owner, name).
STAGES: dict[str, tuple[Any, str]] = {
    "weigh all": (Candidates, "__init__"),
    "read records": (matching, "read_records"),
    "read listings": (Judge, "listing"),
    "judge": (Yardstick, "match"),
}


def main() -> None:
    """Measure every profile that is named."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("catalogue", type=Path)
    parser.add_argument("profiles", type=Path, nargs="*")
    parser.add_argument("--pool", type=int, metavar="N")
    options = parser.parse_args()
    paths = options.profiles or [
        *sorted((ROOT.parent / "shared" / "judged" / "profiles").glob("*.toml")),
        *sorted((ROOT / "tests" / "judged").glob("*/profiles/*.toml")),
    ]
    if options.pool is None:
        # A process that is made by a large one counts as large itself: so these come first.
        commands(options.catalogue, paths)
        timed(options.catalogue, paths)
    else:
        overlaps(options.catalogue, paths, options.pool)


def timed(path: Path, paths: list[Path]) -> None:
    """Print what a match takes in process: at first sight of a profile, again, and under other weights."""
    first, again, weighed = [], [], []
    shares: dict[str, float] = dict.fromkeys(STAGES, 0.0)
    print(f"{'profile':14}{'first s':>8}{'again s':>8}{'re-rank ms':>11}{'judged':>7}")
    with open_catalogue(path, read_only=True) as catalogue:
        match_catalogue(catalogue, read_profile(paths[-1]))  # tables are read, the process is warm
        for name in paths:
            profile = read_profile(name)
            with staged(shares):
                result, seconds = spent(partial(match_catalogue, catalogue, profile))
            first.append(seconds)
            rounds = [spent(partial(match_catalogue, catalogue, profile))[1] for _ in range(ROUNDS)]
            again += rounds
            weights = {barrier: Decimal(10 * (place + 1)) for place, barrier in enumerate(BARRIERS)}
            weighed.append(spent(partial(re_rank, result, weights))[1])
            print(
                f"{name.stem:14}{first[-1]:8.2f}{statistics.median(rounds):8.2f}"
                f"{weighed[-1] * 1000:11.0f}{result.considered:7}"
            )
    for title, values in (("first", first), ("again", again), ("re-rank", weighed)):
        print(f"{title}: p50 {percentile(values, 50):.3f} s, p95 {percentile(values, 95):.3f} s")
    print(f"peak memory of this process {peak(resource.RUSAGE_SELF):.0f} MB")
    total = sum(first)
    print(
        ", ".join(f"{stage} {seconds / total:.0%}" for stage, seconds in shares.items()), "of the first time"
    )


def commands(path: Path, paths: list[Path]) -> None:
    """Print what the whole command takes, each time a new process."""
    values = []
    for name in paths:
        before = os.times()
        subprocess.run(
            [Path(sys.executable).parent / "longlist", "match", name, "--json", "--db", path],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
        )
        after = os.times()
        values.append(after[2] + after[3] - before[2] - before[3])
    print(f"command: p50 {percentile(values, 50):.2f} s, p95 {percentile(values, 95):.2f} s", end=", ")
    print(f"peak memory {peak(resource.RUSAGE_CHILDREN):.0f} MB")


def overlaps(path: Path, paths: list[Path], pool: int) -> None:
    """Print how many of the first of a deep pool, or of all services, a match has too."""
    print(f"{'profile':14}{'of 10':>6}{'of 30':>6}  pool")
    for name in paths:
        profile = read_profile(name)
        with open_catalogue(path, read_only=True) as catalogue:
            ours = [found.service.id for found in match_catalogue(catalogue, profile).matches]
            deep = deep_ranking(catalogue, profile, pool)
        ten, thirty = (len(set(deep[:depth]) & set(ours[:depth])) for depth in (10, 30))
        print(f"{name.stem:14}{ten:6}{thirty:6}  {len(deep)}", flush=True)


def deep_ranking(catalogue: Catalogue, profile: Profile, pool: int) -> list[str]:
    """The ids of a pool of services by score, judged some at a time, so that few are in memory."""
    judge = judge_of(profile)
    found = Candidates(catalogue, judge)
    prospects.match_prospects(judge, found, lambda ids: map(_service, read_records(catalogue, ids)))
    ids = list(found.promising())[: pool or None]
    scores: list[tuple[Decimal, str]] = []
    for start in range(0, len(ids), 200):
        judge = judge_of(profile)
        for record in read_records(catalogue, ids[start : start + 200]):
            service = _service(record)
            if judge.excluded(service) is None:
                scores.append((judge.by(found.topic).match(judge.listing(service)).score, service.id))
    order = {service: place for place, service in enumerate(ids)}
    return [service for _, service in sorted(scores, key=lambda row: (-row[0], order[row[1]]))]


def _service(record: Any) -> Any:
    return read_service(record)[0]


@contextmanager
def staged(shares: dict[str, float]) -> Iterator[None]:
    """Adds up the processor time of every stage."""
    kept = {stage: getattr(owner, name) for stage, (owner, name) in STAGES.items()}

    def measured(stage: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def timed_work(*given: Any, **named: Any) -> Any:
            start = time.process_time()
            result = work(*given, **named)
            result = result if result is None or not hasattr(result, "__next__") else iter(list(result))
            shares[stage] += time.process_time() - start
            return result

        return timed_work

    for stage, (owner, name) in STAGES.items():
        setattr(owner, name, measured(stage, kept[stage]))
    try:
        yield
    finally:
        for stage, (owner, name) in STAGES.items():
            setattr(owner, name, kept[stage])


def spent(work: Callable[[], MatchResult]) -> tuple[MatchResult, float]:
    """What the work gives, and the processor time that it takes, in seconds."""
    start = time.process_time()
    result = work()
    return result, time.process_time() - start


def percentile(values: list[float], share: int) -> float:
    """The smallest value that so many of a hundred do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * share // 100)]


def peak(who: int) -> float:
    """The most memory that this process, or any child of it, held, in MB."""
    return resource.getrusage(who).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)


if __name__ == "__main__":
    main()
