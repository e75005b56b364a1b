"""Edits of a profile's text: what was meant is changed, and nothing that a person wrote beside it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.errors import UsageError
from catalogue.profile import SKILLS_GAPS, parse_profile
from catalogue.profile.editing import add_row, move_row, put, put_all, remove_row, tables_of, tick, value_at
from catalogue.profile.history import History
from catalogue.starting import load_starting, propose

NOTED = """\
# note 1: the file
goal = "Parking permits online"   # note 2

# note 3: about the section

[organisation]
# note 4: inside
name = "Westbeck Borough Council"   # note 5
sector = "local-government"
staff_users = 40                    # note 6: to the right
# residents = 120000                # note 7: not known yet

[weights]
legacy = 60   # note 8
customers = 40

# note 9: a section of systems

# note 10: the first system
[[legacy]]
system = "Taranto"   # note 11
aliases = ["Taranto Parking", "Tara"]   # note 12

# note 13: the second system
[[legacy]]
system = "Lagan"
intent = "replace"
# note 14: at the end of a row

# note 15: skills
[skills]
gaps = [
  "developers",   # note 16
  # "integration",   # note 17
  "data",
]

[[requirement]]
# note 18: inside a row
text = "Permits are paid online"
priority = "must"
# note 19: the end
"""

#: The same facts, as people lay out TOML who know it well.
ODD = (
    'organisation = { name = "Westbeck", sector = "nhs" }   # note 1\n[skills]\ngaps=["data"]\n',
    'organisation.name = "Westbeck"   # note 1\norganisation.sector = "nhs"\n',
    'legacy = [ { system = "Lagan" }, { system = "Taranto" } ]   # note 1\n[organisation]\nname = "W"\n',
    '[ organisation ]\n"name" = """\nWestbeck\n# note 0: no comment"""   # note 1\n',
)


def notes(text: str) -> set[str]:
    return set(re.findall(r"# note \d+", text))


def at(text: str, place: str) -> Any:
    tables = tables_of(text)
    assert tables is not None
    return value_at(tables, place)


def changed_lines(before: str, after: str) -> list[str]:
    """The lines of ``after`` that are not lines of ``before``."""
    return [line for line in after.splitlines() if line not in before.splitlines()]


class TestAValue:
    def test_is_changed_on_its_line_and_its_note_keeps_its_column(self) -> None:
        after = put(NOTED, "organisation.staff_users", 7)
        assert changed_lines(NOTED, after) == ["staff_users = 7                     # note 6: to the right"]

    def test_that_stands_as_a_comment_is_used_with_its_note(self) -> None:
        after = put(NOTED, "organisation.residents", 95000)
        assert changed_lines(NOTED, after) == ["residents = 95000                 # note 7: not known yet"]

    def test_with_a_note_becomes_a_comment_when_it_is_taken_out(self) -> None:
        after = put(NOTED, "organisation.staff_users", None)
        assert changed_lines(NOTED, after) == ["# staff_users = 40                    # note 6: to the right"]
        assert put(after, "organisation.staff_users", 40) == NOTED

    def test_that_is_new_stands_after_the_keys_that_come_before_it(self) -> None:
        after = put(NOTED, "organisation.award_by", date(2027, 3, 31))
        lines = after.splitlines()
        assert lines[lines.index("award_by = 2027-03-31") - 1].startswith("staff_users")

    def test_in_a_table_that_is_not_there_makes_the_table_in_its_place(self) -> None:
        after = put(NOTED, "resources.gaps", ["money"])
        assert list(tables_of(after) or {}) == [
            *("goal", "organisation", "weights", "legacy", "skills", "resources", "requirement")
        ]

    def test_is_put_at_the_head_of_an_empty_file(self) -> None:
        assert put("", "organisation.name", "Westbeck") == '[organisation]\nname = "Westbeck"\n'
        assert (
            put('[organisation]\nname = "W"\n', "goal", "G") == 'goal = "G"\n\n[organisation]\nname = "W"\n'
        )

    @pytest.mark.parametrize(
        ("place", "value"),
        [
            ("organisation.budget_per_year", Decimal("45000.50")),
            ("organisation.award_by", date(2027, 5, 31)),
            ("skills.team", 'Two "web" officers; C:\\forms # and a note'),
            ("legacy[2].aliases", ("Lagan CRM", "Verint")),
        ],
    )
    def test_of_every_kind_is_read_as_it_was_put(self, place: str, value: Any) -> None:
        found = at(put(NOTED, place, value), place)
        assert found == (list(value) if isinstance(value, tuple) else value)

    @pytest.mark.parametrize("text", ODD)
    def test_is_changed_however_the_file_is_laid_out(self, text: str) -> None:
        after = put(text, "organisation.name", "Fenmoor")
        assert at(after, "organisation.name") == "Fenmoor"
        assert "# note 1" in after

    def test_where_no_table_can_be_is_refused_and_says_what_to_do(self) -> None:
        with pytest.raises(UsageError, match=r"organisation\.name.*text editor"):
            put("organisation = 3\n", "organisation.name", "Fenmoor")

    def test_of_a_file_that_is_not_toml_is_refused(self) -> None:
        with pytest.raises(UsageError, match="not TOML"):
            put("goal = ", "goal", "x")

    def test_keeps_line_endings_and_mark_of_a_file_from_windows(self) -> None:
        text = "\ufeff" + NOTED.replace("\n", "\r\n")
        after = put(text, "organisation.residents", 5)
        assert after.startswith("\ufeff# note 1")
        assert "residents = 5" in after
        assert re.findall(r"(?<!\r)\n", after) == []


