"""What a run is worth, in words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from catalogue.health import PULL
from catalogue.runs import Outcome, Published, RunCounts, RunKey, RunSummary
from catalogue.verdicts import counts_told, verdict_of

NIGHT = datetime(2026, 11, 20, 3, 10, tzinfo=UTC)


def run_of(
    outcome: Outcome = Outcome.FINISHED,
    published: Published = "whole",
    counts: RunCounts | None = None,
    source: str = "marketplace",
) -> RunSummary:
    key = RunKey(source, "https://marketplace.example", "all")
    return RunSummary(7, key, outcome, "", NIGHT, NIGHT, counts or RunCounts(), {}, published)


@pytest.mark.parametrize(
    ("outcome", "published", "worth", "word"),
    [
        (Outcome.FINISHED, "whole", "trusted", "trusted"),
        (Outcome.FINISHED, "partial", "part", "in part"),
        (Outcome.FINISHED, "nothing", "not trusted", "nothing new"),
        (Outcome.CHANGED, "nothing", "not trusted", "not trusted"),
        (Outcome.STOPPED, "partial", "part", "stopped"),
        (Outcome.INTERRUPTED, "nothing", "not trusted", "interrupted"),
        (Outcome.FAILED, "partial", "part", "failed"),
        (Outcome.RUNNING, "nothing", "not trusted", "broken off"),
        (Outcome.ABANDONED, "nothing", "not trusted", "given up"),
    ],
)
def test_each_end_has_a_worth_and_a_word(
    outcome: Outcome, published: Published, worth: str, word: str
) -> None:
    verdict = verdict_of(run_of(outcome, published))
    assert (verdict.worth, verdict.word) == (worth, word)


def test_every_outcome_has_a_verdict() -> None:
    assert all(verdict_of(run_of(outcome, "nothing")).told for outcome in Outcome)


def test_what_is_left_unfinished_says_how_to_go_on() -> None:
    unfinished = [outcome for outcome in Outcome if outcome.unfinished]
    assert all("goes on where" in verdict_of(run_of(outcome, "nothing")).advice for outcome in unfinished)


def test_only_a_run_that_somebody_works_on_is_under_way() -> None:
    run = run_of(Outcome.RUNNING, "nothing")
    assert verdict_of(run, at_work=True).worth == "under way"
    assert verdict_of(run).word == "broken off"


def test_counts_are_told_in_sentences_without_what_did_not_happen() -> None:
    counts = RunCounts(
        requests=70, listed=66, wanted=66, answered=65, added=1, failed=1, left=1, answer_ms=28_000
    )
    assert list(counts_told(run_of(counts=counts))) == [
        "70 requests; 65 pages answered.",
        "66 services were listed; 66 were to be read.",
        "An answer took 0.40 s on average.",
        "1 new, 0 changed, 0 as before.",
        "Of the pages: 1 not obtained.",
        "1 were left for the next run.",
    ]


def test_a_pull_tells_what_was_published() -> None:
    told = list(counts_told(run_of(counts=RunCounts(listed=42_000, added=12), source=PULL)))
    assert told == ["42,000 services were published there.", "12 new, 0 changed, 0 as before."]
