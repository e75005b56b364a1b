"""One service: its summary, its answers, and what in it speaks for and against the profile."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest
from syrupy.assertion import SnapshotAssertion
from textual.pilot import Pilot

from catalogue.agreements import Agreement
from catalogue.awards import Award, Awarded
from catalogue.records import SupplierRef
from db.agreements import keep_agreements
from db.awards import keep_awards
from db.catalogue import open_catalogue
from db.ingest import ingest
from tests.interface import (
    FORMS,
    HOSTING,
    LARGE,
    NOON,
    PAYROLL,
    SMALL,
    app_of,
    press,
    seen,
    service,
    settle,
    type_text,
)
from tests.tui.conftest import OpenApp
from tui.commands.edge import Settings
from tui.screens.browse import BrowseScreen
from tui.screens.service import TABS, ServiceScreen
from tui.widgets.tabline import TabLine


def service_of(pilot: Pilot[None]) -> ServiceScreen:
    """The service in front."""
    assert isinstance(pilot.app.screen, ServiceScreen)
    return pilot.app.screen


async def show(pilot: Pilot[None], service_id: str) -> None:
    """Open a service."""
    await pilot.app.push_screen(ServiceScreen(service_id))
    await settle(pilot)


class TestSummary:
    async def test_price_supplier_and_page_are_shown(self, open_app: OpenApp) -> None:
        async with open_app(SMALL) as pilot:
            await show(pilot, FORMS.id)
            assert "£1.20 a user a month" in seen(pilot)
            assert "Tidewater Ltd" in seen(pilot)
            assert "https://marketplace.example/g-cloud/services/101" in seen(pilot)

    async def test_a_price_that_is_not_stated_says_so(self, open_app: OpenApp) -> None:
        async with open_app(SMALL) as pilot:
            await show(pilot, PAYROLL.id)
            assert "Price       not stated" in seen(pilot)

    async def test_a_framework_that_is_open_says_until_when(self, open_app: OpenApp) -> None:
        async with open_app(SMALL) as pilot:
            await show(pilot, FORMS.id)
            assert "open to buyers until 5 August 2030" in seen(pilot)

    async def test_a_framework_that_is_over_says_since_when(self, open_app: OpenApp) -> None:
        async with open_app(SMALL) as pilot:
            await show(pilot, HOSTING.id)
            assert "closed to buyers since 28 October 2026" in seen(pilot)

    async def test_a_service_that_is_gone_is_told(self, open_app: OpenApp) -> None:
        async with open_app(SMALL) as pilot:
            await show(pilot, "999")
            assert "not in the catalogue any more" in seen(pilot)
            await press(pilot, "escape")
            assert isinstance(pilot.app.screen, BrowseScreen)


class TestAround:
    """What other sources say: dates of the framework, and who bought from the supplier."""

    def keep(self, settings: Settings) -> None:
        sold = Awarded("TIDEWATER LIMITED")
        with open_catalogue(settings.db) as catalogue:
            keep_awards(
                catalogue,
                [
                    Award("p", "1", NOON, "Bins", "Marrow NHS Trust", (sold,), awarded=date(2026, 11, 1)),
                    Award("p", "2", NOON, "Forms", "Wend Council", (sold,), awarded=date(2026, 11, 2)),
                ],
            )
            agreement = Agreement("RM1557.15", "G-Cloud 15", ends=date(2027, 3, 1))
            keep_agreements(catalogue, [agreement], at=NOON)

    async def test_purchases_of_every_sector_are_told_without_a_profile(
        self, open_app: OpenApp, settings: Settings
    ) -> None:
        self.keep(settings)
        async with open_app(LARGE) as pilot:
            await show(pilot, FORMS.id)
            assert "March 2027" in " ".join(seen(pilot).split())
            assert "August 2030" not in seen(pilot)
            await press(pilot, "w")
            text = seen(pilot)
            assert "Bought from this supplier" in text
            assert text.index("Wend Council") < text.index("Marrow NHS Trust")

    async def test_a_profile_keeps_those_of_its_sector_and_warns_of_a_late_award(
        self, open_app: OpenApp, settings: Settings, profile_path: Path
    ) -> None:
        self.keep(settings)
        late = profile_path.read_text("utf-8").replace(
            'sector = "local-government"', 'sector = "local-government"\naward_by = 2027-03-02'
        )
        profile_path.write_text(late, encoding="utf-8")
        async with open_app(LARGE, Settings(db=settings.db, profile=profile_path)) as pilot:
            await show(pilot, FORMS.id)
            assert "Too late" in seen(pilot)
            await press(pilot, "w")
            assert "Wend Council" in seen(pilot)
            assert "Marrow NHS Trust" not in seen(pilot)
            assert "1 award by bodies of other sectors" in seen(pilot)

    async def test_without_awards_it_is_told_how_they_come(self, open_app: OpenApp) -> None:
        async with open_app(LARGE) as pilot:
            await show(pilot, FORMS.id)
            await press(pilot, "w")
            assert "longlist scrape awards" in seen(pilot)


class TestAnswers:
    async def test_every_answer_stands_under_its_section(self, open_app: OpenApp) -> None:
        async with open_app() as pilot:
            await show(pilot, FORMS.id)
            await press(pilot, "a")
            lines = [line.strip("│ ") for line in seen(pilot).splitlines()]
            at = lines.index("Service scope")
            assert lines[at + 1 : at + 7] == [
                "Cloud deployment model",
                "Public cloud",
                "Hybrid cloud",
                "Service constraints",
                "Closed on Christmas Day",
                "and on New Year's Day",
            ]

    async def test_the_search_inside_leaves_only_answers_with_the_words(self, open_app: OpenApp) -> None:
        async with open_app() as pilot:
            await show(pilot, FORMS.id)
            await press(pilot, "slash")
            await type_text(pilot, "christmas")
            assert "1 of 3 answers" in seen(pilot)
            assert "Service constraints" in seen(pilot)
            assert "Cloud deployment model" not in seen(pilot)

    async def test_words_that_occur_nowhere_are_told(self, open_app: OpenApp) -> None:
        async with open_app() as pilot:
            await show(pilot, FORMS.id)
            await press(pilot, "slash")
            await type_text(pilot, "zzzz")
            assert "No answer has these words" in seen(pilot)


class TestEvidence:
    async def test_one_service_is_judged_without_matching_the_catalogue(
        self, open_app: OpenApp, profile_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def matched(*_: object, **__: object) -> None:
            raise AssertionError("the catalogue was matched")

        monkeypatch.setattr("tui.session.match_catalogue", matched)
        async with open_app() as pilot:
            await app_of(pilot).take_profile(profile_path)
            await show(pilot, FORMS.id)
            await press(pilot, "v")
            assert "++ Strongly for: connect to NEC Revenues & Benefits" in seen(pilot)
            assert "(legacy.connects)" in seen(pilot)
            assert "of 100 · ranks are told in Matches (2)" in seen(pilot)

    async def test_a_ranking_under_way_is_waited_for(
        self, open_app: OpenApp, profile_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def worked_out(*_: object) -> None:
            raise AssertionError("the catalogue was gone through twice at once")

        monkeypatch.setattr("tui.session.unranked", worked_out)
        async with open_app() as pilot:
            session = app_of(pilot).session
            await session.choose_profile(profile_path)
            ranked, judged = await asyncio.gather(session.matched(), session.judged(FORMS.id))
            assert judged.judged[FORMS.id] == ranked.judged[FORMS.id]

    async def test_it_says_the_same_before_the_catalogue_is_matched_and_after(
        self, open_app: OpenApp, profile_path: Path
    ) -> None:
        async def told(pilot: Pilot[None], service: str) -> list[str]:
            await show(pilot, service)
            await press(pilot, "v")
            lines = [re.sub(" · ranks? .*", "", line) for line in seen(pilot).splitlines()]
            await press(pilot, "escape")
            return lines

        async with open_app() as pilot:
            await app_of(pilot).take_profile(profile_path)
            before = [await told(pilot, service) for service in (FORMS.id, HOSTING.id, PAYROLL.id)]
            await press(pilot, "f3")
            assert [await told(pilot, service) for service in (FORMS.id, HOSTING.id, PAYROLL.id)] == before

    async def test_with_a_ranking_its_score_and_rank_are_told(
        self, open_app: OpenApp, profile_path: Path
    ) -> None:
        async with open_app() as pilot:
            await app_of(pilot).take_profile(profile_path)
            await press(pilot, "f3")
            await show(pilot, FORMS.id)
            await press(pilot, "v")
            assert "of 100 · rank 1 of" in seen(pilot)

    @pytest.mark.parametrize("matched", [False, True])
    async def test_a_service_that_was_withdrawn_has_a_score_and_no_rank(
        self, open_app: OpenApp, settings: Settings, profile_path: Path, matched: bool
    ) -> None:
        with open_catalogue(settings.db) as catalogue:
            ingest(
                catalogue, [msgspec.structs.replace(FORMS, status="withdrawn")], at=NOON + timedelta(days=1)
            )
        async with open_app() as pilot:
            await app_of(pilot).take_profile(profile_path)
            if matched:
                await press(pilot, "f3")
            await show(pilot, FORMS.id)
            await press(pilot, "v")
            assert "of 100 · withdrawn, and so in no ranking" in seen(pilot)

    async def test_without_a_profile_it_says_how_to_choose_one(self, open_app: OpenApp) -> None:
        async with open_app() as pilot:
            await show(pilot, FORMS.id)
            await press(pilot, "v")
            assert "Press 4 to choose one" in seen(pilot)

    async def test_what_speaks_for_it_is_quoted(
        self, open_app: OpenApp, settings: Settings, profile_path: Path
    ) -> None:
        async with open_app() as pilot:
            await app_of(pilot).take_profile(profile_path)
            await show(pilot, FORMS.id)
            await press(pilot, "v")
            assert "Judged for Fenmoor District Council" in seen(pilot)
            assert "connect to NEC Revenues & Benefits" in seen(pilot)
            assert "“Certified connector for NEC Revenues & Benefits”" in seen(pilot)

    async def test_a_service_that_a_must_excludes_says_why(
        self, open_app: OpenApp, profile_path: Path
    ) -> None:
        async with open_app() as pilot:
            await app_of(pilot).take_profile(profile_path)
            await show(pilot, PAYROLL.id)
            await press(pilot, "v")
            assert "Excluded by your profile" in seen(pilot)
            assert "Needed: The service has an API" in seen(pilot)
            assert "Found: No" in seen(pilot)


class TestPrice:
    async def test_without_a_profile_the_price_is_taken_apart(self, open_app: OpenApp) -> None:
        async with open_app(SMALL) as pilot:
            await show(pilot, FORMS.id)
            await press(pilot, "p")
            for text in ("£1.20 a user a month", "Lowest   £1.20", "For      user", "Every    month"):
                assert text in seen(pilot)
            assert "No profile is chosen" in seen(pilot)
            assert "101-pricing.pdf" in seen(pilot)

    async def test_a_year_for_the_organisation_comes_with_what_was_assumed(
        self, open_app: OpenApp, profile_path: Path
    ) -> None:
        async with open_app(SMALL) as pilot:
            await app_of(pilot).take_profile(profile_path)
            await show(pilot, FORMS.id)
            await press(pilot, "p")
            assert "In a year, for Fenmoor District Council" in seen(pilot)
            assert "£6,048" in seen(pilot)
            assert "• 420 users, each paid for." in seen(pilot)

    async def test_a_price_that_cannot_be_compared_says_why_and_is_flagged(
        self, open_app: OpenApp, profile_path: Path
    ) -> None:
        async with open_app(LARGE) as pilot:
            await app_of(pilot).take_profile(profile_path)
            await show(pilot, PAYROLL.id)
            await press(pilot, "p")
            assert "Not comparable" in seen(pilot)
            assert "The listing states no price: ask for it." in seen(pilot)
            assert "! Price:" in seen(pilot)


class TestHistory:
    async def test_each_version_says_what_changed_and_when(
        self, open_app: OpenApp, settings: Settings
    ) -> None:
        dearer = msgspec.structs.replace(FORMS, price="£1.50 a user a month")
        with open_catalogue(settings.db) as catalogue:
            ingest(catalogue, [dearer], at=NOON + timedelta(days=1))
        async with open_app(LARGE) as pilot:
            await show(pilot, FORMS.id)
            await press(pilot, "h")
            text = seen(pilot)
            assert "Version 2: 24 November 2026, 12:00 UTC" in text
            assert "• price was “£1.20 a user a month”, now “£1.50 a user a month”" in text
            assert text.index("Version 2") < text.index("Version 1: 23 November 2026")

    async def test_a_listing_that_never_changed_says_so(self, open_app: OpenApp) -> None:
        async with open_app(SMALL) as pilot:
            await show(pilot, FORMS.id)
            await press(pilot, "h")
            assert "Nothing has changed since the catalogue first saw it." in seen(pilot)


class TestChecks:
    async def test_what_is_odd_is_told_with_its_reason(self, open_app: OpenApp) -> None:
        async with open_app(LARGE) as pilot:
            await show(pilot, PAYROLL.id)
            await press(pilot, "k")
            assert "! Says little: " in seen(pilot)
            assert "None was found in the catalogue." in seen(pilot)

    async def test_the_same_product_from_another_seller_is_named(
        self, open_app: OpenApp, fill: Callable[..., Path], here: Path
    ) -> None:
        resold = msgspec.structs.replace(
            FORMS,
            id="105",
            supplier=SupplierRef(name="Groyne Cloud Ltd"),
            price="£2 a user a month",
        )
        other = service("106", "Tidewater Weather", "Groyne Cloud Ltd", description="How high the tide is.")
        async with open_app(LARGE, Settings(db=fill(FORMS, resold, other))) as pilot:
            await show(pilot, FORMS.id)
            await press(pilot, "k")
            assert "Groyne Cloud Ltd: Tidewater Forms" in seen(pilot)
            assert "£2 a user a month · 105" in seen(pilot)
            assert "Tidewater Weather" not in seen(pilot)


class TestTabs:
    async def test_t_goes_round_and_a_click_opens_any(self, open_app: OpenApp) -> None:
        async with open_app(SMALL) as pilot:
            await show(pilot, FORMS.id)
            opened = []
            for _ in TABS:
                await press(pilot, "t")
                opened.append(service_of(pilot).active)
            assert opened == ["answers", "price", "evidence", "history", "awards", "checks", "summary"]
            line = seen(pilot).splitlines()[2]
            assert len(line) <= 80
            await pilot.click(TabLine, offset=(line.index("History"), 0))
            await settle(pilot)
            assert service_of(pilot).active == "history"

    async def test_a_tab_is_found_as_it_was_left(self, open_app: OpenApp) -> None:
        async with open_app((80, 15)) as pilot:
            await show(pilot, FORMS.id)
            await press(pilot, "pagedown", "p", "s")
            assert service_of(pilot).text.scroll_y > 0
            await press(pilot, "p")
            assert service_of(pilot).text.scroll_y == 0


class TestLinks:
    async def test_y_copies_the_address(self, open_app: OpenApp) -> None:
        async with open_app() as pilot:
            await show(pilot, FORMS.id)
            await press(pilot, "y")
            assert pilot.app.clipboard == FORMS.url

    async def test_o_opens_the_address_in_a_browser(
        self, open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        opened: list[str] = []
        monkeypatch.setattr("tui.links._has_browser", lambda: True)
        async with open_app() as pilot:
            monkeypatch.setattr(pilot.app, "open_url", opened.append)
            await show(pilot, FORMS.id)
            await press(pilot, "o")
            assert opened == [FORMS.url]

    async def test_where_no_browser_can_open_the_address_is_copied(
        self, open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("tui.links._has_browser", lambda: False)
        async with open_app() as pilot:
            await show(pilot, FORMS.id)
            await press(pilot, "o")
            assert pilot.app.clipboard == FORMS.url
            assert "There is no browser to open here" in seen(pilot)


class TestLooks:
    @pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
    @pytest.mark.parametrize("key", ["s", "a", "p", "v"], ids=["summary", "answers", "price", "evidence"])
    async def test_a_service(
        self,
        open_app: OpenApp,
        screen: SnapshotAssertion,
        profile_path: Path,
        size: tuple[int, int],
        key: str,
    ) -> None:
        async with open_app(size) as pilot:
            if key in "pv":
                await app_of(pilot).take_profile(profile_path)
            await show(pilot, FORMS.id)
            await press(pilot, key)
            assert seen(pilot) == screen
