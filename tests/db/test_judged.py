"""Search against judgements made by people who had not seen it.

The sets were looked at since. The floors lie a little below what is reached, and are there to notice a loss.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from catalogue.model import SearchQuery
from catalogue.records import decode_record
from db.catalogue import open_catalogue
from db.ingest import ingest
from db.search import search
from tests.judged.measures import FOLDER, measure_queries, rows

#: By set, MRR and nDCG@10.
FLOORS = {
    "ambulance-water-courts": (0.94, 0.85),
    "borough-clinic-funder": (0.97, 0.87),
    "council-college-hospital": (0.97, 0.87),
    "county-school-benefits": (0.94, 0.84),
    "fire-housing-licensing": (0.97, 0.855),
    "harbour-archive-agency": (0.9, 0.81),
    "park-research-district": (0.94, 0.845),
    "planning-police-grants": (0.95, 0.85),
    "police-university-trust": (0.97, 0.9),
}


@pytest.mark.parametrize("name", FLOORS)
def test_what_people_judged_best_for_a_query_comes_first(name: str, tmp_path: Path, seen: datetime) -> None:
    folder = FOLDER / name
    lines = (folder / "services.jsonl").read_text(encoding="utf-8").splitlines()
    queries = {row["query"] for row in rows(folder, "queries.tsv")}
    with open_catalogue(tmp_path / "judged.db", create=True) as catalogue:
        ingest(catalogue, map(decode_record, lines), at=seen)
        results = {
            text: [hit.id for hit in search(catalogue, SearchQuery(text), limit=20).hits] for text in queries
        }
    reached = measure_queries(folder, results)
    assert all(found >= floor for found, floor in zip(reached, FLOORS[name], strict=True))
