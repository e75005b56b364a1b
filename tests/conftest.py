"""Fixtures that every test may use. No test touches the network, the home directory or the clock."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# Nothing is timed in a test, and so no example has a deadline: a busy machine is no fault of the code.
settings.register_profile("longlist", deadline=None)
settings.load_profile("longlist")

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Every path that Longlist uses without being told lies in a folder of this test."""
    home = tmp_path / "longlist-home"
    monkeypatch.setenv("LONGLIST_HOME", str(home))
    monkeypatch.delenv("LONGLIST_DB", raising=False)
    monkeypatch.delenv("LONGLIST_ACTOR", raising=False)
    monkeypatch.delenv("LONGLIST_PLAIN", raising=False)
    monkeypatch.delenv("LONGLIST_STATE", raising=False)
    monkeypatch.delenv("LONGLIST_CONTACT", raising=False)  # without one, no server of others is asked
    monkeypatch.delenv("LONGLIST_ACTOR", raising=False)
    yield home


@pytest.fixture(scope="session")
def shared() -> Path:
    """The reference material beside the project: real pages with their truth, judged sets, prices."""
    if not SHARED.is_dir():
        pytest.skip(f"the reference material is not beside the project ({SHARED} is absent)")
    return SHARED


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's own folder."""
    return ROOT
