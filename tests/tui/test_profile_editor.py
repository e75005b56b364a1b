"""The profile as a form: what is typed reaches the file, what is wrong is told, what comes of it is shown."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from textual.events import Paste
from textual.pilot import Pilot
from textual.widgets import Input, Static

from catalogue.bodies import PublicBody
from catalogue.match import MatchResult
from catalogue.profile import BARRIERS, parse_profile
from catalogue.profile.editing import tables_of, value_at
from catalogue.profile.writing import ORDER
from db.bodies import keep_bodies
from db.catalogue import open_catalogue
from tests.interface import LARGE, NOON, PROFILE, SMALL, app_of, press, seen, service, settle, told, type_text
from tests.tui.conftest import OpenApp
from tui.commands.edge import Settings
from tui.screens.ask import AskScreen
from tui.screens.new_profile import NewProfileScreen
from tui.screens.profile import ProfileScreen
from tui.screens.profile_editor import ProfileEditor
from tui.screens.save import SaveScreen
from tui.screens.service import ServiceScreen
from tui.unsaved import edit_file
from tui.widgets.fields import Field
from tui.widgets.prose import Prose
from tui.widgets.tables import TablePane
from tui.widgets.topten import TopTen

WITH_NOTES = PROFILE.replace('sector = "local-government"', 'sector = "local-government"   # who we are')


@pytest.fixture
def profile_path(here: Path) -> Path:
    """A profile with a comment in it, alone in the current folder."""
    path = here / "fenmoor.toml"
    path.write_text(WITH_NOTES, encoding="utf-8")
    return path


@asynccontextmanager
async def editing(
    open_app: OpenApp,
    size: tuple[int, int] = LARGE,
    settings: Settings | None = None,
    state: Path | None = None,
) -> AsyncIterator[Pilot[None]]:
    """The editor open on the profile of the current folder."""
    async with open_app(size, settings, state) as pilot:
        (path,) = Path.cwd().glob("*.toml")
        edit_file(app_of(pilot), path)
        await settle(pilot)
        assert isinstance(pilot.app.screen, ProfileEditor)
        yield pilot


@asynccontextmanager
async def chosen_to_edit(open_app: OpenApp, state: Path | None = None) -> AsyncIterator[Pilot[None]]:
    """The same, by way of the list of profiles."""
    async with open_app(state=state) as pilot:
        await press(pilot, "down", "4", "home", "e")
        assert isinstance(pilot.app.screen, ProfileEditor)
        yield pilot


def editor(pilot: Pilot[None]) -> ProfileEditor:
    screen = pilot.app.screen
    assert isinstance(screen, ProfileEditor)
    return screen


def text(pilot: Pilot[None]) -> str:
    draft = app_of(pilot).session.draft
    assert draft is not None
    return draft.text


def at(pilot: Pilot[None], place: str) -> object:
    tables = tables_of(text(pilot))
    assert tables is not None
    return value_at(tables, place)


async def go(pilot: Pilot[None], place: str) -> None:
    """Go to the field of a place, as a click would."""
    part = re.split(r"[.\[]", place)[0]
    editor(pilot).go_to({"goal": "organisation", "skills": "gaps"}.get(part, part))
    await settle(pilot)
    editor(pilot).form.focus_place(place)
    await settle(pilot)


async def write(pilot: Pilot[None], place: str, value: str) -> None:
    """Paste this into the field of a place, instead of what is there."""
    await go(pilot, place)
    line = pilot.app.focused
    assert isinstance(line, Input)
    line.select_all()
    if not value:
        await press(pilot, "delete")
        return
    line.post_message(Paste(value))
    await settle(pilot)


class TestForm:
    async def test_shows_what_the_file_says(self, open_app: OpenApp, profile_path: Path) -> None:
        async with editing(open_app) as pilot:
            assert "Fenmoor District Council" in seen(pilot)
            assert "◉ local-government" in seen(pilot)
            assert "420" in seen(pilot)

    async def test_what_is_typed_reaches_the_text_and_comments_stay(
        self, open_app: OpenApp, profile_path: Path
    ) -> None:
        async with editing(open_app) as pilot:
            await write(pilot, "organisation.residents", "£95,000")
            await write(pilot, "organisation.award_by", "31/3/2027")
            assert text(pilot) == WITH_NOTES.replace(
                "staff_users = 420\n", "staff_users = 420\nresidents = 95000\naward_by = 2027-03-31\n"
            )
            await press(pilot, "tab")
            assert "2027-03-31" in seen(pilot)

    async def test_nothing_typed_is_not_stated(self, open_app: OpenApp, profile_path: Path) -> None:
        async with editing(open_app) as pilot:
            await write(pilot, "organisation.staff_users", "")
            assert at(pilot, "organisation.staff_users") is None

    async def test_a_sector_is_ticked_and_taken_back(self, open_app: OpenApp, profile_path: Path) -> None:
        async with editing(open_app) as pilot:
            await go(pilot, "organisation.sector")
            await press(pilot, "down", "space")
            assert 'sector = "nhs"   ' in text(pilot)
            assert "# who we are" in text(pilot)
            await press(pilot, "space")
            assert at(pilot, "organisation.sector") is None

    async def test_gaps_are_ticked(self, open_app: OpenApp, profile_path: Path) -> None:
        async with editing(open_app) as pilot:
            await press(pilot, "f7", "f7", "f7", "right", "space")
            assert at(pilot, "skills.gaps") == ["developers", "integration"]
            assert "Nobody connects systems" in seen(pilot)

    async def test_a_click_ticks_too(self, open_app: OpenApp, profile_path: Path) -> None:
        async with editing(open_app) as pilot:
            await press(pilot, "f7", "f7", "f7")
            lines = seen(pilot).splitlines()
            row = next(at for at, line in enumerate(lines) if "money" in line)
            await pilot.click(offset=(lines[row].index("money"), row))
            await settle(pilot)
            assert at(pilot, "resources.gaps") == ["money"]

    async def test_everything_a_profile_may_say_has_a_field(
        self, open_app: OpenApp, profile_path: Path
    ) -> None:
        async with editing(open_app) as pilot:
            await press(pilot, "f7", "f7", "f7", "f7")
            fields = {
                (field.table.split("[")[0], key)
                for field in pilot.app.screen.query(Field)
                for key in field.keys
            }
            assert fields == {(table, key) for table, keys in ORDER.items() for key in keys} - {
                ("weights", barrier) for barrier in BARRIERS
            }

    async def test_a_file_that_is_not_toml_is_told_and_left_alone(
        self, open_app: OpenApp, here: Path
    ) -> None:
        (here / "broken.toml").write_text("goal = ", encoding="utf-8")
        async with editing(open_app) as pilot:
            assert "this is not TOML" in seen(pilot)
            await type_text(pilot, "x")
            assert "text editor" in told(pilot)
            assert text(pilot) == "goal = "


class TestMistakes:
    async def test_each_is_told_at_its_field_in_the_words_of_the_check(
        self, open_app: OpenApp, profile_path: Path
    ) -> None:
        async with editing(open_app) as pilot:
            await write(pilot, "organisation.staff_users", "abc")
            assert '✕ organisation.staff_users is "abc"; expected a whole number of people' in " ".join(
                seen(pilot).replace("│", " ").split()
            )
            assert "✕ 1 mistake" in seen(pilot)
            await write(pilot, "organisation.staff_users", "40")
            assert "✓ no mistakes" in seen(pilot)

    async def test_a_key_goes_from_one_to_the_next(self, open_app: OpenApp, profile_path: Path) -> None:
        profile_path.write_text(
            WITH_NOTES.replace("420", '"many"').replace('intent = "connect"', 'intent = "conect"'), "utf-8"
        )
        async with editing(open_app) as pilot:
            await press(pilot, "f8")
            assert "many" in (pilot.app.focused.value if isinstance(pilot.app.focused, Input) else "")
            await press(pilot, "f8")
            assert "conect" in seen(pilot)
            assert "Did you mean 'connect'?" in " ".join(seen(pilot).split())

    async def test_a_word_that_is_not_allowed_can_be_taken_out(
        self, open_app: OpenApp, profile_path: Path
    ) -> None:
        profile_path.write_text(WITH_NOTES.replace('["developers"]', '["developer"]'), "utf-8")
        async with editing(open_app) as pilot:
            await press(pilot, "f8", *["right"] * 8, "space")
            assert at(pilot, "skills.gaps") == []

    async def test_what_has_no_field_is_told_beside_the_form(
        self, open_app: OpenApp, profile_path: Path
    ) -> None:
        profile_path.write_text("gaol = 1\n" + WITH_NOTES, "utf-8")
        async with editing(open_app) as pilot:
            assert "gaol is not a known key" in pilot.app.screen.query_one("#check-text", Prose).plain
            await press(pilot, "f8")
            assert pilot.app.focused is pilot.app.screen.query_one("#editor-check")

    async def test_vague_words_are_advised_against(self, open_app: OpenApp, profile_path: Path) -> None:
        async with editing(open_app) as pilot:
            await write(pilot, "requirement[1].text", "A robust service")
            assert "'robust' tells a supplier nothing" in " ".join(seen(pilot).split())
            assert "✓ no mistakes" in seen(pilot)

    async def test_a_name_that_is_a_word_asks_for_the_purpose_at_its_field(
        self, open_app: OpenApp, profile_path: Path
    ) -> None:
        async with editing(open_app) as pilot:
            await write(pilot, "legacy[1].system", "Access")
            said = {
                field.key: str(field.query_one(".field-said", Static).render())
                for field in pilot.app.screen.query("#section-legacy Field").results(Field)
            }
            assert said["purpose"].startswith("→ 'Access' may mean something else")
            assert not said["system"]
            assert "✓ no mistakes" in seen(pilot)
            await write(pilot, "legacy[1].purpose", "housing rents")
            assert "may mean something else" not in " ".join(seen(pilot).split())


class TestSuggestions:
    async def test_a_known_system_is_taken_with_the_arrow_keys(
        self, open_app: OpenApp, profile_path: Path
    ) -> None:
        async with editing(open_app) as pilot:
            await write(pilot, "legacy[1].system", "lotus")
            assert "Lotus Notes" in seen(pilot)
            await press(pilot, "down", "enter")
            assert at(pilot, "legacy[1].system") == "Lotus Notes"

    async def test_public_bodies_of_the_catalogue_are_suggested(
        self, open_app: OpenApp, profile_path: Path, settings: Settings
    ) -> None:
        with open_catalogue(settings.db) as catalogue:
            keep_bodies(catalogue, [PublicBody("1", "Wash Navigation Agency", abbreviation="WNA")], at=NOON)
        async with editing(open_app) as pilot:
            await write(pilot, "organisation.name", "wna")
            await press(pilot, "down", "enter")
            assert at(pilot, "organisation.name") == "Wash Navigation Agency"

    async def test_escape_closes_them_and_what_was_typed_stays(
        self, open_app: OpenApp, profile_path: Path
    ) -> None:
        async with editing(open_app) as pilot:
            await write(pilot, "legacy[1].system", "lotus")
            await press(pilot, "escape")
            assert isinstance(pilot.app.screen, ProfileEditor)
            assert "IBM Notes" not in seen(pilot)
            assert at(pilot, "legacy[1].system") == "lotus"

    async def test_a_click_takes_one(self, open_app: OpenApp, profile_path: Path) -> None:
        async with editing(open_app) as pilot:
            await write(pilot, "legacy[1].system", "lotus")
            lines = seen(pilot).splitlines()
            row = next(at for at, line in enumerate(lines) if "Lotus Notes" in line)
            await pilot.click(offset=(lines[row].index("Lotus Notes"), row))
            await settle(pilot)
            assert at(pilot, "legacy[1].system") == "Lotus Notes"

    async def test_the_arrow_down_shows_them_before_anything_is_typed(
        self, open_app: OpenApp, profile_path: Path
    ) -> None:
        async with editing(open_app) as pilot:
            await write(pilot, "requirement[1].question", "")
            await press(pilot, "down", "down", "enter")
            assert at(pilot, "requirement[1].question") is not None


class TestQuestions:
    async def test_a_yes_no_question_asks_for_yes(self, open_app: OpenApp, profile_path: Path) -> None:
        async with editing(open_app) as pilot:
            await press(pilot, *["f7"] * 4, "a")
            await type_text(pilot, "By phone")
            await write(pilot, "requirement[2].question", "Phone support")
            assert at(pilot, "requirement[2]") == {
                "text": "By phone",
                "priority": "must",
                "question": "Phone support",
                "equals": "Yes",
            }
            assert parse_profile(text(pilot)).requirements[1].gates

    async def test_options_are_ticked_and_the_last_one_taken_back_is_missed(
        self, open_app: OpenApp, profile_path: Path
    ) -> None:
        async with editing(open_app) as pilot:
            await write(pilot, "requirement[1].question", "Connected networks")
            assert "has neither includes nor equals" in " ".join(seen(pilot).replace("│", " ").split())
            await go(pilot, "requirement[1].includes")
            await press(pilot, "tab", "space", "right", "space")
            assert at(pilot, "requirement[1].includes") == [
                "Public Services Network (PSN)",
                "Police National Network (PNN)",
            ]
            await press(pilot, "space", "left", "space")
            assert at(pilot, "requirement[1].includes") is None

    async def test_exactly_one_instead_of_any(self, open_app: OpenApp, profile_path: Path) -> None:
        async with editing(open_app) as pilot:
            await write(pilot, "requirement[1].question", "Connected networks")
            await go(pilot, "requirement[1].includes")
            await press(pilot, "tab", "space", "right", "space", "shift+tab", "right", "space")
            assert at(pilot, "requirement[1].equals") == "Public Services Network (PSN)"
            assert at(pilot, "requirement[1].includes") is None

    async def test_a_question_answered_in_words_takes_words(
        self, open_app: OpenApp, profile_path: Path
    ) -> None:
        async with editing(open_app) as pilot:
            await write(pilot, "requirement[1].question", "Support response times")
            await go(pilot, "requirement[1].includes")
            await press(pilot, "tab")
            await type_text(pilot, "1h")
            assert at(pilot, "requirement[1].includes") == ["1h"]

    async def test_without_a_question_there_is_no_answer(self, open_app: OpenApp, profile_path: Path) -> None:
        async with editing(open_app) as pilot:
            await write(pilot, "requirement[1].question", "")
            assert at(pilot, "requirement[1].equals") is None
            assert "✓ no mistakes" in seen(pilot)


class TestWeights:
    async def test_one_moves_and_the_others_give_way(self, open_app: OpenApp, profile_path: Path) -> None:
        async with editing(open_app) as pilot:
            await press(pilot, "f7", "e", "right", "right")
            assert at(pilot, "weights") == {"legacy": 27, "resources": 25, "skills": 24, "customers": 24}
            assert "Together 100 %" in seen(pilot)

    async def test_there_and_back_is_as_before(self, open_app: OpenApp, profile_path: Path) -> None:
        async with editing(open_app) as pilot:
            await press(pilot, "f7", "e", *["greater_than_sign"] * 3, *["less_than_sign"] * 3)
            assert at(pilot, "weights") == {"legacy": 25, "resources": 25, "skills": 25, "customers": 25}

    async def test_the_preset_is_no_weights_at_all(self, open_app: OpenApp, profile_path: Path) -> None:
        async with editing(open_app) as pilot:
            await press(pilot, "f7", "e", "v")
            assert not at(pilot, "weights")
            assert "survey-2018" in seen(pilot)
            assert "20.2 %" in seen(pilot)

    async def test_a_click_on_a_bar_moves_it(self, open_app: OpenApp, profile_path: Path) -> None:
        async with editing(open_app) as pilot:
            await press(pilot, "f7", "e")
            lines = seen(pilot).splitlines()
            row = next(at for at, line in enumerate(lines) if "Skills" in line and "█" in line)
            await pilot.click(offset=(lines[row].index("█"), row))
            await settle(pilot)
            skills = at(pilot, "weights.skills")
            assert isinstance(skills, int)
            assert skills < 10


class TestRows:
    async def test_a_system_is_added_filled_in_and_removed(
        self, open_app: OpenApp, profile_path: Path
    ) -> None:
        async with editing(open_app) as pilot:
            await press(pilot, "f7", "f7", "end", "enter")
            await type_text(pilot, "Old Ledger")
            await press(pilot, "tab")
            await type_text(pilot, "Ledger 2000, Big Book")
            assert at(pilot, "legacy[2]") == {"system": "Old Ledger", "aliases": ["Ledger 2000", "Big Book"]}
            pilot.app.screen.query_one("#section-legacy", TablePane).list.focus()
            await press(pilot, "d")
            assert text(pilot) == WITH_NOTES

    async def test_rows_change_places(self, open_app: OpenApp, profile_path: Path) -> None:
        async with editing(open_app) as pilot:
            await press(pilot, "f7", "f7", "a")
            await type_text(pilot, "Lagan")
            pane = pilot.app.screen.query_one("#section-legacy", TablePane)
            pane.list.focus()
            await press(pilot, "less_than_sign")
            assert at(pilot, "legacy[1].system") == "Lagan"
            assert pane.place == "legacy[1]"

    async def test_a_profile_without_any_says_what_they_are_for(
        self, open_app: OpenApp, profile_path: Path
    ) -> None:
        profile_path.write_text('[organisation]\nname = "W"\n', "utf-8")
        async with editing(open_app) as pilot:
            await press(pilot, "f7", "f7")
            assert "Enter adds a system" in seen(pilot)


class TestUndo:
    async def test_a_word_typed_goes_at_once_and_comes_back(
        self, open_app: OpenApp, profile_path: Path
    ) -> None:
        async with editing(open_app) as pilot:
            await write(pilot, "skills.team", "Two officers")
            await press(pilot, "ctrl+z")
            assert text(pilot) == WITH_NOTES
            assert "Two officers" not in seen(pilot)
            await press(pilot, "ctrl+y")
            assert at(pilot, "skills.team") == "Two officers"
            assert "Two officers" in seen(pilot)

    async def test_a_row_removed_comes_back(self, open_app: OpenApp, profile_path: Path) -> None:
        async with editing(open_app) as pilot:
            await press(pilot, "f7", "f7", "d")
            assert at(pilot, "legacy") is None
            await press(pilot, "ctrl+z")
            assert text(pilot) == WITH_NOTES


class TestPreview:
    async def test_the_ranking_follows_what_is_typed(self, open_app: OpenApp, profile_path: Path) -> None:
        async with editing(open_app) as pilot:
            ranking = pilot.app.screen.query_one(TopTen)
            assert ranking.current is not None
            assert ranking.current.service.record.name == "Tidewater Forms"
            before = ranking.current.score
            await press(pilot, "f7", "f7", "d")
            assert ranking.current.score < before

    async def test_other_weights_judge_nothing_anew(
        self, open_app: OpenApp, profile_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with editing(open_app) as pilot:
            first = pilot.app.screen.query_one(TopTen).current
            assert first is not None

            def refuse(*_args: object, **_options: object) -> MatchResult:
                raise AssertionError("judged anew")

            monkeypatch.setattr("tui.preview.match_catalogue", refuse)
            await press(pilot, "f7", "greater_than_sign")
            again = pilot.app.screen.query_one(TopTen).current
            assert again is not None
            assert again.score != first.score

    async def test_each_tells_how_far_it_has_moved(
        self, open_app: OpenApp, profile_path: Path, fill: Callable[..., Path]
    ) -> None:
        able = service("1", "Ashdown Link", features=("Connector for NEC Revenues & Benefits",))
        kind = service(
            "2", "Birch Training", features=("Training for staff", "No code: change it without developers")
        )
        profile_path.write_text(PROFILE.partition("[[requirement]]")[0], "utf-8")
        async with editing(open_app, settings=Settings(db=fill(able, kind))) as pilot:
            await press(pilot, "f7", "down", "down", *["greater_than_sign"] * 8)
            assert "▲1 Birch Training" in seen(pilot)
            assert "▼1 Ashdown Link" in seen(pilot)

    async def test_with_a_mistake_the_last_ranking_stays(self, open_app: OpenApp, profile_path: Path) -> None:
        async with editing(open_app) as pilot:
            await write(pilot, "organisation.staff_users", "abc")
            assert "Tidewater Forms" in seen(pilot)
            assert "without mistakes" in seen(pilot)

    async def test_enter_opens_a_service_and_escape_comes_back(
        self, open_app: OpenApp, profile_path: Path
    ) -> None:
        async with editing(open_app) as pilot:
            await press(pilot, "f9", "enter")
            assert isinstance(pilot.app.screen, ServiceScreen)
            await press(pilot, "escape")
            assert isinstance(pilot.app.screen, ProfileEditor)

    async def test_without_a_catalogue_the_form_works(
        self, open_app: OpenApp, profile_path: Path, tmp_path: Path
    ) -> None:
        async with open_app(settings=Settings(db=tmp_path / "none.db")) as pilot:
            await press(pilot, "4", "home", "e")
            assert "there is no catalogue here" in told(pilot)
            await write(pilot, "skills.team", "Two")
            assert at(pilot, "skills.team") == "Two"


class TestSmallWindow:
    async def test_ranking_and_check_are_tabs(self, open_app: OpenApp, profile_path: Path) -> None:
        async with editing(open_app, SMALL) as pilot:
            assert "Tidewater Forms" not in seen(pilot)
            await press(pilot, "f9")
            assert "Tidewater Forms" in seen(pilot)
            await press(pilot, "f9")
            assert "Fenmoor District Council" in seen(pilot)
            await press(pilot, *["f7"] * 6)
            assert "The profile is in order" in seen(pilot)

    async def test_made_wide_they_stand_beside_the_form(self, open_app: OpenApp, profile_path: Path) -> None:
        async with editing(open_app, SMALL) as pilot:
            await press(pilot, "f9")
            await pilot.resize_terminal(*LARGE)
            await settle(pilot)
            assert "Tidewater Forms" in seen(pilot)
            assert "Fenmoor District Council" in seen(pilot)


class TestSaving:
    async def test_it_is_written_and_used(self, open_app: OpenApp, profile_path: Path) -> None:
        async with editing(open_app) as pilot:
            await write(pilot, "organisation.name", "Wash Town Council")
            assert "changed, not saved" in seen(pilot)
            await press(pilot, "ctrl+s")
            assert profile_path.read_text("utf-8") == WITH_NOTES.replace("Fenmoor District", "Wash Town")
            profile = app_of(pilot).session.profile
            assert profile is not None
            assert profile.organisation.name == "Wash Town Council"

    async def test_with_mistakes_it_is_written_and_not_used(
        self, open_app: OpenApp, profile_path: Path
    ) -> None:
        async with editing(open_app) as pilot:
            await write(pilot, "organisation.staff_users", "abc")
            await press(pilot, "ctrl+s")
            assert 'staff_users = "abc"' in profile_path.read_text("utf-8")
            assert "not used until" in told(pilot)
            assert app_of(pilot).session.profile is None

    async def test_what_somebody_else_wrote_meanwhile_stays(
        self, open_app: OpenApp, profile_path: Path
    ) -> None:
        async with editing(open_app) as pilot:
            await write(pilot, "skills.team", "Two")
            profile_path.write_text(WITH_NOTES + "# theirs\n", "utf-8")
            await press(pilot, "ctrl+s")
            assert "changed by another program" in told(pilot)
            assert profile_path.read_text("utf-8").endswith("# theirs\n")
            await press(pilot, "f12")
            assert isinstance(pilot.app.screen, SaveScreen)
            await pilot.press("ctrl+u")
            await type_text(pilot, "mine")
            await press(pilot, "enter")
            assert 'team = "Two"' in (profile_path.parent / "mine.toml").read_text("utf-8")

    async def test_a_sample_is_saved_as_a_file_of_ones_own(self, open_app: OpenApp, here: Path) -> None:
        async with chosen_to_edit(open_app) as pilot:
            await press(pilot, "ctrl+s")
            assert isinstance(pilot.app.screen, SaveScreen)
            await press(pilot, "enter")
            assert (here / "brackwater.toml").is_file()
            assert "saved" in seen(pilot)


class TestNew:
    async def test_begins_half_filled_in_for_sector_and_size(self, open_app: OpenApp, here: Path) -> None:
        async with open_app() as pilot:
            await press(pilot, "down", "4", "n")
            assert isinstance(pilot.app.screen, NewProfileScreen)
            await type_text(pilot, "NHS Wash Surgery")
            assert "◉ nhs" in seen(pilot)
            await press(pilot, "tab", "tab", "right", "space", "tab")
            await type_text(pilot, "12")
            assert "a GP practice of small size" in " ".join(seen(pilot).replace("│", " ").split())
            await press(pilot, "ctrl+s")
            profile = parse_profile(text(pilot))
            assert (profile.organisation.sector, profile.organisation.staff_users) == ("nhs", 12)
            assert "nhs-wash-surgery.toml" in seen(pilot)
            assert "not saved yet" in seen(pilot)
            assert not list(here.iterdir())

    async def test_a_count_that_is_none_is_told(self, open_app: OpenApp) -> None:
        async with open_app() as pilot:
            await press(pilot, "down", "4", "n", "tab", "tab", "tab")
            await type_text(pilot, "few")
            assert "expected a whole number" in seen(pilot)

    async def test_escape_begins_nothing(self, open_app: OpenApp) -> None:
        async with open_app() as pilot:
            await press(pilot, "down", "4", "n", "escape")
            assert isinstance(pilot.app.screen, ProfileScreen)
            assert app_of(pilot).session.draft is None


class TestLeaving:
    async def test_what_is_not_saved_stays_while_one_is_elsewhere(
        self, open_app: OpenApp, profile_path: Path
    ) -> None:
        async with chosen_to_edit(open_app) as pilot:
            await write(pilot, "skills.team", "Two")
            await press(pilot, "f2", "f5")
            assert isinstance(pilot.app.screen, ProfileEditor)
            await press(pilot, "escape")
            assert isinstance(pilot.app.screen, ProfileScreen)
            assert "is not saved" in told(pilot)
            await press(pilot, "c")
            assert at(pilot, "skills.team") == "Two"
            await press(pilot, "escape", "e")
            assert at(pilot, "skills.team") == "Two"

    async def test_another_profile_is_edited_only_after_asking(
        self, open_app: OpenApp, profile_path: Path
    ) -> None:
        async with chosen_to_edit(open_app) as pilot:
            await write(pilot, "skills.team", "Two")
            await press(pilot, "escape", "down", "e")
            assert isinstance(pilot.app.screen, AskScreen)
            await press(pilot, "escape")
            assert at(pilot, "skills.team") == "Two"
            await press(pilot, "e", "right", "enter")
            assert at(pilot, "organisation.name") == "Brackwater Borough Council"

    async def test_leaving_asks_first_and_keeps_it_for_the_next_time(
        self, open_app: OpenApp, profile_path: Path, tmp_path: Path
    ) -> None:
        state = tmp_path / "state.json"
        state.write_text('{"toured": true}', "utf-8")
        async with chosen_to_edit(open_app, state=state) as pilot:
            await write(pilot, "skills.team", "Two")
            await pilot.press("ctrl+q")
            await pilot.pause()
            assert isinstance(pilot.app.screen, AskScreen)
            await pilot.press("right", "enter")
            await pilot.pause()
        async with open_app(state=state) as pilot:
            await press(pilot, "4", "c")
            assert at(pilot, "skills.team") == "Two"
            assert profile_path.read_text("utf-8") == WITH_NOTES
            await press(pilot, "ctrl+z")
            assert text(pilot) == WITH_NOTES

    async def test_what_is_not_saved_survives_a_broken_line(
        self, open_app: OpenApp, profile_path: Path, tmp_path: Path
    ) -> None:
        state = tmp_path / "state.json"
        state.write_text('{"toured": true}', "utf-8")
        async with chosen_to_edit(open_app, state=state) as pilot:
            await write(pilot, "skills.team", "Two")
            assert 'team = \\"Two\\"' in state.read_text("utf-8")

    async def test_saved_there_is_nothing_to_ask(self, open_app: OpenApp, profile_path: Path) -> None:
        async with chosen_to_edit(open_app) as pilot:
            await write(pilot, "skills.team", "Two")
            await press(pilot, "ctrl+s")
            await pilot.press("ctrl+q")
            await pilot.pause()
            assert pilot.app._exit


class TestCommands:
    async def test_every_part_and_what_lists_do_is_found_by_name(
        self, open_app: OpenApp, profile_path: Path
    ) -> None:
        async with editing(open_app) as pilot:
            await press(pilot, "f7", "f7")
            titles = {command.title for command in app_of(pilot).get_system_commands(pilot.app.screen)}
            assert {
                "Part: Weights",
                "Part: Check",
                "Add a requirement",
                "Remove",
                "Save",
                "Save as",
            } <= titles

    async def test_a_part_is_gone_to(self, open_app: OpenApp, profile_path: Path) -> None:
        async with editing(open_app) as pilot:
            await press(pilot, "ctrl+p")
            await type_text(pilot, "add a requirement")
            await press(pilot, "enter")
            assert at(pilot, "requirement[2]") == {"text": "", "priority": "must"}


class TestSafety:
    async def test_text_of_a_file_is_never_obeyed(self, open_app: OpenApp, profile_path: Path) -> None:
        profile_path.write_text(
            '[organisation]\nname = "[red]W[/] \\u001b[31m"\n[skills]\ngaps = ["[@click=app.quit]x[/]"]\n',
            "utf-8",
        )
        async with editing(open_app) as pilot:
            assert "[red]W[/]" in seen(pilot)
            await press(pilot, "f7", "f7", "f7")
            assert "[@click=app.quit]x[/]" in seen(pilot)
            assert "\x1b" not in seen(pilot)


class TestLooks:
    @pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
    async def test_every_part(
        self, open_app: OpenApp, profile_path: Path, screen: SnapshotAssertion, size: tuple[int, int]
    ) -> None:
        async with editing(open_app, size) as pilot:
            for part in ("organisation", "weights", "legacy", "requirement"):
                editor(pilot).go_to(part)
                await settle(pilot)
                assert seen(pilot) == screen(name=part)

    async def test_a_new_one(self, open_app: OpenApp, screen: SnapshotAssertion) -> None:
        async with open_app(SMALL) as pilot:
            await press(pilot, "down", "4", "n")
            assert seen(pilot) == screen
