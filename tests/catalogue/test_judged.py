"""The ranking against judgements made by a person before there was a matcher.

The floors lie a little below what the rules reach; they are there to notice a loss. The set was read while
the rules were written, so that they say little of listings never seen.
"""

from __future__ import annotations

import importlib.util
import json
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from catalogue.match import match, match_json
from catalogue.model import CatalogueSummary, Service
from catalogue.profile import parse_profile
from catalogue.read import read_service
from catalogue.records import decode_record

FLOORS = {"fenmoor": 0.88, "heritage": 0.85, "ridgeshire": 0.88}
TRAPS = {"fenmoor": 0, "heritage": 0, "ridgeshire": 1}


@pytest.fixture(scope="module")
def judged(shared: Path) -> Path:
    """The folder of the judged set."""
    folder = shared / "judged"
    if not folder.is_dir():
        pytest.skip(f"the judged set is not beside the project ({folder} is absent)")
    return folder


@pytest.fixture(scope="module")
def scorer(judged: Path) -> ModuleType:
    """The measures that come with the set."""
    specification = importlib.util.spec_from_file_location("judged_score", judged / "score.py")
    assert specification is not None and specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def judged_services(judged: Path) -> list[Service]:
    """The services of the set."""
    lines = (judged / "services.jsonl").read_text(encoding="utf-8").splitlines()
    return [read_service(decode_record(line))[0] for line in lines]


@pytest.fixture(scope="module")
def result(judged: Path, judged_services: list[Service], request: pytest.FixtureRequest) -> dict[str, Any]:
    """The match output for one profile of the set."""
    profile = parse_profile((judged / "profiles" / f"{request.param}.toml").read_text(encoding="utf-8"))
    count = len(judged_services)
    summary = CatalogueSummary(count, count, (), (), datetime(2026, 11, 20, tzinfo=UTC), "sha256:0")
    found: dict[str, Any] = json.loads(json.dumps(match_json(match(profile, judged_services), summary)))
    return found | {"judged": request.param}


@pytest.mark.parametrize("result", list(FLOORS), indirect=True)
class TestJudged:
    """Each profile of the set."""

    def test_what_a_person_judged_best_comes_first(self, result: dict[str, Any], scorer: ModuleType) -> None:
        measured = scorer.score_profile(result, result["judged"])
        assert measured["ndcg@10"] >= FLOORS[result["judged"]]
        assert measured["recall@30"] >= 0.75

    def test_what_only_looks_right_stays_out_of_the_first_ten(
        self, result: dict[str, Any], scorer: ModuleType
    ) -> None:
        measured = scorer.score_profile(result, result["judged"])
        assert len(measured["traps_in_top_10"]) <= TRAPS[result["judged"]]

    def test_what_an_officer_would_cite_is_quoted_on_the_same_side(
        self, result: dict[str, Any], scorer: ModuleType
    ) -> None:
        evidence = scorer.score_profile(result, result["judged"], evidence=True)["evidence"]
        assert evidence["same_side"] >= 0.8 * evidence["rows"]

    def test_nothing_relevant_is_excluded(self, result: dict[str, Any], scorer: ModuleType) -> None:
        assert scorer.score_profile(result, result["judged"])["relevant_but_excluded"] == []
