"""The ranking for a profile, its evidence, what was excluded, and what to ask."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion
from textual.pilot import Pilot

from catalogue.errors import CatalogueError
from catalogue.match import Excluded, Match, MatchResult, yardstick_of
from catalogue.profile import BARRIERS, SURVEY_2018, Profile, percentages
from catalogue.read import read_service
from catalogue.records import Answer, Section
from catalogue.rules import Verdict
from catalogue.scoring import Contribution, Finding
from catalogue.sentences import UNCOVERED, adds_sentence, range_sentence, steady_sentences
from catalogue.sequence import sequence_of
from catalogue.stability import stability_of
from db.catalogue import open_catalogue
from tests.interface import (
    FORMS,
    HOSTILE,
    HOSTING,
    LARGE,
    PAYROLL,
    PROFILE,
    SMALL,
    app_of,
    heard,
    press,
    seen,
    service,
    settle,
    told,
)
from tests.tui.conftest import OpenApp
from tui.commands.edge import Settings
from tui.drafts import open_draft
from tui.matching import match_catalogue, read_profile
from tui.screens.matches import MatchesScreen
from tui.screens.save import SaveScreen
from tui.screens.service import ServiceScreen
from tui.trying import Weights, moved
from tui.widgets.evidence import LOOKS, meter
from tui.widgets.matches import shares_of_cells
from tui.widgets.prose import Prose
from tui.widgets.weights import WeightBars


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
        yardstick_of(profile, []),
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
            bars = next(line for line in seen(pilot).splitlines() if " L ██" in line)
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

    async def test_it_says_what_a_year_costs_and_what_is_odd_about_the_listing(
        self, open_app: OpenApp, fill: Callable[..., Path], profile_path: Path
    ) -> None:
        db = fill(service("101", "Tidewater Forms", features=("Connector for NEC Revenues & Benefits",)))
        async with open_app(settings=Settings(db=db, profile=profile_path)) as pilot:
            await press(pilot, "down", "2")
            text = " ".join(pilot.app.screen.query_one("#match-evidence", Prose).plain.split())
            assert "A year £6,048. 420 users, each paid for." in text
            assert "Steadiness rank 1 throughout" in text
            assert "With care It says little: 1 flag below." in text
            assert text.endswith("• There is no description.")


class TestOtherTabs:
    async def test_excluded_says_what_was_needed_and_what_was_found(
        self, open_app: OpenApp, matched: Settings
    ) -> None:
        async with open_app(settings=matched) as pilot:
            await press(pilot, "down", "2", "t")
            assert "Sandbar Payroll" in seen(pilot)
            assert "needed: The service has an API" in seen(pilot)
            assert "found:  No (API)" in seen(pilot) or "found: No (API)" in seen(pilot)

    async def test_questions_are_copied_for_one_supplier_or_for_all(
        self, open_app: OpenApp, matched: Settings
    ) -> None:
        async with open_app(settings=matched) as pilot:
            await press(pilot, "down", "2", "t", "t")
            assert "• Is there a licence fee for the connector?" in seen(pilot)
            asked = "Tidewater Forms (Tidewater Ltd), 101\n- Is there a licence fee for the connector?"
            said = heard(pilot)
            for key in ("y", "Y"):
                await press(pilot, key)
                assert pilot.app.clipboard == asked
                assert "Copied 1 question to 1 supplier" in said[-1]

    async def test_steadiness_and_order_are_told_in_the_words_of_the_command(
        self, open_app: OpenApp, rivals: Settings
    ) -> None:
        async with open_app(settings=rivals) as pilot:
            await press(pilot, "down", "2", "t", "t", "t")
            profile = rivals.profile
            assert profile is not None
            with open_catalogue(rivals.db, read_only=True) as catalogue:
                found = match_catalogue(catalogue, read_profile(profile))
            (first, *_) = stability_of(found)
            assert "●" in seen(pilot)
            assert range_sentence(first) in seen(pilot)
            assert all(sentence in seen(pilot) for sentence in steady_sentences(first))
            await press(pilot, "t")
            (step, *_) = sequence_of(found).steps
            assert adds_sentence(step) in seen(pilot)
            assert UNCOVERED in pilot.app.screen.query_one("#order-text", Prose).plain
            await press(pilot, "escape", "T")
            assert "Which one first" in seen(pilot)


class TestReckoning:
    async def test_it_tells_rule_by_rule_what_the_score_is_the_sum_of(
        self, open_app: OpenApp, matched: Settings
    ) -> None:
        async with open_app(settings=matched) as pilot:
            await press(pilot, "down", "2", "e")
            assert "strongly for by rule legacy.rule" in seen(pilot)
            assert "20.5 + 7.0 + 0.0 + 29.0 = 56.5" in seen(pilot)
            await press(pilot, "y")
            assert pilot.app.clipboard.startswith("Tidewater Forms, 101\n")
            await press(pilot, "escape")
            assert isinstance(pilot.app.screen, MatchesScreen)


@pytest.fixture
def rivals(fill: Callable[..., Path], here: Path) -> Settings:
    """A service that connects and one that is made for customers: which is first, the weights say."""
    (here / "fenmoor.toml").write_text(
        PROFILE.split("[[requirement]]")[0]
        + '[customers]\nneeds = ["mobile", "single-sign-on"]\n# as the board said\n'
        + "[weights]\nlegacy = 60\nresources = 10\nskills = 10\ncustomers = 20\n",
        encoding="utf-8",
    )
    db = fill(
        service("101", "Groyne Connect", features=("Connector for NEC Revenues & Benefits",)),
        service(
            "102",
            "Saltmarsh Portal",
            description="Council tax and benefits online, end to end.",
            features=("Single sign-on: residents sign in once with one account",),
        ),
    )
    return Settings(db=db, profile=here / "fenmoor.toml")


def ranking(pilot: Pilot[None]) -> list[str]:
    """The names of the ranking, each with what stands before its second line: how far it moved."""
    lines = seen(pilot).splitlines()
    first = next(number for number, line in enumerate(lines) if "#  Score" in line) + 1
    return [" ".join((lines[at][17:34] + lines[at + 1][2:17]).split()) for at in (first, first + 3)]


class TestWeights:
    async def test_another_weight_ranks_anew_says_who_moved_and_judges_what_is_opened(
        self, open_app: OpenApp, rivals: Settings
    ) -> None:
        async with open_app(SMALL, settings=rivals) as pilot:
            await press(pilot, "down", "2")
            assert ranking(pilot) == ["Groyne Connect", "Saltmarsh Portal"]
            await press(pilot, "w", "end", *["greater_than_sign"] * 5)
            assert ranking(pilot) == ["Saltmarsh Portal ▲1 was 2", "Groyne Connect ▼1 was 1"]
            assert "L 22 %  R 4 %  S 4 %  C 70 % · not saved" in seen(pilot)
            assert "of 70.0" in pilot.app.screen.query_one("#match-evidence", Prose).plain
            await press(pilot, "escape", "home", "enter")
            assert "Saltmarsh Portal" in seen(pilot) and "rank 1 of 2" in seen(pilot)
            await press(pilot, "escape", "z")
            assert ranking(pilot) == ["Groyne Connect", "Saltmarsh Portal"]
            assert "not saved" not in seen(pilot)

    async def test_a_click_on_a_bar_makes_it_end_there_and_the_rest_is_shared(
        self, open_app: OpenApp, rivals: Settings
    ) -> None:
        async with open_app(settings=rivals) as pilot:
            await press(pilot, "down", "2")
            bars = pilot.app.screen.query_one(WeightBars)
            await pilot.click(bars, offset=(bars.outer_size.width - 13, 4))
            await settle(pilot)
            tried = app_of(pilot).session.tried
            assert tried is not None
            assert tried["customers"] > 95 and sum(tried.values()) == 100

    @given(st.lists(st.tuples(st.sampled_from(BARRIERS), st.integers(-5, 105)), max_size=6))
    def test_they_are_whole_and_100_together_whatever_is_moved(self, moves: list[tuple[str, int]]) -> None:
        weights: Weights = percentages({key: Decimal(value) for key, value in SURVEY_2018.items()})
        for barrier, share in moves:
            weights = moved(weights, barrier, share)
            assert sum(weights.values()) == 100
            assert min(weights.values()) >= 0

    async def test_they_are_saved_in_the_profile_and_its_comments_stay(
        self, open_app: OpenApp, rivals: Settings
    ) -> None:
        async with open_app(settings=rivals) as pilot:
            await press(pilot, "down", "2", "w", "end", *["greater_than_sign"] * 5, "ctrl+s")
            path = rivals.profile
            assert path is not None
            assert "# as the board said" in path.read_text(encoding="utf-8")
            assert dict(read_profile(path).weights) == {
                "legacy": 22,
                "resources": 4,
                "skills": 4,
                "customers": 70,
            }
            assert app_of(pilot).session.tried is None
            assert ranking(pilot) == ["Saltmarsh Portal", "Groyne Connect"]
            assert "Saved: fenmoor.toml" in told(pilot)

    async def test_a_sample_is_saved_as_a_file_of_ones_own(
        self, open_app: OpenApp, rivals: Settings, here: Path
    ) -> None:
        sample = Path(str(files("catalogue.sample") / "profiles" / "brackwater.toml"))
        before = sample.read_bytes()
        async with open_app(settings=replace(rivals, profile=sample)) as pilot:
            await press(pilot, "down", "2", "w", "e", "ctrl+s")
            assert isinstance(pilot.app.screen, SaveScreen)
            await press(pilot, "enter")
            assert set(read_profile(here / "brackwater.toml").weights.values()) == {Decimal(25)}
            assert app_of(pilot).session.profile_path == here / "brackwater.toml"
        assert sample.read_bytes() == before

    async def test_they_join_changes_in_the_editor_that_are_not_saved(
        self, open_app: OpenApp, rivals: Settings
    ) -> None:
        path = rivals.profile
        assert path is not None
        before = path.read_bytes()
        async with open_app(settings=rivals) as pilot:
            draft = open_draft(path)
            session = app_of(pilot).session
            session.draft = replace(draft, history=draft.history.changed(draft.text + "# later\n"))
            await press(pilot, "down", "2", "w", "e", "ctrl+s")
            assert "other changes that are not saved" in told(pilot)
            assert session.draft is not None
            assert session.draft.text.endswith("# later\n") and "legacy = 25" in session.draft.text
        assert path.read_bytes() == before

    async def test_a_file_that_is_gone_is_told(self, open_app: OpenApp, rivals: Settings) -> None:
        async with open_app(settings=rivals) as pilot:
            await press(pilot, "down", "2", "w", "e")
            assert rivals.profile is not None
            rivals.profile.unlink()
            await press(pilot, "ctrl+s")
            assert "cannot be read" in told(pilot)
            assert app_of(pilot).session.tried is not None


class TestSellers:
    @pytest.fixture
    def sold_twice(self, fill: Callable[..., Path], profile_path: Path) -> Settings:
        """One product from two sellers, and another one."""
        resold = Section(
            "Service scope", (Answer("Organisation whose services are being resold", ("Larkspur BV",)),)
        )
        api = Section("How users work with your service", (Answer("API", ("Yes",)),))
        made = [
            service(
                number,
                f"Larkspur desk by {seller}",
                seller,
                description="Larkspur is the council tax desk that eleven island councils run on every day.",
                features=("Council tax and benefits on one desk for every officer",),
                sections=(resold, api),
            )
            for number, seller in (("201", "Quayside Ltd"), ("202", "Moorgate LLP"))
        ]
        return Settings(db=fill(*made, HOSTING), profile=profile_path)

    async def test_one_stands_for_all_and_x_shows_the_others(
        self, open_app: OpenApp, sold_twice: Settings
    ) -> None:
        async with open_app(SMALL, settings=sold_twice) as pilot:
            await press(pilot, "down", "2")
            assert seen(pilot).count("Larkspur desk by") == 1
            assert "+1 seller · " in seen(pilot)
            await press(pilot, "x")
            assert seen(pilot).count("Larkspur desk by") == 2
            assert "└ same product: " in seen(pilot)
            await press(pilot, "down", "x")
            assert seen(pilot).count("Larkspur desk by") == 1
            await press(pilot, "p")
            assert "Also sold by" in seen(pilot)


class TestHostileText:
    async def test_it_is_shown_as_it_stands_in_every_tab(
        self, open_app: OpenApp, fill: Callable[..., Path], profile_path: Path
    ) -> None:
        async with open_app((160, 50), settings=Settings(db=fill(HOSTILE), profile=profile_path)) as pilot:
            await press(pilot, "down", "2")
            for key in ("t", "t", "t", "t", "t", "e"):
                assert "\x1b" not in seen(pilot) and "\x07" not in seen(pilot)
                await press(pilot, key)
            assert "[bold red]Free[/] <b>forms</b> [31mred" in seen(pilot)


class TestBars:
    @given(
        st.fixed_dictionaries({key: st.decimals(0, 100, places=1) for key in BARRIERS}), st.integers(12, 60)
    )
    def test_they_share_all_cells_by_weight_and_none_with_a_weight_is_missing(
        self, weights: dict[str, Decimal], cells: int
    ) -> None:
        given_cells = shares_of_cells(weights, cells)
        if not sum(weights.values()):
            assert set(given_cells.values()) == {0}
            return
        assert cells <= sum(given_cells.values()) <= cells + 3
        assert all((given_cells[key] > 0) == (weight > 0) for key, weight in weights.items())

    def test_a_barrier_of_twice_the_weight_has_a_bar_of_twice_the_length(self) -> None:
        weights = {
            "legacy": Decimal(40),
            "resources": Decimal(20),
            "skills": Decimal(20),
            "customers": Decimal(20),
        }
        assert shares_of_cells(weights, 20) == {"legacy": 8, "resources": 4, "skills": 4, "customers": 4}


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
