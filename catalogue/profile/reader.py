"""Reading a profile from TOML, every error at once.

`parse_profile` takes text, not a path. A mistake is a sentence that names the key, the line where it can,
what was found and what is allowed; all of them are raised together as `ProfileError`.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from catalogue.errors import ProfileError, UsageError
from catalogue.profile.lines import join, key_lines
from catalogue.profile.values import (
    BARRIERS,
    CUSTOMERS_NEEDS,
    INTENTS,
    INTERFACES,
    PRESET,
    PRIORITIES,
    RESOURCES_GAPS,
    SECTORS,
    SKILLS_GAPS,
    SURVEY_2018,
    LegacySystem,
    Organisation,
    Profile,
    Requirement,
    percentages,
)
from catalogue.profile.wording import found, listed, meant
from catalogue.questions import Crosswalk, Question, load_crosswalk
from catalogue.records import strip_controls


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake of a profile: the key it is about (``legacy[2].system``; ``""`` for the file), and where."""

    place: str
    line: int | None
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}" if self.line else self.message


def parse_profile(text: str, source: str = "profile", crosswalk: Crosswalk | None = None) -> Profile:
    """Read a profile. Raises `ProfileError` with all of its problems, in the order of their lines."""
    profile, problems = check_profile(text, source, crosswalk)
    if profile is None:
        raise ProfileError(source, [str(problem) for problem in problems])
    return profile


def check_profile(
    text: str, source: str = "profile", crosswalk: Crosswalk | None = None
) -> tuple[Profile | None, tuple[Problem, ...]]:
    """The profile of a text, ``None`` with mistakes; and all of these, in the order of their lines."""
    digest = "sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    text = text.removeprefix("\ufeff")
    try:
        table = tomllib.loads(text, parse_float=Decimal)
    except (tomllib.TOMLDecodeError, ValueError, ArithmeticError, RecursionError) as error:
        return None, (Problem("", None, f"this is not TOML: {_plain(str(error))}"),)
    reader = _Reader(text, crosswalk or load_crosswalk())
    profile = reader.profile(table, digest, source)
    if reader.problems:
        return None, tuple(sorted(reader.problems, key=lambda problem: problem.line or 10**9))
    return profile, ()


