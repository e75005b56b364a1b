"""The ranking for a profile, its evidence, what was excluded, and what to ask."""

from __future__ import annotations

import asyncio
import threading
from decimal import Decimal
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from catalogue.errors import CatalogueError
from catalogue.match import Excluded, Match, MatchResult
from catalogue.profile import Profile
from catalogue.read import read_service
from catalogue.rules import Verdict
from catalogue.scoring import Contribution, Finding
from tests.interface import FORMS, HOSTING, LARGE, PAYROLL, SMALL, press, seen, settle
from tests.tui.conftest import OpenApp
from tui.commands.edge import Settings
from tui.screens.service import ServiceScreen
from tui.widgets.evidence import LOOKS, meter


def finding(verdict: Verdict, need: str, points: str, quote: str | None = None) -> Finding:
    """A finding of a rule of ours."""
    question = "Service features" if quote else None
    return Finding(need, verdict, Decimal(points), question, quote, "legacy.rule", "it says so")


def judged(profile: Profile) -> MatchResult:
    """A ranking made by hand: what is drawn must not change when the rules do."""
    contributions = (
        Contribution(
            "legacy",
            Decimal("20.5"),
            (
                finding(
                    Verdict.STRONG_FOR,
                    "connect to NEC Revenues & Benefits",
                    "22.0",
                    "Certified connector for NEC Revenues & Benefits",
                ),
                finding(Verdict.WEAK_AGAINST, "data out at the end", "-1.5", "Drag and drop designer"),
                finding(Verdict.SILENT, "an API that can be used", "0.0"),
            ),
        ),
        Contribution("resources", Decimal("7.0"), (finding(Verdict.NOT_APPLICABLE, "training", "0.0"),)),
        Contribution("skills", Decimal("0.0"), ()),
        Contribution("customers", Decimal("29.0"), (finding(Verdict.WEAK_FOR, "mobile", "29.0", "Drag"),)),
    )
    return MatchResult(
        profile,
        "test",
        tuple(
            Match(rank, read_service(record)[0], score, contributions, questions, Decimal(1))
            for rank, record, score, questions in (
                (1, FORMS, Decimal("56.5"), ("Is there a licence fee for the connector?",)),
                (2, HOSTING, Decimal("8.0"), ()),
            )
        ),
        (Excluded(read_service(PAYROLL)[0], profile.requirements[0], "API", ("No",)),),
        3,
    )


