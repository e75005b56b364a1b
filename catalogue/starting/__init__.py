"""What a profile starts with: proposals for a kind and size of body, from ``starting.toml``.

Nothing here is known of any one organisation. What is written is a profile in order, in which every line is a
proposal with its reason, for a person to delete or to keep.
"""

from __future__ import annotations

from catalogue.starting.reading import load_starting, read_starting
from catalogue.starting.text import propose
from catalogue.starting.values import Body, Starting

__all__ = ["Body", "Starting", "load_starting", "propose", "read_starting"]
