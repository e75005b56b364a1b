"""Writes docs/commands.md from the commands' own help: ``python docs/commands.py``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parent.parent
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from tui.commands.main import cli  # noqa: E402

_HEAD = """# Commands

Written by `python docs/commands.py` from what each command says of itself.

Data goes to standard output, everything else to standard error. `--db FILE`, before or after the command, or
`LONGLIST_DB`, chooses the catalogue; `longlist where` prints every path that is used.

| exit status | means |
| --- | --- |
| 0 | done |
| 1 | the tool failed |
| 2 | wrong usage, or a profile with mistakes |
| 3 | done in part: some records or pages failed, and they are listed |
| 4 | a source changed shape or fell below its bounds: nothing was published |
| 5 | another run holds the lock |
"""


def reference() -> str:
    """The whole of docs/commands.md."""
    root = click.Context(cli, info_name="longlist", max_content_width=90, **cli.context_settings)
    parts = [_HEAD, *_sections(cli, root)]
    for name in cli.list_commands(root):
        command = cli.get_command(root, name)
        if command is not None:
            parts += _sections(
                command, click.Context(command, info_name=name, parent=root, max_content_width=90)
            )
    return "\n".join(parts)


def _sections(command: click.Command, context: click.Context) -> list[str]:
    """One section for a command and, unless it is the root, one for each command below it."""
    text = "\n".join(line.rstrip() for line in command.get_help(context).splitlines())
    sections = [f"## `{context.command_path}`\n\n```text\n{text}\n```\n"]
    if isinstance(command, click.Group) and context.parent is not None:
        for name, below in sorted(command.commands.items()):
            inner = click.Context(below, info_name=name, parent=context, max_content_width=90)
            sections += _sections(below, inner)
    return sections


if __name__ == "__main__":
    (ROOT / "docs" / "commands.md").write_text(reference(), encoding="utf-8", newline="\n")
