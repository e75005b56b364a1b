"""``longlist demo``: the interface on the fictional sample, in a temporary copy."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from importlib.resources import as_file, files
from pathlib import Path

import click

from catalogue.records import decode_record
from db.catalogue import open_catalogue
from db.ingest import ingest
from tui.commands.edge import Settings, pass_settings

SAMPLE = files("catalogue.sample")


@click.command()
@pass_settings
def demo(settings: Settings) -> None:
    """Open the interface on the fictional sample catalogue and profile.

    Everything happens in a temporary copy: try what you like, nothing of yours is touched.
    """
    from tui.commands.main import open_interface  # noqa: PLC0415  main imports this module when it is called

    with (
        tempfile.TemporaryDirectory(prefix="longlist-demo-") as folder,
        as_file(SAMPLE / "profiles" / "brackwater.toml") as profile,
    ):
        db = Path(folder) / "sample.db"
        build_sample(db, at=datetime.now(UTC))
        open_interface(replace(settings, db=db, profile=profile, demo=True))


def build_sample(db: Path, *, at: datetime) -> None:
    """Make a catalogue of the fictional sample services at ``db``; ``at`` is the time they count as seen."""
    with open_catalogue(db, create=True) as catalogue:
        for name in sorted(entry.name for entry in SAMPLE.iterdir() if entry.name.endswith(".jsonl")):
            lines = (SAMPLE / name).read_bytes().splitlines()
            ingest(catalogue, (decode_record(line) for line in lines), at=at)
