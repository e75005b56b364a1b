"""Where Longlist keeps its files on this operating system. Nothing here creates anything."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

import platformdirs

#: One folder for everything, for portable installations and for tests; otherwise the system's own places.
HOME_VARIABLE = "LONGLIST_HOME"
#: The catalogue file, where no ``--db`` is given.
DB_VARIABLE = "LONGLIST_DB"
#: Who works here, for the audit trails of projects, where no ``--as`` is given.
ACTOR_VARIABLE = "LONGLIST_ACTOR"
#: Where the interface remembers how it was left, in the place of its usual file; empty for nowhere.
STATE_VARIABLE = "LONGLIST_STATE"


@dataclass(frozen=True, slots=True)
class Paths:
    """Every place that the program reads or writes without being told a path."""

    catalogue: Path
    settings: Path
    cache: Path
    log: Path
    #: Where the interface was left, and what was not saved in it.
    state: Path


def default_paths() -> Paths:
    """The paths for this user: from ``LONGLIST_HOME`` and ``LONGLIST_DB``, else the system's own."""
    home = os.environ.get(HOME_VARIABLE)
    if home:
        root = Path(home)
        paths = Paths(
            root / "catalogue.db",
            root / "settings.toml",
            root / "cache",
            root / "longlist.log",
            root / "state.json",
        )
    else:
        dirs = platformdirs.PlatformDirs("longlist", appauthor=False)
        paths = Paths(
            dirs.user_data_path / "catalogue.db",
            dirs.user_config_path / "settings.toml",
            dirs.user_cache_path,
            dirs.user_log_path / "longlist.log",
            dirs.user_state_path / "state.json",
        )
    chosen = os.environ.get(DB_VARIABLE)
    return replace(paths, catalogue=Path(chosen)) if chosen else paths


def remembered_in(paths: Paths) -> Path | None:
    """The file in which a sitting is remembered for the next one; ``None`` for none."""
    chosen = os.environ.get(STATE_VARIABLE)
    if chosen is None:
        return paths.state
    return Path(chosen) if chosen else None
