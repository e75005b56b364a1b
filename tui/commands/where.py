"""``longlist where``: every path that the program uses, and whether there is anything yet."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import click

from db.archive import archive_path
from tui.commands.edge import Settings, pass_settings, print_json, tell


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@pass_settings
def where(settings: Settings, as_json: bool) -> None:
    """Print every path that is used: the catalogue chosen, settings, cache, log, state and page archive.

    Nothing is created. LONGLIST_HOME puts all of them in one folder; --db or LONGLIST_DB moves the catalogue.
    """
    paths = replace(settings.paths, catalogue=settings.db)
    used: dict[str, Path] = {field.name: getattr(paths, field.name) for field in fields(paths)}
    used["pages"] = archive_path(settings.db)
    if as_json:
        print_json(
            {name: {"path": str(path.absolute()), "exists": path.exists()} for name, path in used.items()}
        )
        return
    for name, path in used.items():
        absence = "" if path.exists() else "  (not there yet)"
        label = f"{name}:" if settings.plain else f"{name:<10}"
        tell(f"{label} {path.absolute()}{absence}")
