"""Which tables a judgement was made with: one digest over all that ship with this version."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib import resources


@cache
def tables_digest() -> str:
    """``sha256:`` and the SHA-256 over name and content of every table, in the order of their names."""
    digest = sha256()
    tables = (file for file in resources.files("catalogue").iterdir() if file.name.endswith(".toml"))
    for table in sorted(tables, key=lambda file: file.name):
        # Line ends are those of the checkout, and mean nothing.
        content = table.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{table.name}\n{len(content)}\n".encode())
        digest.update(content)
    return f"sha256:{digest.hexdigest()}"
