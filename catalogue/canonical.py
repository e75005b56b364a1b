"""One way to write a value as JSON, so that equal values have equal digests on every machine and in any year.

Keys sorted, no space, UTF-8, nothing escaped that need not be: in Python ``json.dumps(value, sort_keys=True,
separators=(",", ":"), ensure_ascii=False)``, so that a trail can be checked without Longlist. Numbers are
integers; amounts are text.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any


def canonical(value: Any) -> str:
    """The JSON text of a value made of dictionaries, lists, text, integers, booleans and ``None``."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def sha256_of(text: str | bytes) -> str:
    """``sha256:`` and the digest of a text's UTF-8, or of bytes, in hexadecimal."""
    data = text.encode() if isinstance(text, str) else text
    return f"sha256:{hashlib.sha256(data).hexdigest()}"
