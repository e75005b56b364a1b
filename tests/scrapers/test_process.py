"""The installed command as a process of its own, ended from outside in the middle of a run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from catalogue.records import FrameworkRef, LotRef, ServiceRecord, SupplierRef
from db.catalogue import open_catalogue
from db.reading import dump_records
from tests.loopback import marketplace_of

RECORDS = [
    ServiceRecord(
        id=f"{412003001000000 + number}",
        framework=FrameworkRef("g-cloud-15", "G-Cloud 15"),
        lot=LotRef(lot, lot),
        supplier=SupplierRef(name="Tidewater Ltd"),
        name=f"Forms {number}",
    )
    for number, lot in enumerate(["iaas-and-paas", "isaas", "saas", "cloud-support"] * 10, 1)
]


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such signals")
@pytest.mark.parametrize(("number", "status"), [("SIGINT", 3), ("SIGTERM", 3), ("SIGKILL", -9)])
def test_whatever_ends_a_run_the_next_one_goes_on_and_asks_no_stored_page_again(
    number: str, status: int, root: Path, tmp_path: Path
) -> None:
    db = tmp_path / "catalogue.db"
    with marketplace_of(RECORDS).serving() as site:
        command = [
            sys.executable,
            "-c",
            "from tui.commands.main import main; main()",
            "--db",
            str(db),
            "scrape",
        ]
        command += ["--base-url", site.url, "--scope", "all", "--delay", "0"]
        running: list[subprocess.Popen[bytes]] = []

        def end_the_run(_path: str) -> None:
            if len(site.asked_services()) == 25:
                running[0].send_signal(getattr(signal, number))
                # No answer before the signal has done its work: a busy machine may deliver it late.
                with suppress(subprocess.TimeoutExpired):
                    running[0].wait(timeout=10)

        site.before = end_the_run
        running.append(subprocess.Popen(command, cwd=root, stderr=subprocess.PIPE))
        _, said = running[0].communicate(timeout=60)
        assert running[0].returncode == status, said.decode()
        had = set(site.asked_services()[:24])  # the last answer may have come too late
        with open_catalogue(db) as catalogue:
            stored = {record.id for record in dump_records(catalogue)}
        assert stored >= had if number != "SIGKILL" else stored == set()

        site.before = lambda _path: None
        site.asked.clear()
        again = subprocess.run(command, cwd=root, capture_output=True, timeout=60, check=False)
        assert again.returncode == 0, again.stderr.decode()
        assert not had & set(site.asked_services())
        assert b"40 service pages answered" in again.stderr
        with open_catalogue(db) as catalogue:
            assert {record.id for record in dump_records(catalogue)} == {record.id for record in RECORDS}
