"""Search beside tantivy and beside plain FTS5 that wants every word: CPU time for 50 results, what is found.

    python benchmarks/bench_search.py --records services.jsonl
    python benchmarks/bench_search.py --generator ../shared/scale/make_services.py --count 45000

The queries are made from the records by a fixed seed: words of names and features as they stand, the same
with a typing error, other names of systems, and some that people type. Each is asked once of every engine,
warm. "Found" is the share of queries with a result; "source" the share whose service is among the first 50.
"""

from __future__ import annotations

import argparse
import random
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import tantivy

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from catalogue.model import SearchQuery
from catalogue.records import ServiceRecord, decode_record
from catalogue.vocabulary import load_vocabulary
from db.catalogue import Catalogue, open_catalogue
from db.ingest import ingest
from db.search import search

FIELDS = ("name", "supplier", "description", "features", "benefits", "categories", "answers")
WEIGHTS = (10.0, 6.0, 4.0, 4.0, 2.0, 3.0, 1.0)
TYPED = (
    "revs and bens",
    "northgate revs and bens",
    "nothgate iworld",
    "coucil tax",
    "housing repairs",
    "blue bage",
    "my account",
    "channel shift",
    "single sign on",
    "gov.uk one login",
    "idox uniform",
    "lotus notes migration",
    "agresso finance",
    "firmstep forms",
    "replace lagan",
    "liquid logic",
    "mosaic social care",
    "sso for residents",
    "api council tax",
    "penetration testing",
    "service desk",
    "cloud services",
    "data migration",
    "case managment",
    "electronic records",
    "payroll and hr",
    "low code forms",
    "customer portal",
    "gis mapping",
    "e-mails archiving",
)

Ask = Callable[[str], list[str]]


@dataclass(frozen=True, slots=True)
class Query:
    """A text to search for, what kind it is, and the service it was made from."""

    text: str
    kind: str
    source: str | None = None


