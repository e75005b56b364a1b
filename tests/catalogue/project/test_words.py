"""Project names become file names; notes are free text but never control a terminal."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.errors import ProfileError, UsageError
from catalogue.project import (
    NAME_LENGTH,
    NOTE_LENGTH,
    mark_note,
    name_key,
    profile_text,
    project_name,
    tidied,
)
from catalogue.project.words import reason


@pytest.mark.parametrize("name", ["Council tax 2027", "a", "Café Übergang", "v1.2_final-x", "税"])
def test_an_ordinary_name_is_kept_as_it_is(name: str) -> None:
    assert project_name(name) == name


def test_surrounding_and_repeated_space_is_tidied() -> None:
    assert project_name("  Council   tax ") == "Council tax"


@pytest.mark.parametrize(
    "name",
    ["", " ", ".", "..", "../x", "a/b", "a\\b", "-rf", ".hidden", "tail.", "a:b", "a\x1b[2Jb", "_", "=1+1"],
)
def test_a_name_that_is_no_safe_file_name_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="project name"):
        project_name(name)


@pytest.mark.parametrize("name", ["con", "NUL", "Lpt1", "aux.txt"])
def test_a_device_name_of_windows_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="device"):
        project_name(name)


def test_a_name_too_long_is_refused_with_its_length() -> None:
    assert project_name("n" * NAME_LENGTH)
    with pytest.raises(UsageError, match="81 characters"):
        project_name("n" * (NAME_LENGTH + 1))


@given(st.text(max_size=40))
def test_every_accepted_name_is_one_safe_path_component(text: str) -> None:
    try:
        name = project_name(text)
    except UsageError:
        return
    assert not set(name) & set('/\\:*?"<>|\0')
    assert name == name.strip(" .")
    assert name[0] not in set(string.punctuation)
    assert name.isprintable()


def test_names_that_differ_in_case_only_are_the_same_project() -> None:
    assert name_key("Council Tax") == name_key("council  tax")


def test_a_note_loses_escape_sequences_and_keeps_its_lines() -> None:
    assert mark_note("  ask\x1b[31m price\r\nthen decide ") == "ask[31m price\nthen decide"


def test_a_note_too_long_is_refused() -> None:
    with pytest.raises(UsageError, match="at most 2000"):
        mark_note("x" * (NOTE_LENGTH + 1))


def test_a_profile_is_kept_as_text_whatever_its_file_was_called() -> None:
    text = '[organisation]\nname = "Fenmoor District Council"\n'
    kept = profile_text(text, "a.toml")
    assert kept == profile_text(text, "elsewhere/b.toml")
    assert (kept.name, kept.text) == ("Fenmoor District Council", text)
    assert kept.digest.startswith("sha256:")


def test_a_profile_with_mistakes_is_not_kept() -> None:
    with pytest.raises(ProfileError, match=r"a\.toml"):
        profile_text("[organisation]\nnam = 'x'\n", "a.toml")


@pytest.mark.parametrize(
    "text",
    [
        "ranked low",
        "Ranked too low",
        "It scored low.",
        "low score",
        "Ranked 17th of 20",
        "Scored 3 of 100",
        "not in the top 5",
        "outside the top ten",
        "below the others",
        "came last",
    ],
)
def test_where_a_service_stood_in_a_list_is_no_reason(text: str) -> None:
    with pytest.raises(UsageError, match="is no reason"):
        reason(text)


@pytest.mark.parametrize(
    "text",
    [
        "No API: files only",
        "The low-cost plan has no single sign-on",
        "Weak encryption of data at rest",
        "WCAG 2.1 only, below the level required",
        "3 users at the least",
    ],
)
def test_what_a_service_lacks_is_a_reason(text: str) -> None:
    assert reason(text) == text


@given(st.text(max_size=60))
def test_tidying_twice_changes_nothing_more(text: str) -> None:
    assert tidied(tidied(text)) == tidied(text)
