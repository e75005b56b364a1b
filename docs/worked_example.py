"""Runs the worked example of a purchase and writes what it prints: ``python docs/worked_example.py``.

In docs/worked-example.md each line of a ``console`` block that begins with ``$`` is run, in order, on the
fictional sample, by a fictional officer whose clock goes forward a few minutes with each command. A line that
ends with a backslash goes on in the next. Digests of the trail differ each time, as salts do: they are cut.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from db.catalogue import open_catalogue  # noqa: E402
from tui.commands.demo import build_sample  # noqa: E402
from tui.commands.edge import Settings  # noqa: E402
from tui.commands.main import run  # noqa: E402

PAGE = ROOT / "docs" / "worked-example.md"
OFFICER = "Ines Tolland"
BEGUN = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
_BLOCK = re.compile(r"(```console\n)(.*?)(```)", re.DOTALL)
_COMMAND = re.compile(r"^\$ (?:.*\\\n)*.*\n", re.MULTILINE)
_DIGEST = re.compile(r"sha256:[0-9a-f]{6,64}…?")
#: Between two commands; a day between two blocks.
_PAUSE, _NIGHT = timedelta(minutes=7), timedelta(days=1)


def rewritten(page: str, keep: Path | None = None) -> str:
    """The page with every command run anew; ``keep`` is a folder for the files that it exports."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        build_sample(Path("sample.db"), at=BEGUN - timedelta(hours=6))
        with open_catalogue("elsewhere.db", create=True):
            pass
        profile = ROOT / "catalogue" / "sample" / "profiles" / "brackwater.toml"
        shutil.copyfile(profile, "brackwater.toml")
        times = _times()

        def run_block(match: re.Match[str]) -> str:
            now = next(times)
            shown = []
            for number, command in enumerate(_COMMAND.findall(match[2])):
                shown.append(f"{command}{_output(command, now + number * _PAUSE)}")
            return match[1] + "\n".join(shown) + match[3]

        told = _BLOCK.sub(run_block, page)
        if keep is not None:
            for file in Path().glob("*.[chmx]*"):
                shutil.copy(file, keep)
        return told


def _times() -> Iterator[datetime]:
    day = BEGUN
    while True:
        yield day
        day += _NIGHT


def _output(command: str, now: datetime) -> str:
    """What one command prints on both streams, as the page shows it."""
    words = shlex.split(command.removeprefix("$ ").replace("\\\n", ""))
    if words[0] == "head":
        lines = Path(words[-1]).read_text("utf-8-sig").splitlines()[: int(words[2])]
        return _DIGEST.sub("sha256:…", "\n".join(lines) + "\n")
    if words[0] != "longlist":
        raise ValueError(f"{command!r}: expected a command longlist or head")
    said = io.StringIO()
    settings = Settings(db=Path("sample.db"), actor=OFFICER, clock=lambda: now)
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        run(words[1:], settings)
    return _DIGEST.sub("sha256:…", said.getvalue())


if __name__ == "__main__":
    os.environ.pop("LONGLIST_DB", None)
    PAGE.write_text(rewritten(PAGE.read_text("utf-8")), encoding="utf-8", newline="\n")
