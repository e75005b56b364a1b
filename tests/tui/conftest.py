"""The interface opened without a terminal, on a small catalogue, and screens compared as text."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from itertools import count
from pathlib import Path
from typing import ClassVar, Protocol

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from textual.pilot import Pilot

from catalogue.records import ServiceRecord
from db.catalogue import open_catalogue
from db.ingest import ingest
from tests.interface import LARGE, NOON, PROFILE, SERVICES, settle
from tui.app import make_app
from tui.commands.edge import Settings


class OpenApp(Protocol):
    """Opens the interface at a size; ``settings`` defaults to the small catalogue without a profile.

    ``state`` is the file that remembers how it was left, if it is to.
    """

    def __call__(
        self, size: tuple[int, int] = LARGE, settings: Settings | None = None, state: Path | None = None
    ) -> AbstractAsyncContextManager[Pilot[None]]:
        """The interface, settled."""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder of the test: nothing lies there, and what is written goes there."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def fill(tmp_path: Path) -> Callable[..., Path]:
    """Makes a catalogue of the services given and returns its path."""

    made = count()

    def make(*records: ServiceRecord) -> Path:
        path = tmp_path / f"catalogue-{next(made)}.db"
        with open_catalogue(path, create=True) as catalogue:
            ingest(catalogue, records, at=NOON)
        return path

    return make


@pytest.fixture
def settings(fill: Callable[..., Path], here: Path) -> Settings:
    """The small catalogue, and no profile."""
    return Settings(db=fill(*SERVICES))


@pytest.fixture
def profile_path(here: Path) -> Path:
    """A profile without mistakes in the current folder."""
    path = here / "fenmoor.toml"
    path.write_text(PROFILE, encoding="utf-8")
    return path


@pytest.fixture
def open_app(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> OpenApp:
    """Opens the interface without waiting between keys."""
    for pause in ("browse._PAUSE", "matches._PAUSE", "profile_editor._PAUSE", "profile_editor._KEEPING"):
        monkeypatch.setattr(f"tui.screens.{pause}", 0.0)
    usual = settings

    @asynccontextmanager
    async def opened(
        size: tuple[int, int] = LARGE, settings: Settings | None = None, state: Path | None = None
    ) -> AsyncIterator[Pilot[None]]:
        app = make_app(settings or usual, clock=lambda: NOON, state=state)
        async with app.run_test(size=size, notifications=True) as pilot:
            await settle(pilot)
            yield pilot

    return opened


class ScreenText(SingleFileSnapshotExtension):
    """Snapshots of screens as plain text: readable in a diff, the same on every machine."""

    _write_mode = WriteMode.TEXT
    file_extension: ClassVar[str] = "txt"


@pytest.fixture
def screen(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """To compare a screen with: ``assert seen(pilot) == screen``."""
    return snapshot.use_extension(ScreenText)
