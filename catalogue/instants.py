"""How an instant is written wherever it leaves the program: UTC to the second."""

from __future__ import annotations

from datetime import UTC, datetime


def instant(at: datetime) -> str:
    """An aware time as text: ``2026-11-20T03:10:00Z``."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
