"""How much processor time each export takes: 100 services with dispositions, 12 shortlisted and scored.

    python benchmarks/bench_export.py RECORDS.jsonl [FOLDER]

Takes service records of any catalogue. Printed is processor time of this process in milliseconds, of the
whole of an export: reading the project from its trail, matching its longlist, preparing the table, writing.
With a folder, the files are kept there to look at.
"""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import UTC, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path

from bench_record import PROFILE, fits

from catalogue.export import SUMMARIES, WRITERS
from catalogue.project import Criterion, actions, requirements_of
from catalogue.records import decode_record
from db.catalogue import Catalogue, open_catalogue
from db.ingest import ingest
from db.projects import ProjectStore
from db.purchase import freeze_requirements, lock, save_search
from tui.exporting import export_board, export_table

NAME = "Forms for residents"
LISTED, SHORTLISTED = 100, 12
CRITERIA = {"Functional fit": 40, "Whole-life cost": 35, "Service management": 25}
REASON = (
    "The listing says that the form is sent to the team by e-mail and keyed into the back office, which the "
    "requirement rules out"
)


def purchase(catalogue: Catalogue, folder: Path) -> None:
    """A locked project: every service has its fate and a reason, the shortlist its scores."""
    now = datetime.now(UTC)
    (folder / "profile.toml").write_text(PROFILE)
    store = ProjectStore(catalogue, actor="Ines Tolland", clock=lambda: now)
    store.create(NAME, folder / "profile.toml")
    freeze_requirements(store, NAME, budget=Decimal(60000), approval="Head of finance")
    save_search(store, NAME, "", framework="g-cloud-15", lot="saas")
    ids = [each.service_id for each in store.get(NAME).longlist]
    keys = [each.key for each in requirements_of(store.get(NAME))]
    for number, id in enumerate(ids[SHORTLISTED:]):
        because, key = f"{REASON} ({number})", keys[number % len(keys)]
        store.act(NAME, actions.Reject(services=store.results([id]), requirement=key, because=because))
    best = ids[:SHORTLISTED]
    because = "The form ends in the back office"
    store.act(NAME, actions.Shortlist(services=store.results(best), because=because))
    asked = {"text": "What does the adapter cost a year?", "on": now.date(), "channel": "e-mail"}
    store.act(NAME, actions.Ask(services=tuple(best[:3]), **asked))
    criteria = tuple(Criterion(name, Decimal(weight)) for name, weight in CRITERIA.items())
    store.act(NAME, actions.SetCriteria(method="best-value", criteria=criteria))
    for number, id in enumerate(best):
        for place, name in enumerate(CRITERIA):
            given = {"service_id": id, "criterion": name, "value": Decimal((number + place) % 6)}
            evidence = "Seen in the demonstration of 20 November, with the forms that residents use most"
            store.act(NAME, actions.GiveScore(scorer="Ines Tolland", evidence=evidence, **given))
    lock(store, NAME)


def main() -> None:
    """Write every format once to warm up, then measure it."""
    with Path(sys.argv[1]).open("rb") as file:
        records = [decode_record(line) for line in islice(filter(fits, file), LISTED)]
    keep = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with open_catalogue(folder / "bench.db", create=True) as catalogue:
            ingest(catalogue, records, at=datetime.now(UTC))
            purchase(catalogue, folder)
            at = datetime.now(UTC)
            print(f"{LISTED} services with dispositions, {SHORTLISTED} shortlisted and scored")
            for kind, write in WRITERS.items():
                for _ in range(2):
                    before = time.process_time()
                    data = write(export_table(catalogue, NAME, at=at))
                    took = time.process_time() - before
                tell(f"forms.{kind}", data, took, keep)
            for kind, summarise in SUMMARIES.items():
                for _ in range(2):
                    before = time.process_time()
                    data = summarise(export_board(catalogue, NAME, at=at))
                    took = time.process_time() - before
                tell(f"board-summary.{kind}", data, took, keep)


def tell(name: str, data: bytes, took: float, keep: Path | None) -> None:
    """Print a line, and keep the file where that is wanted."""
    print(f"  {name:<20} {1000 * took:6.0f} ms {len(data) / 1000:8.0f} kB")
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        (keep / name).write_bytes(data)


if __name__ == "__main__":
    main()
