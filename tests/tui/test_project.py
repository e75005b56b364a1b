"""A purchase in the interface: which project, its steps, fates, weights, scores, lock, outcome and trail."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from decimal import Decimal
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from textual import events
from textual.pilot import Pilot

from catalogue.match import Match
from catalogue.project import Criterion, actions, stage_of
from catalogue.replay import match_longlist
from db.catalogue import open_catalogue
from db.ingest import ingest
from db.purchase import freeze_requirements, save_search
from tests.interface import (
    HOSTILE,
    HOSTING,
    LARGE,
    NOON,
    SMALL,
    app_of,
    press,
    seen,
    service,
    settle,
    told,
    type_text,
)
from tests.tui import purchases
from tests.tui.conftest import OpenApp
from tests.tui.purchases import NAME, OFFICER, kept, projects
from tui.commands.edge import Settings
from tui.memory import Memory, Place, remember
from tui.offers import OFFERS, Offer, written
from tui.screens.browse import BrowseScreen
from tui.screens.form import FormScreen
from tui.screens.project import ProjectScreen
from tui.screens.project_list import ProjectsScreen

Begun = Callable[[purchases.Stage], Settings]


@pytest.fixture
def begun(fill: Callable[..., Path], profile_path: Path) -> Begun:
    """The settings of a catalogue with a purchase that has come to a stage, for an officer with a name."""

    def make(stage: purchases.Stage) -> Settings:
        db = fill(*purchases.FORMS)
        stage(db, profile_path)
        return Settings(db=db, actor=OFFICER)

    return make


@pytest.fixture
def open_at_project(open_app: OpenApp, tmp_path: Path) -> OpenApp:
    """Opens the interface where it was left: at the project."""

    def opened(
        size: tuple[int, int] = SMALL, settings: Settings | None = None, state: Path | None = None
    ) -> AbstractAsyncContextManager[Pilot[None]]:
        assert settings is not None
        state = state or tmp_path / "interface.json"
        remember(state, Memory(toured=True).left(settings.db, Place("project")))
        return open_app(size, settings=settings, state=state)

    return opened


async def answer(pilot: Pilot[None], *texts: str) -> None:
    """Fill in the fields of a form one after the other; the last Enter sends it."""
    for text in texts:
        await pilot.press("ctrl+u")
        pilot.app.post_message(events.Paste(text))
        await press(pilot, "enter")


async def go_to(pilot: Pilot[None], tab: str) -> None:
    """Show a tab of the project."""
    place = pilot.app.screen
    assert isinstance(place, ProjectScreen)
    place.go_to(tab)
    await settle(pilot)


class TestWhichProject:
    async def test_without_one_the_next_step_begins_one(
        self, open_at_project: OpenApp, settings: Settings, profile_path: Path
    ) -> None:
        async with open_at_project(settings=Settings(db=settings.db, profile=profile_path)) as pilot:
            assert "No project yet" in seen(pilot)
            await press(pilot, "x")
            assert "Fenmoor District Council" in seen(pilot)
            await answer(pilot, "con")
            assert "is the name of a device" in seen(pilot)
            await answer(pilot, NAME)
            assert "▶Requirements" in seen(pilot)
            profile = kept(settings.db).profile
            assert profile is not None
            assert profile.name == "Fenmoor District Council"

    async def test_the_list_says_where_each_stands_and_opens_it(
        self, open_at_project: OpenApp, begun: Begun
    ) -> None:
        settings = begun(purchases.searched)
        with projects(settings.db) as store:
            store.create("Parking")
        async with open_at_project(settings=settings) as pilot:
            await press(pilot, "l")
            assert "next: longlist, 3 of 3 still to decide" in seen(pilot)
            assert "Parking" in seen(pilot)
            where = seen(pilot).splitlines()
            rows = [line for line in where if "changed 2026-11-23" in line]
            await press(pilot, "home", *["down"] * next(at for at, row in enumerate(rows) if NAME in row))
            await press(pilot, "enter")
            assert isinstance(pilot.app.screen, ProjectScreen)
            assert "▶Longlist" in seen(pilot)

    async def test_what_another_program_did_to_it_is_there_when_one_comes_back(
        self, open_at_project: OpenApp, begun: Begun
    ) -> None:
        settings = begun(purchases.searched)
        async with open_at_project(settings=settings) as pilot:
            assert "3 of 3 still to decide" in seen(pilot)
            with projects(settings.db) as store:
                kept_too = store.results(["201"], NAME)
                store.act(NAME, actions.Shortlist(services=kept_too, because="By another"))
            await press(pilot, "f2", "f4")
            assert "2 of 3 still to decide" in seen(pilot)

    async def test_the_open_project_is_open_again_next_time(
        self, open_app: OpenApp, begun: Begun, tmp_path: Path
    ) -> None:
        settings, state = begun(purchases.searched), tmp_path / "interface.json"
        with projects(settings.db) as store:
            store.create("Parking")
        state.write_text('{"toured": true}', encoding="utf-8")
        async with open_app(SMALL, settings=settings, state=state) as pilot:
            await app_of(pilot).session.open_project("Parking")
            app_of(pilot).leave()
        async with open_app(SMALL, settings=settings, state=state) as pilot:
            await press(pilot, "f4")
            assert "Parking" in seen(pilot).splitlines()[1]

    async def test_a_trail_that_cannot_be_read_is_told_and_the_others_can_be_opened(
        self, open_at_project: OpenApp, begun: Begun
    ) -> None:
        settings = begun(purchases.frozen)
        with open_catalogue(settings.db) as catalogue:
            for (name,) in catalogue.rows("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
                catalogue.db.conn.execute(f'DROP TRIGGER "{name}"')
            catalogue.db.conn.execute("UPDATE entry SET document = '{}' WHERE number = 2")
            catalogue.db.conn.commit()
        async with open_at_project(settings=settings) as pilot:
            await press(pilot, "l")
            assert "✕" in seen(pilot)
            assert isinstance(pilot.app.screen, ProjectsScreen)

    async def test_a_deleted_project_leaves_its_tombstone(
        self, open_at_project: OpenApp, begun: Begun
    ) -> None:
        settings = begun(purchases.searched)
        async with open_at_project(settings=settings) as pilot:
            await press(pilot, "l", "d")
            await answer(pilot, "Asked for by the council")
            await press(pilot, "enter")
            assert "it is kept" in seen(pilot)
            await press(pilot, "down", "enter")
            assert "deleted" in seen(pilot)
            assert stage_of(kept(settings.db)) == "deleted"

    async def test_without_one_only_keys_that_do_something_are_offered(
        self, open_at_project: OpenApp, settings: Settings
    ) -> None:
        async with open_at_project(LARGE, settings=settings) as pilot:
            for tab in ("longlist", "requirements", "questions", "scores", "trail", "steps"):
                await go_to(pilot, tab)
                offered = seen(pilot).splitlines()[-1].split("▏")[0]
                assert offered.split("  ")[:3] == [" x Next step", "l Projects", "t Next tab"], tab
                assert offered.split()[-4:] == ["^q", "Quit", "^p", "Menu"], tab

    async def test_keys_for_services_are_offered_with_the_first_one(
        self, open_app: OpenApp, settings: Settings
    ) -> None:
        async with open_app(LARGE, settings=settings) as pilot:
            await press(pilot, "f4", "f2", "down", "space", "f4")
            offered = seen(pilot).splitlines()[-1]
            for key in ("⏎ Open", "p Evidence", "space Unmark", "n Note", "q Ask", "e Export"):
                assert key in offered


class TestMarks:
    async def test_a_mark_goes_to_the_open_project(self, open_app: OpenApp, begun: Begun) -> None:
        settings = begun(purchases.searched)
        async with open_app(SMALL, settings=settings) as pilot:
            await type_text(pilot, "groyne")
            await press(pilot, "down", "space")
            assert f"On the shortlist of {NAME}: Groyne Forms" in told(pilot)
            await press(pilot, "space")
            assert f"Taken off the shortlist of {NAME}" in told(pilot)
        listed = kept(settings.db).listed("203")
        assert listed is not None
        assert (listed.fate, listed.because) == ("open", "taken off the shortlist")

    async def test_a_service_that_the_search_did_not_find_is_refused(
        self, open_app: OpenApp, begun: Begun
    ) -> None:
        settings = begun(purchases.searched)
        with open_catalogue(settings.db) as catalogue:
            ingest(catalogue, [service("300", "Pier Bookings")], at=NOON)
        async with open_app(SMALL, settings=settings) as pilot:
            await type_text(pilot, "pier")
            await press(pilot, "down", "space")
            assert "is not on the longlist of project" in told(pilot)

    async def test_on_record_a_mark_needs_a_name_which_is_asked_once(
        self, open_app: OpenApp, begun: Begun
    ) -> None:
        settings = begun(purchases.searched)
        async with open_app(SMALL, settings=Settings(db=settings.db, actor=None)) as pilot:
            await press(pilot, "down", "space")
            assert "Who are you?" in seen(pilot)
            await press(pilot, "enter")
            assert "the record needs a name" in seen(pilot)
            await answer(pilot, "Ada")
            await press(pilot, "down", "space")
            assert [each.by.actor for each in kept(settings.db).of_fate("shortlisted")] == ["Ada", "Ada"]


class TestRequirements:
    async def test_they_are_added_taken_out_and_frozen(
        self, open_at_project: OpenApp, settings: Settings, profile_path: Path
    ) -> None:
        with projects(settings.db) as store:
            store.create(NAME, profile_path)
        async with open_at_project(settings=Settings(db=settings.db, actor=OFFICER)) as pilot:
            await press(pilot, "a")
            await answer(pilot, "Answers by telephone")
            await press(pilot, "up", "enter")
            assert "must Answers by telephone" in seen(pilot)
            await press(pilot, "down", "down", "d")
            assert kept(settings.db).typed == ()
            await press(pilot, "home", "d")
            assert "those of the profile are changed in the profile" in told(pilot)
            await press(pilot, "z")
            await answer(pilot, "many")
            await press(pilot, "enter")
            assert "no number" in seen(pilot)
            await press(pilot, "shift+tab", "ctrl+u", "enter", "enter")
            assert "▶Search" in seen(pilot)
            assert "z Freeze" not in seen(pilot)
        assert kept(settings.db).frozen is not None


class TestSavingASearch:
    async def test_requirements_come_first(self, open_app: OpenApp, settings: Settings) -> None:
        async with open_app(SMALL, settings=settings) as pilot:
            await press(pilot, "down", "S")
            assert "Requirements come first" in seen(pilot)
            await press(pilot, "enter")
            assert isinstance(pilot.app.screen, ProjectScreen)

    async def test_words_and_filters_are_saved_each_filter_for_a_requirement(
        self, open_app: OpenApp, begun: Begun
    ) -> None:
        settings = begun(purchases.frozen)
        async with open_app(SMALL, settings=settings) as pilot:
            await type_text(pilot, "forms")
            browse = pilot.app.screen
            assert isinstance(browse, BrowseScreen)
            browse.narrowing.chosen["suppliers"]["Tidewater Ltd"] = "Tidewater Ltd"
            browse.look()
            await settle(pilot)
            await press(pilot, "down", "S")
            assert "filter 1: supplier Tidewater Ltd" in seen(pilot)
            await press(pilot, "tab", "tab", "down", "ctrl+s")
            assert isinstance(pilot.app.screen, ProjectScreen)
            assert "▶Longlist" in seen(pilot)
        (search,) = kept(settings.db).searches
        (narrowed,) = search.filters
        assert (search.words, search.framework, search.lot) == ("forms", "g-cloud-15", "saas")
        assert (narrowed.kind, narrowed.requirement, narrowed.before, narrowed.after) == (
            "supplier",
            "R2",
            3,
            1,
        )

    async def test_what_was_marked_and_is_not_found_is_told(self, open_app: OpenApp, begun: Begun) -> None:
        def stage(db: Path, profile: Path) -> None:
            with projects(db) as store:
                store.create(NAME, profile)
                for service_id in ("201", "202"):
                    store.mark(NAME, service_id)
                freeze_requirements(store, NAME)

        async with open_app(SMALL, settings=begun(stage)) as pilot:
            await type_text(pilot, "tidewater")
            await press(pilot, "down", "S", "ctrl+s")
            assert isinstance(pilot.app.screen, ProjectScreen)
            assert "Marked before, and not found by it: Sandbar Forms" in told(pilot)

    async def test_the_search_box_says_which_key_saves_while_the_project_waits_for_it(
        self, open_app: OpenApp, begun: Begun
    ) -> None:
        settings = begun(purchases.frozen)
        async with open_app(SMALL, settings=settings) as pilot:
            assert f"Search: S in the results saves it into {NAME}" in seen(pilot)
            await type_text(pilot, "forms")
            await press(pilot, "down", "S", "ctrl+s", "f2")
            assert "saves it into" not in seen(pilot)

    async def test_how_many_of_those_shown_become_the_longlist_is_told_before(
        self, open_app: OpenApp, begun: Begun
    ) -> None:
        """The list also shows what has only some of the words; the record takes what has all."""
        settings = begun(purchases.frozen)
        async with open_app(SMALL, settings=settings) as pilot:
            await type_text(pilot, "forms councils")
            browse = pilot.app.screen
            assert isinstance(browse, BrowseScreen)
            assert browse.found is not None
            shown = browse.found.total
            await press(pilot, "down", "S")
            assert f"at most 1 of the {shown} in the list" in " ".join(seen(pilot).replace("│", " ").split())
            await press(pilot, "ctrl+s")
        (search,) = kept(settings.db).searches
        assert len(search.results) == 1
        assert shown > 1

    async def test_a_second_search_says_why(self, open_app: OpenApp, begun: Begun) -> None:
        settings = begun(purchases.searched)
        async with open_app(SMALL, settings=settings) as pilot:
            await type_text(pilot, "hosted")
            await press(pilot, "down", "S", "ctrl+s")
            assert "the reason for another search is empty" in seen(pilot)
            await press(pilot, "tab", "tab", "tab")
            await answer(pilot, "The words were too wide")
            assert [each.words for each in kept(settings.db).searches] == ["hosted"]

    async def test_a_framework_that_is_over_is_refused_in_the_form(
        self, open_app: OpenApp, fill: Callable[..., Path], profile_path: Path
    ) -> None:
        db = fill(HOSTING)
        purchases.frozen(db, profile_path)
        async with open_app(SMALL, settings=Settings(db=db, actor=OFFICER)) as pilot:
            await press(pilot, "down", "S", "ctrl+s")
            assert isinstance(pilot.app.screen, FormScreen)
            assert "G-Cloud 14 is not open on 2026-11-23" in seen(pilot)


class TestLonglist:
    async def test_many_are_rejected_for_one_reason_that_is_asked_once(
        self, open_at_project: OpenApp, begun: Begun
    ) -> None:
        settings = begun(purchases.searched)
        async with open_at_project(settings=settings) as pilot:
            await press(pilot, "space", "space", "r")
            assert "Reject: 2 services" in seen(pilot)
            await press(pilot, "tab")
            await answer(pilot, "Ranked too low")
            assert "is no reason" in seen(pilot)
            await answer(pilot, "No API that can be used")
            assert "1 of 3 still to decide" in seen(pilot)
            assert "☑" not in seen(pilot)
        rejected = kept(settings.db).of_fate("rejected")
        assert [(each.requirement, each.because) for each in rejected] == [
            ("R1", "No API that can be used"),
            ("R1", "No API that can be used"),
        ]

    async def test_the_cursor_goes_on_to_the_next_that_is_undecided(
        self, open_at_project: OpenApp, begun: Begun
    ) -> None:
        settings = begun(purchases.searched)
        async with open_at_project(settings=settings) as pilot:
            for _ in range(3):
                await press(pilot, "s", "ctrl+s")
            assert "0 undecided  3 kept" in seen(pilot)

    async def test_deciding_anew_what_is_decided_is_pointed_out(
        self, open_at_project: OpenApp, begun: Begun
    ) -> None:
        settings = begun(purchases.decided)
        async with open_at_project(settings=settings) as pilot:
            await go_to(pilot, "longlist")
            await press(pilot, "a", "r")
            assert "2 of these are kept at present" in seen(pilot)
            await press(pilot, "escape", "s")
            assert "1 of these is rejected at present" in seen(pilot)

    async def test_all_that_fail_a_requirement_are_rejected_with_their_own_answers(
        self, open_at_project: OpenApp, begun: Begun
    ) -> None:
        settings = begun(purchases.searched)
        async with open_at_project(settings=settings) as pilot:
            await press(pilot, "b")
            assert "1 R1 must: The service has an API" in seen(pilot)
            await press(pilot, "enter")
        (rejected,) = kept(settings.db).of_fate("rejected")
        assert (rejected.service_id, rejected.because) == ("202", "the listing answers API: No")

    async def test_fates_are_filtered_and_can_be_taken_back_which_the_trail_says(
        self, open_at_project: OpenApp, begun: Begun
    ) -> None:
        settings = begun(purchases.decided)
        async with open_at_project(settings=settings) as pilot:
            await go_to(pilot, "longlist")
            shown = []
            for _ in ("all", "undecided", "kept", "rejected"):
                names = ("Tidewater", "Sandbar", "Groyne")
                shown.append([name for name in names if f"{name} Forms" in seen(pilot)])
                await press(pilot, "f")
            assert shown == [["Tidewater", "Sandbar", "Groyne"], [], ["Tidewater", "Groyne"], ["Sandbar"]]
            await press(pilot, "u")
            await answer(pilot, "Its price was read wrongly")
            assert "1 of 3 still to decide" in seen(pilot)
            await go_to(pilot, "trail")
            assert "reconsider" in seen(pilot)
            await press(pilot, "enter")
            assert "Its price was read wrongly" in seen(pilot)

    async def test_evidence_is_shown_without_points(self, open_at_project: OpenApp, begun: Begun) -> None:
        async with open_at_project(LARGE, settings=begun(purchases.searched)) as pilot:
            await press(pilot, "end")
            assert "Must: The service has an API." in seen(pilot)
            assert "Score" not in seen(pilot).replace("Scores", "")

    async def test_a_service_that_changed_since_it_was_judged_is_flagged(
        self, open_at_project: OpenApp, begun: Begun
    ) -> None:
        settings = begun(purchases.decided)
        with open_catalogue(settings.db) as catalogue:
            ingest(catalogue, [service("201", "Tidewater Forms", price="£9 a user a month")], at=NOON)
        async with open_at_project(LARGE, settings=settings) as pilot:
            assert "! Changed since judged" in seen(pilot)
            await go_to(pilot, "longlist")
            assert "! changed" in seen(pilot)
            assert "! Changed since it was judged" in seen(pilot)

    async def test_more_than_thirty_are_warned_of(
        self, open_at_project: OpenApp, fill: Callable[..., Path], profile_path: Path
    ) -> None:
        db = fill(*(service(str(id), f"Forms {id}", description="Online forms") for id in range(400, 431)))
        purchases.searched(db, profile_path)
        async with open_at_project(settings=Settings(db=db, actor=OFFICER)) as pilot:
            assert "! 31 services on the longlist" in seen(pilot)
            assert "31 of 31 still to decide" in seen(pilot)

    async def test_a_note_and_a_question_stay_with_the_service(
        self, open_at_project: OpenApp, begun: Begun
    ) -> None:
        settings = begun(purchases.decided)
        async with open_at_project(settings=settings) as pilot:
            await go_to(pilot, "longlist")
            await press(pilot, "n")
            await answer(pilot, "ask about the fee")
            await press(pilot, "q")
            await answer(pilot, "What is the fee?", "telephone", "2026-11-20")
            await go_to(pilot, "questions")
            assert "? waiting" in seen(pilot)
            await press(pilot, "enter")
            await answer(pilot, "There is none", "", "telephone", "2026-11-21")
            assert "the effect of the answer is empty" in seen(pilot)
            await press(pilot, "shift+tab", "shift+tab")
            await answer(pilot, "none", "telephone", "2026-11-21")
            assert "✓ answered" in seen(pilot)
        project = kept(settings.db)
        assert project.longlist[0].note == "ask about the fee"
        assert project.questions[0].reply is not None
        assert project.questions[0].reply.effect == "none"

    async def test_a_service_opened_from_it_has_no_points_before_the_criteria_are_fixed(
        self, open_at_project: OpenApp, begun: Begun, profile_path: Path
    ) -> None:
        for stage, shown in ((purchases.searched, False), (purchases.scored, True)):
            async with open_at_project(settings=begun(stage)) as pilot:
                await app_of(pilot).take_profile(profile_path)
                await go_to(pilot, "longlist")
                await press(pilot, "enter", "v")
                assert "Strongly for: The service has an API" in seen(pilot)
                assert ("Score" in seen(pilot)) is shown
                assert ("No score is shown before the criteria" in seen(pilot)) is not shown

    async def test_its_evidence_is_that_of_the_longlist_together(
        self, open_at_project: OpenApp, begun: Begun
    ) -> None:
        settings = begun(purchases.searched)
        with projects(settings.db) as store:
            told = {
                name: [
                    finding.quote
                    for part in found.contributions
                    for finding in part.findings
                    if finding.quote and len(finding.quote) < 40
                ]
                for name, found in match_longlist(store.get(NAME), store.records(NAME)).judged.items()
                if isinstance(found, Match)
            }
        assert any(told.values())
        async with open_at_project(LARGE, settings=settings) as pilot:
            for listed in kept(settings.db).longlist:
                assert [quote for quote in told.get(listed.service_id, []) if quote not in seen(pilot)] == []
                await press(pilot, "down")


class TestScores:
    async def test_weights_come_before_scores_and_sum_to_a_hundred(
        self, open_at_project: OpenApp, begun: Begun
    ) -> None:
        settings = begun(purchases.decided)
        async with open_at_project(settings=settings) as pilot:
            assert "No criteria yet" in seen(pilot)
            await press(pilot, "x")
            await answer(pilot, "60")
            assert "Sum 60 of 100: not yet 100" in seen(pilot)
            await press(pilot, "ctrl+s")
            assert "sum to 60; expected exactly 100" in seen(pilot)
            await press(pilot, "tab")
            await type_text(pilot, "40")
            await press(pilot, "ctrl+s")
            assert "4 of 4 scores still to give" in seen(pilot)
        criteria = kept(settings.db).criteria
        assert criteria is not None
        assert [str(each.weight) for each in criteria.criteria] == ["60", "40"]

    async def test_missing_scores_are_counted_once_and_the_criteria_are_told_to_their_end(
        self, open_at_project: OpenApp, begun: Begun
    ) -> None:
        settings = begun(purchases.decided)
        three = (
            Criterion("Technical merit and functional fit", Decimal(40)),
            Criterion("Whole-life cost", Decimal(30)),
            Criterion("Service management", Decimal(30)),
        )
        with projects(settings.db) as store:
            store.act(NAME, actions.SetCriteria(method="best-value", criteria=three))
            store.act(
                NAME,
                actions.GiveScore(
                    service_id="201",
                    criterion="Whole-life cost",
                    value=Decimal(3),
                    scorer=OFFICER,
                    evidence="Price",
                ),
            )
        async with open_at_project(SMALL, settings=settings) as pilot:
            assert "5 of 6 scores still to give" in seen(pilot)
            assert "Scores are missing of" not in seen(pilot)
            await go_to(pilot, "steps")
            told = " ".join(seen(pilot).replace("│", " ").split())
            assert "Scores are missing of Tidewater Forms (201), Groyne Forms (203)." in told
            await go_to(pilot, "scores")
            assert f"fixed on 23 November 2026 by {OFFICER}" in " ".join(seen(pilot).split())

    async def test_a_score_names_its_evidence_and_leads_to_the_next(
        self, open_at_project: OpenApp, begun: Begun
    ) -> None:
        settings = begun(purchases.decided)
        with projects(settings.db) as store:
            store.act(NAME, actions.SetCriteria(method="best-value", criteria=purchases.CRITERIA))
        async with open_at_project(settings=settings) as pilot:
            await press(pilot, "x", "enter")
            await answer(pilot, "7", "Seen", "", OFFICER)
            assert "the score is 7; expected 0 to 5" in seen(pilot)
            await press(pilot, "shift+tab", "shift+tab", "shift+tab")
            await answer(pilot, "4", "Seen", "on a Tuesday", OFFICER)
            assert "3 of 4 scores still to give" in seen(pilot)
            await press(pilot, "enter")
            assert "Cost: Tidewater Forms" in seen(pilot)
        (score,) = kept(settings.db).scores
        assert (str(score.value), score.evidence, score.note, score.scorer) == (
            "4",
            "Seen",
            "on a Tuesday",
            OFFICER,
        )

    async def test_the_match_is_on_record_once_shown_and_what_was_seen_fixes_the_criteria(
        self, open_at_project: OpenApp, begun: Begun
    ) -> None:
        settings = begun(purchases.scored)
        async with open_at_project(settings=settings) as pilot:
            await go_to(pilot, "scores")
            assert "80.00" in seen(pilot)
            await press(pilot, "m")
            assert "How high a service ranks orders a list" in seen(pilot)
            assert kept(settings.db).ranking is not None
            await press(pilot, "escape")
            await press(pilot, "w", "ctrl+s")
            assert "scores have been given or shown, so that the criteria are fixed" in seen(pilot)


class TestExport:
    async def test_it_locks_the_record_and_says_so_before(
        self, open_at_project: OpenApp, begun: Begun, here: Path
    ) -> None:
        settings = begun(purchases.scored)
        async with open_at_project(settings=settings) as pilot:
            await press(pilot, "x", "enter")
            assert "This locks the record" in seen(pilot)
            await answer(pilot, "nowhere/list.csv")
            assert "There is no folder nowhere" in seen(pilot)
            assert kept(settings.db).locked is None
            await press(pilot, "escape", "x", "enter", "enter")
            assert "the record is locked now" in told(pilot)
            assert "▶Outcome" in seen(pilot)
        assert "Tidewater Forms" in (here / f"{NAME}.csv").read_text("utf-8")
        lock = kept(settings.db).locked
        assert lock is not None
        assert lock.by.actor == OFFICER

    async def test_until_each_service_has_its_fate_only_a_draft_is_written(
        self, open_at_project: OpenApp, begun: Begun, here: Path
    ) -> None:
        settings = begun(purchases.searched)
        async with open_at_project(settings=settings) as pilot:
            await press(pilot, "e", "enter", "enter")
            assert "have no fate yet" in told(pilot)
            assert not (here / f"{NAME}.csv").exists()
            await press(pilot, "e", "down", "enter", "tab", "space")
            assert "This locks the record" not in seen(pilot)
            await press(pilot, "tab", "enter")
            assert "Written:" in told(pilot)
        assert (here / f"{NAME}.md").is_file()
        assert kept(settings.db).locked is None

    async def test_a_summary_for_the_board_is_written_beside_it(
        self, open_at_project: OpenApp, begun: Begun, here: Path
    ) -> None:
        async with open_at_project(settings=begun(purchases.locked)) as pilot:
            await press(pilot, "e", *["down"] * 6, "enter", "enter")
            assert "Written:" in told(pilot)
        assert "Summary for the board" in (here / f"{NAME}-board.html").read_text("utf-8")

    async def test_a_bundle_is_taken_in_elsewhere(
        self, open_at_project: OpenApp, begun: Begun, settings: Settings, here: Path
    ) -> None:
        with projects(begun(purchases.locked).db) as store:
            (here / "handed-over.zip").write_bytes(written(store, NAME, "bundle"))
        async with open_at_project(settings=settings) as pilot:
            await press(pilot, "l", "i")
            await answer(pilot, "nothing.zip", "")
            assert "there is no such file" in seen(pilot)
            await press(pilot, "shift+tab")
            await answer(pilot, "handed-over.zip", "")
            assert "all of it verified" in told(pilot)
        assert kept(settings.db).locked is not None

    @pytest.mark.parametrize("offer", OFFERS, ids=[offer.kind for offer in OFFERS])
    def test_everything_that_is_offered_can_be_written(self, begun: Begun, offer: Offer) -> None:
        with projects(begun(purchases.scored).db) as store:
            data = written(store, NAME, offer.kind)
            assert (store.get(NAME).locked is not None) == (offer.kind != "bundle")
        begins = {"xlsx": b"PK", "ods": b"PK", "zip": b"PK", "json": b"{", "html": b"<!DOCTYPE", "md": b"# "}
        assert data.startswith(begins.get(offer.suffix, b"\xef\xbb\xbf"))


class TestEnding:
    async def test_an_award_closes_it_and_a_new_version_opens_it_again(
        self, open_at_project: OpenApp, begun: Begun
    ) -> None:
        settings = begun(purchases.locked)
        async with open_at_project(settings=settings) as pilot:
            await press(pilot, "x", "enter")
            assert "(•) Tidewater Forms" in seen(pilot)
            await press(pilot, "enter")
            await answer(pilot, "2027-01-01", "next year", "18000")
            await press(pilot, "ctrl+s")
            assert "'next year' is no day" in seen(pilot)
            await press(pilot, "shift+tab", "shift+tab")
            await answer(pilot, "2027-12-31")
            await press(pilot, "ctrl+s")
            assert "Closed:" in seen(pilot)
            await press(pilot, "t", "T")
            assert "awarded to Tidewater Forms for £18,000" in seen(pilot)
            await press(pilot, "R")
            await answer(pilot, "The winner withdrew")
            await press(pilot, "enter")
            assert "version 2" in seen(pilot)
        project = kept(settings.db)
        assert [each.because for each in project.versions] == ["The winner withdrew"]
        assert project.locked is None

    async def test_a_purchase_is_cancelled_for_a_reason(self, open_at_project: OpenApp, begun: Begun) -> None:
        settings = begun(purchases.searched)
        async with open_at_project(settings=settings) as pilot:
            await press(pilot, "O", "right", "right", "enter", "ctrl+s")
            assert "the reason for the outcome cancelled is empty" in seen(pilot)
            await answer(pilot, "The budget was cut")
            await press(pilot, "enter")
        outcome = kept(settings.db).outcome
        assert outcome is not None
        assert (outcome.kind, outcome.because) == ("cancelled", "The budget was cut")


class TestTrail:
    async def test_a_locked_record_is_verified_and_each_entry_can_be_read(
        self, open_at_project: OpenApp, begun: Begun
    ) -> None:
        settings = begun(purchases.scored)
        async with open_at_project(settings=settings) as pilot:
            await press(pilot, "L", "escape")
            assert kept(settings.db).locked is None
            await press(pilot, "L", "enter")
            assert kept(settings.db).locked is not None
            await go_to(pilot, "trail")
            await press(pilot, "v")
            assert "✓ The record holds" in seen(pilot)
            await press(pilot, "escape", "down", "down", "enter")
            assert "Seen in the demonstration" in seen(pilot)
            await press(pilot, "escape")
            assert "✓ Verified: the record holds" in seen(pilot)

    async def test_a_record_that_was_tampered_with_does_not_hold(
        self, open_at_project: OpenApp, begun: Begun
    ) -> None:
        settings = begun(purchases.decided)
        with open_catalogue(settings.db) as catalogue:
            for (name,) in catalogue.rows("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
                catalogue.db.conn.execute(f'DROP TRIGGER "{name}"')
            catalogue.db.conn.execute("UPDATE entry SET time = '2020-01-01T00:00:00Z' WHERE number = 3")
            catalogue.db.conn.commit()
        async with open_at_project(settings=settings) as pilot:
            await go_to(pilot, "trail")
            await press(pilot, "v")
            assert "✕ The record does not hold" in seen(pilot)
            assert "Entry 3" in seen(pilot)


class TestHostileText:
    async def test_every_part_shows_markup_as_it_is_written(
        self, open_at_project: OpenApp, fill: Callable[..., Path], profile_path: Path
    ) -> None:
        db = fill(HOSTILE)
        evil = "[bold red]evil[/] [@click=app.quit]quit[/] \u202e"
        with projects(db, actor=evil) as store:
            store.create(NAME, profile_path)
            store.act(NAME, actions.Require(text=evil, priority="want"))
        with projects(db, actor=evil) as store:
            freeze_requirements(store, NAME, approval=evil)
            save_search(store, NAME, "forms", framework="g-cloud-15", lot="saas")
            store.act(NAME, actions.Shortlist(services=store.results([HOSTILE.id], NAME), because=evil))
            store.act(NAME, actions.Note(service_id=HOSTILE.id, note=evil))
            store.act(NAME, actions.Ask(services=(HOSTILE.id,), text=evil, on=NOON.date(), channel=evil))
            store.act(NAME, actions.SetCriteria(method="best-value", criteria=purchases.CRITERIA))
        async with open_at_project(LARGE, settings=Settings(db=db, actor=evil)) as pilot:
            for tab in ("steps", "requirements", "longlist", "questions", "scores", "trail"):
                await go_to(pilot, tab)
                text = seen(pilot)
                assert "[bold red]" in text, tab
                assert all(character.isprintable() for character in text if character != "\n")
            await go_to(pilot, "longlist")
            await press(pilot, "r")
            assert "Reject: [bold red]Free[/]" in seen(pilot)


class TestLooks:
    @pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
    async def test_a_longlist(
        self, open_at_project: OpenApp, begun: Begun, screen: SnapshotAssertion, size: tuple[int, int]
    ) -> None:
        settings = begun(purchases.searched)
        with projects(settings.db) as store:
            store.act(NAME, actions.Shortlist(services=store.results(["201"], NAME), because="Has an API"))
        async with open_at_project(size, settings=settings) as pilot:
            await press(pilot, "down", "space")
            assert seen(pilot) == screen

    @pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
    async def test_steps_and_scores(
        self, open_at_project: OpenApp, begun: Begun, screen: SnapshotAssertion, size: tuple[int, int]
    ) -> None:
        async with open_at_project(size, settings=begun(purchases.scored)) as pilot:
            shots = []
            for tab in ("steps", "scores", "requirements"):
                await go_to(pilot, tab)
                shots.append(seen(pilot))
            assert "\n\n".join(shots) == screen

    async def test_forms(self, open_at_project: OpenApp, begun: Begun, screen: SnapshotAssertion) -> None:
        async with open_at_project(settings=begun(purchases.searched)) as pilot:
            await press(pilot, "r")
            shots = [seen(pilot)]
            await press(pilot, "escape", "e")
            shots.append(seen(pilot))
            await press(pilot, "escape", "l")
            shots.append(seen(pilot))
            assert "\n\n".join(shots) == screen