class TestAWord:
    def test_that_stands_as_a_comment_is_used_with_its_note(self) -> None:
        after = tick(NOTED, "skills.gaps", "integration", True)
        assert changed_lines(NOTED, after) == ['  "integration",   # note 17']
        assert tick(after, "skills.gaps", "integration", False) == NOTED

    def test_with_a_note_becomes_a_comment(self) -> None:
        after = tick(NOTED, "skills.gaps", "developers", False)
        assert changed_lines(NOTED, after) == ['  # "developers",   # note 16']

    def test_that_is_new_gets_a_line_where_each_has_one(self) -> None:
        after = tick(NOTED, "skills.gaps", "design", True)
        assert changed_lines(NOTED, after) == ['  "design",']

    def test_that_is_there_already_changes_nothing(self) -> None:
        assert tick(NOTED, "skills.gaps", "data", True) == NOTED

    def test_among_several_put_at_once_leaves_the_notes_of_the_others(self) -> None:
        after = put(NOTED, "skills.gaps", ("data", "integration"))
        assert at(after, "skills.gaps") == ["integration", "data"]
        assert notes(after) == notes(NOTED)

    def test_begins_a_list_that_is_not_there(self) -> None:
        assert at(tick(NOTED, "customers.needs", "mobile", True), "customers.needs") == ["mobile"]


class TestRows:
    def test_one_more_stands_after_the_others_of_its_kind(self) -> None:
        after = add_row(NOTED, "legacy", {"system": "Idox Uniform"})
        assert [row["system"] for row in at(after, "legacy")] == ["Taranto", "Lagan", "Idox Uniform"]
        assert after.index("note 14") < after.index("Idox Uniform") < after.index("note 15")

    def test_the_first_makes_its_table(self) -> None:
        after = add_row('[organisation]\nname = "W"', "requirement", {"text": "T"})
        assert after == '[organisation]\nname = "W"\n\n[[requirement]]\ntext = "T"\n'

    def test_one_goes_with_the_comments_that_belong_to_it_and_no_others(self) -> None:
        after = remove_row(NOTED, "legacy", 1)
        assert notes(NOTED) - notes(after) == {"# note 10", "# note 11", "# note 12"}
        assert [row["system"] for row in at(after, "legacy")] == ["Lagan"]
        assert "\n\n\n" not in after

    def test_two_change_places_with_their_comments(self) -> None:
        after = move_row(NOTED, "legacy", 2, -1)
        assert [row["system"] for row in at(after, "legacy")] == ["Lagan", "Taranto"]
        assert notes(after) == notes(NOTED)
        assert after.index("note 13") < after.index("Lagan") < after.index("note 10") < after.index("Taranto")
        assert move_row(after, "legacy", 1, 1) == NOTED

    def test_one_cannot_move_past_the_others(self) -> None:
        with pytest.raises(UsageError):
            move_row(NOTED, "legacy", 1, -1)

    def test_in_one_line_are_added_and_removed_too(self) -> None:
        after = remove_row(add_row(ODD[2], "legacy", {"system": "Uniform"}), "legacy", 1)
        assert [row["system"] for row in at(after, "legacy")] == ["Taranto", "Uniform"]
        assert "# note 1" in after


# Any sequence of edits.

WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
Edit = Callable[[str], str]


def a_row(text: str, table: str, number: int) -> int | None:
    rows = at(text, table) or []
    return number % len(rows) + 1 if rows else None


