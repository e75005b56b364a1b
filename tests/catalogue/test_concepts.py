"""Families of words: what is related to what, and wrong rows of the table."""

from __future__ import annotations

import pytest

from catalogue.concepts import load_concepts, parse_concepts
from catalogue.errors import DataFileError

TABLE = """
[[concept]]
words = ["book", "appointment", "reserve a place"]
reason = "agreeing a time"
[[concept]]
words = ["book", "library"]
reason = "what is read"
"""


class TestRelated:
    def test_a_word_brings_the_others_of_all_its_families(self) -> None:
        assert parse_concepts(TABLE).related("book") == ("appointment", "reserve a place", "library")

    def test_words_are_compared_by_stem(self) -> None:
        assert parse_concepts(TABLE).related("Appointments") == ("book", "reserve a place")

    def test_a_phrase_belongs_as_a_whole(self) -> None:
        concepts = parse_concepts(TABLE)
        assert concepts.related("reserve a place") == ("book", "appointment")
        assert concepts.related("place") == ()

    def test_only_a_near_family_has_other_names_of_the_same(self) -> None:
        concepts = parse_concepts(f"{TABLE}near = true")
        assert concepts.same("book") == ("library",)
        assert concepts.same("appointment") == ()

    def test_phrases_of_a_text_do_not_overlap_and_the_longest_wins(self) -> None:
        assert list(parse_concepts(TABLE).phrases_in("Reserve a place, or book it")) == [
            "reserve a place",
            "book",
        ]


class TestTable:
    def test_the_shipped_table_reads_and_each_row_says_why(self) -> None:
        concepts = load_concepts()
        assert "claim" in concepts.related("apply")
        assert all(
            family.reason.endswith(tuple("abcdefghijklmnopqrstuvwxyz")) for family in concepts.families
        )

    @pytest.mark.parametrize(
        ("row", "said"),
        [
            ("[concept]\nwords = 3", "expected \\[\\[concept\\]\\] rows"),
            ('[[concept]]\nwords = ["a b"]\nreason = "x"', "at least two words"),
            ('[[concept]]\nwords = ["book", "booked"]\nreason = "x"', "at least two words"),
            ('[[concept]]\nwords = ["book", "slot"]', "reason must be text"),
            ('[[concept]]\nwords = "book"\nreason = "x"', "must be a list"),
            ('[[concept]]\nwords = ["book", "slot"]\nreason = "x"\nkind = "x"', "unknown key 'kind'"),
            ('[[concept]]\nwords = ["book", "slot"]\nreason = "x"\nnear = 1', "near must be true or false"),
            ("[[concept", "not TOML"),
        ],
    )
    def test_a_wrong_row_is_named(self, row: str, said: str) -> None:
        with pytest.raises(DataFileError, match=said):
            parse_concepts(row)
