"""Reading the rules from ``barriers.toml``, each row checked.

The head of that file explains the rows. A row that is wrong raises `DataFileError` naming it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from typing import Any

from catalogue.errors import DataFileError, UsageError
from catalogue.profile import (
    BARRIERS,
    CUSTOMERS_NEEDS,
    INTENTS,
    INTERFACES,
    RESOURCES_GAPS,
    SECTORS,
    SKILLS_GAPS,
)
from catalogue.questions import Crosswalk, Question, load_crosswalk
from catalogue.rules.sayings import Saying, saying
from catalogue.rules.values import (
    MEANINGS,
    READS,
    TOP_FIELDS,
    Denial,
    Evidence,
    FilingRules,
    IntentRule,
    NeedRule,
    Rules,
    Verdict,
)
from catalogue.rules.variants import without_options
from catalogue.terms import stem
from catalogue.text import words

_TRIGGERS = frozenset(
    [
        "always",
        "requirement",
        "organisation.budget_per_year",
        "organisation.sector",
        *(f"legacy.intent:{word}" for word in INTENTS),
        *(f"legacy.interfaces:{word}" for word in INTERFACES),
        *(f"legacy.connects-by:{word}" for word in INTERFACES),
        *(f"skills.gaps:{word}" for word in SKILLS_GAPS),
        *(f"resources.gaps:{word}" for word in RESOURCES_GAPS),
        *(f"customers.needs:{word}" for word in CUSTOMERS_NEEDS),
    ]
)


@lru_cache(maxsize=1)
def load_rules() -> Rules:
    """The shipped rules, read once."""
    text = resources.files("catalogue").joinpath("barriers.toml").read_text(encoding="utf-8")
    return parse_rules(text, load_crosswalk())


def parse_rules(text: str, crosswalk: Crosswalk, source: str = "barriers.toml") -> Rules:
    """Read the table of rules. Raises `DataFileError` naming the row, what was found and expected."""
    try:
        table = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise DataFileError(f"{source}: not TOML: {error}") from None
    reader = _RuleReader(source, crosswalk)
    return reader.rules(table)


class _RuleReader:
    """Reads rows, each with its place for the message when it is wrong."""

    def __init__(self, source: str, crosswalk: Crosswalk) -> None:
        self.source = source
        self.crosswalk = crosswalk
        self.found_cues: dict[str, Saying] = {}

    def rules(self, table: Mapping[str, Any]) -> Rules:
        known = {
            "version",
            "strength",
            "requirement",
            "topic",
            "cues",
            "need",
            "evidence",
            "intent",
            "denial",
            "audience",
            "filing",
            "trade",
        }
        if unknown := sorted(set(table) - known):
            raise self.wrong(f"unknown table {unknown[0]!r}", f"expected some of {', '.join(sorted(known))}")
        version = table.get("version")
        if not isinstance(version, str) or not version:
            raise self.wrong(f"version is {version!r}", 'expected text such as "2026.1"')
        self.found_cues = self.cues(table)
        by_need: dict[str, list[Evidence]] = {}
        for place, row in self.rows(table, "evidence", "rule"):
            by_need.setdefault(self.text(row, "need", place), []).append(self.evidence(row, place))
        needs = [self.need(row, place, by_need) for place, row in self.rows(table, "need", "id")]
        ids = [need.id for need in needs]
        for name in (*by_need, *ids):
            if name not in ids or ids.count(name) > 1:
                raise self.wrong(f"need {name!r}", "expected exactly one [[need]] row with this id")
        intents = {
            rule.intent: rule
            for rule in (self.intent(row, place) for place, row in self.rows(table, "intent", "intent"))
        }
        if missing := [intent for intent in INTENTS if intent not in intents]:
            raise self.wrong("[[intent]]", f"no row for {missing[0]!r}")
        return Rules(
            version=version,
            needs=tuple(needs),
            intents=intents,
            denials=tuple(self.denial(row, place) for place, row in self.rows(table, "denial", "rule")),
            audiences=self.audiences(table),
            trades=self.trades(table),
            filing=self.filing(table),
            cues=self.found_cues,
            kin=self.kin(table),
            strength=self.numbers(
                table,
                "strength",
                ("strong", "weak", "strong-against", "weak-against", "stops", "doubts", "filed-elsewhere"),
            ),
            requirement=self.numbers(
                table,
                "requirement",
                ("must", "want", "question", "strong", "weak", "quoted", "against", "together"),
            ),
            topic=self.numbers(
                table,
                "topic",
                (
                    "name",
                    "description",
                    "features",
                    "benefits",
                    "categories",
                    "answers",
                    "goal",
                    "must",
                    "want",
                    "purpose",
                    "system",
                    "related",
                ),
                most=100,
            ),
        )

    def need(self, row: Mapping[str, Any], place: str, by_need: Mapping[str, list[Evidence]]) -> NeedRule:
        self.keys(row, place, "id", "barrier", "when", "says", "reads", "share", "fit", "against", "ask")
        reads = row.get("reads", "evidence")
        need = NeedRule(
            id=self.text(row, "id", place),
            barrier=self.text(row, "barrier", place),
            when=frozenset(self.texts(row, "when", place)),
            says=self.text(row, "says", place),
            reads=reads,
            share=self.number(row.get("share"), f"{place}: share"),
            fit=self.number(row.get("fit"), f"{place}: fit"),
            against=self.number(row.get("against", row.get("share")), f"{place}: against"),
            ask=row.get("ask"),
            evidence=tuple(by_need.get(str(row.get("id")), ())),
        )
        self.among(need.barrier, BARRIERS, f"{place}: barrier")
        self.among(reads, READS, f"{place}: reads")
        for trigger in sorted(need.when):
            self.among(trigger, sorted(_TRIGGERS), f"{place}: when")
        if not need.when:
            raise self.wrong(f"{place}: when is empty", "expected at least one word of a profile")
        if (reads == "evidence") != bool(need.evidence):
            raise self.wrong(f"{place}: {len(need.evidence)} [[evidence]] rows", f"while it reads {reads!r}")
        return need

    def evidence(self, row: Mapping[str, Any], place: str) -> Evidence:
        self.keys(
            row,
            place,
            "need",
            "rule",
            "question",
            "values",
            "only",
            "words",
            "unless",
            "fields",
            "everything",
            "verdict",
            "stops",
            "because",
        )
        everything = self.flag(row, "everything", place)
        if ("question" in row) + ("words" in row) + everything != 1:
            raise self.wrong(f"{place}: question, words, everything", "expected exactly one of the three")
        if everything and "fields" not in row:
            raise self.wrong(f"{place}: everything without fields", "expected the fields that it is about")
        question = self.question(row, place) if "question" in row else None
        return Evidence(
            rule=self.text(row, "rule", place),
            verdict=self.verdict(row.get("verdict"), f"{place}: verdict"),
            because=self.text(row, "because", place),
            question=question,
            options=frozenset() if question is None else self.options(question, row, place),
            only=self.flag(row, "only", place),
            words=self.words(row, place) if "words" in row else None,
            unless=self.saying(row, "unless", place) if "unless" in row else None,
            fields=self.fields(row, place),
            stops=self.flag(row, "stops", place),
            everything=everything,
        )

    def words(self, row: Mapping[str, Any], place: str) -> Saying:
        """The words of a row: its own list, or the list of cues that it names."""
        if isinstance(row["words"], str):
            self.among(row["words"], self.found_cues, f"{place}: words")
            return self.found_cues[row["words"]]
        return self.saying(row, "words", place)

    def intent(self, row: Mapping[str, Any], place: str) -> IntentRule:
        self.keys(row, place, "intent", "stops", *MEANINGS)
        self.among(self.text(row, "intent", place), INTENTS, f"{place}: intent")
        stops = frozenset(self.texts(row, "stops", place))
        for meaning in sorted(stops):
            self.among(meaning, MEANINGS, f"{place}: stops")
        verdicts = {meaning: self.verdict(row.get(meaning), f"{place}: {meaning}") for meaning in MEANINGS}
        return IntentRule(row["intent"], verdicts, stops)

    def denial(self, row: Mapping[str, Any], place: str) -> Denial:
        self.keys(row, place, "rule", "question", "fields", "words", "against", "unless", "planned")
        against = self.saying(row, "against", place)
        if self.flag(row, "planned", place):
            against = saying((*against.phrases, *self.found_cues["planned"].phrases))
        return Denial(
            rule=self.text(row, "rule", place),
            question=self.question(row, place),
            fields=self.fields(row, place),
            words=self.saying(row, "words", place),
            against=against,
            unless=self.saying(row, "unless", place) if "unless" in row else None,
        )

    def audiences(self, table: Mapping[str, Any]) -> dict[str, Saying]:
        found: dict[str, Saying] = {}
        for place, row in self.rows(table, "audience", "sector"):
            self.keys(row, place, "sector", "words", "kin")
            sector = self.text(row, "sector", place)
            self.among(sector, (*SECTORS, "private"), f"{place}: sector")
            found[sector] = self.saying(row, "words", place)
        return found

    def trades(self, table: Mapping[str, Any]) -> dict[str, Saying]:
        found: dict[str, Saying] = {}
        for place, row in self.rows(table, "trade", "trade"):
            self.keys(row, place, "trade", "words")
            found[self.text(row, "trade", place)] = self.saying(row, "words", place)
        return found

    def filing(self, table: Mapping[str, Any]) -> FilingRules:
        row = table.get("filing")
        also = row.get("also") if isinstance(row, dict) else None
        if not isinstance(row, dict) or not isinstance(also, dict):
            raise self.wrong("[filing]", "expected the lists general and empty, and the table also")
        self.keys(row, "[filing]", "general", "empty", "also")
        general, empty = (self.stems(row, key, "[filing]") for key in ("general", "empty"))
        found: dict[str, frozenset[str]] = {}
        for word in also:
            if (told := stem(word)) in {*general, *empty, *found}:
                wants = (
                    "expected a word that stands there once, in one number, and is neither general nor empty"
                )
                raise self.wrong(f"[filing.also]: {word}", wants)
            found[told] = self.stems(also, word, "[filing.also]")
        return FilingRules(general, empty, found)

    def stems(self, row: Mapping[str, Any], key: str, place: str) -> frozenset[str]:
        """The stems of a list of single words."""
        found = self.texts(row, key, place)
        for word in found:
            if len(words(word)) != 1:
                raise self.wrong(f"{place}: {key} has {word!r}", "expected single words")
        return frozenset(map(stem, found))

    def kin(self, table: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
        """The sectors whose listings suit each sector as well as its own."""
        found: dict[str, tuple[str, ...]] = {}
        for place, row in self.rows(table, "audience", "sector"):
            found[row["sector"]] = self.texts(row, "kin", place)
            for sector in found[row["sector"]]:
                self.among(sector, SECTORS, f"{place}: kin")
        return found

    def cues(self, table: Mapping[str, Any]) -> dict[str, Saying]:
        names = (
            "exempt",
            "denies",
            "denies-near",
            "denies-late",
            "answers-no",
            "planned",
            "answers-later",
            "costs",
            "charged",
            "connects",
            "supports",
            "moves",
            "replaces",
            "leaves",
            "prolongs",
            "upholds",
            "manual",
            "kinds",
            "only",
        )
        rows = table.get("cues")
        if not isinstance(rows, dict) or set(rows) != set(names):
            raise self.wrong("[cues]", f"expected the lists {', '.join(names)}")
        return {name: self.saying(rows, name, "[cues]") for name in names}

    # Values of one kind each.

    def wrong(self, found: str, expected: str) -> DataFileError:
        return DataFileError(f"{self.source}: {found}: {expected}")

    def rows(self, table: Mapping[str, Any], key: str, name: str) -> Iterable[tuple[str, Mapping[str, Any]]]:
        rows = table.get(key)
        if not isinstance(rows, list) or not rows:
            raise self.wrong(f"[[{key}]]", "expected at least one row")
        for number, row in enumerate(rows, start=1):
            if not isinstance(row, dict):
                raise self.wrong(f"{key} {number}", "expected a table")
            yield f"{key} {number} ({row.get(name, 'without ' + name)})", row

    def keys(self, row: Mapping[str, Any], place: str, *allowed: str) -> None:
        if unknown := sorted(set(row) - set(allowed)):
            raise self.wrong(f"{place}: unknown key {unknown[0]!r}", f"expected some of {', '.join(allowed)}")

    def text(self, row: Mapping[str, Any], key: str, place: str) -> str:
        value = row.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(f"{place}: {key} is {value!r}", "expected text")
        return value

    def texts(self, row: Mapping[str, Any], key: str, place: str) -> tuple[str, ...]:
        value = row.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            raise self.wrong(f"{place}: {key} is {value!r}", "expected a list of words")
        if key in row and not value:
            raise self.wrong(f"{place}: {key} is empty", "expected at least one word")
        return tuple(value)

    def saying(self, row: Mapping[str, Any], key: str, place: str) -> Saying:
        return saying(without_options(self.texts(row, key, place)))

    def flag(self, row: Mapping[str, Any], key: str, place: str) -> bool:
        value = row.get(key, False)
        if not isinstance(value, bool):
            raise self.wrong(f"{place}: {key} is {value!r}", "expected true or false")
        return value

    def number(self, value: object, place: str, most: int = 1) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, int | Decimal) or not 0 <= value <= most:
            raise self.wrong(f"{place} is {value!r}", f"expected a number from 0 to {most}")
        return Decimal(value)

    def numbers(
        self, table: Mapping[str, Any], key: str, names: tuple[str, ...], most: int = 1
    ) -> dict[str, Decimal]:
        row = table.get(key)
        if not isinstance(row, dict) or set(row) != set(names):
            raise self.wrong(f"[{key}]", f"expected the numbers {', '.join(names)}")
        return {name: self.number(row[name], f"[{key}] {name}", most) for name in names}

    def among(self, value: object, allowed: Iterable[str], place: str) -> None:
        words = tuple(allowed)
        if value not in words:
            raise self.wrong(f"{place} is {value!r}", f"expected one of {', '.join(words)}")

    def verdict(self, value: object, place: str) -> Verdict:
        self.among(value, [verdict.value for verdict in Verdict], place)
        return Verdict(str(value))

    def question(self, row: Mapping[str, Any], place: str) -> Question:
        name = self.text(row, "question", place)
        return self._resolved(self.crosswalk.find, name, place)

    def _resolved(self, find: Callable[[str], Question], name: str, place: str) -> Question:
        try:
            return find(name)
        except UsageError as error:
            raise self.wrong(f"{place}: question {name!r}", str(error)) from None

    def options(self, question: Question, row: Mapping[str, Any], place: str) -> frozenset[str]:
        values = self.texts(row, "values", place)
        found = {value: self.crosswalk.option_for(question, value) for value in values}
        for value, option in found.items():
            if option is None:
                raise self.wrong(
                    f"{place}: value {value!r} of {question.label!r}",
                    f"expected one of {'; '.join(option.label for option in question.options)}",
                )
        return frozenset(option.id for option in found.values() if option is not None)

    def fields(self, row: Mapping[str, Any], place: str) -> frozenset[str]:
        """The labels of top fields and the ids of questions that a row is limited to."""
        tops = set(TOP_FIELDS.values())
        return frozenset(
            name if name in tops else self._resolved(self.crosswalk.find, name, place).id
            for name in self.texts(row, "fields", place)
        )
