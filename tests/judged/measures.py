"""How good a ranking is, held against the judgements of a folder beside this file.

nDCG with the gain ``2 ** grade - 1`` and the discount ``log2(rank + 1)`` (Järvelin and Kekäläinen 2002).
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
SETS = tuple(sorted(folder.name for folder in FOLDER.iterdir() if (folder / "judgements.tsv").is_file()))


@dataclass(frozen=True)
class Measured:
    """The measures of one profile; ``evidence`` counts quoted on the same side, of so many rows."""

    ndcg: float
    recall: float
    traps: int
    evidence: int
    rows: int
    lost: tuple[str, ...]


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    """The rows of one table of a set."""
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def ndcg(ids: Sequence[str], grades: Mapping[str, int], depth: int = 10) -> float:
    """How near the first ids come to the best order of the grades."""

    def gained(found: Sequence[int]) -> float:
        return sum((2**grade - 1) / math.log2(rank + 2) for rank, grade in enumerate(found))

    best = gained(sorted(grades.values(), reverse=True)[:depth])
    return gained([grades.get(service, 0) for service in ids[:depth]]) / best if best else 0.0


def measure(folder: Path, profile: str, output: Mapping[str, Any]) -> Measured:
    """Measure the JSON of a match of one profile. ``lost`` are excluded services of grade 1 or more."""
    judged = {row["id"]: row for row in rows(folder, "judgements.tsv") if row["profile"] == profile}
    grades = {service: int(row["grade"]) for service, row in judged.items()}
    ids = [found["id"] for found in output["matches"]]
    good = {service for service, grade in grades.items() if grade >= 2}
    cited = [row for row in rows(folder, "evidence.tsv") if row["profile"] == profile]
    matches = {found["id"]: found for found in output["matches"]}
    return Measured(
        ndcg=ndcg(ids, grades),
        recall=len(good & set(ids[:30])) / len(good),
        traps=sum(judged[service]["reason"].startswith("trap:") for service in ids[:10]),
        evidence=sum(_is_quoted(row, matches.get(row["id"])) for row in cited),
        rows=len(cited),
        lost=tuple(gone["id"] for gone in output["excluded"] if grades[gone["id"]] >= 1),
    )


def _is_quoted(row: Mapping[str, str], found: Mapping[str, Any] | None) -> bool:
    """Whether a finding quotes the passage, or one that holds it, with a verdict on the same side."""
    findings = [each for part in (found or {}).get("contributions", ()) for each in part["findings"]]
    return any(
        each["question"] == row["question"]
        and (each["quote"] in row["quote"] or row["quote"] in each["quote"])
        and each["verdict"].rpartition("-")[2] == row["verdict"].rpartition("-")[2]
        for each in findings
        if each["quote"]
    )


def measure_queries(folder: Path, results: Mapping[str, Sequence[str]]) -> tuple[float, float]:
    """MRR of the first service of grade 1 or more, and mean nDCG@10, over every query of a set."""
    grades: dict[str, dict[str, int]] = {}
    for row in rows(folder, "queries.tsv"):
        grades.setdefault(row["query"], {})[row["id"]] = int(row["grade"])
    first, gained = 0.0, 0.0
    for query, graded in grades.items():
        ids = results.get(query, ())
        ranks = [rank for rank, service in enumerate(ids, start=1) if graded.get(service, 0) >= 1]
        first += 1 / ranks[0] if ranks else 0.0
        gained += ndcg(ids, graded)
    return first / len(grades), gained / len(grades)
