"""Where the installed command begins: imports nothing of its own before an interruption can be told."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run ``longlist``; Ctrl-C while modules load, and streams that are closed, end in a sentence too."""
    try:
        if sys.stderr is None:
            sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115  open to the end
        if sys.stdin is None:
            sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115
        if sys.stdout is None:
            sys.exit("longlist: standard output is closed; connect it to a terminal, a file or a pipe.")
        from tui.commands.main import main as run_command_line  # noqa: PLC0415

        run_command_line()
    except KeyboardInterrupt:
        sys.exit("longlist: stopped. What was stored before is kept.")
