"""Upkeep: runs, issues, health and changes; and scrapes begun and stopped from the interface."""

from __future__ import annotations

import asyncio
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from syrupy.assertion import SnapshotAssertion
from textual.pilot import Pilot

from catalogue.model import Issue
from catalogue.runs import Outcome, RunCounts, RunKey
from db.archive import Archive, archive_path
from db.catalogue import open_catalogue
from db.history import changes
from db.ingest import ingest
from db.projects import ProjectStore
from db.runs import RunLog, runs
from tests import lived
from tests.interface import (
    FORMS,
    HOSTILE,
    LARGE,
    NOON,
    SMALL,
    app_of,
    ended,
    heard,
    press,
    recorded,
    seen,
    settle,
    told,
    type_text,
    until,
)
from tests.loopback import Marketplace, marketplace_of
from tests.tui.conftest import OpenApp
from tui import errands
from tui.background import Job
from tui.commands.edge import Settings
from tui.screens.ask import AskScreen
from tui.screens.run import RunScreen
from tui.screens.service import ServiceScreen
from tui.screens.upkeep import UpkeepScreen
from tui.widgets.under_way import UnderWayLines


@pytest.fixture(scope="session")
def past(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalogue with three runs; not to be written to."""
    db = tmp_path_factory.mktemp("lived") / "catalogue.db"
    lived.live_through(db)
    return db


@pytest.fixture
def settings(past: Path, tmp_path: Path, here: Path) -> Settings:
    """A copy of it."""
    db = tmp_path / "catalogue.db"
    for path in (past, archive_path(past)):
        shutil.copy(path, tmp_path / path.name)
    return Settings(db=db)


@pytest.fixture
def site() -> Iterator[Marketplace]:
    """The marketplace as it was at first."""
    with marketplace_of(lived.FIRST).serving() as serving:
        yield serving


def upkeep(pilot: Pilot[None]) -> UpkeepScreen:
    screen = pilot.app.screen
    assert isinstance(screen, UpkeepScreen)
    return screen


def begin(pilot: Pilot[None], site: Marketplace) -> Job:
    """Begin a scrape of the marketplace on this machine, without waiting between its pages."""
    arguments = ["marketplace", "--base-url", site.url, "--scope", "all", "--delay", "0"]
    assert errands.begin(app_of(pilot), "scrape", "The scrape", arguments)
    job = app_of(pilot).background.job
    assert job is not None
    return job


def hold(site: Marketplace, *, after: int) -> tuple[threading.Event, threading.Event]:
    """Keep the marketplace from answering after so many service pages, until the second event is set.

    The first event tells that it keeps somebody waiting.
    """
    site.asked.clear()
    asked, go_on = threading.Event(), threading.Event()

    def wait(_path: str) -> None:
        if len(site.asked_services()) > after:
            asked.set()
            go_on.wait(60)

    site.before = wait
    return asked, go_on


async def look(pilot: Pilot[None]) -> None:
    """See what is under way, as the interface does every second."""
    pilot.app.screen.query_one(UnderWayLines).look()
    await settle(pilot)


class TestRuns:
    async def test_each_says_what_it_is_worth_and_enter_tells_all_of_it(self, open_app: OpenApp) -> None:
        async with open_app(SMALL) as pilot:
            await press(pilot, "f6")
            rows = [line for line in seen(pilot).splitlines() if "2026" in line]
            assert ["not trusted" in row for row in rows] == [True, False, False]
            assert "6 pages, 0 new, 3 changed, 0 issues" in seen(pilot)
            await press(pilot, "enter")
            assert isinstance(pilot.app.screen, RunScreen)
            assert "Run 3: not trusted" in seen(pilot)
            assert "What it saw is out of bounds" in seen(pilot)
            assert "5 of 5 pages were no service pages" in " ".join(seen(pilot).split())
            await press(pilot, "escape", "p")
            assert "Run 3: not trusted" in seen(pilot), "beside the list, or in its place"
            assert "6 pages, 0 new" not in seen(pilot)
            said = heard(pilot)
            await press(pilot, "escape", "x")
            assert "6 pages, 0 new" in seen(pilot)
            assert said == ["Nothing is under way"]

    async def test_the_report_of_a_good_run_tells_lots_and_times(self, open_app: OpenApp) -> None:
        async with open_app(LARGE) as pilot:
            await press(pilot, "f6", "down")
            report = upkeep(pilot).runs.text.plain
            assert "Run 2: trusted" in report
            assert "An answer took 0.40 s on average." in report
            assert "g-cloud-15 SaaS: 3 pages, 2 live" in report
            assert "Of the pages: 1 withdrawn." in report

    async def test_without_a_catalogue_it_says_which_key_begins(
        self, open_app: OpenApp, tmp_path: Path
    ) -> None:
        async with open_app(LARGE, settings=Settings(db=tmp_path / "none.db")) as pilot:
            await press(pilot, "f6")
            assert "No run yet. s fetches" in seen(pilot)
            await press(pilot, "t", "t", "t", "t")
            assert pilot.app.is_running

    async def test_a_small_window_says_so_too_in_every_list(
        self, open_app: OpenApp, fill: Callable[..., Path]
    ) -> None:
        """The text beside the list is behind a key there."""
        async with open_app(SMALL, settings=Settings(db=fill(FORMS))) as pilot:
            await press(pilot, "f6")
            assert "No run yet. s fetches the services" in seen(pilot)
            await press(pilot, "t")
            assert "No run yet." in seen(pilot)
            await press(pilot, "t", "t")
            assert "changes are told from the second time on" in seen(pilot)


class TestIssues:
    async def test_each_has_an_example_page_and_what_to_do(self, open_app: OpenApp) -> None:
        async with open_app(LARGE) as pilot:
            await press(pilot, "f6", "t")
            full = upkeep(pilot).issues.text.plain
            assert "A page is no service page" in full
            assert f"{lived.ADDRESS}/g-cloud/services/" in full
            assert "What to do" in full
            await press(pilot, "f6", "t", "t", "t", "end", "t")
            assert "Issues of run 1" in seen(pilot)
            assert "This run met nothing odd." in seen(pilot)

    async def test_they_are_narrowed_by_kind_and_lot(self, open_app: OpenApp, settings: Settings) -> None:
        with open_catalogue(settings.db) as catalogue, Archive(archive_path(settings.db)) as archive:
            log = RunLog(catalogue, archive)
            run = log.begin(RunKey("marketplace", lived.ADDRESS, "all"), at=NOON, resume_since=None)
            for kind, lot in (("unknown-question", "saas"), ("unknown-question", "isaas"), ("missing", "")):
                details = {"lot": lot} if lot else {}
                log.note(
                    run, Issue(kind, f"{lived.ADDRESS}/{lot}", f"something {kind} {lot}", details), at=NOON
                )
            log.end(run, Outcome.FINISHED, "", RunCounts(answered=3), at=NOON)
        async with open_app(LARGE, settings=settings) as pilot:
            await press(pilot, "f6", "t")
            issues = upkeep(pilot).issues
            assert issues.list.total == 3
            await press(pilot, "f", "down", "enter")
            assert issues.list.total == 2
            assert "something missing" not in seen(pilot)
            await press(pilot, "down", "down", "down", "down", "enter")
            assert issues.list.total == 1
            await press(pilot, "escape")
            assert issues.list.has_focus


class TestHealth:
    async def test_charts_have_their_numbers_beside_them(self, open_app: OpenApp) -> None:
        async with open_app(LARGE) as pilot:
            await press(pilot, "f6", "t", "t")
            text = " ".join(seen(pilot).split())
            assert "Misleading: marketplace all: run 3 found the source changed" in text
            assert "pages ██▇ last 5; 5 to 6 in 3 runs" in text
            assert "issues ▁▁█ last 5; 0 to 5 in 3 runs" in text
            assert "answer time ███ last 0.40 s" in text
            assert "live when read █▆ last 2; 2 to 3 in 2 runs" in text
            assert "Health: 2 to look at" in text


class TestChanges:
    async def test_a_change_shows_both_texts_word_by_word(self, open_app: OpenApp) -> None:
        async with open_app(LARGE) as pilot:
            await press(pilot, "f6", "t", "t", "t")
            panes = upkeep(pilot).changes
            assert panes.list.total == 4
            told_of = {}
            for _ in range(4):
                assert panes.list.current is not None
                told_of[panes.list.current.field] = panes.text.plain
                await press(pilot, "down")
            assert "£[2.50] a user a month" in told_of["price"]
            assert "£[3.75] a user a month" in told_of["price"]
            assert "what [the] council knows[ already]." in told_of["description"]
            assert "+ Works without a signal" in told_of["features"]
            assert "− Certified connector for payments" in told_of["features"]
            assert "[live]" in told_of["status"]
            await press(pilot, "enter")
            assert isinstance(pilot.app.screen, ServiceScreen)

    async def test_they_are_narrowed_by_time_field_lot_supplier_and_shortlist(
        self, open_app: OpenApp, settings: Settings
    ) -> None:
        with open_catalogue(settings.db) as catalogue:
            store = ProjectStore(catalogue, clock=lambda: NOON)
            store.create("Forms")
            store.mark("Forms", lived.FIRST[0].id)
        async with open_app(LARGE, settings=settings) as pilot:
            await press(pilot, "f6", "t", "t", "t", "f", "down", "enter")
            panes = upkeep(pilot).changes
            assert panes.ticked == {("only", "shortlisted")}
            assert [panes.list.total, "1 change in 1 service" in seen(pilot)] == [1, True]
            await press(pilot, "enter", "down", "down", "enter")
            assert panes.ticked == {("since", "1")}
            assert "Nothing that fits what is ticked has changed." in seen(pilot)
            await press(pilot, "down", "enter")
            assert panes.ticked == {("since", "7")}
            assert panes.list.total == 4
            panes.ticked = {("field", "new"), ("lot", "saas"), ("supplier", "Tidewater Ltd")}
            panes.read()
            await settle(pilot)
            assert panes.list.total == 3
            assert "This service was not in the catalogue before." in panes.text.plain

    async def test_a_long_history_is_read_as_one_scrolls(
        self, open_app: OpenApp, fill: Callable[..., Path]
    ) -> None:
        db = fill()
        with open_catalogue(db) as catalogue:
            for night, price in enumerate(("£1 a unit a month", "£2 a unit a month")):
                records = [lived.service(number, price=price) for number in range(250)]
                ingest(catalogue, records, at=NOON.replace(hour=night))
            last = changes(catalogue)[-1]
        async with open_app(SMALL, settings=Settings(db=db)) as pilot:
            await press(pilot, "f6", "t", "t", "t", "end")
            panes = upkeep(pilot).changes
            assert panes.list.total == 250
            assert panes.list.current == last


class TestScraping:
    @pytest.fixture
    def begun(self, site: Marketplace, tmp_path: Path) -> Settings:
        """A catalogue in which a scrape of the marketplace stopped after the first page."""
        db = tmp_path / "begun.db"
        lived.scrape(db, site.url, NOON)
        return Settings(db=db)

    async def test_the_key_begins_the_same_as_last_time(
        self, open_app: OpenApp, site: Marketplace, begun: Settings
    ) -> None:
        async with open_app(settings=begun) as pilot:
            asked = recorded(pilot)
            await press(pilot, "f6", "s")
            assert "scope all" in seen(pilot)
            await press(pilot, "enter")
            assert asked == [(begun.db, "scrape", ["marketplace", "--base-url", site.url, "--scope", "all"])]

    async def test_it_goes_on_beside_the_interface_and_its_end_is_told(
        self, open_app: OpenApp, site: Marketplace, begun: Settings
    ) -> None:
        lived.put(site, lived.CHANGED)
        async with open_app(LARGE, settings=begun) as pilot:
            await press(pilot, "f6")
            begin(pilot, site)
            await ended(pilot)
            await until(pilot, "Run 2: It read all that it was to read", told)
            await until(pilot, "6 pages, 0 new, 3 changed")
            await press(pilot, "t", "t", "t")
            assert upkeep(pilot).changes.list.total == 4

    async def test_progress_is_shown_and_it_can_be_stopped(
        self, open_app: OpenApp, site: Marketplace, begun: Settings
    ) -> None:
        asked, go_on = hold(site, after=2)
        async with open_app(LARGE, settings=begun) as pilot:
            await press(pilot, "f6")
            begin(pilot, site)
            await asyncio.to_thread(asked.wait, 60)
            await look(pilot)
            assert "The scrape (marketplace, all): 2 of 6 pages" in seen(pilot)
            assert "0 issues · x stops it" in seen(pilot)
            await press(pilot, "s", "enter")
            assert "still under way" in told(pilot)
            await press(pilot, "ctrl+q")
            assert "Leave it running" in seen(pilot)
            await press(pilot, "escape", "x")
            go_on.set()
            await ended(pilot)
            await until(pilot, "interrupted")
            await until(pilot, "Somebody stopped it.", told)
            with open_catalogue(begun.db, read_only=True) as catalogue:
                assert runs(catalogue)[0].outcome is Outcome.INTERRUPTED

    async def test_left_running_it_reaches_its_end_without_the_interface(
        self, open_app: OpenApp, site: Marketplace, begun: Settings
    ) -> None:
        asked, go_on = hold(site, after=2)
        async with open_app(LARGE, settings=begun) as pilot:
            await press(pilot, "f6")
            job = begin(pilot, site)
            await asyncio.to_thread(asked.wait, 60)
            await press(pilot, "ctrl+q", "enter")
        go_on.set()
        assert job.process.wait(60) == 0
        with open_catalogue(begun.db, read_only=True) as catalogue:
            assert runs(catalogue)[0].outcome is Outcome.FINISHED

    async def test_what_fails_says_why(self, open_app: OpenApp, site: Marketplace, begun: Settings) -> None:
        async with open_app(LARGE, settings=begun) as pilot:
            await press(pilot, "f6")
            errands.begin(app_of(pilot), "scrape", "The scrape", ["marketplace", "--scope", "nowhere"])
            await ended(pilot)
            await until(pilot, "no scope 'nowhere'", told)


class TestAnotherProgram:
    async def test_its_run_is_shown_and_its_end_brings_what_it_found(
        self, open_app: OpenApp, settings: Settings
    ) -> None:
        with open_catalogue(settings.db) as catalogue, Archive(archive_path(settings.db)) as archive:
            log = RunLog(catalogue, archive)
            run = log.begin(RunKey("marketplace", lived.ADDRESS, "digital"), at=NOON, resume_since=None)
            log.beat(run, RunCounts(wanted=50, answered=10, left=40), at=NOON)
            async with open_app(LARGE, settings=settings) as pilot:
                await press(pilot, "f6")
                assert f"Run {run} (marketplace, digital): 10 of 50 pages" in seen(pilot)
                assert "begun by another program" in seen(pilot)
                assert "↻ under way" in seen(pilot)
                log.end(
                    run, Outcome.FINISHED, "", RunCounts(wanted=50, answered=50), at=NOON, published="whole"
                )
                await look(pilot)
                assert "another program" not in seen(pilot)
                assert "50 pages, 0 new" in seen(pilot)

    async def test_stopping_it_is_asked_first(
        self, open_app: OpenApp, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        stopped: list[int] = []
        monkeypatch.setattr("tui.errands.os.kill", lambda process, _signal: stopped.append(process))
        with open_catalogue(settings.db) as catalogue, Archive(archive_path(settings.db)) as archive:
            log = RunLog(catalogue, archive)
            log.begin(RunKey("marketplace", lived.ADDRESS, "digital"), at=NOON, resume_since=None)
            async with open_app(SMALL, settings=settings) as pilot:
                await press(pilot, "f6", "x", "enter")
                assert stopped == []
                await press(pilot, "x", "right", "enter")
                assert stopped == [os.getpid()]


class TestSharing:
    async def test_a_copy_is_published_into_a_folder(
        self, open_app: OpenApp, settings: Settings, tmp_path: Path
    ) -> None:
        async with open_app(SMALL, settings=settings) as pilot:
            asked = recorded(pilot)
            await press(pilot, "f6", "u")
            await type_text(pilot, "out")
            await press(pilot, "enter", "l", "enter", "escape")
            assert asked == [(settings.db, "publish", ["--", "out"])]

    async def test_the_sample_is_left_alone(self, open_app: OpenApp, settings: Settings) -> None:
        async with open_app(SMALL, settings=replace(settings, demo=True)) as pilot:
            asked, said = recorded(pilot), heard(pilot)
            await press(pilot, "f6", *"slui")
            assert [text.partition(",")[0] for text in said] == ["This is the sample"] * 4
            assert asked == []
            assert not isinstance(pilot.app.screen, AskScreen)


class TestHostileText:
    async def test_what_pages_say_is_drawn_as_it_is(self, open_app: OpenApp, settings: Settings) -> None:
        bad = "[bold red]x[/] \x1b[31m [/nonsense]"
        with open_catalogue(settings.db) as catalogue, Archive(archive_path(settings.db)) as archive:
            log = RunLog(catalogue, archive)
            run = log.begin(RunKey("marketplace", bad, bad), at=NOON, resume_since=None)
            log.note(run, Issue(bad, bad, bad, {"lot": bad, "section": "[b]"}), at=NOON)
            log.end(run, Outcome.FAILED, bad, RunCounts(answered=1), at=NOON)
            ingest(catalogue, [HOSTILE], at=NOON)
            ingest(
                catalogue,
                [msgspec.structs.replace(HOSTILE, price=bad, description=bad)],
                at=NOON.replace(hour=13),
            )
        async with open_app(LARGE, settings=settings) as pilot:
            for keys in (("f6",), ("t",), ("f", "down", "enter", "escape", "t"), ("t",), ("down", "down")):
                await press(pilot, *keys)
                assert "[bold red]" in seen(pilot)
                assert "\x1b" not in seen(pilot)


class TestLooks:
    @pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
    async def test_every_tab(
        self, open_app: OpenApp, screen: SnapshotAssertion, size: tuple[int, int]
    ) -> None:
        async with open_app(size) as pilot:
            await press(pilot, "f6")
            for _ in ("runs", "issues", "health", "changes"):
                assert seen(pilot) == screen
                await press(pilot, "t")