@pytest.fixture
def matched(settings: Settings, profile_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The small catalogue with the profile in use, ranked by hand."""
    monkeypatch.setattr("tui.session.match_catalogue", lambda _catalogue, profile: judged(profile))
    return Settings(db=settings.db, profile=profile_path)


class TestRanking:
    async def test_without_a_profile_it_says_how_to_choose_one(self, open_app: OpenApp) -> None:
        async with open_app() as pilot:
            await press(pilot, "down", "2")
            assert "No profile is chosen. Press 4" in seen(pilot)

    async def test_services_stand_in_the_order_of_their_score(
        self, open_app: OpenApp, matched: Settings
    ) -> None:
        async with open_app(settings=matched) as pilot:
            await press(pilot, "down", "2")
            lines = [line for line in seen(pilot).splitlines() if "56.5" in line or "8.0  " in line]
            assert "Tidewater Forms" in lines[0]
            assert any("Groyne Hosting" in line for line in lines[1:])

    async def test_each_barrier_has_its_letter_and_its_points(
        self, open_app: OpenApp, matched: Settings
    ) -> None:
        async with open_app(settings=matched) as pilot:
            await press(pilot, "down", "2")
            bars = next(line for line in seen(pilot).splitlines() if " L " in line and "█" in line)
            assert [word for word in bars.split() if word.isdigit()][:4] == ["20", "7", "0", "29"]
            assert all(f" {letter} " in bars for letter in "LRSC")

    async def test_the_real_ranking_quotes_what_the_listing_says(
        self, open_app: OpenApp, settings: Settings, profile_path: Path
    ) -> None:
        async with open_app(settings=Settings(db=settings.db, profile=profile_path)) as pilot:
            await press(pilot, "down", "2")
            assert "Tidewater Forms" in seen(pilot)
            assert "Certified connector for NEC Revenues" in seen(pilot)

    async def test_an_error_is_a_message_and_r_tries_again(
        self, open_app: OpenApp, matched: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with open_app(settings=matched) as pilot:

            def broken(*_: object) -> MatchResult:
                raise CatalogueError("the catalogue is away")

            monkeypatch.setattr("tui.session.match_catalogue", broken)
            await press(pilot, "down", "2")
            assert "r tries again" in seen(pilot)
            assert "the catalogue is away" in seen(pilot)
            monkeypatch.setattr("tui.session.match_catalogue", lambda _catalogue, profile: judged(profile))
            await press(pilot, "r")
            assert "Tidewater Forms" in seen(pilot)


class TestWaiting:
    async def test_escape_stops_a_long_matching_and_r_begins_anew(
        self, open_app: OpenApp, matched: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        released = threading.Event()

        def slow(_catalogue: object, profile: Profile) -> MatchResult:
            released.wait(timeout=20)
            return judged(profile)

        monkeypatch.setattr("tui.session.match_catalogue", slow)
        monkeypatch.setattr("tui.screens.patience.PATIENCE", 0.001)
        async with open_app(settings=matched) as pilot:
            await pilot.press("down", "2")
            async with asyncio.timeout(20):
                while "Matching for Fenmoor" not in seen(pilot):
                    await pilot.pause()
            await pilot.press("escape")
            await settle(pilot)
            assert "Stopped. r matches again." in seen(pilot)
            released.set()
            await press(pilot, "r")
            assert "Tidewater Forms" in seen(pilot)


class TestEvidence:
    async def test_a_finding_has_its_verdict_in_words_its_quote_and_its_rule(
        self, open_app: OpenApp, matched: Settings
    ) -> None:
        async with open_app((160, 50), settings=matched) as pilot:
            await press(pilot, "down", "2")
            text = seen(pilot)
            assert "++ Strongly for: connect to NEC Revenues & Benefits  +22.0" in text
            assert "“Certified connector for NEC Revenues & Benefits”" in text
            assert "Service features · it says so (legacy.rule)" in text
            assert "? Silent: an API that can be used" in " ".join(text.split())
            assert "Not asked in this lot: training" in text

    async def test_enter_opens_the_service_at_its_evidence(
        self, open_app: OpenApp, matched: Settings
    ) -> None:
        async with open_app(settings=matched) as pilot:
            await press(pilot, "down", "2", "enter")
            assert isinstance(pilot.app.screen, ServiceScreen)
            assert "rank 1 of 2" in seen(pilot)

    async def test_in_a_small_window_p_shows_it_and_gives_the_list_back(
        self, open_app: OpenApp, matched: Settings
    ) -> None:
        async with open_app(SMALL, settings=matched) as pilot:
            await press(pilot, "down", "2")
            assert "Strongly for" not in seen(pilot)
            await press(pilot, "p")
            assert "Strongly for" in seen(pilot)
            await press(pilot, "p")
            assert "Strongly for" not in seen(pilot)

    def test_every_verdict_has_words_and_a_sign_of_its_own(self) -> None:
        assert set(LOOKS) == set(Verdict)
        assert len({look.words for look in LOOKS.values()}) == len(Verdict)
        assert len({look.sign for look in LOOKS.values()}) == len(Verdict)


class TestExcludedAndQuestions:
    async def test_the_second_tab_says_what_was_needed_and_what_was_found(
        self, open_app: OpenApp, matched: Settings
    ) -> None:
        async with open_app(settings=matched) as pilot:
            await press(pilot, "down", "2", "t")
            assert "Sandbar Payroll" in seen(pilot)
            assert "needed: The service has an API" in seen(pilot)
            assert "found:  No" in seen(pilot) or "found: No" in seen(pilot)

    async def test_the_third_tab_lists_what_to_ask(self, open_app: OpenApp, matched: Settings) -> None:
        async with open_app(settings=matched) as pilot:
            await press(pilot, "down", "2", "t", "t")
            assert "• Is there a licence fee for the connector?" in seen(pilot)


class TestMeter:
    @pytest.mark.parametrize(
        ("part", "bar"), [("0", "░░░░"), ("10", "████"), ("5", "██░░"), ("2.5", "█░░░"), ("-3", "░░░░")]
    )
    def test_it_fills_in_proportion(self, part: str, bar: str) -> None:
        assert meter(Decimal(part), Decimal(10), 4) == bar

    def test_a_barrier_without_weight_is_empty(self) -> None:
        assert meter(Decimal(0), Decimal(0), 3) == "░░░"


class TestLooks:
    @pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
    async def test_the_ranking(
        self, open_app: OpenApp, screen: SnapshotAssertion, matched: Settings, size: tuple[int, int]
    ) -> None:
        async with open_app(size, settings=matched) as pilot:
            await press(pilot, "down", "2")
            assert seen(pilot) == screen