class _Reader:
    """Reads the tables of one profile, collecting problems; a value that is wrong is read as not stated."""

    def __init__(self, text: str, crosswalk: Crosswalk) -> None:
        self.lines = key_lines(text)
        self.text_lines = text.splitlines()
        self.crosswalk = crosswalk
        self.problems: list[Problem] = []

    def profile(self, table: dict[str, Any], digest: str, source: str) -> Profile:
        self.known(
            table,
            ("goal", "organisation", "weights", "legacy", "skills", "resources", "customers", "requirement"),
        )
        organisation = self.organisation(self.table(table, "organisation"))
        weights = self.weights(self.table(table, "weights"))
        skills = self.table(table, "skills")
        self.known(skills, ("gaps", "team"), "skills")
        resources = self.table(table, "resources")
        self.known(resources, ("gaps",), "resources")
        customers = self.table(table, "customers")
        self.known(customers, ("needs",), "customers")
        shares = percentages(weights or {barrier: Decimal(share) for barrier, share in SURVEY_2018.items()})
        heaviest = max(BARRIERS, key=lambda barrier: shares[barrier])
        return Profile(
            goal=self.string(table, "goal"),
            organisation=organisation,
            weights=MappingProxyType(shares),
            preset=None if weights else PRESET,
            legacy=tuple(self.legacy(row, f"legacy[{number}]") for number, row in self.rows(table, "legacy")),
            skills_gaps=self.words(skills, "gaps", SKILLS_GAPS, "skills"),
            team=self.string(skills, "team", "skills"),
            resources_gaps=self.words(resources, "gaps", RESOURCES_GAPS, "resources"),
            customers_needs=self.words(customers, "needs", CUSTOMERS_NEEDS, "customers"),
            requirements=tuple(
                self.requirement(row, f"requirement[{number}]", heaviest)
                for number, row in self.rows(table, "requirement")
            ),
            digest=digest,
            source=source,
        )

    def organisation(self, table: dict[str, Any]) -> Organisation:
        place = "organisation"
        self.known(
            table,
            (
                "name",
                "sector",
                "staff_users",
                "residents",
                "budget_per_year",
                "contract_years",
                "award_by",
            ),
            place,
        )
        name = self.string(table, "name", place)
        if not name and not ("name" in table and not isinstance(table["name"], str)):
            self.problem(
                f"{place}.name", 'is missing: the one key that a profile must have; write name = "…"'
            )
        return Organisation(
            name=name or "",
            sector=self.word(table, "sector", SECTORS, place),
            staff_users=self.count(table, "staff_users", place, most=5_000_000),
            residents=self.count(table, "residents", place, most=100_000_000),
            budget_per_year=self.amount(table, "budget_per_year", place, most=10**11),
            contract_years=self.amount(table, "contract_years", place, most=50),
            award_by=self.day(table, "award_by", place),
        )

    def weights(self, table: dict[str, Any]) -> dict[str, Decimal]:
        self.known(table, BARRIERS, "weights")
        found = {
            barrier: self.amount(table, barrier, "weights", most=10**9)
            for barrier in BARRIERS
            if barrier in table
        }
        return {barrier: weight for barrier, weight in found.items() if weight is not None}

    def legacy(self, row: dict[str, Any], place: str) -> LegacySystem:
        self.known(row, ("system", "aliases", "purpose", "intent", "interfaces"), place)
        system = self.string(row, "system", place)
        if not system and not ("system" in row and not isinstance(row["system"], str)):
            self.problem(f"{place}.system", "is missing: name the system that this table is about")
        return LegacySystem(
            system=system or "",
            aliases=tuple(self.strings(row, "aliases", place)),
            purpose=self.string(row, "purpose", place),
            intent=self.word(row, "intent", INTENTS, place) or "connect",
            interfaces=self.words(row, "interfaces", INTERFACES, place),
        )

    def requirement(self, row: dict[str, Any], place: str, heaviest: str) -> Requirement:
        self.known(row, ("text", "priority", "barrier", "question", "includes", "equals"), place)
        question = self.question(row, place)
        includes = tuple(self.strings(row, "includes", place))
        equals = self.string(row, "equals", place)
        if "question" in row and ("includes" in row) == ("equals" in row):
            both = "both includes and equals" if "includes" in row else "neither includes nor equals"
            self.problem(f"{place}.question", f"has {both}; a question needs exactly one of the two")
        if "question" in row and row.get("includes") == []:
            self.problem(
                f"{place}.includes", "is empty; list at least one value that the answer must include"
            )
        if "question" not in row:
            for key in ("includes", "equals"):
                if key in row:
                    self.problem(f"{place}.{key}", 'has no question beside it; add question = "…"')
        if question is not None:
            includes = tuple(self.option(question, value, f"{place}.includes") for value in includes)
            equals = None if equals is None else self.option(question, equals, f"{place}.equals")
        text = self.string(row, "text", place)
        if "question" not in row and (text == "" or "text" not in row):
            state = "is empty" if "text" in row else "is missing"
            self.problem(f"{place}.text", f"{state}: say what is required, or name a question")
        return Requirement(
            text=text or (question.label if question else ""),
            priority=self.word(row, "priority", PRIORITIES, place) or "want",
            barrier=self.word(row, "barrier", BARRIERS, place) or heaviest,
            question=question,
            includes=includes,
            equals=equals,
        )

    def question(self, row: dict[str, Any], place: str) -> Question | None:
        name = self.string(row, "question", place)
        if not name:
            if name == "":
                self.problem(f"{place}.question", "is empty; name a question as listings label it")
            return None
        try:
            return self.crosswalk.find(name)
        except UsageError as error:
            self.problem(f"{place}.question", str(error), value=name)
            return None

    def option(self, question: Question, value: str, place: str) -> str:
        """The value, checked against the options of its question; a question of free text takes any."""
        labels = option_labels(question)
        if labels and _folded(value) not in {_folded(label) for label in labels}:
            self.problem(
                place,
                f"{found(value)} is no answer to {question.label!r}; allowed: {listed(labels)}"
                f"{meant(value, labels)}",
                value=value,
            )
        return value

    # Values of one kind each: what is wrong is reported, and read as not stated.

    def table(self, parent: dict[str, Any], key: str) -> dict[str, Any]:
        value = parent.get(key, {})
        if isinstance(value, dict):
            return value
        self.problem(key, f"is {found(value)}; expected a table, written [{key}]")
        return {}

    def rows(self, parent: dict[str, Any], key: str) -> Iterator[tuple[int, dict[str, Any]]]:
        value = parent.get(key, [])
        if not isinstance(value, list):
            self.problem(key, f"is {found(value)}; expected tables, each written [[{key}]]")
            return
        for number, row in enumerate(value, start=1):
            if isinstance(row, dict):
                yield number, row
            else:
                self.problem(f"{key}[{number}]", f"is {found(row)}; expected a table, written [[{key}]]")

    def known(self, table: dict[str, Any], allowed: Sequence[str], place: str = "") -> None:
        for key in table:
            if key not in allowed:
                where = f"{place}.{key}" if place else key
                self.problem(
                    where, f"is not a known key; allowed here: {', '.join(allowed)}{meant(key, allowed)}"
                )

    def string(self, table: dict[str, Any], key: str, place: str = "") -> str | None:
        value = table.get(key)
        if value is None:
            return None
        if not isinstance(value, str):
            self.problem(join(place, key), f"is {found(value)}; expected text in quotation marks")
            return None
        return strip_controls(value).strip()

    def strings(self, table: dict[str, Any], key: str, place: str = "") -> list[str]:
        value = table.get(key, [])
        if not isinstance(value, list):
            self.problem(join(place, key), f'is {found(value)}; expected a list, such as ["…", "…"]')
            return []
        kept: list[str] = []
        for item in value:
            if not isinstance(item, str) or not item.strip():
                self.problem(join(place, key), f"holds {found(item)}; expected text in quotation marks")
            elif (text := strip_controls(item).strip()) not in kept:
                kept.append(text)
        return kept

    def word(self, table: dict[str, Any], key: str, allowed: Sequence[str], place: str) -> str | None:
        value = self.string(table, key, place)
        if value is None or value in allowed:
            return value
        self.unknown_word(join(place, key), value, allowed)
        return None

    def words(self, table: dict[str, Any], key: str, allowed: Sequence[str], place: str) -> tuple[str, ...]:
        found = self.strings(table, key, place)
        for value in found:
            if value not in allowed:
                self.unknown_word(join(place, key), value, allowed)
        return tuple(value for value in found if value in allowed)

    def unknown_word(self, place: str, value: str, allowed: Sequence[str]) -> None:
        self.problem(
            place,
            f"{found(value)} is not allowed; allowed: {', '.join(allowed)}{meant(value, allowed)}",
            value=value,
        )

    def count(self, table: dict[str, Any], key: str, place: str, *, most: int) -> int | None:
        value = table.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            self.problem(join(place, key), f"is {found(value)}; expected a whole number of people")
        elif not 0 < value <= most:
            self.problem(join(place, key), f"is {found(value)}; expected a whole number from 1 to {most:,}")
        else:
            return value
        return None

    def amount(self, table: dict[str, Any], key: str, place: str, *, most: int) -> Decimal | None:
        value = table.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            self.problem(join(place, key), f"is {found(value)}; expected a positive number")
            return None
        number = Decimal(value)
        if not number.is_finite() or not Decimal("0.000001") <= number <= most:
            self.problem(join(place, key), f"is {found(value)}; expected a positive number up to {most:,}")
            return None
        return number

    def day(self, table: dict[str, Any], key: str, place: str) -> date | None:
        value = table.get(key)
        if value is None:
            return None
        if isinstance(value, datetime) or not isinstance(value, date):
            self.problem(
                join(place, key),
                f"is {found(value)}; expected a date without quotation marks, such as 2027-03-31",
            )
            return None
        return value

    def problem(self, place: str, message: str, *, value: str | None = None) -> None:
        """Note a problem at a key; its line is that of the value where it is found below the key."""
        line = self.lines.get(place) or self.lines.get(place.rpartition(".")[0])
        if line and value is not None:
            for number in range(line, min(line + 40, len(self.text_lines) + 1)):
                if json.dumps(value, ensure_ascii=False) in self.text_lines[number - 1]:
                    line = number
                    break
        self.problems.append(Problem(place, line, f"{_plain(place)} {_plain(message)}"))


def option_labels(question: Question) -> tuple[str, ...]:
    """Every answer that the question offers in any iteration; empty where the answer is free text."""
    return tuple(dict.fromkeys(option.label for option in question.options))


def _folded(value: str) -> str:
    return " ".join(value.replace("’", "'").replace("‘", "'").casefold().split())


def _plain(message: str) -> str:
    """A message without characters that a terminal would obey; a profile may hold them in its keys."""
    return strip_controls(message)
