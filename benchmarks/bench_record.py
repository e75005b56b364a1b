"""How much processor time the steps of a purchase take, with 100 services on the longlist and with 2,000.

    python benchmarks/bench_record.py RECORDS.jsonl

Takes service records of any catalogue; every one of a longlist gets a disposition of its own, twelve are
shortlisted and scored on three criteria. Printed is processor time of this process in milliseconds.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import TypeVar

from catalogue.bundle import read_bundle, write_bundle
from catalogue.project import Criterion, actions
from catalogue.records import decode_record
from db.bundles import bundle_of, take_bundle
from db.catalogue import open_catalogue
from db.ingest import ingest
from db.projects import ProjectStore
from db.purchase import freeze_requirements, lock, rank, save_search, verify_project

PROFILE = """
goal = "Online forms for residents"
[organisation]
name = "Fenmoor District Council"
[[legacy]]
system = "NEC Revenues & Benefits"
[[requirement]]
text = "Residents apply online"
priority = "must"
barrier = "customers"
"""
T = TypeVar("T")


def timed(what: str, work: Callable[[], T]) -> T:
    """Do the work and print the processor time that it took."""
    before = time.process_time()
    done = work()
    print(f"  {what:<44} {1000 * (time.process_time() - before):8.0f} ms")
    return done


def measure(records: list[bytes], folder: Path) -> None:
    """One purchase over as many services as there are records."""
    count = len(records)
    print(f"{count:,} services on the longlist")
    name = f"forms {count}"
    (folder / "profile.toml").write_text(PROFILE)
    with open_catalogue(folder / f"{count}.db", create=True) as catalogue:
        ingest(catalogue, map(decode_record, records), at=datetime.now(UTC))
        store = ProjectStore(catalogue, actor="Officer")
        store.create(name, folder / "profile.toml")
        freeze_requirements(store, name)
        timed(
            "save the search, keep the records",
            lambda: save_search(store, name, "", framework="g-cloud-15", lot="saas"),
        )
        ids = [each.service_id for each in store.get(name).longlist]

        def reject(part: list[str]) -> None:
            because = "No form is offered"
            results = store.results(part)
            store.act(name, actions.Reject(services=results, requirement="R1", because=because))

        singly = ids[12:100]
        timed(f"reject {len(singly)} services one by one", lambda: [reject([id]) for id in singly])
        if ids[100:]:
            timed(f"reject {len(ids[100:]):,} services at once", lambda: reject(ids[100:]))
        store.act(name, actions.Shortlist(services=store.results(ids[:12])))
        criteria = tuple(
            Criterion(each, Decimal(weight)) for each, weight in zip("ABC", (50, 30, 20), strict=True)
        )
        store.act(name, actions.SetCriteria(method="best-value", criteria=criteria))

        def score(id: str, criterion: str) -> None:
            given = {"service_id": id, "criterion": criterion, "value": Decimal(3)}
            store.act(name, actions.GiveScore(scorer="Officer", evidence="Seen", **given))

        timed("36 scores", lambda: [score(id, each) for id in ids[:12] for each in "ABC"])
        timed("rank the longlist", lambda: rank(store, name))
        lock(store, name)
        timed("read the project from its trail", lambda: store.get(name))
        found = timed("verify, ranking again", lambda: verify_project(store, name))
        assert found.holds
        data = timed("write a bundle", lambda: write_bundle(bundle_of(store, name, {})))
        with open_catalogue(folder / f"{count}-there.db", create=True) as there:
            timed("take the bundle in", lambda: take_bundle(ProjectStore(there), read_bundle(data)))
        print(f"  {len(store.entries(name))} entries, bundle of {len(data) / 1e6:.1f} MB")


def main() -> None:
    """Measure with the records of one lot."""
    with Path(sys.argv[1]).open("rb") as file:
        fitting = [line for line in islice(file, 40_000) if fits(line)]
    with tempfile.TemporaryDirectory() as folder:
        for count in (100, 2000):
            measure(fitting[:count], Path(folder))


def fits(line: bytes) -> bool:
    """Whether a record is of the lot that is measured."""
    record = json.loads(line)
    return (
        record["framework"]["slug"] == "g-cloud-15"
        and record["lot"]["slug"] == "saas"
        and record.get("status", "live") == "live"
    )


if __name__ == "__main__":
    main()
