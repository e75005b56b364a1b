"""The schema's history: one module per change, appended and never edited.

A module ``m0001_what.py`` decorates a function of the same name with ``@migrations()``; the functions are
applied in the order of the modules' names when a catalogue is opened for writing.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from sqlite_utils import Migrations

migrations = Migrations("longlist")


@cache
def schema_changes() -> tuple[str, ...]:
    """The names of every change that this version knows, oldest first; registers them in `migrations`."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__) if module.name.startswith("m0"))
    for name in names:
        import_module(f"{__name__}.{name}")
    return tuple(names)
