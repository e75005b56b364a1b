"""How near the top search brings what officers ask for in their own words, on the queries of ``asked.tsv``.

``set query ids``: any of the services would be the right first answer. Every other query, by a hash of it, is
held out. ``python tests/judged/asked.py`` prints the mean reciprocal rank of both halves; ``--missed`` adds
the queries of the development half whose answer is not first.
"""

# ruff: noqa: T201  it is a command too
from __future__ import annotations

import hashlib
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from catalogue.model import SearchQuery
from catalogue.records import decode_record
from db.catalogue import open_catalogue
from db.ingest import ingest
from db.search import search
from tests.judged.measures import FOLDER, rows


@dataclass(frozen=True)
class Asked:
    """A query with the rank of its first right answer; ``None`` if it is not among the first twenty."""

    folder: str
    query: str
    rank: int | None
    first: str

    @property
    def held_out(self) -> bool:
        """Whether it is in the half that nothing was mended by."""
        return hashlib.sha256(self.query.encode()).digest()[0] % 2 == 1


def asked(work: Path) -> list[Asked]:
    """Every query answered, on catalogues that are made in ``work``."""
    table = rows(FOLDER, "asked.tsv")
    found: list[Asked] = []
    for name in dict.fromkeys(row["set"] for row in table):
        lines = (FOLDER / name / "services.jsonl").read_text(encoding="utf-8").splitlines()
        with open_catalogue(work / f"{name}.db", create=True) as catalogue:
            ingest(catalogue, map(decode_record, lines), at=datetime(2026, 11, 20, tzinfo=UTC))
            for row in table:
                if row["set"] == name:
                    hits = search(catalogue, SearchQuery(row["query"]), limit=20).hits
                    right = row["ids"].split()
                    ranks = [rank for rank, hit in enumerate(hits, start=1) if hit.id in right]
                    found.append(
                        Asked(name, row["query"], min(ranks, default=None), hits[0].name if hits else "")
                    )
    return found


def mean_reciprocal(answered: list[Asked], *, held_out: bool) -> float:
    """The mean of one divided by the rank, over one half."""
    half = [each for each in answered if each.held_out is held_out]
    return sum(1 / each.rank for each in half if each.rank) / len(half)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        everything = asked(Path(folder))
    for part in (False, True):
        size = sum(each.held_out is part for each in everything)
        print(
            "held out" if part else "development",
            size,
            f"MRR {mean_reciprocal(everything, held_out=part):.3f}",
        )
    if "--missed" in sys.argv:
        for each in everything:
            if not each.held_out and each.rank != 1:
                print(f"{each.folder[:12]:13}{each.query:45} rank {each.rank}; first: {each.first[:50]}")