def main() -> None:
    """Build all three indexes, ask every query once of each, print what it took and what came."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="bench-search-") as folder:
        work = Path(folder)
        records = options.records or _generated(options.generator, options.count, work)
        queries = _queries(records, options.each)
        path = options.db or work / "catalogue.db"
        with open_catalogue(path, create=True) as catalogue:
            ingest(catalogue, _read(records), at=datetime.now(UTC))
        with open_catalogue(path, read_only=True) as catalogue:
            engines: dict[str, Ask] = {
                "longlist": _longlist(catalogue),
                "tantivy": _tantivy(records, work),
                "FTS5, every word": _plain(records, work / "plain.db"),
            }
            for kind in ("words", "typing error", "other name", "as typed", "all"):
                asked = [query for query in queries if kind in (query.kind, "all")]
                if kind != "all":
                    _compare(kind, asked, engines)
            _print_all(len(queries))


_TIMES: dict[str, list[float]] = {}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--records", type=Path, help="service records, JSON Lines")
    source.add_argument("--generator", type=Path, help="a script that takes --count and --out")
    parser.add_argument("--count", type=int, default=45_000)
    parser.add_argument("--db", type=Path, help="a catalogue that has these records already")
    parser.add_argument("--each", type=int, default=80, help="queries of each kind that is made")
    return parser.parse_args()


def _generated(generator: Path, count: int, work: Path) -> Path:
    path = work / "services.jsonl"
    subprocess.run([sys.executable, generator, "--count", str(count), "--out", path], check=True)
    return path


def _read(records: Path) -> Iterator[ServiceRecord]:
    with records.open("rb") as file:
        for line in file:
            yield decode_record(line)


def _queries(records: Path, each: int) -> list[Query]:
    chance = random.Random(15)
    sample: list[ServiceRecord] = []
    for number, record in enumerate(_read(records)):
        if len(sample) < 2 * each:
            sample.append(record)
        elif (place := chance.randrange(number + 1)) < len(sample):
            sample[place] = record
    queries = [Query(text, "as typed") for text in TYPED]
    for record in sample[:each]:
        queries.append(Query(_some_words(record, chance), "words", record.id))
    for record in sample[each:]:
        queries.append(Query(_mistyped(_some_words(record, chance), chance), "typing error", record.id))
    names = [name for group in load_vocabulary().groups for name in group.names if len(name) > 3]
    queries += [Query(name, "other name") for name in chance.sample(names, min(each, len(names)))]
    return list({query.text: query for query in queries}.values())


def _some_words(record: ServiceRecord, chance: random.Random) -> str:
    """Two to four words that stand together in the name or a feature."""
    text = chance.choice([record.name, *(record.features or ())])
    words = re.findall(r"[A-Za-z]{3,}", text) or [record.name]
    start = chance.randrange(max(1, len(words) - 2))
    return " ".join(words[start : start + chance.randint(2, 4)])


def _mistyped(text: str, chance: random.Random) -> str:
    """The text with one letter of its longest word left out, doubled, or changed with its neighbour."""
    word = max(text.split(), key=len)
    at = chance.randrange(1, max(2, len(word) - 2))
    wrong = chance.choice(
        [
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :],
        ]
    )
    return text.replace(word, wrong)


def _longlist(catalogue: Catalogue) -> Ask:
    return lambda text: [hit.id for hit in search(catalogue, SearchQuery(text)).hits]


def _texts(record: ServiceRecord) -> tuple[str, ...]:
    answers = (
        value for section in record.sections or () for answer in section.answers for value in answer.values
    )
    return (
        record.name,
        record.supplier.name,
        record.description or "",
        "\n".join(record.features or ()),
        "\n".join(record.benefits or ()),
        "\n".join(" ".join(path) for path in record.categories or ()),
        "\n".join(answers),
    )


def _tantivy(records: Path, work: Path) -> Ask:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    for field in FIELDS:
        builder.add_text_field(field, tokenizer_name="en_stem")
    folder = work / "tantivy"
    folder.mkdir()
    index = tantivy.Index(builder.build(), path=str(folder))
    writer = index.writer(heap_size=200_000_000)
    for record in _read(records):
        writer.add_document(tantivy.Document(id=record.id, **dict(zip(FIELDS, _texts(record), strict=True))))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()
    boosts = dict(zip(FIELDS, WEIGHTS, strict=True))

    def ask(text: str) -> list[str]:
        query, _ = index.parse_query_lenient(text, list(FIELDS), field_boosts=boosts)
        found = searcher.search(query, 50)
        return [searcher.doc(address)["id"][0] for _, address in found.hits]

    return ask


def _plain(records: Path, path: Path) -> Ask:
    connection = sqlite3.connect(path)
    connection.execute(
        f"CREATE VIRTUAL TABLE plain USING fts5 (id UNINDEXED, {', '.join(FIELDS)}, tokenize = 'porter')"
    )
    places = ", ".join("?" * (len(FIELDS) + 1))
    connection.executemany(
        f"INSERT INTO plain VALUES ({places})", ((record.id, *_texts(record)) for record in _read(records))
    )
    connection.commit()
    rank = ", ".join(map(str, (0.0, *WEIGHTS)))

    def ask(text: str) -> list[str]:
        match = " ".join(f'"{word}"' for word in re.findall(r"\w+", text))
        sql = f"SELECT id FROM plain WHERE plain MATCH ? ORDER BY bm25(plain, {rank}) LIMIT 50"
        return [row[0] for row in connection.execute(sql, (match,))]

    return ask


def _compare(kind: str, queries: list[Query], engines: dict[str, Ask]) -> None:
    print(f"\n{kind}: {len(queries)} queries")
    _print_head()
    for name, ask in engines.items():
        for warm in ("council", "xylophon tuning"):
            ask(warm)
        times, found, sourced = [], 0, 0
        for query in queries:
            started = time.process_time()
            ids = ask(query.text)
            times.append(1000 * (time.process_time() - started))
            found += bool(ids)
            sourced += query.source in ids
        _TIMES.setdefault(name, []).extend(times)
        source = f"{sourced / len(queries):7.0%}" if queries[0].source else "      -"
        print(f"{_line(name, times)} {found / len(queries):6.0%} {source}")


def _print_head() -> None:
    print(f"{'engine':18} {'p50 ms':>7} {'p95 ms':>7} {'max ms':>7} {'found':>6} {'source':>7}")


def _line(name: str, times: list[float]) -> str:
    p95 = statistics.quantiles(times, n=20)[-1]
    return f"{name:18} {statistics.median(times):7.1f} {p95:7.1f} {max(times):7.1f}"


def _print_all(queries: int) -> None:
    print(f"\nall {queries} queries")
    print(f"{'engine':18} {'p50 ms':>7} {'p95 ms':>7} {'max ms':>7} {'p95 to longlist':>16}")
    ours = statistics.quantiles(_TIMES["longlist"], n=20)[-1]
    for name, times in _TIMES.items():
        print(f"{_line(name, times)} {statistics.quantiles(times, n=20)[-1] / ours:16.2f}")


if __name__ == "__main__":
    main()
