"""The judged set, ours beside plain rankings of the same words. How long a match takes: ``bench_large.py``.

    python benchmarks/bench_match.py

Reads ``../shared/judged``. Plain BM25 ranks the whole text of a service by the words of the profile, "all
words" counts how many of them a service has, and WRatio is rapidfuzz's over name and description.
"""

from __future__ import annotations

import importlib.util
import json
import re
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from rapidfuzz import fuzz, utils
from sqlite_utils import Database

from catalogue.match import match, match_json
from catalogue.model import CatalogueSummary, SearchQuery, Service
from catalogue.profile import Profile, parse_profile
from catalogue.read import read_service
from catalogue.records import decode_record
from catalogue.text import words
from db.catalogue import open_catalogue
from db.ingest import ingest
from db.search import search

JUDGED = Path(__file__).resolve().parent.parent.parent / "shared" / "judged"
OURS = Path(__file__).resolve().parent.parent / "tests" / "judged"
sys.path.insert(0, str(OURS))

from measures import FOLDER, SETS, measure  # noqa: E402

PROFILES = ("fenmoor", "heritage", "ridgeshire")


def scorer() -> ModuleType:
    """The measures that come with the judged set."""
    specification = importlib.util.spec_from_file_location("judged_score", JUDGED / "score.py")
    assert specification is not None and specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def profile_words(profile: Profile) -> list[str]:
    """Every word of a profile that is longer than three letters, once."""
    parts = [profile.goal or "", *(requirement.text for requirement in profile.requirements)]
    for system in profile.legacy:
        parts += [system.system, *system.aliases, system.purpose or ""]
    return list(dict.fromkeys(word for word in words(" ".join(parts)) if len(word) > 3))


def whole_text(service: Service) -> str:
    """All that a listing says."""
    record = service.record
    parts = [record.name, record.description or "", *(record.features or ()), *(record.benefits or ())]
    parts += [name for path in record.categories or () for name in path]
    parts += [
        value for section in record.sections or () for answer in section.answers for value in answer.values
    ]
    return "\n".join(parts)


def by_bm25(profile: Profile, services: list[Service]) -> list[str]:
    """Plain BM25 of SQLite over the whole text, any word."""
    db = Database(memory=True)
    db.execute("CREATE VIRTUAL TABLE listing USING fts5 (id UNINDEXED, text, tokenize = 'porter unicode61')")
    db.conn.executemany(
        "INSERT INTO listing VALUES (?, ?)", ((service.id, whole_text(service)) for service in services)
    )
    asked = " OR ".join('"' + re.sub(r"\W+", " ", word) + '"' for word in profile_words(profile))
    rows = db.execute("SELECT id FROM listing WHERE listing MATCH ? ORDER BY rank, id", [asked]).fetchall()
    return [row[0] for row in rows]


def by_all_words(profile: Profile, services: list[Service]) -> list[str]:
    """How many of the profile's words occur, however rare."""
    wanted = set(profile_words(profile))
    found = {service.id: len(wanted & set(words(whole_text(service)))) for service in services}
    return sorted(found, key=lambda service: (-found[service], service))


def by_wratio(profile: Profile, services: list[Service]) -> list[str]:
    """WRatio of goal and requirements against name and description."""
    asked = " ".join([profile.goal or "", *(requirement.text for requirement in profile.requirements)])
    found = {
        service.id: fuzz.WRatio(
            asked,
            f"{service.record.name} {service.record.description or ''}",
            processor=utils.default_process,
        )
        for service in services
    }
    return sorted(found, key=lambda service: (-found[service], service))


def judged() -> None:
    """Print the table of the judged set."""
    score = scorer()
    lines = (JUDGED / "services.jsonl").read_text(encoding="utf-8").splitlines()
    services = [read_service(decode_record(line))[0] for line in lines]
    summary = CatalogueSummary(len(services), len(services), (), (), None, "")
    rivals: dict[str, Callable[[Profile, list[Service]], list[str]]] = {
        "plain BM25": by_bm25,
        "all words": by_all_words,
        "WRatio": by_wratio,
    }
    head = f"{'profile':12}{'ranking':12}{'nDCG@10':>9}{'recall@30':>11}{'traps@10':>10}"
    print(f"{head}  evidence cited / same side")
    for name in PROFILES:
        profile = parse_profile((JUDGED / "profiles" / f"{name}.toml").read_text(encoding="utf-8"))
        ours: dict[str, Any] = json.loads(json.dumps(match_json(match(profile, services), summary)))
        rankings: dict[str, Any] = {"ours": ours}
        rankings |= {title: {"matches": rival(profile, services)} for title, rival in rivals.items()}
        for title, ranking in rankings.items():
            found = score.score_profile(ranking, name, evidence=title == "ours")
            cited = found.get("evidence")
            told = f"{cited['passage_cited']} / {cited['same_side']} of {cited['rows']}" if cited else ""
            print(
                f"{name:12}{title:12}{found['ndcg@10']:9.3f}{found['recall@30']:11.3f}"
                f"{found['trap_rate@10']:10.1f}  {told}"
            )


def queries(folder: Path, path: Path) -> None:
    """Print the measures of the judged queries of a set, on a new catalogue at ``path``."""
    score = scorer()
    score.HERE = folder
    asked = list(dict.fromkeys(row["query"] for row in score.rows("queries.tsv")))
    lines = (folder / "services.jsonl").read_text(encoding="utf-8").splitlines()
    with open_catalogue(path, create=True) as catalogue:
        ingest(catalogue, map(decode_record, lines), at=datetime(2026, 11, 20, tzinfo=UTC))
        results = {
            text: [hit.id for hit in search(catalogue, SearchQuery(text), limit=20).hits] for text in asked
        }
    found = score.score_queries(results)
    print(
        f"queries of {folder.name}: MRR {found['mrr']:.3f}, nDCG@10 {found['ndcg@10']:.3f},"
        f" unanswered {found['unanswered']}"
    )


def own_sets() -> None:
    """Print the mean measures of each judged set beside the tests."""
    print(f"{'set':26}{'nDCG@10':>9}{'lowest':>8}{'recall@30':>11}{'traps@10':>10}  evidence, same side")
    for name in SETS:
        folder = FOLDER / name
        lines = (folder / "services.jsonl").read_text(encoding="utf-8").splitlines()
        services = [read_service(decode_record(line))[0] for line in lines]
        summary = CatalogueSummary(len(services), len(services), (), (), None, "")
        found = []
        for path in sorted((folder / "profiles").glob("*.toml")):
            result = match(parse_profile(path.read_text(encoding="utf-8"), path.name), services)
            found.append(measure(folder, path.stem, json.loads(json.dumps(match_json(result, summary)))))
        gained = [each.ndcg for each in found]
        print(
            f"{name:26}{sum(gained) / len(found):9.3f}{min(gained):8.3f}"
            f"{sum(each.recall for each in found) / len(found):11.3f}{sum(each.traps for each in found):10}"
            f"  {sum(each.evidence for each in found)} of {sum(each.rows for each in found)}"
        )


if __name__ == "__main__":
    judged()
    own_sets()
    with tempfile.TemporaryDirectory() as work:
        for number, judged_set in enumerate((JUDGED, *sorted(OURS.glob("*/")))):
            if (judged_set / "queries.tsv").is_file():
                queries(judged_set, Path(work) / f"{number}.db")
