"""Writing a file that is either the old one or the whole new one, never a part of it."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from catalogue.errors import UsageError

_SQLITE = b"SQLite format 3\x00"


def write_whole(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write ``data`` to ``path``, as `whole_file` does."""
    with whole_file(path, private=private) as file:
        file.write(data)


@contextlib.contextmanager
def whole_file(path: Path, *, private: bool = False) -> Iterator[BinaryIO]:
    """A file to write, through a temporary one in the same folder; ``-`` is standard output.

    The file gets the permissions that a newly created one would have, or, when it is ``private``, those of
    its owner alone; one that was there keeps its own. A link is followed; what is no ordinary file (a device
    or pipe) is written to directly. When the block fails, ``path`` stays as it was.
    """
    if str(path) == "-":
        sys.stdout.flush()
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    try:
        target = path.resolve()
        is_file = target.is_file()
    except (RuntimeError, OSError) as error:  # Python says RuntimeError up to 3.12
        if isinstance(error, OSError) and error.errno != errno.ELOOP:
            raise
        target, is_file = path, False
    if target.is_symlink():  # resolved, and still a link: from 3.13 on a circle raises nothing
        raise UsageError(f"{path}: links in a circle; choose another place")
    if target.is_dir():
        raise UsageError(f"{path} is a folder; give the name of a file to write")
    if not target.parent.is_dir():
        raise UsageError(f"{path}: there is no folder {target.parent}; create it or choose another place")
    if is_file and _is_sqlite(target):
        raise UsageError(
            f"{path} is an SQLite file, such as a catalogue; it is not replaced: choose another name"
        )
    if target.exists() and not is_file:
        with target.open("wb") as file:
            yield file
        return
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name[:80]}.", suffix=".part", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(_permissions(target, private=private))
        Path(name).replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def _is_sqlite(target: Path) -> bool:
    try:
        with target.open("rb") as file:
            return file.read(len(_SQLITE)) == _SQLITE
    except PermissionError:  # not ours to read; whether it may be replaced is for the system to say
        return False


def _permissions(target: Path, *, private: bool) -> int:
    if target.exists():
        return target.stat().st_mode & 0o777
    if private:
        return 0o600
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
