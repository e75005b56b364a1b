"""Writing a file that is either the old one or the whole new one, never a part of it."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from pathlib import Path

from catalogue.errors import UsageError


def write_whole(path: Path, data: bytes) -> None:
    """Write ``data`` to ``path`` through a temporary file in the same folder; ``-`` is standard output.

    The file gets the permissions that a newly created one would have, or keeps those it had. A link is
    followed; what is no ordinary file (a device or pipe) is written to directly.
    """
    if str(path) == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    target = path.resolve()
    if target.is_dir():
        raise UsageError(f"{path} is a folder; give the name of a file to write")
    if not target.parent.is_dir():
        raise UsageError(f"{path}: there is no folder {target.parent}; create it or choose another place")
    if target.exists() and not target.is_file():
        target.write_bytes(data)
        return
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name[:80]}.", suffix=".part", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(_permissions(target))
        Path(name).replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def _permissions(target: Path) -> int:
    if target.exists():
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
