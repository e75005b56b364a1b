"""Two texts side by side: nothing is lost, and only what differs is marked."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from catalogue.diffs import Stretch, items_changed, words_changed

TEXTS = st.text(st.sampled_from("ab £1,.\n"), max_size=40)


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_from_it(before: str, after: str) -> None:
    stretches = words_changed(before, after)
    assert "".join(each.text for each in stretches if each.fate != "came") == before
    assert "".join(each.text for each in stretches if each.fate != "gone") == after


@given(TEXTS)
def test_the_same_text_is_unchanged(text: str) -> None:
    assert {each.fate for each in words_changed(text, text)} <= {"same"}


def test_only_the_words_that_differ_are_marked() -> None:
    assert words_changed("£2 a user a month", "£3 a user a month") == (
        Stretch("same", "£"),
        Stretch("gone", "2"),
        Stretch("came", "3"),
        Stretch("same", " a user a month"),
    )


def test_items_stay_whole() -> None:
    assert items_changed(["Forms", "Payments"], ["Forms", "Bookings"]) == (
        Stretch("same", "Forms"),
        Stretch("gone", "Payments"),
        Stretch("came", "Bookings"),
    )


def test_very_long_texts_are_told_as_wholly_others() -> None:
    before, after = "a " * 4_000, "b " * 4_000
    assert [each.fate for each in words_changed(before, after)] == ["gone", "came"]
