"""What officers ask for in their own words comes near the top. The floors lie below what is reached."""

from __future__ import annotations

from pathlib import Path

from tests.judged.asked import asked, mean_reciprocal


def test_the_right_service_is_near_the_top_for_words_as_officers_type_them(tmp_path: Path) -> None:
    answered = asked(tmp_path)
    assert mean_reciprocal(answered, held_out=False) >= 0.88
    assert mean_reciprocal(answered, held_out=True) >= 0.84