@st.composite
def edits(draw: st.DrawFn) -> tuple[str, Edit]:
    """An edit that the editor makes, with its name: ``removes`` where a row goes."""
    number = draw(st.integers(0, 3))
    table = draw(st.sampled_from(["legacy", "requirement"]))
    kind = draw(st.sampled_from(["put", "put", "put in row", "tick", "add", "remove", "move"]))
    if kind == "put":
        place, value = draw(
            st.one_of(
                st.tuples(
                    st.sampled_from(["goal", "organisation.name", "organisation.sector", "skills.team"]),
                    st.none() | WORDS,
                ),
                st.tuples(
                    st.sampled_from(["organisation.staff_users", "organisation.residents", "weights.skills"]),
                    st.none() | st.integers(1, 10**6) | WORDS,
                ),
                st.tuples(st.just("organisation.award_by"), st.none() | st.dates()),
                st.tuples(
                    st.just("organisation.contract_years"),
                    st.none() | st.decimals("0.1", "50", places=2),
                ),
            )
        )
        return "put", lambda text: put(text, place, value)
    if kind == "put in row":
        name = draw(st.none() | WORDS)
        names = draw(st.none() | st.lists(WORDS, min_size=1, max_size=3, unique=True))

        def change(text: str) -> str:
            row = a_row(text, table, number)
            if row is None:
                return text
            key, list_key = ("purpose", "aliases") if table == "legacy" else ("equals", "includes")
            place = f"{table}[{row}]"
            return put_all(text, {f"{place}.{key}": name, f"{place}.{list_key}": names})

        return "put in row", change
    if kind == "tick":
        place = draw(st.sampled_from(["skills.gaps", "resources.gaps"]))
        word, on = draw(st.sampled_from(SKILLS_GAPS)), draw(st.booleans())
        return "tick", lambda text: tick(text, place, word, on)
    if kind == "add":
        key, value = ("system" if table == "legacy" else "text"), draw(WORDS)
        return "add", lambda text: add_row(text, table, {key: value})

    def row_edit(text: str) -> str:
        row = a_row(text, table, number)
        if row is None:
            return text
        if kind == "remove":
            return remove_row(text, table, row)
        return move_row(text, table, row, 1 if row == 1 else -1) if len(at(text, table)) > 1 else text

    return ("removes" if kind == "remove" else kind), row_edit


PROPOSED = propose(load_starting(), load_starting().body("local-government", "district"))


@given(
    start=st.sampled_from([NOTED, NOTED.replace("\n", "\r\n"), PROPOSED, ""]),
    made=st.lists(edits(), max_size=8),
)
def test_any_edits_leave_a_text_that_is_read_with_its_notes_and_is_undone_to_the_same_bytes(
    start: str, made: list[tuple[str, Edit]]
) -> None:
    history = History.of(start)
    for kind, edit in made:
        before = history.text
        after = edit(before)
        history = history.changed(after)
        assert tables_of(after) is not None
        if kind != "removes":
            assert notes(before) <= notes(after)
    done = history.text
    while history.can_undo:
        history = history.undone()
    assert history.text == start
    while history.can_redo:
        history = history.redone()
    assert history.text == done


class TestHistory:
    def test_letters_typed_into_one_field_are_undone_together(self) -> None:
        history = History.of("a").changed("ab", "goal").changed("abc", "goal").changed("abcd", "team")
        assert [history.undone().text, history.undone().undone().text] == ["abc", "a"]

    def test_a_field_left_and_typed_into_again_is_undone_by_itself(self) -> None:
        history = History.of("a").changed("ab", "goal").settled().changed("abc", "goal")
        assert history.undone().text == "ab"

    def test_a_value_typed_back_leaves_nothing_to_undo(self) -> None:
        history = History.of("a").changed("ab", "goal").changed("a", "goal")
        assert (history.text, history.can_undo) == ("a", False)

    def test_a_change_after_undoing_forgets_what_was_undone(self) -> None:
        history = History.of("a").changed("b").changed("c").undone().changed("d")
        assert (history.texts, history.can_redo) == (("a", "b", "d"), False)

    def test_a_value_cleared_and_typed_again_stands_where_it_stood(self) -> None:
        history = History.of(NOTED)
        for typed in (None, "P", "Pa"):
            history = history.changed(put(history.base("goal"), "goal", typed), "goal")
        assert changed_lines(NOTED, history.text) == ['goal = "Pa"                       # note 2']
        assert history.text.index("note 2") < history.text.index("note 3")


def test_what_is_proposed_stays_in_order_through_edits() -> None:
    text = tick(remove_row(PROPOSED, "legacy", 1), "skills.gaps", "design", True)
    assert parse_profile(put(text, "organisation.name", "Fenmoor")).organisation.name == "Fenmoor"
